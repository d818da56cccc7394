//! What `kid` says. It is compared with the ids of published keys, exactly, and it goes nowhere else (T-009).

use serde_json::{Value, json};

use super::{case, forged, with_header};
use crate::Scene;
use crate::case::{Attempt, Case, Expect, Severity};
use crate::token::{HmacSecret, Recipe, Signer};

pub(super) fn cases() -> Vec<Case> {
    [foreign_key_cases(), injection_cases(), missing_cases(), near_miss_cases()].concat()
}

/// A genuine token under what `edit` makes of its true `kid`.
fn misnamed(scene: &Scene, edit: impl Fn(&str) -> Value + Send + Sync + 'static) -> Attempt {
    let recipe = Recipe::good(scene).without_header("x5t");
    with_header(recipe, move |header| header["kid"] = edit(header["kid"].as_str().unwrap_or_default())).into()
}

fn foreign_key_cases() -> Vec<Case> {
    vec![
        case("forgery/attacker-key", Severity::Critical)
            .says("the attacker's RSA key, under the issuer's `kid`", "a signature is checked, not looked at")
            .by("RFC 7515 §5.2; RFC 8725 §3.3; CVE-2021-29652", &["T-001", "T-010"])
            .everywhere()
            .attempt(Expect::Refused, |scene| forged(scene).into()),
        case("forgery/attacker-elliptic-key", Severity::Critical)
            .says(
                "the attacker's P-256 key with ES256, under the issuer's `kid`",
                "a key has a type, and the algorithm must fit it",
            )
            .by("RFC 8725 §3.1; CVE-2022-21449", &["T-005", "T-006"])
            .attempt(Expect::Refused, |scene| Recipe::good(scene).signed_by(Signer::AttackerEc).into()),
        case("forgery/unknown-key", Severity::Critical)
            .says(
                "the attacker's RSA key, under a `kid` that nobody has",
                "a key that is not found must not mean that nothing is checked",
            )
            .by("RFC 7515 §4.1.4; RFC 8725 §3.3", &["T-009"])
            .attempt(Expect::Refused, |scene| {
                forged(scene).header("kid", scene.guid("forgery/unknown-key")).without_header("x5t").into()
            }),
        case("forgery/unpublished-key", Severity::High)
            .says(
                "a key of the issuer's that no document ever showed",
                "what is published is trusted, and nothing else",
            )
            .by("RFC 7517 §5; OpenID Connect Core §10.1.1", &["T-009"])
            .attempt(Expect::Refused, |scene| Recipe::good(scene).signed_by(Signer::Unpublished).into()),
        case("forgery/key-of-another-name", Severity::Low)
            .says(
                "a signature by the issuer's older key, under the `kid` of its current one",
                "the named key is used; trying the others makes the name a decoration",
            )
            .by("RFC 7515 §4.1.4; RFC 8725 §3.10", &["T-009"])
            .attempt(Expect::Refused, |scene| Recipe::good(scene).signed_by(Signer::Misnamed).into()),
    ]
}

fn injection_cases() -> Vec<Case> {
    vec![
        case("forgery/key-id-path", Severity::Critical)
            .says(
                "`kid` is a path to an empty file, HS256 with an empty secret",
                "`kid` is a stranger's text: it is no path",
            )
            .by("RFC 8725 §3.10", &["T-007", "T-009"])
            .attempt(Expect::Refused, |scene| with_secret(scene, "../../../../../../../dev/null", "")),
        case("forgery/key-id-sql", Severity::Critical)
            .says(
                "`kid` is an SQL injection that gives a known secret, HS256 with it",
                "`kid` is a stranger's text: it is no part of a query",
            )
            .by("RFC 8725 §3.10", &["T-007", "T-009"])
            .attempt(Expect::Refused, |scene| {
                with_secret(scene, "x' UNION SELECT 'attacker' -- ", "attacker")
            }),
        case("forgery/key-id-prototype", Severity::High)
            .says(
                "`kid` is `__proto__`, HS256 with an empty secret",
                "a table of keys finds what its language put there",
            )
            .by("RFC 8725 §3.10; CWE-1321", &["T-009"])
            .attempt(Expect::Refused, |scene| with_secret(scene, "__proto__", "")),
        case("forgery/key-id-line-break", Severity::Medium)
            .says(
                "`kid` holds line breaks and control characters, signed by the attacker",
                "it is neither a log line nor a header field",
            )
            .by("RFC 8725 §3.10; CWE-117", &["T-009", "T-020"])
            .attempt(Expect::Refused, |scene| {
                forged(scene).header("kid", "x\r\nset-cookie: gate=1\r\n\u{1b}[2J\u{0}").into()
            }),
    ]
}

