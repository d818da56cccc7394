//! Refresh tokens over time: rotation, life, and what ends them (capability row 94; Entra, "Refresh tokens").
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::graph::Graph;
use support::{Browser, CHALLENGE, VERIFIER, claims_of, code_of, token};
use tenantry_simulator::{Simulator, builtin};

const SPA_REDIRECT: &str = "http://localhost:5173/";
const ORIGIN: Option<&str> = Some("http://localhost:5173");

fn contoso(simulator: &Simulator) -> String {
    format!("{}/{}", simulator.base(), builtin::CONTOSO)
}

fn scope() -> String {
    format!("{} openid offline_access", builtin::API_SCOPE)
}

async fn spa(simulator: &Simulator) -> Value {
    let scope = scope();
    let request = [
        ("client_id", builtin::SPA),
        ("response_type", "code"),
        ("redirect_uri", SPA_REDIRECT),
        ("scope", &scope),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = Browser::new().sign_in(&contoso(simulator), &request, "alice@contoso.example").await.code();
    let redeem = [
        ("client_id", builtin::SPA),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", SPA_REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    token(&contoso(simulator), &redeem, ORIGIN).await.1
}

async fn renew(simulator: &Simulator, tokens: &Value, origin: Option<&str>) -> (u16, Value) {
    let refresh = tokens["refresh_token"].as_str().unwrap_or_else(|| panic!("no refresh token in {tokens}"));
    let form = [("client_id", builtin::SPA), ("grant_type", "refresh_token"), ("refresh_token", refresh)];
    token(&contoso(simulator), &form, origin).await
}

#[tokio::test]
async fn each_use_brings_a_new_one_and_the_old_one_lives_on() {
    let simulator = Simulator::start().await.unwrap();
    let first = spa(&simulator).await;
    let (_, second) = renew(&simulator, &first, ORIGIN).await;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    for tokens in [&first, &second] {
        assert_eq!(renew(&simulator, tokens, ORIGIN).await.0, 200);
    }
    assert_eq!(code_of(&renew(&simulator, &first, None).await.1), 9_002_327);
}

#[tokio::test]
async fn of_several_apis_a_renewal_is_for_the_first() {
    let simulator = Simulator::start().await.unwrap();
    let tokens = spa(&simulator).await;
    let scope = format!("api://{}/invoices.read {}", builtin::OTHER_API, builtin::API_SCOPE);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let form = [
        ("client_id", builtin::SPA),
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("scope", &scope),
    ];
    let (status, renewed) = token(&contoso(&simulator), &form, ORIGIN).await;
    assert_eq!(status, 200, "{renewed}");
    assert_eq!(claims_of(renewed["access_token"].as_str().unwrap())["aud"], builtin::OTHER_API);
}

#[tokio::test]
async fn a_single_page_applications_chain_ends_a_day_after_the_sign_in() {
    let simulator = Simulator::start().await.unwrap();
    let first = spa(&simulator).await;
    let left = |tokens: &Value| tokens["refresh_token_expires_in"].as_i64().unwrap();
    assert!((86_300..86_400).contains(&left(&first)), "{first}");
    simulator.set_clock_offset_s(23 * 3_600);
    let (_, second) = renew(&simulator, &first, ORIGIN).await;
    assert!((3_400..=3_600).contains(&left(&second)), "{second}");
    simulator.set_clock_offset_s(24 * 3_600);
    let (status, refused) = renew(&simulator, &second, ORIGIN).await;
    assert_eq!((status, &refused["error"], code_of(&refused)), (400, &json!("invalid_grant"), 700_084));
}

/// Name and password in the client's hands, with the refresh token that comes of it.
async fn by_password(simulator: &Simulator, client: &str, user: &str, password: &str) -> (u16, Value) {
    let scope = scope();
    let form = [
        ("client_id", client),
        ("grant_type", "password"),
        ("username", user),
        ("password", password),
        ("scope", &scope),
    ];
    token(&contoso(simulator), &form, None).await
}

#[tokio::test]
async fn name_and_password_are_proven_as_on_the_page() {
    let simulator = Simulator::start().await.unwrap();
    let alice = builtin::password("alice");
    let (status, tokens) = by_password(&simulator, builtin::NATIVE, "alice@contoso.example", &alice).await;
    assert_eq!(status, 200, "{tokens}");
    let claims = claims_of(tokens["access_token"].as_str().unwrap());
    assert_eq!((&claims["oid"], &claims["azpacr"]), (&json!(builtin::CONTOSO_ADMIN), &json!("0")));
    let (casey, anton) = (builtin::password("casey"), builtin::password("anton"));
    for (client, user, password, code) in [
        (builtin::NATIVE, "alice@contoso.example", "wrong", 50_126),
        (builtin::NATIVE, "nobody@contoso.example", "wrong", 50_034),
        (builtin::NATIVE, "anton@northwind.example", &anton, 50_020),
        (builtin::NATIVE, "casey@outlook.example", &casey, 9_001_023),
        (builtin::NATIVE, "", "x", 900_144),
        (builtin::WEB, "alice@contoso.example", &alice, 7_000_218),
        (builtin::SPA, "alice@contoso.example", &alice, 7_000_218),
    ] {
        let (_, refused) = by_password(&simulator, client, user, password).await;
        assert_eq!(code_of(&refused), code, "{user}: {refused}");
    }
}

#[tokio::test]
async fn a_new_password_or_a_disabled_account_ends_what_came_before() {
    let simulator = Simulator::start().await.unwrap();
    let graph = Graph::provisioning(&simulator).await;
    let user = format!("/users/{}", builtin::CONTOSO_ADMIN);
    let scope = scope();
    let request = [
        ("client_id", builtin::NATIVE),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:5000"),
        ("scope", &scope),
    ];
    let mut browser = Browser::new();
    let code = browser.sign_in(&contoso(&simulator), &request, "alice@contoso.example").await.code();
    let first = spa(&simulator).await;

    graph.patch(&user, &json!({ "passwordProfile": { "password": "not-a-real-password-new" } })).await;
    let (status, refused) = renew(&simulator, &first, ORIGIN).await;
    assert_eq!(
        (status, code_of(&refused), &refused["suberror"]),
        (400, 50_173, &json!("bad_token")),
        "{refused}"
    );
    let redeem = [
        ("client_id", builtin::NATIVE),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "http://localhost:5000"),
    ];
    assert_eq!(code_of(&token(&contoso(&simulator), &redeem, None).await.1), 50_173);
    let silent = [&request[..], &[("prompt", "none")]].concat();
    let answer = browser.authorize(&contoso(&simulator), &silent).await;
    assert_eq!(answer.parameter("error").unwrap(), "login_required");

    let (_, second) =
        by_password(&simulator, builtin::NATIVE, "alice@contoso.example", "not-a-real-password-new").await;
    let refresh = second["refresh_token"].as_str().unwrap();
    let form = [("client_id", builtin::NATIVE), ("grant_type", "refresh_token"), ("refresh_token", refresh)];
    assert_eq!(token(&contoso(&simulator), &form, None).await.0, 200);
    graph.patch(&user, &json!({ "accountEnabled": false })).await;
    let (status, refused) = token(&contoso(&simulator), &form, None).await;
    assert_eq!((status, code_of(&refused)), (400, 50_057), "{refused}");
}
