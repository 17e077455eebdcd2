//! Measures the stack's high-water mark: `cortex-m-rt` fills the stack with a pattern before `main`.

use core::ptr;

const PATTERN: u32 = 0xcccc_cccc;

unsafe extern "C" {
    /// The start of the stack, which grows down towards `_stack_end`.
    static _stack_start: u32;
    static _stack_end: u32;
}

/// Returns the bytes of stack used so far.
pub fn high_water_mark() -> usize {
    let start = &raw const _stack_start;
    let mut end = &raw const _stack_end;
    // SAFETY: the memory from `end` to `start` is valid and aligned for words. Nothing writes to the part that is read:
    // this function's frame does not contain the pattern, so the loop ends before it.
    while end < start && unsafe { ptr::read_volatile(end) } == PATTERN {
        end = end.wrapping_add(1);
    }
    start.addr() - end.addr()
}
