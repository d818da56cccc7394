//! Queries, pages, batches, refusals and the switches of Microsoft Graph.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::graph::{Graph, at};
use support::post_json;
use tenantry_simulator::{Endpoint, Fault, FaultEndpoint, Simulator, builtin};

fn names(answer: &Value) -> Vec<String> {
    let list = answer["value"].as_array().unwrap();
    list.iter().map(|one| one["displayName"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pages_follow_one_another_to_the_end() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let all = graph.get("/users?$select=id").await["value"].as_array().unwrap().clone();
    for top in ["$top=2", "%24top=2"] {
        let mut page = graph.get(&format!("/users?{top}&$select=id")).await;
        let mut seen = Vec::new();
        loop {
            assert!(page["value"].as_array().unwrap().len() <= 2);
            seen.extend(page["value"].as_array().unwrap().clone());
            let Some(next) = page["@odata.nextLink"].as_str().map(ToOwned::to_owned) else { break };
            assert!(
                next.starts_with(simulator.base()) && next.contains("$top=2") && next.contains("$skiptoken="),
                "{next}"
            );
            page = graph.get(&next).await;
        }
        assert_eq!(seen, all, "{top}");
    }
    for top in ["0", "1000", "x", "-1", "99999999999999999999"] {
        assert_eq!(graph.refused("GET", &format!("/users?$top={top}"), None).await.0, 400, "{top}");
    }
    assert_eq!(
        graph.refused("GET", "/users?$skiptoken=nonsense", None).await.1,
        "Directory_ExpiredPageToken"
    );
    let sized = Graph::provisioning(&simulator).await.header("prefer", "odata.maxpagesize=1");
    assert_eq!(sized.get("/users").await["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_page_survives_a_change_in_between() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    for name in ["A1", "A2", "A3", "A4"] {
        graph.application(name).await;
    }
    let first =
        graph.get("/applications?$filter=startswith(displayName,'A')&$orderby=displayName&$top=3").await;
    assert_eq!(names(&first)[..2], ["A1", "A2"]);
    let gone = first["value"][0].clone();
    graph.delete(&at("applications", &gone)).await;
    let next = graph.get(first["@odata.nextLink"].as_str().unwrap()).await;
    assert_eq!(names(&next)[0], "A4", "nothing is left out and nothing comes twice");
}

#[tokio::test]
async fn filters_select_and_order() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    graph.application("O'Brien's").await;
    for (query, wanted) in [
        ("/applications?$filter=displayName eq 'O''Brien''s'", vec!["O'Brien's"]),
        (
            "/users?$filter=startswith(displayName,'Rita') or userPrincipalName eq 'norman@contoso.example'",
            vec!["Rita Reader", "Norman Norole"],
        ),
        (
            "/users?$filter=userPrincipalName in ('rita@contoso.example','edgar@contoso.example')&$orderby=displayName",
            vec!["Edgar Editor", "Rita Reader"],
        ),
        (
            "/users?$filter=userType eq 'Member' and startswith(displayName,'R')&$orderby=displayName desc",
            vec!["Rita Reader"],
        ),
        ("/users?$filter=id eq '11111111-2222-4333-8444-555555555555'", vec![]),
    ] {
        assert_eq!(names(&graph.get(query).await), wanted, "{query}");
    }
    let selected = graph.get("/users?$select=displayName&$top=1").await;
    assert_eq!(selected["value"][0].as_object().unwrap().len(), 1);
    assert!(selected["@odata.context"].as_str().unwrap().ends_with("#users(displayName)"));
    let counted = Graph::provisioning(&simulator).await.header("consistencylevel", "eventual");
    let answer = counted.get("/users?$search=\"displayName:reader\"&$count=true&$top=1").await;
    assert_eq!(answer["@odata.count"], 1, "{answer}");
    assert_eq!(names(&answer), ["Rita Reader"]);
    let count = counted.raw("GET", "/users/$count", None).await;
    assert!(count.text().await.unwrap().parse::<u32>().unwrap() >= 7);
    assert!(!counted.get("/users?$filter=userType ne 'Guest'").await["value"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn queries_that_graph_would_refuse_are_refused() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    for query in [
        "$filter=colour eq 'red'",
        "$filter=displayName eq red",
        "$filter=displayName eq 'x",
        "$filter=displayName ne 'x'",
        "$filter=not startswith(displayName,'x')",
        "$filter=",
        "$search=\"displayName:x\"",
        "$select=colour",
        "$orderby=colour",
        "$orderby=displayName sideways",
        "$expand=owners",
        "$skip=1",
        "$count=maybe",
        "$colour=red",
        "$filter=a/any(a:a/any(a:a",
    ] {
        let (status, code) = graph.refused("GET", &format!("/applications?{query}"), None).await;
        assert_eq!(status, 400, "{query}: {code}");
    }
}

#[tokio::test]
async fn hostile_requests_are_refused_and_never_break_anything() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let deep = format!("/applications?$filter={}", "(".repeat(4_000));
    for (method, path) in [
        ("GET", "/nowhere"),
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/applications/%00"),
        ("GET", "/applications/%ff"),
        ("GET", "/applications/%zz"),
        ("GET", "/applications/../sim/keys"),
        ("GET", "/applications(appId=')"),
        ("GET", "/applications(a='b',c='d')"),
        ("GET", "/applications/1/2/3/4/5/6/7/8/9/10/11/12/13/14"),
        ("PUT", "/applications"),
        ("DELETE", "/applications"),
        ("POST", "/applications/x"),
        ("PATCH", "/users"),
        ("TRACE", "/users"),
        ("POST", "/organization"),
        ("GET", "/$batch"),
        ("GET", "/users/x/y/z"),
        ("GET", &deep),
        ("GET", "/servicePrincipals/x/appRoleAssignedTo/y/z"),
        ("GET", "/directory"),
        ("POST", "/applications/delta"),
    ] {
        let response = graph.raw(method, path, None).await;
        let status = response.status().as_u16();
        assert!((400..500).contains(&status), "{method} {path}: {status}");
        assert!(response.headers().contains_key("request-id"), "{method} {path}");
        let body: Value = response.json().await.unwrap();
        assert!(body["error"]["code"].is_string(), "{method} {path}: {body}");
    }
    let versions = [format!("{}/graph/v2.0/users", simulator.base()), format!("{}/graph", simulator.base())];
    for url in &versions {
        assert_eq!(graph.refused("GET", url, None).await.0, 400, "{url}");
    }
    let url = format!("{}/applications", graph.root);
    for body in ["", "{", "[]", "7", "null", "\"x\"", "{\"displayName\":", "\u{0}"] {
        let response =
            support::client().post(&url).bearer_auth(&graph.token).body(body).send().await.unwrap();
        assert_eq!(response.status(), 400, "{body}");
    }
    let long = json!({ "displayName": "x", "description": "y".repeat(300_000) });
    assert!(graph.raw("POST", "/applications", Some(&long)).await.status().is_client_error());
    graph.get("/organization").await;
}

#[tokio::test]
async fn answers_carry_the_clients_own_id() {
    let simulator = Simulator::start().await.unwrap();
    let id = "11111111-2222-4333-8444-555555555555";
    let graph = Graph::provisioning(&simulator).await.header("client-request-id", id);
    let response = graph.raw("GET", "/applications/x", None).await;
    assert_eq!(response.headers()["client-request-id"], id);
    let request_id = response.headers()["request-id"].to_str().unwrap().to_owned();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["innerError"]["client-request-id"], id);
    assert_eq!(body["error"]["innerError"]["request-id"], request_id);
}

#[tokio::test]
async fn a_batch_runs_in_order_and_stops_behind_a_failure() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let batch = json!({ "requests": [
        { "id": "2", "method": "GET", "url": "/users/nobody", "dependsOn": ["1"] },
        { "id": "3", "method": "GET", "url": "/organization", "dependsOn": ["2"] },
        { "id": "1", "method": "POST", "url": "applications", "body": { "displayName": "Batched" },
          "headers": { "Content-Type": "application/json" } },
        { "id": "4", "method": "GET", "url": "/users?$top=1" },
    ]});
    let answer = graph.post("/$batch", &batch).await;
    let by_id = |id: &str| {
        let all = answer["responses"].as_array().unwrap();
        all.iter().find(|one| one["id"] == id).unwrap().clone()
    };
    let statuses = ["1", "2", "3", "4"].map(|id| by_id(id)["status"].as_u64().unwrap());
    assert_eq!(statuses, [201, 404, 424, 200]);
    assert_eq!(by_id("1")["body"]["displayName"], "Batched");
    assert!(by_id("4")["headers"]["Content-Type"].as_str().unwrap().starts_with("application/json"));
    assert!(by_id("4")["body"]["@odata.nextLink"].as_str().unwrap().contains("/graph/v1.0/users?"));
    let one = |id: &str| json!({ "id": id, "method": "GET", "url": "/organization" });
    let many: Vec<Value> = (0..21).map(|id| one(&id.to_string())).collect();
    for requests in [
        json!(many),
        json!([one("1"), one("1")]),
        json!([]),
        json!([{ "id": "1" }]),
        json!("x"),
        json!([{ "id": "1", "method": "GET", "url": "https://graph.microsoft.com/v1.0/me" }]),
        json!([{ "id": "1", "method": "GET", "url": "/me", "dependsOn": ["9"] }]),
        json!([{ "id": "1", "method": "GET", "url": "/me", "dependsOn": ["1"] }]),
    ] {
        let body = json!({ "requests": requests });
        assert_eq!(graph.refused("POST", "/$batch", Some(&body)).await.0, 400, "{body}");
    }
    for url in ["/$batch", "/%24batch", "/%24b%61tch", "microsoft.graph.$batch"] {
        let inner = json!({ "requests": [one("1")] });
        let nested = json!({ "requests": [{ "id": "1", "method": "POST", "url": url, "body": inner }] });
        assert_eq!(graph.post("/$batch", &nested).await["responses"][0]["status"], 400, "{url}");
    }
}

#[tokio::test]
async fn with_replication_lag_new_objects_take_their_time() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let control = format!("{}/sim/graph", simulator.base());
    assert_eq!(post_json(&control, &json!({ "replication_lag_ms": 60_000 })).await.0, 200);
    let made = graph.application("Late").await;
    let path = at("applications", &made);
    assert_eq!(graph.refused("GET", &path, None).await, (404, "Request_ResourceNotFound".to_owned()));
    assert_eq!(graph.refused("PATCH", &path, Some(&json!({ "tags": [] }))).await.0, 404);
    let body = json!({ "appId": made["appId"] });
    let refused = graph.refused("POST", "/servicePrincipals", Some(&body)).await;
    assert_eq!(refused, (400, "NoBackingApplicationObject".to_owned()));
    assert!(!names(&graph.get("/applications").await).contains(&"Late".to_owned()));
    simulator.set_clock_offset_s(61);
    graph.get(&path).await;
    let there = graph.post("/servicePrincipals", &body).await;
    let api = graph.get(&format!("/servicePrincipals(appId='{}')", builtin::API)).await;
    let assignment =
        json!({ "principalId": there["id"], "resourceId": api["id"], "appRoleId": api["appRoles"][0]["id"] });
    let assigned = format!("{}/appRoleAssignedTo", at("servicePrincipals", &api));
    let (status, answer) = graph.send("POST", &assigned, Some(&assignment)).await;
    assert_eq!((status, &answer["error"]["message"]), (400, &json!("Not a valid reference update.")));
    assert_eq!(post_json(&control, &json!({ "replication_lag_ms": 1 })).await.0, 200);
    let path = at("applications", &graph.application("Nearly there").await);
    tokio::time::sleep(Duration::from_millis(20)).await;
    graph.get(&path).await;
    for wrong in [
        json!({ "replication_lag_ms": -1 }),
        json!({ "lag": 1 }),
        json!({ "replication_lag_ms": 9_999_999_999_u64 }),
        json!({ "throttle": { "limit": 1, "window_s": 0 } }),
    ] {
        assert_eq!(post_json(&control, &wrong).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_throttled_client_is_told_how_long_to_wait() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let control = format!("{}/sim/graph", simulator.base());
    post_json(&control, &json!({ "throttle": { "limit": 3, "window_s": 30 } })).await;
    for _ in 0..3 {
        graph.get("/organization").await;
    }
    let response = graph.raw("GET", "/organization", None).await;
    assert_eq!(response.status(), 429);
    let wait: i64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    let scope = response.headers()["x-ms-throttle-scope"].to_str().unwrap().to_owned();
    assert!(scope.contains(builtin::PROVISIONING) && scope.contains(builtin::CONTOSO), "{scope}");
    let other = Graph::person(&simulator, builtin::CONTOSO, builtin::CONTOSO_READER, &["User.Read"]);
    other.get("/me").await;
    simulator.set_clock_offset_s(wait);
    let batch = json!({ "requests": (0..4).map(|id| json!({ "id": id.to_string(), "method": "GET", "url": "/organization" })).collect::<Vec<_>>() });
    let (status, answer) = graph.send("POST", "/$batch", Some(&batch)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["responses"][3]["status"], 429, "{answer}");
    assert!(answer["responses"][3]["headers"]["Retry-After"].is_string(), "{answer}");
    post_json(&control, &json!({})).await;
    graph.get("/organization").await;
}

#[tokio::test]
async fn faults_and_log_know_graph() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let rule =
        Fault { endpoint: FaultEndpoint::Graph, status: Some(503), count: Some(1), ..Fault::default() };
    simulator.set_faults(vec![rule]).unwrap();
    assert_eq!(graph.raw("GET", "/organization", None).await.status(), 503);
    graph.get("/organization?$select=id&x=s3cret").await;
    let log = simulator.requests();
    assert_eq!(log.by_endpoint[&Endpoint::Graph], 2);
    assert!(!format!("{log:?}").contains(&graph.token) && !format!("{log:?}").contains("s3cret"));
}

#[tokio::test]
async fn scripts_of_other_origins_may_call() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/graph/v1.0/me", simulator.base());
    let request =
        support::client().request("OPTIONS".parse().unwrap(), &url).header("origin", "http://localhost:5173");
    let response = request.header("access-control-request-method", "PATCH").send().await.unwrap();
    assert_eq!(response.status(), 204);
    assert!(response.headers()["access-control-allow-methods"].to_str().unwrap().contains("PATCH"));
}
