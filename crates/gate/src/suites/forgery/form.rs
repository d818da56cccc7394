//! Other ways to write a token down. An API reads one form, three parts and two dots, and every other form has another parser.

use serde_json::json;

use super::{case, edited, parts};
use crate::case::{Case, Expect, Severity};
use crate::token::Recipe;

pub(super) fn cases() -> Vec<Case> {
    [part_cases(), json_cases()].concat()
}

fn part_cases() -> Vec<Case> {
    const THREE: &str = "three parts and no more: what a parser skips, another reads";
    let source = "RFC 7515 §7.1; RFC 7519 §7.2";
    vec![
        case("forgery/four-parts", Severity::Medium)
            .says("a good token with a fourth part", THREE)
            .by(source, &["T-002"])
            .attempt(Expect::Malformed, |scene| Recipe::good(scene).text(|token| token + ".AAAA").into()),
        case("forgery/final-dot", Severity::Low)
            .says("a good token with a dot at its end", THREE)
            .by(source, &["T-002"])
            .attempt(Expect::Malformed, |scene| Recipe::good(scene).text(|token| token + ".").into()),
        case("forgery/empty-header", Severity::Critical)
            .says(
                "a good token without its header",
                "no header names no algorithm, and no default follows from that",
            )
            .by(source, &["T-002", "T-005"])
            .attempt(Expect::Malformed, |scene| {
                let recipe = Recipe::good(scene).text(|token| {
                    let [_, claims, signature] = parts(&token);
                    format!(".{claims}.{signature}")
                });
                recipe.into()
            }),
        case("forgery/claims-alone", Severity::Critical)
            .says(
                "the claims of a good token, and nothing else",
                "claims are what somebody says of themselves",
            )
            .by(source, &["T-001", "T-002"])
            .attempt(Expect::Malformed, |scene| {
                Recipe::good(scene).text(|token| parts(&token)[1].to_owned()).into()
            }),
    ]
}

fn json_cases() -> Vec<Case> {
    let source = "RFC 7519 §1: tokens are compact; RFC 7515 §7.2; CVE-2022-39227";
    vec![
        case("forgery/flattened-json", Severity::Low)
            .says("a good token in the flattened JSON form", "a second form of the same token is a second parser")
            .by(source, &["T-002"])
            .attempt(Expect::Malformed, |scene| {
                let recipe = Recipe::good(scene).text(|token| {
                    let [header, claims, signature] = parts(&token);
                    json!({"payload": claims, "protected": header, "signature": signature}).to_string()
                });
                recipe.into()
            }),
        case("forgery/json-and-compact", Severity::Critical)
            .says("forged claims in the compact form, around a good token in the JSON form", "one parser verifies the one, another reads the other")
            .by(source, &["T-002"])
            .attempt(Expect::Malformed, |scene| {
                let stranger = scene.guid("forgery/json-and-compact");
                let recipe = Recipe::good(scene).text(move |token| {
                    let [header, claims, signature] = parts(&token);
                    let forged = edited(claims, |claims| claims["oid"] = json!(stranger));
                    format!(
                        r#"{{"{header}.{forged}.":"","protected":"{header}","payload":"{claims}","signature":"{signature}"}}"#
                    )
                });
                recipe.into()
            }),
    ]
}
