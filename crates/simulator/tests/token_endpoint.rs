//! The token endpoint's grants and refusals, in Entra's error shape (capability rows 90, 91, 92).

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod support;

use serde_json::{Value, json};
use support::{Browser, CHALLENGE, VERIFIER, claims_of, client, code_of, token};
use tenantry_simulator::{Simulator, builtin};

const WEB_REDIRECT: &str = "http://localhost:3000/auth/callback";

fn default_scope() -> String {
    format!("{}/.default", builtin::API_URI)
}

fn credentials<'a>(client_id: &'a str, secret: &'a str, scope: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("client_id", client_id),
        ("client_secret", secret),
        ("grant_type", "client_credentials"),
        ("scope", scope),
        ("client_info", "1"),
    ]
}

async fn web_code(simulator: &Simulator, scope: &str) -> String {
    let parameters = [
        ("client_id", builtin::WEB),
        ("response_type", "code"),
        ("redirect_uri", WEB_REDIRECT),
        ("scope", scope),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    Browser::new().sign_in(&authority, &parameters, "alice@contoso.example").await.code()
}

fn web(code: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", builtin::WEB),
        ("client_secret", builtin::WEB_SECRET),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", WEB_REDIRECT),
        ("code_verifier", VERIFIER),
    ]
}

fn changed<'a>(mut form: Vec<(&'a str, &'a str)>, name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    form.retain(|(known, _)| *known != name);
    if !value.is_empty() {
        form.push((name, value));
    }
    form
}

#[tokio::test]
async fn a_daemon_gets_its_roles_and_nothing_else() {
    let simulator = Simulator::start().await.unwrap();
    let (authority, scope) = (format!("{}/{}", simulator.base(), builtin::FABRIKAM), default_scope());
    let form = credentials(builtin::FABRIKAM_DAEMON, builtin::FABRIKAM_DAEMON_SECRET, &scope);
    let (status, answer) = token(&authority, &form, None).await;
    assert_eq!(status, 200, "{answer}");
    let names: Vec<_> = answer.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["access_token", "expires_in", "ext_expires_in", "token_type"]);
    let claims = claims_of(answer["access_token"].as_str().unwrap());
    assert_eq!(
        (&claims["idtyp"], &claims["azpacr"], &claims["roles"]),
        (&json!("app"), &json!("1"), &json!(["Editor"]))
    );
    assert_eq!((&claims["sub"], claims.get("scp")), (&claims["oid"], None));

    let v1_scope = format!("{}/.default", builtin::API_V1_URI);
    let form = credentials(builtin::FABRIKAM_DAEMON, builtin::FABRIKAM_DAEMON_SECRET, &v1_scope);
    let claims = claims_of(token(&authority, &form, None).await.1["access_token"].as_str().unwrap());
    assert_eq!(
        (&claims["ver"], &claims["aud"], claims.get("idtyp")),
        (&json!("1.0"), &json!(builtin::API_V1_URI), None)
    );

    let basic = client().post(format!("{authority}/oauth2/v2.0/token"));
    let basic = basic.basic_auth(builtin::FABRIKAM_DAEMON, Some(builtin::FABRIKAM_DAEMON_SECRET));
    let basic = basic.form(&[("grant_type", "client_credentials"), ("scope", &scope)]).send().await.unwrap();
    assert_eq!(basic.status(), 200);
}

