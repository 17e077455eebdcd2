//! Header and payload as they stand in a token, well signed: whatever is accepted, the reference accepts, and finds the
//! same user in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use propelauth_edge_fuzz::{Reference, reference, token, validate, values};

fuzz_target!(|signing_input: &str| {
    if let Ok(user) = validate(&token(signing_input)) {
        match reference(signing_input) {
            Reference::Accepts(expected) => assert!(values::same(&user, &expected), "{user}\n{expected}"),
            Reference::Refuses => panic!("accepted: {user}"),
            Reference::CannotTell => {}
        }
    }
    // The same text where the whole token is expected: nobody signed it.
    assert!(validate(signing_input).is_err());
});
