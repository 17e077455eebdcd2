//! Detects what this processor or WebAssembly engine supports, and returns values that prove it.

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
pub(crate) use x86_64::{HasAvx2, HasIfma};

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
pub(crate) use wasm32::MaddIsFused;

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[allow(unsafe_code)]
mod x86_64 {
    use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};
    use core::sync::atomic::{AtomicU8, Ordering};

    /// The processor has AVX2 and FMA, and the operating system saves their registers.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct HasAvx2(());

    /// The processor has AVX512F and AVX512-IFMA, and the operating system saves their registers.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct HasIfma(());

    impl HasAvx2 {
        #[inline]
        pub(crate) fn detect() -> Option<Self> {
            let known = cfg!(all(target_feature = "avx2", target_feature = "fma"));
            (known || features() & AVX2 != 0).then_some(Self(()))
        }
    }

    impl HasIfma {
        #[inline]
        pub(crate) fn detect() -> Option<Self> {
            let known = cfg!(all(target_feature = "avx512f", target_feature = "avx512ifma"));
            (known || features() & IFMA != 0).then_some(Self(()))
        }
    }

    const DETECTED: u8 = 1;
    const AVX2: u8 = 2;
    const IFMA: u8 = 4;

    fn features() -> u8 {
        // A race is harmless: all threads detect the same features.
        static FEATURES: AtomicU8 = AtomicU8::new(0);
        match FEATURES.load(Ordering::Relaxed) {
            0 => {
                let features = detect();
                FEATURES.store(features, Ordering::Relaxed);
                features
            }
            features => features,
        }
    }

    /// See Intel's manual, volume 1, sections 14.3, 14.7.1 and 15.3.
    #[cold]
    #[allow(unused_unsafe)] // safe in later versions of Rust
    fn detect() -> u8 {
        const OSXSAVE_AVX_FMA: u32 = 1 << 27 | 1 << 28 | 1 << 12;
        const LEAF_7_AVX2: u32 = 1 << 5;
        const LEAF_7_AVX512F_IFMA: u32 = 1 << 16 | 1 << 21;
        const XMM_YMM: u64 = 0b110;
        const XMM_YMM_OPMASK_ZMM: u64 = 0b1110_0110;

        // SGX enclaves and Miri have no cpuid.
        if cfg!(any(target_env = "sgx", miri)) {
            return DETECTED;
        }
        // SAFETY: every x86-64 processor has cpuid.
        let (highest_leaf, leaf_1) = unsafe { (__cpuid(0).eax, __cpuid(1).ecx) };
        if highest_leaf < 7 || leaf_1 & OSXSAVE_AVX_FMA != OSXSAVE_AVX_FMA {
            return DETECTED;
        }
        #[target_feature(enable = "xsave")]
        fn extended_control_register() -> u64 {
            // SAFETY: register 0 exists wherever xgetbv does.
            unsafe { _xgetbv(0) }
        }
        // SAFETY: leaf 7 exists; OSXSAVE says that xgetbv can be used.
        let (leaf_7, states) = unsafe { (__cpuid_count(7, 0).ebx, extended_control_register()) };
        let mut features = DETECTED;
        if leaf_7 & LEAF_7_AVX2 != 0 && states & XMM_YMM == XMM_YMM {
            features |= AVX2;
        }
        if leaf_7 & LEAF_7_AVX512F_IFMA == LEAF_7_AVX512F_IFMA && states & XMM_YMM_OPMASK_ZMM == XMM_YMM_OPMASK_ZMM {
            features |= IFMA;
        }
        features
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
mod wasm32 {
    use core::arch::wasm32::{f64x2_extract_lane, f64x2_relaxed_madd, f64x2_relaxed_nmadd, f64x2_splat};
    use core::hint::black_box;

    /// The engine rounds `relaxed_madd` and `relaxed_nmadd` once.
    ///
    /// It may round twice, but its choice is fixed during the execution of a program (WebAssembly 3.0, section "Relaxed
    /// Operations"). So a rejected signature needs no second check with other arithmetic, which would make forged
    /// tokens the most expensive ones. The result is not stored: a program may be snapshotted with its memory on one
    /// machine and resumed on another, and detection takes nanoseconds.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct MaddIsFused(());

    impl MaddIsFused {
        /// (1 + 2^-52)^2 = 1 + 2^-51 + 2^-104: the last term is lost if the product is rounded.
        pub(crate) fn detect() -> Option<Self> {
            let a = black_box(f64x2_splat(1.0 + f64::EPSILON));
            let rounded = 1.0 + 2.0 * f64::EPSILON;
            let lost = f64::EPSILON * f64::EPSILON;
            let madd = f64x2_relaxed_madd(a, a, black_box(f64x2_splat(-rounded)));
            let nmadd = f64x2_relaxed_nmadd(a, a, black_box(f64x2_splat(rounded)));
            let is_lost = |value: f64, expected: f64| value.to_bits() == expected.to_bits();
            let is_fused = is_lost(f64x2_extract_lane::<0>(madd), lost)
                && is_lost(f64x2_extract_lane::<1>(madd), lost)
                && is_lost(f64x2_extract_lane::<0>(nmadd), -lost)
                && is_lost(f64x2_extract_lane::<1>(nmadd), -lost);
            is_fused.then_some(Self(()))
        }
    }
}
