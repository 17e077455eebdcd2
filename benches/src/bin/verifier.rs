//! Measures time and allocations from header to user, compared with other crates.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

use propelauth::propelauth::options::RequiredOrg;
use propelauth::propelauth::token_models::OrgMemberInfo;
use propelauth_edge::{TokenCache, UnixTime, Verifier};
use propelauth_edge_benches::fixture::{self, RSA_2048};
use propelauth_edge_benches::race::Candidate;
use propelauth_edge_benches::table::print_race;
use propelauth_edge_benches::{ours, peers};

/// The system's allocator with a counter. The process has one thread, so plain addition is enough; an atomic one would
/// slow the peers down by more than a hundredth.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);

impl Counting {
    fn count(size: usize) {
        ALLOCATIONS.store(ALLOCATIONS.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        BYTES.store(BYTES.load(Ordering::Relaxed) + size, Ordering::Relaxed);
    }
}

// SAFETY: every call is forwarded unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size());
        // SAFETY: the caller upholds the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller upholds the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        Self::count(new_size);
        // SAFETY: the caller upholds the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Returns allocations and allocated bytes of one call.
fn allocations(candidate: &mut Candidate<'_>) -> Vec<String> {
    candidate.once();
    let before = (ALLOCATIONS.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
    candidate.once();
    let counts = [ALLOCATIONS.load(Ordering::Relaxed) - before.0, BYTES.load(Ordering::Relaxed) - before.1];
    counts.map(|count| count.to_string()).to_vec()
}

fn main() {
    for orgs in [1, 50, 300, 0] {
        table(orgs);
    }
    after();
}

/// A token and a server's state: everything except the buffer is created once.
struct Case {
    header: String,
    now: UnixTime,
    verifier: Verifier,
}

impl Case {
    fn new(orgs: usize) -> Self {
        let now = fixture::system_time();
        Self { header: RSA_2048.header(orgs, now), now: UnixTime::from_secs(now), verifier: ours::verifier(&RSA_2048) }
    }

    fn token(&self) -> &str {
        ours::token(&self.header)
    }

    fn buffer(&self) -> Vec<u8> {
        vec![0; Verifier::buffer_len(self.token())]
    }

    /// Returns a call that hits the cache, which this fills.
    fn cached<'a, const N: usize, const LEN: usize>(&'a self, cache: &'a mut TokenCache<N, LEN>) -> impl FnMut() + 'a {
        let mut buffer = self.buffer();
        move || {
            let token = ours::token(black_box(&self.header));
            let user = self.verifier.validate_access_token_cached(token, self.now, &mut buffer, cache);
            assert!(black_box(user).is_ok());
        }
    }
}

/// Entries that fit the largest token of the benches.
type LongEntries = TokenCache<2, { 192 * 1024 }>;

fn table(orgs: usize) {
    let case = Case::new(orgs);
    let tampered = fixture::tampered(&case.header);
    let peers = peers::all(&RSA_2048);

    let mut buffer = case.buffer();
    assert!(case.verifier.validate_access_token_and_get_user(tampered.as_str(), case.now, &mut buffer).is_err());
    for (name, verify) in &peers {
        assert!(verify(&case.header), "{name} accepts");
        assert!(!verify(&tampered), "{name} refuses");
    }

    let mut cache = TokenCache::<64>::new();
    let mut long = Box::new(LongEntries::new());
    let mut candidates = vec![
        Candidate::ours("propelauth-edge", || {
            let header = black_box(case.header.as_str());
            let user = case.verifier.validate_access_token_and_get_owned_user(header, case.now);
            assert!(black_box(user).is_ok());
        }),
        // No peer's user borrows from a reused buffer.
        Candidate::ours("borrowed user", || {
            let header = black_box(case.header.as_str());
            let user = case.verifier.validate_access_token_and_get_user(header, case.now, &mut buffer);
            assert!(black_box(user).is_ok());
        }),
        Candidate::ours("borrowed user, cache hit", case.cached(&mut cache)),
    ];
    if case.token().len() > 2048 {
        candidates.push(Candidate::ours("borrowed user, cache hit, entries of 192 KiB", case.cached(&mut *long)));
    }
    for (name, verify) in &peers {
        candidates.push(Candidate::peer(*name, || assert!(verify(black_box(&case.header)))));
    }
    let counts: Vec<_> = candidates.iter_mut().map(allocations).collect();
    let title = format!("Header to user, {orgs} orgs, token of {} bytes", case.token().len());
    print_race(&title, &mut candidates, &["allocations", "bytes"], &counts);
}

/// Measures what a handler does with the user.
fn after() {
    for orgs in [1, 50, 300] {
        let case = Case::new(orgs);
        let mut buffer = case.buffer();
        let view = case.verifier.validate_access_token(case.token(), case.now, &mut buffer).expect("a valid token");
        let user = case.verifier.validate_access_token_owned(case.token(), case.now).expect("a valid token");
        let peer = peers::propelauth_user(&RSA_2048)(&case.header).expect("a valid token");
        let last = &*fixture::org_id(orgs - 1);
        let (mut json, mut json_of_view, mut json_of_peer) = (Vec::new(), Vec::new(), Vec::new());
        for (title, mut candidates) in [
            (
                "`get_org` of the last",
                [
                    Candidate::ours("propelauth-edge", || assert!(user.get_org(black_box(last)).is_some())),
                    Candidate::ours("borrowed user", || assert!(view.get_org(black_box(last)).is_some())),
                    Candidate::peer("propelauth", || {
                        assert!(peer.get_org(RequiredOrg::OrgId(black_box(last))).is_some())
                    }),
                ],
            ),
            (
                "the permissions of all orgs counted",
                [
                    Candidate::ours("propelauth-edge", || {
                        assert_eq!(
                            user.get_orgs().map(|org| org.user_permissions.iter().count()).sum::<usize>(),
                            4 * orgs
                        );
                    }),
                    Candidate::ours("borrowed user", || {
                        assert_eq!(
                            view.get_orgs().map(|org| org.user_permissions.iter().count()).sum::<usize>(),
                            4 * orgs
                        );
                    }),
                    Candidate::peer("propelauth", || {
                        let count = |org: &OrgMemberInfo| org.user_permissions.len();
                        assert_eq!(peer.get_all_orgs().map(count).sum::<usize>(), 4 * orgs);
                    }),
                ],
            ),
            (
                "written as JSON",
                [
                    Candidate::ours("propelauth-edge", written(&user, &mut json)),
                    Candidate::ours("borrowed user", written(&view, &mut json_of_view)),
                    Candidate::peer("propelauth", written(&peer, &mut json_of_peer)),
                ],
            ),
        ] {
            print_race(&format!("{title}, {orgs} orgs"), &mut candidates, &[], &[]);
        }
    }
}

fn written<'a>(user: &'a impl serde::Serialize, json: &'a mut Vec<u8>) -> impl FnMut() + 'a {
    move || {
        json.clear();
        serde_json::to_writer(&mut *json, user).expect("memory");
        assert!(json.len() > 100);
    }
}
