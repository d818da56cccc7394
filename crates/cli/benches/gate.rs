//! How long a whole run of the gate against the tasks API takes, and how much of that it waits on purpose: for caches, key refreshes and
//! time-outs. With `--json`, one object on the last line.
#![allow(clippy::unwrap_used, reason = "a bench that cannot go on may panic")]

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use serde_json::json;
use tenantry_gate::{Issuer, Quiet, Report, Selection, Target};
use tenantry_simulator::{Simulator, builtin};

#[tokio::main]
async fn main() {
    let simulator = Simulator::start().await.unwrap();
    let target = serve(simulator.base()).await;
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let selection = Selection { only: Vec::new(), seed: 1 };
    let report = tenantry_gate::run(target, issuer, &selection, &Quiet).await.unwrap();
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

/// The tasks API in this process, and the target that it is.
async fn serve(authority: &str) -> Target {
    let listen = free_address();
    let tenants = format!("{},{}", builtin::CONTOSO, builtin::FABRIKAM);
    let authority = authority.to_owned();
    let set = move |name: &str| match name {
        "AZURE_AUTHORITY_HOST" => Some(authority.clone()),
        "AZURE_API_CLIENT_ID" => Some(builtin::API.to_owned()),
        "ALLOWED_TENANT_IDS" => Some(tenants.clone()),
        "DATABASE_URL" => Some("sqlite::memory:".to_owned()),
        "TASKS_LISTEN" => Some(listen.to_string()),
        _ => None,
    };
    let config = tasks::Config::from_variables(&set).unwrap();
    tokio::spawn(async move { tasks::serve(&config, std::future::pending()).await.unwrap() });
    while tokio::net::TcpStream::connect(listen).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let example = include_str!("../../../examples/tasks/gate.toml");
    let mut target = Target::parse(example).unwrap();
    target.start = None;
    target.url = format!("http://{listen}");
    target.checked().unwrap()
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}
