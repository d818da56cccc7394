//! *version*: `ver`, and the issuer and claims that go with it.

use serde_json::json;

use crate::case::{Attempt, Case, Expect, Need, Severity, Suite};
use crate::scene::Scene;
use crate::token::Recipe;

fn version(id: &'static str, title: &'static str, reason: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    Case::new(id, Suite::Version, Severity::Medium)
        .says(title, reason)
        .by("Entra: Access token claims reference, `ver`, `iss`", &["T-012"])
        .attempt(Expect::Refused, make)
}

pub(super) fn cases() -> Vec<Case> {
    [not_accepted(), mixed(), spelled()].concat()
}

/// The audience is one that the API accepts in any case: only the version is left to notice.
fn not_accepted() -> Vec<Case> {
    vec![
        version(
            "version/one-where-two-is-due",
            "a genuine version 1 token, where version 2 is accepted alone",
            "version 1 has other claims and another issuer; who does not expect it reads it wrongly",
            |scene| Recipe::good(scene).asking("version", json!(1)).into(),
        )
        .needs(&[Need::NoVersionOne]),
        version(
            "version/two-where-one-is-due",
            "a genuine version 2 token, where version 1 is accepted alone",
            "the version is the API's choice, made at its registration",
            |scene| {
                let uri = scene.api.audience(1);
                Recipe::good(scene).asking("version", json!(2)).claim("aud", uri).into()
            },
        )
        .needs(&[Need::NoVersionTwo]),
    ]
}

fn mixed() -> Vec<Case> {
    vec![
        version(
            "version/number-of-the-other",
            "`ver` of the other version, in a token that is otherwise of this one",
            "one claim chooses the rules by which others are judged: they have to agree",
            |scene| Recipe::good(scene).claim("ver", format!("{}.0", other(scene))).into(),
        ),
        version(
            "version/issuer-of-the-other",
            "the tenant's issuer of the other version, in a token that is otherwise of this one",
            "a list of two issuers is not a check that this one goes with this version",
            |scene| {
                let issuer = scene.issuer_of(&scene.home.tenant, other(scene));
                Recipe::good(scene).claim("iss", issuer).into()
            },
        ),
        version(
            "version/client-claim-of-the-other",
            "a token that names its client in the claim of the other version",
            "`appid` and `azp` go with the version; a token that mixes them was not made by Entra",
            |scene| {
                let (due, other) = if scene.api.version() == 1 { ("appid", "azp") } else { ("azp", "appid") };
                Recipe::good(scene)
                    .adjusted(move |claims| {
                        if let Some(client) = claims.remove(due) {
                            claims.insert(other.to_owned(), client);
                        }
                    })
                    .into()
            },
        )
        .by("Entra: Access token claims reference, `azp`, `appid`", &["T-016"]),
    ]
}

fn other(scene: &Scene) -> u8 {
    if scene.api.version() == 1 { 2 } else { 1 }
}

fn spelled() -> Vec<Case> {
    vec![
        version(
            "version/missing",
            "a token without `ver`",
            "who guesses the version lets the token choose its rules",
            |scene| Recipe::good(scene).without("ver").into(),
        ),
        version(
            "version/unheard-of",
            "a token of version 3.0, otherwise like the newest",
            "what a later version will mean is not known: newer is not better",
            |scene| Recipe::good(scene).claim("ver", "3.0").into(),
        ),
        version(
            "version/number",
            "`ver` as a number",
            "versions are texts; as numbers, 2.0 and 2 and 2.00 are the same",
            |scene| Recipe::good(scene).claim("ver", json!(f64::from(scene.api.version()))).into(),
        ),
    ]
}
