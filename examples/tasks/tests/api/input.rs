//! Whatever a client sends, the answer is a problem with the right status; never a 5xx. T-020, T-147.

use axum::body::Body;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::json;
use tasks::DatabaseUrl;
use tenantry_simulator::{TokenRequest, builtin};

use crate::simulator::token;
use crate::world::{Answer, Api, config, on_both_stores, request, user};

const ID: &str = "00000000-0000-4000-8000-000000000000";

async fn bodies(database: &DatabaseUrl) {
    let api = Api::on(database).await;
    let admin = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let long = format!(r#"{{"title":"{}"}}"#, "x".repeat(201));
    let deep = "[".repeat(5000);
    for (body, status, code) in [
        ("", 400, "malformed_json"),
        ("{", 400, "malformed_json"),
        ("{\"title\":\"a\"} x", 400, "malformed_json"),
        (&deep, 422, "invalid_task"),
        ("null", 422, "invalid_task"),
        ("[]", 422, "invalid_task"),
        (r#"["a",true]"#, 422, "invalid_task"),
        ("{}", 422, "invalid_task"),
        (r#"{"title":7}"#, 422, "invalid_task"),
        (r#"{"title":null}"#, 422, "invalid_task"),
        (r#"{"title":"   "}"#, 422, "invalid_task"),
        (r#"{"title":"a\u0000b"}"#, 422, "invalid_task"),
        (r#"{"title":"a\nb"}"#, 422, "invalid_task"),
        (&long, 422, "invalid_task"),
        (r#"{"title":"a","title":"b"}"#, 422, "invalid_task"),
        (r#"{"title":"a","owner_id":"b"}"#, 422, "invalid_task"),
        (r#"{"title":"a","completed":"yes"}"#, 422, "invalid_task"),
    ] {
        let answer = api.call_with("POST /api/tasks", &admin, body).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{body:.60}: {answer:?}");
    }
    for body in
        ["{}", r#"["a",true]"#, r#" [null,true]"#, r#"{"title":null}"#, r#"{"id":"x"}"#, r#"{"completed":1}"#]
    {
        let answer = api.call_with(&format!("PATCH /api/tasks/{ID}"), &admin, body).await;
        assert_eq!(answer.code(), "invalid_task", "{body}");
    }
}

/// Names come from the tenant's administrators: any text, any length.
async fn names_of_owners_are_only_text(database: &DatabaseUrl) {
    let api = Api::on(database).await;
    for (name, stored) in [
        ("Łukasz 'O\"Brien; DROP TABLE tasks--", "Łukasz 'O\"Brien; DROP TABLE tasks--".to_owned()),
        ("a\u{0}b\r\nc", "abc".to_owned()),
        (&"ü".repeat(500), "ü".repeat(200)),
    ] {
        let request =
            TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_EDITOR).audience(builtin::API);
        let token = token(&request.claim("name", json!(name)));
        let created =
            api.call_with("POST /api/tasks", &token, r#"{"title":"'; DROP TABLE tasks; --"}"#).await;
        assert_eq!(created.status, 201, "{created:?}");
        assert_eq!(created.json()["owner_name"], stored.as_str());
        assert_eq!(created.json()["title"], "'; DROP TABLE tasks; --");
    }
}

on_both_stores!(bodies, names_of_owners_are_only_text, nothing_that_a_client_sends_is_our_fault);

#[tokio::test]
async fn a_body_has_at_most_16_kib_and_says_that_it_is_json() {
    let api = Api::start(&config()).await;
    let admin = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let spaces = |count| format!(r#"{{"title":"a"{}}}"#, " ".repeat(count));
    assert_eq!(api.call_with("POST /api/tasks", &admin, &spaces(16_000)).await.status, 201);
    let large = api.call_with("POST /api/tasks", &admin, &spaces(16 << 10)).await;
    assert_eq!((large.status, large.code().as_str()), (413, "body_too_large"));
    // The same without a length to read beforehand.
    let chunks =
        futures_util::stream::iter((0..1 << 10).map(|_| Ok::<_, std::io::Error>(" ".repeat(1 << 10))));
    let chunked = request("POST /api/tasks", &admin).header("content-type", "application/json");
    let answer = api.send(chunked.body(Body::from_stream(chunks)).unwrap()).await;
    assert_eq!(answer.code(), "body_too_large");

    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        let typed = request("POST /api/tasks", &admin).header("content-type", kind);
        let answer = api.send(typed.body(Body::from(spaces(0))).unwrap()).await;
        assert_eq!((answer.status, answer.code().as_str()), (415, "unsupported_media_type"), "{kind}");
    }
}

#[tokio::test]
async fn a_malformed_id_is_an_id_that_nobody_has() {
    let api = Api::start(&config()).await;
    let admin = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let id = api.create(&admin, "t").await;
    let (upper, simple) = (id.to_uppercase(), id.replace('-', ""));
    for other in [
        "x",
        "1",
        "%00",
        "%FF",
        "..%2Fme",
        "%7B%7D",
        "' OR 1=1 --",
        ID,
        &upper,
        &simple,
        &format!("urn:uuid:{id}"),
    ] {
        let path = format!("/api/tasks/{}", other.replace(' ', "%20"));
        for (method, body) in [("GET", ""), ("PATCH", r#"{"completed":true}"#), ("DELETE", "")] {
            let answer = api.call_with(&format!("{method} {path}"), &admin, body).await;
            assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{method} {other}");
        }
    }
}

#[tokio::test]
async fn unknown_addresses_methods_and_queries_are_problems_too() {
    let api = Api::start(&config()).await;
    let admin = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    for (call, status, code) in [
        ("GET /", 404, "not_found"),
        ("GET /api", 404, "not_found"),
        ("GET /api/tasks/", 404, "not_found"),
        ("GET /api/tasks/a/b", 404, "not_found"),
        ("PUT /api/tasks", 405, "method_not_allowed"),
        ("DELETE /api/tasks", 405, "method_not_allowed"),
        ("POST /api/me", 405, "method_not_allowed"),
        ("POST /healthz", 405, "method_not_allowed"),
        ("GET /api/tasks?limit=0", 400, "invalid_query"),
        ("GET /api/tasks?limit=201", 400, "invalid_query"),
        ("GET /api/tasks?limit=-1", 400, "invalid_query"),
        ("GET /api/tasks?limit=1&limit=2", 400, "invalid_query"),
        ("GET /api/tasks?after=x", 400, "invalid_query"),
        ("GET /api/tasks?after=1.x", 400, "invalid_query"),
    ] {
        let answer = api.call(call, &admin).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{call}");
    }
    assert_eq!(api.call("GET /api/tasks?limit=200", &admin).await.status, 200);
}

/// T-147: whatever comes in a body, a path or a query, the fault is never ours.
async fn nothing_that_a_client_sends_is_our_fault(database: &DatabaseUrl) {
    let api = Api::on(database).await;
    let admin = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let body = prop_oneof![
        any::<Vec<u8>>(),
        "[\\x00-\\x20a-c]{1,6}".prop_map(|title| json!({ "title": title }).to_string().into_bytes()),
        any::<String>().prop_map(|title| json!({ "title": title }).to_string().into_bytes()),
        ("\\PC*", any::<i64>()).prop_map(|(name, value)| json!({ name: value }).to_string().into_bytes()),
    ];
    let unreserved_or_encoded = "([a-z0-9.~'-]|%[0-9A-F]{2}){0,40}";
    let cases = (body, unreserved_or_encoded, unreserved_or_encoded);
    // The runner knows no futures, so it only picks the cases.
    let mut runner = TestRunner::deterministic();
    for _ in 0..200 {
        let (body, segment, query) = cases.new_tree(&mut runner).unwrap().current();
        for call in [
            "POST /api/tasks".to_owned(),
            format!("PATCH /api/tasks/{segment}"),
            format!("GET /api/tasks/{segment}"),
            format!("DELETE /api/tasks/{segment}"),
            format!("GET /api/tasks?limit={query}&after={segment}"),
            format!("GET /api/tasks?after=1.{query}&{segment}"),
        ] {
            let request = request(&call, &admin).header("content-type", "application/json");
            let answer: Answer = api.send(request.body(Body::from(body.clone())).unwrap()).await;
            assert!(answer.status < 500, "{call}: {answer:?}");
        }
    }
}
