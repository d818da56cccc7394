//! Admin consent, as a specification (capability row 91).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::json;
use support::{Answer, Browser, claims_of, code_of, token};
use tenantry_simulator::{ServicePrincipal, Simulator, World, builtin};

const REDIRECT: &str = "http://localhost:5006/callback";
const SECRET: &str = "not-a-real-secret-unconsented";
const INVOICES: &str = "api://a0000000-0000-4000-8000-000000000003";
const GRAPH_DEFAULT: &str = "https://graph.microsoft.com/.default";

fn asks<'a>(scope: &'a str, redirect_uri: &'a str) -> Vec<(&'a str, &'a str)> {
    let parameters = [
        ("client_id", builtin::UNCONSENTED),
        ("scope", scope),
        ("redirect_uri", redirect_uri),
        ("state", "s&1"),
    ];
    parameters.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// Opens the endpoint and signs in.
async fn as_user(browser: &mut Browser, address: &str, parameters: &[(&str, &str)], user: &str) -> Answer {
    let page = browser.open(address, parameters).await;
    assert!(page.body.contains("name=\"passwd\""), "{:?} {}", page.location, page.body);
    browser.submit(&page, user, &builtin::password(user.split('@').next().unwrap())).await
}

fn is_consent_page(answer: &Answer) -> bool {
    answer.status == 200 && answer.body.contains("name=\"ticket\"")
}

fn principal(simulator: &Simulator, tenant: &str, client: &str) -> Option<ServicePrincipal> {
    let world = simulator.world();
    world.tenant(tenant).unwrap().service_principal(client.parse().unwrap()).cloned()
}

/// The built-in world with some text of its TOML form replaced.
fn world_with(from: &str, to: &str) -> World {
    let text = toml::to_string(&World::builtin()).unwrap();
    assert!(text.contains(from), "{from}");
    World::from_toml(&text.replacen(from, to, 1)).unwrap()
}

#[tokio::test]
async fn an_administrator_lets_an_application_in_for_everybody() {
    let simulator = Simulator::start().await.unwrap();
    let address = format!("{}/{}/v2.0/adminconsent", simulator.base(), builtin::CONTOSO);
    let scope = format!("{INVOICES}/.default");
    let mut browser = Browser::new();
    let page = as_user(&mut browser, &address, &asks(&scope, REDIRECT), "alice@contoso.example").await;
    for said in ["Unconsented Web", "for everybody in Contoso", "invoices.read", "Accountant", "User.Read"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(principal(&simulator, builtin::CONTOSO, builtin::UNCONSENTED).is_none());

    let answer = browser.accept(&page).await;
    let location = answer.location.as_ref().unwrap();
    assert!(location.as_str().starts_with(&format!("{REDIRECT}?")), "{location}");
    let names: Vec<_> = location.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["admin_consent", "tenant", "scope", "state"]);
    assert_eq!(answer.parameter("admin_consent").as_deref(), Some("True"));
    assert_eq!(answer.parameter("tenant").as_deref(), Some(builtin::CONTOSO));
    assert_eq!(answer.parameter("state").as_deref(), Some("s&1"));
    let granted = format!("{INVOICES}/invoices.read https://graph.microsoft.com/User.Read {scope}");
    assert_eq!(answer.parameter("scope"), Some(granted));

    // People are asked no more, and the application gets its roles.
    let sign_in = [
        ("client_id", builtin::UNCONSENTED),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", &scope),
    ];
    let contoso = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    Browser::new().sign_in(&contoso, &sign_in, "rita@contoso.example").await.code();
    let credentials = [
        ("client_id", builtin::UNCONSENTED),
        ("client_secret", SECRET),
        ("grant_type", "client_credentials"),
        ("scope", &scope),
    ];
    let (_, answer) = token(&contoso, &credentials, None).await;
    assert_eq!(claims_of(answer["access_token"].as_str().unwrap())["roles"], json!(["Accountant"]));
    // In another tenant nothing has happened.
    let (status, refused) =
        token(&format!("{}/{}", simulator.base(), builtin::NORTHWIND), &credentials, None).await;
    assert_eq!((status, code_of(&refused)), (401, 7_000_229), "{refused}");
}

