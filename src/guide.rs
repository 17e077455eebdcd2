//! Guides: migrating from PropelAuth's other libraries, running this one, and troubleshooting.
//!
//! From an empty folder to a deployed, tested handler:
//!
//! | guide | for |
//! |---|---|
//! | [`axum`] | servers of axum |
//! | [`actix`] | servers of actix-web |
//! | [`workers`] | Cloudflare Workers in Rust |
//! | [`lambda`] | functions and authorizers on AWS Lambda |
//! | [`wasi_http`] | components for wasmtime, Spin and jco |
//! | [`fastly`] | services on Fastly Compute, in front of a backend |
//! | [`javascript`] | the npm package in Workers and Node |
//! | [`nextjs`] | the npm package in Next.js |
//! | [`bare_metal`] | a Cortex-M with 64 KB of RAM |
//!
//! From then on:
//!
//! | guide | for |
//! |---|---|
//! | [`from_rust`] | migrating from the crate `propelauth` |
//! | [`from_python`] | migrating from `propelauth_py` |
//! | [`from_javascript`] | migrating from `@propelauth/node` or `@propelauth/cloudflare-worker` |
//! | [`key_rotation`] | changing the verifier key or the domain without rejecting users |
//! | [`buffers`] | how large the buffer must be, and where to keep it |
//! | [`caching`] | when a `TokenCache` pays off, and what it does not save |
//! | [`token_times`] | WebSockets, caches and logging out everywhere, by a token's times |
//! | [`token_sources`] | tokens in cookies, WebSocket handshakes and URLs |
//! | [`observing`] | logs and metrics of refusals |
//! | [`troubleshooting`] | a section for each error |

// Without a feature, the guides' links to its items do not resolve.
#![cfg_attr(not(all(feature = "axum", feature = "client", feature = "lambda")), allow(rustdoc::broken_intra_doc_links))]

pub mod axum {
    #![doc = include_str!("guide/axum.md")]
}
pub mod actix {
    #![doc = include_str!("guide/actix.md")]
}
pub mod workers {
    #![doc = include_str!("guide/workers.md")]
}
pub mod lambda {
    #![doc = include_str!("guide/lambda.md")]
}
pub mod wasi_http {
    #![doc = include_str!("guide/wasi_http.md")]
}
pub mod fastly {
    #![doc = include_str!("guide/fastly.md")]
}
pub mod javascript {
    #![doc = include_str!("guide/javascript.md")]
}
pub mod nextjs {
    #![doc = include_str!("guide/nextjs.md")]
}
pub mod bare_metal {
    #![doc = include_str!("guide/bare_metal.md")]
}
pub mod from_rust {
    #![doc = include_str!("guide/from_rust.md")]
}
pub mod from_python {
    #![doc = include_str!("guide/from_python.md")]
}
pub mod from_javascript {
    #![doc = include_str!("guide/from_javascript.md")]
}
pub mod key_rotation {
    #![doc = include_str!("guide/key_rotation.md")]
}
pub mod buffers {
    #![doc = include_str!("guide/buffers.md")]
}
pub mod caching {
    #![doc = include_str!("guide/caching.md")]
}
pub mod token_times {
    #![doc = include_str!("guide/token_times.md")]
}
pub mod token_sources {
    #![doc = include_str!("guide/token_sources.md")]
}
pub mod observing {
    #![doc = include_str!("guide/observing.md")]
}
pub mod troubleshooting {
    #![doc = include_str!("guide/troubleshooting.md")]
}
