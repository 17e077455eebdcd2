use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The claims as a user of a general JWT library would declare them, with the fields of PropelAuth's own crate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    pub user_id: String,
    pub email: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub legacy_user_id: Option<String>,
    pub impersonator_user_id: Option<String>,
    pub properties: Option<HashMap<String, Value>>,
    pub login_method: Option<LoginMethod>,
    pub org_member_info: Option<OrgMemberInfo>,
    pub org_id_to_org_member_info: Option<HashMap<String, OrgMemberInfo>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoginMethod {
    pub login_method: String,
    pub provider: Option<String>,
    pub org_id: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrgMemberInfo {
    pub org_id: String,
    pub org_name: String,
    pub url_safe_org_name: String,
    pub org_metadata: HashMap<String, Value>,
    pub user_role: String,
    pub inherited_user_roles_plus_current_role: Vec<String>,
    pub org_role_structure: String,
    pub additional_roles: Vec<String>,
    pub user_permissions: Vec<String>,
}
