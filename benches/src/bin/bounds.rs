//! How much work can a token cause? Tokens made to be costly, in three sizes, and the instructions that each takes.
//!
//! The program runs itself under callgrind, and fails unless work grows as the size does and no token costs more than
//! [`MOST`] times the plain one of its size. Nothing here depends on the clock or on chance.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::Command;
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

/// Octets of the tokens. All headers of a request to a Worker have the last together.
const SIZES: [usize; 3] = [32 << 10, 64 << 10, 128 << 10];

/// Times the work of the plain token of the same size that a token may cost.
const MOST: f64 = 4.0;

/// Times the work of the step from the first size to the second that the next step, of twice as many octets, may cost:
/// 2 if work is linear, 4 if it is quadratic. Where ids fall in a hash table is not quite linear.
const MOST_GROWTH: f64 = 2.25;

/// What is measured, the first of the cases being the plain one.
const WHOLE: &str = "whole verification";
const REST: &str = "all but the header and the signature";
const KEY: &str = "reading a key, an eighth of the size";
/// Of users who are verified. It allocates, so that only its growth has a bound, and a wider one, as vectors copy when
/// they grow.
const OWNED: &str = "an owned copy of the user";

/// Rows to print of each: the costliest.
const SHOWN: usize = 10;

fn main() {
    if env::args().nth(1).as_deref() == Some("run") { run_all() } else { check(&count()) }
}

/// What is counted.
#[unsafe(no_mangle)]
#[inline(never)]
fn counted(run: &mut dyn FnMut()) {
    run();
}

/// Tells what it runs, and runs it.
fn run(measure: &str, case: &str, mut run: impl FnMut()) {
    println!("{measure}: {case}");
    counted(&mut run);
}

/// Instructions of each case in each size, by what is measured.
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

fn check(counts: &Counts) {
    assert_eq!(counts.len(), 4);
    let mut beyond = Vec::new();
    for (measure, cases) in counts {
        let plain = cases[0].1[SIZES.len() - 1] as f64;
        let (most, most_growth, least_step) =
            if measure == OWNED { (f64::INFINITY, 3.0, 10_000) } else { (MOST, MOST_GROWTH, 5_000) };
        let mut rows = Vec::new();
        for (case, counts) in cases {
            let [small, middle, large] = counts[..] else { panic!("{case}: {counts:?}") };
            // A few thousand instructions are no trend.
            let growth = large.saturating_sub(middle) as f64 / middle.saturating_sub(small).max(least_step) as f64;
            let times = large as f64 / plain;
            if growth > most_growth || times > most {
                beyond.push(format!("{measure}, {case}: {counts:?}, {times:.2} times the plain one"));
            }
            rows.push((large, vec![case.clone(), large.to_string(), format!("{times:.2}"), format!("{growth:.2}")]));
        }
        let (_, plain) = rows.remove(0);
        rows.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let shown = iter::once(plain).chain(rows.into_iter().map(|(_, row)| row).take(SHOWN));
        let title = format!("Instructions, {measure}: the costliest of {}", cases.len());
        print(&title, &["", "128 KiB", "plain = 1", "growth: linear = 2"], shown.collect::<Vec<_>>());
    }
    assert!(beyond.is_empty(), "{beyond:#?}");
}

fn run_all() {
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
            run(WHOLE, name, || {
                black_box(verifier.validate_access_token(&token, now, &mut buffer).is_ok());
            });
            if passes.is_ok() {
                run(REST, name, || {
                    let user = verifier.validate_access_token_cached(&token, now, &mut buffer, &mut cache);
                    black_box(user.is_ok());
                });
                let user = verifier.validate_access_token(&token, now, &mut buffer).expect("a user");
                run(OWNED, name, || {
                    black_box(user.to_owned());
                });
            }
        }
    }
    for (name, header) in UNSIGNED {
        for size in SIZES {
            let header = format!("Bearer {}", header(size - OVERHEAD));
            assert!(header.len() <= size && header.len() > size * 9 / 10, "{name}: {}", header.len());
            run(WHOLE, name, || {
                assert!(verifier.validate_access_token_and_get_user(&*header, now, &mut buffer).is_err());
            });
        }
    }
    for (name, key) in KEYS {
        for size in SIZES {
            let key = key(size / 8);
            run(KEY, name, || {
                black_box(VerifyingKey::from_public_key_pem(&key).is_ok());
            });
        }
    }
}

