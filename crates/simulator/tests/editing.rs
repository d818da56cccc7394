//! The directory changed at run time, in the words of a world file (capability rows 88, 96).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::{client, code_of, token};
use tenantry_simulator::{ShippedWorld, Simulator, builtin};

/// A control, and what it answered; null where there was no body.
async fn control(simulator: &Simulator, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let request = client().request(method, format!("{}/sim/{path}", simulator.base()));
    let request = if body.is_null() { request } else { request.json(body) };
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

#[tokio::test]
async fn a_tenant_is_made_used_and_deleted() {
    let simulator = Simulator::start().await.unwrap();
    let new = json!({ "name": "New", "domains": ["New.example"] });
    let (status, tenant) = control(&simulator, "POST", "tenants", &new).await;
    assert_eq!((status, &tenant["name"]), (201, &json!("New")), "{tenant}");
    let id = tenant["id"].as_str().unwrap();

    let user = json!({ "upn": "ada@new.example", "display_name": "Ada", "password": "not-a-real-password" });
    let (status, user) = control(&simulator, "POST", "tenants/new.example/users", &user).await;
    assert_eq!(status, 201, "{user}");
    let principal = json!({ "app_id": builtin::API });
    assert_eq!(
        control(&simulator, "POST", &format!("tenants/{id}/service_principals"), &principal).await.0,
        201
    );
    let mint = json!({ "tenant": "new.example", "user": "ada@new.example", "audience": builtin::API });
    let (status, minted) = control(&simulator, "POST", "tokens", &mint).await;
    assert_eq!(
        (status, &minted["claims"]["tid"], &minted["claims"]["oid"]),
        (200, &tenant["id"], &user["id"])
    );

    assert_eq!(control(&simulator, "DELETE", &format!("tenants/{id}"), &Value::Null).await.0, 204);
    assert_eq!(control(&simulator, "GET", &format!("tenants/{id}"), &Value::Null).await.0, 404);
    assert_eq!(control(&simulator, "POST", "tokens", &mint).await.0, 400);
}

#[tokio::test]
async fn a_grant_that_is_taken_away_is_felt_at_the_token_endpoint() {
    let simulator = Simulator::start().await.unwrap();
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", builtin::CONTOSO_DAEMON),
        ("client_secret", builtin::CONTOSO_DAEMON_SECRET),
        ("scope", &format!("{}/.default", builtin::API_URI)),
    ];
    let roles = async || {
        support::claims_of(token(&authority, &form, None).await.1["access_token"].as_str().unwrap())["roles"]
            .clone()
    };
    assert_eq!(roles().await, json!(["Editor"]));
    let grants = format!("tenants/contoso.example/service_principals/{}/grants", builtin::CONTOSO_DAEMON);
    let one = format!("{grants}/{}", builtin::API);
    let (status, grant) = control(&simulator, "PATCH", &one, &json!({ "roles": ["Reader"] })).await;
    assert_eq!((status, &grant["roles"]), (200, &json!(["Reader"])), "{grant}");
    assert_eq!(roles().await, json!(["Reader"]));
    assert_eq!(control(&simulator, "DELETE", &one, &Value::Null).await.0, 204);
    assert_eq!(roles().await, Value::Null);
    let (_, left) = control(&simulator, "GET", &grants, &Value::Null).await;
    assert_eq!((&left["total"], &left["grants"][0]["resource"]), (&json!(1), &json!(builtin::API_V1)));

    let disabled = json!({ "enabled": false });
    let application = format!("applications/{}", builtin::CONTOSO_DAEMON);
    assert_eq!(control(&simulator, "PATCH", &application, &disabled).await.0, 200);
    let (status, refused) = token(&authority, &form, None).await;
    assert!(status >= 400 && code_of(&refused) > 0, "{refused}");
}

