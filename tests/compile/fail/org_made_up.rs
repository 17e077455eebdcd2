use propelauth_edge::OrgMemberInfoView;

fn promoted<'a>(org: OrgMemberInfoView<'a>) -> OrgMemberInfoView<'a> {
    OrgMemberInfoView { user_assigned_role: "Owner", ..org }
}

fn main() {
    let _ = promoted;
}
