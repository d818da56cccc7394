//! App roles, as entries of the list `roles`: of programs where they may call, otherwise of people (T-018).

use serde_json::json;

use super::case;
use super::scope::GLOBAL_ADMINISTRATOR;
use crate::case::{Attempt, Case, Expect, Need, Severity};
use crate::scene::Scene;
use crate::token::Recipe;

fn role(id: &'static str, title: &'static str, reason: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    case(id, Severity::High)
        .says(title, reason)
        .by("Entra: Verify scopes and app roles", &["T-018"])
        .needs(&[Need::Role])
        .attempt(Expect::Forbidden, make)
}

/// Somebody whose role is all that opens the probes.
fn caller(scene: &Scene) -> Recipe {
    match scene.home.program {
        Some(_) if scene.api.applications => Recipe::of_application(scene, &scene.home),
        _ => Recipe::good(scene),
    }
}

fn role_of(scene: &Scene) -> &str {
    scene.api.role.as_deref().unwrap_or_default()
}

pub(super) fn cases() -> Vec<Case> {
    [none(), words(), types()].concat()
}

fn none() -> Vec<Case> {
    vec![
        role(
            "kind/person-without-role",
            "a person's token with the scope and without a role",
            "the scope is the client's permission; what the person may do, the role says",
            |scene| Recipe::good(scene).asking("roles", json!([])).into(),
        )
        .everywhere(),
        role(
            "kind/directory-role-for-a-role",
            "a Global Administrator's token with the scope and without a role",
            "who administers a directory is nobody here until the API's own role says so",
            |scene| {
                let groups = json!([GLOBAL_ADMINISTRATOR, scene.api.role]);
                let person = Recipe::good(scene).asking("roles", json!([]));
                person.claim("wids", json!([GLOBAL_ADMINISTRATOR])).claim("groups", groups).into()
            },
        )
        .by("Entra: Access token claims reference, `wids`", &["T-018"]),
        role(
            "kind/role-of-another-api",
            "a token with a role that this API does not know",
            "some role is not the role",
            |scene| caller(scene).claim("roles", json!(["Other.Read.All"])).into(),
        ),
    ]
}

fn words() -> Vec<Case> {
    vec![
        role(
            "kind/role-longer",
            "a token with a role that has the right one inside it",
            "roles are compared as whole texts",
            |scene| caller(scene).claim("roles", json!([format!("Non{}s", role_of(scene))])).into(),
        ),
        role(
            "kind/role-case",
            "a token with the role in the other letter case",
            "role values are case-sensitive",
            |scene| {
                let role = role_of(scene);
                let upper = role.to_uppercase();
                let other = if upper == role { role.to_lowercase() } else { upper };
                caller(scene).claim("roles", json!([other])).into()
            },
        ),
    ]
}

fn types() -> Vec<Case> {
    vec![
        role(
            "kind/roles-as-text",
            "a token whose `roles` is one text with the role inside",
            "asked whether it contains the role, a text answers about its parts",
            |scene| caller(scene).claim("roles", format!("Non{}", role_of(scene))).into(),
        ),
        role(
            "kind/roles-as-object",
            "a token whose `roles` is an object with the role as a member",
            "`in` finds names of members; only a list of texts is a list of roles",
            |scene| {
                let mut roles = serde_json::Map::new();
                roles.insert(role_of(scene).to_owned(), json!(false));
                caller(scene).claim("roles", roles).into()
            },
        ),
    ]
}
