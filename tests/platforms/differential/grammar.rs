//! Random tokens: a valid one from a grammar, then up to two faults.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::json::{Json, Member, Spelling, member, null, raw, text, texts};
use super::signer::{ISSUER, NOW};
use super::tokens::{Ask, Carrier, Case, Change, Damage, Encoding, Fault, Signature};

const ORG_IDS: [&str; 5] = ["1189c444-8a2d", "org-2", "örg/3", "", "no-such-org"];
const ORG_NAMES: [&str; 4] = ["Acme", "Ümläut & \"Co\"", "", "Nobody"];
const ROLES: [&str; 5] = ["Owner", "Admin", "Member", "Rédacteur", ""];
const PERMISSIONS: [&str; 5] = ["billing::view", "billing::edit", "p", "\u{1f600}", ""];
const NAMES: [&str; 6] = ["ada", "", "日本語", "a\"b\\c/d", "\u{0}\u{1f}\u{7f}\u{2028}", "\u{1f468}\u{200d}\u{1f680}"];
const LOGIN_METHODS: [&str; 9] = [
    "password",
    "magic_link",
    "social_sso",
    "email_confirmation_link",
    "saml_sso",
    "impersonation",
    "generated_from_backend_api",
    "unknown",
    "passkey",
];
const PROVIDERS: [&str; 6] = ["Google", "GitHub", "QuickBooks Online", "Okta", "Generic", "Facebook"];

pub fn cases() -> impl Strategy<Value = Case> {
    let carriers = prop_oneof![
        9 => Just(("Bearer ", "")),
        1 => select(vec![
            ("bearer ", ""), ("BEARER ", ""), ("beaRer ", ""), ("Bearer  ", ""), (" Bearer ", ""), ("Bearer\t", ""),
            ("Bearer", ""), ("", ""), ("Token ", ""), ("Bearer: ", ""), ("Bearer ", " "), ("Bearer ", "\n"),
            ("Bearer ", "\t"), ("Bearer ", ", Bearer x"), ("Bearer ", "\u{a0}"), ("\u{feff}Bearer ", ""),
        ]),
    ];
    let damage = (
        any::<Index>(),
        0usize..3,
        select(vec!["", "A", "=", "==", ".", "..", "+", "/", "-", "_", " ", "\n", "é", "\0", "%", ","]),
    );
    let damage = damage.prop_map(|(place, removed, inserted)| Damage { place, removed, inserted });
    (
        (claims(), vec(fault(), 0..=2), jose_header(), rarely(header_fault())),
        rarely(select(vec![
            Encoding::Spaced,
            Encoding::Utf8WithMark,
            Encoding::Utf16,
            Encoding::Utf32,
            Encoding::NotUtf8,
            Encoding::CutShort,
            Encoding::Twice,
        ])),
        rarely(select(vec![
            Signature::OfAnotherKey,
            Signature::OfOtherText,
            Signature::FlippedBit,
            Signature::Empty,
            Signature::ByteShort,
            Signature::ByteLong,
        ])),
        rarely(damage),
        option::weighted(0.99, carriers),
        ask(),
    )
        .prop_map(|((mut claims, faults, mut header, header_fault), encoding, signature, damage, carrier, ask)| {
            faults.iter().for_each(|fault| fault.apply(&mut claims));
            header_fault.iter().for_each(|fault| fault.apply(&mut header));
            let (scheme, end) = carrier.unzip();
            Case {
                header,
                claims,
                encoding: encoding.unwrap_or(Encoding::Utf8),
                signature: signature.unwrap_or(Signature::Good),
                damage,
                carrier: Carrier { scheme, end: end.unwrap_or("") },
                ask,
            }
        })
}

fn rarely<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    option::weighted(0.05, strategy)
}

fn ask() -> impl Strategy<Value = Ask> {
    let permissions = vec(select(&PERMISSIONS[..]), 0..3);
    let by_header = select(&["member", "at_least_role", "role", "permission", "all_permissions"][..]);
    (
        select(&ORG_IDS[..]),
        select(&ORG_NAMES[..]),
        select(&ROLES[..]),
        select(&PERMISSIONS[..]),
        permissions,
        select(&["p", "q", ""][..]),
        by_header,
    )
        .prop_map(|(org_id, org_name, role, permission, permissions, property, by_header)| Ask {
            org_id,
            org_name,
            role,
            permission,
            permissions,
            property,
            by_header,
        })
}

