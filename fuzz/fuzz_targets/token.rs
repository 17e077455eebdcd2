//! Header and payload of a correctly signed token: whatever is accepted, the reference accepts, with an equal user. The
//! owned user equals the view.
#![no_main]

use libfuzzer_sys::fuzz_target;
use propelauth_edge_fuzz::{Reference, check_owned, reference, token, validate, values};

fuzz_target!(|signing_input: &str| {
    let token = token(signing_input);
    check_owned(&token);
    if let Ok(user) = validate(&token) {
        match reference(signing_input) {
            Reference::Accepts(expected) => assert!(values::same(&user, &expected), "{user}\n{expected}"),
            Reference::Refuses => panic!("accepted: {user}"),
            Reference::CannotTell => {}
        }
    }
    // The text as a whole token: unsigned.
    assert!(validate(signing_input).is_err());
});
