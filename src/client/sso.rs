//! Single sign-on of orgs: SAML, OpenID Connect, and the groups of SCIM.

use std::prelude::v1::*;

use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::macros::{endpoint, hide_fields, options, results, texts};
use super::secret::Secret;
use super::wire::Arguments;

endpoint! {
    /// Lets an org's admins set up SAML. `false`: there is no such org.
    POST "/org/{org_id}/allow_saml";
    allow_org_to_setup_saml_connection(AllowOrgToSetupSamlConnection) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    404 => Absent;
}

endpoint! {
    /// Lets an org's admins no longer set up SAML. `false`: there is no such org.
    POST "/org/{org_id}/disallow_saml";
    disallow_org_to_setup_saml_connection(DisallowOrgToSetupSamlConnection) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    404 => Absent;
}

endpoint! {
    /// Creates a link by which somebody can set up SAML for an org. `None`: no org can have this id.
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
        /// For how long the link is good, in seconds.
        expires_in_seconds: Option<u64>,
    }
}

endpoint! {
    /// What an identity provider must be told to set up SAML for an org. `None`: there is no such org.
    GET "/saml_sp_metadata/{org_id}";
    fetch_saml_sp_metadata(FetchSamlSpMetadata) -> Option<SamlSpMetadata> {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    404 => Absent;
}

endpoint! {
    /// Sets up SAML for an org, as a test at first. `false`: there is no such org.
    POST "/saml_idp_metadata", json;
    set_saml_idp_metadata(SetSamlIdpMetadata) -> bool {
        /// The org's id.
        org_id: String,
        /// What the org's identity provider tells.
        saml_idp_metadata: SamlIdpMetadata,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrors, 404 => Absent;
    with {
        fn wire_arguments(&self) -> Result<Arguments, ApiError> {
            let mut arguments = Arguments::of(self)?;
            arguments.inline("saml_idp_metadata");
            Ok(arguments)
        }
    }
}

/// What an identity provider tells to set up SAML.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SamlIdpMetadata {
    /// The provider's entity id.
    pub idp_entity_id: String,
    /// Where the provider lets users log in.
    pub idp_sso_url: String,
    /// The provider's certificate, a PEM text.
    pub idp_certificate: String,
    /// Who the provider is.
    pub provider: SamlIdpProvider,
}

texts! {
    /// An identity provider that speaks SAML.
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
        /// Any:
        Generic = "Generic",
    }
}

endpoint! {
    /// Ends the test of an org's SAML: all members use it. `false`: there is no such org.
    POST "/saml_idp_metadata/go_live/{org_id}";
    saml_go_live(SamlGoLive) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Deletes what was set up of an org's SAML. `false`: there is no such org.
    DELETE "/saml_idp_metadata/{org_id}";
    delete_saml_connection(DeleteSamlConnection) -> bool {
        /// The org's id.
        org_id: String,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Sets up OpenID Connect for an org. `false`: there is no such org.
    POST "/oidc_idp_metadata", json;
    set_oidc_idp_metadata(SetOidcIdpMetadata) -> bool {
        /// What the org's identity provider tells.
        request: OidcIdpMetadata,
    }
    400 => FieldErrors, 404 => Absent;
    with {
        fn impossible(&self) -> Option<super::endpoint::Meaning> {
            if super::id::uuid(&self.request.org_id) { None } else { Some(super::endpoint::Meaning::Absent) }
        }

        fn wire_arguments(&self) -> Result<Arguments, ApiError> {
            Arguments::of(&self.request)
        }
    }
}

/// What an identity provider tells to set up OpenID Connect.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct OidcIdpMetadata {
    /// The org's id.
    pub org_id: String,
    /// The client id that the provider gave.
    pub client_id: String,
    /// The client secret that the provider gave.
    pub client_secret: String,
    /// Whether the provider uses PKCE (RFC 7636).
    pub uses_pkce: bool,
    /// Who the provider is.
    #[serde(flatten)]
    pub idp: OidcIdp,
}

hide_fields!(OidcIdpMetadata);

/// An identity provider that speaks OpenID Connect.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "idp_type")]
pub enum OidcIdp {
    /// Any.
    Generic {
        /// Where users log in.
        auth_url: String,
        /// Where tokens are.
        token_url: String,
        /// Where to ask who the user is.
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
    /// A page of an org's groups that SCIM brought.
    /// [`NotFound`](super::ApiError::NotFound): there is no such org.
    GET "/scim/{org_id}/groups", query;
    fetch_org_scim_groups(FetchOrgScimGroups, FetchOrgScimGroupsOptions) -> ScimGroupsPage {
        /// The org's id.
        org_id: String,
    }
    404 => NotFound(Org);
}

super::pages::paged!(FetchOrgScimGroups);

impl super::pages::Page for ScimGroupsPage {
    fn is_last(&self) -> bool {
        let up_to_here = u64::from(self.page_size).saturating_mul(u64::from(self.page_number).saturating_add(1));
        self.groups.is_empty() || up_to_here >= self.total_groups
    }
}

options! {
    /// Optional arguments of `fetch_org_scim_groups`.
    pub struct FetchOrgScimGroupsOptions {
        /// Groups a page. Default 10.
        page_size: u32 = 10,
        /// Which page, from 0.
        page_number: u32,
        /// Only the groups of this user.
        user_id: Option<String>,
    }
}

endpoint! {
    /// A group that SCIM brought, with a page of its members.
    /// [`NotFound`](super::ApiError::NotFound): there is no such org or group.
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
        /// Members a page. Default 10.
        members_page_size: u32 = 10,
        /// Which page of the members, from 0.
        members_page_number: u32,
    }
}

results! {
    /// A link by which somebody can set up SAML for an org.
    pub struct SamlConnectionLink {
        /// The link.
        pub url: Secret,
    }

    /// What an identity provider must be told to set up SAML.
    pub struct SamlSpMetadata {
        /// PropelAuth's entity id.
        pub entity_id: String,
        /// Where the provider sends its assertions.
        pub acs_url: String,
        /// Where users log out.
        pub logout_url: String,
    }

    /// A page of an org's groups.
    pub struct ScimGroupsPage {
        /// The groups.
        pub groups: Vec<ScimGroupSummary>,
        /// Which page this is, from 0.
        pub page_number: u32,
        /// Groups a page.
        pub page_size: u32,
        /// How many groups there are on all pages.
        pub total_groups: u64,
    }

    /// A group on a [`ScimGroupsPage`].
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
