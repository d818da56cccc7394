//! ID tokens: for whoever signs people in, never for an API (RFC 9068 §5, T-016).

use serde_json::json;

use super::case;
use crate::case::{Case, Expect, Need, Severity};
use crate::scene::Scene;
use crate::token::Recipe;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("kind/id-token", Severity::High)
            .says(
                "an ID token, for the API's own registration",
                "it has the API's audience where one registration signs people in and is the API",
            )
            .by("RFC 8725 §3.12; Entra: ID tokens", &["T-016"])
            .everywhere()
            .attempt(Expect::Forbidden, |scene| plain(scene).into()),
        case("kind/id-token-with-role", Severity::High)
            .says(
                "an ID token of a person who has the role",
                "ID tokens carry roles too: no scope and a role does not make an application",
            )
            .by("Entra: ID token claims reference, `roles`", &["T-016", "T-018"])
            .needs(&[Need::Role])
            .everywhere()
            .attempt(Expect::Forbidden, |scene| {
                Recipe::id_token(scene).asking("roles", json!([scene.api.role])).into()
            }),
        case("kind/id-token-of-a-client", Severity::High)
            .says(
                "the ID token that a client got when the person signed in",
                "clients send the wrong one of their two tokens, and an API that does not mind hides it",
            )
            .by("OpenID Connect Core §2; Entra: ID tokens", &["T-014", "T-016"])
            .attempt(Expect::Refused, |scene| {
                let client = scene.api.client.clone().unwrap_or_else(|| scene.guid("a client"));
                plain(scene).asking("audience", json!(client)).into()
            }),
        case("kind/nonce", Severity::Medium)
            .says(
                "a token that has everything of an access token, and a `nonce`",
                "a nonce answers a sign-in request; access tokens have none",
            )
            .by("OpenID Connect Core §2; threat model T-016", &["T-016"])
            .attempt(Expect::Refused, |scene| Recipe::good(scene).claim("nonce", "n-0S6_WzA2Mj").into()),
        case("kind/code-hash", Severity::Medium)
            .says(
                "a token that has everything of an access token, and a `c_hash`",
                "it belongs to an authorization code, thus to a client",
            )
            .by("OpenID Connect Core §3.3.2.11; threat model T-016", &["T-016"])
            .attempt(Expect::Refused, |scene| {
                Recipe::good(scene).claim("c_hash", "LDktKdoQak3Pk0cnXxCltA").into()
            }),
    ]
}

fn plain(scene: &Scene) -> Recipe {
    Recipe::id_token(scene).asking("roles", json!([]))
}
