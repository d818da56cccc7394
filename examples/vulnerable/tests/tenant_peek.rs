//! `tenant-peek`: what it does right, and each hole by name. The names are those of `README.md`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use support::{Api, admin, config, simulator, token};
use tenantry_simulator::{
    Endpoint, Fault, FaultKind, KeyRotation, SignWith, Simulator, TokenRequest, builtin,
};
use vulnerable::{Config, Program, Tenants};

const ME: &str = "GET /api/me";

async fn start() -> Api {
    Api::start(Program::TenantPeek, config(simulator())).await
}

#[tokio::test]
async fn good_tokens_pass_in_both_versions() {
    let api = start().await;
    assert_eq!(api.call("GET /healthz", "").await.status, 200);
    let me = api.call(ME, &token(&admin())).await;
    assert_eq!((me.status, &me.json()["tenant_id"]), (200, &json!(builtin::CONTOSO)), "{me:?}");
    // The article's own: version 1 tokens.
    let article = Config { client_id: builtin::API_V1.to_owned(), token_version: 1, ..config(simulator()) };
    let api = Api::start(Program::TenantPeek, article).await;
    let good = admin().audience(builtin::API_V1_URI).version(1);
    assert_eq!(api.call(ME, &token(&good)).await.status, 200);
    assert_eq!(api.call(ME, &token(&admin())).await.status, 401, "version 2 is another issuer");
}

/// What the article gets right stays right here.
#[tokio::test]
async fn what_the_article_checks_is_refused() {
    let api = start().await;
    let northwind =
        TokenRequest::for_user(builtin::NORTHWIND, builtin::NORTHWIND_ADMIN).audience(builtin::API);
    for (name, request, status) in [
        ("unlisted tenant", northwind, 403),
        ("foreign key", admin().sign_with(SignWith::Unpublished), 401),
        ("alg none", admin().sign_with(SignWith::None), 401),
        ("hmac", admin().sign_with(SignWith::HmacPublicKey), 401),
        ("expired", admin().lifetime_s(-60), 401),
        ("not yet", admin().claim("nbf", json!(4_000_000_000_u64)), 401),
        ("other audience", admin().audience(builtin::OTHER_API), 401),
        ("tid and iss disagree", admin().claim("tid", json!(builtin::FABRIKAM)), 401),
        ("no tid", admin().claim("tid", json!(null)), 401),
        ("no role", admin().roles(&[]), 403),
    ] {
        let answer = api.call(ME, &token(&request)).await;
        assert_eq!(answer.status, status, "{name}: {answer:?}");
    }
    assert_eq!(api.call(ME, "").await.status, 401);
    assert_eq!(api.call(ME, "no.token.at-all").await.status, 401);
}

/// `guessable-ids`: the next number, whoever wrote in between.
#[tokio::test]
async fn ids_count_what_all_tenants_write() {
    let api = start().await;
    let fabrikam = TokenRequest::for_user(builtin::FABRIKAM, builtin::FABRIKAM_ADMIN).audience(builtin::API);
    let id = async |request: TokenRequest| {
        api.post("/api/tasks", &token(&request), "x").await.json()["id"].as_u64().unwrap()
    };
    let first = id(admin()).await;
    id(fabrikam).await;
    assert_eq!(id(admin()).await, first + 2);
}

/// Admins see their tenant and no other, editors themselves.
#[tokio::test]
async fn tasks_are_nested_by_tenant_and_person() {
    let api = start().await;
    let user = |tenant, user| token(&TokenRequest::for_user(tenant, user).audience(builtin::API));
    let editor = user(builtin::CONTOSO, builtin::CONTOSO_EDITOR);
    let id = api.post("/api/tasks", &editor, "paint").await.json()["id"].to_string();
    let titles = async |token: &str| api.call("GET /api/tasks", token).await.body;
    assert!(titles(&editor).await.contains("paint"));
    assert!(titles(&token(&admin())).await.contains("paint"));
    let stranger = user(builtin::FABRIKAM, builtin::FABRIKAM_ADMIN);
    assert!(!titles(&stranger).await.contains("paint"));
    assert_eq!(
        api.call(&format!("DELETE /api/tasks/{id}"), &stranger).await.status,
        200,
        "says so to everybody"
    );
    assert!(titles(&editor).await.contains("paint"), "and does nothing");
    let reader = user(builtin::CONTOSO, builtin::CONTOSO_READER);
    assert_eq!(api.post("/api/tasks", &reader, "no").await.status, 403);
    assert_eq!(api.call(&format!("DELETE /api/tasks/{id}"), &editor).await.status, 403);
}

