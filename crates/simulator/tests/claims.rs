//! What tokens say beyond the usual: optional claims, groups, directory roles, long lives (capability rows 90, 94; T-151).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Map, Value, json};
use support::{Browser, CHALLENGE, VERIFIER, claims_of, token};
use tenantry_simulator::{Simulator, TokenRequest, World, builtin};

const ALPHA: &str = "aaaaaaaa-0000-4000-a000-000000000001";
const ANNA: &str = "aaaaaaaa-0000-4000-b000-000000000001";
const MANY: &str = "aaaaaaaa-0000-4000-b000-000000000002";
const GUEST: &str = "aaaaaaaa-0000-4000-b000-000000000003";
const API: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const API_V1: &str = "aaaaaaaa-0000-4000-8000-000000000002";
const CLIENT: &str = "aaaaaaaa-0000-4000-8000-000000000003";
const DIRECTORY_API: &str = "aaaaaaaa-0000-4000-8000-000000000004";
const INNER: &str = "aaaaaaaa-0000-4000-9000-000000000001";
const OUTER: &str = "aaaaaaaa-0000-4000-9000-000000000002";

async fn simulator() -> Simulator {
    let world = World::from_toml(include_str!("worlds/claims.toml")).unwrap();
    Simulator::builder().world(world).start().await.unwrap()
}

fn minted(simulator: &Simulator, request: &TokenRequest) -> Map<String, Value> {
    simulator.mint(request).unwrap().claims
}

