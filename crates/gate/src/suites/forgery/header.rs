//! What else a header says: extensions that must be understood, compression, encryption, wrappers.

use serde_json::{Value, json};

use super::{case, forged};
use crate::Scene;
use crate::case::{Attempt, Case, Expect, Severity};
use crate::token::{Recipe, Signer, encode};

pub(super) fn cases() -> Vec<Case> {
    [critical_cases(), encryption_cases()].concat()
}

/// Genuine in every other respect.
fn with(scene: &Scene, members: &[(&str, Value)]) -> Recipe {
    members.iter().fold(Recipe::good(scene), |recipe, (name, value)| recipe.header(name, value.clone()))
}

fn critical(
    id: &'static str,
    severity: Severity,
    (title, reason): (&'static str, &'static str),
    make: fn(&Scene) -> Attempt,
) -> Case {
    let source = "RFC 7515 §4.1.11; RFC 7797 §6; CVE-2025-59420; CVE-2026-32597";
    case(id, severity).says(title, reason).by(source, &["T-008"]).attempt(Expect::Refused, make)
}

fn critical_cases() -> Vec<Case> {
    const SHAPE: &str = "a `crit` that breaks its own rules makes the token invalid";
    vec![
        critical(
            "forgery/critical-extension",
            Severity::Medium,
            (
                "`crit` names an extension that nobody knows",
                "who does not understand what is critical must refuse",
            ),
            |scene| with(scene, &[("crit", json!(["gate"])), ("gate", json!(true))]).into(),
        ),
        critical(
            "forgery/critical-unencoded",
            Severity::Medium,
            ("`crit` asks for an unencoded payload", "what is signed would be read in another way"),
            |scene| with(scene, &[("crit", json!(["b64"])), ("b64", json!(false))]).into(),
        ),
        critical("forgery/critical-standard-name", Severity::Low, ("`crit` names `alg`", SHAPE), |scene| {
            with(scene, &[("crit", json!(["alg"]))]).into()
        }),
        critical("forgery/critical-empty", Severity::Low, ("`crit` is an empty list", SHAPE), |scene| {
            with(scene, &[("crit", json!([]))]).into()
        }),
    ]
}

fn encryption_cases() -> Vec<Case> {
    vec![
        case("forgery/compressed", Severity::Medium)
            .says(
                "genuinely signed, and the claims are compressed (`zip`)",
                "nobody inflates what strangers send; signed tokens have no compression",
            )
            .by("RFC 7516 §4.1.3; CVE-2024-28180", &["T-002", "T-003"])
            .attempt(Expect::Malformed, |scene| {
                with(scene, &[("zip", json!("DEF"))]).claims_bytes(|claims| deflated(&claims)).into()
            }),
        case("forgery/encryption-parameter", Severity::Low)
            .says(
                "a genuinely signed token with `enc` in its header",
                "a token that calls itself encrypted is no signed one",
            )
            .by("RFC 7516 §9; CVE-2022-3102; CVE-2023-51774", &["T-002"])
            .attempt(Expect::Malformed, |scene| with(scene, &[("enc", json!("A256GCM"))]).into()),
        case("forgery/encrypted-form", Severity::Critical)
            .says(
                "five parts, direct encryption, and the claims where the cipher text would be",
                "a tag that nobody can check is no proof of anything",
            )
            .by("RFC 7516 §7.1; CVE-2023-51774", &["T-002"])
            .attempt(Expect::Malformed, |scene| {
                let header = [("alg", json!("dir")), ("enc", json!("A256GCM"))];
                with(scene, &header).signed_by(Signer::Nobody).text(|token| as_encrypted(&token)).into()
            }),
        case("forgery/nested", Severity::Critical)
            .says(
                "an unsigned token around a forged one",
                "an outer token without a signature hands on an inner one that nobody checks twice",
            )
            .by("RFC 7519 §5.2, §8; RFC 8725 §2.4; CVE-2025-55241", &["T-005", "T-016"])
            .attempt(Expect::Refused, |scene| forged(scene).text(|token| wrapped(&token)).into()),
    ]
}

/// One stored block: legal DEFLATE that compresses nothing (RFC 1951 §3.2.4). Claims are shorter than its 65 535 bytes.
fn deflated(claims: &[u8]) -> Vec<u8> {
    let length = (claims.len() as u16).to_le_bytes();
    [&[1, length[0], length[1], !length[0], !length[1]], claims].concat()
}

/// Header, no key, an initialisation vector, the claims, a tag of zeros.
fn as_encrypted(token: &str) -> String {
    let [header, claims, _] = super::parts(token);
    format!("{header}..{}.{claims}.{}", encode([0; 12]), encode([0; 16]))
}

fn wrapped(token: &str) -> String {
    let header = json!({"alg": "none", "cty": "JWT", "typ": "JWT"}).to_string();
    format!("{}.{}.", encode(header), encode(token))
}
