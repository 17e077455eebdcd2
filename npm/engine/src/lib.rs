//! The interface for the TypeScript in `src/`: a verifier in the module's memory, without imports.
//!
//! JavaScript writes texts to `input`, calls a function with their lengths, and reads the result from `output`. The
//! module holds one verifier. For any number of verifiers, JavaScript copies its bytes out and in, and the garbage
//! collector frees the copies. For a user who may have many orgs, JavaScript copies out the buffer that contains them,
//! and copies it in again before it asks for one.
//!
//! With feature `testkit`, std is available, since the test kit's dependencies require it.
#![cfg_attr(not(any(feature = "testkit", test)), no_std)]

mod json;
mod memory;
mod refusal;

use propelauth_edge::limits::MAX_TOKEN_LEN;
use propelauth_edge::{
    MetadataError, OrgMemberInfoView, Orgs, TokenVerificationMetadata, Unauthorized, UnixTime, UserView, Verifier,
};

use self::memory::OneThread;

/// Room for `Bearer `, the longest token and one more character, so that a token cut off here is over the limit.
const INPUT_LEN: usize = MAX_TOKEN_LEN + 16;

/// A user's JSON may be longer than in the token, since JavaScript's names are longer and every org has all of them,
/// but less than twice as long.
const OUTPUT_LEN: usize = 2 * MAX_TOKEN_LEN;

/// The maximum length of a token whose orgs are returned with the user: about ten orgs. Up to this length, one call is
/// faster than two.
const FEW_ORGS: usize = 4096;

static INPUT: OneThread<[u8; INPUT_LEN]> = OneThread::new([0; INPUT_LEN]);
static BUFFER: OneThread<[u8; MAX_TOKEN_LEN]> = OneThread::new([0; MAX_TOKEN_LEN]);
static OUTPUT: OneThread<[u8; OUTPUT_LEN]> = OneThread::new([0; OUTPUT_LEN]);
static VERIFIER: OneThread<Option<Verifier>> = OneThread::new(None);
/// The orgs of the user in `BUFFER`. JavaScript copies them out and in, like the verifier.
static ORGS: OneThread<Option<Orgs<'static>>> = OneThread::new(None);

#[unsafe(no_mangle)]
pub extern "C" fn input() -> *const u8 {
    INPUT.address()
}

#[unsafe(no_mangle)]
pub extern "C" fn input_len() -> usize {
    INPUT_LEN
}

#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.address()
}

#[unsafe(no_mangle)]
pub extern "C" fn output_len() -> usize {
    OUTPUT_LEN
}

#[unsafe(no_mangle)]
pub extern "C" fn buffer() -> *const u8 {
    BUFFER.address()
}

#[unsafe(no_mangle)]
pub extern "C" fn buffer_len() -> usize {
    MAX_TOKEN_LEN
}

#[unsafe(no_mangle)]
pub extern "C" fn orgs() -> *const u8 {
    ORGS.address()
}

#[unsafe(no_mangle)]
pub extern "C" fn orgs_len() -> usize {
    size_of::<Option<Orgs<'static>>>()
}

#[unsafe(no_mangle)]
pub extern "C" fn verifier() -> *const u8 {
    VERIFIER.address()
}

#[unsafe(no_mangle)]
pub extern "C" fn verifier_len() -> usize {
    size_of::<Option<Verifier>>()
}

/// Returns a checksum of the verifier's bytes, for those that JavaScript reads from a file.
#[unsafe(no_mangle)]
pub extern "C" fn verifier_checksum() -> u32 {
    VERIFIER.checksum()
}

/// Creates the verifier from the issuer followed by the key. Returns the length of the error's text, or 0.
#[unsafe(no_mangle)]
pub extern "C" fn new_verifier(issuer_len: usize, key_len: usize) -> usize {
    configure(issuer_len + key_len, |input, _| {
        let (issuer, verifier_key) = input.split_at_checked(issuer_len)?;
        Some(Verifier::new(TokenVerificationMetadata { verifier_key, issuer }))
    })
}

