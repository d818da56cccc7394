//! An authority that is away, slow, or answers nonsense.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::case;
use super::provider::{PAUSE, Provider, refused_good, rests, wrong_to_unknown};
use crate::case::{Case, Expect, Need, Observed, Severity};
use crate::report::Finding;
use crate::token::Recipe;
use crate::{GateError, Stage};

/// Good tokens presented while the authority is away.
const MEANWHILE: usize = 10;
/// How late a slow authority answers, and what a caller with a known key may feel of it, in milliseconds.
const LATE_MS: u64 = 1500;
const FELT_MS: u128 = 750;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("keys/outage", Severity::High)
            .says(
                "good tokens by a known key while the authority does not answer",
                "who has the keys needs nobody; an API that asks at each call falls with its authority",
            )
            .by("threat model T-023; seed 000", &["T-023"])
            .script(Expect::Passes, |stage| Box::pin(outage(stage))),
        case("keys/outage-new-key", Severity::High)
            .says(
                "a token by a new key while the authority does not answer, and again when it does",
                "a key that cannot be fetched is a refusal or a 503, never another fault, and not for ever",
            )
            .by("RFC 6750 §3.1; threat model T-001, T-023", &["T-001", "T-023"])
            .script(Expect::Refused, |stage| Box::pin(new_key_during(stage, json!({"kind": "outage"})))),
        case("keys/provider-error", Severity::High)
            .says(
                "a token by a new key while the authority answers 500, and again when it does not",
                "an error page is no key set, and must not replace one",
            )
            .by("threat model T-001, T-023", &["T-001", "T-023"])
            .script(Expect::Refused, |stage| Box::pin(new_key_during(stage, json!({"status": 500})))),
        case("keys/provider-nonsense", Severity::High)
            .says(
                "a token by a new key while the authority answers 200 with something else, and again when it does not",
                "a document without keys must not empty the cache, whatever its status",
            )
            .by("threat model T-001, T-023", &["T-001", "T-023"])
            .script(Expect::Refused, |stage| Box::pin(new_key_during(stage, json!({"status": 200})))),
        case("keys/provider-slow", Severity::Medium)
            .says(
                "good tokens by a known key while the API waits for keys that a stranger made it ask for",
                "whoever holds a lock while it fetches lets one bad token stop everybody",
            )
            .by("threat model T-023, T-024", &["T-023"])
            .script(Expect::Passes, |stage| Box::pin(slow(stage))),
        case("keys/outage-elsewhere", Severity::Medium)
            .says(
                "a good token by a new key while the second tenant's keys cannot be had",
                "one tenant's trouble is not another's",
            )
            .by("threat model T-023, T-044", &["T-023"])
            .needs(&[Need::Partner])
            .script(Expect::Passes, |stage| Box::pin(outage_elsewhere(stage))),
    ]
}

async fn outage(stage: &Stage) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let wrong = provider.during(json!({"kind": "outage"}), async {
        if let Some(wrong) = provider.good_ones_pass(MEANWHILE, "while the authority was away").await? {
            return Ok(Some(wrong));
        }
        let Some(partner) = &stage.scene().partner else { return Ok(None) };
        let token = stage.token(&Recipe::of_member(stage.scene(), partner)).await?;
        let said = stage.call(&token).await?;
        Ok((!stage.lets_in(&said))
            .then(|| refused_good(&said, "of the second tenant while the authority was away")))
    });
    Ok(wrong
        .await?
        .unwrap_or_else(|| Observed::AsExpected(format!("{MEANWHILE} good tokens passed without it"))))
}

/// What the API does with a new key that it cannot have, and then can.
async fn new_key_during(stage: &Stage, fault: Value) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let mark = provider.mark().await?;
    // Published after the trouble began, so that nobody can know it.
    let (wrong, token) = provider.during(fault, knock(&provider, mark)).await?;
    if let Some(wrong) = wrong {
        return Ok(wrong);
    }
    let asked = provider.asked_since(mark).await?.len();
    let (recovered, said) = provider.until_let_in(&token).await?;
    if let Some(wrong) = provider.good_ones_pass(1, "after the authority's trouble").await? {
        return Ok(wrong);
    }
    Ok(match recovered {
        Some(time) if asked > 0 => Observed::AsExpected(format!(
            "asked {asked} times in vain, refused, and passed {} ms later",
            time.as_millis()
        )),
        _ if asked == 0 => rests(&provider),
        _ if provider.asked_since(mark).await?.len() == asked => Observed::Unclear(format!(
            "refused as it should, and still resting {} s after the trouble (cool-down)",
            provider.bound().as_secs()
        )),
        _ => refused_good(&said, "by a new key, after the trouble, although it asked for keys again"),
    })
}

