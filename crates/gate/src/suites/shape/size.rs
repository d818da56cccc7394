//! What is too large, too deep, or too many. Work before trust is bounded (T-003); all of it stays small enough to be a test.

use serde_json::Value;

use super::{case, last};
use crate::case::{Case, Expect, Severity};
use crate::token::{Recipe, Signer};

const BOUNDED: &str = "who is not trusted yet decides over no memory, no time and no stack";

pub(super) fn cases() -> Vec<Case> {
    [length_cases(), depth_cases()].concat()
}

/// A good token with a claim of that many letters.
fn filled(scene: &crate::Scene, letters: usize) -> Recipe {
    Recipe::good(scene).claim("gate", Value::from("a".repeat(letters)))
}

fn length_cases() -> Vec<Case> {
    vec![
        case("shape/of-20-kib", Severity::Low)
            .says(
                "a good token of 20 KiB",
                "Entra's tokens end at 200 groups, some 12 KiB; what is longer is somebody else's idea",
            )
            .by("threat model T-003; Entra: groups overage", &["T-003"])
            .attempt(Expect::Malformed, |scene| filled(scene, 14_500).into()),
        case("shape/of-64-kib", Severity::Medium)
            .says("a good token of 64 KiB", BOUNDED)
            .by("threat model T-003; RFC 9110 §5.4", &["T-003"])
            .attempt(Expect::Malformed, |scene| filled(scene, 48_000).into()),
        case("shape/dots", Severity::Medium)
            .says("ten thousand dots", BOUNDED)
            .by("CVE-2025-30204", &["T-003"])
            .attempt(Expect::Malformed, |_| Recipe::verbatim(".".repeat(10_000)).into()),
        case("shape/digits", Severity::Medium)
            .says("a header with a number of 5000 digits, signed by the attacker", BOUNDED)
            .by("RFC 8259 §9; CVE-2020-10735", &["T-003"])
            .attempt(Expect::Malformed, |scene| {
                let recipe = Recipe::good(scene).signed_by(Signer::Attacker);
                recipe.header_text(|header| last(&format!(r#""gate":{}"#, "9".repeat(5000)), &header)).into()
            }),
    ]
}

fn depth_cases() -> Vec<Case> {
    vec![
        case("shape/nested", Severity::Low)
            .says(
                "a good token with a claim of 1000 lists in each other",
                "whoever walks it later, walks it by recursion",
            )
            .by("RFC 8259 §9; threat model T-003", &["T-003"])
            .attempt(Expect::Malformed, |scene| {
                let nested = format!(r#""gate":{}{}"#, "[".repeat(1000), "]".repeat(1000));
                Recipe::good(scene).claims_text(move |claims| last(&nested, &claims)).into()
            }),
        case("shape/nested-without-end", Severity::High)
            .says("ten thousand brackets that open, in genuinely signed claims", BOUNDED)
            .by("RFC 8259 §9; CWE-674", &["T-003"])
            .attempt(Expect::Malformed, |scene| {
                Recipe::good(scene).claims_text(|_| format!(r#"{{"gate":{}"#, "[".repeat(10_000))).into()
            }),
        case("shape/nested-header", Severity::High)
            .says(
                "ten thousand brackets that open, in a header that the attacker signed",
                "the header is read before anything is proven",
            )
            .by("RFC 8259 §9; CWE-674", &["T-003"])
            .attempt(Expect::Malformed, |scene| {
                let recipe = Recipe::good(scene).signed_by(Signer::Attacker);
                recipe.header_text(|_| format!(r#"{{"gate":{}"#, "[".repeat(10_000))).into()
            }),
    ]
}
