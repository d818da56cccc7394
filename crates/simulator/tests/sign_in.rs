//! The authorize endpoint, its page and its refusals (capability rows 88, 89, 91, 92).

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod support;

use serde_json::json;
use support::{Browser, CHALLENGE, VERIFIER, claims_of, code_of, token};
use tenantry_simulator::{Simulator, builtin};

const SPA_REDIRECT: &str = "http://localhost:5173/";
const NATIVE_REDIRECT: &str = "http://localhost:51234";
const STATE: &str = "eyJpZCI6Ijk5In0=|user+state/&=%20";

fn native(scope: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", builtin::NATIVE),
        ("response_type", "code"),
        ("redirect_uri", NATIVE_REDIRECT),
        ("scope", scope),
        ("state", STATE),
        ("nonce", "n-0S6_WzA2Mj"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("client_info", "1"),
    ]
}

fn scope() -> String {
    format!("{} openid profile offline_access", builtin::API_SCOPE)
}

fn redeem(code: &str) -> [(&str, &str); 6] {
    [
        ("client_id", builtin::NATIVE),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", NATIVE_REDIRECT),
        ("code_verifier", VERIFIER),
        ("client_info", "1"),
    ]
}

#[tokio::test]
async fn a_member_signs_in_at_organizations() {
    let simulator = Simulator::start().await.unwrap();
    let authority = format!("{}/organizations", simulator.base());
    let (mut browser, scope) = (Browser::new(), scope());
    let answer = browser.sign_in(&authority, &native(&scope), "amira@fabrikam.example").await;
    assert_eq!((answer.status, answer.parameter("state").as_deref()), (302, Some(STATE)));
    assert!(answer.location.as_ref().unwrap().as_str().starts_with("http://localhost:51234/?code="));
    let cookie = answer.set_cookie.clone().unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"),
        "{cookie}"
    );

    let (status, tokens) = token(&authority, &redeem(&answer.code()), None).await;
    assert_eq!(status, 200, "{tokens}");
    let access = claims_of(tokens["access_token"].as_str().unwrap());
    assert_eq!(
        (&access["tid"], &access["oid"]),
        (&json!(builtin::FABRIKAM), &json!(builtin::FABRIKAM_ADMIN))
    );
    assert_eq!(
        (&access["aud"], &access["azp"], &access["scp"]),
        (&json!(builtin::API), &json!(builtin::NATIVE), &json!("access_as_user"))
    );
    assert_eq!((&access["roles"], &access["azpacr"]), (&json!(["Admin"]), &json!("0")));
    let id = claims_of(tokens["id_token"].as_str().unwrap());
    assert_eq!(
        (&id["nonce"], &id["aud"], &id["ver"]),
        (&json!("n-0S6_WzA2Mj"), &json!(builtin::NATIVE), &json!("2.0"))
    );
    assert_eq!(id["preferred_username"], "amira@fabrikam.example");
    assert_eq!((&tokens["token_type"], &tokens["scope"]), (&json!("Bearer"), &json!(builtin::API_SCOPE)));
    assert!(
        tokens["expires_in"].is_u64()
            && tokens["ext_expires_in"].is_u64()
            && tokens["refresh_token"].is_string()
    );
    let expected = json!({"uid": builtin::FABRIKAM_ADMIN, "utid": builtin::FABRIKAM});
    assert_eq!(claims_of(&format!("x.{}.x", tokens["client_info"].as_str().unwrap())), expected);
    assert_eq!(answer.parameter("client_info").unwrap(), tokens["client_info"].as_str().unwrap());
}

#[tokio::test]
async fn a_guest_needs_the_resource_tenants_endpoint() {
    let simulator = Simulator::start().await.unwrap();
    let (scope, contoso) = (scope(), format!("{}/CONTOSO.example", simulator.base()));
    for name in ["emil@fabrikam.example", "emil_fabrikam.example#EXT#@contoso.example"] {
        let answer = Browser::new().sign_in(&contoso, &native(&scope), name).await;
        let (status, tokens) = token(&contoso, &redeem(&answer.code()), None).await;
        assert_eq!(status, 200, "{tokens}");
        let access = claims_of(tokens["access_token"].as_str().unwrap());
        assert_eq!(
            (&access["tid"], &access["oid"]),
            (&json!(builtin::CONTOSO), &json!(builtin::FABRIKAM_GUEST_IN_CONTOSO))
        );
        assert_eq!(access["idp"], format!("https://sts.windows.net/{}/", builtin::FABRIKAM));
        // MSAL's account is the one at home.
        let info = claims_of(&format!("x.{}.x", tokens["client_info"].as_str().unwrap()));
        assert_eq!(info, json!({"uid": builtin::FABRIKAM_EDITOR, "utid": builtin::FABRIKAM}));
    }
    let at_home = format!("{}/organizations", simulator.base());
    let answer = Browser::new().sign_in(&at_home, &native(&scope), "emil@fabrikam.example").await;
    let (_, tokens) = token(&at_home, &redeem(&answer.code()), None).await;
    assert_eq!(claims_of(tokens["access_token"].as_str().unwrap())["tid"], builtin::FABRIKAM);
}

