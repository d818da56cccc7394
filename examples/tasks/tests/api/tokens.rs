//! Which tokens enter, as this API is configured. Rows 25, 33; T-011 to T-020.

use serde_json::json;
use tasks::{Config, Tenants, UnlistedTenant};
use tenantry::{Authority, ClientId};
use tenantry_simulator::{SignWith, TokenRequest, builtin};

use crate::simulator::{simulator, token};
use crate::world::{Api, config, user};

fn admin() -> TokenRequest {
    TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::API)
}

/// Promotion gate 1: a validly signed token of an unlisted tenant answers 401.
#[tokio::test]
async fn an_unlisted_tenant_gets_401_and_learns_nothing() {
    let api = Api::start(&config()).await;
    let refused = api.call("GET /api/tasks", &user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN)).await;
    assert_eq!((refused.status, refused.code().as_str()), (401, "invalid_token"));
    let challenges: Vec<_> = refused.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(challenges.len(), 1);
    assert!(challenges[0].to_str().unwrap().starts_with(r#"Bearer error="invalid_token""#));

    let forged = api.call("GET /api/tasks", &token(&admin().sign_with(SignWith::Unpublished))).await;
    assert_eq!((forged.status, forged.body), (401, refused.body), "all refusals look alike");
}

/// Some APIs answer 403 here; an operator may have it so.
#[tokio::test]
async fn an_unlisted_tenant_gets_403_where_the_operator_says_so() {
    let api = Api::start(&Config { unlisted_tenant: UnlistedTenant::Forbidden, ..config() }).await;
    let refused = api.call("GET /api/tasks", &user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN)).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "invalid_token"));
    assert_eq!(api.call("GET /api/tasks", &token(&admin().sign_with(SignWith::None))).await.status, 401);
}

/// Row 25: open means any organisation; it does not mean personal accounts, nor any other check left out.
#[tokio::test]
async fn open_mode_lets_organisations_in() {
    let api = Api::start(&Config { tenants: Tenants::EveryTenantOfTheAuthority, ..config() }).await;
    assert_eq!(api.call("GET /readyz", "").await.status, 200, "or nobody would send it the first request");
    let northwind = user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN);
    assert_eq!(api.call("GET /api/me", &northwind).await.json()["tenant_id"], builtin::NORTHWIND);
    let personal = TokenRequest::for_user(builtin::PERSONAL_ACCOUNTS, builtin::PERSONAL_USER);
    let personal = personal.audience(builtin::API).client(builtin::SPA).roles(&["Admin"]);
    assert_eq!(api.call("GET /api/me", &token(&personal)).await.status, 401);
    let other_audience = token(&admin().audience(builtin::OTHER_API));
    assert_eq!(api.call("GET /api/me", &other_audience).await.status, 401);
}

#[tokio::test]
async fn both_versions_and_both_audiences_enter() {
    let api = Api::start(&config()).await;
    for version in [1, 2] {
        for audience in [builtin::API, builtin::API_URI] {
            let request = admin().version(version).claim("aud", json!(audience));
            let answer = api.call("GET /api/me", &token(&request)).await;
            assert_eq!(answer.status, 200, "version {version}, audience {audience}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn what_is_no_access_token_for_this_api_is_refused() {
    let api = Api::start(&config()).await;
    for (name, request) in [
        ("another API's", admin().audience(builtin::OTHER_API)),
        ("near audience", admin().claim("aud", json!(format!("{}/", builtin::API_URI)))),
        ("two audiences", admin().claim("aud", json!([builtin::API, builtin::OTHER_API]))),
        ("ID token for this API", admin().id_token()),
        ("expired", admin().lifetime_s(-3600)),
        ("unsigned", admin().sign_with(SignWith::None)),
        ("foreign key", admin().sign_with(SignWith::OtherKey)),
        ("public key as secret", admin().sign_with(SignWith::HmacPublicKey)),
        ("another tenant's id", admin().claim("tid", json!(builtin::FABRIKAM))),
        ("a person's, without scopes", admin().claim("scp", json!(null))),
        (
            "a person's, without scopes and roles",
            admin().claim("scp", json!(null)).claim("roles", json!(null)),
        ),
    ] {
        let answer = api.call("GET /api/tasks", &token(&request)).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "invalid_token"), "{name}");
    }
    let none = api.call("GET /api/tasks", "").await;
    assert_eq!((none.status, none.code().as_str()), (401, "missing_token"));
    assert_eq!(none.headers["www-authenticate"], "Bearer");
}

/// Row 21: a private certificate authority is trusted only where the operator names it.
#[tokio::test]
async fn keys_come_over_https_too() {
    let mut over_https = config();
    over_https.authority = Authority::at_host(simulator().https_base().unwrap()).unwrap();
    let mut request = admin();
    request.listener = Some("https".to_owned());
    let token = token(&request);
    let without = Api::start(&over_https).await.call("GET /api/me", &token).await;
    assert_eq!((without.status, without.code().as_str()), (503, "temporarily_unavailable"));

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("ca.pem");
    std::fs::write(&file, simulator().ca_pem().unwrap()).unwrap();
    over_https.keys.ca_file = Some(file);
    assert_eq!(Api::start(&over_https).await.call("GET /api/me", &token).await.status, 200);
}

/// T-020, row 22: a provider that is down is no reason not to start, and no fault of the token.
#[tokio::test]
async fn without_the_provider_it_starts_and_says_when_to_come_again() {
    let mut cut_off = config();
    cut_off.authority = Authority::at_host("http://127.0.0.1:1").unwrap();
    let api = Api::start(&cut_off).await;
    assert_eq!(api.call("GET /healthz", "").await.status, 200);
    // The issuer of v1.0 tokens does not depend on the authority's address.
    let answer = api.call("GET /api/me", &token(&admin().version(1))).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "temporarily_unavailable"));
    assert!(answer.headers.contains_key("retry-after"));
    let ready = api.call("GET /readyz", "").await;
    assert_eq!((ready.status, &ready.json()["ready"]), (503, &json!(false)));
}