fn jose_header() -> impl Strategy<Value = Json> {
    let optional = |name, value| option::of(Just(member(name, text(value))));
    (optional("typ", "JWT"), optional("kid", "k-1"), optional("x", "y")).prop_map(|(typ, kid, other)| {
        let alg = member("alg", text("RS256"));
        Json::Object([Some(alg), typ, kid, other].into_iter().flatten().collect())
    })
}

fn name() -> impl Strategy<Value = Json> {
    let spelling = prop_oneof![8 => Just(Spelling::Plain), 1 => Just(Spelling::First), 1 => Just(Spelling::Every)];
    (select(&NAMES[..]), spelling).prop_map(|(name, spelling)| Json::Text(name.to_owned(), spelling))
}

/// The member with a name, with null, or missing.
fn optional_name(name_of_member: &'static str) -> impl Strategy<Value = Option<Member>> {
    prop_oneof![2 => Just(None), 3 => name().prop_map(Some), 1 => Just(Some(null()))]
        .prop_map(move |value| value.map(|value| member(name_of_member, value)))
}

fn claims() -> impl Strategy<Value = Json> {
    let names = ["email", "first_name", "last_name", "username", "legacy_user_id", "impersonator_user_id"];
    let names = names.map(optional_name);
    let date = |around: i64| (-70i64..=70).prop_map(move |offset| raw(NOW + around + offset));
    let dates = prop_oneof![
        6 => Just((raw(NOW), raw(NOW + 1800))),
        1 => (date(0), date(60)), 1 => (date(60), Just(raw(NOW + 1800))), 1 => (Just(raw(NOW - 1800)), date(-60)),
    ];
    let user_id = select(&NAMES[..]).prop_map(|name| text(if name.is_empty() { "u" } else { name }));
    (
        user_id,
        dates,
        names,
        rarely(select(vec!["sub", "jti"])),
        option::of(properties()),
        option::of(login_method()),
        orgs(),
        any::<bool>(),
    )
        .prop_map(
            |(user_id, (iat, exp), names, registered, properties, login_method, (active, orgs), reversed)| {
                let mut claims = vec![
                    member("user_id", user_id),
                    member("iss", text(ISSUER)),
                    member("iat", iat),
                    member("exp", exp),
                ];
                claims.extend(names.into_iter().flatten());
                claims.extend(registered.map(|name| member(name, text("u"))));
                claims.extend(properties.map(|properties| member("properties", properties)));
                claims.extend(login_method.map(|method| member("login_method", method)));
                claims.extend(active.map(|org| member("org_member_info", org)));
                claims.extend(orgs.map(|orgs| member("org_id_to_org_member_info", orgs)));
                if reversed {
                    claims.reverse();
                }
                Json::Object(claims)
            },
        )
}

fn login_method() -> impl Strategy<Value = Json> {
    (select(&LOGIN_METHODS[..]), select(&PROVIDERS[..4]), select(&ORG_IDS[..])).prop_map(
        |(method, provider, org_id)| {
            let mut members = vec![member("login_method", text(method))];
            let provider = if method == "saml_sso" && provider == "GitHub" { "Duo" } else { provider };
            let provider = if method == "social_sso" && provider == "Okta" { "Xero" } else { provider };
            members.extend(method.ends_with("_sso").then(|| member("provider", text(provider))));
            members.extend((method == "saml_sso").then(|| member("org_id", text(org_id))));
            Json::Object(members)
        },
    )
}

/// The active org and the map of all orgs.
fn orgs() -> impl Strategy<Value = (Option<Json>, Option<Json>)> {
    let map = vec(org(), 0..4).prop_map(|orgs| {
        let mut members: Vec<Member> = Vec::new();
        for (id, org) in orgs {
            if !members.iter().any(|((other, _), _)| other == id) {
                members.push(member(id, org));
            }
        }
        Json::Object(members)
    });
    let active = prop_oneof![
        8 => org().prop_map(|(_, org)| Some(org)), 1 => Just(Some(null())), 1 => Just(Some(Json::Object(Vec::new()))),
    ];
    (
        prop_oneof![2 => Just(None), 1 => active],
        prop_oneof![1 => Just(None), 8 => map.prop_map(Some), 1 => Just(Some(null()))],
    )
}

