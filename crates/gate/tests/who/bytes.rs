//! Weaker ways from the bytes to the claims; and ways that search a text where JSON is to be read.

use serde_json::{Map, Value};

use super::Mutant;
use crate::validator::{Opened, opened, part};

fn claims(token: &str) -> String {
    part(token, 1).unwrap_or_default()
}

/// Claims that nobody has vouched for, as if the authority's shared key had.
fn unproven(token: &str, keys: &Value) -> Option<Opened> {
    let header = serde_json::from_str(&part(token, 0)?).ok()?;
    let shared = keys["keys"].as_array()?.iter().find(|key| key["owner"] == "organizations")?;
    Some((header, serde_json::from_str(&claims(token)).ok()?, shared["issuer"].as_str()?.to_owned()))
}

/// Opens a token whose claims, as a text, are as somebody expects them.
fn if_text(token: &str, keys: &Value, is_fine: fn(&str) -> bool) -> Option<Opened> {
    is_fine(&claims(token)).then(|| opened(token, keys)).flatten()
}

pub(super) const OPENED: &[Mutant] = &[
    Mutant::new(&["kind/actor-token"], |rules| {
        rules.open = |token, keys| {
            let outer = unproven(token, keys)?;
            match outer.1["actortoken"].as_str() {
                Some(inner) => opened(inner, keys).map(|_| outer.clone()),
                None => opened(token, keys),
            }
        };
    }),
    Mutant::new(&["kind/client-assertion"], |rules| {
        rules.open = unproven;
        rules.issuer = |seen| seen.text("iss") == seen.text("sub") || seen.text("iss") == seen.right_issuer();
    }),
    Mutant::new(&["kind/refresh-token"], |rules| {
        rules.open = |token, keys| {
            assert!(token.split('.').count() == 3, "this API breaks, which a panic is as good as");
            opened(token, keys)
        };
    }),
    Mutant::new(&["lifetime/infinite"], |rules| {
        // Some parsers read such a number, as infinity.
        rules.open = |token, keys| match claims(token).replace("1e999", "1e308") {
            readable if readable != claims(token) => {
                let header = serde_json::from_str(&part(token, 0)?).ok()?;
                Some((header, serde_json::from_str(&readable).ok()?, String::new()))
            }
            _ => opened(token, keys),
        };
        rules.end = |seen| seen.date("exp").is_some_and(|end| end > seen.now - 300.0);
        rules.key_issuer = |_| true;
    }),
    Mutant::new(&["oddities/retired-key"], |rules| {
        rules.open = |token, keys| {
            let header: Value = serde_json::from_str(&part(token, 0)?).ok()?;
            let named = keys["keys"].as_array()?.iter().find(|key| key["kid"] == header["kid"])?;
            (named["state"] == "current").then(|| opened(token, keys)).flatten()
        };
    }),
    Mutant::new(&["oddities/escaped-slashes", "oddities/escaped-letters"], |rules| {
        rules.open = |token, keys| if_text(token, keys, |text| !text.contains('\\'));
    }),
    Mutant::new(&["oddities/white-space"], |rules| {
        rules.open = |token, keys| if_text(token, keys, |text| text.starts_with("{\""));
    }),
    Mutant::new(&["oddities/another-order"], |rules| {
        rules.open = |token, keys| {
            if_text(token, keys, |text| {
                let members: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
                members.keys().map(|name| text.find(&format!("\"{name}\":"))).is_sorted()
            })
        };
    }),
];
