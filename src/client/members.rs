//! Who is in an org, and who is invited.

use std::prelude::v1::*;

use serde_json::Value;

use super::endpoint::Meaning;
use super::macros::{endpoint, options, results};
use super::pages::{page, paged};

endpoint! {
    /// Makes a user a member of an org. `false`: there is no such user or org.
    POST "/org/add_user", json;
    add_user_to_org(AddUserToOrg, RoleOptions) -> bool {
        /// The user's id.
        user_id: String,
        /// The org's id.
        org_id: String,
        /// The user's role in the org.
        role: String,
    }
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Gives a member of an org another role. `false`: there is no such user or org.
    POST "/org/change_role", json;
    change_user_role_in_org(ChangeUserRoleInOrg, RoleOptions) -> bool {
        /// The user's id.
        user_id: String,
        /// The org's id.
        org_id: String,
        /// The user's role in the org.
        role: String,
    }
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Takes a user out of an org. `false`: there is no such user or org.
    POST "/org/remove_user", json;
    remove_user_from_org(RemoveUserFromOrg) -> bool {
        /// The user's id.
        user_id: String,
        /// The org's id.
        org_id: String,
    }
    400 => FieldErrors, 404 => Absent;
}

endpoint! {
    /// Invites somebody to an org by email. `false`: there is no such org.
    POST "/invite_user", json;
    invite_user_to_org(InviteUserToOrg, RoleOptions) -> bool {
        /// The address that is invited.
        email: String,
        /// The org's id.
        org_id: String,
        /// The role in the org.
        role: String,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrorsOrText, 404 => Absent;
}

endpoint! {
    /// Invites a user to an org. `false`: there is no such user or org.
    POST "/invite_user_by_id", json;
    invite_user_to_org_by_user_id(InviteUserToOrgByUserId, RoleOptions) -> bool {
        /// The user's id.
        user_id: String,
        /// The org's id.
        org_id: String,
        /// The user's role in the org.
        role: String,
    }
    unless uuid(org_id) => Absent;
    400 => FieldErrorsOrText, 404 => Absent;
}

options! {
    /// Optional arguments of the calls that give a role.
    pub struct RoleOptions {
        /// More roles, in an org where users can have several.
        additional_roles: Vec<String>,
    }
}

endpoint! {
    /// A page of the invitations that were not yet accepted. `None`: no org can have this id.
    GET "/pending_org_invites", query;
    fetch_pending_invites(FetchPendingInvites, FetchPendingInvitesOptions) -> Option<PendingInvitesPage> {}
    426 => NotEnabled(B2b);
    with {
        fn impossible(&self) -> Option<Meaning> {
            let org_id = self.options.org_id.as_deref().filter(|id| !id.is_empty())?;
            if super::id::uuid(org_id) { None } else { Some(Meaning::Absent) }
        }
    }
}

paged!(FetchPendingInvites);
page!(PendingInvitesPage.invites);

options! {
    /// Optional arguments of `fetch_pending_invites`.
    pub struct FetchPendingInvitesOptions {
        /// Which page, from 0.
        page_number: u32,
        /// Invitations a page, at most 100. Default 10.
        page_size: u32 = 10,
        /// Only those to this org.
        org_id: Option<String>,
    }
}

results! {
    /// A page of invitations.
    pub struct PendingInvitesPage {
        /// How many invitations there are on all pages.
        pub total_invites: u64,
        /// Which page this is, from 0.
        pub current_page: u32,
        /// Invitations a page.
        pub page_size: u32,
        /// Whether there are pages after this one.
        pub has_more_results: bool,
        /// The invitations.
        pub invites: Vec<PendingInvite>,
    }

    /// An invitation that was not yet accepted.
    pub struct PendingInvite {
        /// The address that is invited.
        pub invitee_email: String,
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub org_name: String,
        /// The role in the org.
        pub role_in_org: String,
        /// More roles, in an org where users can have several.
        pub additional_roles_in_org: Vec<String>,
        /// When the invitation was made, in seconds since 1970.
        pub created_at: i64,
        /// When the invitation expires, in seconds since 1970.
        pub expires_at: i64,
        /// The address of who made the invitation.
        pub inviter_email: Option<String>,
        /// The id of who made the invitation.
        pub inviter_user_id: Option<String>,
    }
}

endpoint! {
    /// Takes an invitation back. Gives what the API says, which is JSON without further meaning.
    DELETE "/pending_org_invites", json;
    revoke_pending_org_invite(RevokePendingOrgInvite) -> Value {
        /// The org's id.
        org_id: String,
        /// The address that was invited.
        invitee_email: String,
    }
    400 => FieldErrors;
}