/// Presents a token by a new key until the API has asked for keys, and good ones meanwhile.
async fn knock(provider: &Provider<'_>, mark: u64) -> Result<(Option<Observed>, String), GateError> {
    let kid = provider.publish().await?;
    let token = provider.token_by(&kid, &provider.stage.scene().home).await?;
    let begun = Instant::now();
    loop {
        let said = provider.stage.call(&token).await?;
        if let Some(wrong) = wrong_to_unknown(&said, "while the authority was in trouble") {
            return Ok((Some(wrong), token));
        }
        let wrong =
            provider.good_ones_pass(1, "by a known key, after the authority's trouble was met").await?;
        let heard = !provider.asked_since(mark).await?.is_empty();
        if wrong.is_some() || heard || begun.elapsed() >= provider.bound() {
            return Ok((wrong, token));
        }
        provider.stage.wait(PAUSE).await;
    }
}

async fn slow(stage: &Stage) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let (begun, mark) = (Instant::now(), provider.mark().await?);
    let kid = provider.publish().await?;
    let stranger = provider.token_by(&kid, &stage.scene().home).await?;
    let felt = provider.during(json!({"latency_ms": LATE_MS}), async {
        loop {
            let asked = async {
                let begun = Instant::now();
                stage.call(&stranger).await.map(|_| begun.elapsed())
            };
            let (waited, felt) = tokio::join!(asked, slowest_good(&provider));
            let (waited, felt) = (waited?, felt?);
            let waits = waited.as_millis() >= FELT_MS || !provider.asked_since(mark).await?.is_empty();
            if waits || felt.is_err() || begun.elapsed() >= provider.bound() {
                return Ok(felt.map(|felt| (felt, waits)));
            }
            stage.wait(PAUSE).await;
        }
    });
    Ok(match felt.await? {
        Err(wrong) => wrong,
        Ok((felt, _)) if felt.as_millis() > FELT_MS => Observed::Otherwise(
            Finding::TooSlow,
            format!("a good token with a known key waited {} ms", felt.as_millis()),
        ),
        Ok((_, false)) => rests(&provider),
        Ok((felt, true)) => Observed::AsExpected(format!(
            "the authority took {LATE_MS} ms, good tokens at most {}",
            felt.as_millis()
        )),
    })
}

/// The longest that a good token with a known key took, or what is wrong with the answer.
async fn slowest_good(provider: &Provider<'_>) -> Result<Result<Duration, Observed>, GateError> {
    let mut slowest = Duration::ZERO;
    for _ in 0..MEANWHILE {
        let token = provider.good().await?;
        let begun = Instant::now();
        let said = provider.stage.call(&token).await?;
        slowest = slowest.max(begun.elapsed());
        if !provider.stage.lets_in(&said) {
            return Ok(Err(refused_good(&said, "while the authority was slow")));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(Ok(slowest))
}

async fn outage_elsewhere(stage: &Stage) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let Some(partner) = &stage.scene().partner else {
        return Ok(Observed::Unclear("there is no second listed tenant".to_owned()));
    };
    let mark = provider.mark().await?;
    let came = provider.during(json!({"kind": "outage", "tenant": partner.tenant}), async {
        let kid = provider.publish().await?;
        let theirs = provider.token_by(&kid, partner).await?;
        let wrong = wrong_to_unknown(&stage.call(&theirs).await?, "while its tenant's keys could not be had");
        let ours = provider.token_by(&kid, &stage.scene().home).await?;
        Ok((wrong, provider.until_let_in(&ours).await?))
    });
    let (wrong, (passed, said)) = came.await?;
    Ok(match (wrong, passed) {
        // Where tenants share a key set, the second tenant's key is known as well.
        (Some(wrong @ Observed::Otherwise(Finding::ServerError | Finding::TooSlow, _)), _) => wrong,
        (_, Some(time)) => Observed::AsExpected(format!("passed after {} ms", time.as_millis())),
        _ if provider.asked_since(mark).await?.iter().all(|request| request.names(partner)) => {
            rests(&provider)
        }
        _ => refused_good(&said, "by a new key, while another tenant's keys could not be had"),
    })
}
