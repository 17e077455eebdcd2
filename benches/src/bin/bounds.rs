//! Measures how much work a token can cause: the instructions for tokens designed to be costly, in three sizes.
//!
//! Runs itself under callgrind. Fails if work grows faster than the size, or if a token costs more than [`MOST`] times
//! the plain one of its size. After the signature, [`MOST_PER_BYTE`] is the limit instead. Times are reported as ratios
//! within one run, but decide nothing: the result does not depend on the clock or on chance.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, iter};

use base64ct::{Base64UrlUnpadded, Encoding};
use propelauth_edge::limits::{MAX_HEADER_PARAMETERS, MAX_OTHER_CLAIMS};
use propelauth_edge::{TokenCache, UnixTime, VerifyingKey};
use propelauth_edge_benches::fixture::{self, ISSUER, NOW, RSA_2048};
use propelauth_edge_benches::ours;
use propelauth_edge_benches::table::print;
use rsa::pkcs1v15::SigningKey;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding, Signer};

/// The sizes of tokens in bytes. The last is a Worker's limit on all headers of a request.
const SIZES: [usize; 3] = [32 << 10, 64 << 10, 128 << 10];

/// The maximum cost of a token, relative to the plain one of its size.
const MOST: f64 = 4.0;

/// The maximum instructions per byte after the signature. A ratio to the plain token would get worse whenever that one
/// gets cheaper, and only a signed token gets this far.
const MOST_PER_BYTE: f64 = 56.0;

/// The maximum growth of work when the size doubles again, relative to the first doubling: 2 if work is linear, 4 if it
/// is quadratic. Collisions in a hash table make it slightly nonlinear.
const MOST_GROWTH: f64 = 2.25;

/// The measures. The first case of each is the plain one.
const WHOLE: &str = "whole verification";
const REST: &str = "all but the header and the signature";
const KEY: &str = "reading a key, an eighth of the size";
/// Builds users. It allocates, so only its growth is limited, with a wider bound, as vectors copy when they grow.
const OWNED: &str = "an owned copy of the user";

/// Cases that are rejected before hashing the token or decoding its header, for less than this share of the plain one's
/// work.
const CHEAP: [&str; 2] = ["unsigned: a long payload, a short signature", "unsigned: escapes in the header"];
const CHEAP_SHARE: f64 = 0.1;

/// The number of rows to print per measure: the costliest.
const SHOWN: usize = 10;

/// Runs of each case. Where time is measured, the fastest counts.
const RUNS: usize = 20;

fn main() {
    if env::args().nth(1).as_deref() == Some("run") {
        run_all(&mut |measure, case, run| {
            println!("{measure}: {case}");
            counted(run);
        });
    } else {
        check(&count(), &times());
    }
}

/// The function that is counted.
#[unsafe(no_mangle)]
#[inline(never)]
fn counted(run: &mut dyn FnMut()) {
    run();
}

/// The time of each case in the largest size, by measure and case.
type Times = BTreeMap<(String, String), Duration>;

fn times() -> Times {
    let mut times = Times::new();
    run_all(&mut |measure, case, run| {
        let fastest = (0..RUNS).map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        });
        // Sizes increase, and the last one is kept.
        times.insert((measure.to_owned(), case.to_owned()), fastest.min().unwrap_or_default());
    });
    times
}

/// The instructions of each case in each size, by measure.
type Counts = BTreeMap<String, Vec<(String, Vec<u64>)>>;

fn count() -> Counts {
    let folder = env::temp_dir().join(format!("propelauth-edge-bounds-{}", std::process::id()));
    fs::create_dir(&folder).expect("a folder");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=counted", "--dump-after=counted"])
        .arg(format!("--callgrind-out-file={}/out", folder.display()))
        .arg(env::current_exe().expect("a program"))
        .arg("run")
        .output()
        .expect("valgrind");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut counts = Counts::new();
    for (line, i) in String::from_utf8(output.stdout).expect("text").lines().zip(1..) {
        let dump = fs::read_to_string(folder.join(format!("out.{i}"))).expect("a dump of each run");
        let total = dump.lines().find_map(|line| line.strip_prefix("totals: ")).expect("a total");
        let (measure, case) = line.split_once(": ").expect("two names");
        let cases = counts.entry(measure.to_owned()).or_default();
        if cases.last().is_none_or(|(last, _)| last != case) {
            cases.push((case.to_owned(), Vec::new()));
        }
        cases.last_mut().expect("a case").1.push(total.parse().expect("a number"));
    }
    fs::remove_dir_all(folder).expect("the folder");
    counts
}

