use propelauth_edge::UnixTime;
use propelauth_edge::testkit::TestIssuer;

#[test]
fn the_kits_own_verifier_works_in_every_build() {
    let token = TestIssuer::fixed().token("ada").access_token();
    for verifier in [TestIssuer::fixed().verifier(), TestIssuer::fixed_verifier()] {
        assert_eq!(verifier.validate_access_token(&token, UnixTime::now(), &mut [0; 1024]).unwrap().user_id, "ada");
    }
}
