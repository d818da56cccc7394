//! Claims that clients ask for: authentication contexts and capabilities (Entra, "Claims challenges, claims requests").
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::assertions::world_with;
use support::{Answer, Browser, CHALLENGE, VERIFIER, claims_of, code_of, token};
use tenantry_simulator::{Simulator, builtin};

const REDIRECT: &str = "http://localhost:3000/auth/callback";
const STEP_UP: &str =
    r#"{"access_token":{"acrs":{"essential":true,"value":"c1"},"xms_cc":{"values":["cp1"]}}}"#;

async fn start() -> Simulator {
    let text = include_str!("../src/world/builtin.toml");
    let plain = "optional_claims = [\"acct\", \"idtyp\"]";
    assert!(text.contains(plain));
    let text = text.replacen(plain, "optional_claims = [\"acct\", \"idtyp\", \"acrs\", \"xms_cc\"]", 1);
    let world = tenantry_simulator::World::from_toml(&text).unwrap();
    Simulator::builder().world(world).start().await.unwrap()
}

fn contoso(simulator: &Simulator) -> String {
    format!("{}/{}", simulator.base(), builtin::CONTOSO)
}

fn request<'a>(scope: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut request = vec![
        ("client_id", builtin::WEB),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", scope),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    request.extend(more);
    request
}

async fn redeem(simulator: &Simulator, code: &str, claims: Option<&str>) -> Value {
    let mut form = vec![
        ("client_id", builtin::WEB),
        ("client_secret", builtin::WEB_SECRET),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    form.extend(claims.map(|claims| ("claims", claims)));
    token(&contoso(simulator), &form, None).await.1
}

async fn renew(simulator: &Simulator, tokens: &Value, claims: &str) -> (u16, Value) {
    let form = [
        ("client_id", builtin::WEB),
        ("client_secret", builtin::WEB_SECRET),
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ("claims", claims),
    ];
    token(&contoso(simulator), &form, None).await
}

fn access(tokens: &Value) -> Value {
    claims_of(tokens["access_token"].as_str().unwrap_or_else(|| panic!("no token in {tokens}")))
}

fn asks_for_more(page: &Answer) -> bool {
    page.status == 200 && page.body.contains("name=\"step_up\" value=\"c1\"")
}

#[tokio::test]
async fn a_demanded_context_is_asked_for_once_and_stands_in_the_token() {
    let simulator = start().await;
    let scope = format!("{} openid offline_access", builtin::API_SCOPE);
    let mut browser = Browser::new();
    let plain = browser.sign_in(&contoso(&simulator), &request(&scope, &[]), "alice@contoso.example").await;
    let tokens = redeem(&simulator, &plain.code(), None).await;
    assert_eq!((access(&tokens).get("acrs"), access(&tokens).get("xms_cc")), (None, None));

    let (status, refused) = renew(&simulator, &tokens, STEP_UP).await;
    assert_eq!((status, code_of(&refused)), (400, 50_076));
    assert_eq!(
        (&refused["error"], &refused["suberror"]),
        (&json!("interaction_required"), &json!("basic_action"))
    );
    let demanded = refused["claims"].as_str().unwrap();
    let asked: Value = serde_json::from_str(demanded).unwrap();
    assert_eq!(asked, json!({ "access_token": { "acrs": { "essential": true, "value": "c1" } } }));

    let silent = request(&scope, &[("claims", demanded), ("prompt", "none")]);
    let answer = browser.authorize(&contoso(&simulator), &silent).await;
    assert_eq!(answer.parameter("error").unwrap(), "interaction_required");
    assert_eq!(answer.parameter("claims").unwrap(), demanded);

    let request = request(&scope, &[("claims", STEP_UP)]);
    let page = browser.authorize(&contoso(&simulator), &request).await;
    assert!(asks_for_more(&page), "{}", page.body);
    let code = browser.fill(&page, &[("step_up", "c1")]).await.code();
    let tokens = redeem(&simulator, &code, Some(STEP_UP)).await;
    assert_eq!((&access(&tokens)["acrs"], &access(&tokens)["xms_cc"]), (&json!(["c1"]), &json!(["cp1"])));
    let (status, renewed) = renew(&simulator, &tokens, STEP_UP).await;
    assert_eq!((status, &access(&renewed)["acrs"]), (200, &json!(["c1"])));
    // The session knows from now on.
    assert!(!browser.authorize(&contoso(&simulator), &request).await.code().is_empty());
}

#[tokio::test]
async fn nobody_answers_the_page_for_somebody_else() {
    let simulator = start().await;
    let request = request(builtin::API_SCOPE, &[("claims", STEP_UP)]);
    let mut browser = Browser::new();
    let page = browser.sign_in(&contoso(&simulator), &request, "alice@contoso.example").await;
    assert!(asks_for_more(&page), "{}", page.body);
    let mut other = Browser::new();
    let others = other.sign_in(&contoso(&simulator), &request, "emil@fabrikam.example").await;
    assert!(asks_for_more(&others), "{}", others.body);
    let (action, hidden) = support::form_of(&page.body);
    let form: Vec<_> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = other.post(&action, &form).await;
    assert!(asks_for_more(&answer), "{:?} {}", answer.location, answer.body);
    let without: Vec<_> = form.iter().filter(|(name, _)| *name != "ticket").copied().collect();
    assert!(asks_for_more(&browser.post(&action, &without).await));
    assert!(!browser.post(&action, &form).await.code().is_empty());
}

#[tokio::test]
async fn claims_that_make_no_sense_are_refused_and_others_ignored() {
    let simulator = start().await;
    for (claims, refused) in [
        ("{", true),
        ("[]", true),
        (r#"{"access_token":{"acrs":{"essential":true,"value":"c100"}}}"#, true),
        (r#"{"id_token":{"signin_state":null}}"#, false),
        (r#"{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}"#, false),
    ] {
        let mut browser = Browser::new();
        let request = request(builtin::API_SCOPE, &[("claims", claims)]);
        let page = browser.authorize(&contoso(&simulator), &request).await;
        assert_eq!(page.parameter("error").is_some(), refused, "{claims}: {:?}", page.location);
        let form = [
            ("client_id", builtin::CONTOSO_DAEMON),
            ("client_secret", builtin::CONTOSO_DAEMON_SECRET),
            ("grant_type", "client_credentials"),
            ("scope", "api://a0000000-0000-4000-8000-000000000001/.default"),
            ("claims", claims),
        ];
        let (status, answer) = token(&contoso(&simulator), &form, None).await;
        assert_eq!(status, if refused { 400 } else { 200 }, "{claims}: {answer}");
        if refused {
            assert_eq!(code_of(&answer), 90_100);
        }
    }
}

#[tokio::test]
async fn a_client_that_bears_revocation_gets_long_lived_tokens() {
    let world = world_with(builtin::API, "continuous_access = true");
    let simulator = Simulator::builder().world(world).start().await.unwrap();
    let capable = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;
    for (claims, long) in [(Some(capable), true), (None, false)] {
        let request = request(builtin::API_SCOPE, &[]);
        let code =
            Browser::new().sign_in(&contoso(&simulator), &request, "alice@contoso.example").await.code();
        let tokens = redeem(&simulator, &code, claims).await;
        assert_eq!(tokens["expires_in"].as_i64().unwrap() >= 20 * 3_600, long, "{tokens}");
    }
}
