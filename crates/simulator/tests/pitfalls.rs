//! What people stumble over when they go multi-tenant, by name: the five pitfalls of a well-known walk-through, and the
//! consent errors of Microsoft's page on converting applications. Each answer says what to do (capability row 117).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::{Answer, Browser, CHALLENGE, VERIFIER, claims_of, client, code_of, get_json, post_json, token};
use tenantry_simulator::{Simulator, builtin};

const NATIVE_REDIRECT: &str = "http://localhost:51234";
const WEB_REDIRECT: &str = "http://localhost:5006/callback";
const INVOICES: &str = "api://a0000000-0000-4000-8000-000000000003";

fn native(scope: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", builtin::NATIVE),
        ("response_type", "code"),
        ("redirect_uri", NATIVE_REDIRECT),
        ("scope", scope),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

/// A request of the web application that nobody consented to.
fn newcomer(scope: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", builtin::UNCONSENTED),
        ("response_type", "code"),
        ("redirect_uri", WEB_REDIRECT),
        ("scope", scope),
    ]
}

async fn sign_in(simulator: &Simulator, place: &str, parameters: &[(&str, &str)], user: &str) -> Answer {
    Browser::new().sign_in(&format!("{}/{place}", simulator.base()), parameters, user).await
}

/// The claims of a person's access token for the tasks API.
async fn claims(simulator: &Simulator, place: &str, user: &str) -> Value {
    let answer = sign_in(simulator, place, &native(builtin::API_SCOPE), user).await;
    let code = answer.code();
    let form = [
        ("client_id", builtin::NATIVE),
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", NATIVE_REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let (_, tokens) = token(&format!("{}/{place}", simulator.base()), &form, None).await;
    claims_of(tokens["access_token"].as_str().unwrap())
}

/// A page with a code and with advice that has these words.
fn assert_advises(page: &Answer, code: u32, words: &str) {
    assert_eq!(page.status, 400, "{:?}", page.location);
    assert!(page.body.contains(&format!("AADSTS{code}")), "{}", page.body);
    assert!(page.body.contains("What to do") && page.body.contains(words), "{words}: {}", page.body);
}

#[tokio::test]
async fn pitfall_1_the_tenant_is_not_allowed() {
    let simulator = Simulator::start().await.unwrap();
    let page =
        sign_in(&simulator, "organizations", &native(builtin::API_SCOPE), "anton@northwind.example").await;
    assert_advises(&page, 7_000_118, "list of allowed tenants");
    simulator.set_native_allow_list(false);
    let claims = claims(&simulator, "organizations", "anton@northwind.example").await;
    assert_eq!(claims["tid"], builtin::NORTHWIND, "from here on the API has to look");
}

#[tokio::test]
async fn pitfall_2_the_signing_key_is_unknown() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/{}/discovery/v2.0/keys", simulator.base(), builtin::FABRIKAM);
    let kids = |keys: &Value| {
        let keys = keys["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let kept = kids(&get_json(&url).await);
    let rotated = post_json(&format!("{}/sim/keys/rotate", simulator.base()), &json!({})).await.1;
    let current = rotated["current"].as_str().unwrap().to_owned();
    assert!(!kept.contains(&current), "who keeps keys has to look again");
    assert!(kids(&get_json(&url).await).contains(&current));
    // A tenant that does not exist has no keys to look for, and says so.
    let nowhere = format!("{}/99999999-0000-4000-a000-000000000009", simulator.base());
    let answer: Value =
        client().get(format!("{nowhere}/discovery/v2.0/keys")).send().await.unwrap().json().await.unwrap();
    assert_eq!((code_of(&answer), &answer["error"]), (90002, &json!("invalid_tenant")));
}

#[tokio::test]
async fn pitfall_3_people_of_another_tenant_have_no_roles() {
    // Roles are given in each tenant: Emil's at home are not those he has as a guest.
    let simulator = Simulator::start().await.unwrap();
    let nora = claims(&simulator, "organizations", "nora@fabrikam.example").await;
    assert_eq!(nora.get("roles"), None, "{nora}");
    let esther = claims(&simulator, builtin::CONTOSO, "esther@northwind.example").await;
    assert_eq!(esther["roles"], json!(["Reader"]), "an editor at home");
}

#[tokio::test]
async fn pitfall_4_50020_is_about_the_person_and_not_about_the_application() {
    let simulator = Simulator::start().await.unwrap();
    let page =
        sign_in(&simulator, builtin::CONTOSO, &native(builtin::API_SCOPE), "ruben@fabrikam.example").await;
    assert_advises(&page, 50020, "invite it as a guest");
    // An application that is missing has codes of its own, and goes away with one link to an administrator.
    let daemon = [
        ("client_id", builtin::UNCONSENTED),
        ("client_secret", "not-a-real-secret-unconsented"),
        ("grant_type", "client_credentials"),
        ("scope", "api://a0000000-0000-4000-8000-000000000003/.default"),
    ];
    let authority = format!("{}/{}", simulator.base(), builtin::NORTHWIND);
    let (_, refused) = token(&authority, &daemon, None).await;
    assert_eq!(code_of(&refused), 7_000_229, "{refused}");
    let invoices = format!("{INVOICES}/invoices.read");
    let page = sign_in(&simulator, builtin::NORTHWIND, &newcomer(&invoices), "rosa@northwind.example").await;
    assert_advises(&page, 90094, "Send this link to an administrator");
    let mut browser = Browser::new();
    let page = browser.open(&link_of(&page), &[]).await;
    let page = browser.submit(&page, "anton@northwind.example", &builtin::password("anton")).await;
    let answer = browser.accept(&page).await;
    assert_eq!(answer.parameter("admin_consent").as_deref(), Some("True"));
    sign_in(&simulator, builtin::NORTHWIND, &newcomer(&invoices), "rosa@northwind.example").await.code();
    let (status, answer) = token(&authority, &daemon, None).await;
    assert_eq!(status, 200, "{answer}");
}

/// The link on the page that sends people to an administrator.
fn link_of(page: &Answer) -> String {
    let (before, _) = page.body.split_once("id=\"admin-consent-link\"").unwrap();
    let (_, rest) = before.rsplit_once("href=\"").unwrap();
    rest.split_once('"').unwrap().0.replace("&#38;", "&").replace("&amp;", "&")
}

#[tokio::test]
async fn pitfall_5_administrators_of_two_tenants_differ_in_their_tenant_alone() {
    // Whoever keys data by role or user name mixes them up; `tid` and `oid` tell them apart.
    let simulator = Simulator::start().await.unwrap();
    let alice = claims(&simulator, "organizations", "alice@contoso.example").await;
    let amira = claims(&simulator, "organizations", "amira@fabrikam.example").await;
    assert_eq!((&alice["roles"], &alice["aud"]), (&amira["roles"], &amira["aud"]));
    assert_ne!(alice["tid"], amira["tid"]);
    assert_ne!(alice["oid"], amira["oid"]);
}

#[tokio::test]
async fn consent_error_a_single_tenant_application_is_used_by_everybody() {
    let simulator = Simulator::start().await.unwrap();
    let mut portal = native("openid");
    portal[0].1 = builtin::FABRIKAM_SPA;
    portal[2].1 = "http://localhost:5174/";
    let page = sign_in(&simulator, builtin::CONTOSO, &portal, "alice@contoso.example").await;
    assert_advises(&page, 700_016, "another tenant");
}

#[tokio::test]
async fn consent_error_people_are_asked_for_what_only_administrators_grant() {
    let simulator = Simulator::start().await.unwrap();
    for scope in [format!("{INVOICES}/invoices.approve"), format!("{INVOICES}/.default")] {
        let page = sign_in(&simulator, builtin::CONTOSO, &newcomer(&scope), "rita@contoso.example").await;
        assert_advises(&page, 90094, "adminconsent");
    }
}

#[tokio::test]
async fn consent_error_an_administrator_accepts_for_one_person_only() {
    let simulator = Simulator::start().await.unwrap();
    let (contoso, scope) =
        (format!("{}/{}", simulator.base(), builtin::CONTOSO), format!("{INVOICES}/invoices.approve"));
    let mut alice = Browser::new();
    let page = alice.sign_in(&contoso, &newcomer(&scope), "alice@contoso.example").await;
    alice.accept(&page).await.code();
    let page = sign_in(&simulator, builtin::CONTOSO, &newcomer(&scope), "rita@contoso.example").await;
    assert_advises(&page, 90094, "administrator");
    // `prompt=consent` shows the page again, and with the box everybody is let in.
    let mut again = newcomer(&scope);
    again.push(("prompt", "consent"));
    let page = alice.authorize(&contoso, &again).await;
    alice.decide(&page, &[("decision", "accept"), ("for_organization", "true")]).await.code();
    sign_in(&simulator, builtin::CONTOSO, &newcomer(&scope), "rita@contoso.example").await.code();
}

#[tokio::test]
async fn consent_error_the_api_is_missing_in_the_tenant() {
    let simulator = Simulator::start().await.unwrap();
    let scope = format!("api://{}/reports.read", builtin::REPORTS_API);
    let page = sign_in(&simulator, builtin::FABRIKAM, &newcomer(&scope), "amira@fabrikam.example").await;
    assert_advises(&page, 650_052, "known_clients");
}
