//! Who gets in where: switched-off people and applications, required assignments, aliases, hints, and what was taken
//! back (capability rows 89, 91, 93).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::world::{changed_text, changed_world, entry, principal};
use support::{Browser, CHALLENGE, VERIFIER, code_of, post_json, token};
use tenantry_simulator::{Simulator, World, builtin};

const REDIRECT: &str = "http://localhost:51234";

fn scope() -> String {
    format!("{} openid offline_access", builtin::API_SCOPE)
}

fn native(scope: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", builtin::NATIVE),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", scope),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

fn silent(scope: &str) -> Vec<(&str, &str)> {
    let mut parameters = native(scope);
    parameters.push(("prompt", "none"));
    parameters
}

async fn in_world(change: impl Fn(&mut toml::Table)) -> Simulator {
    Simulator::builder().world(changed_world(change)).start().await.unwrap()
}

/// Tokens of a person, by the command-line client.
async fn tokens(simulator: &Simulator, place: &str, user: &str) -> Value {
    let authority = format!("{}/{place}", simulator.base());
    let answer = Browser::new().sign_in(&authority, &native(&scope()), user).await;
    let code = answer.code();
    let form = [
        ("client_id", builtin::NATIVE),
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let (status, tokens) = token(&authority, &form, None).await;
    assert_eq!(status, 200, "{tokens}");
    tokens
}

async fn refresh(simulator: &Simulator, tokens: &Value) -> (u16, Value) {
    let scope = scope();
    let form = [
        ("client_id", builtin::NATIVE),
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ("scope", &*scope),
    ];
    token(&format!("{}/organizations", simulator.base()), &form, None).await
}

async fn daemon(simulator: &Simulator, place: &str) -> (u16, Value) {
    let scope = format!("{}/.default", builtin::API_URI);
    let form = [
        ("client_id", builtin::CONTOSO_DAEMON),
        ("client_secret", builtin::CONTOSO_DAEMON_SECRET),
        ("grant_type", "client_credentials"),
        ("scope", &*scope),
    ];
    token(&format!("{}/{place}", simulator.base()), &form, None).await
}

/// A simulator on a world file, tokens of Rita, the file changed and read again: what a refresh says.
async fn refresh_after(change: impl Fn(&mut toml::Table)) -> (u16, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.toml");
    std::fs::write(&file, changed_text(|_| ())).unwrap();
    let simulator = Simulator::builder().world_file(&file).start().await.unwrap();
    let tokens = tokens(&simulator, "organizations", "rita@contoso.example").await;
    std::fs::write(&file, changed_text(change)).unwrap();
    let (status, answer) = post_json(&format!("{}/sim/reload", simulator.base()), &json!({})).await;
    assert_eq!(status, 200, "{answer}");
    refresh(&simulator, &tokens).await
}

fn off(table: &mut toml::Table) {
    table.insert("enabled".into(), false.into());
}

#[tokio::test]
async fn a_grant_that_was_taken_back_ends_the_refresh_token_for_its_api() {
    let (status, answer) = refresh_after(|world| {
        let grants = principal(world, builtin::CONTOSO, builtin::NATIVE)["grants"].as_array_mut().unwrap();
        grants.retain(|grant| grant["resource"].as_str() != Some(builtin::API));
    })
    .await;
    assert_eq!((status, code_of(&answer)), (400, 65001), "{answer}");
    assert_eq!(
        (&answer["error"], &answer["suberror"]),
        (&json!("invalid_grant"), &json!("consent_required"))
    );
}

#[tokio::test]
async fn what_is_removed_or_switched_off_gives_no_more_tokens() {
    let remove_principal = |world: &mut toml::Table| {
        let tenant = entry(world, "tenants", ("id", builtin::CONTOSO));
        let principals = tenant["service_principals"].as_array_mut().unwrap();
        principals.retain(|principal| principal["app_id"].as_str() != Some(builtin::NATIVE));
    };
    let (status, answer) = refresh_after(remove_principal).await;
    assert_eq!((status, code_of(&answer), &answer["error"]), (400, 700_016, &json!("unauthorized_client")));

    let (_, answer) = refresh_after(|world| off(principal(world, builtin::CONTOSO, builtin::NATIVE))).await;
    assert_eq!((code_of(&answer), &answer["error"]), (7_000_112, &json!("unauthorized_client")));
    let (_, answer) = refresh_after(|world| off(principal(world, builtin::CONTOSO, builtin::API))).await;
    assert_eq!((code_of(&answer), &answer["error"]), (500_014, &json!("invalid_resource")));
    let (_, answer) =
        refresh_after(|world| off(entry(world, "applications", ("app_id", builtin::NATIVE)))).await;
    assert_eq!((code_of(&answer), &answer["error"]), (70001, &json!("unauthorized_client")));
    let (_, answer) = refresh_after(|world| {
        let contoso = entry(world, "tenants", ("id", builtin::CONTOSO));
        off(entry(contoso, "users", ("id", builtin::CONTOSO_READER)));
    })
    .await;
    assert_eq!((code_of(&answer), &answer["error"]), (50057, &json!("invalid_grant")));
    let (status, answer) = refresh_after(|_| ()).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn a_disabled_person_is_told_so_at_the_sign_in_and_only_with_the_right_password() {
    let simulator = in_world(|world| {
        let contoso = entry(world, "tenants", ("id", builtin::CONTOSO));
        off(entry(contoso, "users", ("id", builtin::CONTOSO_READER)));
    })
    .await;
    let (mut browser, scope) = (Browser::new(), scope());
    let authority = format!("{}/organizations", simulator.base());
    let page = browser.sign_in(&authority, &native(&scope), "rita@contoso.example").await;
    assert!(page.status == 200 && page.body.contains("AADSTS50057"), "{}", page.body);
    let page = browser.submit(&page, "rita@contoso.example", "wrong").await;
    assert!(page.body.contains("AADSTS50126"), "{}", page.body);
}

#[tokio::test]
async fn an_application_that_was_narrowed_says_so_where_it_was_consented_to() {
    let simulator = in_world(|world| {
        let application = entry(world, "applications", ("app_id", builtin::NATIVE));
        application.insert("sign_in_audience".into(), "AzureADMyOrg".into());
    })
    .await;
    let authority = format!("{}/{}", simulator.base(), builtin::FABRIKAM);
    let page = Browser::new().sign_in(&authority, &native(&scope()), "ruben@fabrikam.example").await;
    assert!(page.status == 400 && page.body.contains("AADSTS650059"), "{}", page.body);
}

#[tokio::test]
async fn an_api_that_demands_assignments_demands_them_of_people_and_programs() {
    let assignment_required = |world: &mut toml::Table| {
        principal(world, builtin::CONTOSO, builtin::API).insert("assignment_required".into(), true.into());
    };
    let simulator = in_world(assignment_required).await;
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    tokens(&simulator, builtin::CONTOSO, "rita@contoso.example").await;
    let (mut browser, scope) = (Browser::new(), scope());
    let page = browser.sign_in(&authority, &native(&scope), "norman@contoso.example").await;
    assert!(page.status == 400 && page.body.contains("AADSTS50105"), "{}", page.body);
    let answer = browser.authorize(&authority, &silent(&scope)).await;
    assert_eq!(answer.parameter("error").as_deref(), Some("interaction_required"));

    assert_eq!(daemon(&simulator, builtin::CONTOSO).await.0, 200);
    let simulator = in_world(|world| {
        assignment_required(world);
        principal(world, builtin::CONTOSO, builtin::CONTOSO_DAEMON).remove("grants");
    })
    .await;
    let (status, answer) = daemon(&simulator, builtin::CONTOSO).await;
    assert_eq!((status, code_of(&answer), &answer["error"]), (400, 501_051, &json!("invalid_grant")));
    // Without the demand such a program gets a token, with no roles in it.
    let simulator = in_world(|world| {
        principal(world, builtin::CONTOSO, builtin::CONTOSO_DAEMON).remove("grants");
    })
    .await;
    assert_eq!(daemon(&simulator, builtin::CONTOSO).await.0, 200);
}

#[tokio::test]
async fn programs_name_their_tenant() {
    let simulator = Simulator::start().await.unwrap();
    for alias in ["common", "organizations", "consumers"] {
        let (status, answer) = daemon(&simulator, alias).await;
        assert_eq!((status, code_of(&answer)), (400, 9_001_023), "{alias}: {answer}");
    }
}

#[tokio::test]
async fn customers_sign_in_at_their_own_directory_only() {
    let world = changed_world(|world| {
        let application = entry(world, "applications", ("app_id", builtin::NATIVE));
        application.insert("sign_in_audience".into(), "AzureADandPersonalMicrosoftAccount".into());
    });
    let simulator = Simulator::builder().world(world).start().await.unwrap();
    let carla = "carla@fabrikamcustomers.onsimulator.example";
    for place in ["common", "organizations", builtin::CONTOSO] {
        let authority = format!("{}/{place}", simulator.base());
        let page = Browser::new().sign_in(&authority, &native("openid"), carla).await;
        assert!(page.status == 400 && page.body.contains("AADSTS50020"), "{place}: {}", page.body);
    }
}

#[tokio::test]
async fn a_domain_hint_chooses_among_the_accounts_of_the_browser() {
    let simulator = Simulator::start().await.unwrap();
    let mut browser = Browser::new();
    let common = format!("{}/common", simulator.base());
    let fresh = |scope| {
        let mut parameters = native(scope);
        parameters.push(("prompt", "login"));
        parameters
    };
    let users = ["casey@outlook.example", "alice@contoso.example", "ruben@fabrikam.example"];
    for user in users {
        browser.sign_in(&common, &fresh("openid"), user).await.code();
    }
    for (hint, one) in [
        ("consumers", true),
        ("organizations", false),
        ("CONTOSO.example", true),
        ("fabrikam.example", true),
        ("northwind.example", false),
        ("unknown.example", false),
    ] {
        let mut parameters = silent("openid");
        parameters.push(("domain_hint", hint));
        let answer = browser.authorize(&common, &parameters).await;
        assert_eq!(answer.parameter("code").is_some(), one, "{hint}: {:?}", answer.location);
    }
    let mut parameters = native("openid");
    parameters.push(("domain_hint", "organizations"));
    let page = browser.authorize(&common, &parameters).await;
    assert!(page.body.contains("alice@contoso.example") && !page.body.contains("casey"), "{}", page.body);
}

#[tokio::test]
async fn a_guest_consents_in_the_tenant_that_invited_them() {
    let simulator = Simulator::start().await.unwrap();
    let contoso = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    let parameters = [
        ("client_id", builtin::UNCONSENTED),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:5006/callback"),
        ("scope", "User.Read"),
    ];
    let mut browser = Browser::new();
    let page = browser.sign_in(&contoso, &parameters, "emil@fabrikam.example").await;
    assert!(page.body.contains("Contoso"), "{}", page.body);
    browser.accept(&page).await.code();
    let world = simulator.world();
    let client = builtin::UNCONSENTED.parse().unwrap();
    let granted = |world: &World, tenant: &str| {
        let principal = world.tenant(tenant).unwrap().service_principal(client)?;
        principal.grants[0].user.map(|user| user.to_string())
    };
    assert_eq!(granted(&world, builtin::CONTOSO).as_deref(), Some(builtin::FABRIKAM_GUEST_IN_CONTOSO));
    assert_eq!(granted(&world, builtin::FABRIKAM), None);
}
