//! How much stack does a function take? A thread runs on memory that was painted, and the lowest octet that lost its
//! paint is as far as it went.

use std::ffi::c_void;
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::ptr;

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
pub fn depth(mut run: impl FnMut()) -> usize {
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