#[tokio::test]
async fn one_persons_grant_is_not_everybodys() {
    let simulator = Simulator::start().await.unwrap();
    let grants = format!("tenants/contoso.example/service_principals/{}/grants", builtin::SPA);
    let own =
        json!({ "resource": builtin::API, "user": builtin::CONTOSO_READER, "scopes": ["access_as_user"] });
    assert_eq!(control(&simulator, "POST", &grants, &own).await.0, 201);
    assert_eq!(
        control(&simulator, "POST", &grants, &own).await,
        (
            409,
            json!({
                "error": "conflict", "field": "grant", "message": "is there already; change it with PUT or PATCH"
            })
        )
    );
    let hers = format!("{grants}/{}?user={}", builtin::API, builtin::CONTOSO_READER);
    assert_eq!(control(&simulator, "GET", &hers, &Value::Null).await.1["user"], builtin::CONTOSO_READER);
    assert_eq!(control(&simulator, "DELETE", &hers, &Value::Null).await.0, 204);
    assert_eq!(control(&simulator, "GET", &format!("{grants}/{}", builtin::API), &Value::Null).await.0, 200);
}

#[tokio::test]
async fn put_makes_or_replaces_and_keeps_the_id() {
    let simulator = Simulator::start().await.unwrap();
    let place = "tenants/contoso.example/users/30000000-0000-4000-b000-000000000001";
    let user = json!({ "upn": "new@contoso.example", "display_name": "New" });
    let (status, made) = control(&simulator, "PUT", place, &user).await;
    assert_eq!((status, &made["id"]), (201, &json!("30000000-0000-4000-b000-000000000001")), "{made}");
    let (status, again) =
        control(&simulator, "PUT", place, &json!({ "upn": "newer@contoso.example", "display_name": "N" }))
            .await;
    assert_eq!((status, &again["upn"]), (200, &json!("newer@contoso.example")));
    let other = json!({ "id": builtin::CONTOSO_ADMIN, "upn": "x@contoso.example", "display_name": "X" });
    let (status, refused) = control(&simulator, "PUT", place, &other).await;
    assert_eq!((status, &refused["field"]), (400, &json!("id")), "{refused}");
}

#[tokio::test]
async fn what_breaks_the_rules_is_refused_and_changes_nothing() {
    let simulator = Simulator::start().await.unwrap();
    let before = simulator.world().to_toml();
    let contoso = "tenants/contoso.example";
    for (method, path, body, status, field) in [
        ("POST", "tenants".to_owned(), json!({ "name": "A" }), 400, "domains"),
        ("POST", "tenants".to_owned(), json!({ "name": "A", "domains": ["contoso.example"] }), 409, "domain"),
        (
            "POST",
            "tenants".to_owned(),
            json!({ "id": builtin::CONTOSO, "name": "A", "domains": [] }),
            409,
            "tenant",
        ),
        (
            "POST",
            "tenants".to_owned(),
            json!({ "name": "A", "domains": ["login.microsoftonline.com"] }),
            400,
            "domain",
        ),
        (
            "POST",
            format!("{contoso}/users"),
            json!({ "upn": "alice@contoso.example", "display_name": "A" }),
            409,
            "user_name",
        ),
        (
            "POST",
            format!("{contoso}/users"),
            json!({ "upn": "a@b", "display_name": "A", "colour": 1 }),
            400,
            "colour",
        ),
        ("POST", format!("{contoso}/users"), json!({ "upn": "a@b", "display_name": 1 }), 400, "display_name"),
        (
            "POST",
            format!("{contoso}/service_principals"),
            json!({ "app_id": builtin::CONTOSO }),
            400,
            "application",
        ),
        (
            "PATCH",
            format!("{contoso}/users/{}", builtin::CONTOSO_ADMIN),
            json!({ "id": builtin::CONTOSO_READER }),
            400,
            "id",
        ),
        ("PATCH", format!("{contoso}/users/nobody"), json!({}), 404, "user"),
        ("PATCH", format!("{contoso}/groups/Engineering"), json!({ "members": ["x"] }), 400, "members[0]"),
        (
            "PUT",
            format!("{contoso}/users/nobody@contoso.example"),
            json!({ "upn": "a", "display_name": "A" }),
            404,
            "user",
        ),
        ("DELETE", "tenants/nowhere.example".to_owned(), Value::Null, 404, "tenant"),
        ("GET", "tenants?limit=many".to_owned(), Value::Null, 400, "limit"),
        ("PUT", "world".to_owned(), json!({ "tenants": [], "colour": 1 }), 400, "body"),
    ] {
        let (answered, refused) = control(&simulator, method, &path, &body).await;
        assert_eq!((answered, &refused["field"]), (status, &json!(field)), "{method} {path}: {refused}");
        assert!(!refused["message"].as_str().unwrap().is_empty());
    }
    assert_eq!(simulator.world().to_toml(), before);
}

