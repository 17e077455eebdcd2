//! Glue to the platforms. Each module is thin: a header comes in, a user or a refusal goes out.

// It needs a clock.
#[cfg(all(feature = "axum", any(feature = "js", not(all(target_family = "wasm", target_os = "unknown")))))]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
pub mod axum;
#[cfg(any(feature = "axum", feature = "lambda"))]
#[allow(dead_code)] // without a clock
mod http;
#[cfg(feature = "lambda")]
#[cfg_attr(docsrs, doc(cfg(feature = "lambda")))]
pub mod lambda;
#[cfg(all(feature = "worker", target_family = "wasm"))]
#[cfg_attr(docsrs, doc(cfg(feature = "worker")))]
pub mod worker;
