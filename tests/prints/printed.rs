//! The types that were printed, and those that exist.

use std::any::type_name;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Mutex;

static PRINTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Returns the `Debug` output of a value, on one line and on several.
pub(crate) fn printed<T: Debug>(value: &T) -> String {
    PRINTED.lock().unwrap().insert(name(type_name::<T>()).to_owned());
    format!("{value:?} {value:#?}")
}

/// Returns `Name` for `module::Name<Parameter>`.
fn name(path: &str) -> &str {
    path.split('<').next().unwrap().rsplit("::").next().unwrap()
}

/// Types without text from outside.
#[cfg(feature = "alloc")]
const NO_TEXT: [&str; 10] = [
    "Claim",
    "Fault",
    "Feature",
    "KeyForm",
    "Resource",
    "RetryPolicy",
    "Segment",
    "Signature",
    "TransportErrorKind",
    "Verdict",
];

/// Returns the public types with `Debug` under these features that were not printed, except types without text, the
/// calls of `client`, and their arguments and results.
#[cfg(feature = "alloc")]
pub(crate) fn not_printed() -> Vec<&'static str> {
    let api = include_str!("../data/public-api.txt");
    let types_with = |name: &str| -> BTreeSet<&'static str> {
        let of_crate =
            |line: &'static str| line.starts_with("impl").then_some(line)?.split_once(name).map(|(_, path)| path);
        api.lines().filter_map(of_crate).filter_map(|path| path.split(['<', ' ']).next()).collect()
    };
    let debug = types_with("core::fmt::Debug for propelauth_edge::");
    let serialized = types_with("serde_core::ser::Serialize for propelauth_edge::client::");
    assert!(debug.len() > 200 && serialized.len() > 150, "{} types, {} of calls", debug.len(), serialized.len());
    // `tests/client/contract` makes each call with arguments of all kinds, and prints it and its result.
    let is_of_calls = |path: &str| {
        path.strip_prefix("client::").is_some_and(|name| serialized.contains(name) && !name.ends_with("Options"))
    };
    let is_built = |path: &&&str| match (path.split_once("::").map(|(module, _)| module), name(path)) {
        (None, "TokenSource") => cfg!(feature = "http"),
        (None, _) => true,
        (_, "ReqwestTransport") => cfg!(feature = "reqwest"),
        (_, "UreqTransport") => cfg!(feature = "ureq"),
        (Some("actix"), _) => cfg!(feature = "actix"),
        (Some("axum"), _) => cfg!(feature = "axum"),
        (Some("client"), _) => cfg!(feature = "client"),
        (Some("inspect"), _) => cfg!(feature = "inspect"),
        (Some("lambda"), _) => cfg!(feature = "lambda"),
        (Some("testkit"), _) => cfg!(feature = "testkit"),
        (Some(other), _) => panic!("{other} is of no known feature"),
    };
    let printed = PRINTED.lock().unwrap();
    for name in NO_TEXT {
        assert!(debug.iter().any(|path| self::name(path) == name), "{name} is no type");
    }
    let is_looked_at = |path: &str| printed.contains(name(path)) || NO_TEXT.contains(&name(path)) || is_of_calls(path);
    debug.iter().filter(is_built).copied().filter(|path| !is_looked_at(path)).collect()
}
