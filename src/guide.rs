//! Guides: how to come here from PropelAuth's other libraries, how to run this one, and what to do when it says no.
//!
//! | guide | for |
//! |---|---|
//! | [`from_rust`] | programs on the crate `propelauth` |
//! | [`from_python`] | programs on `propelauth_py` |
//! | [`from_javascript`] | programs on `@propelauth/node` or `@propelauth/cloudflare-worker` |
//! | [`key_rotation`] | a new verifier key without a refused user |
//! | [`buffers`] | how large the buffer must be, and where to keep it |
//! | [`caching`] | when a `TokenCache` pays, and what it does not save |
//! | [`troubleshooting`] | a paragraph for each refusal |

// A build without a feature has nothing to link to for what the guides say of it.
#![cfg_attr(not(feature = "client"), allow(rustdoc::broken_intra_doc_links))]

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
pub mod troubleshooting {
    #![doc = include_str!("guide/troubleshooting.md")]
}