fn check(counts: &Counts, times: &Times) {
    assert_eq!(counts.len(), 4);
    let mut beyond = Vec::new();
    for (measure, cases) in counts {
        let plain = cases[0].1[SIZES.len() - 1] as f64;
        let time_of = |case: &String| {
            let of = |case: &String| times[&(measure.clone(), case.clone())].as_secs_f64();
            of(case) / of(&cases[0].0)
        };
        let (most, most_growth, least_step) = match &**measure {
            OWNED => (f64::INFINITY, 3.0, 10_000),
            REST => (MOST_PER_BYTE * SIZES[SIZES.len() - 1] as f64 / plain, MOST_GROWTH, 5_000),
            _ => (MOST, MOST_GROWTH, 5_000),
        };
        let mut rows = Vec::new();
        for (case, counts) in cases {
            let [small, middle, large] = counts[..] else { panic!("{case}: {counts:?}") };
            // A few thousand instructions are not a trend.
            let growth = large.saturating_sub(middle) as f64 / middle.saturating_sub(small).max(least_step) as f64;
            let times = large as f64 / plain;
            let most = if CHEAP.contains(&case.as_str()) { CHEAP_SHARE } else { most };
            if growth > most_growth || times > most {
                beyond.push(format!("{measure}, {case}: {counts:?}, {times:.2} times the plain one"));
            }
            let figures =
                [large.to_string(), format!("{times:.2}"), format!("{growth:.2}"), format!("{:.2}", time_of(case))];
            rows.push((large, [vec![case.clone()], figures.to_vec()].concat()));
        }
        let (_, plain) = rows.remove(0);
        rows.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let shown = iter::once(plain).chain(rows.into_iter().map(|(_, row)| row).take(SHOWN));
        let title = format!("Instructions, {measure}: the costliest of {}", cases.len());
        print(
            &title,
            &["", "128 KiB", "plain = 1", "growth: linear = 2", "by time, plain = 1"],
            shown.collect::<Vec<_>>(),
        );
        let slowest = cases.iter().map(|(case, _)| case).max_by(|a, b| time_of(a).total_cmp(&time_of(b)));
        let slowest = slowest.expect("a case");
        println!("\nBy time, the costliest is \"{slowest}\": {:.1} times the plain one.", time_of(slowest));
    }
    assert!(beyond.is_empty(), "{beyond:#?}");
}

/// Runs each case in each size.
fn run_all(run: &mut dyn FnMut(&str, &str, &mut dyn FnMut())) {
    let signing_key = SigningKey::<Sha256>::new(RSA_2048.private());
    let verifier = ours::verifier(&RSA_2048);
    let now = UnixTime::from_secs(NOW);
    let mut cache = Box::new(TokenCache::<1, { SIZES[2] }>::new());
    let mut buffer = vec![0; SIZES[2]];

    for (name, payload) in SIGNED {
        for size in SIZES {
            let input = signing_input(HEADER, &payload((size - OVERHEAD) / 4 * 3));
            let token = format!("{input}.{}", base64url(&signing_key.sign(input.as_bytes()).to_vec()));
            assert!(token.len() <= size && token.len() > size * 9 / 10, "{name}: {}", token.len());
            let passes = verifier.validate_access_token_cached(&token, now, &mut buffer, &mut cache).map(|_| ());
            assert_eq!(passes.is_ok(), !name.starts_with("refused"), "{name}: {passes:?}");
            run(WHOLE, name, &mut || {
                black_box(verifier.validate_access_token(&token, now, &mut buffer).is_ok());
            });
            if passes.is_ok() {
                run(REST, name, &mut || {
                    let user = verifier.validate_access_token_cached(&token, now, &mut buffer, &mut cache);
                    black_box(user.is_ok());
                });
                let user = verifier.validate_access_token(&token, now, &mut buffer).expect("a user");
                run(OWNED, name, &mut || {
                    black_box(user.to_owned());
                });
            }
        }
    }
    for (name, header) in UNSIGNED {
        for size in SIZES {
            let header = format!("Bearer {}", header(size - OVERHEAD));
            assert!(header.len() <= size && header.len() > size * 9 / 10, "{name}: {}", header.len());
            run(WHOLE, name, &mut || {
                assert!(verifier.validate_access_token_and_get_user(&*header, now, &mut buffer).is_err());
            });
        }
    }
    for (name, key) in KEYS {
        for size in SIZES {
            let key = key(size / 8);
            run(KEY, name, &mut || {
                black_box(VerifyingKey::from_public_key_pem(&key).is_ok());
            });
        }
    }
}

