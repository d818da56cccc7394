#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! T-031, T-035, T-160: a check that is bound to one method or one spelling of a path is noticed; a sound API passes, whatever it
//! answers where nothing is. And whoever is refused from the start is told where to look.

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::{Html, IntoResponse, Response},
};
use serde_json::json;
use tenantry_gate::{Issuer, Quiet, Report, Selection, Target, run};
use tenantry_simulator::{Simulator, builtin};

/// What the check is bound to, or what else the API does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Api {
    Sound,
    /// Shows its start page wherever nothing is.
    StartPage,
    OpenHead,
    OpenOptions,
    /// Methods that the check does not know are `GET` to the router.
    UnknownMethods,
    /// The check looks for `/api/` in small letters, the router does not care.
    Capitals,
    /// The check compares whole paths, the router ignores a slash at the end.
    Slash,
    /// Whatever has the health check's path in it is public.
    PublicWithin,
    RefusesAll,
}

/// Whoever has any token is let in: what tokens say is not what this is about.
fn needs_token(api: Api, method: &Method, target: &str, path: &str) -> bool {
    match api {
        Api::OpenHead => *method != Method::HEAD,
        Api::OpenOptions => *method != Method::OPTIONS,
        Api::UnknownMethods => method.as_str() == "GET" || method.as_str() == "HEAD",
        Api::Capitals => path.starts_with("/api/"),
        Api::Slash => path == "/api/me",
        Api::PublicWithin => !target.contains("/healthz"),
        _ => true,
    }
}

fn is_routed(api: Api, method: &Method, path: &str) -> bool {
    let path = match api {
        Api::Capitals => path.to_lowercase(),
        Api::Slash => path.trim_end_matches('/').to_owned(),
        _ => path.to_owned(),
    };
    let is_get = [Method::GET, Method::HEAD].contains(method);
    path == "/api/me" && (is_get || matches!(api, Api::OpenOptions | Api::UnknownMethods))
}

async fn answer(State(api): State<Api>, fields: HeaderMap, request: Request) -> Response {
    let (method, uri) = (request.method(), request.uri());
    if *uri == "/healthz" {
        return StatusCode::OK.into_response();
    }
    let has_token = fields.contains_key("authorization") && api != Api::RefusesAll;
    match (is_routed(api, method, uri.path()), api) {
        (false, Api::StartPage) => Html("<h1>Welcome</h1>").into_response(),
        _ if needs_token(api, method, &uri.to_string(), uri.path()) && !has_token => {
            StatusCode::UNAUTHORIZED.into_response()
        }
        (true, _) => Json(json!({"tenant": has_token, "person": 1})).into_response(),
        (false, _) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn attack(api: Api, case: &str) -> Report {
    let simulator = Simulator::start().await.unwrap();
    let router = Router::new().fallback(answer).with_state(api);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let text = format!(
        "name = \"me\"\nurl = \"{url}\"\nready = \"/healthz\"\n[api]\nclient-id = \"{}\"\n[[probe]]\npath = \"/api/me\"\n",
        builtin::API
    );
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let selection = Selection { only: vec![case.to_owned()], seed: 5 };
    run(Target::parse(&text).unwrap(), issuer, &selection, &Quiet).await.unwrap()
}

fn failed(report: &Report) -> Vec<&str> {
    report.failures().iter().map(|result| result.id.as_str()).collect()
}

const METHODS: &str = "placement/other-methods";
const SPELLINGS: &str = "placement/path-spellings";

#[tokio::test]
async fn a_check_for_one_spelling_is_noticed() {
    for (api, case) in [
        (Api::OpenHead, METHODS),
        (Api::OpenOptions, METHODS),
        (Api::UnknownMethods, METHODS),
        (Api::Capitals, SPELLINGS),
        (Api::Slash, SPELLINGS),
        (Api::PublicWithin, SPELLINGS),
    ] {
        let report = attack(api, case).await;
        assert_eq!(failed(&report), [case], "{api:?} {:#?}", report.results);
    }
}

#[tokio::test]
async fn who_checks_every_spelling_passes() {
    for api in [Api::Sound, Api::StartPage] {
        for case in [METHODS, SPELLINGS] {
            let report = attack(api, case).await;
            assert_eq!(failed(&report), [""; 0], "{api:?} {:#?}", report.results);
        }
    }
}

/// T-161, T-162: the simulator was asked for nothing, which is why all is refused.
#[tokio::test]
async fn a_target_of_another_authority_is_told_so() {
    let report = attack(Api::RefusesAll, METHODS).await;
    let told = report.failures().iter().all(|result| result.detail.contains("trusts another authority"));
    assert!(told && failed(&report).contains(&"control/good-token"), "{:#?}", report.results);
}