fn org() -> impl Strategy<Value = (&'static str, Json)> {
    let some =
        |of: &'static [&'static str]| proptest::sample::subsequence(of, 0..=of.len()).prop_map(|some| texts(&some));
    let metadata = prop_oneof![4 => Just(Json::Object(Vec::new())), 2 => properties(), 1 => Just(null())];
    let role = prop_oneof![12 => select(&ROLES[..]).prop_map(text), 1 => Just(null())];
    let structure = select(&["single_role_in_hierarchy", "multi_role", "Multi_Role", ""][..]);
    let old = prop_oneof![1 => Just(None), 4 => (structure, some(&ROLES), any::<bool>()).prop_map(Some)];
    (
        select(&ORG_IDS[..]),
        select(&ORG_IDS[..4]),
        select(&ORG_NAMES[..3]),
        metadata,
        role,
        some(&ROLES),
        some(&PERMISSIONS),
        old,
        optional_name("legacy_org_id"),
    )
        .prop_map(|(key, id, name, metadata, role, inherited, permissions, newer, legacy)| {
            let mut fields = vec![
                // Key and id are equal, unless a fault is inserted.
                member("org_id", text(if key == "no-such-org" { id } else { key })),
                member("org_name", text(name)),
                member("url_safe_org_name", text(name)),
                member("org_metadata", metadata),
                member("user_role", role),
                member("inherited_user_roles_plus_current_role", inherited),
                member("user_permissions", permissions),
            ];
            if let Some((structure, roles, null_roles)) = newer {
                fields.push(member("org_role_structure", text(structure)));
                fields
                    .push(member("additional_roles", if null_roles && structure.is_empty() { null() } else { roles }));
            }
            fields.extend(legacy);
            (key, Json::Object(fields))
        })
}

fn properties() -> impl Strategy<Value = Json> {
    let value = prop_oneof![
        name(),
        select(vec![
            "1",
            "-0",
            "1.50",
            "1e3",
            "18446744073709551615",
            "-9223372036854775808",
            "0.1",
            "true",
            "null",
            "[]"
        ])
        .prop_map(raw)
    ];
    let value = value.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Json::Array),
            vec((select(&["a", "b\"", "ü"][..]), inner), 0..2).prop_map(|members| {
                Json::Object(members.into_iter().map(|(name, value)| member(name, value)).collect())
            }),
        ]
    });
    vec((select(&["p", "q", "", "user_id"][..]), value), 0..4)
        .prop_map(|members| Json::Object(members.into_iter().map(|(name, value)| member(name, value)).collect()))
}

const DATES: &[&str] = &["exp", "iat", "nbf"];
const CLAIMS: &[&str] = &[
    "user_id",
    "iss",
    "exp",
    "iat",
    "nbf",
    "sub",
    "jti",
    "aud",
    "email",
    "first_name",
    "last_name",
    "username",
    "legacy_user_id",
    "impersonator_user_id",
    "properties",
    "login_method",
    "org_member_info",
    "org_id_to_org_member_info",
    "another",
];
const ORG_FIELDS: &[&str] = &[
    "org_id",
    "org_name",
    "url_safe_org_name",
    "org_metadata",
    "user_role",
    "inherited_user_roles_plus_current_role",
    "user_permissions",
    "org_role_structure",
    "additional_roles",
    "legacy_org_id",
    "another",
    "*",
];
const LOGIN_FIELDS: &[&str] = &["login_method", "provider", "org_id"];

fn fault() -> impl Strategy<Value = Fault> {
    let name = prop_oneof![select(&LOGIN_METHODS[..]).prop_map(text), select(&PROVIDERS[..]).prop_map(text)];
    prop_oneof![
        5 => faults_of(&[], CLAIMS, odd_value()),
        2 => faults_of(&[], DATES, odd_date()),
        2 => faults_of(&["org_id_to_org_member_info", "*"], ORG_FIELDS, odd_value()),
        2 => faults_of(&["org_member_info"], ORG_FIELDS, odd_value()),
        1 => faults_of(&["org_id_to_org_member_info"], &["*"], odd_value()),
        1 => faults_of(&["properties"], &["p"], odd_value()),
        1 => faults_of(&["login_method"], LOGIN_FIELDS, odd_value()),
        1 => faults_of(&["login_method"], LOGIN_FIELDS, name.boxed()),
    ]
}

