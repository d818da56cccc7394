//! Algorithm confusion: HMAC with what everybody knows. A verifier that lets the token choose the algorithm takes its public key
//! for a shared secret, in whatever form it holds it (CVE-2015-9235, CVE-2022-29217).

use super::case;
use crate::Scene;
use crate::case::{Attempt, Case, Expect, Severity};
use crate::token::{HmacSecret, Recipe, Signer};

const WHY: &str = "whoever has the public key, and everybody has it, could sign";
const SOURCE: &str = "RFC 8725 §2.1, §3.1; CVE-2015-9235; CVE-2022-29217";

pub(super) fn cases() -> Vec<Case> {
    [public_key_cases(), guessed_cases()].concat()
}

fn case_of(id: &'static str, title: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    case(id, Severity::Critical)
        .says(title, WHY)
        .by(SOURCE, &["T-005", "T-006"])
        .attempt(Expect::Refused, make)
}

fn hmac(scene: &Scene, alg: &str, secret: HmacSecret) -> Attempt {
    Recipe::good(scene).signed_by(Signer::Hmac(secret)).header("alg", alg).into()
}

fn public_key_cases() -> Vec<Case> {
    vec![
        case_of("forgery/hmac-with-pem", "HS256 with the public key's PEM as the secret", |scene| {
            hmac(scene, "HS256", HmacSecret::PublicPem)
        }),
        case_of(
            "forgery/hmac-with-trimmed-pem",
            "HS256 with the public key's PEM, without its last line feed",
            |scene| hmac(scene, "HS256", HmacSecret::PublicPemTrimmed),
        ),
        case_of("forgery/hmac-with-certificate", "HS256 with the published certificate's PEM", |scene| {
            hmac(scene, "HS256", HmacSecret::CertificatePem)
        }),
        case_of("forgery/hmac-with-der", "HS256 with the public key's DER", |scene| {
            hmac(scene, "HS256", HmacSecret::PublicDer)
        }),
        case_of("forgery/hmac-with-modulus", "HS256 with the modulus, as it is published", |scene| {
            hmac(scene, "HS256", HmacSecret::Modulus)
        }),
        case_of("forgery/hmac-with-modulus-bytes", "HS256 with the modulus as a number", |scene| {
            hmac(scene, "HS256", HmacSecret::ModulusBytes)
        }),
        case_of("forgery/hmac-with-jwk", "HS256 with the public key's JWK as text", |scene| {
            hmac(scene, "HS256", HmacSecret::Jwk)
        }),
        case_of("forgery/hs512-with-pem", "HS512 with the public key's PEM", |scene| {
            hmac(scene, "HS512", HmacSecret::PublicPem)
        }),
    ]
}

fn guessed_cases() -> Vec<Case> {
    let guessed = |case: Case, why| Case { reason: why, ..case };
    vec![
        guessed(
            case_of("forgery/hmac-with-nothing", "HS256 with an empty secret", |scene| {
                hmac(scene, "HS256", HmacSecret::Text(String::new()))
            }),
            "a key that was not found must not become an empty one",
        ),
        guessed(
            case_of("forgery/hmac-with-weak-secret", "HS256 with the secret `secret`", |scene| {
                hmac(scene, "HS256", HmacSecret::Text("secret".to_owned()))
            }),
            "a symmetric default that was left in place is everybody's key",
        ),
        guessed(
            case_of("forgery/hmac-with-client-id", "HS256 with the API's client id as the secret", |scene| {
                hmac(scene, "HS256", HmacSecret::Text(scene.api.client_id.clone()))
            }),
            "what stands in the configuration beside a secret is no secret",
        ),
    ]
}
