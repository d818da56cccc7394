//! What is not JSON, or not UTF-8. Lenient parsers read it all the same, each in its own way (RFC 8259 §9).

use super::{case, last};
use crate::Scene;
use crate::case::{Attempt, Case, Expect, Severity};
use crate::token::Recipe;

pub(super) fn cases() -> Vec<Case> {
    [after_the_end(), lenient_cases(), encoding_cases()].concat()
}

const STRICT: &str = "what one parser forgives, another reads differently";

fn odd(id: &'static str, severity: Severity, title: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    case(id, severity)
        .says(title, STRICT)
        .by("RFC 8259 §2; RFC 7519 §7.2", &["T-004"])
        .attempt(Expect::Malformed, make)
}

/// A good token whose claims' text is changed.
fn claims(scene: &Scene, edit: fn(String) -> String) -> Attempt {
    Recipe::good(scene).claims_text(edit).into()
}

fn after_the_end() -> Vec<Case> {
    vec![
        odd("shape/two-objects", Severity::Medium, "a second object after the claims", |scene| {
            let rogue = format!(r#"{{"tid":"{}"}}"#, scene.rogue.tenant);
            Recipe::good(scene).claims_text(move |claims| claims + &rogue).into()
        }),
        odd("shape/text-after-claims", Severity::Low, "a word after the claims", |scene| {
            claims(scene, |claims| claims + " attacker")
        }),
        odd("shape/nul-after-claims", Severity::Low, "a NUL after the claims", |scene| {
            claims(scene, |claims| claims + "\0")
        }),
        odd("shape/object-after-header", Severity::Medium, "a second object after the header", |scene| {
            Recipe::good(scene).header_text(|header| header + r#"{"alg":"none"}"#).into()
        }),
    ]
}

fn lenient_cases() -> Vec<Case> {
    let low = |id, title, make| odd(id, Severity::Low, title, make);
    vec![
        low("shape/trailing-comma", "a comma after the last claim", |scene| {
            claims(scene, |claims| claims.strip_suffix('}').unwrap_or_default().to_owned() + ",}")
        }),
        low("shape/comment", "a comment among the claims", |scene| {
            claims(scene, |claims| claims.replacen(',', ",/* attacker */", 1))
        }),
        low("shape/control-character", "a line feed inside a text, not escaped", |scene| {
            claims(scene, |claims| last("\"gate\":\"one\ntwo\"", &claims))
        }),
        low("shape/truncated", "the claims without their last brace", |scene| {
            claims(scene, |claims| claims.strip_suffix('}').unwrap_or_default().to_owned())
        }),
    ]
}

fn encoding_cases() -> Vec<Case> {
    let encoding = |id, severity, title, make| {
        odd(id, severity, title, make).by("RFC 7519 §3: UTF-8; RFC 8259 §8.1", &["T-004"])
    };
    vec![
        encoding("shape/byte-order-mark", Severity::Low, "a byte order mark before the claims", |scene| {
            claims(scene, |claims| format!("\u{feff}{claims}"))
        }),
        encoding("shape/utf-16", Severity::Low, "the claims in UTF-16", |scene| {
            Recipe::good(scene).claims_bytes(|claims| utf_16(&claims)).into()
        }),
        encoding(
            "shape/invalid-utf-8",
            Severity::Low,
            "a byte in a name that UTF-8 does not have",
            |scene| {
                Recipe::good(scene)
                    .claim("given_name", "?~?")
                    .claims_bytes(|claims| with_invalid(&claims))
                    .into()
            },
        ),
        encoding(
            "shape/invalid-utf-8-in-tenant",
            Severity::Medium,
            "a listed tenant's `tid` with a byte in it that UTF-8 does not have",
            |scene| {
                let (one, two) = scene.home.tenant.split_at(8);
                let recipe = Recipe::good(scene).claim("tid", format!("{one}?~?{two}"));
                recipe.claims_bytes(|claims| with_invalid(&claims)).into()
            },
        ),
        encoding(
            "shape/overlong-utf-8",
            Severity::Low,
            "`\"` as two bytes, which ends a text for some",
            |scene| {
                Recipe::good(scene)
                    .claim("given_name", "?~?")
                    .claims_bytes(|claims| replaced(&claims, b"\xc0\xa2"))
                    .into()
            },
        ),
    ]
}

fn utf_16(claims: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(claims).encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The bytes with 0xFF where `?~?` was.
fn with_invalid(claims: &[u8]) -> Vec<u8> {
    replaced(claims, b"\xff")
}

fn replaced(claims: &[u8], by: &[u8]) -> Vec<u8> {
    const MARK: &[u8] = b"?~?";
    let at = claims.windows(MARK.len()).position(|window| window == MARK).unwrap_or_default();
    [&claims[..at], by, &claims[at + MARK.len()..]].concat()
}