#[tokio::test]
async fn daemons_are_refused_with_entras_codes() {
    let simulator = Simulator::start().await.unwrap();
    let scope = default_scope();
    let (id, secret) = (builtin::CONTOSO_DAEMON, builtin::CONTOSO_DAEMON_SECRET);
    let northwind = credentials(builtin::NORTHWIND_DAEMON, builtin::NORTHWIND_DAEMON_SECRET, &scope);
    let unconsented = credentials(builtin::UNCONSENTED, "not-a-real-secret-unconsented", &scope);
    let good = || credentials(id, secret, &scope);
    for (place, form, status, error, code) in [
        (builtin::CONTOSO, changed(good(), "client_secret", "wrong"), 401, "invalid_client", 7_000_215),
        (builtin::CONTOSO, changed(good(), "client_secret", ""), 401, "invalid_client", 7_000_218),
        (builtin::CONTOSO, changed(good(), "client_id", ""), 400, "invalid_request", 900_144),
        (
            builtin::CONTOSO,
            changed(good(), "client_id", "a0000000-0000-4000-8000-0000000000ff"),
            400,
            "unauthorized_client",
            700_016,
        ),
        (builtin::FABRIKAM, good(), 400, "unauthorized_client", 700_016),
        (builtin::CONTOSO, unconsented, 401, "invalid_client", 7_000_229),
        (
            builtin::CONTOSO,
            changed(good(), "scope", "api://unknown/.default"),
            400,
            "invalid_resource",
            500_011,
        ),
        (builtin::CONTOSO, changed(good(), "scope", builtin::API_SCOPE), 400, "invalid_scope", 1_002_012),
        (builtin::CONTOSO, changed(good(), "scope", ""), 400, "invalid_request", 900_144),
        (builtin::CONTOSO, changed(good(), "grant_type", "implicit"), 400, "unsupported_grant_type", 70_003),
        (builtin::CONTOSO, changed(good(), "grant_type", ""), 400, "invalid_request", 900_144),
        ("organizations", good(), 400, "invalid_request", 9_001_023),
        ("nowhere.example", good(), 400, "invalid_request", 90_002),
        (builtin::NORTHWIND, northwind, 400, "invalid_grant", 7_000_118),
    ] {
        let (seen, answer) = token(&format!("{}/{place}", simulator.base()), &form, None).await;
        assert_eq!((seen, &answer["error"], code_of(&answer)), (status, &json!(error), code), "{answer}");
    }
}

#[tokio::test]
async fn errors_have_every_member_of_entras_shape() {
    let simulator = Simulator::start().await.unwrap();
    let id = "11111111-2222-4333-8444-555555555555";
    let url = format!("{}/{}/oauth2/v2.0/token?client-request-id={id}", simulator.base(), builtin::CONTOSO);
    let response = client()
        .post(&url)
        .form(&[("grant_type", "nonsense")])
        .header("origin", "http://x")
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert!(response.headers()["cache-control"].to_str().unwrap().contains("no-store"));
    assert!(response.headers().get("retry-after").is_none());
    let request_id = response.headers()["x-ms-request-id"].to_str().unwrap().to_owned();
    let answer: Value = response.json().await.unwrap();
    assert_eq!((&answer["correlation_id"], &answer["trace_id"]), (&json!(id), &json!(request_id)));
    let description = answer["error_description"].as_str().unwrap();
    let end = format!(
        " Trace ID: {request_id} Correlation ID: {id} Timestamp: {}",
        answer["timestamp"].as_str().unwrap()
    );
    assert!(description.starts_with("AADSTS70003: ") && description.ends_with(&end), "{description}");
    assert_eq!(answer["error_uri"], format!("{}/error?code=70003", simulator.base()));
    assert_eq!(answer["timestamp"].as_str().unwrap().len(), "2026-01-31 10:20:30Z".len());
}

#[tokio::test]
async fn a_web_application_proves_itself_and_its_code() {
    let simulator = Simulator::start().await.unwrap();
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    let scope = format!("{} openid profile offline_access email", builtin::API_SCOPE);
    let code = web_code(&simulator, &scope).await;
    for (form, origin, status, number) in [
        (changed(web(&code), "client_secret", ""), None, 401, 7_000_218),
        (changed(web(&code), "client_secret", "wrong"), None, 401, 7_000_215),
        (changed(web(&code), "client_assertion", "x.y.z"), None, 400, 9_002_313),
        (web(&code), Some("http://localhost:3000"), 400, 9_002_326),
        (changed(web(&code), "code_verifier", "wrong"), None, 400, 501_481),
        (changed(web(&code), "code_verifier", ""), None, 400, 501_481),
        (changed(web(&code), "redirect_uri", "http://localhost:8080/auth/callback"), None, 400, 500_112),
        (changed(web(&code), "code", "made-up"), None, 400, 70_000),
        (changed(web(&code), "client_id", builtin::NATIVE), None, 400, 70_000),
    ] {
        let (seen, answer) = token(&authority, &form, origin).await;
        assert_eq!((seen, code_of(&answer)), (status, number), "{answer}");
    }
    let elsewhere = format!("{}/{}", simulator.base(), builtin::FABRIKAM);
    assert_eq!(code_of(&token(&elsewhere, &web(&code), None).await.1), 700_005);
    let (status, tokens) = token(&authority, &web(&code), None).await;
    assert_eq!(status, 200, "{tokens}");
    let id = claims_of(tokens["id_token"].as_str().unwrap());
    assert_eq!((id.get("nonce"), &id["email"]), (None, &json!("alice@contoso.example")));
    assert_eq!(claims_of(tokens["access_token"].as_str().unwrap())["azpacr"], "1");
    assert_eq!(tokens.get("client_info"), None);
    assert_eq!(code_of(&token(&authority, &web(&code), None).await.1), 54_005);

    let late = web_code(&simulator, &scope).await;
    simulator.set_clock_offset_s(601);
    assert_eq!(code_of(&token(&authority, &web(&late), None).await.1), 70_008);
}

