//! Header and payload as they stand in a token, well signed: whatever is accepted, the reference accepts, and finds the
//! same user in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use propelauth_edge_fuzz::{reference, token, validate, values};

fuzz_target!(|signing_input: &str| {
    if let Ok(user) = validate(&token(signing_input)) {
        let expected = reference(signing_input).expect("the reference refuses what was accepted");
        assert!(values::same(&user, &expected), "{user}\n{expected}");
    }
    // The same text where the whole token is expected: nobody signed it.
    assert!(validate(signing_input).is_err());
});
