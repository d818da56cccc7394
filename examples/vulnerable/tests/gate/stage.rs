//! One run: a simulator and a program of its own, so that no run sees what another left behind.

use std::net::SocketAddr;

use tenantry_gate::{Issuer, Quiet, Report, Selection, Target, run};
use tenantry_simulator::{Simulator, builtin};
use vulnerable::{Config, KnownHole, Program, Tenants, serve};

/// Attacks `program` with `only` these suites or cases; all without any.
pub(crate) async fn attack(program: Program, only: &[&str]) -> Report {
    let listed = [builtin::CONTOSO, builtin::FABRIKAM].map(ToOwned::to_owned);
    attack_with(program, Tenants::Listed(listed.into()), only).await
}

/// The same with other tenants let in.
pub(crate) async fn attack_with(program: Program, tenants: Tenants, only: &[&str]) -> Report {
    // Everything has one seed, so that keys are made once.
    let simulator = Simulator::builder().seed(31).start().await.unwrap();
    simulator.set_native_allow_list(false);
    let mut config = Config::new(simulator.base(), builtin::API, &[]);
    config.tenants = tenants;
    config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let running = serve(program, config).await.unwrap();
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let selection = Selection { only: only.iter().map(ToString::to_string).collect(), seed: 7 };
    let report = run(target(program, running.base()), issuer, &selection, &Quiet).await.unwrap();
    drop(running);
    simulator.shutdown().await;
    report
}

/// What its team says of it, without the part that starts it.
fn target(program: Program, url: String) -> Target {
    let text = match program {
        Program::TenantPeek => include_str!("../../gate/tenant-peek.toml"),
        Program::TwoTenants => include_str!("../../gate/two-tenants.toml"),
        Program::Holes(_) => include_str!("../../gate/holes.toml"),
    };
    Target { url, start: None, ..Target::parse(text).unwrap() }
}

/// Ids of the cases that failed, each once, in order.
pub(crate) fn failed(report: &Report) -> Vec<&str> {
    let mut ids: Vec<&str> =
        report.results.iter().filter(|result| result.failed()).map(|result| result.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What no request shows that the gate sends.
const NOT_BY_THE_GATE: &str = "nobody";

/// Whether the case that must find the hole is among those that `failed`.
pub(crate) fn is_found(hole: &KnownHole, failed: &[&str]) -> bool {
    hole.found_by == NOT_BY_THE_GATE || failed.contains(&hole.found_by)
}