/// A change to one of these members of the object at a path.
fn faults_of(
    object: &'static [&'static str],
    members: &'static [&'static str],
    value: impl Strategy<Value = Json> + Clone,
) -> impl Strategy<Value = Fault> {
    (select(members), change(value)).prop_map(move |(name, change)| Fault { path: [object, &[name]].concat(), change })
}

fn header_fault() -> impl Strategy<Value = Fault> {
    let known = select(vec!["RS256", "rs256", "RS512", "HS256", "none", "JWT", "at+jwt"]).prop_map(text);
    let value = prop_oneof![known, Just(texts(&["b64"])), Just(raw("true")), Just(raw("false")), odd_value()];
    faults_of(&[], &["alg", "typ", "kid", "crit", "b64", "jku", "another"], value.boxed())
}

fn change(value: impl Strategy<Value = Json> + Clone) -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => Just(Change::Remove),
        1 => select(vec![Spelling::First, Spelling::Every]).prop_map(Change::Respell),
        1 => select(vec![30usize, 33, 250, 257]).prop_map(Change::Crowd),
        8 => value.clone().prop_map(Change::Set),
        3 => value.prop_map(Change::Repeat),
    ]
}

/// A value of any type, common or not, or text that is not JSON.
fn odd_value() -> impl Strategy<Value = Json> + Clone {
    let raws = vec![
        "null",
        "true",
        "false",
        "0",
        "-1",
        "-0",
        "1.0",
        "1.5",
        "1e2",
        "1E400",
        "-1e400",
        "18446744073709551616",
        "123456789012345678901234567890",
        "NaN",
        "Infinity",
        "-Infinity",
        "01",
        ".5",
        "+1",
        "1.",
        "0x1",
        "'a'",
        "undefined",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "\"\\x\"",
        "\"\t\"",
        "\"\\u00e9\"",
        "\"\u{7f}\"",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "//",
        "",
    ];
    let of_names = select(vec![texts(&[]), texts(&["Admin"]), texts(&["Admin", "Admin"]), texts(&["p", ""])]);
    let mixed =
        select(vec!["[null]", "[\"Admin\",1]", "[[\"Admin\"]]", "[\"\\ud800\"]", "{\"Admin\":1}", "{\"\":null}", "{}"]);
    let shared =
        select(vec!["Admin", "multi_role", "org-2", "", ISSUER, "https://auth.acme-example.com/", "1760000000"]);
    let deep = select(vec![100usize, 124, 125, 126, 127, 128, 129, 130, 500]);
    let digits = select(vec![300usize, 4299, 4300, 4301, 5000]);
    prop_oneof![
        8 => select(raws).prop_map(raw),
        3 => shared.prop_map(text),
        2 => name(),
        2 => of_names,
        2 => mixed.prop_map(raw),
        1 => deep.prop_map(|levels| raw(format!("{}{}", "[".repeat(levels), "]".repeat(levels)))),
        1 => digits.prop_map(|digits| raw("7".repeat(digits))),
    ]
    .boxed()
}

fn odd_date() -> impl Strategy<Value = Json> + Clone {
    let raws = vec![
        "1760000000",
        "1.76e9",
        "1760000000.0",
        "1760000000.9",
        "1759999940.5",
        "1759999940",
        "1759999941",
        "1760000060",
        "1760000060.99",
        "1760000061",
        "1759999940.99999999",
        "1760000060.99999999999",
        "176000000e1",
        "17600000001e-1",
        "1e30",
        "1e400",
        "-1e400",
        "1e-400",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "1.7976931348623157e308",
        "-1",
        "-0",
        "0",
        "\"1760000000\"",
        "\" 1760000000 \"",
        "\"1_760_000_000\"",
        "\"1e10\"",
        "\"\"",
        "true",
        "false",
        "null",
        "[]",
        "NaN",
        "Infinity",
        "-Infinity",
        "9007199254740993",
        "0.1e11",
    ];
    let near = (-62i64..=62).prop_map(|offset| NOW + offset);
    prop_oneof![
        4 => select(raws).prop_map(raw),
        2 => near.clone().prop_map(raw),
        1 => near.clone().prop_map(|date| raw(format!("{date}.5"))),
        1 => near.prop_map(|date| raw(format!("{}", date as f64 / 10.0) + "e1")),
        1 => select(vec![4300usize, 4301]).prop_map(|digits| raw("7".repeat(digits))),
    ]
    .boxed()
}