#[tokio::test]
async fn accounts_in_the_wrong_place_are_told_so() {
    let simulator = Simulator::start().await.unwrap();
    let scope = scope();
    for (place, user) in [
        (builtin::CONTOSO, "ruben@fabrikam.example"),
        (builtin::FABRIKAM, "alice@contoso.example"),
        ("organizations", "casey@outlook.example"),
        ("consumers", "alice@contoso.example"),
    ] {
        let authority = format!("{}/{place}", simulator.base());
        let mut browser = Browser::new();
        let answer = browser.sign_in(&authority, &native(&scope), user).await;
        assert!(
            answer.status == 400 && answer.body.contains("AADSTS50020"),
            "{place} {user}: {}",
            answer.body
        );
        // The same, silently: a redirect and never a page.
        let mut silent = native(&scope);
        silent.push(("prompt", "none"));
        let answer = browser.authorize(&authority, &silent).await;
        assert_eq!(
            (answer.status, answer.parameter("error").as_deref()),
            (302, Some("interaction_required"))
        );
        assert!(answer.parameter("error_uri").unwrap().ends_with("code=50020"));
    }
}

#[tokio::test]
async fn wrong_passwords_and_unknown_names_stay_on_the_page() {
    let simulator = Simulator::start().await.unwrap();
    let (mut browser, scope) = (Browser::new(), scope());
    let authority = format!("{}/common", simulator.base());
    let page = browser.authorize(&authority, &native(&scope)).await;
    for (user, password, problem) in [
        ("alice@contoso.example", "wrong", "AADSTS50126"),
        ("nobody@contoso.example", "x", "AADSTS50034"),
        ("alice@contoso.example", "", "type=\"password\""),
        ("<b>\"'&", "x", "&#60;b&#62;"),
    ] {
        let answer = browser.submit(&page, user, password).await;
        assert!(answer.status == 200 && answer.body.contains(problem), "{user}: {}", answer.body);
        assert!(answer.set_cookie.is_none());
    }
}

#[tokio::test]
async fn what_must_not_be_redirected_is_shown() {
    let simulator = Simulator::start().await.unwrap();
    let (mut browser, scope) = (Browser::new(), scope());
    let change = |name: &'static str, value: &'static str| {
        let mut parameters = native(&scope);
        parameters.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            parameters.push((name, value));
        }
        parameters
    };
    let organizations = format!("{}/organizations", simulator.base());
    for (parameters, code) in [
        (change("client_id", "a0000000-0000-4000-8000-0000000000ff"), "AADSTS700016"),
        (change("client_id", "not a guid"), "AADSTS700016"),
        (change("client_id", ""), "AADSTS900144"),
        (change("redirect_uri", "http://localhost.attacker.example"), "AADSTS50011"),
        (change("redirect_uri", "http://localhost:1/elsewhere"), "AADSTS50011"),
        (change("response_mode", "carrier-pigeon"), "AADSTS70007"),
    ] {
        let answer = browser.authorize(&organizations, &parameters).await;
        assert!(
            answer.status == 400 && answer.location.is_none() && answer.body.contains(code),
            "{code}: {}",
            answer.body
        );
    }
    for (parameters, code, error) in [
        (change("response_type", "token"), "700054", "unsupported_response_type"),
        (change("scope", ""), "900144", "invalid_request"),
        (change("code_challenge_method", "S512"), "50149", "invalid_request"),
    ] {
        let answer = browser.authorize(&organizations, &parameters).await;
        assert_eq!(
            (answer.status, answer.parameter("error").as_deref()),
            (302, Some(error)),
            "{}",
            answer.body
        );
        assert!(answer.parameter("error_description").unwrap().starts_with(&format!("AADSTS{code}: ")));
        assert_eq!(answer.parameter("state").as_deref(), Some(STATE));
    }
    let nowhere = browser.authorize(&format!("{}/nowhere.example", simulator.base()), &native(&scope)).await;
    assert!(nowhere.body.contains("AADSTS90002"));
    // A single-tenant application at an alias (50194).
    let mut single = change("client_id", builtin::FABRIKAM_SPA);
    single.retain(|(name, _)| *name != "redirect_uri");
    let answer = browser.authorize(&organizations, &single).await;
    assert!(answer.parameter("error_description").unwrap().starts_with("AADSTS50194"));
}

