//! A run: cast the parts, prove that good tokens pass, attack, and prove it again.
//!
//! `plan.rs` chooses and orders cases, `stage.rs` is what they stand on, `perform.rs` does one, `judge.rs` reads the answer;
//! `process.rs` starts a target, `advice.rs` says what to look at when good tokens are refused,
//! `canary.rs` notices who follows a URL out of a token.

mod advice;
mod canary;
mod judge;
mod observer;
mod output;
mod perform;
mod plan;
mod process;
mod stage;
mod wire;

use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::report::{CaseResult, Report, SCHEMA, SUITE_VERSION};
use crate::{GateError, Issuer, Suite, Target};

pub(crate) use canary::Canary;
pub(crate) use judge::judge;
pub use observer::{Observer, Quiet};
pub use plan::{Plan, Selection};
pub use process::Running;
pub use stage::Stage;

/// Attacks `target`, whose authority is `issuer`, with the cases that `selection` names.
///
/// # Errors
/// [`GateError`] when nothing can be said about the target. A target that fails is no error: the report says so.
pub async fn run(
    target: Target,
    issuer: Issuer,
    selection: &Selection,
    observer: &dyn Observer,
) -> Result<Report, GateError> {
    let run_s = target.limits.run_s;
    let attack = attack(target, issuer, selection, observer);
    let in_time = tokio::time::timeout(Duration::from_secs(run_s), attack).await;
    in_time.unwrap_or(Err(GateError::OutOfTime(run_s)))
}

async fn attack(
    target: Target,
    issuer: Issuer,
    selection: &Selection,
    observer: &dyn Observer,
) -> Result<Report, GateError> {
    let begun = Instant::now();
    let stage = Stage::set(target, issuer, selection.seed).await?;
    let plan = Plan::of(&crate::all_cases(), &stage, selection)?;
    observer.planned(plan.len());
    let mut results = Vec::with_capacity(plan.len());
    for act in plan.acts() {
        results.extend(perform_act(act, &stage, observer).await?);
        if control_failed(&results) {
            advice::add(&mut results, &stage).await?;
            break;
        }
    }
    results.sort_by(|a, b| (a.suite, &a.id, &a.probe).cmp(&(b.suite, &b.id, &b.probe)));
    Ok(report(&stage, results, begun))
}

/// Cases of one suite: single requests together, scripts one after the other.
async fn perform_act(
    act: &[plan::Scheduled],
    stage: &Stage,
    observer: &dyn Observer,
) -> Result<Vec<CaseResult>, GateError> {
    let (scripts, requests): (Vec<_>, Vec<_>) = act.iter().partition(|scheduled| scheduled.is_script());
    let mut results = Vec::with_capacity(act.len());
    for (part, width) in [(requests, stage.target().limits.concurrency), (scripts, 1)] {
        let performed = stream::iter(part).map(|scheduled| async move {
            let result = perform::perform(scheduled, stage).await?;
            observer.finished(&result);
            Ok::<_, GateError>(result)
        });
        let performed: Vec<_> = performed.buffered(width).try_collect().await?;
        results.extend(performed);
    }
    Ok(results)
}

/// Whether good tokens are refused, or strangers let in without one: then no other result would mean anything.
fn control_failed(results: &[CaseResult]) -> bool {
    results.iter().any(|result| result.suite == Suite::Control && result.failed())
}

fn report(stage: &Stage, results: Vec<CaseResult>, begun: Instant) -> Report {
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Report {
        schema: SCHEMA.to_owned(),
        gate_version: env!("CARGO_PKG_VERSION").to_owned(),
        suite_version: SUITE_VERSION.to_owned(),
        target: stage.target().name.clone(),
        url: stage.target().url.clone(),
        authority: stage.issuer().base().to_owned(),
        seed: stage.scene().seed,
        started_at: stage::unix_now().saturating_sub(took_ms / 1000),
        took_ms,
        waited_ms: stage.waited_ms(),
        requests: stage.requests(),
        limits: stage.target().limits,
        module: None,
        allow_list: None,
        gates: Vec::new(),
        required: Vec::new(),
        results,
    }
}
