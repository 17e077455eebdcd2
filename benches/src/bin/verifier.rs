//! How fast is a header made a user, beside the crates that do it, and what is allocated for it?

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

use propelauth_edge::{TokenCache, UnixTime, Verifier};
use propelauth_edge_benches::fixture::{self, RSA_2048};
use propelauth_edge_benches::race::Candidate;
use propelauth_edge_benches::table::{print, print_race};
use propelauth_edge_benches::{ours, peers};

/// The system's allocator, with a count. One thread runs here, so that a plain addition will do; an atomic one would
/// make the peers slower by more than a hundredth.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static OCTETS: AtomicUsize = AtomicUsize::new(0);

impl Counting {
    fn count(size: usize) {
        ALLOCATIONS.store(ALLOCATIONS.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        OCTETS.store(OCTETS.load(Ordering::Relaxed) + size, Ordering::Relaxed);
    }
}

// SAFETY: every call is handed on as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        Self::count(new_size);
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations and octets of one call.
fn allocations(candidate: &mut Candidate<'_>) -> Vec<String> {
    candidate.once();
    let before = (ALLOCATIONS.load(Ordering::Relaxed), OCTETS.load(Ordering::Relaxed));
    candidate.once();
    let counts = [ALLOCATIONS.load(Ordering::Relaxed) - before.0, OCTETS.load(Ordering::Relaxed) - before.1];
    counts.map(|count| count.to_string()).to_vec()
}

fn main() {
    for orgs in [1, 50, 300, 0] {
        table(orgs);
    }
    parts();
}

/// A token, and what is needed to verify it as a server would: everything but the buffer is made once.
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

    /// A call that hits the cache, which is filled here.
    fn cached<'a, const N: usize, const LEN: usize>(&'a self, cache: &'a mut TokenCache<N, LEN>) -> impl FnMut() + 'a {
        let mut buffer = self.buffer();
        move || {
            let token = ours::token(black_box(&self.header));
            let user = self.verifier.validate_access_token_cached(token, self.now, &mut buffer, cache);
            assert!(black_box(user).is_ok());
        }
    }
}

/// Entries that hold the largest token of the benches.
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
            let user = case.verifier.validate_access_token_and_get_user(header, case.now, &mut buffer);
            assert!(black_box(user).is_ok());
        }),
        Candidate::ours("propelauth-edge, cache hit", case.cached(&mut cache)),
    ];
    if case.token().len() > 2048 {
        candidates.push(Candidate::ours("propelauth-edge, cache hit, entries of 192 KiB", case.cached(&mut *long)));
    }
    for (name, verify) in &peers {
        candidates.push(Candidate::peer(*name, || assert!(verify(black_box(&case.header)))));
    }
    let counts: Vec<_> = candidates.iter_mut().map(allocations).collect();
    let title = format!("Header to user, {orgs} orgs, token of {} octets", case.token().len());
    print_race(&title, &mut candidates, &["allocations", "octets"], &counts);
}

/// What is not RSA, and what is asked of the user afterwards.
fn parts() {
    let mut rows = Vec::new();
    for orgs in [1, 50] {
        let case = Case::new(orgs);
        let mut buffer = case.buffer();
        let user = case.verifier.validate_access_token(case.token(), case.now, &mut buffer).expect("a good token");
        let last = fixture::org_id(orgs - 1);
        assert!(user.get_org(&last).is_some());
        let mut cache = Box::new(LongEntries::new());
        let mut candidates = [
            Candidate::ours("header, payload and claims (a cache hit by comparison)", case.cached(&mut *cache)),
            Candidate::ours("`get_org` of the last", || assert!(black_box(&user).get_org(black_box(&last)).is_some())),
            Candidate::ours("all orgs, one after the other", || assert_eq!(black_box(&user).get_orgs().count(), orgs)),
        ];
        let micros = propelauth_edge_benches::race::race(&mut candidates);
        rows.push(candidates.iter().map(|c| c.name.clone()).zip(micros).collect::<Vec<_>>());
    }
    let [one, fifty] = &rows[..] else { return };
    let rows = one.iter().zip(fifty).map(|((name, one), (_, fifty))| {
        vec![
            name.clone(),
            propelauth_edge_benches::table::significant(*one),
            propelauth_edge_benches::table::significant(*fifty),
        ]
    });
    print("Parts of propelauth-edge", &["", "µs, 1 org", "µs, 50 orgs"], rows);
}
