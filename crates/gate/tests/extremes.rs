#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! T-161, T-162: a target that refuses everything fails, one that accepts everything fails, and so does one that is not there.

use axum::{Router, http::StatusCode, routing::any};
use tenantry_gate::{Finding, GateError, Issuer, Outcome, Quiet, Report, Selection, Target, run};
use tenantry_simulator::{Simulator, builtin};

/// A target that gives the same answer to everybody.
async fn always(status: StatusCode) -> String {
    let api = Router::new().fallback(any(move || async move { status }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, api).await.unwrap() });
    url
}

fn target(url: &str) -> Target {
    let text = format!(
        "name = \"extreme\"\nurl = \"{url}\"\n[api]\nclient-id = \"{}\"\n[[probe]]\npath = \"/api/me\"\n",
        builtin::API
    );
    Target::parse(&text).unwrap()
}

async fn attack(url: &str) -> Result<Report, GateError> {
    let simulator = Simulator::start().await.unwrap();
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    run(target(url), issuer, &Selection::default(), &Quiet).await
}

fn finding(report: &Report, id: &str) -> Option<Finding> {
    match report.results.iter().find(|result| result.id == id)?.outcome {
        Outcome::Failed(finding) => Some(finding),
        _ => None,
    }
}

#[tokio::test]
async fn refusing_everything_fails() {
    let report = attack(&always(StatusCode::UNAUTHORIZED).await).await.unwrap();
    assert_eq!(finding(&report, "control/good-token"), Some(Finding::RefusedGood));
    assert_eq!(report.counts_by_suite().len(), 1, "nothing else would mean anything");
}

#[tokio::test]
async fn accepting_everything_fails() {
    let report = attack(&always(StatusCode::OK).await).await.unwrap();
    assert_eq!(finding(&report, "control/no-token"), Some(Finding::Accepted));
}

#[tokio::test]
async fn a_target_that_is_not_there_is_not_a_pass() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert!(matches!(attack(&url).await, Err(GateError::TargetUnreachable { .. })));
}

#[tokio::test]
async fn an_unknown_case_is_not_an_empty_pass() {
    let simulator = Simulator::start().await.unwrap();
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let url = always(StatusCode::OK).await;
    let selection = Selection { only: vec!["tenancy/no-such-case".to_owned()], seed: 0 };
    let ran = run(target(&url), issuer, &selection, &Quiet).await;
    assert!(matches!(ran, Err(GateError::NothingSelected(name)) if name.ends_with("no-such-case")));
}

/// T-165: the same seed gives the same attacks, and the same target the same results.
#[tokio::test]
async fn two_runs_find_the_same() {
    let url = always(StatusCode::OK).await;
    let (first, second) = (attack(&url).await.unwrap(), attack(&url).await.unwrap());
    assert_eq!(first.results_digest(), second.results_digest());
    let other = attack(&always(StatusCode::UNAUTHORIZED).await).await.unwrap();
    assert_ne!(first.results_digest(), other.results_digest());
}
