//! Single sign-on for orgs: SAML, OpenID Connect, and SCIM groups.

use std::prelude::v1::*;

use serde::{Deserialize, Serialize};

use crate::client::endpoint::answer::Output;
use crate::client::endpoint::declare::{endpoint, hide_fields, options, results, texts};
use crate::client::endpoint::object::object;
use crate::client::json::JsonMap;
use crate::client::pages::{Page, paged};
use crate::client::secret::Secret;

endpoint! {
    /// Allows an org's admins to set up SAML. Returns `false` if the org does not exist.
    POST "/org/{org_id}/allow_saml";
    allow_org_to_setup_saml_connection(AllowOrgToSetupSamlConnection) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    404 => Absent;
}

endpoint! {
    /// Prevents an org's admins from setting up SAML. Returns `false` if the org does not exist.
    POST "/org/{org_id}/disallow_saml";
    disallow_org_to_setup_saml_connection(DisallowOrgToSetupSamlConnection) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    404 => Absent;
}

endpoint! {
    /// Creates a link for setting up SAML for an org. Returns `None` if the org id is invalid.
    POST "/org/{org_id}/create_saml_connection_link", json;
    create_org_saml_connection_link(CreateOrgSamlConnectionLink, CreateOrgSamlConnectionLinkOptions)
        -> Option<SamlConnectionLink>
    {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrors, 426 => NotEnabled(B2b);
}

options! {
    /// Optional arguments of `create_org_saml_connection_link`.
    pub struct CreateOrgSamlConnectionLinkOptions {
        /// The lifetime of the link, in seconds.
        expires_in_seconds: Option<u64>,
    }
}

endpoint! {
    /// Fetches the data that an identity provider needs to set up SAML for an org. Returns `None` if the org does not
    /// exist.
    GET "/saml_sp_metadata/{org_id}";
    fetch_saml_sp_metadata(FetchSamlSpMetadata) -> Option<SamlSpMetadata> {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    404 => Absent;
}

endpoint! {
    /// Sets up SAML for an org, in test mode at first. Returns `false` if the org does not exist.
    POST "/saml_idp_metadata", json;
    set_saml_idp_metadata(SetSamlIdpMetadata) -> bool {
        /// The org's id.
        org_id: String,
        /// The identity provider's metadata.
        #[serde(flatten)]
        saml_idp_metadata: SamlIdpMetadata,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

object! {
    [
        /// An identity provider's metadata for SAML.
        #[derive(Clone, Debug, PartialEq)]
    ] []
    pub struct SamlIdpMetadata {
        /// The provider's entity id.
        pub idp_entity_id: String,
        /// The provider's login URL.
        pub idp_sso_url: String,
        /// The provider's certificate, in PEM.
        pub idp_certificate: String,
        /// The provider.
        pub provider: SamlIdpProvider,
    }
}

texts! {
    /// A SAML identity provider.
    pub enum SamlIdpProvider {
        /// Google Workspace:
        Google = "Google",
        /// Rippling:
        Rippling = "Rippling",
        /// OneLogin:
        OneLogin = "OneLogin",
        /// JumpCloud:
        JumpCloud = "JumpCloud",
        /// Okta:
        Okta = "Okta",
        /// Microsoft Entra ID:
        Azure = "Azure",
        /// Duo:
        Duo = "Duo",
        /// Any other:
        Generic = "Generic",
    }
}

endpoint! {
    /// Ends test mode, so that all members log in by SAML. Returns `false` if the org does not exist.
    POST "/saml_idp_metadata/go_live/{org_id}";
    saml_go_live(SamlGoLive) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Deletes an org's SAML setup. Returns `false` if the org does not exist.
    DELETE "/saml_idp_metadata/{org_id}";
    delete_saml_connection(DeleteSamlConnection) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Sets up OpenID Connect for an org. Returns `false` if the org does not exist.
    POST "/oidc_idp_metadata", json;
    set_oidc_idp_metadata(SetOidcIdpMetadata) -> bool {
        /// The identity provider's metadata.
        #[serde(flatten)]
        request: OidcIdpMetadata,
    }
    secret request.client_secret;
    unless uuid(request.org_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

object! {
    [
        /// An identity provider's metadata for OpenID Connect.
        #[derive(Clone, PartialEq)]
    ] []
    pub struct OidcIdpMetadata {
        /// The org's id.
        pub org_id: String,
        /// The client id that the provider issued.
        pub client_id: String,
        /// The client secret that the provider issued.
        pub client_secret: String,
        /// Whether the provider uses PKCE (RFC 7636).
        pub uses_pkce: bool,
        /// The provider.
        #[serde(flatten)]
        pub idp: OidcIdp,
    }
}

hide_fields!(OidcIdpMetadata);

/// An OpenID Connect identity provider.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "idp_type")]
pub enum OidcIdp {
    /// Any other.
    Generic {
        /// The authorization endpoint.
        auth_url: String,
        /// The token endpoint.
        token_url: String,
        /// The userinfo endpoint.
        userinfo_url: String,
    },
    /// Okta.
    Okta {
        /// The org's domain at Okta.
        okta_sso_domain: String,
    },
    /// Microsoft Entra ID.
    Azure {
        /// The org's tenant.
        entra_tenant_id: String,
    },
}

endpoint! {
    /// Fetches a page of an org's SCIM groups. Returns [`NotFound`](crate::client::ApiError::NotFound) if the org does
    /// not exist.
    GET "/scim/{org_id}/groups", query;
    fetch_org_scim_groups(FetchOrgScimGroups, FetchOrgScimGroupsOptions) -> ScimGroupsPage {
        /// The org's id.
        org_id: String,
    }
    404 => NotFound(Org);
}

paged!(FetchOrgScimGroups);

impl Page for ScimGroupsPage {
    fn is_last(&self) -> bool {
        let up_to_here = u64::from(self.page_size).saturating_mul(u64::from(self.page_number).saturating_add(1));
        self.groups.is_empty() || up_to_here >= self.total_groups
    }
}

options! {
    /// Optional arguments of `fetch_org_scim_groups`.
    pub struct FetchOrgScimGroupsOptions {
        /// Groups per page. Default 10.
        page_size: u32 = 10,
        /// The page number, from 0.
        page_number: u32,
        /// Only groups with this user.
        user_id: Option<String>,
    }
}

endpoint! {
    /// Fetches a SCIM group with a page of its members. Returns [`NotFound`](crate::client::ApiError::NotFound) if the
    /// org or the group does not exist.
    GET "/scim/{org_id}/groups/{group_id}", query;
    fetch_scim_group(FetchScimGroup, FetchScimGroupOptions) -> ScimGroup {
        /// The org's id.
        org_id: String,
        /// The group's id.
        group_id: String,
    }
    404 => NotFound(Org);
}

options! {
    /// Optional arguments of `fetch_scim_group`.
    pub struct FetchScimGroupOptions {
        /// Members per page. Default 10.
        members_page_size: u32 = 10,
        /// The page number, from 0.
        members_page_number: u32,
    }
}

object! {
    [
        /// A link for setting up SAML for an org.
        #[non_exhaustive]
        #[derive(Clone, PartialEq)]
    ] []
    pub struct SamlConnectionLink {
        /// The link.
        pub url: Secret,
        /// Other members of the answer. The Python library returns the raw object.
        #[serde(flatten)]
        pub other: JsonMap,
    }
}

// The other members may be secret, too.
hide_fields!(SamlConnectionLink);

impl Output for SamlConnectionLink {}

results! {
    /// The data that an identity provider needs to set up SAML.
    pub struct SamlSpMetadata {
        /// PropelAuth's entity id.
        pub entity_id: String,
        /// The URL for the provider's assertions.
        pub acs_url: String,
        /// The logout URL.
        pub logout_url: String,
    }

    /// A page of an org's groups.
    pub struct ScimGroupsPage {
        /// The groups.
        pub groups: Vec<ScimGroupSummary>,
        /// The number of this page, from 0.
        pub page_number: u32,
        /// Groups per page.
        pub page_size: u32,
        /// The number of groups on all pages.
        pub total_groups: u64,
    }

    /// A group in a [`ScimGroupsPage`].
    pub struct ScimGroupSummary {
        /// The group's id.
        pub group_id: String,
        /// The group's name.
        pub display_name: String,
        /// The group's id at the org's identity provider.
        pub external_id_from_idp: Option<String>,
    }

    /// A group and a page of its members.
    pub struct ScimGroup {
        /// The group's id.
        pub group_id: String,
        /// The group's name.
        pub display_name: String,
        /// The group's id at the org's identity provider.
        pub external_id_from_idp: Option<String>,
        /// The members on this page.
        pub members: Vec<ScimGroupMember>,
    }

    /// A member of a group.
    pub struct ScimGroupMember {
        /// The user's id.
        pub user_id: String,
    }
}
