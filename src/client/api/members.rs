//! Members of orgs, and invitations.

use std::prelude::v1::*;

use serde_json::Value;

use crate::client::endpoint::declare::{endpoint, options, results};
use crate::client::pages::paged;

endpoint! {
    /// Adds a user to an org. Returns `false` if the user or the org does not exist.
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
    /// Changes a member's role in an org. Returns `false` if the user or the org does not exist.
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
    /// Removes a user from an org. Returns `false` if the user or the org does not exist.
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
    /// Invites an email address to an org. Returns `false` if the org does not exist.
    POST "/invite_user", json;
    invite_user_to_org(InviteUserToOrg, RoleOptions) -> bool {
        /// The invited email address.
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
    /// Invites a user to an org. Returns `false` if the user or the org does not exist.
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
    /// Optional arguments of the calls that set a role.
    pub struct RoleOptions {
        /// Additional roles, in an org where users can have several.
        additional_roles: Vec<String>,
    }
}

endpoint! {
    /// Fetches a page of the pending invitations. Returns `None` if the org id is invalid.
    GET "/pending_org_invites", query;
    fetch_pending_invites(FetchPendingInvites, FetchPendingInvitesOptions) -> Option<PendingInvitesPage> {}
    unless optional_uuid(options.org_id) => Absent;
    426 => NotEnabled(B2b);
}

paged!(FetchPendingInvites => PendingInvitesPage.invites);

options! {
    /// Optional arguments of `fetch_pending_invites`.
    pub struct FetchPendingInvitesOptions {
        /// The page number, from 0.
        page_number: u32,
        /// Invitations per page, at most 100. Default 10.
        page_size: u32 = 10,
        /// Only invitations to this org.
        org_id: Option<String>,
    }
}

results! {
    /// A page of invitations.
    pub struct PendingInvitesPage {
        /// The number of invitations on all pages.
        pub total_invites: u64,
        /// The number of this page, from 0.
        pub current_page: u32,
        /// Invitations per page.
        pub page_size: u32,
        /// Whether more pages follow.
        pub has_more_results: bool,
        /// The invitations.
        pub invites: Vec<PendingInvite>,
    }

    /// A pending invitation.
    pub struct PendingInvite {
        /// The invited email address.
        pub invitee_email: String,
        /// The org's id.
        pub org_id: String,
        /// The org's name, as displayed.
        pub org_name: String,
        /// The role in the org.
        pub role_in_org: String,
        /// Additional roles, in an org where users can have several.
        pub additional_roles_in_org: Vec<String>,
        /// When the invitation was sent, in seconds since 1970.
        pub created_at: i64,
        /// When the invitation expires, in seconds since 1970.
        pub expires_at: i64,
        /// The inviter's email address.
        pub inviter_email: Option<String>,
        /// The inviter's user id.
        pub inviter_user_id: Option<String>,
    }
}

endpoint! {
    /// Revokes an invitation. Returns the API's answer, a JSON value without documented meaning.
    DELETE "/pending_org_invites", json;
    revoke_pending_org_invite(RevokePendingOrgInvite) -> Value {
        /// The org's id.
        org_id: String,
        /// The invited email address.
        invitee_email: String,
    }
    400 => FieldErrors;
}
