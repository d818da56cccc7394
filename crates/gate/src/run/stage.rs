//! What cases stand on: the target, the issuer, the parts, and the bounds that none of them may cross.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::judge::{judge, let_in};
use super::wire::Wire;
use crate::case::{Answer, Attempt, Expect, Observed, Shot};
use crate::report::{Finding, Outcome};
use crate::token::{Recipe, bake};
use crate::{GateError, Issuer, Probe, Scene, Target};

/// What a script has in its hands.
pub struct Stage {
    target: Target,
    issuer: Arc<Issuer>,
    scene: Scene,
    wire: Wire,
    waited_ms: Arc<AtomicU64>,
}

impl Stage {
    /// Reaches target and issuer, and finds somebody for each part.
    pub(crate) async fn set(target: Target, issuer: Issuer, seed: u64) -> Result<Self, GateError> {
        let scene = Scene::cast(&target, &issuer, seed).await?;
        let wire = Wire::new(&target)?;
        let stage = Self { target, issuer: Arc::new(issuer), scene, wire, waited_ms: Arc::default() };
        stage.reach().await?;
        Ok(stage)
    }

    /// The same before another process of the target: same parts, same bounds.
    pub(crate) fn beside(&self, target: Target) -> Self {
        Self {
            issuer: Arc::clone(&self.issuer),
            scene: self.scene.clone(),
            wire: self.wire.beside(&target.url),
            waited_ms: Arc::clone(&self.waited_ms),
            target,
        }
    }

    async fn reach(&self) -> Result<(), GateError> {
        let probe = Probe::get(self.target.ready_path());
        match self.wire.send(&Shot::of(&probe)).await? {
            Ok(_) => Ok(()),
            Err(why) => Err(GateError::TargetUnreachable { url: self.target.url.clone(), why }),
        }
    }

    /// What is attacked.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Who issues the tokens.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Who plays which part, before the first probe.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Requests sent to the target so far.
    pub(crate) fn requests(&self) -> u64 {
        self.wire.sent()
    }

    /// Milliseconds spent waiting on purpose.
    pub(crate) fn waited_ms(&self) -> u64 {
        self.waited_ms.load(Ordering::Relaxed)
    }

    /// Waits on purpose: the report tells how long.
    pub(crate) async fn wait(&self, time: Duration) {
        self.waited_ms.fetch_add(u64::try_from(time.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        tokio::time::sleep(time).await;
    }

    /// Makes the token of a recipe.
    pub(crate) async fn token(&self, recipe: &Recipe) -> Result<String, GateError> {
        let baked = bake(recipe, &self.issuer, &self.scene.attacker).await;
        baked.map_err(|why| GateError::Token { case: "?".to_owned(), why })
    }

    /// Presents an attempt at a probe. The inner error is the target's silence.
    pub(crate) async fn present(
        &self,
        attempt: &Attempt,
        probe: &Probe,
    ) -> Result<Result<Answer, String>, GateError> {
        let mut tokens = Vec::with_capacity(attempt.tokens.len());
        for recipe in &attempt.tokens {
            tokens.push(self.token(recipe).await?);
        }
        let shot = (attempt.place)(&tokens, Shot::of(probe));
        self.wire.send(&shot).await
    }

    /// Presents a finished token at the first probe, in the usual way.
    pub(crate) async fn call(&self, token: &str) -> Result<Result<Answer, String>, GateError> {
        self.wire.send(&Shot::of(&self.scene.probe).bearer(token)).await
    }

    /// Sends any request to the target.
    pub(crate) async fn send(&self, shot: &Shot) -> Result<Result<Answer, String>, GateError> {
        self.wire.send(shot).await
    }

    /// What the first probe's answer means for what was expected.
    pub(crate) fn observed(&self, expect: Expect, answer: &Result<Answer, String>) -> Observed {
        let judged = answer.as_ref().map(|answer| judge(expect, answer, &self.scene.probe, &self.scene.api));
        match judged {
            Ok((Outcome::Failed(finding), detail)) => Observed::Otherwise(finding, detail),
            Ok((_, detail)) => Observed::AsExpected(detail),
            Err(silence) => Observed::Otherwise(Finding::ServerError, silence.clone()),
        }
    }

    /// Whether the answer says that the probe's call was let in.
    pub(crate) fn lets_in(&self, answer: &Result<Answer, String>) -> bool {
        let probe = &self.scene.probe;
        answer.as_ref().is_ok_and(|answer| let_in(answer, probe))
    }
}

impl Shot {
    /// The probe's request, without a token.
    pub(crate) fn of(probe: &Probe) -> Self {
        let body = probe.body.as_ref().map(|body| body.to_string().into_bytes());
        let shot = Self { method: probe.method.clone(), path: probe.path.clone(), fields: Vec::new(), body };
        match shot.body {
            Some(_) => shot.field("content-type", "application/json"),
            None => shot,
        }
    }
}

/// Seconds since 1970 by this machine: the date on the report, and nothing else.
#[expect(clippy::disallowed_methods, reason = "the date on a report")]
pub(super) fn unix_now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |since| since.as_secs())
}
