//! Signing out of everything, of one account, and telling applications (OpenID Connect Front-Channel Logout 1.0).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use support::{Answer, Browser, CHALLENGE, claims_of};
use tenantry_simulator::{Simulator, builtin};

const REPORTS: &str = "http://localhost:5007/callback";

fn contoso(simulator: &Simulator) -> String {
    format!("{}/{}", simulator.base(), builtin::CONTOSO)
}

fn request<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut request = vec![
        ("client_id", builtin::REPORTS_WEB),
        ("response_type", "code id_token"),
        ("redirect_uri", REPORTS),
        ("scope", "openid"),
        ("nonce", "n"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    request.extend(more);
    request
}

async fn signed_in(browser: &mut Browser, simulator: &Simulator, user: &str) -> serde_json::Value {
    let request = request(&[("prompt", "select_account")]);
    let page = browser.authorize(&contoso(simulator), &request).await;
    let answer = browser.submit(&page, user, &builtin::password(user.split('@').next().unwrap())).await;
    claims_of(&answer.parameter("id_token").unwrap())
}

async fn sign_out(browser: &mut Browser, simulator: &Simulator, parameters: &[(&str, &str)]) -> Answer {
    browser.open(&format!("{}/oauth2/v2.0/logout", contoso(simulator)), parameters).await
}

/// The UPNs that a silent request would sign in.
async fn is_signed_in(browser: &mut Browser, simulator: &Simulator, user: &str) -> bool {
    let request = request(&[("prompt", "none"), ("login_hint", user)]);
    browser.authorize(&contoso(simulator), &request).await.parameter("code").is_some()
}

#[tokio::test]
async fn applications_are_told_which_session_ended() {
    let simulator = Simulator::start().await.unwrap();
    let mut browser = Browser::new();
    let claims = signed_in(&mut browser, &simulator, "alice@contoso.example").await;
    let target = [("post_logout_redirect_uri", REPORTS), ("state", "a b")];
    let page = sign_out(&mut browser, &simulator, &target).await;
    let frame = format!("src=\"https://localhost:5007/signed-out?sid={}\"", claims["sid"].as_str().unwrap());
    assert!(page.body.replace("&#61;", "=").contains(&frame), "{}", page.body);
    assert!(page.body.contains("http://localhost:5007/callback?state=a+b"), "{}", page.body);
    assert!(!is_signed_in(&mut browser, &simulator, "alice@contoso.example").await);
    // Nobody is left to be told of.
    let answer = sign_out(&mut browser, &simulator, &target).await;
    assert_eq!(answer.location.unwrap().as_str(), "http://localhost:5007/callback?state=a+b");
}

#[tokio::test]
async fn an_application_that_knew_nothing_is_told_nothing() {
    let simulator = Simulator::start().await.unwrap();
    let mut browser = Browser::new();
    let request = [
        ("client_id", builtin::WEB),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:3000/auth/callback"),
        ("scope", "openid"),
    ];
    browser.sign_in(&contoso(&simulator), &request, "alice@contoso.example").await;
    let page = sign_out(&mut browser, &simulator, &[]).await;
    assert!(page.status == 200 && !page.body.contains("<iframe"), "{}", page.body);
}

#[tokio::test]
async fn a_hint_signs_one_account_out_and_leaves_the_others() {
    let simulator = Simulator::start().await.unwrap();
    for by_token in [false, true] {
        let mut browser = Browser::new();
        let alice = signed_in(&mut browser, &simulator, "alice@contoso.example").await;
        signed_in(&mut browser, &simulator, "rita@contoso.example").await;
        let token = support_token(&alice);
        let hint = match by_token {
            true => ("id_token_hint", token.as_str()),
            false => ("logout_hint", alice["login_hint"].as_str().unwrap()),
        };
        sign_out(&mut browser, &simulator, &[hint]).await;
        assert!(!is_signed_in(&mut browser, &simulator, "alice@contoso.example").await);
        assert!(is_signed_in(&mut browser, &simulator, "rita@contoso.example").await);
        // A hint that means nobody here ends everything: better too much than too little.
        sign_out(&mut browser, &simulator, &[("logout_hint", "nobody")]).await;
        assert!(!is_signed_in(&mut browser, &simulator, "rita@contoso.example").await);
    }
}

/// The claims as an unsigned token: the hint proves nothing and needs no proof.
fn support_token(claims: &serde_json::Value) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    format!("e30.{}.AAAA", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

#[tokio::test]
async fn it_can_be_posted_and_leads_to_registered_pages_only() {
    let simulator = Simulator::start().await.unwrap();
    let mut browser = Browser::new();
    signed_in(&mut browser, &simulator, "alice@contoso.example").await;
    let url = format!("{}/oauth2/v2.0/logout", contoso(&simulator));
    let page = browser.post(&url, &[("post_logout_redirect_uri", "https://attacker.example/")]).await;
    assert!(page.status == 200 && !page.body.contains("attacker.example"), "{}", page.body);
    assert!(page.set_cookie.unwrap().contains("Max-Age=0"));
    assert!(!is_signed_in(&mut browser, &simulator, "alice@contoso.example").await);
}

#[tokio::test]
async fn an_opaque_hint_fills_in_the_name() {
    let simulator = Simulator::start().await.unwrap();
    let claims = signed_in(&mut Browser::new(), &simulator, "alice@contoso.example").await;
    for (hint, name) in [
        (claims["login_hint"].as_str().unwrap(), "value=\"alice@contoso.example\""),
        ("O.bm9uc2Vuc2U", "name=\"loginfmt\""),
    ] {
        let page = Browser::new().authorize(&contoso(&simulator), &request(&[("login_hint", hint)])).await;
        assert!(page.body.contains(name), "{hint}: {}", page.body);
    }
}