/// Row 104: how old keys are, and no tenant by name.
#[tokio::test]
async fn readiness_tells_the_age_of_keys_and_names_nobody() {
    let ready = Api::start(&config()).await.call("GET /readyz", "").await;
    assert_eq!(ready.status, 200, "{ready:?}");
    let told = ready.json();
    assert_eq!((&told["keys"]["usable"], &told["allow_list"]), (&json!(2), &json!(null)), "warm: {told}");
    assert!(told["keys"]["oldest_age_s"].is_u64() && !ready.body.contains(builtin::CONTOSO), "{told}");
}

/// Row 22: keys kept on disk serve a process that starts while the provider is down.
#[tokio::test]
async fn keys_outlive_the_process_where_there_is_a_directory_for_them() {
    let directory = tempfile::tempdir().unwrap();
    let mut keeping = config();
    keeping.keys.cache_dir = Some(directory.path().join("keys"));
    assert_eq!(Api::start(&keeping).await.call("GET /api/me", &token(&admin())).await.status, 200);
    until_kept(&directory.path().join("keys")).await;
}

/// Keys are written after the answer that needed them.
async fn until_kept(directory: &std::path::Path) {
    let is_kept = |entry: std::fs::DirEntry| entry.path().extension().is_some_and(|end| end == "json");
    for _ in 0..500 {
        if std::fs::read_dir(directory).unwrap().any(|entry| is_kept(entry.unwrap())) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("no key set was kept");
}

/// T-019.
#[tokio::test]
async fn only_listed_clients_call_where_there_is_a_list() {
    let api = Api::start(&Config { clients: vec![ClientId::new(builtin::SPA)], ..config() }).await;
    assert_eq!(api.call("GET /api/tasks", &token(&admin().client(builtin::SPA))).await.status, 200);
    assert_eq!(api.call("GET /api/tasks", &token(&admin().client(builtin::WEB))).await.status, 401);
}

#[tokio::test]
async fn health_is_public_and_nothing_else_is() {
    let api = Api::start(&config()).await;
    assert_eq!(api.call("GET /healthz", "").await.status, 200);
    for call in [
        "GET /api/me",
        "GET /api/tasks",
        "POST /api/tasks",
        "GET /api/tasks/x",
        "PATCH /api/tasks/x",
        "DELETE /api/tasks/x",
    ] {
        assert_eq!(api.call(call, "").await.code(), "missing_token", "{call}");
    }
}

/// Row 118: a release gate asks without a token; nobody is told where nobody said so.
#[tokio::test]
async fn the_module_version_is_told_where_the_operator_says_so() {
    let told = "GET /.well-known/tenantry";
    assert_eq!(Api::start(&config()).await.call(told, "").await.status, 404);
    let api = Api::start(&Config { well_known: true, ..config() }).await;
    let report = api.call(told, "").await.json();
    assert_eq!((&report["module"], &report["allow_list"]), (&json!("tenantry"), &json!(null)));
    assert!(report["version"].as_str().unwrap().split('.').count() == 3, "{report}");
}
