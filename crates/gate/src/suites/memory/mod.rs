//! *memory*: what an earlier request leaves behind. A verdict that is remembered too loosely opens the door to near copies
//! (T-022), and one request must never decide about another (T-001).

mod expiry;

use futures_util::{StreamExt, stream};

use crate::case::{Case, Expect, Observed, Severity, Suite};
use crate::report::Finding;
use crate::token::{Recipe, decode, encode};
use crate::{GateError, Scene, Stage};

/// How often a good token is presented before its near copy, so that whatever remembers remembers.
const WARM: usize = 3;

/// Good and bad requests that run at the same time.
const INTERLEAVED: usize = 32;

const fn case(id: &'static str, severity: Severity) -> Case {
    Case::new(id, Suite::Memory, severity)
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("memory/other-signature", Severity::Critical)
            .says(
                "a remembered token with another signature",
                "a verdict remembered by id or claims, and not by the whole token, holds for forgeries too",
            )
            .by("Oathkeeper CVE-2026-33496; threat model T-022", &["T-022"])
            .script(Expect::Refused, |stage| Box::pin(near_copy(stage, other_signature))),
        case("memory/no-signature", Severity::Critical)
            .says("a remembered token without its signature", "a prefix of a good token is not a good token")
            .by("ZITADEL CVE-2026-27840", &["T-022"])
            .script(Expect::Refused, |stage| Box::pin(near_copy(stage, no_signature))),
        case("memory/other-claims", Severity::Critical)
            .says(
                "a remembered token's signature under other claims",
                "a verdict remembered by its signature holds for whatever stands before it",
            )
            .by("threat model T-022", &["T-022"])
            .script(Expect::Refused, |stage| Box::pin(near_copy(stage, other_claims))),
        case("memory/other-header", Severity::High)
            .says("a remembered token with one more header member", "the header is signed too")
            .by("RFC 7515 §5.2; threat model T-022", &["T-022"])
            .script(Expect::Refused, |stage| Box::pin(near_copy(stage, other_header))),
        case("memory/same-token-id", Severity::Critical)
            .says(
                "an unlisted organisation's genuine token with the token id of a remembered one",
                "ids inside a token are its issuer's choice, and no key to a verdict",
            )
            .by("threat model T-022", &["T-011", "T-022"])
            .script(Expect::TenantRefused, |stage| Box::pin(same_ids(stage))),
        case("memory/same-person", Severity::Critical)
            .says(
                "a remembered person's genuine token for another API",
                "a verdict remembered by person and key holds for every token that person ever got",
            )
            .by("threat model T-022", &["T-014", "T-022"])
            .script(Expect::Refused, |stage| Box::pin(same_person(stage))),
        case("memory/expired-meanwhile", Severity::High)
            .says(
                "a remembered token after its end",
                "a verdict dies with its token: who remembers it for an hour lets it live an hour longer",
            )
            .by("Oathkeeper GHSA-qvp4-rpmr-xwrr; threat model T-022", &["T-015", "T-022"])
            .script(Expect::Refused, |stage| Box::pin(expiry::expired_meanwhile(stage))),
        case("memory/refusal-forgotten", Severity::Medium)
            .says(
                "a good token after a forgery of it was refused",
                "a refusal that is remembered too loosely shuts out whom it should not",
            )
            .by("threat model T-022", &["T-022"])
            .script(Expect::Passes, |stage| Box::pin(good_after_bad(stage))),
        case("memory/interleaved", Severity::Critical)
            .says(
                "good tokens and an unlisted organisation's, side by side",
                "no request may borrow the verdict of another, whatever runs at the same time",
            )
            .by("threat model T-001", &["T-001"])
            .script(Expect::TenantRefused, |stage| Box::pin(interleaved(stage))),
    ]
}

/// Presents a good token until it is known, and then what `copy` makes of it.
async fn near_copy(stage: &Stage, copy: fn(&str, &Scene) -> String) -> Result<Observed, GateError> {
    let token = stage.token(&Recipe::good(stage.scene())).await?;
    if let Some(trouble) = warm(stage, &token).await? {
        return Ok(trouble);
    }
    let answer = stage.call(&copy(&token, stage.scene())).await?;
    Ok(stage.observed(Expect::Refused, &answer))
}

