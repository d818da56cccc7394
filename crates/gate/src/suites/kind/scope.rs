//! What people's tokens permit: the delegated scope, as a whole word of `scp` (T-018).

use serde_json::json;

use super::case;
use crate::case::{Attempt, Case, Expect, Need, Severity};
use crate::scene::Scene;
use crate::token::Recipe;

/// Template id of the directory role "Global Administrator", the same in all tenants.
pub(super) const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

pub(super) fn cases() -> Vec<Case> {
    [none(), words(), elsewhere()].concat()
}

fn scope(id: &'static str, title: &'static str, reason: &'static str, make: fn(&Scene) -> Attempt) -> Case {
    case(id, Severity::High)
        .says(title, reason)
        .by("Entra: Verify scopes and app roles; RFC 6750 §3.1", &["T-018"])
        .needs(&[Need::Scope])
        .attempt(Expect::Forbidden, make)
}

/// A person's token whose scopes are changed one by one.
fn each(scene: &Scene, edit: impl Fn(&str) -> String) -> Attempt {
    let words: Vec<String> = scene.api.scope.split_whitespace().map(edit).collect();
    Recipe::good(scene).claim("scp", words.join(" ")).into()
}

/// A person's token without scope and role.
fn bare(scene: &Scene) -> Recipe {
    Recipe::good(scene).asking("scopes", json!([])).asking("roles", json!([]))
}

fn none() -> Vec<Case> {
    vec![
        scope(
            "kind/person-without-permission",
            "a person's token with neither scope nor role",
            "a token for this API is not a permission to use it",
            |scene| bare(scene).into(),
        )
        .everywhere(),
        scope(
            "kind/person-without-scope",
            "a person's token with the role and without a scope",
            "the client has no consent to act for the person; a role of the person does not replace it",
            |scene| Recipe::good(scene).asking("scopes", json!([])).into(),
        )
        .needs(&[Need::Scope, Need::Role])
        .everywhere(),
        scope(
            "kind/person-without-scope-version-one",
            "a person's version 1 token with the role and without a scope",
            "what a token of one version must bring, one of the other must bring too",
            |scene| Recipe::good(scene).of_version(scene, 1).asking("scopes", json!([])).into(),
        )
        .needs(&[Need::Scope, Need::Role, Need::VersionOne, Need::VersionTwo]),
        scope(
            "kind/scope-empty",
            "a person's token with an empty `scp`",
            "an empty text is in every other; a claim that is there permits nothing by being there",
            |scene| Recipe::good(scene).claim("scp", "").into(),
        ),
    ]
}

fn words() -> Vec<Case> {
    vec![
        scope(
            "kind/scope-of-another-api",
            "a scope that this API does not ask for",
            "some scope is not the scope",
            |scene| Recipe::good(scene).claim("scp", "Other.Read").into(),
        ),
        scope(
            "kind/scope-longer",
            "the scope with more text behind it",
            "who compares the beginning lets `read` permit what `read.own` does, and the reverse",
            |scene| each(scene, |word| format!("{word}.none")),
        ),
        scope(
            "kind/scope-inside-another",
            "the scope at the end of a longer word",
            "who searches the text finds the scope inside another",
            |scene| each(scene, |word| format!("not.{word}")),
        ),
        scope(
            "kind/scope-shorter",
            "the first half of the scope",
            "who searches the wrong way round finds every part of what is asked for",
            |scene| each(scene, |word| word.chars().take(word.chars().count() / 2).collect()),
        ),
        scope(
            "kind/scope-case",
            "the scope in the other letter case",
            "scopes are case-sensitive, and two of them may differ in nothing else",
            |scene| {
                each(scene, |word| match word.to_uppercase() {
                    upper if upper == word => word.to_lowercase(),
                    upper => upper,
                })
            },
        )
        .by("RFC 6749 §3.3", &["T-018"]),
        scope(
            "kind/scope-list-in-a-text",
            "the scope between commas, without a space",
            "scopes are separated by spaces; a comma is part of a word",
            |scene| each(scene, |word| format!("a,{word},b")),
        )
        .by("RFC 6749 §3.3", &["T-018"]),
    ]
}

fn elsewhere() -> Vec<Case> {
    vec![
        scope(
            "kind/scope-as-role",
            "the scope's name among the roles, and no scope",
            "who throws scopes and roles into one bag lets a role of that name pass for a consent",
            |scene| bare(scene).claim("roles", json!([scene.api.scope])).into(),
        ),
        scope(
            "kind/role-as-scope",
            "the role's name as a scope, and neither scope nor role",
            "who throws scopes and roles into one bag lets a consent of that name pass for a role",
            |scene| bare(scene).claim("scp", json!(scene.api.role)).into(),
        )
        .needs(&[Need::Scope, Need::Role]),
        scope(
            "kind/scope-in-another-claim",
            "the scope in claims of similar names, and no `scp`",
            "Entra puts delegated permissions into `scp`; what others mean by other names is theirs",
            |scene| {
                let names = ["scopes", "permissions", "authorities"].iter();
                names.fold(bare(scene), |recipe, name| recipe.claim(name, &*scene.api.scope)).into()
            },
        ),
        scope(
            "kind/directory-role",
            "a Global Administrator's token without scope and role",
            "who administers a directory may not use this API for that: `wids` and groups are no permission",
            |scene| {
                let groups = json!([GLOBAL_ADMINISTRATOR, scene.api.role]);
                bare(scene).claim("wids", json!([GLOBAL_ADMINISTRATOR])).claim("groups", groups).into()
            },
        )
        .by("Entra: Access token claims reference, `wids`", &["T-018"]),
    ]
}