#[tokio::test]
async fn version_1_grants_the_static_permissions_and_knows_common() {
    let simulator = Simulator::start().await.unwrap();
    for place in ["common", "organizations"] {
        let address = format!("{}/{place}/adminconsent", simulator.base());
        let mut browser = Browser::new();
        let page = as_user(&mut browser, &address, &asks("", REDIRECT), "anton@northwind.example").await;
        assert!(page.body.contains("Accountant"), "{}", page.body);
        let answer = browser.accept(&page).await;
        assert_eq!(answer.parameter("tenant").as_deref(), Some(builtin::NORTHWIND));
        assert_eq!(answer.parameter("admin_consent").as_deref(), Some("True"));
        assert_eq!(answer.parameter("scope"), None);
        let principal = principal(&simulator, builtin::NORTHWIND, builtin::UNCONSENTED).unwrap();
        assert!(principal.grants.iter().all(|grant| grant.user.is_none()) && principal.grants.len() == 2);
    }
}

#[tokio::test]
async fn a_refusal_goes_back_to_the_application() {
    let simulator = Simulator::start().await.unwrap();
    for (version, error) in [("v2.0/", "access_denied"), ("", "permission_denied")] {
        let address = format!("{}/organizations/{version}adminconsent", simulator.base());
        let mut browser = Browser::new();
        let page =
            as_user(&mut browser, &address, &asks(GRAPH_DEFAULT, REDIRECT), "alice@contoso.example").await;
        let answer = browser.decide(&page, &[("decision", "cancel")]).await;
        assert_eq!(answer.parameter("error").as_deref(), Some(error));
        assert!(answer.parameter("error_description").unwrap().starts_with("AADSTS65004: "));
        assert_eq!(answer.parameter("admin_consent").as_deref(), Some("True"));
        assert_eq!(answer.parameter("state").as_deref(), Some("s&1"));
        assert_eq!(answer.parameter("tenant"), None);
    }
    assert!(principal(&simulator, builtin::CONTOSO, builtin::UNCONSENTED).is_none());
}

#[tokio::test]
async fn only_administrators_of_the_tenant_itself_are_asked() {
    // Emil is an administrator in Contoso by the letter, and a guest there.
    let guest = "upn = \"emil_fabrikam.example#EXT#@contoso.example\"";
    let world = world_with(guest, &format!("{guest}\ndirectory_roles = [\"global-administrator\"]"));
    let simulator = Simulator::builder().world(world).start().await.unwrap();
    let address = format!("{}/{}/v2.0/adminconsent", simulator.base(), builtin::CONTOSO);
    for user in ["rita@contoso.example", "emil@fabrikam.example"] {
        let mut browser = Browser::new();
        let page = as_user(&mut browser, &address, &asks(GRAPH_DEFAULT, REDIRECT), user).await;
        assert!(page.status == 400 && page.body.contains("AADSTS90093"), "{user}: {}", page.body);
        assert!(page.body.contains("prompt=select_account"), "{user}: {}", page.body);
    }
    // A stranger's administrator is refused, and the application hears of it.
    let asked = asks(GRAPH_DEFAULT, REDIRECT);
    let answer = as_user(&mut Browser::new(), &address, &asked, "amira@fabrikam.example").await;
    assert_eq!(answer.parameter("error").as_deref(), Some("access_denied"));
    assert!(answer.parameter("error_description").unwrap().starts_with("AADSTS50020: "));
}

