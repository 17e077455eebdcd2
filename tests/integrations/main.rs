//! The integrations with frameworks and platforms that run on this machine.

#[cfg(feature = "actix")]
mod actix;
#[cfg(feature = "lambda")]
mod authorizer;
#[cfg(feature = "axum")]
mod axum;
#[cfg(any(feature = "actix", feature = "axum"))]
mod examples;
#[cfg(feature = "lambda")]
mod functions;
#[cfg(any(feature = "actix", feature = "axum", feature = "lambda"))]
mod log;
#[cfg(any(feature = "actix", feature = "axum", feature = "lambda"))]
mod token_sources;

#[cfg(any(feature = "actix", feature = "axum", feature = "lambda"))]
use {
    propelauth_edge::testkit::{TestIssuer, TestOrg, TestToken},
    std::sync::LazyLock,
};

#[cfg(any(feature = "actix", feature = "axum", feature = "lambda"))]
const ORG: &str = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
#[cfg(any(feature = "actix", feature = "axum"))]
const OTHER_ORG: &str = "00000000-0d5b-4b8e-9a53-7c1d2e3f4a5b";

/// The examples are built without the test kit, and so refuse the fixed key.
#[cfg(any(feature = "actix", feature = "axum", feature = "lambda"))]
static ISSUER: LazyLock<TestIssuer> = LazyLock::new(TestIssuer::generate);

/// A user who is a `Member` of one org, with the permission `billing::view`.
#[cfg(any(feature = "actix", feature = "axum", feature = "lambda"))]
fn good() -> TestToken<'static> {
    ISSUER.token("u1").org(TestOrg::new(ORG, "Acme").user_permissions(&["billing::view"]))
}
