//! Claims of another type. Libraries differ in what they make of them: the first element, a number, `absent`, or true.

use serde_json::{Value, json};

use super::case;
use crate::Scene;
use crate::case::{Attempt, Case, Expect, Need, Severity};
use crate::token::Recipe;

pub(super) fn cases() -> Vec<Case> {
    [identity_cases(), infinite_cases(), permission_cases(), whole_cases()].concat()
}

const TYPE: &str = "a value of another type is no value: neither converted, nor taken for absent";

/// A good token with one claim of another value.
fn with(scene: &Scene, claim: &str, value: Value) -> Attempt {
    Recipe::good(scene).claim(claim, value).into()
}

/// A good token with one claim that no ordinary JSON library would write.
fn with_text(scene: &Scene, claim: &'static str, text: String) -> Attempt {
    let recipe = Recipe::good(scene).without(claim);
    recipe.claims_text(move |claims| super::last(&format!(r#""{claim}":{text}"#), &claims)).into()
}

fn identity_cases() -> Vec<Case> {
    vec![
        case("shape/tenant-list", Severity::Medium)
            .says("`tid` is a list of one listed tenant", TYPE)
            .by("Entra: claims validation; threat model T-011", &["T-011"])
            .attempt(Expect::Malformed, |scene| with(scene, "tid", json!([scene.home.tenant]))),
        case("shape/audience-object", Severity::Medium)
            .says(
                "`aud` is an object with a member named like this API",
                "a text or a list of texts; \"is in\" is true of members too",
            )
            .by("RFC 7519 §4.1.3", &["T-014"])
            .attempt(Expect::Malformed, |scene| {
                let audience = scene.api.audience(scene.api.version());
                with(scene, "aud", json!({ audience: "attacker" }))
            }),
        case("shape/object-id-number", Severity::Medium)
            .says("`oid` is a number", "people are found by this text; a number finds others, or all")
            .by("Entra: access token claims, `oid`", &["T-017"])
            .attempt(Expect::Malformed, |scene| with(scene, "oid", json!(0))),
        case("shape/object-id-object", Severity::High)
            .says(
                "`oid` is an object of query operators",
                "what is a text in a token becomes a query in some databases",
            )
            .by("Entra: access token claims, `oid`; CWE-943", &["T-017"])
            .attempt(Expect::Malformed, |scene| with(scene, "oid", json!({"$ne": null}))),
    ]
}

fn infinite_cases() -> Vec<Case> {
    const FOREVER: &str =
        "what is no number, or more than any clock, is before no time: such a token never expires";
    let infinite = |id, title| {
        case(id, Severity::High).says(title, FOREVER).by("RFC 8259 §6; RFC 7519 §2", &["T-004", "T-015"])
    };
    vec![
        infinite("shape/expiry-nan", "`exp` is `NaN`")
            .attempt(Expect::Malformed, |scene| with_text(scene, "exp", "NaN".to_owned())),
        infinite("shape/expiry-infinity", "`exp` is `Infinity`")
            .attempt(Expect::Malformed, |scene| with_text(scene, "exp", "Infinity".to_owned())),
        infinite("shape/expiry-of-400-digits", "`exp` is a number of 400 digits")
            .attempt(Expect::Malformed, |scene| with_text(scene, "exp", "9".repeat(400))),
    ]
}

fn permission_cases() -> Vec<Case> {
    vec![
        case("shape/scope-list", Severity::Low)
            .says("`scp` is a list", "Entra's scopes are one text; a list is somebody else's idea of them")
            .by("Entra: access token claims, `scp`; threat model T-018", &["T-018"])
            .needs(&[Need::Scope])
            .attempt(Expect::Forbidden, |scene| {
                with(scene, "scp", json!(scene.api.scope.split_whitespace().collect::<Vec<_>>()))
            }),
    ]
}

fn whole_cases() -> Vec<Case> {
    const OBJECT: &str = "header and claims are one object each";
    let whole = |id, title| {
        case(id, Severity::Medium).says(title, OBJECT).by("RFC 7519 §7.2, step 10; RFC 7515 §5.2", &["T-004"])
    };
    vec![
        whole("shape/claims-list", "the claims are a list of one object")
            .attempt(Expect::Malformed, |scene| {
                Recipe::good(scene).claims_text(|claims| format!("[{claims}]")).into()
            }),
        whole("shape/claims-text", "the claims are a text of JSON, encoded once more")
            .attempt(Expect::Malformed, |scene| {
                Recipe::good(scene).claims_text(|claims| json!(claims).to_string()).into()
            }),
        whole("shape/claims-null", "the claims are `null`").attempt(Expect::Malformed, |scene| {
            Recipe::good(scene).claims_text(|_| "null".to_owned()).into()
        }),
        whole("shape/claims-empty", "the claims are nothing at all")
            .attempt(Expect::Malformed, |scene| Recipe::good(scene).claims_text(|_| String::new()).into()),
        whole("shape/header-list", "the header is a list of one object")
            .attempt(Expect::Malformed, |scene| {
                Recipe::good(scene).header_text(|header| format!("[{header}]")).into()
            }),
    ]
}