#[tokio::test]
async fn tokens_that_should_not_pass_do() {
    let api = start().await;
    let daemon =
        TokenRequest::for_application(builtin::CONTOSO, builtin::CONTOSO_DAEMON).audience(builtin::API);
    for (hole, request) in [
        ("key-issuer-not-checked", admin().sign_with(SignWith::OtherKey)),
        ("id-tokens-accepted", admin().id_token().claim("aud", json!(builtin::API)).roles(&["Admin"])),
        ("app-only-accepted", daemon),
        ("scopes-not-asked", admin().scopes(&["something.else"])),
        ("role-found-in-text", admin().claim("roles", json!("NotAnAdminAtAll"))),
        ("proof-of-possession-as-bearer", admin().claim("cnf", json!({ "jkt": "x" }))),
        ("any-typ", admin().header("typ", json!("logout+jwt"))),
        ("crit-ignored", admin().header("crit", json!(["exp"]))),
        ("no-object-id", admin().claim("oid", json!(null))),
        ("expiry-optional", admin().claim("exp", json!(null))),
        ("times-as-text", admin().claim("exp", json!("4000000000"))),
        ("no-lifetime-cap", admin().lifetime_s(10 * 365 * 86_400)),
        ("audience-optional", admin().claim("aud", json!(null))),
        ("one-audience-of-many", admin().claim("aud", json!([builtin::OTHER_API, builtin::API]))),
        ("version-not-read", admin().claim("ver", json!("1.0"))),
    ] {
        let answer = api.call(ME, &token(&request)).await;
        assert_eq!(answer.status, 200, "{hole}: {answer:?}");
    }
    let signed = token(&admin());
    assert_eq!(api.call(ME, &format!("{signed}==")).await.status, 200, "loose-base64");
}

/// `refusal-names-the-tenant`: anybody learns who is a customer, without any token that is worth something.
#[tokio::test]
async fn refusals_name_the_tenant_and_tell_customers_from_strangers() {
    let api = start().await;
    let forged = |tid: &str| token(&admin().claim("tid", json!(tid)).sign_with(SignWith::Unpublished));
    let stranger = api.call(ME, &forged(builtin::NORTHWIND)).await;
    assert_eq!(stranger.status, 403);
    assert!(stranger.body.contains(builtin::NORTHWIND), "{stranger:?}");
    assert_eq!(api.call(ME, &forged(builtin::FABRIKAM)).await.status, 401);
}

/// `500-on-odd-input`.
#[tokio::test]
async fn odd_types_are_uncaught_exceptions() {
    let api = start().await;
    for (claim, value) in
        [("tid", json!([builtin::CONTOSO])), ("exp", json!([1])), ("roles", json!(7)), ("oid", json!(["x"]))]
    {
        let answer = api.call(ME, &token(&admin().claim(claim, value))).await;
        assert_eq!(answer.status, 500, "{claim}: {answer:?}");
    }
}

