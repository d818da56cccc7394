//! The `WWW-Authenticate` field: clients learn from it what to do next.

use super::field::{Challenge, challenges};
use super::{case, expected, forged, looked_at, nothing};
use crate::case::{Answer, Case, Expect, Observed, Severity};
use crate::report::Finding;
use crate::token::Recipe;
use crate::{Attempt, GateError, Stage};
use serde_json::json;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("answers/challenge", Severity::Low)
            .says(
                "a forged token: is there one well-formed Bearer challenge",
                "a 401 says how to do better, in one way",
            )
            .by("RFC 9110 §11.6.1, §15.5.2; RFC 6750 §3", &["T-020"])
            .script(Expect::Refused, |stage| {
                Box::pin(challenged(stage, forged(stage.scene()).into(), well_formed))
            }),
        case("answers/challenge-code", Severity::Low)
            .says(
                "a forged token: does the challenge say `invalid_token`",
                "clients fetch a new token by this code",
            )
            .by("RFC 6750 §3.1", &["T-020"])
            .script(Expect::Refused, |stage| {
                Box::pin(challenged(stage, forged(stage.scene()).into(), invalid_token))
            }),
        case("answers/challenge-without-token", Severity::Low)
            .says(
                "no token: does the challenge do without an error code",
                "who sent nothing did nothing wrong",
            )
            .by("RFC 6750 §3.1: should not include an error code", &["T-020"])
            .script(Expect::Refused, |stage| Box::pin(challenged(stage, nothing(), no_code))),
        case("answers/challenge-without-permission", Severity::Low)
            .says(
                "a token without permission: does a 403 say `insufficient_scope`",
                "clients ask for more by this code, and not for the same again",
            )
            .by("RFC 6750 §3.1", &["T-020"])
            .script(Expect::Forbidden, |stage| Box::pin(without_permission(stage))),
    ]
}

/// Looks at the one Bearer challenge of a 401.
async fn challenged(
    stage: &Stage,
    attempt: Attempt,
    look: fn(&Challenge) -> Observed,
) -> Result<Observed, GateError> {
    looked_at(stage, attempt, |answer| match answer.status {
        401 => the_challenge(answer).map_or_else(otherwise, |challenge| look(&challenge)),
        status => Observed::Unclear(format!("refused with {status}, which needs no challenge")),
    })
    .await
}

fn the_challenge(answer: &Answer) -> Result<Challenge, String> {
    let all = challenges(answer.values("www-authenticate"))
        .map_err(|fault| format!("`WWW-Authenticate` is not well-formed: {fault}"))?;
    let mut bearer = all.into_iter().filter(|challenge| challenge.scheme == "bearer");
    match (bearer.next(), bearer.next()) {
        (Some(challenge), None) => Ok(challenge),
        (None, _) => Err("no Bearer challenge".to_owned()),
        (Some(_), Some(_)) => Err("more than one Bearer challenge".to_owned()),
    }
}

fn otherwise(what: impl Into<String>) -> Observed {
    Observed::Otherwise(Finding::WrongStatus, what.into())
}

/// Texts for clients are printable ASCII without quote and backslash (RFC 6750 §3).
fn well_formed(challenge: &Challenge) -> Observed {
    let is_plain = |text: &str| text.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\');
    let texts = ["error", "error_description", "error_uri", "scope"];
    match texts.iter().find(|name| !challenge.parameter(name).is_none_or(is_plain)) {
        Some(name) => otherwise(format!("`{name}` has characters that it may not have")),
        None => expected("one Bearer challenge"),
    }
}

fn invalid_token(challenge: &Challenge) -> Observed {
    match challenge.parameter("error") {
        Some("invalid_token") => expected("`invalid_token`"),
        Some(_) => otherwise("another error code than `invalid_token`"),
        None => otherwise("no error code"),
    }
}

fn no_code(challenge: &Challenge) -> Observed {
    match challenge.parameter("error") {
        None => expected("no error code"),
        Some(_) => otherwise("an error code, though no token was sent"),
    }
}

async fn without_permission(stage: &Stage) -> Result<Observed, GateError> {
    let recipe = Recipe::good(stage.scene()).asking("scopes", json!([])).asking("roles", json!([]));
    looked_at(stage, recipe, |answer| match (answer.status, the_challenge(answer)) {
        (403, Ok(challenge)) if challenge.parameter("error") == Some("insufficient_scope") => {
            expected("`insufficient_scope`")
        }
        (403, Ok(_)) => otherwise("a challenge without `insufficient_scope`"),
        (403, Err(fault)) => otherwise(fault),
        (status, _) => Observed::Unclear(format!("refused with {status}, not 403")),
    })
    .await
}
