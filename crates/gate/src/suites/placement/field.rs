//! What else an `Authorization` field may say: twice, in lists, under other schemes, with more or fewer words.

use super::case;
use crate::Scene;
use crate::case::{Attempt, Case, Expect, Severity, Shot};
use crate::token::{Recipe, Signer};

pub(super) fn cases() -> Vec<Case> {
    [several_cases(), scheme_cases(), word_cases()].concat()
}

/// A good token in a field that says what `value` makes of it.
fn field(scene: &Scene, value: fn(&str) -> String) -> Attempt {
    Attempt::placed([Recipe::good(scene)], move |tokens, shot| shot.field("authorization", value(&tokens[0])))
}

/// A good token and a forged one, put where `place` puts them.
fn with_forged(scene: &Scene, place: fn(Shot, &str, &str) -> Shot) -> Attempt {
    let tokens = [Recipe::good(scene), Recipe::good(scene).signed_by(Signer::Attacker)];
    Attempt::placed(tokens, move |tokens, shot| place(shot, &tokens[0], &tokens[1]))
}

fn several_cases() -> Vec<Case> {
    const TWO: &str = "of two credentials one hop may judge the first, and the next one the last";
    let several = |id, severity, title| {
        case(id, severity).says(title, TWO).by("RFC 6750 §2; RFC 9110 §5.3; CVE-2021-32777", &["T-021"])
    };
    vec![
        several("placement/good-then-forged", Severity::High, "two fields: a good token, then a forged one")
            .attempt(Expect::Malformed, |scene| {
                with_forged(scene, |shot, good, forged| shot.bearer(good).bearer(forged))
            }),
        several("placement/forged-then-good", Severity::High, "two fields: a forged token, then a good one")
            .attempt(Expect::Malformed, |scene| {
                with_forged(scene, |shot, good, forged| shot.bearer(forged).bearer(good))
            }),
        several("placement/same-twice", Severity::Low, "two fields with one good token").attempt(
            Expect::Malformed,
            |scene| {
                Attempt::placed([Recipe::good(scene)], |tokens, shot| {
                    shot.bearer(&tokens[0]).bearer(&tokens[0])
                })
            },
        ),
        several("placement/two-schemes", Severity::Medium, "two fields: `Basic`, then a good bearer token")
            .attempt(Expect::Malformed, |scene| {
                Attempt::placed([Recipe::good(scene)], |tokens, shot| {
                    shot.field("authorization", "Basic Z2F0ZTpnYXRl").bearer(&tokens[0])
                })
            }),
        several("placement/list", Severity::High, "one field with a list: a good token and a forged one")
            .attempt(Expect::Malformed, |scene| {
                with_forged(scene, |shot, good, forged| {
                    shot.field("authorization", format!("Bearer {good}, Bearer {forged}"))
                })
            }),
    ]
}

fn scheme_cases() -> Vec<Case> {
    const SCHEME: &str = "another scheme says that something else follows, with other rules";
    let scheme = |id, severity, title| {
        case(id, severity).says(title, SCHEME).by("RFC 6750 §2.1; RFC 9110 §11.4", &["T-021"])
    };
    vec![
        scheme("placement/basic", Severity::Low, "a good token after `Basic`")
            .attempt(Expect::Malformed, |scene| field(scene, |token| format!("Basic {token}"))),
        scheme("placement/jwt", Severity::Low, "a good token after `JWT`")
            .attempt(Expect::Malformed, |scene| field(scene, |token| format!("JWT {token}"))),
        scheme("placement/dpop", Severity::Medium, "a good token after `DPoP`, without a proof")
            .by("RFC 9449 §7.1: a bound token and its proof", &["T-016", "T-021"])
            .attempt(Expect::Malformed, |scene| field(scene, |token| format!("DPoP {token}"))),
        scheme("placement/no-scheme", Severity::Low, "a good token without a scheme")
            .attempt(Expect::Malformed, |scene| field(scene, str::to_owned)),
        scheme("placement/glued", Severity::Low, "`Bearer` and a good token without a space between")
            .attempt(Expect::Malformed, |scene| field(scene, |token| format!("Bearer{token}"))),
    ]
}

fn word_cases() -> Vec<Case> {
    const ONE: &str = "one token and nothing else: what is skipped here is read elsewhere";
    let words = |id, title| case(id, Severity::Low).says(title, ONE).by("RFC 6750 §2.1", &["T-021"]);
    vec![
        words("placement/scheme-twice", "`Bearer Bearer` and a good token")
            .attempt(Expect::Malformed, |scene| field(scene, |token| format!("Bearer Bearer {token}"))),
        words("placement/word-after", "a good token and a word after it")
            .attempt(Expect::Malformed, |scene| field(scene, |token| format!("Bearer {token} attacker"))),
        words("placement/parameter", "a good token and a parameter").attempt(Expect::Malformed, |scene| {
            field(scene, |token| format!("Bearer {token};realm=attacker"))
        }),
        words("placement/named", "a good token as the value of `token=`")
            .attempt(Expect::Malformed, |scene| field(scene, |token| format!("Bearer token={token}"))),
        words("placement/quotes", "a good token in quotes")
            .attempt(Expect::Malformed, |scene| field(scene, |token| format!("Bearer \"{token}\""))),
        words("placement/colon", "`Bearer:` and a good token")
            .attempt(Expect::Malformed, |scene| field(scene, |token| format!("Bearer: {token}"))),
        words("placement/tab", "a tab between `Bearer` and a good token")
            .attempt(Expect::Malformed, |scene| field(scene, |token| format!("Bearer\t{token}"))),
        words("placement/space-inside", "a good token with a space inside its signature").attempt(
            Expect::Malformed,
            |scene| {
                field(scene, |token| {
                    format!("Bearer {} {}", &token[..token.len() - 20], &token[token.len() - 20..])
                })
            },
        ),
    ]
}