/// Adds a key to the verifier. Returns the length of the error's text, or 0.
#[unsafe(no_mangle)]
pub extern "C" fn with_additional_key(key_len: usize) -> usize {
    configure(key_len, |verifier_key, verifier| Some(verifier?.with_additional_key(verifier_key)))
}

/// Adds an issuer to the verifier. Returns the length of the error's text, or 0.
#[unsafe(no_mangle)]
pub extern "C" fn with_additional_issuer(issuer_len: usize) -> usize {
    configure(issuer_len, |issuer, verifier| Some(verifier?.with_additional_issuer(issuer)))
}

/// Sets the audience that tokens must have. Returns the length of the error's text, or 0.
#[unsafe(no_mangle)]
pub extern "C" fn with_audience(audience_len: usize) -> usize {
    configure(audience_len, |audience, verifier| Some(verifier?.with_audience(audience)))
}

#[unsafe(no_mangle)]
pub extern "C" fn with_max_token_len(len: usize) {
    configure(0, |_, verifier| Some(Ok(verifier?.with_max_token_len(len))));
}

#[unsafe(no_mangle)]
pub extern "C" fn with_leeway(seconds: u32) {
    configure(0, |_, verifier| Some(Ok(verifier?.with_leeway(seconds))));
}

fn configure(
    len: usize,
    change: impl FnOnce(&str, Option<Verifier>) -> Option<Result<Verifier, MetadataError>>,
) -> usize {
    // SAFETY: called by exported functions.
    let (input, output, verifier) = unsafe { (INPUT.borrow(), OUTPUT.borrow(), VERIFIER.borrow()) };
    match change(text(input, len), verifier.take()).transpose() {
        Ok(made) => {
            *verifier = made;
            0
        }
        Err(error) => serde_json_core::to_slice(error.message(), output).unwrap_or_default(),
    }
}

/// Verifies a token. Returns the length of the user's JSON, the negative length of a refusal's JSON, or 0 for an
/// internal error.
#[unsafe(no_mangle)]
pub extern "C" fn validate_access_token(len: usize, now: f64) -> isize {
    validate(len, |verifier, token, buffer| verifier.validate_access_token(token, time(now), buffer))
}

/// Like [`validate_access_token`], for the value of an `Authorization` header. Empty means missing.
#[unsafe(no_mangle)]
pub extern "C" fn validate_access_token_and_get_user(len: usize, now: f64) -> isize {
    validate(len, |verifier, header, buffer| verifier.validate_access_token_and_get_user(header, time(now), buffer))
}

/// Writes this id and its org, or `null`. Returns the length, or 0 for an internal error.
#[unsafe(no_mangle)]
pub extern "C" fn org_by_id(len: usize) -> usize {
    find(len, |orgs, id| Some((id, orgs.get(id)?)))
}

/// Like [`org_by_id`], for the first org with this name.
#[unsafe(no_mangle)]
pub extern "C" fn org_by_name(len: usize) -> usize {
    find(len, |orgs, name| orgs.iter().find(|(_, org)| org.org_name == name))
}

/// Writes all ids and orgs, in the order of the token. Returns the length, or 0 for an internal error.
#[unsafe(no_mangle)]
pub extern "C" fn all_orgs() -> usize {
    answer_about_orgs(json::write_orgs)
}

fn find(
    len: usize,
    find: impl FnOnce(Orgs<'static>, &'static str) -> Option<(&'static str, OrgMemberInfoView<'static>)>,
) -> usize {
    // SAFETY: called by exported functions.
    let wanted = text(unsafe { INPUT.borrow() }, len);
    answer_about_orgs(|orgs, output| json::write_org(find(orgs, wanted), output))
}

