use propelauth_edge::{LoginMethod, UserView};

fn main() {
    let _ = UserView {
        user_id: "nobody verified this",
        email: None,
        first_name: None,
        last_name: None,
        username: None,
        legacy_user_id: None,
        impersonator_user_id: None,
        properties: None,
        active_org_id: None,
        login_method: LoginMethod::Password,
        org_id_to_org_member_info: None,
    };
}