#[tokio::test]
async fn tenants_without_consent_are_asked_and_without_the_api_refused() {
    let simulator = Simulator::start().await.unwrap();
    let authority = format!("{}/organizations", simulator.base());
    let unconsented = |scope| {
        vec![
            ("client_id", builtin::UNCONSENTED),
            ("response_type", "code"),
            ("redirect_uri", "http://localhost:5006/callback"),
            ("scope", scope),
        ]
    };
    let answer = Browser::new().sign_in(&authority, &unconsented("openid"), "alice@contoso.example").await;
    assert!(answer.status == 200 && answer.body.contains("name=\"ticket\""), "{}", answer.body);

    for (scope, code) in [
        ("api://a0000000-0000-4000-8000-0000000000ff/x", "AADSTS500011"),
        ("api://a0000000-0000-4000-8000-000000000003/.default", ""),
    ] {
        let answer = Browser::new().sign_in(&authority, &native(scope), "alice@contoso.example").await;
        match code {
            "" => assert_eq!(answer.status, 302, "{}", answer.body),
            code => assert!(answer.body.contains(code), "{}", answer.body),
        }
    }
    // The API is not in the personal accounts tenant.
    let scope = scope();
    let consumers = format!("{}/consumers", simulator.base());
    let answer = Browser::new().sign_in(&consumers, &native(&scope), "casey@outlook.example").await;
    assert!(answer.body.contains("AADSTS650052"), "{}", answer.body);
    // A registered client without a grant: Fabrikam's portal may not read invoices.
    let portal = [
        ("client_id", builtin::FABRIKAM_SPA),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:5174/"),
        ("scope", "api://a0000000-0000-4000-8000-000000000003/invoices.read"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let fabrikam = format!("{}/{}", simulator.base(), builtin::FABRIKAM);
    let answer = Browser::new().sign_in(&fabrikam, &portal, "amira@fabrikam.example").await;
    assert!(answer.status == 200 && answer.body.contains("name=\"ticket\""), "{}", answer.body);
}

#[tokio::test]
async fn the_native_allow_list_can_be_switched_off() {
    // Capability row 92: with the list off, the API's own check has to hold.
    let simulator = Simulator::start().await.unwrap();
    let (authority, scope) = (format!("{}/organizations", simulator.base()), scope());
    let answer = Browser::new().sign_in(&authority, &native(&scope), "anton@northwind.example").await;
    assert!(answer.body.contains("AADSTS7000118"), "{}", answer.body);
    let url = format!("{}/sim/native-allow-list", simulator.base());
    assert_eq!(support::post_json(&url, &json!({"enabled": false})).await, (200, json!({"enabled": false})));
    let answer = Browser::new().sign_in(&authority, &native(&scope), "anton@northwind.example").await;
    let (_, tokens) = token(&authority, &redeem(&answer.code()), None).await;
    assert_eq!(claims_of(tokens["access_token"].as_str().unwrap())["tid"], builtin::NORTHWIND);

    let off = Simulator::builder().native_allow_list(false).start().await.unwrap();
    let authority = format!("{}/organizations", off.base());
    Browser::new().sign_in(&authority, &native(&scope), "anton@northwind.example").await.code();
}

#[tokio::test]
async fn a_session_signs_in_silently_until_sign_out() {
    let simulator = Simulator::start().await.unwrap();
    let (mut browser, scope) = (Browser::new(), scope());
    let authority = format!("{}/organizations", simulator.base());
    let mut silent = native(&scope);
    silent.extend([("prompt", "none"), ("response_mode", "fragment")]);
    let before = browser.authorize(&authority, &silent).await;
    assert_eq!(before.parameter("error").as_deref(), Some("login_required"));
    assert!(before.location.unwrap().as_str().starts_with("http://localhost:51234/#error="));

    browser.sign_in(&authority, &native(&scope), "alice@contoso.example").await.code();
    let silent_answer = browser.authorize(&authority, &silent).await;
    assert!(silent_answer.location.as_ref().unwrap().as_str().starts_with("http://localhost:51234/#code="));
    for (hint, signs_in) in [("alice@contoso.example", true), ("rita@contoso.example", false)] {
        let mut hinted = silent.clone();
        hinted.push(("login_hint", hint));
        assert_eq!(
            browser.authorize(&authority, &hinted).await.parameter("code").is_some(),
            signs_in,
            "{hint}"
        );
    }
    for prompt in ["login", "select_account"] {
        let mut asked = native(&scope);
        asked.push(("prompt", prompt));
        assert_eq!(browser.authorize(&authority, &asked).await.status, 200, "{prompt}");
    }
    let logout = format!("{authority}/oauth2/v2.0/logout");
    let answer =
        sign_out(&browser, &logout, &[("post_logout_redirect_uri", SPA_REDIRECT), ("state", "s 1")]).await;
    assert_eq!(answer, (302, Some(format!("{SPA_REDIRECT}?state=s+1"))));
    assert!(browser.authorize(&authority, &silent).await.parameter("error").is_some());
    let elsewhere =
        sign_out(&browser, &logout, &[("post_logout_redirect_uri", "https://evil.example/")]).await;
    assert_eq!(elsewhere, (200, None));
}

async fn sign_out(browser: &Browser, url: &str, query: &[(&str, &str)]) -> (u16, Option<String>) {
    let request = browser.client.get(url).query(query).header("cookie", browser.cookie.clone().unwrap());
    let response = request.send().await.unwrap();
    let location = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), location)
}

