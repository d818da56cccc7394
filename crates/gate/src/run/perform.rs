//! One case: made, presented, judged, written down.

use std::time::Instant;

use super::judge::judge;
use super::plan::Scheduled;
use super::stage::Stage;
use crate::case::{Make, Observed};
use crate::report::{CaseResult, Finding, Outcome};
use crate::{Attempt, GateError, Scene};

/// What a case came to, before it is written down.
struct Came {
    outcome: Outcome,
    status: Option<u16>,
    detail: String,
    took_ms: u64,
}

pub(super) async fn perform(scheduled: &Scheduled, stage: &Stage) -> Result<CaseResult, GateError> {
    let begun = Instant::now();
    let mut came = match (&scheduled.skipped, &scheduled.case.make) {
        (Some(reason), _) => Came::skipped(reason),
        (None, Make::Attempt(make)) => attempt(scheduled, *make, stage).await?,
        (None, Make::Script(script)) => {
            Came::seen(script(stage).await.map_err(|error| naming(scheduled, error))?)
        }
    };
    if came.took_ms == 0 {
        came.took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    }
    Ok(written(scheduled, came))
}

async fn attempt(
    scheduled: &Scheduled,
    make: fn(&Scene) -> Attempt,
    stage: &Stage,
) -> Result<Came, GateError> {
    let scene = stage.scene().at(&scheduled.probe);
    let answer = stage.present(&make(&scene), &scheduled.probe).await;
    let came = match answer.map_err(|error| naming(scheduled, error))? {
        Ok(answer) => {
            let (outcome, detail) = judge(scheduled.case.expect, &answer, &scheduled.probe, &scene.api);
            let took_ms = u64::try_from(answer.took.as_millis()).unwrap_or(u64::MAX);
            Came { outcome, status: Some(answer.status), detail, took_ms }
        }
        Err(silence) => Came::silent(silence),
    };
    Ok(came.unless_lured(scene.canary.hits(scheduled.case.id)))
}

/// An error of ours, with the case that it happened in.
fn naming(scheduled: &Scheduled, error: GateError) -> GateError {
    match error {
        GateError::Token { why, .. } => GateError::Token { case: scheduled.case.id.to_owned(), why },
        other => other,
    }
}

impl Came {
    fn skipped(reason: &str) -> Self {
        Self {
            outcome: Outcome::Skipped(reason.to_owned()),
            status: None,
            detail: reason.to_owned(),
            took_ms: 0,
        }
    }

    fn silent(why: String) -> Self {
        let finding = if why.contains("in time") { Finding::TooSlow } else { Finding::ServerError };
        Self { outcome: Outcome::Failed(finding), status: None, detail: why, took_ms: 0 }
    }

    /// A refusal is no excuse for asking an address that a stranger chose (T-007). To have let the token in is worse still.
    fn unless_lured(self, hits: usize) -> Self {
        if hits == 0 || self.outcome == Outcome::Failed(Finding::Accepted) {
            return self;
        }
        let detail = format!("asked an address out of the token {hits} times; {}", self.detail);
        Self { outcome: Outcome::Failed(Finding::AskedTooMuch), detail, ..self }
    }

    fn seen(observed: Observed) -> Self {
        let (outcome, detail) = match observed {
            Observed::AsExpected(detail) => (Outcome::Held, detail),
            Observed::Otherwise(finding, detail) => (Outcome::Failed(finding), detail),
            Observed::Unclear(reason) => (Outcome::Skipped(reason.clone()), reason),
        };
        Self { outcome, status: None, detail, took_ms: 0 }
    }
}

fn written(scheduled: &Scheduled, came: Came) -> CaseResult {
    let case = &scheduled.case;
    CaseResult {
        id: case.id.to_owned(),
        suite: case.suite,
        probe: scheduled.probe.label(),
        title: case.title.to_owned(),
        reason: case.reason.to_owned(),
        source: case.source.to_owned(),
        threats: case.threats.iter().map(|&threat| threat.to_owned()).collect(),
        severity: case.severity,
        expected: case.expect,
        outcome: came.outcome,
        status: came.status,
        detail: came.detail,
        took_ms: came.took_ms,
    }
}
