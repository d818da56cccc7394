//! New keys are learned, old ones stay as long as they are published, withdrawn ones go.

use std::time::Instant;

use serde_json::json;

use super::case;
use super::provider::{PAUSE, Provider, refused_good, rests, wrong_to_unknown};
use crate::case::{Case, Expect, Need, Observed, Severity};
use crate::report::Finding;
use crate::token::Recipe;
use crate::{GateError, Stage};

/// Keys that are published at once, so that an API that rests for long learns all of them with one fetch.
const AHEAD: usize = 3;

/// Good tokens presented right after a rotation.
const AFTERWARDS: usize = 10;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("keys/new-key", Severity::High)
            .says(
                "a good token by a key that was published a moment ago",
                "in an emergency Entra uses a new key at once, and does not ask whether caches are ready",
            )
            .by("Entra: signing key rollover; threat model T-023", &["T-023"])
            .script(Expect::Passes, |stage| Box::pin(new_key(stage))),
        case("keys/rotation", Severity::High)
            .says(
                "good tokens by the new key and by the old one, right after a rotation that was published ahead",
                "tokens by the old key live on for an hour, and nobody may notice the change",
            )
            .by("Entra: signing key rollover; OIDC Core 1.0 §10.1.1", &["T-023"])
            .script(Expect::Passes, |stage| Box::pin(rotation(stage))),
        case("keys/rotation-partner", Severity::High)
            .says(
                "a good token of the second listed tenant after the rotation",
                "keys that were learned for one tenant must not keep another from learning",
            )
            .by("Entra: signing key rollover; threat model T-023", &["T-023"])
            .needs(&[Need::Partner])
            .script(Expect::Passes, |stage| Box::pin(partner_after_rotation(stage))),
        case("keys/withdrawal", Severity::High)
            .says(
                "a token by a key that its issuer has withdrawn, after the API has asked for keys again",
                "a key is withdrawn because somebody else has it; a cache that only grows trusts it for ever",
            )
            .by("Entra: signing key rollover; threat model T-022, T-023", &["T-022", "T-023"])
            .script(Expect::Refused, |stage| Box::pin(withdrawal(stage))),
        case("keys/withdrawal-unasked", Severity::High)
            .says(
                "a token by a withdrawn key, at an API that nothing has made ask for keys again",
                "who holds a stolen key will not present a new one first: only keys that are fetched by age die",
            )
            .by("Entra: signing key rollover; threat model T-023", &["T-023"])
            .needs(&[Need::KeyPromise])
            .script(Expect::Refused, |stage| Box::pin(withdrawal_unasked(stage))),
    ]
}

async fn new_key(stage: &Stage) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let old = provider.good().await?;
    let mark = provider.mark().await?;
    let mut kids = Vec::new();
    for _ in 0..AHEAD {
        kids.push(provider.publish().await?);
    }
    let new = provider.token_by(&kids[0], &stage.scene().home).await?;
    let begun = Instant::now();
    loop {
        let said = stage.call(&new).await?;
        if stage.lets_in(&said) {
            break;
        }
        if let Some(wrong) = wrong_to_unknown(&said, "published a moment ago") {
            return Ok(wrong);
        }
        let said_to_old = stage.call(&old).await?;
        if !stage.lets_in(&said_to_old) {
            return Ok(refused_good(&said_to_old, "by the old key while it learned the new one"));
        }
        if begun.elapsed() >= provider.bound() {
            return match provider.asked_since(mark).await?.is_empty() {
                true => Ok(rests(&provider)),
                false => Ok(refused_good(&said, "by a new key, although it asked for keys again")),
            };
        }
        stage.wait(PAUSE).await;
    }
    let learned = begun.elapsed().as_millis();
    Ok(match provider.good_ones_pass(1, "by the old key after it learned the new one").await? {
        Some(wrong) => wrong,
        None => Observed::AsExpected(format!(
            "passed after {learned} ms, and tokens by the old key all the while"
        )),
    })
}

/// At least `count` keys that are published ahead and that the API knows; otherwise why it cannot be told.
async fn learned(provider: &Provider<'_>, count: usize) -> Result<Option<Observed>, GateError> {
    let mark = provider.mark().await?;
    while provider.waiting().await.len() < count {
        provider.publish().await?;
    }
    for kid in provider.waiting().await.iter().take(count) {
        let token = provider.token_by(kid, &provider.stage.scene().home).await?;
        if let (None, said) = provider.until_let_in(&token).await? {
            return match provider.asked_since(mark).await?.is_empty() {
                true => Ok(Some(rests(provider))),
                false => Ok(Some(refused_good(&said, "by a new key, although it asked for keys again"))),
            };
        }
    }
    Ok(None)
}

