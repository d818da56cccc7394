//! Who calls, and through which client application (T-017, T-019).

use serde_json::json;

use super::case;
use crate::case::{Case, Expect, Need, Severity};
use crate::token::Recipe;

pub(super) fn cases() -> Vec<Case> {
    [identity(), client()].concat()
}

fn identity() -> Vec<Case> {
    const SOURCE: &str = "Entra: Claims validation, `oid` and `sub`";
    vec![
        case("kind/nobody", Severity::High)
            .says(
                "a person's token without `oid` and `sub`",
                "who takes an e-mail address or a name instead takes what its owner wrote (nOAuth)",
            )
            .by("nOAuth; Entra: Claims validation, `oid` and `sub`", &["T-017"])
            .attempt(Expect::Forbidden, |scene| Recipe::good(scene).without("oid").without("sub").into()),
        case("kind/object-id-empty", Severity::Medium)
            .says(
                "a person's token with an empty `oid` and an empty `sub`",
                "all callers without an id would be one person",
            )
            .by(SOURCE, &["T-017"])
            .attempt(Expect::Forbidden, |scene| Recipe::good(scene).claim("oid", "").claim("sub", "").into()),
        case("kind/object-id-path", Severity::Medium)
            .says(
                "a person's token whose `oid` is a path to another tenant's person",
                "`oid` gets into keys and folders behind the tenant's; it is a GUID or nothing",
            )
            .by(SOURCE, &["T-017"])
            .attempt(Expect::Forbidden, |scene| {
                let other = format!("../{}/{}", scene.rogue.tenant, scene.guid("a person elsewhere"));
                Recipe::good(scene).claim("oid", other).into()
            }),
    ]
}

fn client() -> Vec<Case> {
    const SOURCE: &str = "Entra: Claims validation, validate the actor; threat model T-019";
    vec![
        case("kind/no-client", Severity::Medium)
            .says(
                "a token that names no client application",
                "every access token of Entra names one: what does not is another kind of token",
            )
            .by("Entra: Access token claims reference, `azp`, `appid`", &["T-016", "T-019"])
            .attempt(Expect::Forbidden, |scene| Recipe::good(scene).without("azp").without("appid").into()),
        case("kind/another-client", Severity::High)
            .says(
                "a token that a person got through another client application",
                "that application would act at this API with the person's rights",
            )
            .by(SOURCE, &["T-019"])
            .needs(&[Need::OneClient])
            .everywhere()
            .attempt(Expect::Forbidden, |scene| {
                Recipe::good(scene).asking("client", json!(scene.guid("another client"))).into()
            }),
        case("kind/client-in-the-other-claim", Severity::High)
            .says(
                "another client application, and the permitted one in the claim of the other version",
                "`azp` is for version 2 and `appid` for version 1; a claim that is not due decides nothing",
            )
            .by(SOURCE, &["T-019"])
            .needs(&[Need::OneClient])
            .attempt(Expect::Forbidden, |scene| {
                let other = if scene.api.version() == 1 { "azp" } else { "appid" };
                Recipe::good(scene)
                    .asking("client", json!(scene.guid("another client")))
                    .claim(other, json!(scene.api.client))
                    .into()
            }),
        case("kind/client-longer", Severity::High)
            .says(
                "the permitted client's id with more text behind it",
                "a client's id is compared as a whole",
            )
            .by(SOURCE, &["T-019"])
            .needs(&[Need::OneClient])
            .attempt(Expect::Forbidden, |scene| {
                let client = scene.api.client.as_deref().unwrap_or_default();
                Recipe::good(scene).asking("client", json!(format!("{client}-2"))).into()
            }),
    ]
}
