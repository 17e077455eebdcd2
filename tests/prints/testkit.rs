//! The test kit: its tokens, and its private key.

use propelauth_edge::testkit::{Fault, TestIssuer, TestOrg};

use super::printed::printed;
use common::secrets::shows_nothing_of;

#[test]
pub(crate) fn the_test_kit() {
    let org = TestOrg::new("1189c444-8a2d-4c41-8b4b-ae43ce79a492", "Acme").org_metadata("plan", "gold");
    for issuer in [TestIssuer::fixed(), TestIssuer::generate()] {
        assert_eq!(format!("{issuer:?}"), r#"TestIssuer { issuer: "https://auth.example.com", .. }"#);
        for token in [issuer.token("ada").org(org.clone()), issuer.token("ada").fault(Fault::WrongKey)] {
            let shown = [printed(&issuer), printed(&org), printed(&token)].concat();
            shows_nothing_of(&token.access_token(), &shown);
        }
    }
    let no_key = "no private key";
    assert!(!printed(&TestIssuer::from_private_key_pem(no_key).unwrap_err()).contains(no_key));
}
