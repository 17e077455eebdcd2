//! How much of the stack was ever used: `cortex-m-rt` fills it with a pattern before `main`.

use core::ptr;

const PATTERN: u32 = 0xcccc_cccc;

unsafe extern "C" {
    /// Where the stack begins; it grows towards `_stack_end`, which lies below.
    static _stack_start: u32;
    static _stack_end: u32;
}

/// Octets, up to now.
pub fn high_water_mark() -> usize {
    let start = &raw const _stack_start;
    let mut end = &raw const _stack_end;
    // SAFETY: from `end` to `start` there is memory, aligned for words, in which nobody writes meanwhile but above what
    // is looked at: the frame of this function has no pattern, so that the loop ends before it.
    while end < start && unsafe { ptr::read_volatile(end) } == PATTERN {
        end = end.wrapping_add(1);
    }
    start.addr() - end.addr()
}
