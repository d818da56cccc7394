//! `two-tenants`: what it does right, and each hole by name. The names are those of `README.md`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::json;
use support::{Api, admin, config, simulator, token};
use tenantry_simulator::{Endpoint, KeyRotation, SignWith, Simulator, TokenRequest, builtin};
use vulnerable::Program;

const EMPLOYEE: &str = "GET /api/me?userType=employee";

async fn start() -> Api {
    Api::start(Program::TwoTenants, config(simulator())).await
}

fn user(tenant: &str, user: &str) -> TokenRequest {
    TokenRequest::for_user(tenant, user).audience(builtin::API)
}

#[tokio::test]
async fn good_tokens_pass() {
    let api = start().await;
    assert_eq!(api.call("GET /healthz", "").await.status, 200);
    let me = api.call(EMPLOYEE, &token(&admin())).await;
    assert_eq!((me.status, &me.json()["role"]), (200, &json!("employee")), "{me:?}");
    let partner = token(&user(builtin::FABRIKAM, builtin::FABRIKAM_EDITOR));
    assert_eq!(api.call("GET /api/me?userType=partner", &partner).await.json()["role"], "partner");
}

#[tokio::test]
async fn what_the_middleware_checks_is_refused() {
    let api = start().await;
    for (name, request) in [
        ("foreign key", admin().sign_with(SignWith::Unpublished)),
        ("alg none", admin().sign_with(SignWith::None)),
        ("hmac", admin().sign_with(SignWith::HmacPublicKey)),
        ("expired", admin().lifetime_s(-400)),
        ("no expiry", admin().claim("exp", json!(null))),
        ("expiry as text", admin().claim("exp", json!("4000000000"))),
        ("not yet", admin().claim("nbf", json!(4_000_000_000_u64))),
        ("other audience", admin().audience(builtin::OTHER_API)),
        ("no audience", admin().claim("aud", json!(null))),
    ] {
        let answer = api.call(EMPLOYEE, &token(&request)).await;
        assert_eq!(answer.status, 401, "{name}: {answer:?}");
    }
    assert_eq!(api.call(EMPLOYEE, "").await.status, 401);
    assert_eq!(api.call("DELETE /api/tasks/1?userType=partner", &token(&admin())).await.status, 403);
}

#[tokio::test]
async fn tokens_that_should_not_pass_do() {
    let api = start().await;
    let daemon =
        TokenRequest::for_application(builtin::NORTHWIND, builtin::NORTHWIND_DAEMON).audience(builtin::API);
    let casey = user(builtin::PERSONAL_ACCOUNTS, builtin::PERSONAL_USER);
    for (hole, request) in [
        ("issuer-not-checked", admin().claim("iss", json!("https://attacker.example/"))),
        ("any-organisation", user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN)),
        ("any-organisation", casey.sign_with(SignWith::OtherKey)),
        ("tid-not-read", admin().claim("tid", json!(null))),
        ("guests-of-strangers", user(builtin::CONTOSO, builtin::NORTHWIND_GUEST_IN_CONTOSO)),
        ("app-only-accepted", daemon),
        ("id-tokens-accepted", admin().id_token().claim("aud", json!(builtin::API))),
        ("scopes-not-asked", admin().scopes(&["something.else"])),
        ("roles-not-asked", admin().roles(&[])),
        ("version-not-read", admin().version(1).claim("aud", json!(builtin::API))),
        ("one-audience-of-many", admin().claim("aud", json!([builtin::OTHER_API, builtin::API]))),
        ("kid-not-needed", admin().header("kid", json!("nobody"))),
        ("no-lifetime-cap", admin().lifetime_s(10 * 365 * 86_400)),
        ("proof-of-possession-as-bearer", admin().claim("cnf", json!({ "jkt": "x" }))),
        ("crit-ignored", admin().header("crit", json!(["exp"]))),
        ("any-typ", admin().header("typ", json!("logout+jwt"))),
        ("no-object-id", admin().claim("oid", json!(null))),
    ] {
        let answer = api.call(EMPLOYEE, &token(&request)).await;
        assert_eq!(answer.status, 200, "{hole}: {answer:?}");
    }
}

/// `address-decides-the-role`, `one-list-per-button`: a partner, and a stranger, write `employee` into the address.
#[tokio::test]
async fn the_address_says_who_somebody_is() {
    let api = start().await;
    let path = "/api/tasks?userType=employee";
    let id = api.post(path, &token(&admin()), "salaries").await.json()["id"].to_string();
    for stranger in [
        user(builtin::FABRIKAM, builtin::FABRIKAM_READER),
        user(builtin::NORTHWIND, builtin::NORTHWIND_NO_ROLE),
    ] {
        let stranger = token(&stranger);
        assert!(api.call(&format!("GET {path}"), &stranger).await.body.contains("salaries"));
        let partners = api.call("GET /api/tasks?userType=partner", &stranger).await;
        assert!(!partners.body.contains("salaries"), "the button keeps them apart, and nothing else");
    }
    let partner = token(&user(builtin::FABRIKAM, builtin::FABRIKAM_READER));
    assert_eq!(api.call(&format!("DELETE /api/tasks/{id}?userType=employee"), &partner).await.status, 204);
    assert!(!api.call(&format!("GET {path}"), &token(&admin())).await.body.contains("salaries"));
}

/// `500-on-odd-input`.
#[tokio::test]
async fn no_button_is_an_uncaught_exception() {
    let api = start().await;
    assert_eq!(api.call("GET /api/me", &token(&admin())).await.status, 500);
    assert_eq!(api.call("GET /api/me?userType=admin", &token(&admin())).await.status, 500);
}

/// `withdrawn-keys-live-on`: keys are asked for again when one is missing, never when one is gone.
#[tokio::test]
async fn the_keys_of_organizations_are_kept() {
    let simulator = Simulator::builder().seed(15).start().await.unwrap();
    let api = Api::start(Program::TwoTenants, config(&simulator)).await;
    let good = simulator.mint(&admin()).unwrap().token;
    assert_eq!(api.call(EMPLOYEE, &good).await.status, 200);
    assert!(simulator.requests().requests[0].path.starts_with("/organizations/"));
    simulator.rotate_keys(KeyRotation { withdraw: true, ..KeyRotation::default() }).await.unwrap();
    assert_eq!(api.call(EMPLOYEE, &good).await.status, 200);
    // Unlike `tenant-peek`, one fetch in a pause.
    for _ in 0..5 {
        let forged = simulator.mint(&admin().sign_with(SignWith::Unpublished)).unwrap().token;
        assert_eq!(api.call(EMPLOYEE, &forged).await.status, 401);
    }
    assert!(simulator.requests().by_endpoint[&Endpoint::Keys] <= 2, "{:?}", simulator.requests().by_endpoint);
}