#[tokio::test]
async fn every_optional_claim_has_its_type() {
    let simulator = simulator().await;
    let request = TokenRequest::for_user(ALPHA, ANNA).audience(API);
    let request = request.client_capabilities(&["cp1"]).auth_contexts(&["c25", "c1"]);
    let claims = minted(&simulator, &request);
    for (name, value) in [
        ("acct", json!(0)),
        ("acrs", json!(["c1", "c25"])),
        ("ctry", json!("SE")),
        ("email", json!("anna@mail.example")),
        ("family_name", json!("Andersson Berg")),
        ("given_name", json!("Anna")),
        ("idtyp", json!("user")),
        ("ipaddr", json!("127.0.0.1")),
        ("tenant_ctry", json!("DE")),
        ("tenant_region_scope", json!("WW")),
        ("upn", json!("anna@alpha.example")),
        ("xms_cc", json!(["cp1"])),
        ("xms_edov", json!(false)),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert!(claims["auth_time"].is_i64(), "{:?}", claims["auth_time"]);
    assert_eq!(claims["sid"].as_str().unwrap().len(), 36);
    assert!(claims["login_hint"].as_str().unwrap().starts_with("O."));
    // An address that nobody proved to own is no verified one.
    assert_eq!(claims.get("verified_primary_email"), None);
    let other = minted(&simulator, &TokenRequest::for_user(ALPHA, MANY).audience(API));
    assert_eq!(
        (&other["xms_edov"], &other["verified_primary_email"]),
        (&json!(true), &json!(["many@alpha.example"]))
    );
    // Claims that depend on the request are absent where it says nothing.
    for absent in ["acrs", "xms_cc", "ctry"] {
        assert_eq!(other.get(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn id_tokens_follow_the_clients_own_list() {
    let simulator = simulator().await;
    let request = TokenRequest::for_user(ALPHA, ANNA).audience(CLIENT).id_token();
    let claims = minted(&simulator, &request.clone().client_capabilities(&["cp1"]));
    assert_eq!((&claims["acct"], &claims["ctry"]), (&json!(0), &json!("SE")));
    assert_eq!((&claims["groups"], &claims["wids"]), (&json!([INNER, OUTER]), &json!(WIDS_OF_ANNA)));
    for absent in ["xms_cc", "idtyp", "xms_edov", "given_name", "auth_time"] {
        assert_eq!(claims.get(absent), None, "{absent}");
    }
    let without = minted(&simulator, &TokenRequest::for_user(ALPHA, ANNA).audience("made-up").id_token());
    assert_eq!((without.get("acct"), without.get("groups")), (None, None));
}

#[tokio::test]
async fn a_guests_upn_has_three_forms() {
    let simulator = simulator().await;
    let of = |audience| minted(&simulator, &TokenRequest::for_user(ALPHA, GUEST).audience(audience));
    assert_eq!(of(API).get("upn"), None);
    assert_eq!(of(API_V1)["upn"], "gustav_beta.example#EXT#@alpha.example");
    assert_eq!(of(DIRECTORY_API)["upn"], "gustav_beta.example_EXT_@alpha.example");
    assert_eq!((&of(API)["acct"], &of(API)["ctry"]), (&json!(1), &json!("NO")));
    // Beta owns the domain of its own people's addresses.
    assert_eq!(of(API)["xms_edov"], true);
}

#[tokio::test]
async fn programs_get_the_claims_that_are_not_about_people() {
    let simulator = simulator().await;
    let claims = minted(&simulator, &TokenRequest::for_application(ALPHA, CLIENT).audience(API));
    assert_eq!((&claims["idtyp"], &claims["tenant_ctry"]), (&json!("app"), &json!("DE")));
    for absent in ["acct", "ctry", "upn", "sid", "groups", "wids", "auth_time"] {
        assert_eq!(claims.get(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn a_version_1_api_can_insist_on_its_id_as_audience() {
    let simulator = simulator().await;
    let request = TokenRequest::for_user(ALPHA, ANNA);
    assert_eq!(minted(&simulator, &request.clone().audience("api://ledger"))["aud"], API_V1);
    let without = TokenRequest::for_user(ALPHA, ANNA).audience("api://directory").version(1);
    assert_eq!(minted(&simulator, &without)["aud"], "api://directory");
}

/// Role template of Global Administrator, and the one of every member.
const WIDS_OF_ANNA: [&str; 2] =
    ["62e90394-69f5-4237-9190-012177145e10", "b79fbf4d-3ef9-4689-8143-76b194e85509"];

#[tokio::test]
async fn groups_and_directory_roles_follow_the_registration() {
    let simulator = simulator().await;
    let of = |user, audience| minted(&simulator, &TokenRequest::for_user(ALPHA, user).audience(audience));
    // Security groups, nested ones included; no directory roles.
    assert_eq!((&of(ANNA, API)["groups"], of(ANNA, API).get("wids")), (&json!([INNER, OUTER]), None));
    // Only groups assigned to the application.
    assert_eq!(of(ANNA, API_V1)["groups"], json!([OUTER]));
    assert_eq!(of(MANY, API_V1).get("groups"), None);
    // Directory roles alone; guests are no members.
    assert_eq!(
        (&of(ANNA, DIRECTORY_API)["wids"], of(ANNA, DIRECTORY_API).get("groups")),
        (&json!(WIDS_OF_ANNA), None)
    );
    assert_eq!(of(MANY, DIRECTORY_API)["wids"], json!([WIDS_OF_ANNA[1]]));
    assert_eq!(of(GUEST, DIRECTORY_API).get("wids"), None);
}

#[tokio::test]
async fn more_than_200_groups_become_a_pointer() {
    let simulator = simulator().await;
    let many = TokenRequest::for_user(ALPHA, MANY).audience(API);
    let claims = minted(&simulator, &many);
    assert_eq!(claims.get("groups"), None);
    assert_eq!(claims["_claim_names"], json!({"groups": "src1"}));
    let endpoint = format!("{}/graph/v1.0/users/{MANY}/getMemberObjects", simulator.base());
    assert_eq!(claims["_claim_sources"], json!({"src1": {"endpoint": endpoint}}));
    // In a redirect six are too many, and nothing points anywhere.
    let hybrid = TokenRequest { from_authorize: true, ..many.audience(CLIENT).id_token() };
    let claims = minted(&simulator, &hybrid);
    assert_eq!(
        (&claims["hasgroups"], claims.get("groups"), claims.get("_claim_names")),
        (&json!(true), None, None)
    );
    let few = TokenRequest {
        from_authorize: true,
        ..TokenRequest::for_user(ALPHA, ANNA).audience(CLIENT).id_token()
    };
    assert_eq!(
        (minted(&simulator, &few).get("hasgroups"), &minted(&simulator, &few)["groups"]),
        (None, &json!([INNER, OUTER]))
    );
}

#[tokio::test]
async fn the_pointer_leads_to_the_groups() {
    let simulator = Simulator::start().await.unwrap();
    let norman = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_NO_ROLE);
    let claims = minted(&simulator, &norman.clone().audience(builtin::OTHER_API));
    let endpoint = claims["_claim_sources"]["src1"]["endpoint"].as_str().unwrap();
    let graph = norman.audience("https://graph.microsoft.com").scopes(&["User.Read", "GroupMember.Read.All"]);
    let asked = support::client().post(endpoint).bearer_auth(simulator.mint(&graph).unwrap().token);
    let answer = asked.json(&json!({"securityEnabledOnly": true})).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert!(answer["value"].as_array().is_some_and(|ids| ids.len() >= 250), "{answer}");
}

#[tokio::test]
async fn long_tokens_are_for_apis_and_clients_that_bear_them() {
    let simulator = simulator().await;
    let lifetime = |audience, capabilities: &[&str]| {
        let request = TokenRequest::for_user(ALPHA, ANNA).audience(audience);
        let claims = minted(&simulator, &request.client_capabilities(capabilities));
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()
    };
    let hours = |seconds: i64| seconds / 3_600;
    assert!((20..28).contains(&hours(lifetime(API, &["cp1"]))));
    assert!((20..28).contains(&hours(lifetime(API, &["CP1"]))));
    assert_eq!(hours(lifetime(API, &[])), 1);
    assert_eq!(hours(lifetime(API, &["cp2"])), 1);
    assert_eq!(hours(lifetime(API_V1, &["cp1"])), 1);
    // Microsoft Graph takes part, as at Microsoft.
    assert!((20..28).contains(&hours(lifetime("https://graph.microsoft.com", &["cp1"]))));
}

/// What the token endpoint answers to a sign-in of Anna's, with `more` in the token request.
async fn signed_in(simulator: &Simulator, more: &[(&str, &str)]) -> Value {
    let authority = format!("{}/{ALPHA}", simulator.base());
    let scope = format!("api://{API}/use openid");
    let asked = [
        ("client_id", CLIENT),
        ("redirect_uri", "http://localhost:5173/"),
        ("response_type", "code"),
        ("scope", &scope),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let mut browser = Browser::new();
    let page = browser.authorize(&authority, &asked).await;
    let code = browser.submit(&page, "anna@alpha.example", &builtin::password("anna")).await.code();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT),
        ("redirect_uri", "http://localhost:5173/"),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    let form = [&form[..], more].concat();
    let (status, answer) = token(&authority, &form, Some("http://localhost:5173")).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

#[tokio::test]
async fn a_sign_in_brings_the_claims_of_api_and_client() {
    let answer = signed_in(&simulator().await, &[]).await;
    let access = claims_of(answer["access_token"].as_str().unwrap());
    let id = claims_of(answer["id_token"].as_str().unwrap());
    assert_eq!((&access["groups"], &id["groups"]), (&json!([INNER, OUTER]), &json!([INNER, OUTER])));
    assert_eq!((&access["sid"], &access["ctry"]), (&id["sid"], &json!("SE")));
    assert!(access["auth_time"].as_i64().unwrap() <= access["iat"].as_i64().unwrap());
    // A token for an hour needs no advice when to renew it.
    assert_eq!((answer.get("refresh_in"), access.get("xms_cc")), (None, None));
}

#[tokio::test]
async fn a_client_that_says_cp1_gets_a_long_token_and_advice_when_to_renew_it() {
    let claims = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;
    let answer = signed_in(&simulator().await, &[("claims", claims)]).await;
    let lifetime = answer["expires_in"].as_i64().unwrap();
    assert!((20 * 3_600..28 * 3_600).contains(&lifetime), "{lifetime}");
    assert_eq!(answer["refresh_in"], lifetime / 2);
    let access = claims_of(answer["access_token"].as_str().unwrap());
    assert_eq!(
        (&access["xms_cc"], &access["exp"]),
        (&json!(["cp1"]), &json!(access["iat"].as_i64().unwrap() + lifetime))
    );
}