/// `duplicate-members`: the last one counts, here and in Python.
#[tokio::test]
async fn the_last_of_two_members_counts() {
    let simulator = Simulator::builder().seed(12).start().await.unwrap();
    let api = Api::start(Program::TenantPeek, config(&simulator)).await;
    let good = simulator.mint(&admin()).unwrap().token;
    let parts: Vec<&str> = good.split('.').collect();
    let header = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    // Nobody else can sign such a thing, so the header has to do: its first `kid` is a lie.
    let twice = URL_SAFE_NO_PAD.encode(header.replacen('{', r#"{"kid":"nobody","#, 1));
    let answer = api.call(ME, &format!("{twice}.{}.{}", parts[1], parts[2])).await;
    assert_eq!(answer.status, 401, "{answer:?}");
    assert!(answer.body.contains("Signature verification failed"), "the key was found: {answer:?}");
}

/// `first-of-two-headers`.
#[tokio::test]
async fn the_first_of_two_headers_counts() {
    let api = start().await;
    let fields = [format!("Bearer {}", token(&admin())), "Bearer other".to_owned()];
    assert_eq!(api.send(api.request(ME, &fields)).await.status, 200);
    assert_eq!(api.send(api.request(ME, &[fields[1].clone(), fields[0].clone()])).await.status, 401);
}

/// `fetch-per-unknown-kid`, `miss-evicts`, `500-in-an-outage`, `withdrawn-keys-live-on`: the cache, one after the other.
#[tokio::test]
async fn the_cache_of_keys() {
    let simulator = Simulator::builder().seed(13).start().await.unwrap();
    let api = Api::start(Program::TenantPeek, config(&simulator)).await;
    let mint = |request: &TokenRequest| simulator.mint(request).unwrap().token;
    let fetches = || simulator.requests().by_endpoint.get(&Endpoint::Keys).copied().unwrap_or_default();
    let good = mint(&admin());
    assert_eq!(api.call(ME, &good).await.status, 200);
    assert_eq!(api.call(ME, &good).await.status, 200);
    assert_eq!(fetches(), 1);
    simulator.rotate_keys(KeyRotation { withdraw: true, ..KeyRotation::default() }).await.unwrap();
    assert_eq!(api.call(ME, &good).await.status, 200, "withdrawn-keys-live-on");
    for unknown in 0..5 {
        let forged =
            mint(&admin().sign_with(SignWith::Unpublished).header("kid", json!(format!("k{unknown}"))));
        assert_eq!(api.call(ME, &forged).await.status, 401);
    }
    assert_eq!(fetches(), 6, "fetch-per-unknown-kid");
    let fresh = mint(&admin());
    assert_eq!(api.call(ME, &fresh).await.status, 200);
    let outage = Fault { kind: Some(FaultKind::Outage), ..Fault::default() };
    simulator.set_faults(vec![outage]).unwrap();
    assert_eq!(api.call(ME, &fresh).await.status, 200, "nothing to fetch yet");
    let forged = mint(&admin().sign_with(SignWith::Unpublished));
    assert_eq!(api.call(ME, &forged).await.status, 500, "500-in-an-outage");
    assert_eq!(api.call(ME, &fresh).await.status, 500, "miss-evicts");
}

/// `open-fetches-for-strangers`, `open-tid-in-the-path`: with `ALLOW_ANY_TENANT=true` nobody has to be anybody.
#[tokio::test]
async fn open_to_all_it_fetches_what_strangers_say() {
    let simulator = Simulator::builder().seed(14).start().await.unwrap();
    let api = Api::start(Program::TenantPeek, Config { tenants: Tenants::Any, ..config(&simulator) }).await;
    for tid in [builtin::NORTHWIND, "organizations", "../../sim/directory?x="] {
        let forged = admin().claim("tid", json!(tid)).sign_with(SignWith::Unpublished);
        let answer = api.call(ME, &simulator.mint(&forged).unwrap().token).await;
        assert!(matches!(answer.status, 401 | 500), "{answer:?}");
    }
    let paths: Vec<String> = simulator.requests().requests.into_iter().map(|request| request.path).collect();
    assert!(paths.iter().any(|path| path.contains(builtin::NORTHWIND)), "{paths:?}");
    assert!(paths.iter().any(|path| path.starts_with("/organizations/")), "{paths:?}");
    let casey =
        TokenRequest::for_user(builtin::PERSONAL_ACCOUNTS, builtin::PERSONAL_USER).audience(builtin::API);
    let casey = simulator.mint(&casey.roles(&["Admin"])).unwrap().token;
    assert_eq!(api.call(ME, &casey).await.status, 200, "a personal account is an organisation to it");
}
