//! T-006, T-013: keys with one defect each, beside a good one.

use super::{KeyAnswer, KeyFault, KeySet, KeySetError, KeySource as _, SkippedKey};
use crate::{Algorithm, Authority, Cloud};

/// A modulus of `bytes` bytes, good enough to be loaded: its factors do not matter.
fn modulus(bytes: usize) -> String {
    let mut n = vec![0xc7; bytes];
    n[bytes - 1] = 0x6b;
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(n)
}

fn rsa(members: &str) -> String {
    format!(r#"{{"kty":"RSA","kid":"k","n":"{}","e":"AQAB"{members}}}"#, modulus(256))
}

fn faults_beside_a_good_key(bad: &str, authority: &Authority) -> Vec<KeyFault> {
    let good = rsa("").replace(r#""kid":"k""#, r#""kid":"good""#);
    let set = KeySet::parse(format!(r#"{{"keys":[{bad},{good}]}}"#).as_bytes(), authority).unwrap();
    assert!(set.get("good").is_some(), "a bad key spoils nothing: {bad}");
    set.skipped().iter().map(|skipped| skipped.fault).collect()
}

#[test]
fn unusable_keys_are_skipped_with_a_reason() {
    let world = Authority::entra(Cloud::Worldwide);
    let small = |n: &str, e: &str| format!(r#"{{"kty":"RSA","kid":"k","n":"{n}","e":"{e}"}}"#);
    for (bad, fault) in [
        (rsa(r#","use":"enc""#), KeyFault::Purpose),
        (rsa(r#","key_ops":["encrypt"]"#), KeyFault::Purpose),
        (rsa(r#","alg":"PS256""#), KeyFault::Algorithm),
        (rsa(r#","alg":"HS256""#), KeyFault::Algorithm),
        (rsa(r#","cloud_instance_name":"microsoftonline.us""#), KeyFault::Cloud),
        (rsa(r#","alg":"RS256","alg":"RS256""#), KeyFault::Malformed),
        (rsa(r#","alg":7"#), KeyFault::Malformed),
        (small(&modulus(128), "AQAB"), KeyFault::Weak),
        (small(&modulus(255), "AQAB"), KeyFault::Weak),
        (small(&modulus(1025), "AQAB"), KeyFault::Weak),
        (small(&modulus(256), "Aw"), KeyFault::Weak),
        (small(&modulus(256), "AQAC"), KeyFault::Weak),
        (small(&modulus(256), "AQAAAAAB"), KeyFault::Weak),
        (small(&modulus(256), "AA"), KeyFault::Invalid),
        (small("!", "AQAB"), KeyFault::Invalid),
        (r#"{"kty":"RSA","kid":"k","e":"AQAB"}"#.into(), KeyFault::Invalid),
        (r#"{"kty":"oct","kid":"k","k":"AAAA"}"#.into(), KeyFault::Algorithm),
        (r#"{"kty":"oct","kid":"k","k":"AAAA","alg":"RS256"}"#.into(), KeyFault::Algorithm),
        (r#"{"kty":"EC","kid":"k","crv":"P-256","x":"AA","y":"AA"}"#.into(), KeyFault::Algorithm),
        (r#"{"kty":"RSA"}"#.into(), KeyFault::Malformed),
        (r#"{"kty":"RSA","kid":""}"#.into(), KeyFault::Malformed),
        ("7".into(), KeyFault::Malformed),
    ] {
        assert_eq!(faults_beside_a_good_key(&bad, &world), [fault], "{bad}");
    }
}

#[test]
fn stated_purposes_that_fit_are_fine() {
    let world = Authority::entra(Cloud::Worldwide);
    for good in [
        r#","use":"sig""#,
        r#","key_ops":["verify"]"#,
        r#","alg":"RS256""#,
        r#","x5t":"k","x5c":["AA=="],"other":{}"#,
        r#","cloud_instance_name":"microsoftonline.com""#,
    ] {
        assert_eq!(faults_beside_a_good_key(&rsa(good), &world), [], "{good}");
    }
}

/// T-013: the digits of a key split in another place are another key, whatever they are worth.
#[test]
fn another_split_of_the_same_digits_is_another_key() {
    let encode = |bytes: &[u8]| base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes);
    let mut digits = vec![0xc7; 257];
    digits[255..].copy_from_slice(&[0x6b, 0x03]);
    digits.extend([1, 0, 1]);
    let key = |at: usize| {
        let (n, e) = digits.split_at(at);
        let json =
            format!(r#"{{"keys":[{{"kty":"RSA","kid":"k","n":"{}","e":"{}"}}]}}"#, encode(n), encode(e));
        KeySet::parse(json.as_bytes(), &Authority::entra(Cloud::Worldwide)).unwrap()
    };
    let (whole, shifted) = (key(257), key(256));
    assert_ne!(whole.get("k").unwrap(), shifted.get("k").unwrap());
}

/// T-013: a set answers for its own authority only.
#[test]
fn a_set_knows_no_keys_of_other_authorities() {
    let (world, china) = (Authority::entra(Cloud::Worldwide), Authority::entra(Cloud::China));
    let set = KeySet::parse(format!(r#"{{"keys":[{}]}}"#, rsa("")).as_bytes(), &world).unwrap();
    let tenant = "aaaaaaaa-0000-4000-8000-000000000001".parse().unwrap();
    assert!(matches!(set.key(&world, tenant, "k"), KeyAnswer::Key(_)));
    assert!(matches!(set.key(&china, tenant, "k"), KeyAnswer::Unknown));
}

/// A key that states no algorithm is used with the first fitting one of the list, and with that one only.
#[test]
fn a_key_has_one_algorithm() {
    let both =
        Authority::entra(Cloud::Worldwide).with_algorithms([Algorithm::Ps256, Algorithm::Rs256]).unwrap();
    let algorithm = |members: &str| {
        let json = format!(r#"{{"keys":[{}]}}"#, rsa(members));
        KeySet::parse(json.as_bytes(), &both).unwrap().get("k").unwrap().algorithm()
    };
    assert_eq!(algorithm(""), Algorithm::Ps256);
    assert_eq!(algorithm(r#","alg":"RS256""#), Algorithm::Rs256);
}

#[test]
fn two_different_keys_with_one_id_are_both_refused() {
    let world = Authority::entra(Cloud::Worldwide);
    let set = |one: &str, two: &str| {
        KeySet::parse(format!(r#"{{"keys":[{one},{two}]}}"#).as_bytes(), &world).unwrap()
    };
    assert!(set(&rsa(""), &rsa("")).get("k").is_some(), "the same key twice is one key");
    assert!(set(&rsa(""), &rsa(r#","issuer":"https://x""#)).get("k").is_none());
    let other = rsa("").replace("\"AQAB\"", "\"AQAD\"");
    assert!(set(&rsa(""), &other).get("k").is_none());
}

#[test]
fn shared_documents_need_an_issuer_per_key() {
    let world = Authority::entra(Cloud::Worldwide);
    let named = rsa(r#","issuer":"https://login.microsoftonline.com/{TenantId}/v2.0""#)
        .replace(r#""kid":"k""#, r#""kid":"named""#);
    let set = KeySet::parse(format!(r#"{{"keys":[{},{named}]}}"#, rsa("")).as_bytes(), &world)
        .unwrap()
        .require_key_issuer();
    assert!(set.get("k").is_none());
    assert_eq!(set.skipped(), [SkippedKey { index: 0, fault: KeyFault::NoIssuer }]);
    assert_eq!(set.get("named").unwrap().issuer(), Some("https://login.microsoftonline.com/{tenantid}/v2.0"));
}

#[test]
fn documents_that_are_no_key_sets_are_errors() {
    let world = Authority::entra(Cloud::Worldwide);
    for bad in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[]"#, r#"{"keys":[]} x"#, "<html>"] {
        assert_eq!(KeySet::parse(bad.as_bytes(), &world).unwrap_err(), KeySetError::Malformed, "{bad}");
    }
    let many = format!(r#"{{"keys":[{}]}}"#, vec!["1"; 1001].join(","));
    assert_eq!(KeySet::parse(many.as_bytes(), &world).unwrap_err(), KeySetError::TooManyKeys);
    assert_eq!(KeySet::parse(br#"{"keys":[]}"#, &world).unwrap().keys().len(), 0);
}
