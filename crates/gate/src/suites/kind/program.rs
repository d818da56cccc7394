//! Programs that act for themselves: where they may not, and where they need a role (T-018).

use serde_json::json;

use super::case;
use crate::case::{Attempt, Case, Expect, Need, Severity};
use crate::scene::Scene;
use crate::token::Recipe;

pub(super) fn cases() -> Vec<Case> {
    [users_only(), role()].concat()
}

fn program(id: &'static str, title: &'static str, reason: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    case(id, Severity::High)
        .says(title, reason)
        .by("Entra: Verify scopes and app roles; optional claims reference, `idtyp`", &["T-018"])
        .attempt(Expect::Forbidden, make)
}

fn own(scene: &Scene) -> Recipe {
    Recipe::of_application(scene, &scene.home)
}

fn users_only() -> Vec<Case> {
    const NEEDS: &[Need] = &[Need::UsersOnly, Need::Program];
    vec![
        program(
            "kind/program-where-people-are-due",
            "a program's token, at an API for people",
            "no person is behind it, whatever roles it has",
            |scene| own(scene).into(),
        )
        .needs(NEEDS)
        .everywhere(),
        program(
            "kind/program-that-does-not-say-so",
            "a program's token without `idtyp`, at an API for people",
            "`idtyp` is optional: without it, the missing scope is what tells",
            |scene| own(scene).without("idtyp").into(),
        )
        .needs(NEEDS),
        program(
            "kind/program-with-scope",
            "a program's token that says so, with the scope beside it",
            "`idtyp` says that nobody is behind it; a scope without a person is nobody's consent",
            |scene| own(scene).claim("scp", &*scene.api.scope).into(),
        )
        .needs(&[Need::UsersOnly, Need::Program, Need::Scope]),
    ]
}

fn role() -> Vec<Case> {
    const NEEDS: &[Need] = &[Need::Applications, Need::Program];
    vec![
        program(
            "kind/program-without-role",
            "a program's token without any role",
            "every program of a tenant gets a token for every API there; the role is the permission",
            |scene| own(scene).asking("roles", json!([])).into(),
        )
        .needs(NEEDS)
        .by("Entra: Access tokens; Microsoft.Identity.Web IDW10201", &["T-018"])
        .everywhere(),
        program(
            "kind/program-without-object",
            "a program's token without `oid`",
            "it has no service principal in the tenant: nobody there ever agreed to it",
            |scene| own(scene).without("oid").into(),
        )
        .needs(NEEDS)
        .by("Entra: Service principal-less authentication", &["T-017", "T-018"]),
        program(
            "kind/program-with-scope-for-a-role",
            "a program's token with the scope and without a role",
            "scopes are consents of people; a program has none to show",
            |scene| own(scene).asking("roles", json!([])).claim("scp", &*scene.api.scope).into(),
        )
        .needs(&[Need::Applications, Need::Program, Need::Scope]),
    ]
}