fn answer_about_orgs(answer: impl FnOnce(Orgs<'static>, &mut [u8]) -> Option<usize>) -> usize {
    // SAFETY: called by exported functions.
    let (orgs, output) = unsafe { (ORGS.borrow(), OUTPUT.borrow()) };
    orgs.take().and_then(|orgs| answer(orgs, output)).unwrap_or_default()
}

/// Writes the refusal with this code. Returns its length, or 0 if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn refusal(code_len: usize) -> usize {
    // SAFETY: only called by JavaScript.
    let (input, output) = unsafe { (INPUT.borrow(), OUTPUT.borrow()) };
    refusal::of_code(text(input, code_len), output)
}

/// Times before 1970 and NaN become 1970, when every token is in the future.
fn time(now: f64) -> UnixTime {
    UnixTime::from_secs(now as u64)
}

fn validate(
    len: usize,
    validate: impl FnOnce(&Verifier, &str, &'static mut [u8]) -> Result<UserView<'static>, Unauthorized>,
) -> isize {
    // SAFETY: called by exported functions.
    let (input, buffer, output) = unsafe { (INPUT.borrow(), BUFFER.borrow(), OUTPUT.borrow()) };
    // SAFETY: as above.
    let (Some(verifier), orgs) = (unsafe { (VERIFIER.borrow(), ORGS.borrow()) }) else { return 0 };
    let result = validate(verifier, text(input, len), buffer);
    *orgs = result.as_ref().ok().and_then(|user| user.org_id_to_org_member_info).filter(|_| len > FEW_ORGS);
    // No longer than the buffer, where the input may also have `Bearer `.
    let kept = orgs.map(|_| len.min(MAX_TOKEN_LEN));
    let answered = answer(result, verifier.additional_issuer(), kept, output);
    // The memory lives as long as the process, so no token or user may stay in it. JavaScript clears the output, and
    // the part of the buffer that it keeps.
    memory::clear(input, len);
    if answered <= 0 || kept.is_none() {
        *orgs = None;
        // SAFETY: as above; no reference to the user is left.
        memory::clear(unsafe { BUFFER.borrow() }, len);
    }
    answered
}

/// A buffer or an output that is too small is an error in this package, not a refusal.
fn answer(
    result: Result<UserView<'_>, Unauthorized>,
    additional_issuer: Option<&str>,
    kept: Option<usize>,
    output: &mut [u8],
) -> isize {
    match result {
        Ok(user) => {
            let other_issuer = additional_issuer.filter(|issuer| *issuer == user.issuer());
            json::write(&user, other_issuer, kept, output).unwrap_or_default().cast_signed()
        }
        Err(error) => -refusal::unauthorized(error, output).cast_signed(),
    }
}

/// Returns the first `len` bytes, encoded by JavaScript.
fn text(input: &[u8], len: usize) -> &str {
    input.get(..len).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(not(any(feature = "testkit", test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = include_str!("../../../examples/demo/access_token.jwt");
    const ISSUED: UnixTime = UnixTime::from_secs(1_767_225_600);

    fn ask(buffer_len: usize, output_len: usize) -> (isize, Vec<u8>) {
        let verifier = Verifier::new(TokenVerificationMetadata {
            verifier_key: include_str!("../../../examples/demo/verifier_key.pem"),
            issuer: "https://auth.example.com",
        });
        let (mut buffer, mut output) = (vec![0; buffer_len], vec![0; output_len]);
        let result = verifier.unwrap().validate_access_token(TOKEN.trim(), ISSUED, &mut buffer);
        let answered = answer(result, None, None, &mut output);
        output.truncate(answered.unsigned_abs());
        (answered, output)
    }

    #[test]
    fn a_lack_of_room_is_no_refusal() {
        let room = Verifier::buffer_len(TOKEN.trim());
        let (len, user) = ask(room, OUTPUT_LEN);
        assert!(len > 0 && user.starts_with(b"{\"userId\":"), "{len} {user:?}");
        assert_eq!(ask(room - 1, OUTPUT_LEN), (0, Vec::new()));
        assert_eq!(ask(room, len.unsigned_abs() - 1), (0, Vec::new()));
    }
}
