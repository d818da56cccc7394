//! Properties of the whole verdict: what changes refuses, what is merely unusual passes, nothing panics.

#![allow(clippy::unwrap_used, reason = "tests")]

mod published;

use std::{
    collections::HashSet,
    sync::{Arc, LazyLock},
};

use aws_lc_rs::{rand::SystemRandom, rsa::KeyPair, signature::RSA_PKCS1_SHA256};
use jsonwebtoken::{Algorithm as Other, DecodingKey, Validation};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tenantry_token::{Credentials, FixedList, TenantId, UnixTime, Untrusted, Verifier};

const NOW: i64 = 1_767_225_600;
const CONTOSO: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const API: &str = "bbbbbbbb-0000-4000-8000-000000000001";

fn verifier() -> &'static Verifier {
    static BASE: LazyLock<Verifier> =
        LazyLock::new(|| published::world().verifiers().remove("base").unwrap());
    &BASE
}

fn now() -> UnixTime {
    UnixTime::from_secs(NOW)
}

fn is_accepted(verifier: &Verifier, token: &str) -> bool {
    verifier.verify(Credentials::bearer(token), now()).is_ok()
}

/// Signs with the first key of `world.json`.
struct Signer(KeyPair);

impl Signer {
    fn read() -> Self {
        let pem = std::fs::read_to_string(format!("{}/keys/entra-1.pem", published::FOLDER)).unwrap();
        let body = pem.split("-----").nth(2).unwrap().replace('\n', "");
        let pkcs8 = base64_simd::STANDARD.decode_to_vec(body).unwrap();
        Self(KeyPair::from_pkcs8(&pkcs8).unwrap())
    }

    fn sign(&self, header: &str, claims: &str) -> String {
        let encode = |bytes: &[u8]| base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes);
        let signed = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", encode(&signature))
    }
}

/// The token of these claims.
fn sign(claims: &str) -> String {
    sign_with(HEADER, claims)
}

fn sign_with(header: &str, claims: &str) -> String {
    static SIGNER: LazyLock<Signer> = LazyLock::new(Signer::read);
    SIGNER.sign(header, claims)
}

const HEADER: &str = r#"{"typ":"JWT","alg":"RS256","kid":"entra-1"}"#;

fn good_claims() -> Map<String, Value> {
    let Value::Object(claims) = json!({
        "aud": API,
        "iss": format!("https://login.microsoftonline.com/{CONTOSO}/v2.0"),
        "tid": CONTOSO,
        "ver": "2.0",
        "exp": NOW + 3600,
        "nbf": NOW - 5,
        "azp": "cccccccc-0000-4000-8000-000000000001",
        "oid": "dddddddd-0000-4000-8000-000000000001",
        "sub": "subject",
        "scp": "access_as_user",
    }) else {
        unreachable!()
    };
    claims
}

/// Every edit of one character at `at`: other characters, none, one more, the same twice.
fn edits(token: &str, at: usize) -> impl Iterator<Item = String> + '_ {
    let (before, rest) = token.split_at(at);
    let (here, after) = rest.split_at(1);
    let next = char::from(here.as_bytes()[0] ^ 1).to_string();
    let others = ["A", "B", "9", "-", "_", ".", "=", "+", " ", "\0", "\u{e9}"].map(str::to_owned);
    let replaced = others.clone().into_iter().chain([next, String::new(), here.repeat(2)]);
    let replaced =
        replaced.filter(move |other| other != here).map(move |other| format!("{before}{other}{after}"));
    let inserted = ["A", ".", "=", "\n"].map(move |other| format!("{before}{other}{rest}"));
    replaced.chain(inserted)
}

/// T-002, T-010.
#[test]
fn every_edit_of_one_character_is_refused() {
    let verifier = verifier();
    let token = published::vector("issuer/v2").token.unwrap();
    assert!(is_accepted(verifier, &token));
    let mut tried = 0;
    for at in 0..token.len() {
        for edited in edits(&token, at) {
            assert!(!is_accepted(verifier, &edited), "ACCEPTED after an edit at {at}: {edited}");
            tried += 1;
        }
    }
    for end in ["A", "AA", "=", ".", "\n", " ", "\0"] {
        assert!(!is_accepted(verifier, &format!("{token}{end}")), "{end:?}");
    }
    println!("{tried} edits refused");
}

