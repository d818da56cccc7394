//! An API that calls the next one for the person who called it (capability row 94).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::assertions::{Certified, changed_world, proof};
use support::{Browser, CHALLENGE, VERIFIER, claims_of, code_of, token};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

const REDIRECT: &str = "http://localhost:5007/callback";
const SECRET: &str = "not-a-real-secret-reports-api";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

fn contoso(simulator: &Simulator) -> String {
    format!("{}/{}", simulator.base(), builtin::CONTOSO)
}

/// A token for the reports API, as its web application gets it.
async fn signed_in(simulator: &Simulator, user: &str) -> String {
    let scope = format!("api://{}/reports.read openid", builtin::REPORTS_API);
    let parameters = [
        ("client_id", builtin::REPORTS_WEB),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", scope.as_str()),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let code = Browser::new().sign_in(&contoso(simulator), &parameters, user).await.code();
    let redeem = [
        ("client_id", builtin::REPORTS_WEB),
        ("client_secret", "not-a-real-secret-reports-web"),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let (status, tokens) = token(&contoso(simulator), &redeem, None).await;
    assert_eq!(status, 200, "{tokens}");
    tokens["access_token"].as_str().unwrap().to_owned()
}

fn exchange<'a>(assertion: &'a str, scope: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("client_id", builtin::REPORTS_API),
        ("client_secret", SECRET),
        ("grant_type", GRANT),
        ("requested_token_use", "on_behalf_of"),
        ("assertion", assertion),
        ("scope", scope),
    ]
}

fn changed<'a>(mut form: Vec<(&'a str, &'a str)>, name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    form.retain(|(known, _)| *known != name);
    if !value.is_empty() {
        form.push((name, value));
    }
    form
}

fn minted(simulator: &Simulator, request: Value) -> String {
    let request: TokenRequest = serde_json::from_value(request).unwrap();
    simulator.mint(&request).unwrap().token
}

/// A token of Alice for the reports API, with something else about it.
fn alices(simulator: &Simulator, more: &Value) -> String {
    let mut request = json!({
        "tenant": builtin::CONTOSO, "user": builtin::CONTOSO_ADMIN, "audience": builtin::REPORTS_API,
        "client": builtin::REPORTS_WEB,
    });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    minted(simulator, request)
}

#[tokio::test]
async fn the_next_api_sees_the_person_and_the_middle_tier() {
    let simulator = Simulator::start().await.unwrap();
    for (user, oid, guest) in [
        ("alice@contoso.example", builtin::CONTOSO_ADMIN, false),
        ("emil@fabrikam.example", builtin::FABRIKAM_GUEST_IN_CONTOSO, true),
    ] {
        let assertion = signed_in(&simulator, user).await;
        let scope = format!("{} openid profile offline_access", builtin::API_SCOPE);
        let mut form = exchange(&assertion, &scope);
        form.push(("client_info", "1"));
        let (status, answer) = token(&contoso(&simulator), &form, None).await;
        assert_eq!(status, 200, "{answer}");
        let claims = claims_of(answer["access_token"].as_str().unwrap());
        assert_eq!((&claims["aud"], &claims["azp"]), (&json!(builtin::API), &json!(builtin::REPORTS_API)));
        assert_eq!((&claims["oid"], &claims["azpacr"]), (&json!(oid), &json!("1")));
        assert_eq!((&claims["scp"], &claims["tid"]), (&json!("access_as_user"), &json!(builtin::CONTOSO)));
        assert_eq!(claims.get("idp").is_some(), guest);
        assert_eq!(answer["scope"], builtin::API_SCOPE);
        let id = claims_of(answer["id_token"].as_str().unwrap());
        assert_eq!((&id["aud"], &id["oid"]), (&json!(builtin::REPORTS_API), &json!(oid)));
        assert!(answer["client_info"].is_string());
        let renew = [
            ("client_id", builtin::REPORTS_API),
            ("client_secret", SECRET),
            ("grant_type", "refresh_token"),
            ("refresh_token", answer["refresh_token"].as_str().unwrap()),
        ];
        let (status, renewed) = token(&contoso(&simulator), &renew, None).await;
        assert_eq!(status, 200, "{renewed}");
        let (status, alias) = token(&format!("{}/common", simulator.base()), &form, None).await;
        assert_eq!((status, &claims_of(alias["access_token"].as_str().unwrap())["oid"]), (200, &json!(oid)));
    }
}

#[tokio::test]
async fn a_version_1_token_and_a_certificate_do_as_well() {
    let certified = Certified::new();
    let world =
        changed_world(&[(builtin::REPORTS_API, &format!("certificates = [\"{}\"]", certified.base64()))]);
    let simulator = Simulator::builder().world(world).start().await.unwrap();
    let uri = format!("api://{}", builtin::REPORTS_API);
    let assertion = alices(&simulator, &json!({ "version": 1, "audience": uri }));
    let audience = format!("{}/oauth2/v2.0/token", contoso(&simulator));
    let own = certified.assertion(builtin::REPORTS_API, &audience, simulator.now());
    let mut form =
        changed(exchange(&assertion, "https://graph.microsoft.com/User.Read"), "client_secret", "");
    form.extend(proof(&own));
    let (status, answer) = token(&contoso(&simulator), &form, None).await;
    assert_eq!(status, 200, "{answer}");
    let claims = claims_of(answer["access_token"].as_str().unwrap());
    assert!(claims["appidacr"] == "2" || claims["azpacr"] == "2", "{claims}");
    assert_eq!((answer.get("id_token"), answer.get("refresh_token")), (None, None));
}

