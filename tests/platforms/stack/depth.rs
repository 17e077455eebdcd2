//! Measures the stack of a function. A thread runs on painted memory, and the lowest byte without paint is the lowest
//! one used.

use std::ffi::c_void;
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::ptr;

const STACK: usize = 1 << 20;
const PAINT: u8 = 0xa5;

/// The thread's task, and the stack position where it started.
struct Task<'a> {
    run: &'a mut dyn FnMut(),
    start: usize,
}

extern "C" fn thread(task: *mut c_void) -> *mut c_void {
    // SAFETY: `depth` passes a task that nothing else accesses until the thread has ended.
    let task = unsafe { &mut *task.cast::<Task<'_>>() };
    let here = 0u8;
    task.start = black_box(&raw const here).addr();
    (task.run)();
    ptr::null_mut()
}

/// Returns the bytes of stack that `run` takes.
pub fn depth(mut run: impl FnMut()) -> usize {
    run(); // initialization that happens once per process
    let mut stack = vec![PAINT; STACK + 4096];
    let offset = stack.as_ptr().align_offset(4096);
    let bottom = stack[offset..].as_mut_ptr();
    let mut task = Task { run: &mut run, start: 0 };
    // SAFETY: the attributes are initialized before use; stack and task outlive the thread, which is joined.
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
    let untouched = stack[offset..].iter().take_while(|byte| **byte == PAINT).count();
    task.start - (bottom.addr() + untouched)
}
