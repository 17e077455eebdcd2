//! The module's memory. JavaScript reads and writes parts of it between calls.

use core::cell::UnsafeCell;

pub(crate) struct OneThread<T>(UnsafeCell<T>);

// SAFETY: the module has no threads.
unsafe impl<T> Sync for OneThread<T> {}

impl<T> OneThread<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// Borrows the value.
    ///
    /// # Safety
    ///
    /// Only an exported function may call this, once per value. Nothing in the module calls exported functions.
    #[allow(clippy::mut_from_ref)]
    pub(crate) unsafe fn borrow(&self) -> &mut T {
        // SAFETY: the caller upholds the contract.
        unsafe { &mut *self.0.get() }
    }

    pub(crate) fn address(&self) -> *const u8 {
        self.0.get().cast()
    }

    /// Returns a checksum of the value's bytes (FNV-1a over words of four). Detects accidental damage only.
    pub(crate) fn checksum(&self) -> u32 {
        const { assert!(align_of::<T>() >= align_of::<u32>()) }
        let words = self.0.get().cast::<u32>();
        (0..size_of::<T>() / size_of::<u32>()).fold(0x811c_9dc5, |sum: u32, i| {
            // SAFETY: within the value. JavaScript writes these bytes, too, hence volatile.
            let word = unsafe { words.add(i).read_volatile() };
            (sum ^ word).wrapping_mul(0x0100_0193)
        })
    }
}

pub(crate) fn clear(buffer: &mut [u8], len: usize) {
    buffer.iter_mut().take(len).for_each(|byte| *byte = 0);
}