#[tokio::test]
async fn form_post_returns_everything_escaped() {
    let simulator = Simulator::start().await.unwrap();
    let (mut browser, scope) = (Browser::new(), scope());
    let mut parameters = native(&scope);
    parameters.retain(|(name, _)| *name != "state");
    parameters.extend([("response_mode", "form_post"), ("state", "a\"b<c>&d")]);
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    let answer = browser.sign_in(&authority, &parameters, "alice@contoso.example").await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("action=\"http://localhost:51234\""), "{}", answer.body);
    assert!(
        answer.body.contains("name=\"code\"") && answer.body.contains("value=\"a&#34;b&#60;c&#62;&#38;d\"")
    );
    assert!(answer.body.contains("document.forms[0].submit()"));
}

#[tokio::test]
async fn single_page_applications_need_pkce_and_an_origin() {
    let simulator = Simulator::start().await.unwrap();
    let authority = format!("{}/organizations", simulator.base());
    let mut browser = Browser::new();
    let scope = scope();
    let mut parameters = vec![
        ("client_id", builtin::SPA),
        ("response_type", "code"),
        ("redirect_uri", SPA_REDIRECT),
        ("scope", &scope),
        ("response_mode", "fragment"),
    ];
    let answer = browser.authorize(&authority, &parameters).await;
    assert!(answer.parameter("error_description").unwrap().starts_with("AADSTS9002325"));
    parameters.extend([("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]);
    let code = browser.sign_in(&authority, &parameters, "alice@contoso.example").await.code();
    let form = [
        ("client_id", builtin::SPA),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", SPA_REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let (status, refused) = token(&authority, &form, None).await;
    assert_eq!((status, code_of(&refused), &refused["error"]), (400, 9_002_327, &json!("invalid_request")));
    let mut with_secret = form.to_vec();
    with_secret.push(("client_secret", "x"));
    let (status, refused) = token(&authority, &with_secret, Some("http://localhost:5173")).await;
    assert_eq!((status, code_of(&refused)), (401, 700_025));
    // Neither mistake used the code up.
    let (status, tokens) = token(&authority, &form, Some("http://localhost:5173")).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(tokens["refresh_token_expires_in"], 86_399);

    let renew = [
        ("client_id", builtin::SPA),
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ("scope", scope.as_str()),
    ];
    assert_eq!(code_of(&token(&authority, &renew, None).await.1), 9_002_327);
    assert_eq!(token(&authority, &renew, Some("http://localhost:5173")).await.0, 200);
    simulator.set_clock_offset_s(86_400);
    assert_eq!(code_of(&token(&authority, &renew, Some("http://localhost:5173")).await.1), 700_084);
}

#[tokio::test]
async fn personal_accounts_have_a_tenant_and_keys_of_their_own() {
    let simulator = Simulator::start().await.unwrap();
    for place in ["consumers", "common", builtin::PERSONAL_ACCOUNTS] {
        let authority = format!("{}/{place}", simulator.base());
        let scope = "openid profile User.Read";
        let answer = Browser::new().sign_in(&authority, &native(scope), "casey@outlook.example").await;
        let (status, tokens) = token(&authority, &redeem(&answer.code()), None).await;
        assert_eq!(status, 200, "{tokens}");
        let id = tokens["id_token"].as_str().unwrap();
        let issuer = format!("{}/{}/v2.0", simulator.base(), builtin::PERSONAL_ACCOUNTS);
        assert_eq!(claims_of(id)["iss"], issuer);
        let keys = support::get_json(&format!("{authority}/discovery/v2.0/keys")).await;
        let kid = &support::header_of(id)["kid"];
        let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == *kid).unwrap();
        assert_eq!(key["issuer"], issuer);
    }
}
