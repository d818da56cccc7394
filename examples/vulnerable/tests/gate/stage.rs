//! One run: a simulator and a program of its own, so that no run sees what another left behind.

use std::net::SocketAddr;

use tenantry_gate::{Issuer, Quiet, Report, Selection, Target, run};
use tenantry_simulator::{Simulator, builtin};
use vulnerable::{Config, KnownHole, Program, serve};

/// Attacks `program` with `only` these suites or cases; all without any.
pub(crate) async fn attack(program: Program, only: &[&str]) -> Report {
    // Everything has one seed, so that keys are made once.
    let simulator = Simulator::builder().seed(31).start().await.unwrap();
    simulator.set_native_allow_list(false);
    let mut config = Config::new(simulator.base(), builtin::API, &[builtin::CONTOSO, builtin::FABRIKAM]);
    config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let running = serve(program, config).await.unwrap();
    let target = Target::parse(&gate_toml(program, &running.base())).unwrap();
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let selection = Selection { only: only.iter().map(ToString::to_string).collect(), seed: 7 };
    let report = run(target, issuer, &selection, &Quiet).await.unwrap();
    drop(running);
    simulator.shutdown().await;
    report
}

/// What its team would say of it, and means.
fn gate_toml(program: Program, url: &str) -> String {
    let query = if program == Program::TwoTenants { "?userType=employee" } else { "" };
    let client_id = builtin::API;
    format!(
        "name = \"{program:?}\"\nurl = \"{url}\"\nready = \"/healthz\"\n\
         [api]\nclient-id = \"{client_id}\"\nrole = \"Admin\"\nguests = false\nkeys-within-s = 5\n\
         [[probe]]\npath = \"/api/me{query}\"\n[[probe]]\npath = \"/api/tasks{query}\"\n"
    )
}

/// Ids of the cases that failed, each once, in order.
pub(crate) fn failed(report: &Report) -> Vec<&str> {
    let mut ids: Vec<&str> =
        report.results.iter().filter(|result| result.failed()).map(|result| result.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Whether the case that must find the hole, or one of the suite, is among those that `failed`.
pub(crate) fn is_found(hole: &KnownHole, failed: &[&str]) -> bool {
    let finds = |id: &&str| {
        id.strip_prefix(hole.found_by).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    failed.iter().any(finds)
}