async fn same_ids(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let ids =
        |recipe: Recipe| ["uti", "jti", "sid"].iter().fold(recipe, |recipe, id| recipe.claim(id, "the-same"));
    let token = stage.token(&ids(Recipe::good(scene))).await?;
    if let Some(trouble) = warm(stage, &token).await? {
        return Ok(trouble);
    }
    let rogue = stage.token(&ids(Recipe::of_member(scene, &scene.rogue))).await?;
    Ok(stage.observed(Expect::TenantRefused, &stage.call(&rogue).await?))
}

async fn same_person(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let token = stage.token(&Recipe::good(scene)).await?;
    if let Some(trouble) = warm(stage, &token).await? {
        return Ok(trouble);
    }
    let other = stage.token(&Recipe::good(scene).claim("aud", scene.guid("another API"))).await?;
    Ok(stage.observed(Expect::Refused, &stage.call(&other).await?))
}

async fn good_after_bad(stage: &Stage) -> Result<Observed, GateError> {
    let token = stage.token(&Recipe::good(stage.scene())).await?;
    for _ in 0..WARM {
        let _refused = stage.call(&other_signature(&token, stage.scene())).await?;
    }
    Ok(match warm(stage, &token).await? {
        Some(trouble) => trouble,
        None => Observed::AsExpected(format!("passed {WARM} times after {WARM} refusals")),
    })
}

async fn interleaved(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let good = stage.token(&Recipe::good(scene)).await?;
    let rogue = stage.token(&Recipe::of_member(scene, &scene.rogue)).await?;
    let calls = (0..INTERLEAVED).map(|n| {
        let token = if n % 2 == 0 { &good } else { &rogue };
        async move { (n % 2 == 0, stage.call(token).await) }
    });
    let answers: Vec<_> =
        stream::iter(calls).buffer_unordered(stage.target().limits.concurrency).collect().await;
    for (is_good, answer) in answers {
        let answer = answer?;
        match is_good {
            true if stage.lets_in(&answer) => {}
            true => {
                return Ok(Observed::Otherwise(
                    Finding::RefusedGood,
                    "a good one was refused among bad ones".into(),
                ));
            }
            false => match stage.observed(Expect::TenantRefused, &answer) {
                Observed::AsExpected(_) => {}
                otherwise => return Ok(otherwise),
            },
        }
    }
    Ok(Observed::AsExpected(format!("{INTERLEAVED} requests, each judged by itself")))
}

/// Presents a good token a few times; what is wrong if it does not pass.
async fn warm(stage: &Stage, token: &str) -> Result<Option<Observed>, GateError> {
    for _ in 0..WARM {
        let answer = stage.call(token).await?;
        if !stage.lets_in(&answer) {
            return Ok(Some(Observed::Otherwise(
                Finding::RefusedGood,
                "the good token did not pass".to_owned(),
            )));
        }
    }
    Ok(None)
}

fn other_signature(token: &str, scene: &Scene) -> String {
    let signed = token.rsplit_once('.').map_or(token, |(signed, _)| signed);
    format!("{signed}.{}", encode([scene.bytes("memory/other-signature"); 8].concat()))
}

fn no_signature(token: &str, _: &Scene) -> String {
    token.rsplit_once('.').map_or_else(String::new, |(signed, _)| format!("{signed}."))
}

/// The rogue tenant's id, in claims that somebody else signed.
fn other_claims(token: &str, scene: &Scene) -> String {
    part_changed(token, 1, |claims| claims.replace(&scene.home.tenant, &scene.rogue.tenant))
}

fn other_header(token: &str, _: &Scene) -> String {
    part_changed(token, 0, |header| header.replacen('{', r#"{"x":1,"#, 1))
}

fn part_changed(token: &str, part: usize, change: impl Fn(&str) -> String) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let text = decode(&parts[part]).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    parts[part] = encode(change(&text));
    parts.join(".")
}
