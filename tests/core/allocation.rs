//! Verifying, checking and serializing do not allocate, and an owned user takes one allocation.
#![allow(unsafe_code, clippy::unwrap_used)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;

use common::mint::{ISSUER, Mint, NOW};
use propelauth_edge::{
    OrgRequirement, RequiredOrg, TokenCache, TokenVerificationMetadata, Unauthorized, UserView, Verifier,
};

/// The system's allocator with a counter of calls.
struct Counting;

thread_local! {
    /// Calls by this thread, as tests run in parallel.
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    ALLOCATIONS.with(|count| count.set(count.get() + 1));
}

// SAFETY: every call is forwarded unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller upholds the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller upholds the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller upholds the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Returns the result, and the number of allocations.
fn counted<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = ALLOCATIONS.get();
    let result = black_box(run());
    (result, ALLOCATIONS.get() - before)
}

/// Returns claims of a user in this many orgs, with escapes in names and values.
fn claims(orgs: usize) -> String {
    let org = |i| {
        format!(
            r#""org-{i}":{{"org_id":"org-{i}","org_name":"\u0041cme {i}","url_safe_org_name":"acme-{i}",
            "org_metadata":{{"a\nb":[1,2.5,"\ud83d\ude00"]}},"user_role":"Admin",
            "inherited_user_roles_plus_current_role":["Admin","M\u0065mber"],"user_permissions":["read","wr\u0069te"]}}"#
        )
    };
    let orgs: Vec<String> = (0..orgs).map(org).collect();
    format!(
        r#"{{"user_id":"u\u0031","email":"ada@acme-example.com","iss":"{ISSUER}","iat":{now},"exp":{now},
        "properties":{{"plan":"pr\u006f","deep":[[{{"x":-1.5e3}}]]}},"org_id_to_org_member_info":{{{}}}}}"#,
        orgs.join(","),
        now = NOW.as_secs()
    )
}

/// Calls every method of a user.
fn ask(user: &UserView<'_>) -> bool {
    let org = user.get_org("org-1").is_some_and(|org| {
        org.user_is_role("Admin")
            && org.user_is_at_least_role("Member")
            && org.user_has_permission("write")
            && org.user_has_all_permissions(&["read", "write"])
            && org.org_metadata.get("a\nb").is_some_and(|list| list.as_array().is_some())
    });
    let properties = user.get_user_property("plan").and_then(|plan| plan.as_str()).is_some_and(|plan| plan == "pro");
    let all = user.get_orgs().all(|org| org.user_has_permission("read"));
    let by_name = user.require_org(RequiredOrg::Name("Acme 0"), OrgRequirement::AtLeastRole("Member")).is_ok();
    let refused = user.require_org(RequiredOrg::Id("org-0"), OrgRequirement::Permission("delete")).is_err();
    org && properties && all && by_name && refused && !user.is_impersonated() && user.user_id == "u1"
}

#[test]
fn nothing_is_allocated() {
    let mint = Mint::new("rsa2048");
    let verifier_key = common::corpus::own_key_pem("rsa4096");
    let metadata = TokenVerificationMetadata { verifier_key: &verifier_key, issuer: ISSUER };
    let (made, of_new) = counted(|| Verifier::new(metadata).is_ok());
    assert!(made);
    assert_eq!(of_new, 0, "making a verifier");

    // The counter works.
    let (_, of_box) = counted(|| Box::new(1));
    assert_eq!(of_box, 1);

    let mut cases = 0;
    for orgs in [2, 50] {
        let token = mint.token(claims(orgs).as_bytes());
        let header = format!("Bearer {token}");
        let forged = format!("{}A{}", &token[..token.len() - 20], &token[token.len() - 19..]);
        let mut buffer = vec![0; Verifier::buffer_len(&token)];
        let mut out = vec![0; 8 * buffer.len()];
        let mut cache = TokenCache::<4>::new();
        let requirement = OrgRequirement::AllPermissions(&["read", "write"]);

        let (answers, count) = counted(|| {
            let user = mint.verifier.validate_access_token(&token, NOW, &mut buffer)?;
            let len = serde_json_core::to_slice(&user, &mut out).map_err(|_| Unauthorized::InvalidPayload)?;
            Ok::<_, Unauthorized>((ask(&user), len))
        });
        let (asked, len) = answers.unwrap();
        assert!(asked && len > 100);
        assert_eq!(count, 0, "verify, ask and serialize, {orgs} orgs");

        let (passed, count) = counted(|| {
            let org = RequiredOrg::Id("org-1");
            let verifier = &mint.verifier;
            let mut all = true;
            for _ in 0..3 {
                all &= verifier.validate_access_token_cached(&token, NOW, &mut buffer, &mut cache).is_ok();
            }
            all & verifier
                .validate_access_token_and_get_user_with_org(header.as_str(), org, requirement, NOW, &mut buffer)
                .is_ok()
        });
        assert!(passed);
        assert_eq!(count, 0, "cached, and by header with an org, {orgs} orgs");

        let (refused, count) = counted(|| {
            [&forged[..], "", "a.b.c", &token[1..]]
                .into_iter()
                .all(|token| mint.verifier.validate_access_token(token, NOW, &mut buffer).is_err())
        });
        assert!(refused);
        assert_eq!(count, 0, "refusals, {orgs} orgs");
        cases += 3;

        #[cfg(feature = "alloc")]
        {
            let verifier = &mint.verifier;
            let (user, count) = counted(|| verifier.validate_access_token_and_get_owned_user(header.as_str(), NOW));
            let user = user.unwrap();
            assert_eq!(count, 1, "an owned user, {orgs} orgs");

            let (answers, count) = counted(|| (ask(&user.view()), serde_json_core::to_slice(&user, &mut out)));
            assert!(answers.0 && answers.1 == Ok(len));
            assert_eq!(count, 0, "ask and serialize an owned user, {orgs} orgs");

            let short = verifier.clone().with_max_token_len(token.len() - 1);
            let (refused, count) = counted(|| short.validate_access_token_owned(&token, NOW).is_err());
            assert!(refused);
            assert_eq!(count, 0, "an owned user of a token that is too long, {orgs} orgs");

            let (copy, count) = counted(|| user.clone());
            assert_eq!((copy.user_id(), count), ("u1", 1), "a clone, {orgs} orgs");
            cases += 3;
        }
    }
    println!("allocation: {cases} cases run");
}
