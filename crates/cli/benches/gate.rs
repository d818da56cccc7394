//! How long a whole run of the gate against the tasks API takes, and how much of that it waits on purpose: for caches, key refreshes and
//! time-outs. With `--json`, one object on the last line.
#![allow(clippy::unwrap_used, reason = "a bench that cannot go on may panic")]

use std::collections::BTreeMap;

use serde_json::json;
use tenantry_gate::{Issuer, Quiet, Report, Running, Selection, Target};
use tenantry_simulator::Simulator;

/// Set where this very program is started again, as the target.
const AS_TARGET: &str = "GATE_BENCH_TARGET";

#[tokio::main]
async fn main() {
    if std::env::var_os(AS_TARGET).is_some() {
        return tasks::serve(&tasks::Config::from_env().unwrap(), std::future::pending()).await.unwrap();
    }
    let simulator = Simulator::start().await.unwrap();
    let running = Running::start(&target(), simulator.base(), &BTreeMap::new()).await.unwrap();
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let selection = Selection { only: Vec::new(), seed: 1 };
    let report = tenantry_gate::run(running.target().clone(), issuer, &selection, &Quiet).await.unwrap();
    running.end().await;
    let failures: Vec<_> = report.failures().iter().map(|failure| failure.id.clone()).collect();
    assert_eq!(failures, [""; 0], "a run with failures takes another time");
    println!("{}", figures(&report));
}

fn figures(report: &Report) -> serde_json::Value {
    let [took, waited] = [report.took_ms, report.waited_ms].map(|ms| ms as f64 / 1000.0);
    json!({
        "wall_s": took,
        "waited_s": waited,
        "at_work_s": took - waited,
        "results": report.results.len(),
        "requests": report.requests,
    })
}

/// The example's target, which is this program as it was built just now.
fn target() -> Target {
    let mut target = Target::parse(include_str!("../../../examples/tasks/gate.toml")).unwrap();
    let start = target.start.as_mut().unwrap();
    start.command = vec![std::env::current_exe().unwrap().to_string_lossy().into_owned()];
    start.env.insert(AS_TARGET.to_owned(), "yes".to_owned());
    target.checked().unwrap()
}