#[tokio::test]
async fn refresh_tokens_belong_to_client_and_person_and_to_no_tenant() {
    let simulator = Simulator::start().await.unwrap();
    let at = |tenant: &str| format!("{}/{tenant}", simulator.base());
    let scope = format!("{} openid profile offline_access", builtin::API_SCOPE);
    let parameters = [
        ("client_id", builtin::WEB),
        ("response_type", "code"),
        ("redirect_uri", WEB_REDIRECT),
        ("scope", scope.as_str()),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code =
        Browser::new().sign_in(&at("organizations"), &parameters, "emil@fabrikam.example").await.code();
    let (_, tokens) = token(&at("organizations"), &web(&code), None).await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let renew = vec![
        ("client_id", builtin::WEB),
        ("client_secret", builtin::WEB_SECRET),
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("scope", &scope),
    ];
    let tid = |answer: &Value| claims_of(answer["access_token"].as_str().unwrap())["tid"].clone();
    let (_, at_home) = token(&at("organizations"), &renew, None).await;
    assert_eq!(tid(&at_home), builtin::FABRIKAM);
    assert_ne!(at_home["refresh_token"], tokens["refresh_token"]);
    // The same token, the tenant where the person is a guest.
    assert_eq!(tid(&token(&at(builtin::CONTOSO), &renew, None).await.1), builtin::CONTOSO);
    // And where the person has no account.
    let (status, refused) = token(&at(builtin::NORTHWIND), &renew, None).await;
    assert_eq!((status, code_of(&refused), &refused["error"]), (400, 50_020, &json!("invalid_grant")));
    // Another API that the person's tenant consented to; one that it did not.
    let other = format!("api://{}/invoices.read", builtin::OTHER_API);
    let (_, answer) = token(&at("organizations"), &changed(renew.clone(), "scope", &other), None).await;
    assert_eq!(answer["scope"], other);
    let (status, refused) =
        token(&at("organizations"), &changed(renew.clone(), "client_id", builtin::NATIVE), None).await;
    assert_eq!((status, code_of(&refused)), (400, 70_000));
    simulator.set_clock_offset_s(91 * 86_400);
    assert_eq!(code_of(&token(&at("organizations"), &renew, None).await.1), 700_082);
}

/// azure-identity redeems codes and refresh tokens with the API's scope alone.
#[tokio::test]
async fn offline_access_is_asked_for_once_at_the_sign_in() {
    let simulator = Simulator::start().await.unwrap();
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    for (of_the_sign_in, keeps) in [("openid", false), ("openid offline_access", true)] {
        let code = web_code(&simulator, &format!("{} {of_the_sign_in}", builtin::API_SCOPE)).await;
        let mut redeem = web(&code);
        redeem.push(("scope", builtin::API_SCOPE));
        let (_, tokens) = token(&authority, &redeem, None).await;
        assert_eq!(
            (tokens["refresh_token"].is_string(), &tokens["scope"]),
            (keeps, &json!(builtin::API_SCOPE))
        );
        let Some(refresh) = tokens["refresh_token"].as_str() else { continue };
        let renew = [
            ("client_id", builtin::WEB),
            ("client_secret", builtin::WEB_SECRET),
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("scope", builtin::API_SCOPE),
        ];
        let (_, renewed) = token(&authority, &renew, None).await;
        assert!(renewed["refresh_token"].is_string(), "{renewed}");
    }
}

#[tokio::test]
async fn missing_consent_and_odd_scopes_are_named() {
    let simulator = Simulator::start().await.unwrap();
    let authority = format!("{}/{}", simulator.base(), builtin::FABRIKAM);
    let portal = "http://localhost:5174/";
    let own = format!("{} openid offline_access", builtin::API_SCOPE);
    let parameters = [
        ("client_id", builtin::FABRIKAM_SPA),
        ("response_type", "code"),
        ("redirect_uri", portal),
        ("scope", own.as_str()),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = Browser::new().sign_in(&authority, &parameters, "amira@fabrikam.example").await.code();
    let redeem = [
        ("client_id", builtin::FABRIKAM_SPA),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", portal),
        ("code_verifier", VERIFIER),
    ];
    let (_, tokens) = token(&authority, &redeem, Some("http://localhost:5174")).await;
    let invoices = format!("api://{}/invoices.read", builtin::OTHER_API);
    let renew = |scope| {
        [
            ("client_id", builtin::FABRIKAM_SPA),
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
            ("scope", scope),
        ]
    };
    let (status, refused) = token(&authority, &renew(&invoices), Some("http://localhost:5174")).await;
    assert_eq!((status, code_of(&refused), &refused["suberror"]), (400, 65_001, &json!("consent_required")));
    let odd = format!("{}/no_such_scope", builtin::API_URI);
    let (_, refused) = token(&authority, &renew(&odd), Some("http://localhost:5174")).await;
    assert_eq!((code_of(&refused), &refused["error"]), (70_011, &json!("invalid_scope")));
    // Nothing but a sign-in: a token for Microsoft Graph, as at Entra.
    let (_, graph) =
        token(&authority, &renew("openid profile User.Read"), Some("http://localhost:5174")).await;
    assert_eq!(graph["scope"], "openid profile User.Read");
    let default = format!("{}/.default", builtin::API_URI);
    let (_, all) = token(&authority, &renew(&default), Some("http://localhost:5174")).await;
    assert_eq!(all["scope"], format!("{} {default}", builtin::API_SCOPE));
}

#[tokio::test]
async fn version_1_endpoints_take_a_resource() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/{}/oauth2/token", simulator.base(), builtin::CONTOSO);
    let form = [
        ("client_id", builtin::CONTOSO_DAEMON),
        ("client_secret", builtin::CONTOSO_DAEMON_SECRET),
        ("grant_type", "client_credentials"),
        ("resource", builtin::API_V1_URI),
    ];
    let answer: Value = client().post(&url).form(&form).send().await.unwrap().json().await.unwrap();
    assert!(answer["expires_in"].is_string() && answer["expires_on"].is_string(), "{answer}");
    assert_eq!(answer["resource"], builtin::API_V1_URI);
    assert_eq!(claims_of(answer["access_token"].as_str().unwrap())["aud"], builtin::API_V1_URI);
    assert_eq!(client().get(&url).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn no_input_makes_the_server_fail() {
    let simulator = Simulator::start().await.unwrap();
    let long = "x".repeat(300_000);
    let url = format!("{}/{}/oauth2/v2.0/token", simulator.base(), builtin::CONTOSO);
    for body in [
        "",
        "&&&===",
        "grant_type=%ff%fe",
        "grant_type=authorization_code&code=%00&client_id=%00&redirect_uri=x",
        &long,
    ] {
        let response = client()
            .post(&url)
            .body(body.to_owned())
            .header("content-type", "application/x-www-form-urlencoded")
            .send()
            .await;
        let status = response.unwrap().status().as_u16();
        assert!((400..500).contains(&status), "{status} for {body:.40}");
    }
    for path in [
        "/%ff/oauth2/v2.0/authorize",
        "/%00/discovery/v2.0/keys",
        "/common/userrealm/%ff",
        "/common/discovery/instance?authorization_endpoint=:::",
        "/error?code=x",
        "/nothing/here",
        "/sim/nothing",
    ] {
        let status =
            client().get(format!("{}{path}", simulator.base())).send().await.unwrap().status().as_u16();
        assert!(status < 500, "{status} for {path}");
    }
}
