#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! Row 100, T-160: a small API with holes between its tenants. Each hole is noticed by the case that is about it; without holes it passes.

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tenantry_gate::{Finding, Issuer, Outcome, Quiet, Report, Selection, Suite, Target, run};
use tenantry_simulator::{Simulator, builtin};

/// A hole between tenants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Hole {
    None,
    List,
    ById,
    Search,
    Export,
    Admin,
    Program,
    Colleague,
    Change,
    Delete,
    ErrorText,
    Parameter,
    Header,
    Cookie,
    Body,
    Shared,
    /// The tenant is what stands after the `@` of a name.
    Names,
    /// A total over all tenants.
    Count,
    /// Nobody finds anything, its maker neither.
    Forgets,
}

#[derive(Clone)]
struct Note {
    id: String,
    tenant: String,
    person: String,
    address: Option<String>,
    text: String,
}

struct Notes {
    hole: Hole,
    notes: Mutex<Vec<Note>>,
    /// The tenant of the latest caller: `Hole::Shared` asks here.
    latest: Mutex<String>,
}

struct Caller {
    tenant: String,
    person: String,
    address: Option<String>,
    is_admin: bool,
    is_program: bool,
}

/// Reads claims without any check: holes behind a check of tokens are what this is about.
fn caller(headers: &HeaderMap) -> Option<Caller> {
    let token = headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer ")?;
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?).ok()?;
    let text = |name: &str| claims[name].as_str().map(str::to_owned);
    let address = text("email");
    let is_admin = claims["roles"].as_array().is_some_and(|roles| roles.contains(&json!("Admin")));
    let is_program = claims["scp"].is_null();
    Some(Caller { tenant: text("tid")?, person: text("oid")?, address, is_admin, is_program })
}

impl Notes {
    fn sees(&self, caller: &Caller, note: &Note) -> bool {
        match self.hole {
            Hole::Forgets => false,
            Hole::Admin if caller.is_admin => true,
            Hole::Names if note.address.is_some() && note.address == caller.address => true,
            Hole::Program if caller.is_program => true,
            _ => {
                note.tenant == caller.tenant
                    && (self.hole == Hole::Colleague || caller.is_admin || note.person == caller.person)
            }
        }
    }

