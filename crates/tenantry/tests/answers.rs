//! What callers are told: T-018, T-020, T-021; rows 12, 13, 33, 34.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use axum::body::Body;
use http::{Request, StatusCode, header};
use serde_json::json;
use support::{answer, api, builder, get, get_with, token, user};
use tenantry_simulator::{SignWith, Simulator, TokenRequest, builtin};

const REFUSED: &str = r#"Bearer error="invalid_token", error_description="The access token was refused""#;

/// Promotion gate 1: a validly signed token of an unlisted tenant answers 401, and says nothing.
#[tokio::test]
async fn an_unlisted_tenant_is_refused_like_a_forged_token() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&builder(&simulator).build().await.unwrap());
    let rogue = token(&simulator, &user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN));
    let forged =
        token(&simulator, &user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).sign_with(SignWith::OtherKey));

    let rogue = get_with(&api, "/users", &rogue).await;
    let forged = get_with(&api, "/users", &forged).await;
    assert_eq!((rogue.status, rogue.challenge.as_deref()), (401, Some(REFUSED)));
    assert_eq!((forged.status, &forged.challenge, &forged.body), (401, &rogue.challenge, &rogue.body));
    assert!(!rogue.body.contains(builtin::NORTHWIND));
    assert_eq!(rogue.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(rogue.headers[header::CACHE_CONTROL], "no-store");
    assert!(!rogue.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn refusals_of_every_step_look_alike() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&builder(&simulator).build().await.unwrap());
    let good = || user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    for (case, request) in [
        ("expired", good().lifetime_s(-600)),
        ("string exp", good().claim("exp", json!("4102444800"))),
        ("audience", good().audience(builtin::OTHER_API)),
        ("id token", good().id_token().audience(builtin::API)),
        ("tid of another", good().claim("tid", json!(builtin::FABRIKAM))),
        ("upper-case tid", good().claim("tid", json!(builtin::CONTOSO.to_uppercase()))),
        ("issuer", good().claim("iss", json!("https://login.microsoftonline.com/x/v2.0"))),
        ("unsigned", good().sign_with(SignWith::None)),
        ("hmac", good().sign_with(SignWith::HmacPublicKey)),
        ("unpublished", good().sign_with(SignWith::Unpublished)),
        ("no oid", good().claim("oid", json!(null))),
        ("bound", good().claim("cnf", json!({"jkt": "x"}))),
        ("no client", good().claim("azp", json!(null))),
        ("personal", user(builtin::PERSONAL_ACCOUNTS, builtin::PERSONAL_USER)),
    ] {
        let told = get_with(&api, "/users", &token(&simulator, &request)).await;
        assert_eq!((told.status, told.challenge.as_deref()), (401, Some(REFUSED)), "{case}");
    }
}

#[tokio::test]
async fn placement_decides() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&builder(&simulator).build().await.unwrap());
    let token = token(&simulator, &user(builtin::CONTOSO, builtin::CONTOSO_ADMIN));
    let bearer = format!("Bearer {token}");

    assert_eq!(get(&api, "/users", &[&bearer]).await.status, 200);
    assert_eq!(get(&api, "/users", &[&format!("bearer  {token}")]).await.status, 200);
    let none = get(&api, "/users", &[]).await;
    assert_eq!((none.status, none.challenge.as_deref()), (401, Some("Bearer")));
    let two = get(&api, "/users", &[&bearer, &bearer]).await;
    assert_eq!((two.status, two.challenge.as_deref()), (400, Some(r#"Bearer error="invalid_request""#)));
    for wrong in [
        format!("Bearer {token} x"),
        format!("Bearer \"{token}\""),
        format!("Bearer {token},{token}"),
        "Bearer".into(),
    ] {
        assert_eq!(get(&api, "/users", &[&wrong]).await.status, 401, "{wrong}");
    }
    for elsewhere in [
        Request::get(format!("/users?access_token={token}")),
        Request::get("/users").header(header::COOKIE, format!("access_token={token}")),
        Request::get("/users").header("x-authorization", &bearer),
        Request::get("/users").header(header::PROXY_AUTHORIZATION, &bearer),
    ] {
        assert_eq!(answer(&api, elsewhere.body(Body::empty()).unwrap()).await.status, 401);
    }
    assert_eq!(get(&api, "/public", &[]).await.status, 200);
}

/// T-018: the whole matrix of callers and permissions.
#[tokio::test]
async fn permissions_are_exact() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&builder(&simulator).build().await.unwrap());
    let admin = || user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let daemon = |app: &str| TokenRequest::for_application(builtin::CONTOSO, app).audience(builtin::API);
    //                                                       users  editors or-none jobs both
    for (caller, request, expected) in [
        ("admin", admin(), [200, 200, 200, 403, 200]),
        (
            "guest editor",
            user(builtin::CONTOSO, builtin::FABRIKAM_GUEST_IN_CONTOSO),
            [200, 200, 200, 403, 200],
        ),
        ("reader", user(builtin::FABRIKAM, builtin::FABRIKAM_READER), [200, 403, 403, 403, 200]),
        ("no role", user(builtin::CONTOSO, builtin::CONTOSO_NO_ROLE), [200, 403, 200, 403, 200]),
        ("role in other case", admin().claim("roles", json!(["admin"])), [200, 403, 403, 403, 200]),
        (
            "directory role only",
            admin().claim("roles", json!(null)).claim("wids", json!(["Admin"])),
            [200, 403, 200, 403, 200],
        ),
        ("other scope", admin().claim("scp", json!("access_as_users access")), [403; 5]),
        ("scope in other case", admin().claim("scp", json!("Access_As_User")), [403; 5]),
        ("scope among others", admin().claim("scp", json!("a access_as_user b")), [200, 200, 200, 403, 200]),
        ("daemon", daemon(builtin::CONTOSO_DAEMON), [403, 403, 403, 200, 200]),
        ("daemon without role", daemon(builtin::DAEMON_WITHOUT_ROLE), [403; 5]),
        ("person whose token lost its scopes", admin().scopes(&[]), [401; 5]),
        ("scope as list", admin().claim("scp", json!(["access_as_user"])), [401; 5]),
        ("roles as text", admin().claim("roles", json!("Admin")), [401; 5]),
    ] {
        let token = token(&simulator, &request);
        for (path, status) in
            ["/users", "/editors", "/editors-or-none", "/jobs", "/both"].into_iter().zip(expected)
        {
            let told = get_with(&api, path, &token).await;
            assert_eq!(told.status, status, "{caller} at {path}: {}", told.body);
            if status == 403 {
                assert!(told.challenge.unwrap().starts_with(r#"Bearer error="insufficient_scope""#));
            }
        }
    }
}

#[tokio::test]
async fn v1_and_v2_tokens_side_by_side() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&builder(&simulator).build().await.unwrap());
    let v1 =
        TokenRequest::for_user(builtin::FABRIKAM, builtin::FABRIKAM_EDITOR).audience(builtin::API_V1_URI);
    assert_eq!(get_with(&api, "/editors", &token(&simulator, &v1)).await.status, 200);
    let v2 = user(builtin::FABRIKAM, builtin::FABRIKAM_EDITOR);
    assert_eq!(get_with(&api, "/editors", &token(&simulator, &v2)).await.status, 200);
}

