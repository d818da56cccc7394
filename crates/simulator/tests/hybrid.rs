//! ID tokens from the authorize endpoint: hybrid flow and sign-in without a code (capability row 94; OpenID Connect
//! Core 1.0 §3.2 and §3.3).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use support::{Answer, Browser, CHALLENGE, claims_of, code_of, token};
use tenantry_simulator::{Simulator, builtin};

const REDIRECT: &str = "http://localhost:5007/callback";
const SECRET: &str = "not-a-real-secret-reports-web";

fn request<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut request = vec![
        ("client_id", builtin::REPORTS_WEB),
        ("response_type", "code id_token"),
        ("redirect_uri", REDIRECT),
        ("scope", "openid profile"),
        ("nonce", "n"),
        ("state", "s"),
    ];
    for (name, value) in more {
        request.retain(|(known, _)| known != name);
        if !value.is_empty() {
            request.push((name, value));
        }
    }
    request
}

fn contoso(simulator: &Simulator) -> String {
    format!("{}/{}", simulator.base(), builtin::CONTOSO)
}

async fn signed_in(simulator: &Simulator, request: &[(&str, &str)]) -> Answer {
    Browser::new().sign_in(&contoso(simulator), request, "alice@contoso.example").await
}

#[tokio::test]
async fn code_and_id_token_arrive_together_and_belong_together() {
    let simulator = Simulator::start().await.unwrap();
    let answer = signed_in(&simulator, &request(&[])).await;
    let location = answer.location.clone().unwrap();
    assert!(location.fragment().is_some() && location.query().is_none(), "{location}");
    assert_eq!(answer.parameter("state").unwrap(), "s");
    let id = claims_of(&answer.parameter("id_token").unwrap());
    assert_eq!((&id["aud"], &id["nonce"]), (&json!(builtin::REPORTS_WEB), &json!("n")));
    let half = digest(&SHA256, answer.code().as_bytes()).as_ref()[..16].to_vec();
    assert_eq!(id["c_hash"], URL_SAFE_NO_PAD.encode(half));
    let redeem = [
        ("client_id", builtin::REPORTS_WEB),
        ("client_secret", SECRET),
        ("grant_type", "authorization_code"),
        ("code", &answer.code()),
        ("redirect_uri", REDIRECT),
    ];
    let (status, tokens) = token(&contoso(&simulator), &redeem, None).await;
    assert_eq!(status, 200, "{tokens}");
    let second = claims_of(tokens["id_token"].as_str().unwrap());
    assert_eq!((&second["sub"], &second["nonce"], second.get("c_hash")), (&id["sub"], &json!("n"), None));
}

#[tokio::test]
async fn an_id_token_alone_comes_without_a_code() {
    let simulator = Simulator::start().await.unwrap();
    let alone = request(&[("response_type", "id_token")]);
    let answer = signed_in(&simulator, &alone).await;
    assert_eq!((answer.parameter("code"), answer.parameter("error")), (None, None));
    assert_eq!(claims_of(&answer.parameter("id_token").unwrap()).get("c_hash"), None);
    let posted = request(&[("response_type", "id_token"), ("response_mode", "form_post")]);
    let page = signed_in(&simulator, &posted).await;
    assert!(page.status == 200 && page.body.contains("name=\"id_token\""), "{}", page.body);
}

#[tokio::test]
async fn what_was_not_enabled_or_not_bound_is_refused() {
    let simulator = Simulator::start().await.unwrap();
    let web = [("client_id", builtin::WEB), ("redirect_uri", "http://localhost:3000/auth/callback")];
    for (more, code, error) in [
        (web.to_vec(), "700054", "unsupported_response_type"),
        (vec![("response_type", "code token")], "700054", "unsupported_response_type"),
        (vec![("response_type", "id_token token")], "700054", "unsupported_response_type"),
        (vec![("response_type", "none")], "700054", "unsupported_response_type"),
        (vec![("nonce", "")], "900144", "invalid_request"),
        (vec![("scope", "profile")], "70011", "invalid_scope"),
    ] {
        let answer = Browser::new().authorize(&contoso(&simulator), &request(&more)).await;
        let location = answer.location.clone().unwrap_or_else(|| panic!("{more:?}: {}", answer.body));
        assert!(location.fragment().is_some(), "{location}");
        assert_eq!(answer.parameter("error").unwrap(), error, "{location}");
        assert!(answer.parameter("error_uri").unwrap().ends_with(&format!("code={code}")), "{location}");
        assert_eq!(answer.parameter("state").unwrap(), "s");
    }
    // Tokens do not travel in a query, and the refusal is not sent to where it might end up in one.
    for mode in ["query", "web_message"] {
        let page = Browser::new().authorize(&contoso(&simulator), &request(&[("response_mode", mode)])).await;
        assert!(page.status == 400 && page.location.is_none() && page.body.contains("AADSTS70007"), "{mode}");
    }
}

#[tokio::test]
async fn a_code_needs_its_challenge_in_a_single_page_application_and_an_id_token_alone_does_not() {
    let world = support::assertions::world_with(builtin::SPA, "id_token_from_authorize = true");
    let simulator = Simulator::builder().world(world).start().await.unwrap();
    let spa = [("client_id", builtin::SPA), ("redirect_uri", "http://localhost:5173/")];
    let answer = Browser::new().authorize(&contoso(&simulator), &request(&spa)).await;
    assert!(answer.parameter("error_uri").unwrap().ends_with("code=9002325"));
    let with = [&spa[..], &[("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]].concat();
    assert!(!signed_in(&simulator, &request(&with)).await.code().is_empty());
    let alone = [&spa[..], &[("response_type", "id_token")]].concat();
    assert!(signed_in(&simulator, &request(&alone)).await.parameter("id_token").is_some());
    // A client that could decrypt tokens takes a code.
    let ear = [&with[..], &[("response_type", "id_token token refresh_token"), ("ear_jwk", "e30")]].concat();
    assert!(!signed_in(&simulator, &request(&ear)).await.code().is_empty());
    let (_, refused) = token(&contoso(&simulator), &[("grant_type", "implicit")], None).await;
    assert_eq!(code_of(&refused), 70_003);
}
