//! Unusual callers.

use serde_json::json;

use super::oddity;
use crate::case::{Case, Expect, Need, Observed, Severity, Suite};
use crate::token::{Recipe, Signer};
use crate::{GateError, Stage};

pub(super) fn cases() -> Vec<Case> {
    [people(), programs(), vec![retired_key()]].concat()
}

fn people() -> Vec<Case> {
    vec![
        oddity(
            "oddities/guest",
            "a guest of a listed tenant whose own organisation is not listed",
            "the tenant that invited them vouches for them: `tid` is that tenant's, whatever `idp` says",
            |scene| {
                let provider = scene.issuer_of(&scene.rogue.tenant, 1);
                Recipe::of_guest(scene).claim("idp", provider).into()
            },
        )
        .needs(&[Need::Guests])
        .by("threat model T-011; Entra: External ID user tokens", &["T-011"]),
        oddity(
            "oddities/mail-of-another-organisation",
            "a member whose e-mail address and names are another organisation's",
            "people are who `tid` and `oid` say; addresses move, and decide nothing",
            |scene| {
                let name = format!("somebody@{}", scene.rogue.domain);
                Recipe::good(scene)
                    .claim("email", &*name)
                    .claim("upn", &*name)
                    .claim("preferred_username", name)
                    .into()
            },
        )
        .by("nOAuth; Entra: Migrate away from using email claims", &["T-017"]),
        oddity(
            "oddities/no-name",
            "a member without name, user name and address",
            "only what validation needs is always there",
            |scene| {
                let display = ["name", "preferred_username", "unique_name", "upn", "email", "given_name"];
                display.iter().fold(Recipe::good(scene), |recipe, claim| recipe.without(claim)).into()
            },
        )
        .by("Entra: Access token claims reference", &["T-017"]),
        oddity(
            "oddities/name-with-everything",
            "a member whose name has quotes, tags, line breaks and letters of many scripts",
            "people and administrators write names; none of them is a reason to break",
            |scene| {
                Recipe::good(scene)
                    .claim("name", "Zoë \"O'Neill\" <b>&amp;\r\nSet-Cookie: a=b\u{202e} 名前 \u{1f984}")
                    .into()
            },
        )
        .by("RFC 7519 §3; RFC 8259 §7", &["T-004"]),
        oddity(
            "oddities/version-one",
            "a good version 1 token, where both versions are accepted",
            "clients that asked before the registration changed still hold them",
            |scene| Recipe::good(scene).of_version(scene, 1).into(),
        )
        .needs(&[Need::VersionOne, Need::VersionTwo])
        .by("Entra: Access tokens, token formats", &["T-012"]),
    ]
}

fn programs() -> Vec<Case> {
    const NEEDS: &[Need] = &[Need::Applications, Need::Program];
    vec![
        oddity(
            "oddities/program-without-idtyp",
            "a program's good token without `idtyp`",
            "the claim is optional: where it is not configured, no token has it",
            |scene| Recipe::of_application(scene, &scene.home).without("idtyp").into(),
        )
        .needs(NEEDS)
        .by("Entra: Optional claims reference, `idtyp`", &["T-018"]),
        oddity(
            "oddities/managed-identity",
            "a managed identity's token, with `xms_mirid` and a certificate behind it",
            "it is a program like any other, and says more about itself",
            |scene| {
                let resource = format!("/subscriptions/{}/identities/tasks", scene.guid("a subscription"));
                Recipe::of_application(scene, &scene.home)
                    .claim("xms_mirid", resource)
                    .claim(if scene.api.version() == 1 { "appidacr" } else { "azpacr" }, "2")
                    .into()
            },
        )
        .needs(NEEDS)
        .by("Entra: Managed identities; Access token claims reference", &["T-018"]),
    ]
}

fn retired_key() -> Case {
    Case::new("oddities/retired-key", Suite::Oddities, Severity::Medium)
        .says(
            "a token by a key that signs no more and is still published",
            "tokens outlive the key that signed them, and keys are published until the last of those has expired",
        )
        .by("Entra: Signing key rollover", &["T-023"])
        .script(Expect::Passes, |stage| Box::pin(by_retired_key(stage)))
}

/// An earlier case may have withdrawn the retired keys.
async fn by_retired_key(stage: &Stage) -> Result<Observed, GateError> {
    let recipe = Recipe::good(stage.scene()).header("typ", json!("JWT")).signed_by(Signer::Retired);
    match stage.token(&recipe).await {
        Ok(token) => Ok(stage.observed(Expect::Passes, &stage.call(&token).await?)),
        Err(GateError::Token { why, .. }) => Ok(Observed::Unclear(why)),
        Err(other) => Err(other),
    }
}
