//! Unusual bytes with the usual meaning.

use serde_json::{Map, Value, json};

use super::oddity;
use crate::case::{Attempt, Case, Severity};
use crate::scene::Scene;
use crate::token::Recipe;

pub(super) fn cases() -> Vec<Case> {
    [field(), header(), json_text()].concat()
}

fn field() -> Vec<Case> {
    vec![
        oddity(
            "oddities/bearer-in-lower-case",
            "the scheme written `bearer`",
            "names of schemes have no letter case",
            |scene| written(scene, "bearer "),
        )
        .by("RFC 9110 §11.1; RFC 6750 §2.1", &["T-021"]),
        oddity(
            "oddities/bearer-and-spaces",
            "three spaces between scheme and token",
            "one or more may be there",
            |scene| written(scene, "Bearer   "),
        )
        .by("RFC 6750 §2.1; RFC 9110 §11.4", &["T-021"])
        .of(Severity::Low),
    ]
}

/// The good token behind `scheme`.
fn written(scene: &Scene, scheme: &'static str) -> Attempt {
    Attempt::placed([Recipe::good(scene)], move |tokens, shot| {
        shot.field("authorization", format!("{scheme}{}", tokens[0]))
    })
}

fn header() -> Vec<Case> {
    vec![
        oddity(
            "oddities/access-token-type",
            "a token whose `typ` is `at+jwt`",
            "that is what the standard for access tokens calls it",
            |scene| Recipe::good(scene).header("typ", "at+jwt").into(),
        )
        .by("RFC 9068 §2.1", &["T-016"]),
        oddity(
            "oddities/access-token-type-in-full",
            "a token whose `typ` is `application/at+JWT`",
            "the prefix may be there or not, and media types have no letter case",
            |scene| Recipe::good(scene).header("typ", "application/at+JWT").into(),
        )
        .by("RFC 7515 §4.1.9; RFC 9068 §4", &["T-016"])
        .of(Severity::Low),
        oddity(
            "oddities/no-type",
            "a token without `typ`",
            "the member is optional, and says nothing when it is not there",
            |scene| Recipe::good(scene).without_header("typ").into(),
        )
        .by("RFC 7519 §5.1", &["T-016"])
        .of(Severity::Low),
        oddity(
            "oddities/unknown-header",
            "a header with members that nobody knows, and nothing critical",
            "what is not listed as critical is ignored",
            |scene| Recipe::good(scene).header("xms_new", json!({"a": [null]})).header("ü", json!("")).into(),
        )
        .by("RFC 7515 §4.3", &["T-008"]),
    ]
}

fn json_text() -> Vec<Case> {
    vec![
        oddity(
            "oddities/escaped-slashes",
            "claims whose slashes are escaped",
            "`\\/` is a slash: several languages write it so",
            |scene| Recipe::good(scene).claims_text(|text| text.replace('/', "\\/")).into(),
        )
        .by("RFC 8259 §7", &["T-004"]),
        oddity(
            "oddities/escaped-letters",
            "claims whose names and values have letters as `\\u0074`",
            "an escape is the letter: who searches the text does not read JSON",
            |scene| {
                Recipe::good(scene)
                    .claims_text(|text| {
                        text.replace("\"tid\"", "\"\\u0074i\\u0064\"").replace("\"2.0\"", "\"\\u0032.0\"")
                    })
                    .into()
            },
        )
        .by("RFC 8259 §7", &["T-004"])
        .of(Severity::Low),
        oddity(
            "oddities/white-space",
            "header and claims on many lines",
            "white space between tokens of JSON means nothing",
            |scene| {
                Recipe::good(scene)
                    .header_text(|text| on_lines(&text))
                    .claims_text(|text| on_lines(&text))
                    .into()
            },
        )
        .by("RFC 8259 §2", &["T-004"]),
        oddity(
            "oddities/another-order",
            "claims in the reverse order",
            "members of an object have no order",
            |scene| Recipe::good(scene).claims_text(|text| reversed(&text)).into(),
        )
        .by("RFC 8259 §1; RFC 7519 §4", &["T-004"]),
    ]
}

fn on_lines(text: &str) -> String {
    let value: Value = serde_json::from_str(text).unwrap_or_default();
    format!("\r\n\t{value:#}\n ")
}

fn reversed(text: &str) -> String {
    let members: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
    let members: Vec<_> =
        members.iter().rev().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    format!("{{{}}}", members.join(","))
}
