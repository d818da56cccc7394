//! People of two tenants with the same names: whose data it is must not hang on what anybody may be called (T-017).

use super::case;
use crate::GateError;
use crate::case::{Case, Expect, Observed, Severity};
use crate::isolation::{Canary, Ground};
use crate::token::Recipe;

/// Claims that an administrator of any tenant may set, or that Entra does not verify.
const NAMES: &[&str] =
    &["email", "mail", "preferred_username", "upn", "unique_name", "verified_primary_email", "name"];

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("isolation/same-names", Severity::Critical)
            .says(
                "another tenant's person who has the owner's e-mail address and names looks everywhere",
                "any tenant's administrator may call people what they like: only `tid` and `oid` say whose data it is",
            )
            .by("nOAuth; Entra: Claims validation; threat model T-017", &["T-017", "T-101"])
            .script(Expect::Forbidden, |stage| {
                Box::pin(Ground::over(stage, |ground| Box::pin(same_names(ground))))
            }),
    ]
}

async fn same_names(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let home = &ground.stage.scene().home;
    let address = format!("namesake@{}", home.domain);
    let owner = ground.stage.token(&called(ground.person_recipe(home), &address)).await?;
    let stranger = ground.stage.token(&called(ground.person_recipe(ground.stranger()), &address)).await?;
    let canary = match Canary::plant(ground.stage, &ground.plan, &owner).await? {
        Ok(canary) => canary,
        Err(why) => return Ok(Observed::Unclear(why)),
    };
    let named = Ground { stage: ground.stage, plan: ground.plan.clone(), owner, canary };
    let namesake = [("another tenant's person of the same names", stranger)];
    let seen = named.look_everywhere(&named.plan.all_reads(), &namesake).await;
    named.clear().await?;
    seen
}

fn called(recipe: Recipe, address: &str) -> Recipe {
    NAMES.iter().fold(recipe, |recipe, name| recipe.claim(name, address))
}
