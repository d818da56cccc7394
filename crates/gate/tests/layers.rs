#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! Row 101: with any one layer off another holds, and a target of which that is not true is found out.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tenantry_gate::{CaseResult, Finding, Issuer, Outcome, Quiet, Running, Selection, Suite, Target, run};
use tenantry_simulator::{Simulator, builtin};

/// Tenant and text.
type Notes = Arc<Mutex<Vec<(String, String)>>>;

/// Not a test of its own: this very program, started again as a target. `GATE_TEST_GATE` and `GATE_TEST_DATA` set to `off` take its
/// two layers away.
#[tokio::test]
async fn served_when_asked() {
    let Ok(port) = std::env::var("GATE_TEST_PORT") else { return };
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    let api = Router::new().route("/notes", any(notes)).with_state(Notes::default());
    axum::serve(listener, api).await.unwrap();
}

fn is_off(layer: &str) -> bool {
    let is_dead = layer == "DATA" && std::env::var_os("GATE_TEST_DEAD").is_some();
    !is_dead && std::env::var(format!("GATE_TEST_{layer}")).is_ok_and(|value| value == "off")
}

async fn notes(State(notes): State<Notes>, method: Method, headers: HeaderMap, body: String) -> Response {
    let Some(tenant) = tenant(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    let listed = [builtin::CONTOSO, builtin::FABRIKAM].contains(&&*tenant);
    if !listed && !is_off("GATE") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut all = notes.lock().unwrap();
    if method == Method::POST {
        all.push((tenant, body));
        return (StatusCode::CREATED, Json(json!({"id": all.len()}))).into_response();
    }
    let shown = all.iter().filter(|(owner, _)| *owner == tenant || is_off("DATA"));
    Json(shown.map(|(_, text)| text).collect::<Vec<_>>()).into_response()
}

/// Reads a claim without any check of the signature: layers behind it are what this is about.
fn tenant(headers: &HeaderMap) -> Option<String> {
    let token = headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer ")?;
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?).ok()?;
    claims["tid"].as_str().map(str::to_owned)
}

/// The suite's results for a target with `env` beside what it always has.
async fn results(env: &str, rest: &str) -> Vec<CaseResult> {
    let simulator = Simulator::start().await.unwrap();
    let program = std::env::current_exe().unwrap();
    let text = format!(
        "name = \"notes\"\n[api]\nclient-id = \"{}\"\nrole = \"Editor\"\napplications = true\n[[probe]]\npath = \"/notes\"\n\
         [start]\ncommand = [{program:?}, \"--exact\", \"served_when_asked\", \"--nocapture\"]\n\
         env = {{ GATE_TEST_PORT = \"{{port}}\"{env} }}\n{rest}\n\
         [[layer]]\nname = \"tenant gate\"\noff = {{ GATE_TEST_GATE = \"off\" }}\n\
         [[layer]]\nname = \"data\"\noff = {{ GATE_TEST_DATA = \"off\" }}\n",
        builtin::API
    );
    let target = Target::parse(&text).unwrap();
    let running =
        Running::start(&target, simulator.base(), &std::collections::BTreeMap::new()).await.unwrap();
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let selection = Selection { only: vec!["layers".to_owned()], seed: 0 };
    let report = run(running.target().clone(), issuer, &selection, &Quiet).await.unwrap();
    running.end().await;
    let switch = reqwest::Client::new().get(format!("{}/sim/native-allow-list", simulator.base()));
    let switch: Value = switch.send().await.unwrap().json().await.unwrap();
    assert_eq!(switch["enabled"], true, "the issuer's list is as it was");
    report.results.into_iter().filter(|result| result.suite == Suite::Layers).collect()
}

const ISOLATION: &str = "[isolation]\nread = [\"/notes\"]\n\
                         create = { method = \"POST\", path = \"/notes\", body = { text = \"{canary}\" } }";

#[tokio::test]
async fn another_layer_holds() {
    let results = results("", ISOLATION).await;
    let found: Vec<_> =
        results.iter().map(|result| (&*result.id, &result.outcome, &*result.detail)).collect();
    let issuer = "stopped by the issuer (AADSTS7000118)";
    let check = "stopped by the API's check (401)";
    let data = "stopped by the data layer (shown nothing)";
    let nothing = "stopped by nothing (`GET /notes`)";
    let line = |off: &str, real: &str, minted: &str| {
        format!(
            "off: {off}; program: {real}; person: {real}; minted token: {minted}; minted Admin's token: {minted}"
        )
    };
    let expected = [
        ("layers/1", line("tenant gate", issuer, data)),
        ("layers/2", line("data", issuer, check)),
        ("layers/all-off", line("everything", data, nothing).replacen(data, nothing, 2)),
        ("layers/all-on", line("nothing", issuer, check)),
        ("layers/issuer-list", line("the issuer's list", check, check)),
    ];
    let expected: Vec<_> = expected.iter().map(|(id, line)| (*id, &Outcome::Held, &**line)).collect();
    assert_eq!(found, expected);
}

/// A target whose data layer is none: the gate alone holds it up.
#[tokio::test]
async fn a_single_point_of_failure_is_found() {
    let results = results(", GATE_TEST_DATA = \"off\"", ISOLATION).await;
    let gate_off = results.iter().find(|result| result.id == "layers/1").unwrap();
    assert_eq!(gate_off.outcome, Outcome::Failed(Finding::Leaked), "{}", gate_off.detail);
    assert!(
        gate_off.detail.contains("minted token: stopped by nothing (`GET /notes`)"),
        "{}",
        gate_off.detail
    );
    assert!(results.iter().filter(|result| result.id != "layers/1").all(|result| !result.failed()));
}

/// T-161: a switch that does nothing is found out.
#[tokio::test]
async fn a_dead_switch_is_found() {
    let results = results(", GATE_TEST_DEAD = \"on\"", ISOLATION).await;
    let all_off = results.iter().find(|result| result.id == "layers/all-off").unwrap();
    assert!(
        matches!(&all_off.outcome, Outcome::Skipped(why) if why.contains("a switch does nothing")),
        "{}",
        all_off.detail
    );
}

/// Where nothing is planted, a rogue who is let in counts as one who saw everything.
#[tokio::test]
async fn without_data_to_look_for_being_let_in_is_enough() {
    let results = results("", "").await;
    let gate_off = results.iter().find(|result| result.id == "layers/1").unwrap();
    assert_eq!(gate_off.outcome, Outcome::Failed(Finding::Accepted), "{}", gate_off.detail);
}