#[tokio::test]
async fn what_is_no_valid_token_for_the_middle_tier_is_refused() {
    let simulator = Simulator::start().await.unwrap();
    let program = minted(
        &simulator,
        json!({
            "tenant": builtin::CONTOSO, "application": builtin::CONTOSO_DAEMON, "audience": builtin::REPORTS_API,
        }),
    );
    let id_token = alices(&simulator, &json!({ "kind": "id", "audience": builtin::REPORTS_API }));
    let good = alices(&simulator, &json!({}));
    let cut = good.rsplit_once('.').unwrap().0.to_owned() + ".AAAA";
    for (what, assertion, code) in [
        ("no token", "hello".to_owned(), 50_027),
        ("another API's", alices(&simulator, &json!({ "audience": builtin::API })), 500_131),
        ("unknown key", alices(&simulator, &json!({ "sign_with": "unpublished" })), 50_013),
        ("another owner's key", alices(&simulator, &json!({ "sign_with": "other-key" })), 50_013),
        ("no signature", alices(&simulator, &json!({ "sign_with": "none" })), 50_013),
        ("a public key as secret", alices(&simulator, &json!({ "sign_with": "hmac-public-key" })), 50_013),
        ("wrong signature", cut, 50_013),
        (
            "another issuer",
            alices(&simulator, &json!({ "claims": { "iss": "https://issuer.example" } })),
            50_013,
        ),
        (
            "another tenant's name",
            alices(&simulator, &json!({ "claims": { "tid": builtin::FABRIKAM } })),
            50_013,
        ),
        ("expired", alices(&simulator, &json!({ "lifetime_s": -1 })), 500_133),
        ("a program's", program, 7_000_114),
        ("an ID token", id_token, 7_000_114),
        ("nobody's", alices(&simulator, &json!({ "claims": { "oid": builtin::FABRIKAM_ADMIN } })), 50_013),
    ] {
        let (status, answer) =
            token(&contoso(&simulator), &exchange(&assertion, builtin::API_SCOPE), None).await;
        assert_eq!((status, &answer["error"]), (400, &json!("invalid_grant")), "{what}: {answer}");
        assert_eq!(code_of(&answer), code, "{what}: {answer}");
    }
}

#[tokio::test]
async fn the_request_itself_must_be_right() {
    let simulator = Simulator::start().await.unwrap();
    let good = alices(&simulator, &json!({}));
    let form = || exchange(&good, builtin::API_SCOPE);
    let invoices = format!("api://{}/invoices.read", builtin::OTHER_API);
    for (form, status, code) in [
        (form(), 200, None),
        (changed(form(), "client_secret", "wrong"), 401, Some(7_000_215)),
        (changed(form(), "client_secret", ""), 401, Some(7_000_218)),
        (changed(form(), "requested_token_use", ""), 400, Some(900_144)),
        (changed(form(), "requested_token_use", "impersonation"), 400, Some(9_002_313)),
        (changed(form(), "assertion", ""), 400, Some(900_144)),
        (changed(form(), "scope", ""), 400, Some(900_144)),
        (changed(form(), "scope", &invoices), 400, Some(65_001)),
        (changed(form(), "client_id", builtin::NATIVE), 401, Some(700_025)),
    ] {
        let (seen, answer) = token(&contoso(&simulator), &form, None).await;
        assert_eq!((seen, answer["error_codes"][0].as_u64()), (status, code), "{answer}");
        if code == Some(65_001) {
            assert_eq!(answer["suberror"], "consent_required");
        }
    }
    let fabrikam = format!("{}/{}", simulator.base(), builtin::FABRIKAM);
    assert_eq!(code_of(&token(&fabrikam, &form(), None).await.1), 50_013);
    let (_, answer) = token(&contoso(&simulator), &form(), Some("http://localhost")).await;
    assert_eq!(code_of(&answer), 9_002_326);
}

#[tokio::test]
async fn an_api_with_a_signing_key_of_its_own_cannot_exchange() {
    let world = changed_world(&[(builtin::REPORTS_API, "own_signing_key = true")]);
    let simulator = Simulator::builder().world(world).start().await.unwrap();
    let assertion = alices(&simulator, &json!({}));
    let (status, answer) = token(&contoso(&simulator), &exchange(&assertion, builtin::API_SCOPE), None).await;
    assert_eq!((status, code_of(&answer)), (400, 50_013));
}

/// Row 120: the same API calls the next one by itself, at the same tenant's authority, as nobody.
#[tokio::test]
async fn by_itself_the_middle_tier_is_a_program() {
    let simulator = Simulator::start().await.unwrap();
    let scope = format!("{}/.default", builtin::API_URI);
    let form = [
        ("client_id", builtin::REPORTS_API),
        ("client_secret", SECRET),
        ("grant_type", "client_credentials"),
        ("scope", scope.as_str()),
    ];
    let (status, answer) = token(&contoso(&simulator), &form, None).await;
    assert_eq!(status, 200, "{answer}");
    let claims = claims_of(answer["access_token"].as_str().unwrap());
    assert_eq!((&claims["azp"], &claims["tid"]), (&json!(builtin::REPORTS_API), &json!(builtin::CONTOSO)));
    assert_eq!((&claims["oid"], claims.get("scp")), (&claims["sub"], None));
    // Not where the tenant never consented to it.
    let fabrikam = format!("{}/{}", simulator.base(), builtin::FABRIKAM);
    assert_eq!(code_of(&token(&fabrikam, &form, None).await.1), 7_000_229);
}