/// T-010: the same for bits of the decoded signature and its neighbours.
#[test]
fn every_bit_of_the_signature_counts() {
    let verifier = verifier();
    let token = published::vector("issuer/v2").token.unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let signature = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(signature).unwrap();
    for bit in 0..signature.len() * 8 {
        let mut flipped = signature.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let flipped = base64_simd::URL_SAFE_NO_PAD.encode_to_string(flipped);
        assert!(!is_accepted(verifier, &format!("{signed}.{flipped}")), "bit {bit}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Names that fold to none of the claims that we know.
fn unknown_claims() -> impl Strategy<Value = Vec<(String, Value)>> {
    let named = ("x_[a-zA-Zé\u{1f980}\"\\\\\n]{1,8}", any_json());
    prop::collection::vec(named, 0..12).prop_map(|claims| {
        let mut names = HashSet::new();
        claims.into_iter().filter(|(name, _)| names.insert(name.clone())).collect()
    })
}

/// Members in this order, with this white space between them, and names escaped where `escape` says.
fn spelled(members: &[(String, Value)], space: &str, escape: bool) -> String {
    let name = |name: &str| {
        if escape && name.is_ascii() {
            let escaped: String = name.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
            format!("\"{escaped}\"")
        } else {
            Value::from(name).to_string()
        }
    };
    let members: Vec<_> =
        members.iter().map(|(n, value)| format!("{}{space}:{space}{value}", name(n))).collect();
    format!("{space}{{{space}{}{space}}}{space}", members.join(&format!("{space},{space}")))
}

fn shuffled_claims() -> impl Strategy<Value = Vec<(String, Value)>> {
    unknown_claims().prop_flat_map(|unknown| {
        let all: Vec<_> = good_claims().into_iter().chain(unknown).collect();
        Just(all).prop_shuffle()
    })
}

/// Claims that may be wrong in one place: missing, of another type, of another value.
fn perhaps_wrong_claims() -> impl Strategy<Value = Map<String, Value>> {
    let names: Vec<_> = good_claims().keys().cloned().collect();
    let values = prop_oneof![
        any_json(),
        (NOW - 200..NOW + 200).prop_map(Value::from),
        Just(json!([API])),
        Just(json!([API, "other"])),
        Just(json!("1767229200")),
    ];
    (prop::sample::select(names), prop::option::of(values), any::<bool>()).prop_map(|(name, value, keep)| {
        let mut claims = good_claims();
        match value {
            _ if keep => {}
            Some(value) => drop(claims.insert(name, value)),
            None => drop(claims.remove(&name)),
        }
        claims
    })
}

/// The other library under settings as equal as it has them. Its clock is the machine's, so dates stay ours.
fn other_accepts(token: &str) -> bool {
    static KEY: LazyLock<DecodingKey> = LazyLock::new(|| {
        let world = published::world();
        let member = |name: &str| world.key_documents[0].jwks["keys"][0][name].as_str().unwrap().to_owned();
        DecodingKey::from_rsa_components(&member("n"), &member("e")).unwrap()
    });
    let mut settings = Validation::new(Other::RS256);
    settings.validate_exp = false;
    settings.set_audience(&[API, "api://tasks.example"]);
    settings.set_issuer(&[format!("https://login.microsoftonline.com/{CONTOSO}/v2.0")]);
    settings.set_required_spec_claims(&["exp", "aud", "iss"]);
    jsonwebtoken::decode::<Value>(token, &KEY, &settings).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// T-004: unknown members, any order, white space, escapes, nulls and big numbers.
    #[test]
    fn legal_oddities_are_accepted(
        claims in shuffled_claims(),
        space in "[ \t\r\n]{0,3}",
        escape in any::<bool>(),
    ) {
        let token = sign(&spelled(&claims, &space, escape));
        let verdict = verifier().verify(Credentials::bearer(&token), now());
        prop_assert!(verdict.is_ok(), "{:?}", verdict.err());
        prop_assert!(other_accepts(&token));
    }

    /// Differential: whatever we accept, `jsonwebtoken` accepts under equal settings.
    #[test]
    fn the_other_library_accepts_what_we_accept(claims in perhaps_wrong_claims()) {
        let token = sign(&Value::Object(claims).to_string());
        if is_accepted(verifier(), &token) {
            prop_assert!(other_accepts(&token), "we alone accept {token}");
        }
    }

    /// T-002: what is accepted is the one spelling of its bytes.
    #[test]
    fn accepted_tokens_encode_to_themselves(claims in perhaps_wrong_claims()) {
        const BASE64URL: base64_simd::Base64 = base64_simd::URL_SAFE_NO_PAD;
        let token = sign(&Value::Object(claims).to_string());
        if is_accepted(verifier(), &token) {
            let again: Vec<_> = token
                .split('.')
                .map(|part| BASE64URL.encode_to_string(BASE64URL.decode_to_vec(part).unwrap()))
                .collect();
            prop_assert_eq!(again.join("."), token);
        }
    }

    /// T-011: a tenant off the list never comes in, however good its token.
    #[test]
    fn unlisted_tenants_are_refused(bytes in any::<[u8; 16]>(), listed in prop::collection::vec(any::<[u8; 16]>(), 0..5)) {
        let id = |bytes: [u8; 16]| {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
        };
        let (tenant, base) = (id(bytes), verifier());
        let list = listed.into_iter().filter(|other| *other != bytes);
        let list = FixedList::new(list.map(|other| id(other).parse::<TenantId>().unwrap()));
        let strict = Verifier::new(base.policy().clone(), Arc::new(list), base.keys().clone());
        let mut claims = good_claims();
        claims["tid"] = json!(tenant);
        claims["iss"] = json!(format!("https://login.microsoftonline.com/{tenant}/v2.0"));
        let token = sign(&Value::Object(claims).to_string());
        let refused = strict.verify(Credentials::bearer(&token), now()).unwrap_err();
        prop_assert_eq!(refused.code(), "tenant");
    }

    /// T-001, T-015: any claims at all, well signed, at any time: a verdict, and never a panic.
    #[test]
    fn any_claims_get_a_verdict(value in any_json(), name in "(exp|nbf|iat|aud|iss|tid|ver|oid|sub|idp|acct|azp|scp|roles|idtyp|cnf)", at in any::<i64>()) {
        let mut claims = good_claims();
        claims.insert(name, value);
        let token = sign(&Value::Object(claims).to_string());
        let verifier = verifier();
        let (credentials, time) = (Credentials::bearer(&token), UnixTime::from_secs(at));
        let verdict = verifier.verify(credentials, time);
        let told = verifier.explain(credentials, time);
        prop_assert_eq!(told.is_accepted(), verdict.is_ok());
    }
}

fn is_one_printable_line(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' '..='~' | '…'))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// T-003: any bytes at all, as a field and as a token.
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let field = [b"Bearer ", &*bytes].concat();
        for fields in [&[&*bytes][..], &[&*field], &[&*bytes, &*field]] {
            let credentials = Credentials::from_fields(fields.iter().copied());
            prop_assert!(verifier().verify(credentials, now()).is_err());
            prop_assert!(!verifier().explain(credentials, now()).is_accepted());
        }
        tenantry_token::fuzzing::header(&bytes);
        tenantry_token::fuzzing::claims(&bytes);
    }

    /// Row 32, T-113.
    #[test]
    fn untrusted_text_is_one_printable_line(text in any::<String>()) {
        let shown = Untrusted::new(&text);
        prop_assert!(is_one_printable_line(&shown.to_string()), "{shown}");
        let debug = format!("{shown:?}");
        prop_assert!(is_one_printable_line(&debug), "{debug}");
    }

    /// Row 32, T-113: what a token says reaches the operator escaped, at whichever step it fails.
    #[test]
    fn rejections_are_one_printable_line(text in any::<String>(), place in 0_usize..10) {
        let hostile = format!("\u{1b}[31m\r\n<b>{text}");
        let (mut header, mut claims) = (json!({"alg": "RS256", "kid": "entra-1"}), good_claims());
        match place {
            0 => header["alg"] = json!(hostile),
            1 => header["kid"] = json!(hostile),
            2 => claims["iss"] = json!(hostile),
            3 => claims["tid"] = json!(hostile),
            4 => claims["ver"] = json!(hostile),
            5 => header["typ"] = json!(hostile),
            6 => claims["oid"] = json!(hostile),
            7 => claims["azp"] = json!([hostile]),
            8 => drop(claims.insert("idtyp".into(), json!(hostile))),
            _ => claims["aud"] = json!(hostile),
        }
        let token = sign_with(&header.to_string(), &Value::Object(claims).to_string());
        let refused = verifier().verify(Credentials::bearer(&token), now()).unwrap_err().to_string();
        prop_assert!(is_one_printable_line(&refused), "{refused}");
        for step in verifier().explain(Credentials::bearer(&token), now()).steps {
            prop_assert!(is_one_printable_line(&step.seen), "{}", step.seen);
        }
    }
}