/// A name, and a text of the given length.
type Case = (&'static str, fn(usize) -> String);

const HEADER: &str = r#"{"alg":"RS256"}"#;

/// The length of a token without its payload, in base64url, with some room to spare.
const OVERHEAD: usize = 400;

fn signing_input(header: &str, payload: &str) -> String {
    format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()))
}

fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Returns valid claims with more members, each after a comma, of about `len` bytes.
fn claims(len: usize, before: &str, pieces: impl Iterator<Item = String>, after: &str) -> String {
    let start = format!(r#"{{"user_id":"u","iss":"{ISSUER}","iat":{NOW},"exp":{}{before}"#, NOW + 60);
    let end = format!("{after}}}");
    let mut room = len - start.len() - end.len();
    let fits = pieces.take_while(|piece| {
        let fits = piece.len() <= room;
        room = room.saturating_sub(piece.len());
        fits
    });
    let middle: String = fits.collect();
    // In a list, no comma follows the last one.
    let middle = if after.is_empty() { &middle } else { middle.trim_end_matches(',') };
    format!("{start}{middle}{end}")
}

/// Returns claims filled with one piece, repeated.
fn filled(len: usize, before: &str, piece: &str, after: &str) -> String {
    claims(len, before, iter::repeat(piece.to_owned()), after)
}

/// Returns elements of an array in free-form text.
fn elements(len: usize, element: &str) -> String {
    filled(len, r#","properties":{"a":["#, &format!("{element},"), "]}")
}

fn email(len: usize, characters: &str) -> String {
    filled(len, r#","email":"\n"#, characters, r#"""#)
}

fn login_method(len: usize, member: &str) -> String {
    filled(len, r#","login_method":{"provider":null"#, member, " }")
}

/// Returns an org with empty lists; `more` are other members.
fn org(name: &str, more: &str) -> String {
    format!(
        r#"{{"org_id":"","org_name":"{name}","url_safe_org_name":"","org_metadata":{{}},"user_role":"","inherited_user_roles_plus_current_role":[],"user_permissions":[]{more}}}"#
    )
}

fn active_org(len: usize, member: &str) -> String {
    let org = org("", "");
    filled(len, &format!(r#","org_member_info":{}"#, org.trim_end_matches('}')), member, " }")
}

fn permissions(len: usize, permission: &str) -> String {
    let org = org("", "").replace(r#""user_permissions":[]}"#, r#""user_permissions":["#);
    filled(len, &format!(r#","org_member_info":{org}"#), &format!("{permission},"), "]}")
}

fn orgs(len: usize, ids: impl Iterator<Item = String>, org: &str) -> String {
    filled_orgs(len, ids.map(|id| format!(r#""{id}":{org},"#)))
}

fn filled_orgs(len: usize, orgs: impl Iterator<Item = String>) -> String {
    claims(len, r#","org_id_to_org_member_info":{"#, orgs, "}")
}

fn numbers() -> impl Iterator<Item = String> {
    (0..).map(|i| format!("{i:x}"))
}

/// Returns numbers that the index of the orgs, in a payload of exactly `len` bytes, maps to its first slot: enough for
/// half as many steps per slot as `twice_the_steps`.
fn colliding(len: usize, twice_the_steps: usize) -> impl Iterator<Item = String> {
    let slots = len / 16;
    // As `hash::place` has it, for ids of less than eight bytes.
    let place = move |id: &str| {
        let word = id.bytes().rev().fold(0, |word, byte| word << 8 | u64::from(byte));
        let hash = (id.len() as u64 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (hash >> 32) * slots as u64 >> 32
    };
    let of_one_place = numbers().filter(move |id| place(id) == 0);
    of_one_place.take((twice_the_steps * slots).isqrt()).chain(numbers().map(|id| format!("x{id}")))
}

/// Pads claims to this length with white space.
fn padded(len: usize, claims: String) -> String {
    let blanks = " ".repeat(len - claims.len());
    claims + &blanks
}

const NULL_ROLE: &str = r#"{"user_role":null}"#;

/// Names, and payloads of the given length.
const SIGNED: &[Case] = &[
    ("plain: orgs as PropelAuth sends them", |len| fixture::claims(len / 423, NOW)),
    ("one long string", |len| filled(len, r#","email":""#, "x", r#"""#)),
    ("arrays in arrays", |len| elements(len, &format!("{}{}", "[".repeat(125), "]".repeat(125)))),
    ("objects in objects", |len| elements(len, &format!("{}0{}", r#"{"":"#.repeat(125), "}".repeat(125)))),
    ("empty arrays", |len| elements(len, "[]")),
    ("empty objects", |len| elements(len, "{}")),
    ("empty strings", |len| elements(len, r#""""#)),
    ("digits", |len| elements(len, "0")),
    ("digits and blanks", |len| elements(len, "0 ")),
    ("negative numbers", |len| elements(len, "-0")),
    ("exponents", |len| elements(len, "0e0")),
    ("literals", |len| elements(len, "true")),
    ("one long number", |len| filled(len, r#","properties":{"a":1"#, "0", "}")),
    ("a date of many digits", |len| filled(len, r#","nbf":0."#, "0", "")),
    ("a date with zeros before its digits", |len| filled(len, r#","nbf":0."#, "0", "1e9")),
    ("refused: a date of too many digits", |len| filled(len, r#","nbf":1"#, "0", "")),
    ("white space", |len| filled(len, "", " ", "")),
    ("equal names", |len| filled(len, r#","properties":{"":0"#, r#","":0"#, " }")),
    ("escapes that are kept", |len| filled(len, r#","properties":{"a":""#, r"\n", r#""}"#)),
    ("escapes", |len| email(len, r"\n")),
    ("escapes of one byte", |len| email(len, r"\u0041")),
    ("escapes of two bytes", |len| email(len, r"\u00e9")),
    ("escapes of three bytes", |len| email(len, r"\u20ac")),
    ("escapes of four bytes", |len| email(len, r"\ud83d\ude00")),
    ("an escape before a long string", |len| email(len, "x")),
    ("an escape for every letter", |len| email(len, r"\nx")),
    ("an escape for every umlaut", |len| email(len, r"\nä")),
    ("letters of two bytes", |len| email(len, "ä")),
    ("letters of two bytes and one", |len| email(len, "aä")),
    ("letters of three bytes", |len| email(len, "€")),
    ("letters of four bytes", |len| email(len, "😀")),
    ("login method: members", |len| login_method(len, r#","":0"#)),
    ("login method: an escape in each name", |len| login_method(len, r#","\n":0"#)),
    ("login method: an escape and an umlaut in each name", |len| login_method(len, r#","ä\n":0"#)),
    ("login method: an umlaut in each name", |len| login_method(len, r#","ä":0"#)),
    ("login method: arrays", |len| login_method(len, r#","":[]"#)),
    ("login method: an array of strings, an escape in each", |len| {
        filled(len, r#","login_method":{"":["#, r#""\n","#, "]}")
    }),
    ("the most other claims, long and alike", |len| {
        let name = "x".repeat(len / MAX_OTHER_CLAIMS - 11);
        claims(len, "", (0..MAX_OTHER_CLAIMS).map(|i| format!(r#","{name}{i:03}":0"#)), "")
    }),
    ("the most other claims, short", |len| {
        let names = (0..MAX_OTHER_CLAIMS).map(|i| format!(r#","{i:03}":0"#));
        claims(len, "", names.chain(iter::repeat(" ".to_owned())), "")
    }),
    ("refused: one claim too many", |len| {
        padded(len, claims(len, "", (0..=MAX_OTHER_CLAIMS).map(|i| format!(r#","{i:03}":0"#)), ""))
    }),
    ("org: fields", |len| active_org(len, r#","":0"#)),
    ("org: fields, an escape in each name", |len| active_org(len, r#","\n":0"#)),
    ("org: fields, an escape in each name and each value", |len| active_org(len, r#","\n":"\n""#)),
    ("org: fields, nearly of a known name", |len| active_org(len, r#","org_namE":0"#)),
    ("permissions, empty", |len| permissions(len, r#""""#)),
    ("permissions, an escape in each", |len| permissions(len, r#""\n""#)),
    ("permissions, an escape of a quotation mark in each", |len| permissions(len, r#""\"""#)),
    ("refused: an org with a field twice", |len| active_org(len, r#","org_id":"""#)),
    ("orgs without a role", |len| orgs(len, numbers(), NULL_ROLE)),
    ("orgs without a role, an escape in each id", |len| orgs(len, numbers().map(|id| format!(r"\n{id}")), NULL_ROLE)),
    ("small orgs", |len| orgs(len, numbers(), &org("", ""))),
    ("orgs of long names", |len| orgs(len, numbers(), &org(&"x".repeat(1000), ""))),
    ("orgs of long ids", |len| orgs(len, numbers().map(|id| format!("{}{id}", "x".repeat(300))), NULL_ROLE)),
    ("refused: orgs without fields", |len| orgs(len, numbers(), "{}")),
    ("refused: orgs whose ids collide", |len| padded(len, orgs(len, colliding(len, 9), NULL_ROLE))),
    ("orgs with as many colliding ids as possible", |len| padded(len, orgs(len, colliding(len, 3), NULL_ROLE))),
];

/// Returns a token with this header and an invalid signature.
fn unsigned(header: &str) -> String {
    format!("{}.{}", signing_input(header, &claims(200, "", iter::empty(), "")), base64url(&[1; 256]))
}

/// Returns a header with a parameter filled with this, for a token of this length.
fn with_parameter(len: usize, before: &str, piece: &str, after: &str) -> String {
    let len = (len - 600) / 4 * 3 - before.len() - after.len();
    unsigned(&format!(r#"{{"alg":"RS256","a":{before}{}{after}}}"#, piece.repeat(len / piece.len())))
}

/// Names, and values of an `Authorization` header that anyone can write without a key.
const UNSIGNED: &[Case] = &[
    ("unsigned: dots", |len| ".".repeat(len)),
    ("unsigned: no dot", |len| "A".repeat(len)),
    ("unsigned: spaces", |len| " ".repeat(len)),
    ("unsigned: a long payload", |len| {
        format!("{}.{}.{}", base64url(HEADER.as_bytes()), "A".repeat(len), base64url(&[1; 256]))
    }),
    ("unsigned: a long payload, a short signature", |len| {
        format!("{}.{}.{}", base64url(HEADER.as_bytes()), "A".repeat(len), base64url(&[1; 255]))
    }),
    ("unsigned: a long signature", |len| format!("{}.e30.{}", base64url(HEADER.as_bytes()), "A".repeat(len))),
    ("unsigned: white space in the header", |len| with_parameter(len, "", " ", "0")),
    ("unsigned: a long string in the header", |len| with_parameter(len, "\"", "x", "\"")),
    ("unsigned: escapes in the header", |len| with_parameter(len, "\"", r"\n", "\"")),
    ("unsigned: strings in the header", |len| with_parameter(len, "[", r#""","#, "0]")),
    ("unsigned: strings in the header, an escape in each", |len| with_parameter(len, "[", r#""\n","#, "0]")),
    ("unsigned: names in the header, an escape in each", |len| with_parameter(len, "{", r#""\n":0,"#, r#""":0}"#)),
    ("unsigned: digits in the header", |len| with_parameter(len, "[", "0,", "0]")),
    ("unsigned: arrays in the header", |len| {
        with_parameter(len, "[", &format!("{}{},", "[".repeat(126), "]".repeat(126)), "0]")
    }),
    ("unsigned: the most parameters, long and alike", |len| {
        let name = "x".repeat((len - 600) / 4 * 3 / MAX_HEADER_PARAMETERS - 8);
        let names = (1..MAX_HEADER_PARAMETERS).map(|i| format!(r#","{name}{i:02}":0"#));
        unsigned(&format!(r#"{{"alg":"RS256"{}}}"#, names.collect::<String>()))
    }),
];

/// Names, and PEM texts of the given length.
const KEYS: &[Case] = &[
    ("plain: white space around it", |len| format!("{:len$}", RSA_2048.public_pem)),
    ("line ends as two characters", |len| format!("{}{}", r"\n".repeat((len - 500) / 2), RSA_2048.public_pem)),
    ("one character a line", |len| {
        let mut key: String = RSA_2048.public_pem.lines().filter(|line| !line.starts_with('-')).collect();
        key = key.chars().flat_map(|character| [character, '\n']).collect();
        format!("{:len$}", format!("-----BEGIN PUBLIC KEY-----\n{key}-----END PUBLIC KEY-----"))
    }),
    ("much base64", |len| format!("-----BEGIN PUBLIC KEY-----\n{}", "A".repeat(len - 30))),
    ("beginnings", |len| "-----BEGIN PUBLIC KEY----".repeat(len / 25)),
    ("hyphens", |len| "-".repeat(len)),
];
