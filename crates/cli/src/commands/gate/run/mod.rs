//! `tenantry gate run`: simulator, target, attacks, gates, reports; in this order, and whatever it started it ends.
//!
//! `args.rs` are the flags, `simulator.rs` the issuer, `promotion.rs` the files of gates 2 and 3, `progress.rs` the terminal,
//! `output.rs` the reports.

mod args;
mod output;
mod progress;
mod promotion;
mod simulator;

use std::collections::BTreeMap;

use tenantry_gate::{Behaviour, Report, Running, Suite, Target};

use super::required::{Required, exit};
use crate::exit::Exit;
use progress::Progress;
use promotion::Inputs;
use simulator::SimulatorInUse;

pub(crate) use args::Args;

pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    crate::terminal::start_log("error");
    let inputs = args.promotion.read()?;
    let target = inputs.cast(args.read_target()?)?;
    let output = args.output.prepare()?;
    let progress = Progress::new(args.output.telling());
    let runtime = tokio::runtime::Runtime::new()?;
    let report = runtime.block_on(async {
        tokio::select! {
            report = promotable(args, target, inputs, &progress) => report.map(Some),
            // What runs is dropped, and ends with it: the target, and the simulator.
            _ = super::super::stop::requested() => Ok(None),
        }
    });
    progress.end();
    let Some((report, required)) = report? else {
        eprintln!("interrupted: nothing was proven");
        return Ok(Exit::Failed);
    };
    let verdict = required.verdict(&report);
    output.write(&report, verdict)?;
    Ok(exit(verdict))
}

/// The whole run, and which gates had to be proven.
async fn promotable(
    args: &Args,
    target: Target,
    inputs: Inputs,
    progress: &Progress,
) -> anyhow::Result<(Report, Required)> {
    let simulator = SimulatorInUse::of(args.simulator(), &target).await?;
    let target = simulator.told(target);
    let added = simulator.connect().await?.furnish(&target, &inputs.tried()).await?;
    let whose = if simulator.is_own() { "its own simulator" } else { "the simulator" };
    progress.say(&format!("{whose}: {}", simulator.base()));
    added.iter().for_each(|what| progress.say(&format!("added to its world: {what}")));
    let running = started(&target, &simulator, progress).await?;
    let attacked = running.as_ref().map_or(&target, Running::target);
    let report = judged(args, attacked, (&simulator, inputs), progress).await;
    if let Some(running) = running {
        running.end().await;
    }
    simulator.end().await;
    report
}

async fn started(
    target: &Target,
    simulator: &SimulatorInUse,
    progress: &Progress,
) -> anyhow::Result<Option<Running>> {
    if !target.starts() {
        return Ok(None);
    }
    let running = Running::start(target, simulator.base(), &BTreeMap::new()).await?;
    progress.say(&format!("started {} at {}", target.name, running.target().url));
    Ok(Some(running))
}

/// Attacks, asks which list is enforced, and judges the gates.
async fn judged(
    args: &Args,
    target: &Target,
    (simulator, inputs): (&SimulatorInUse, Inputs),
    progress: &Progress,
) -> anyhow::Result<(Report, Required)> {
    let selection = args.selection();
    let mut report =
        tenantry_gate::run(target.clone(), simulator.connect().await?, &selection, progress).await?;
    let behaviour = match control_held(&report) {
        true => {
            let issuer = simulator.connect().await?;
            let target = within_what_is_left(target, &report);
            tenantry_gate::behaviour(target, issuer, inputs.list(), selection.seed, progress).await?
        }
        false => Behaviour::default(),
    };
    let required = inputs.required().clone();
    report.required = required.numbers();
    tenantry_gate::promote(&mut report, target, &inputs.facts(behaviour));
    Ok((report, required))
}

/// The target, with the bounds that the attacks have left: `[limits]` are those of the whole run (T-163).
fn within_what_is_left(target: &Target, report: &Report) -> Target {
    let mut target = target.clone();
    target.limits.requests = target.limits.requests.saturating_sub(report.requests);
    target.limits.run_s = target.limits.run_s.saturating_sub(report.took_ms / 1000);
    target
}

/// Where good tokens are refused, what is refused says nothing about a list.
fn control_held(report: &Report) -> bool {
    !report.results.iter().any(|result| result.suite == Suite::Control && result.failed())
}
