//! Whatever a client gets wrong is answered in words it can read, and never by the framework's own (capability row 91).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::{client, code_of};
use tenantry_simulator::{Simulator, builtin};

async fn send(method: Method, url: String) -> (u16, Value) {
    let response = client().request(method, url).header("origin", "http://x").send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap_or_else(|_| panic!("{status} {body:?}")))
}

#[tokio::test]
async fn unknown_addresses_and_wrong_methods_are_answered_in_words() {
    let simulator = Simulator::start().await.unwrap();
    let at = |path: &str| format!("{}{path}", simulator.base());
    for (method, path, status, code) in [
        (Method::GET, "/nothing", 404, 90_023),
        (Method::GET, "/common/oauth2/v3.0/authorize", 404, 90_023),
        (Method::POST, "/common/nothing/here", 404, 90_023),
        (Method::POST, "/common/discovery/v2.0/keys", 405, 900_561),
        (Method::DELETE, "/common/oauth2/v2.0/token", 405, 900_561),
        (Method::PUT, "/common/oauth2/v2.0/authorize", 405, 900_561),
        (Method::GET, "/common/login", 405, 900_561),
        (Method::GET, "/common/oauth2/v2.0/token", 400, 900_561),
        (Method::GET, "/%ff/oauth2/v2.0/authorize", 400, 9_002_313),
        (Method::GET, "/%ff/discovery/v2.0/keys", 400, 9_002_313),
        (Method::GET, "/common/userrealm/%ff", 400, 9_002_313),
    ] {
        let (seen, answer) = send(method, at(path)).await;
        assert_eq!((seen, code_of(&answer)), (status, code), "{path}: {answer}");
        assert_eq!(answer["error"], "invalid_request");
        assert!(answer["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{code}: ")));
        assert!(answer["correlation_id"].is_string());
    }
    for (method, path, status) in [
        (Method::GET, "/sim/nothing", 404),
        (Method::PUT, "/sim/keys", 405),
        (Method::DELETE, "/sim/clock", 405),
    ] {
        let (seen, answer) = send_local(method, at(path)).await;
        assert_eq!((seen, &answer["error"]), (status, &json!("invalid_request")), "{answer}");
    }
}

/// Controls take no request of other origins.
async fn send_local(method: Method, url: String) -> (u16, Value) {
    let response = client().request(method, url).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_body_beyond_all_bounds_is_refused_in_words() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/common/oauth2/v2.0/token", simulator.base());
    let response = client().post(url).body("x".repeat(300_000)).header("origin", "http://x").send().await;
    let response = response.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["access-control-allow-origin"]),
        (413, &"*".parse().unwrap())
    );
    assert_eq!(code_of(&response.json().await.unwrap()), 9_002_313);
}

#[tokio::test]
async fn repeated_and_undecodable_parameters_do_no_harm() {
    let simulator = Simulator::start().await.unwrap();
    let at = |path: &str| format!("{}/{}{path}", simulator.base(), builtin::CONTOSO);
    for path in [
        "/v2.0/.well-known/openid-configuration?appid=a&appid=b",
        "/.well-known/openid-configuration?x=%ff&appid=%ff",
        "/discovery/v2.0/keys?appid=a&appid=a",
        "/discovery/keys?%ff=%ff",
        &format!(
            "/discovery/instance?api-version=1&api-version=2&authorization_endpoint={}/common/x&x=%ff",
            simulator.base()
        ),
    ] {
        let (status, answer) = send(Method::GET, at(path)).await;
        assert_eq!(status, 200, "{path}: {answer}");
    }
    let requests = format!("{}/sim/requests", simulator.base());
    for query in ["?limit=1&limit=2", "?x=%ff", "?endpoint=keys&endpoint=token"] {
        assert_eq!(send_local(Method::GET, format!("{requests}{query}")).await.0, 200, "{query}");
    }
    for (query, field) in [("?limit=x", "limit"), ("?endpoint=nothing", "endpoint")] {
        let (status, answer) = send_local(Method::GET, format!("{requests}{query}")).await;
        assert_eq!((status, &answer["field"]), (400, &json!(field)), "{answer}");
    }
}

#[tokio::test]
async fn preflights_are_answered_where_scripts_may_read() {
    let simulator = Simulator::start().await.unwrap();
    for path in ["/oauth2/v2.0/token", "/oauth2/v2.0/devicecode", "/discovery/v2.0/keys", "/openid/userinfo"]
    {
        let url = format!("{}/common{path}", simulator.base());
        let asked = client().request(Method::OPTIONS, &url).header("origin", "http://x");
        let asked = asked.header("access-control-request-headers", "x-anchormailbox,content-type");
        let response = asked.send().await.unwrap();
        assert_eq!(response.status(), 204);
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        assert_eq!(response.headers()["access-control-allow-headers"], "x-anchormailbox,content-type");
    }
    let url = format!("{}/common/oauth2/v2.0/authorize", simulator.base());
    let (status, _) = send(Method::OPTIONS, url).await;
    assert_eq!(status, 405, "nobody fetches a sign-in page from afar");
}

#[tokio::test]
async fn installed_programs_have_a_page_to_be_sent_to() {
    let simulator = Simulator::start().await.unwrap();
    let page = client().get(format!("{}/common/oauth2/nativeclient?code=x", simulator.base())).send().await;
    let page = page.unwrap();
    assert_eq!(page.status(), 200);
    assert!(!page.text().await.unwrap().contains("code=x"));
}
