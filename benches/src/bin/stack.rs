//! How much stack does one verification take? A thread runs on memory that was painted, and the lowest octet that
//! lost its paint is as far as it went.

use std::ffi::c_void;
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::ptr;

use propelauth_edge::{TokenCache, UnixTime, Verifier, VerifyingKey};
use propelauth_edge_benches::fixture::{self, Key, RSA_2048, RSA_4096};
use propelauth_edge_benches::table::print;
use propelauth_edge_benches::{ours, peers};

const STACK: usize = 1 << 20;
const PAINT: u8 = 0xa5;

/// What the thread is told, and the place in its stack where it began to do it.
struct Task<'a> {
    run: &'a mut dyn FnMut(),
    start: usize,
}

extern "C" fn thread(task: *mut c_void) -> *mut c_void {
    // SAFETY: `depth` hands over a task that nobody else touches until the thread has ended.
    let task = unsafe { &mut *task.cast::<Task<'_>>() };
    let here = 0u8;
    task.start = black_box(&raw const here).addr();
    (task.run)();
    ptr::null_mut()
}

/// Octets of stack that `run` takes.
fn depth(mut run: impl FnMut()) -> usize {
    run(); // whatever is done once in a process
    let mut stack = vec![PAINT; STACK + 4096];
    let offset = stack.as_ptr().align_offset(4096);
    let bottom = stack[offset..].as_mut_ptr();
    let mut task = Task { run: &mut run, start: 0 };
    // SAFETY: the attributes are initialised before use, stack and task outlive the thread, which is joined.
    unsafe {
        let mut attributes = MaybeUninit::uninit();
        assert_eq!(libc::pthread_attr_init(attributes.as_mut_ptr()), 0);
        assert_eq!(libc::pthread_attr_setstack(attributes.as_mut_ptr(), bottom.cast(), STACK), 0);
        let mut id = MaybeUninit::uninit();
        let task = (&raw mut task).cast();
        assert_eq!(libc::pthread_create(id.as_mut_ptr(), attributes.as_ptr(), thread, task), 0);
        assert_eq!(libc::pthread_join(id.assume_init(), ptr::null_mut()), 0);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
    }
    let untouched = stack[offset..].iter().take_while(|octet| **octet == PAINT).count();
    task.start - (bottom.addr() + untouched)
}

fn main() {
    let [a, b] = [&RSA_2048, &RSA_4096].map(rows);
    let rows = a.into_iter().zip(b).map(|((name, a), (_, b))| vec![name.to_owned(), a.to_string(), b.to_string()]);
    print("Stack of one verification, octets", &["", "RSA-2048", "RSA-4096"], rows);
}

fn rows(key: &Key) -> Vec<(&'static str, usize)> {
    let header = key.header(50, fixture::NOW);
    let token = ours::token(&header);
    let now = UnixTime::from_secs(fixture::NOW);
    let message = fixture::signing_input(1, fixture::NOW);
    let signature = key.sign(message.as_bytes());

    let verifier = ours::verifier(key);
    let verifying_key = VerifyingKey::from_public_key_pem(key.public_pem).expect("a good key");
    let mut buffer = vec![0; Verifier::buffer_len(token)];
    let mut cache = TokenCache::<8>::new();
    let mut rows = vec![
        (
            "**`validate_access_token_and_get_user`**, 50 orgs",
            depth(|| {
                let user = verifier.validate_access_token_and_get_user(header.as_str(), now, &mut buffer);
                assert!(black_box(user).is_ok());
            }),
        ),
        (
            "**`validate_access_token_cached`**, a miss",
            depth(|| {
                cache.clear();
                let user = verifier.validate_access_token_cached(token, now, &mut buffer, &mut cache);
                assert!(black_box(user).is_ok());
            }),
        ),
        ("**`VerifyingKey::verify`**", depth(|| assert!(verifying_key.verify(message.as_bytes(), &signature).is_ok()))),
        (
            "**`Verifier::new`**",
            depth(|| {
                black_box(ours::verifier(key));
            }),
        ),
    ];
    for (name, verify) in peers::signatures(key) {
        rows.push((name, depth(|| assert!(verify(message.as_bytes(), &signature)))));
    }
    rows
}
