//! What the processor can do, found out once.

/// AVX2 and FMA.
#[derive(Clone, Copy)]
pub(super) struct HasAvx2(());

impl HasAvx2 { pub(super) fn detect() -> Option<Self> { Some(Self(())) } }