fn with_secret(scene: &Scene, kid: &str, secret: &str) -> Attempt {
    let signer = Signer::Hmac(HmacSecret::Text(secret.to_owned()));
    Recipe::good(scene).signed_by(signer).header("kid", kid).without_header("x5t").into()
}

fn missing_cases() -> Vec<Case> {
    vec![
        case("forgery/key-id-missing", Severity::Low)
            .says(
                "a genuine signature, and no `kid`",
                "Entra always names its key; trying all of them is guessing",
            )
            .by("RFC 7515 §4.1.4; threat model T-009", &["T-009"])
            .attempt(Expect::Refused, |scene| {
                Recipe::good(scene).without_header("kid").without_header("x5t").into()
            }),
        case("forgery/key-id-empty", Severity::Low)
            .says(
                "a genuine signature, and an empty `kid`",
                "an empty name names no key, the first one least of all",
            )
            .by("RFC 7515 §4.1.4", &["T-009"])
            .attempt(Expect::Refused, |scene| misnamed(scene, |_| json!(""))),
        case("forgery/key-id-number", Severity::Low)
            .says("a genuine signature, and `kid` is 1", "`kid` is a text, and no index into the set")
            .by("RFC 7515 §4.1.4", &["T-009"])
            .attempt(Expect::Refused, |scene| misnamed(scene, |_| json!(1))),
        case("forgery/key-id-list", Severity::Low)
            .says(
                "a genuine signature, and `kid` is a list with the right one",
                "`kid` is a text; a list of one is not the same",
            )
            .by("RFC 7515 §4.1.4", &["T-009"])
            .attempt(Expect::Refused, |scene| misnamed(scene, |kid| json!([kid]))),
        case("forgery/thumbprint-alone", Severity::Low)
            .says(
                "a genuine signature, and the key is named by `x5t` only",
                "two ways to name a key are one too many",
            )
            .by("threat model T-009", &["T-009"])
            .attempt(Expect::Refused, |scene| {
                let recipe = Recipe::good(scene).without_header("x5t");
                with_header(recipe, |header| header["x5t"] = header["kid"].take())
                    .header_text(|text| text.replace("\"kid\":null,", ""))
                    .into()
            }),
    ]
}

fn near_miss_cases() -> Vec<Case> {
    vec![
        case("forgery/key-id-case", Severity::Low)
            .says(
                "a genuine signature, and `kid` in the other letter case",
                "base64url has two cases: these are two ids",
            )
            .by("RFC 7515 §4.1.4: case-sensitive", &["T-009"])
            .attempt(Expect::Refused, |scene| misnamed(scene, |kid| json!(swapped_case(kid)))),
        case("forgery/key-id-space", Severity::Low)
            .says(
                "a genuine signature, and `kid` with a space at its end",
                "compared exactly, and not trimmed",
            )
            .by("RFC 7515 §4.1.4", &["T-009"])
            .attempt(Expect::Refused, |scene| misnamed(scene, |kid| json!(format!("{kid} ")))),
        case("forgery/key-id-nul", Severity::Low)
            .says("a genuine signature, and a NUL and more after its `kid`", "compared to its end")
            .by("RFC 7515 §4.1.4; CWE-158", &["T-009"])
            .attempt(Expect::Refused, |scene| misnamed(scene, |kid| json!(format!("{kid}\0.attacker")))),
    ]
}

fn swapped_case(text: &str) -> String {
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(swap).collect()
}