#[tokio::test]
async fn application_permissions_of_microsoft_graph_need_more_than_an_application_administrator() {
    let text = toml::to_string(&World::builtin()).unwrap();
    let text = text.replacen(
        "directory_roles = [\"global-administrator\"]",
        "directory_roles = [\"application-administrator\"]",
        1,
    );
    let graph_role = "scopes = [\"User.Read\"]\nroles = [\"User.Read.All\"]";
    let place = text.find("display_name = \"Unconsented Web\"").unwrap();
    let (before, after) = text.split_at(place);
    let at = after.find("scopes = [\"User.Read\"]").unwrap();
    let end = at + after[at..].find("roles = []").unwrap() + "roles = []".len();
    let world = World::from_toml(&format!("{before}{}{graph_role}{}", &after[..at], &after[end..])).unwrap();
    let simulator = Simulator::builder().world(world).start().await.unwrap();
    let address = format!("{}/{}/adminconsent", simulator.base(), builtin::CONTOSO);
    let mut browser = Browser::new();
    let page = as_user(&mut browser, &address, &asks("", REDIRECT), "alice@contoso.example").await;
    let answer = browser.accept(&page).await;
    assert!(is_consent_page(&answer) && answer.body.contains("AADSTS90094"), "{}", answer.body);
    assert!(principal(&simulator, builtin::CONTOSO, builtin::UNCONSENTED).is_none());
}

#[tokio::test]
async fn answers_go_to_registered_addresses_only() {
    let simulator = Simulator::start().await.unwrap();
    let address = format!("{}/organizations/v2.0/adminconsent", simulator.base());
    let mut browser = Browser::new();
    for (redirect_uri, code) in
        [("https://evil.example/", "AADSTS50011"), ("http://localhost:5006/callbacks", "AADSTS50011")]
    {
        let page = browser.open(&address, &asks(GRAPH_DEFAULT, redirect_uri)).await;
        assert!(page.status == 400 && page.location.is_none() && page.body.contains(code), "{}", page.body);
    }
    // Left out, the first registered one is used; an API without any cannot be consented to like this.
    let page = as_user(&mut browser, &address, &asks(GRAPH_DEFAULT, ""), "alice@contoso.example").await;
    assert!(browser.accept(&page).await.location.unwrap().as_str().starts_with(REDIRECT));
    let page = browser.open(&address, &[("client_id", builtin::API), ("scope", GRAPH_DEFAULT)]).await;
    assert!(page.status == 400 && page.body.contains("AADSTS900971"), "{}", page.body);
}

#[tokio::test]
async fn what_makes_no_sense_is_said_to_the_application() {
    let simulator = Simulator::start().await.unwrap();
    let asked = asks(GRAPH_DEFAULT, REDIRECT);
    for place in ["common", "consumers"] {
        let address = format!("{}/{place}/v2.0/adminconsent", simulator.base());
        let answer = Browser::new().open(&address, &asked).await;
        assert_eq!(answer.parameter("error").as_deref(), Some("invalid_request"), "{place}");
    }
    let address = format!("{}/organizations/v2.0/adminconsent", simulator.base());
    for (scope, error, code) in [
        ("", "invalid_request", "AADSTS900144"),
        (&*format!("{INVOICES}/nonsense"), "invalid_scope", "AADSTS70011"),
        (&*format!("{}/.default", builtin::API_URI), "invalid_resource", "AADSTS650057"),
        ("api://nowhere/x", "invalid_resource", "AADSTS500011"),
    ] {
        let answer =
            as_user(&mut Browser::new(), &address, &asks(scope, REDIRECT), "alice@contoso.example").await;
        assert_eq!(answer.parameter("error").as_deref(), Some(error), "{}", answer.body);
        assert!(answer.parameter("error_description").unwrap().starts_with(code));
    }
    let nowhere = format!("{}/nowhere.example/v2.0/adminconsent", simulator.base());
    assert!(Browser::new().open(&nowhere, &asked).await.body.contains("AADSTS90002"));
    let missing = Browser::new().open(&address, &[("scope", GRAPH_DEFAULT)]).await;
    assert!(missing.body.contains("AADSTS900144"), "{}", missing.body);
}