/// A name, and a text of so many octets.
type Case = (&'static str, fn(usize) -> String);

const HEADER: &str = r#"{"alg":"RS256"}"#;

/// Octets of a token besides its payload, in base64url, and a few to spare.
const OVERHEAD: usize = 400;

fn signing_input(header: &str, payload: &str) -> String {
    format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()))
}

fn base64url(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}

/// Claims that pass, with more members, each behind a comma; about as many octets as `len` says.
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
    // In a list, the last one has no comma behind it.
    let middle = if after.is_empty() { &middle } else { middle.trim_end_matches(',') };
    format!("{start}{middle}{end}")
}

/// Claims filled with one piece again and again.
fn filled(len: usize, before: &str, piece: &str, after: &str) -> String {
    claims(len, before, iter::repeat(piece.to_owned()), after)
}

/// Elements of an array in free-form text.
fn elements(len: usize, element: &str) -> String {
    filled(len, r#","properties":{"a":["#, &format!("{element},"), "]}")
}

fn email(len: usize, characters: &str) -> String {
    filled(len, r#","email":"\n"#, characters, r#"""#)
}

fn login_method(len: usize, member: &str) -> String {
    filled(len, r#","login_method":{"provider":null"#, member, " }")
}

/// An org all of whose lists are empty; `more` are other members.
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

/// Numbers of which the index of the orgs, in a payload of exactly `len` octets, puts the first into one place: so many
/// that it takes half as many steps a slot as `twice_the_steps` says.
fn colliding(len: usize, twice_the_steps: usize) -> impl Iterator<Item = String> {
    let fnv1a =
        |id: &str| id.bytes().fold(0x811c_9dc5_u32, |hash, octet| (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193));
    let slots = len / 16;
    let of_one_place = numbers().filter(move |id| (fnv1a(id) as usize).is_multiple_of(slots));
    of_one_place.take((twice_the_steps * slots).isqrt()).chain(numbers().map(|id| format!("x{id}")))
}

/// So many octets, by white space at the end.
fn padded(len: usize, claims: String) -> String {
    let blanks = " ".repeat(len - claims.len());
    claims + &blanks
}

const NULL_ROLE: &str = r#"{"user_role":null}"#;

/// Names and payloads of so many octets.
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
    ("escapes of one octet", |len| email(len, r"\u0041")),
    ("escapes of two octets", |len| email(len, r"\u00e9")),
    ("escapes of three octets", |len| email(len, r"\u20ac")),
    ("escapes of four octets", |len| email(len, r"\ud83d\ude00")),
    ("an escape before a long string", |len| email(len, "x")),
    ("an escape for every letter", |len| email(len, r"\nx")),
    ("an escape for every umlaut", |len| email(len, r"\nä")),
    ("letters of two octets", |len| email(len, "ä")),
    ("letters of two octets and one", |len| email(len, "aä")),
    ("letters of three octets", |len| email(len, "€")),
    ("letters of four octets", |len| email(len, "😀")),
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
    ("orgs of whose ids as many collide as may", |len| padded(len, orgs(len, colliding(len, 3), NULL_ROLE))),
];

/// A token of this header before a signature that is no good.
fn unsigned(header: &str) -> String {
    format!("{}.{}", signing_input(header, &claims(200, "", iter::empty(), "")), base64url(&[1; 256]))
}

/// A header with a parameter filled with this, for a token of so many octets.
fn with_parameter(len: usize, before: &str, piece: &str, after: &str) -> String {
    let len = (len - 600) / 4 * 3 - before.len() - after.len();
    unsigned(&format!(r#"{{"alg":"RS256","a":{before}{}{after}}}"#, piece.repeat(len / piece.len())))
}

/// Names and what anybody can write without a key: values of an `Authorization` header.
const UNSIGNED: &[Case] = &[
    ("unsigned: dots", |len| ".".repeat(len)),
    ("unsigned: no dot", |len| "A".repeat(len)),
    ("unsigned: spaces", |len| " ".repeat(len)),
    ("unsigned: a long payload", |len| {
        format!("{}.{}.{}", base64url(HEADER.as_bytes()), "A".repeat(len), base64url(&[1; 256]))
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

/// Names and PEM texts of so many octets.
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