async fn rotation(stage: &Stage) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    if let Some(unclear) = learned(&provider, 1).await? {
        return Ok(unclear);
    }
    let old = provider.good().await?;
    provider.rotate(json!({})).await?;
    for _ in 0..AFTERWARDS {
        if let Some(wrong) = provider.good_ones_pass(1, "by the key that signs since the rotation").await? {
            return Ok(wrong);
        }
        let said = stage.call(&old).await?;
        if !stage.lets_in(&said) {
            return Ok(refused_good(&said, "by the key from before the rotation, which is still published"));
        }
    }
    Ok(Observed::AsExpected(format!("{} tokens by both keys, and no refusal", 2 * AFTERWARDS)))
}

async fn partner_after_rotation(stage: &Stage) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let Some(partner) = &stage.scene().partner else {
        return Ok(Observed::Unclear("there is no second listed tenant".to_owned()));
    };
    let mark = provider.mark().await?;
    let token = stage.token(&Recipe::of_member(stage.scene(), partner)).await?;
    Ok(match provider.until_let_in(&token).await? {
        (Some(time), _) => Observed::AsExpected(format!("passed after {} ms", time.as_millis())),
        (None, _) if provider.asked_since(mark).await?.is_empty() => rests(&provider),
        (None, said) => refused_good(&said, "of the second tenant, although it asked for keys again"),
    })
}

/// A token that passed until its key was withdrawn just now; otherwise what stands in the way.
async fn withdrawn(stage: &Stage, provider: &Provider<'_>) -> Result<Result<String, Observed>, GateError> {
    if let Some(unclear) = learned(provider, 2).await? {
        return Ok(Err(unclear));
    }
    let old = provider.good().await?;
    let said = stage.call(&old).await?;
    if !stage.lets_in(&said) {
        return Ok(Err(refused_good(&said, "before anything was withdrawn")));
    }
    provider.rotate(json!({"withdraw": true})).await?;
    Ok(Ok(old))
}

async fn withdrawal(stage: &Stage) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let old = match withdrawn(stage, &provider).await? {
        Ok(old) => old,
        Err(otherwise) => return Ok(otherwise),
    };
    let seen = after_withdrawal(&provider, &old).await;
    recover(&provider).await?;
    seen
}

/// Nobody presents anything else: the API has to notice by itself.
async fn withdrawal_unasked(stage: &Stage) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let old = match withdrawn(stage, &provider).await? {
        Ok(old) => old,
        Err(otherwise) => return Ok(otherwise),
    };
    let seen = dies(&provider, &old, "after its key was withdrawn").await;
    recover(&provider).await?;
    seen
}

/// Leaves the API as the next case wants it.
async fn recover(provider: &Provider<'_>) -> Result<(), GateError> {
    // Whoever attacks later finds a retired key, and only keys that the API knows.
    provider.rotate(json!({})).await?;
    settle(provider).await
}

/// Gives the API a reason to ask, and looks whether the old token dies.
async fn after_withdrawal(provider: &Provider<'_>, old: &str) -> Result<Observed, GateError> {
    let stage = provider.stage;
    let mark = provider.mark().await?;
    if let Some(wrong) = provider.good_ones_pass(1, "by a known key, after another was withdrawn").await? {
        return Ok(wrong);
    }
    let reason = provider.publish().await?;
    let reason = provider.token_by(&reason, &stage.scene().home).await?;
    let (learned, _) = provider.until_let_in(&reason).await?;
    if learned.is_none() && provider.asked_since(mark).await?.is_empty() {
        return Ok(rests(provider));
    }
    dies(provider, old, "after the API asked for keys again").await
}

/// Whether the token is refused within the bound.
async fn dies(provider: &Provider<'_>, old: &str, when: &str) -> Result<Observed, GateError> {
    let stage = provider.stage;
    let begun = Instant::now();
    while begun.elapsed() <= provider.bound() {
        let said = stage.call(old).await?;
        if !stage.lets_in(&said) {
            return Ok(stage.observed(Expect::Refused, &said));
        }
        stage.wait(PAUSE).await;
    }
    let detail = format!("still let in {} s {when}", provider.bound().as_secs());
    Ok(Observed::Otherwise(Finding::Accepted, detail))
}

/// Lets the API learn today's keys for every other tenant and version too.
async fn settle(provider: &Provider<'_>) -> Result<(), GateError> {
    let scene = provider.stage.scene();
    let partner = scene.partner.iter().map(|cast| Recipe::of_member(scene, cast));
    let other_versions = scene.api.versions.iter().filter(|version| **version != scene.api.version());
    let other_versions = other_versions.map(|version| Recipe::good(scene).of_version(scene, *version));
    for recipe in partner.chain(other_versions) {
        let token = provider.stage.token(&recipe).await?;
        let _either_way = provider.until_let_in(&token).await?;
    }
    Ok(())
}