    /// The caller's tenant, as the holes have it.
    fn tenant(&self, caller: &mut Caller, headers: &HeaderMap, query: &Value) {
        let named = match self.hole {
            Hole::Parameter => query["tenant_id"].as_str(),
            Hole::Header => headers.get("x-tenant-id").and_then(|value| value.to_str().ok()),
            Hole::Cookie => {
                let cookies = headers.get("cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
                cookies.split("; ").find_map(|cookie| cookie.strip_prefix("tenant_id="))
            }
            _ => None,
        };
        if let Some(named) = named {
            caller.tenant = named.to_owned();
            caller.is_admin = true;
        }
    }
}

async fn notes(
    State(api): State<Arc<Notes>>,
    method: Method,
    headers: HeaderMap,
    Query(query): Query<Value>,
    body: String,
) -> Response {
    let Some(mut caller) = caller(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    api.tenant(&mut caller, &headers, &query);
    if method == Method::POST {
        return create(&api, &caller, &body);
    }
    if api.hole == Hole::Shared {
        caller.tenant.clone_into(&mut api.latest.lock().unwrap());
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
        api.latest.lock().unwrap().clone_into(&mut caller.tenant);
        caller.is_admin = true;
    }
    let q = query["q"].as_str();
    let all = api.notes.lock().unwrap().clone();
    let everyones = match q {
        Some(_) => api.hole == Hole::Search,
        None => api.hole == Hole::List,
    };
    let shown = all.iter().filter(|note| everyones || api.sees(&caller, note));
    let shown = shown.filter(|note| q.is_none_or(|q| note.text.contains(q)));
    let notes: Vec<_> = shown.map(|note| json!({"id": note.id, "text": note.text})).collect();
    // The search repeats what was asked, as many do.
    Json(json!({"query": q, "notes": notes})).into_response()
}

fn create(api: &Notes, caller: &Caller, body: &str) -> Response {
    let body: Value = serde_json::from_str(body).unwrap();
    let tenant =
        body["tenant_id"].as_str().filter(|_| api.hole == Hole::Body).unwrap_or(&caller.tenant).to_owned();
    let mut all = api.notes.lock().unwrap();
    let id = format!("0195b6a2-0000-7000-8000-{:012}", all.len() + 1);
    let text = body["text"].as_str().unwrap().to_owned();
    all.push(Note {
        id: id.clone(),
        tenant,
        person: caller.person.clone(),
        address: caller.address.clone(),
        text,
    });
    (StatusCode::CREATED, Json(json!({ "id": id }))).into_response()
}

async fn export(State(api): State<Arc<Notes>>, headers: HeaderMap) -> Response {
    let Some(caller) = caller(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    let all = api.notes.lock().unwrap();
    let shown = all.iter().filter(|note| api.hole == Hole::Export || api.sees(&caller, note));
    shown.map(|note| format!("{},{}\n", note.id, note.text)).collect::<String>().into_response()
}

async fn count(State(api): State<Arc<Notes>>, headers: HeaderMap) -> Response {
    let Some(caller) = caller(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    let all = api.notes.lock().unwrap();
    let count = all.iter().filter(|note| api.hole == Hole::Count || api.sees(&caller, note)).count();
    Json(json!({ "count": count })).into_response()
}

async fn note(
    State(api): State<Arc<Notes>>,
    method: Method,
    headers: HeaderMap,
    Query(query): Query<Value>,
    Path(id): Path<String>,
) -> Response {
    let Some(mut caller) = caller(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    api.tenant(&mut caller, &headers, &query);
    let missing = || (StatusCode::NOT_FOUND, format!("no note `{id}`")).into_response();
    let mut all = api.notes.lock().unwrap();
    let Some(at) = all.iter().position(|note| note.id == id) else { return missing() };
    let passes_by = matches!(
        (api.hole, method.as_str()),
        (Hole::ById, "GET") | (Hole::Change, "PATCH") | (Hole::Delete, "DELETE")
    );
    if !passes_by && !api.sees(&caller, &all[at]) {
        return match api.hole {
            Hole::ErrorText => {
                (StatusCode::NOT_FOUND, format!("note `{id}` is of another tenant")).into_response()
            }
            _ => missing(),
        };
    }
    match method.as_str() {
        "PATCH" => all[at].text.push_str(" (changed)"),
        "DELETE" => drop(all.remove(at)),
        _ => {}
    }
    all.get(at)
        .map_or_else(|| StatusCode::NO_CONTENT.into_response(), |note| note.text.clone().into_response())
}

fn document() -> Value {
    let text = json!({"content": {"application/json": {"schema": {"required": ["text"], "properties": {"text": {"type": "string"}}}}}});
    json!({"openapi": "3.1.0", "paths": {
        "/notes": {"get": {"parameters": [{"in": "query", "name": "q"}]}, "post": {"requestBody": text}},
        "/notes/{note}": {"get": {}, "patch": {"requestBody": text}, "delete": {}},
        "/export": {"get": {}}
    }})
}

const WRITTEN: &str = r#"
create = { method = "POST", path = "/notes", body = { text = "{canary}" } }
read = ["/notes", "/notes/{id}", "/notes?q={canary}", "/count"]
export = ["/export"]
change = [{ method = "PATCH", path = "/notes/{id}" }, { method = "DELETE", path = "/notes/{id}" }]
personal = true
"#;

async fn attack(hole: Hole, isolation: &str, only: &str) -> Report {
    let simulator = Simulator::start().await.unwrap();
    let api = Arc::new(Notes { hole, notes: Mutex::default(), latest: Mutex::default() });
    let api = Router::new()
        .route("/notes", any(notes))
        .route("/notes/{id}", any(note))
        .route("/export", get(export))
        .route("/count", get(count))
        .route("/openapi.json", get(|| async { Json(document()) }))
        .with_state(api);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, api).await.unwrap() });
    let text = format!(
        "name = \"notes\"\nurl = \"{url}\"\n[api]\nclient-id = \"{}\"\nrole = \"Editor\"\napplications = true\n\
         [[probe]]\npath = \"/notes\"\n[isolation]\n{isolation}\n",
        builtin::API
    );
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let selection = Selection { only: vec![only.to_owned()], seed: 3 };
    run(Target::parse(&text).unwrap(), issuer, &selection, &Quiet).await.unwrap()
}

fn of_suite(report: &Report) -> Vec<(&str, &Outcome, &str)> {
    let results = report.results.iter().filter(|result| result.suite == Suite::Isolation);
    results.map(|result| (result.id.as_str(), &result.outcome, result.detail.as_str())).collect()
}

#[tokio::test]
async fn without_holes_it_passes() {
    for isolation in [WRITTEN, "openapi = \"/openapi.json\"\npersonal = true"] {
        let report = attack(Hole::None, isolation, "isolation").await;
        // The document says of no request that it counts.
        let is_silent = |id: &str| id == "isolation/count" && isolation != WRITTEN;
        let otherwise: Vec<_> = of_suite(&report)
            .into_iter()
            .filter(|result| *result.1 != Outcome::Held && !is_silent(result.0))
            .collect();
        assert!(otherwise.is_empty(), "{otherwise:#?}");
    }
}

/// Each hole, the case that is about it, and what that says.
const NOTICED: &[(Hole, &str, Finding)] = &[
    (Hole::List, "isolation/list", Finding::Leaked),
    (Hole::ById, "isolation/by-id", Finding::Leaked),
    (Hole::Search, "isolation/search", Finding::Leaked),
    (Hole::Export, "isolation/export", Finding::Leaked),
    (Hole::Admin, "isolation/admin", Finding::Leaked),
    (Hole::Program, "isolation/program", Finding::Leaked),
    (Hole::Colleague, "isolation/colleague", Finding::Leaked),
    (Hole::Change, "isolation/change", Finding::Accepted),
    (Hole::Delete, "isolation/delete", Finding::Accepted),
    (Hole::ErrorText, "isolation/error-text", Finding::Told),
    (Hole::Parameter, "isolation/tenant-parameter", Finding::Leaked),
    (Hole::Header, "isolation/tenant-header", Finding::Leaked),
    (Hole::Cookie, "isolation/tenant-header", Finding::Leaked),
    (Hole::Body, "isolation/tenant-in-body", Finding::Accepted),
    (Hole::Shared, "isolation/interleaved", Finding::Leaked),
    (Hole::Names, "isolation/same-names", Finding::Leaked),
    (Hole::Count, "isolation/count", Finding::Leaked),
    (Hole::Forgets, "isolation/planted", Finding::RefusedGood),
];

#[tokio::test]
async fn each_hole_is_noticed() {
    for (hole, case, finding) in NOTICED {
        let report = attack(*hole, WRITTEN, case).await;
        let results = of_suite(&report);
        let noticed =
            results.iter().any(|result| result.0 == *case && *result.1 == Outcome::Failed(*finding));
        assert!(noticed, "{hole:?}: {results:#?}");
    }
}

/// The plan that an OpenAPI document gives finds the same holes.
#[tokio::test]
async fn a_document_is_as_good_as_a_list() {
    for hole in [Hole::List, Hole::Search, Hole::Export, Hole::Delete] {
        let (_, case, finding) = NOTICED.iter().find(|noticed| noticed.0 == hole).unwrap();
        let report = attack(hole, "openapi = \"/openapi.json\"", case).await;
        let results = of_suite(&report);
        let noticed =
            results.iter().any(|result| result.0 == *case && *result.1 == Outcome::Failed(*finding));
        assert!(noticed, "{hole:?}: {results:#?}");
    }
}

/// T-162: without probes nothing is proved, and the report says so.
#[tokio::test]
async fn what_does_not_run_is_skipped_visibly() {
    let report = attack(Hole::None, "openapi = \"/no-such-document.json\"", "isolation").await;
    for (id, outcome, detail) in of_suite(&report) {
        match id {
            "isolation/planted" => assert_eq!(*outcome, Outcome::Failed(Finding::RefusedGood), "{detail}"),
            _ => assert!(
                matches!(outcome, Outcome::Skipped(why) if why.contains("no-such-document")),
                "{id} {detail}"
            ),
        }
    }
}
