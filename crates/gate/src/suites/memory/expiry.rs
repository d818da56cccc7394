//! A token that is known to the API when it ends.

use std::time::Duration;

use serde_json::Value;

use super::warm;
use crate::case::{Expect, Observed};
use crate::report::Finding;
use crate::token::{Recipe, decode};
use crate::{GateError, Stage};

/// Seconds that the token has left when it becomes known.
const LEFT: i64 = 2;

/// Seconds by which the first tries keep clear of what the API forgives.
const CLEAR: i64 = 60;

/// Makes a token known just before the API takes it for expired, and presents it once more afterwards.
pub(super) async fn expired_meanwhile(stage: &Stage) -> Result<Observed, GateError> {
    let Some(forgiven) = forgiven(stage).await? else {
        let why = "it forgives more than `api.leeway-s` says, so that no token ends in time";
        return Ok(Observed::Unclear(why.to_owned()));
    };
    let token = stage.token(&ended(stage, forgiven - LEFT)).await?;
    if warm(stage, &token).await?.is_some() {
        return Ok(Observed::Unclear("the token ended before it was known".to_owned()));
    }
    stage.wait(Duration::from_secs(LEFT.unsigned_abs() + 2)).await;
    let answer = stage.call(&token).await?;
    if !stage.lets_in(&answer) {
        return Ok(stage.observed(Expect::Refused, &answer));
    }
    let twin = stage.token(&ending_with(stage, &token)).await?;
    Ok(match stage.lets_in(&stage.call(&twin).await?) {
        true => Observed::Unclear("its clock is too uneven to tell when a token ends".to_owned()),
        false => Observed::Otherwise(
            Finding::Accepted,
            "let it in after its end, and refused one like it that was new".to_owned(),
        ),
    })
}

/// How many seconds after its end the API still takes a token: it may forgive less than it says. `None` if more.
async fn forgiven(stage: &Stage) -> Result<Option<i64>, GateError> {
    let (mut takes, mut refuses) = (-CLEAR, i64::from(stage.scene().api.leeway_s) + CLEAR);
    if is_taken(stage, refuses).await? {
        return Ok(None);
    }
    while refuses - takes > 1 {
        let between = i64::midpoint(takes, refuses);
        match is_taken(stage, between).await? {
            true => takes = between,
            false => refuses = between,
        }
    }
    Ok(Some(takes))
}

async fn is_taken(stage: &Stage, ago: i64) -> Result<bool, GateError> {
    let token = stage.token(&ended(stage, ago)).await?;
    Ok(stage.lets_in(&stage.call(&token).await?))
}

/// A good token but that it ended so many seconds ago.
fn ended(stage: &Stage, ago: i64) -> Recipe {
    Recipe::good(stage.scene()).adjusted(move |claims| {
        let now = claims.get("iat").and_then(Value::as_i64).unwrap_or_default();
        for (claim, at) in [("exp", now - ago), ("nbf", now - ago - 3600), ("iat", now - ago - 3600)] {
            claims.insert(claim.to_owned(), at.into());
        }
    })
}

/// Another token with the same times.
fn ending_with(stage: &Stage, token: &str) -> Recipe {
    let claims = token.split('.').nth(1).and_then(decode).unwrap_or_default();
    let claims: Value = serde_json::from_slice(&claims).unwrap_or_default();
    ["exp", "nbf", "iat"]
        .iter()
        .fold(Recipe::good(stage.scene()), |recipe, name| recipe.claim(name, claims[*name].clone()))
}