#[tokio::test]
async fn forged_answers_change_nothing() {
    // T-152: neither without a ticket, nor with one of another request or of another browser.
    let simulator = Simulator::start().await.unwrap();
    let address = format!("{}/{}/v2.0/adminconsent", simulator.base(), builtin::CONTOSO);
    let mut browser = Browser::new();
    let asked = asks(GRAPH_DEFAULT, REDIRECT);
    let page = as_user(&mut browser, &address, &asked, "alice@contoso.example").await;
    let less = browser.open(&address, &asks("User.Read", REDIRECT)).await;
    let other = as_user(&mut Browser::new(), &address, &asked, "alice@contoso.example").await;
    for ticket in ["", "forged", &ticket_of(&less), &ticket_of(&other)] {
        let body =
            page.body.replace(&format!("value=\"{}\"", ticket_of(&page)), &format!("value=\"{ticket}\""));
        let answer = browser.accept(&Answer { status: 200, location: None, set_cookie: None, body }).await;
        assert!(answer.location.is_none() && answer.status == 200, "{ticket}");
    }
    assert!(Browser::new().accept(&page).await.body.contains("name=\"passwd\""));
    assert!(principal(&simulator, builtin::CONTOSO, builtin::UNCONSENTED).is_none());
    assert!(browser.accept(&page).await.location.is_some(), "the page itself is good");
}

fn ticket_of(page: &Answer) -> String {
    let rest = page.body.split_once("name=\"ticket\" value=\"").unwrap().1;
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_known_client_brings_its_api_along() {
    let simulator = Simulator::start().await.unwrap();
    let address = format!("{}/{}/adminconsent", simulator.base(), builtin::FABRIKAM);
    let mut browser = Browser::new();
    let asked = [("client_id", builtin::REPORTS_WEB), ("redirect_uri", "http://localhost:5007/callback")];
    let page = as_user(&mut browser, &address, &asked, "amira@fabrikam.example").await;
    assert_eq!(browser.accept(&page).await.parameter("admin_consent").as_deref(), Some("True"));
    let reports = principal(&simulator, builtin::FABRIKAM, builtin::REPORTS_API).unwrap();
    assert!(reports.grants.iter().any(|grant| grant.resource.to_string() == builtin::API));
    assert!(principal(&simulator, builtin::FABRIKAM, builtin::REPORTS_WEB).is_some());
}

#[tokio::test]
async fn an_api_may_be_consented_to_by_itself() {
    // The way for publishers whose clients are registered elsewhere: the API has a redirect URI of its own.
    let simulator = Simulator::start().await.unwrap();
    let address = format!("{}/organizations/v2.0/adminconsent", simulator.base());
    let mut browser = Browser::new();
    let scope = format!("api://{}/.default", builtin::REPORTS_API);
    let page = as_user(
        &mut browser,
        &address,
        &[("client_id", builtin::REPORTS_API), ("scope", &scope)],
        "amira@fabrikam.example",
    )
    .await;
    browser.accept(&page).await;
    assert!(principal(&simulator, builtin::FABRIKAM, builtin::REPORTS_API).is_some());
}

#[tokio::test]
async fn an_api_that_is_missing_in_the_tenant_is_named() {
    let simulator = Simulator::start().await.unwrap();
    let address = format!("{}/organizations/v2.0/adminconsent", simulator.base());
    let scope = format!("api://{}/reports.read", builtin::REPORTS_API);
    let answer =
        as_user(&mut Browser::new(), &address, &asks(&scope, REDIRECT), "amira@fabrikam.example").await;
    assert!(answer.parameter("error_description").unwrap().starts_with("AADSTS650052: "), "{}", answer.body);
    // And an application of another organisation's own is not for others.
    let single = [("client_id", builtin::FABRIKAM_SPA), ("scope", "User.Read")];
    let answer = as_user(&mut Browser::new(), &address, &single, "alice@contoso.example").await;
    assert!(answer.parameter("error_description").unwrap().starts_with("AADSTS700016: "), "{}", answer.body);
}
