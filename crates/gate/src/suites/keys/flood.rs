//! Many tokens with keys or tenants that nobody knows: the API must not pass the flood on.

use std::time::Instant;

use super::case;
use super::outbound::{claiming, rule, strange};
use super::provider::{PAUSE, Provider, refused_good, rests, wrong_to_unknown};
use crate::case::{Case, Expect, Need, Observed, Severity};
use crate::report::Finding;
use crate::token::{Recipe, Signer};
use crate::{GateError, Stage};

/// Tokens in one flood.
const FLOOD: usize = 60;
/// After so many of them a good one.
const WAVE: usize = 10;
/// Callers who bring the same new key at once.
const CALLERS: usize = 24;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("keys/stampede", Severity::Medium)
            .says(
                "many good tokens by one new key, at the same moment",
                "a thousand callers come with the new key at once, and one of them is enough to fetch it",
            )
            .by("threat model T-023", &["T-023"])
            .script(Expect::Passes, |stage| Box::pin(stampede(stage))),
        case("keys/flood-kid", Severity::High)
            .says(
                "a flood of tokens of listed tenants, each with another key id that nobody knows",
                "whoever fetches for each unknown key lets strangers attack the authority, and is throttled by it",
            )
            .by("Entra: signing key rollover; threat model T-023", &["T-023"])
            .script(Expect::Refused, |stage| Box::pin(flood_kid(stage))),
        case("keys/flood-signature", Severity::High)
            .says(
                "a flood of forged tokens of listed tenants, with the id of a key that the API knows",
                "a bad signature is no sign of new keys: whoever fetches for it passes every forgery on to the authority",
            )
            .by("threat model T-023; CWE-770", &["T-023"])
            .script(Expect::Refused, |stage| Box::pin(flood_signature(stage))),
        case("keys/flood-tid", Severity::High)
            .says(
                "a flood of tokens of tenants that do not exist, genuinely signed and not",
                "a tenant that is not listed costs no request and no memory, however many there are",
            )
            .by("threat model T-007, T-011, T-024; seed 001", &["T-007", "T-024"])
            .script(Expect::TenantRefused, |stage| Box::pin(flood_tid(stage))),
        case("keys/afterwards", Severity::High)
            .says("good tokens after all the floods and outages", "an attack that leaves a service shut was a success")
            .by("threat model T-001, T-023, T-161", &["T-023", "T-161"])
            .script(Expect::Passes, |stage| Box::pin(afterwards(stage))),
        case("keys/afterwards-partner", Severity::High)
            .says("a good token of the second listed tenant after all of it", "nor may it be shut for one tenant")
            .by("threat model T-023, T-044", &["T-023"])
            .needs(&[Need::Partner])
            .script(Expect::Passes, |stage| Box::pin(afterwards_partner(stage))),
    ]
}

async fn stampede(stage: &Stage) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let (begun, mark) = (Instant::now(), provider.mark().await?);
    let kid = provider.publish().await?;
    let mut tokens = Vec::with_capacity(CALLERS);
    for _ in 0..CALLERS {
        tokens.push(provider.token_by(&kid, &stage.scene().home).await?);
    }
    loop {
        let said = provider.at_once(&tokens).await?;
        let mut passed = 0;
        for said in said {
            passed += usize::from(stage.lets_in(&said));
            if let Some(wrong) = wrong_to_unknown(&said, "many at once").filter(|_| !stage.lets_in(&said)) {
                return Ok(wrong);
            }
        }
        let asked = provider.asked_since(mark).await?.len();
        if asked > rule(&provider, begun.elapsed().as_secs()) {
            return Ok(too_much(asked, CALLERS));
        }
        if passed == CALLERS {
            return Ok(Observed::AsExpected(format!(
                "all {CALLERS} passed; requests made for them: {asked}"
            )));
        }
        if begun.elapsed() >= provider.bound() {
            return Ok(if asked == 0 { rests(&provider) } else { some_refused(passed) });
        }
        stage.wait(PAUSE).await;
    }
}

async fn flood_kid(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let tenants: Vec<_> = [Some(&scene.home), scene.partner.as_ref()].into_iter().flatten().collect();
    let recipe = |at: usize| strange(scene, &tenants[at % tenants.len()].tenant, &format!("flood-kid/{at}"));
    flood(stage, recipe, &[]).await
}

async fn flood_signature(stage: &Stage) -> Result<Observed, GateError> {
    flood(stage, |_| Recipe::good(stage.scene()).signed_by(Signer::Attacker), &[]).await
}

async fn flood_tid(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let invented: Vec<_> = (0..FLOOD).map(|at| scene.guid(&format!("flood-tid/{at}"))).collect();
    let recipe = |at: usize| match at % 2 {
        0 => strange(scene, &invented[at], &format!("flood-tid/{at}")),
        _ => claiming(Recipe::good(scene), scene, &invented[at]),
    };
    flood(stage, recipe, &invented).await
}

/// Presents the flood in waves, a good token after each, and counts what the API asks for.
async fn flood(
    stage: &Stage,
    recipe: impl Fn(usize) -> Recipe,
    invented: &[String],
) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let mut tokens = Vec::with_capacity(FLOOD);
    for at in 0..FLOOD {
        tokens.push(stage.token(&recipe(at)).await?);
    }
    let (begun, mark) = (Instant::now(), provider.mark().await?);
    for wave in tokens.chunks(WAVE) {
        for said in provider.at_once(wave).await? {
            if let Some(wrong) = wrong_to_unknown(&said, "in a flood") {
                return Ok(wrong);
            }
        }
        if let Some(wrong) = provider.good_ones_pass(1, "during the flood").await? {
            return Ok(wrong);
        }
    }
    let asked = provider.asked_since(mark).await?;
    let named = |path: &str| invented.iter().any(|tenant| path.to_ascii_lowercase().contains(tenant));
    if let Some(request) = asked.iter().find(|request| named(&request.path)) {
        let detail = format!("asked about a tenant that nobody listed: `{}`", request.path);
        return Ok(Observed::Otherwise(Finding::AskedTooMuch, detail));
    }
    Ok(match asked.len() > rule(&provider, begun.elapsed().as_secs()) {
        true => too_much(asked.len(), FLOOD),
        false => {
            Observed::AsExpected(format!("{FLOOD} refused, good ones passed; requests made: {}", asked.len()))
        }
    })
}

async fn afterwards(stage: &Stage) -> Result<Observed, GateError> {
    let provider = Provider::of(stage).await?;
    let wrong = provider.good_ones_pass(WAVE, "after the floods").await?;
    Ok(wrong.unwrap_or_else(|| Observed::AsExpected(format!("{WAVE} good tokens passed"))))
}

async fn afterwards_partner(stage: &Stage) -> Result<Observed, GateError> {
    let scene = stage.scene();
    let partner = scene.partner.as_ref().unwrap_or(&scene.home);
    for _ in 0..WAVE {
        let token = stage.token(&Recipe::of_member(scene, partner)).await?;
        let said = stage.call(&token).await?;
        if !stage.lets_in(&said) {
            return Ok(refused_good(&said, "of the second tenant after the floods"));
        }
    }
    Ok(Observed::AsExpected(format!("{WAVE} good tokens passed")))
}

fn too_much(asked: usize, tokens: usize) -> Observed {
    Observed::Otherwise(
        Finding::AskedTooMuch,
        format!("{tokens} tokens made it ask its authority {asked} times"),
    )
}

fn some_refused(passed: usize) -> Observed {
    let detail = format!("{} of {CALLERS} refused, although it asked for keys again", CALLERS - passed);
    Observed::Otherwise(Finding::RefusedGood, detail)
}