#[tokio::test]
async fn a_person_who_goes_leaves_nothing_behind() {
    let simulator = Simulator::start().await.unwrap();
    let path = format!("tenants/fabrikam.example/users/{}", builtin::FABRIKAM_EDITOR);
    assert_eq!(control(&simulator, "DELETE", &path, &Value::Null).await.0, 204);
    assert!(simulator.world().user(builtin::CONTOSO, builtin::FABRIKAM_GUEST_IN_CONTOSO).is_none());
}

#[tokio::test]
async fn the_world_is_read_and_replaced_as_a_whole() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/sim/world", simulator.base());
    let toml = client().get(&url).send().await.unwrap().text().await.unwrap();
    assert_eq!(toml, simulator.world().to_toml());
    let json: Value =
        client().get(&url).header("accept", "application/json").send().await.unwrap().json().await.unwrap();
    assert_eq!(json["tenants"][0]["name"], "Contoso");

    let minimal = ShippedWorld::Minimal.toml().into_owned();
    let health: Value = client().put(&url).body(minimal.clone()).send().await.unwrap().json().await.unwrap();
    assert_eq!(health["world"]["tenants"], 2, "{health}");
    let long = format!("{minimal}# {}\n", "large worlds are long ".repeat(150_000));
    assert_eq!(client().put(&url).body(long).send().await.unwrap().status(), 200);
    let refused = client().put(&url).body(minimal.replacen("name =", "nmae =", 1)).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    let refused: Value = refused.json().await.unwrap();
    assert!(refused["message"].as_str().unwrap().contains("did you mean `name`?"), "{refused}");
    assert_eq!(simulator.world().tenants().len(), 2);
    assert_eq!(client().put(&url).json(&json).send().await.unwrap().status(), 200);
    assert_eq!(simulator.world().to_toml(), toml);
}

#[tokio::test]
async fn a_reset_brings_back_the_start() {
    let simulator = Simulator::start().await.unwrap();
    let before = simulator.world().to_toml();
    let keys = support::get_json(&format!("{}/sim/keys", simulator.base())).await;
    control(&simulator, "DELETE", "tenants/contoso.example", &Value::Null).await;
    let off = control(&simulator, "GET", "graph", &Value::Null).await.1;
    let slow = json!({ "replication_lag_ms": 5000, "throttle": { "limit": 1, "window_s": 10 } });
    assert_eq!(control(&simulator, "POST", "graph", &slow).await.0, 200);
    control(&simulator, "POST", "clock", &json!({ "offset_s": 1_000 })).await;
    control(&simulator, "POST", "faults", &json!({ "status": 503 })).await;
    control(&simulator, "POST", "native-allow-list", &json!({ "enabled": false })).await;
    assert_eq!(control(&simulator, "POST", "reset", &Value::Null).await.0, 200);
    assert_eq!(simulator.world().to_toml(), before);
    let get = async |path: &str| control(&simulator, "GET", path, &Value::Null).await.1;
    assert_eq!(get("clock").await["offset_s"], 0);
    assert_eq!(get("faults").await["faults"], json!([]));
    assert_eq!(get("native-allow-list").await["enabled"], true);
    assert_eq!(get("graph").await, off);
    assert_eq!(get("keys").await, keys);
}

#[tokio::test]
async fn long_collections_come_in_parts() {
    let simulator = Simulator::start().await.unwrap();
    let get =
        async |query: &str| control(&simulator, "GET", &format!("tenants?{query}"), &Value::Null).await.1;
    let part = get("skip=1&limit=2").await;
    assert_eq!((&part["total"], part["tenants"].as_array().unwrap().len()), (&json!(5), 2));
    assert_eq!(part["tenants"][0]["name"], "Fabrikam");
    assert_eq!(get("skip=18446744073709551615&limit=5").await["tenants"], json!([]));
}
