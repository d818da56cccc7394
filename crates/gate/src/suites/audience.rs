//! *audience*: `aud`, compared as a whole with what the API is called (T-014).

use serde_json::{Value, json};

use crate::case::{Attempt, Case, Expect, Need, Severity, Suite};
use crate::scene::Scene;
use crate::token::Recipe;

/// Microsoft Graph's client id, the same in all clouds.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

pub(super) fn cases() -> Vec<Case> {
    [others(), absent(), nearly(), lists()].concat()
}

fn audience(
    id: &'static str,
    title: &'static str,
    reason: &'static str,
    make: fn(&Scene) -> Attempt,
) -> Case {
    Case::new(id, Suite::Audience, Severity::High)
        .says(title, reason)
        .by("RFC 7519 §4.1.3; RFC 8725 §3.9; Entra: Claims validation, `aud`", &["T-014"])
        .attempt(Expect::Refused, make)
}

/// A good token but for its audience.
fn is(scene: &Scene, audience: impl Into<Value>) -> Attempt {
    Recipe::good(scene).claim("aud", audience).into()
}

/// The same as a version 1 token, for an API of another address.
fn another_uri(recipe: Recipe, scene: &Scene) -> Recipe {
    recipe.of_version(scene, 1).claim("aud", format!("api://{}", scene.guid("another API")))
}

/// What the API is called in the tokens that it gets.
fn ours(scene: &Scene) -> String {
    scene.api.audience(scene.api.version())
}

fn others() -> Vec<Case> {
    vec![
        audience(
            "audience/another-api",
            "a genuine token for another API",
            "whoever runs that API, or breaks into it, holds the tokens of all who call it",
            |scene| Recipe::good(scene).asking("audience", json!(scene.guid("another API"))).into(),
        )
        .everywhere(),
        audience(
            "audience/another-api-version-one",
            "a version 1 token for another API",
            "version 1 names APIs by address, and a check that knows only ids is easily left out there",
            |scene| another_uri(Recipe::good(scene), scene).into(),
        )
        .needs(&[Need::VersionOne, Need::VersionTwo]),
        audience(
            "audience/another-api-for-a-program",
            "a program's token for another API",
            "programs come by a path of their own, on which each check has to stand again",
            |scene| Recipe::of_application(scene, &scene.home).claim("aud", scene.guid("another API")).into(),
        )
        .needs(&[Need::Applications, Need::Program]),
        audience(
            "audience/graph",
            "a token for Microsoft Graph",
            "it is what clients have at hand, and a popular way to silence an error is to accept it",
            |scene| is(scene, GRAPH),
        ),
        audience(
            "audience/graph-by-address",
            "a token for Microsoft Graph, by its address",
            "an API has an id and an address, and who takes one by habit takes the other",
            |scene| is(scene, "https://graph.microsoft.com"),
        ),
        audience(
            "audience/client",
            "a token for the client that calls",
            "what a client may read about a person is not what it may do here",
            |scene| {
                Recipe::good(scene)
                    .adjusted(|claims| {
                        let client = claims.get("azp").or_else(|| claims.get("appid")).cloned();
                        claims.insert("aud".to_owned(), client.unwrap_or_default());
                    })
                    .into()
            },
        ),
        audience(
            "audience/ours-as-client",
            "a token that this API got for another one, on somebody's behalf",
            "it names this API, as the client; those who hold it are the others",
            |scene| {
                Recipe::good(scene)
                    .asking("client", json!(scene.api.client_id))
                    .asking("audience", json!(scene.guid("another API")))
                    .into()
            },
        )
        .by("Entra: On-behalf-of flow; RFC 8725 §3.9", &["T-014"]),
    ]
}

fn absent() -> Vec<Case> {
    vec![
        audience(
            "audience/missing",
            "a token without `aud`",
            "many libraries check the audience only if there is one",
            |scene| Recipe::good(scene).without("aud").into(),
        )
        .by("mod_auth_openidc GHSA-wcvh-g65p-v576; RFC 7519 §4.1.3", &["T-014"]),
        audience(
            "audience/empty",
            "an empty `aud`",
            "an empty text is at the beginning, and the end, of every other",
            |scene| is(scene, ""),
        ),
        audience("audience/null", "`aud` is null", "null is neither absent nor everybody", |scene| {
            is(scene, json!(null))
        }),
        audience(
            "audience/empty-list",
            "an empty list as `aud`",
            "of nothing everything is true: a check of each entry has nothing to refuse",
            |scene| is(scene, json!([])),
        ),
    ]
}

fn nearly() -> Vec<Case> {
    vec![
        audience(
            "audience/longer",
            "our audience with more text behind it",
            "who compares the beginning takes tokens for every name that begins alike",
            |scene| is(scene, format!("{}.attacker.example", ours(scene))),
        )
        .by("HashiCorp Vault CVE-2024-5798; RFC 7519 §4.1.3", &["T-014"]),
        audience(
            "audience/inside-another",
            "our audience at the end of another API's URI",
            "anybody may register a URI that ends so",
            |scene| is(scene, format!("api://attacker.example/{}", ours(scene))),
        ),
        audience(
            "audience/shorter",
            "our audience without its last part",
            "who searches the wrong way round finds every part of the own name",
            |scene| {
                let ours = ours(scene);
                is(scene, ours.rsplit_once('-').map_or(&ours[..1], |(start, _)| start))
            },
        ),
        audience(
            "audience/case",
            "our audience in capital letters",
            "audiences are compared letter by letter",
            |scene| is(scene, ours(scene).to_uppercase()),
        )
        .needs(&[Need::Letters]),
        audience(
            "audience/joined",
            "our audience and another in one text, with a space between",
            "one text is one audience; only a list has several",
            |scene| is(scene, format!("{} {}", scene.guid("another API"), ours(scene))),
        ),
        audience("audience/number", "`aud` is a number", "what is no text is nobody's name", |scene| {
            is(scene, json!(0))
        }),
    ]
}

fn lists() -> Vec<Case> {
    vec![
        audience(
            "audience/list-of-others",
            "a list of two other APIs as `aud`",
            "that there is a list is not that we are on it",
            |scene| is(scene, json!([scene.guid("another API"), GRAPH])),
        ),
        list(
            "audience/ours-first",
            "a list of our audience and another API's",
            "the other one could replay here what it is sent",
            |scene| is(scene, json!([ours(scene), scene.guid("another API")])),
        ),
        list(
            "audience/ours-last",
            "a list of another API's audience and ours",
            "who reads only the first, or only the last, sees half of whom it is for",
            |scene| is(scene, json!([scene.guid("another API"), ours(scene)])),
        ),
        audience(
            "audience/list-in-a-list",
            "our audience in a list within a list",
            "where lists become texts, this one becomes our name",
            |scene| is(scene, json!([[ours(scene)]])),
        ),
    ]
}

/// RFC 7519 would let these pass; a token for exactly one audience is this project's profile (T-014).
fn list(id: &'static str, title: &'static str, reason: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    audience(id, title, reason, make)
        .by("HashiCorp Vault CVE-2024-5798; threat model T-014", &["T-014"])
        .of(Severity::Medium)
}