#[tokio::test]
async fn an_operator_may_answer_403_to_unlisted_tenants() {
    let simulator = Simulator::start().await.unwrap();
    let auth = builder(&simulator).unlisted_tenant_status(StatusCode::FORBIDDEN).build().await.unwrap();
    let rogue = token(&simulator, &user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN));
    assert_eq!(get_with(&api(&auth), "/users", &rogue).await.status, 403);
}

/// Row 25: open only when it is said, and to organisations only.
#[tokio::test]
async fn open_mode_lets_every_organisation_in() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&builder(&simulator).open_to_every_tenant().build().await.unwrap());
    let rogue = token(&simulator, &user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN));
    assert_eq!(get_with(&api, "/users", &rogue).await.status, 200);
    let personal = token(&simulator, &user(builtin::PERSONAL_ACCOUNTS, builtin::PERSONAL_USER));
    assert_eq!(get_with(&api, "/users", &personal).await.status, 401);
}

/// A directory of customers has an issuer per host: an API that trusts one of them takes no token of the other (T-012).
#[tokio::test]
async fn customers_of_an_external_tenant_come_by_the_host_that_is_trusted() {
    let simulator = Simulator::start().await.unwrap();
    let auth = builder(&simulator)
        .audience(tenantry::Audience::new(builtin::SHOP_API).unwrap())
        .tenants(tenantry::AllowList::new([builtin::CUSTOMERS.parse().unwrap()]));
    let api = api(&auth.build().await.unwrap());
    let carla = user(builtin::CUSTOMERS, builtin::CUSTOMER)
        .audience(builtin::SHOP_API)
        .client(builtin::SHOP_SPA)
        .scopes(&["access_as_user"]);
    assert_eq!(get_with(&api, "/users", &token(&simulator, &carla)).await.status, 200);
    let elsewhere = TokenRequest { at_own_host: true, ..carla.clone() };
    assert_eq!(get_with(&api, "/users", &token(&simulator, &elsewhere)).await.status, 401);
    // The keys of organisations do not sign for customers.
    let forged = carla.sign_with(SignWith::OtherKey);
    assert_eq!(get_with(&api, "/users", &token(&simulator, &forged)).await.status, 401);
}

/// Row 118: told when asked to, to everybody, and not otherwise.
#[tokio::test]
async fn the_version_is_told_where_the_routes_say_so() {
    let simulator = Simulator::start().await.unwrap();
    let auth = builder(&simulator).build().await.unwrap();
    let path = "/.well-known/tenantry";
    assert_eq!(get(&api(&auth), path, &[]).await.status, 404);

    let telling = tenantry::Routes::<()>::new().tell_version().protect(&auth);
    let told = get(&telling, path, &[]).await;
    assert_eq!((told.status, told.headers["cache-control"].to_str().unwrap()), (200, "no-store"));
    assert_eq!(told.headers["content-type"], "application/json");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(told.body, format!(r#"{{"module":"tenantry","version":"{version}","allow_list":null}}"#));
}
