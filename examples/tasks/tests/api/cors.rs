//! Pages of other origins. T-042.

use axum::body::Body;
use tasks::Config;
use tenantry_simulator::builtin;

use crate::world::{Answer, Api, config, request, user};

const PAGE: &str = "http://localhost:5173";

async fn api() -> Api {
    Api::start(&Config { origins: vec![PAGE.parse().unwrap()], ..config() }).await
}

fn allowed(answer: &Answer) -> Option<&str> {
    answer.headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap())
}

async fn preflight(api: &Api, origin: &str) -> Answer {
    let request = request("OPTIONS /api/tasks", "").header("origin", origin);
    let request = request.header("access-control-request-method", "PATCH");
    let request = request.header("access-control-request-headers", "authorization,content-type");
    api.router_answer(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_listed_page_may_call_and_read_refusals() {
    let api = api().await;
    let answer = preflight(&api, PAGE).await;
    assert_eq!((answer.status, allowed(&answer)), (200, Some(PAGE)));
    let text = |name: &str| answer.headers[name].to_str().unwrap().to_ascii_lowercase();
    assert!(text("access-control-allow-headers").contains("authorization"));
    assert!(text("access-control-allow-methods").contains("patch"));
    assert!(!answer.headers.contains_key("access-control-allow-credentials"));

    let admin = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    for (token, status) in [(admin.as_str(), 200), ("", 401)] {
        let call = request("GET /api/tasks", token).header("origin", PAGE).body(Body::empty()).unwrap();
        let answer = api.send(call).await;
        assert_eq!((answer.status, allowed(&answer)), (status, Some(PAGE)));
    }
}

#[tokio::test]
async fn other_pages_may_not() {
    let api = api().await;
    for origin in
        ["http://localhost:5174", "https://localhost:5173", "http://localhost:5173.evil.example", "null", "*"]
    {
        let answer = preflight(&api, origin).await;
        assert_eq!(allowed(&answer), None, "{origin}");
    }
}

#[tokio::test]
async fn without_a_list_no_page_may() {
    let api = Api::start(&config()).await;
    assert_eq!(allowed(&preflight(&api, PAGE).await), None);
}
