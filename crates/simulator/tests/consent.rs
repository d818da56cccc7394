//! Consent of people at the authorize endpoint, as a specification (capability row 91).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::world::{changed_world, entry};
use support::{Answer, Browser, claims_of, code_of, token};
use tenantry_simulator::{Simulator, builtin};

const REDIRECT: &str = "http://localhost:5006/callback";
const SECRET: &str = "not-a-real-secret-unconsented";
const INVOICES: &str = "api://a0000000-0000-4000-8000-000000000003/invoices.read";
const APPROVE: &str = "api://a0000000-0000-4000-8000-000000000003/invoices.approve";
const INVOICES_DEFAULT: &str = "api://a0000000-0000-4000-8000-000000000003/.default";
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// A client that nobody consented to, in Contoso unless it says otherwise.
struct Client {
    simulator: Simulator,
}

impl Client {
    async fn start() -> Self {
        Self { simulator: Simulator::start().await.unwrap() }
    }

    async fn in_world(change: impl Fn(&mut toml::Table)) -> Self {
        let world = changed_world(change);
        Self { simulator: Simulator::builder().world(world).start().await.unwrap() }
    }

    fn at(&self, tenant: &str) -> String {
        format!("{}/{tenant}", self.simulator.base())
    }

    async fn sign_in(&self, browser: &mut Browser, user: &str, scope: &str) -> Answer {
        browser.sign_in(&self.at("organizations"), &asks(scope), user).await
    }

    async fn redeem(&self, answer: &Answer) -> (u16, Value) {
        let code = answer.code();
        let form = [
            ("client_id", builtin::UNCONSENTED),
            ("client_secret", SECRET),
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT),
        ];
        token(&self.at("organizations"), &form, None).await
    }

    async fn refresh(&self, tokens: &Value, scope: &str) -> (u16, Value) {
        let form = [
            ("client_id", builtin::UNCONSENTED),
            ("client_secret", SECRET),
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
            ("scope", scope),
        ];
        token(&self.at("organizations"), &form, None).await
    }

    /// Service principal of the client in a tenant.
    fn principal(&self, tenant: &str) -> Option<tenantry_simulator::ServicePrincipal> {
        let world = self.simulator.world();
        let client = builtin::UNCONSENTED.parse().unwrap();
        world.tenant(tenant).unwrap().service_principal(client).cloned()
    }
}

fn asks(scope: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", builtin::UNCONSENTED),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", scope),
        ("state", "s&1"),
    ]
}

fn with<'a>(scope: &'a str, name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut parameters = asks(scope);
    parameters.push((name, value));
    parameters
}

fn is_consent_page(answer: &Answer) -> bool {
    answer.status == 200 && answer.body.contains("name=\"ticket\"")
}

#[tokio::test]
async fn a_missing_consent_is_asked_for_once_and_then_granted_for_the_person() {
    let client = Client::start().await;
    let scope = format!("{INVOICES} openid offline_access");
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "rita@contoso.example", &scope).await;
    assert!(is_consent_page(&page), "{} {}", page.status, page.body);
    for said in ["Unconsented Web", "Fabrikam", "another organisation", "invoices.read", "localhost:5006"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(!page.body.contains("for_organization"), "no administrator: {}", page.body);
    assert!(client.principal(builtin::CONTOSO).is_none());

    let answer = browser.accept(&page).await;
    assert_eq!(answer.parameter("state").as_deref(), Some("s&1"));
    let (status, tokens) = client.redeem(&answer).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(claims_of(tokens["access_token"].as_str().unwrap())["scp"], "invoices.read");

    let principal = client.principal(builtin::CONTOSO).unwrap();
    let rita = builtin::CONTOSO_READER.parse().unwrap();
    assert!(principal.grants.iter().all(|grant| grant.user == Some(rita)), "{:?}", principal.grants);
    client.sign_in(&mut Browser::new(), "rita@contoso.example", &scope).await.code();
    // Somebody else is asked for themselves.
    let page = client.sign_in(&mut Browser::new(), "edgar@contoso.example", &scope).await;
    assert!(is_consent_page(&page), "{}", page.body);
}

#[tokio::test]
async fn refused_consent_goes_back_to_the_client_and_leaves_nothing_behind() {
    let client = Client::start().await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "rita@contoso.example", INVOICES).await;
    let answer = browser.decide(&page, &[("decision", "cancel")]).await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(answer.parameter("error_subcode").as_deref(), Some("cancel"));
    assert_eq!(answer.parameter("state").as_deref(), Some("s&1"));
    assert!(answer.parameter("error_description").unwrap().starts_with("AADSTS65004: "));
    assert!(answer.parameter("error_uri").unwrap().ends_with("code=65004"));
    assert!(client.principal(builtin::CONTOSO).is_none());
}

#[tokio::test]
async fn silent_requests_are_told_and_never_shown_a_page() {
    let client = Client::start().await;
    let mut browser = Browser::new();
    client.sign_in(&mut browser, "rita@contoso.example", INVOICES).await;
    let answer = browser.authorize(&client.at("organizations"), &with(INVOICES, "prompt", "none")).await;
    assert_eq!(answer.parameter("error").as_deref(), Some("interaction_required"));
    assert!(answer.parameter("error_description").unwrap().starts_with("AADSTS65001: "));
}

#[tokio::test]
async fn consent_grows_with_what_is_asked() {
    let client = Client::start().await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "rita@contoso.example", "openid offline_access User.Read").await;
    let (_, tokens) = client.redeem(&browser.accept(&page).await).await;
    // What was not consented to is refused at the token endpoint, in a way that clients understand.
    let (status, refused) = client.refresh(&tokens, INVOICES).await;
    assert_eq!((status, code_of(&refused)), (400, 65001), "{refused}");
    assert_eq!(
        (&refused["error"], &refused["suberror"]),
        (&json!("invalid_grant"), &json!("consent_required"))
    );

    let page = browser.authorize(&client.at("organizations"), &asks(INVOICES)).await;
    assert!(is_consent_page(&page), "{}", page.body);
    browser.accept(&page).await.code();
    let (status, refreshed) = client.refresh(&tokens, INVOICES).await;
    assert_eq!(status, 200, "{refreshed}");
}

#[tokio::test]
async fn microsoft_graph_needs_grants_and_the_sign_in_itself_needs_none() {
    let client = Client::start().await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "rita@contoso.example", "openid profile").await;
    browser.accept(&page).await.code();
    browser.authorize(&client.at("organizations"), &asks("openid email offline_access")).await.code();
    let page = browser.authorize(&client.at("organizations"), &asks("User.Read")).await;
    assert!(is_consent_page(&page), "{}", page.body);
}

#[tokio::test]
async fn prompt_consent_asks_again() {
    let client = Client::start().await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "rita@contoso.example", INVOICES).await;
    browser.accept(&page).await.code();
    let page = browser.authorize(&client.at("organizations"), &with(INVOICES, "prompt", "consent")).await;
    assert!(is_consent_page(&page), "{}", page.body);
    browser.accept(&page).await.code();
}

#[tokio::test]
async fn an_administrator_may_accept_for_everybody() {
    let client = Client::start().await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "alice@contoso.example", INVOICES).await;
    assert!(page.body.contains("name=\"for_organization\""), "{}", page.body);
    browser.decide(&page, &[("decision", "accept"), ("for_organization", "true")]).await.code();
    client.sign_in(&mut Browser::new(), "rita@contoso.example", INVOICES).await.code();
}

#[tokio::test]
async fn nobody_ticks_a_box_that_was_not_shown() {
    let client = Client::start().await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "rita@contoso.example", INVOICES).await;
    let answer = browser.decide(&page, &[("decision", "accept"), ("for_organization", "true")]).await;
    assert!(is_consent_page(&answer) && answer.body.contains("AADSTS90094"), "{}", answer.body);
    assert!(client.principal(builtin::CONTOSO).is_none());
}

#[tokio::test]
async fn forged_answers_change_nothing() {
    // T-152: a page of another site can make the browser post, with its cookie, but has no ticket.
    let client = Client::start().await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "rita@contoso.example", INVOICES).await;
    let forge = |ticket: &str| Answer {
        status: 200,
        location: None,
        set_cookie: None,
        body: page.body.replace(&value_of(&page.body, "ticket"), ticket),
    };
    for ticket in ["forged", "AAAA"] {
        let answer = browser.accept(&forge(ticket)).await;
        assert!(is_consent_page(&answer), "{:?} {}", answer.location, answer.body);
    }
    // Nor does a ticket of somebody else's browser help, nor one of another request.
    let other = client.sign_in(&mut Browser::new(), "rita@contoso.example", INVOICES).await;
    assert!(is_consent_page(&browser.accept(&forge(&value_of(&other.body, "ticket"))).await));
    let other = browser.authorize(&client.at("organizations"), &asks("User.Read")).await;
    assert!(is_consent_page(&browser.accept(&forge(&value_of(&other.body, "ticket"))).await));
    // And without a session there is nobody to ask.
    let answer = Browser::new().accept(&page).await;
    assert!(answer.body.contains("name=\"passwd\""), "{}", answer.body);
    assert!(client.principal(builtin::CONTOSO).is_none());
    // The redirect URI is checked again.
    let request = value_of(&page.body, "request");
    let evil = request.replace("localhost%3A5006", "evil.example");
    assert_ne!(evil, request);
    let body = page.body.replace(&request, &evil);
    let answer = browser.accept(&Answer { status: 200, location: None, set_cookie: None, body }).await;
    assert!(answer.location.is_none() && answer.body.contains("AADSTS50011"), "{}", answer.body);
}

fn value_of(body: &str, name: &str) -> String {
    let rest = body.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn permissions_for_administrators_are_not_peoples_to_grant() {
    let client = Client::start().await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "rita@contoso.example", APPROVE).await;
    assert!(page.body.contains("AADSTS90094") && page.body.contains("/v2.0/adminconsent?"), "{}", page.body);
    let log = client.simulator.requests();
    assert_eq!(log.requests.last().unwrap().code, Some(90094), "the request log knows too");
    let page = client.sign_in(&mut Browser::new(), "alice@contoso.example", APPROVE).await;
    assert!(is_consent_page(&page), "{}", page.body);
    // Application permissions among the static ones: the same.
    let page = client.sign_in(&mut Browser::new(), "rita@contoso.example", INVOICES_DEFAULT).await;
    assert!(page.body.contains("AADSTS90094"), "{}", page.body);
}

#[tokio::test]
async fn a_tenant_may_leave_consent_to_its_administrators() {
    // Northwind has user consent switched off; another tenant offers to ask an administrator.
    let client = Client::in_world(|world| {
        entry(world, "tenants", ("name", "Contoso")).insert("user_consent".into(), "request".into());
    })
    .await;
    for (user, code) in [("rosa@northwind.example", "AADSTS90094"), ("rita@contoso.example", "AADSTS90095")] {
        let page = client.sign_in(&mut Browser::new(), user, INVOICES).await;
        assert!(page.status == 400 && page.body.contains(code), "{user}: {}", page.body);
    }
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "anton@northwind.example", INVOICES).await;
    browser.decide(&page, &[("decision", "accept"), ("for_organization", "true")]).await.code();
    client.sign_in(&mut Browser::new(), "rosa@northwind.example", INVOICES).await.code();
}

#[tokio::test]
async fn default_means_the_static_permissions_of_every_api() {
    let client = Client::in_world(|world| {
        let application = entry(world, "applications", ("display_name", "Unconsented Web"));
        for required in application["required_permissions"].as_array_mut().unwrap() {
            required.as_table_mut().unwrap().insert("roles".into(), toml::Value::Array(Vec::new()));
        }
    })
    .await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "rita@contoso.example", INVOICES_DEFAULT).await;
    assert!(page.body.contains("invoices.read") && page.body.contains("User.Read"), "{}", page.body);
    let (_, tokens) = client.redeem(&browser.accept(&page).await).await;
    assert_eq!(claims_of(tokens["access_token"].as_str().unwrap())["scp"], "invoices.read");
    browser.authorize(&client.at("organizations"), &asks("User.Read")).await.code();
    // Mixed with a named permission of the same API it is nonsense, and the client hears of it.
    let mixed = format!("{INVOICES_DEFAULT} {INVOICES}");
    let answer = browser.authorize(&client.at("organizations"), &asks(&mixed)).await;
    assert_eq!(answer.parameter("error").as_deref(), Some("invalid_scope"));
    assert!(answer.parameter("error_description").unwrap().starts_with("AADSTS70011: "));
    // An API that the registration does not list has no static permissions.
    let answer = browser
        .authorize(&client.at("organizations"), &asks(&format!("{}/.default", builtin::API_URI)))
        .await;
    assert!(answer.body.contains("AADSTS650057"), "{}", answer.body);
}

#[tokio::test]
async fn one_grant_is_enough_for_default_and_all_grants_come_with_it() {
    let client = Client::start().await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "alice@contoso.example", APPROVE).await;
    browser.accept(&page).await.code();
    let answer = browser.authorize(&client.at("organizations"), &asks(INVOICES_DEFAULT)).await;
    let (_, tokens) = client.redeem(&answer).await;
    assert_eq!(claims_of(tokens["access_token"].as_str().unwrap())["scp"], "invoices.approve");
}

#[tokio::test]
async fn an_api_that_is_not_in_the_tenant_cannot_be_consented_to() {
    let client = Client::start().await;
    let scope = "api://a0000000-0000-4000-8000-000000000004/reports.read";
    let page = client.sign_in(&mut Browser::new(), "ruben@fabrikam.example", scope).await;
    assert!(page.status == 400 && page.body.contains("AADSTS650052"), "{}", page.body);
}

fn reports(scope: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", builtin::REPORTS_WEB),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:5007/callback"),
        ("scope", scope),
    ]
}

#[tokio::test]
async fn a_known_client_is_consented_to_together_with_its_api() {
    let client = Client::start().await;
    let (mut browser, fabrikam) = (Browser::new(), client.at(builtin::FABRIKAM));
    // By name the API is missing; only `/.default` brings it along.
    let named = "api://a0000000-0000-4000-8000-000000000004/reports.read";
    let page = browser.sign_in(&fabrikam, &reports(named), "ruben@fabrikam.example").await;
    assert!(page.body.contains("AADSTS650052"), "{}", page.body);

    let default = "api://a0000000-0000-4000-8000-000000000004/.default openid";
    let page = browser.authorize(&fabrikam, &reports(default)).await;
    for wanted in ["Reports API", "reports.read", "Tasks API", "access_as_user", "User.Read"] {
        assert!(page.body.contains(wanted), "{wanted}: {}", page.body);
    }
    browser.accept(&page).await.code();
    let world = client.simulator.world();
    let tenant = world.tenant(builtin::FABRIKAM).unwrap();
    let granted = |client: &str, resource: &str| {
        let principal = tenant.service_principal(client.parse().unwrap()).unwrap();
        let resource = resource.parse().unwrap();
        principal.grants.iter().any(|grant| grant.resource == resource && !grant.scopes.is_empty())
    };
    assert!(granted(builtin::REPORTS_WEB, builtin::REPORTS_API));
    assert!(granted(builtin::REPORTS_API, builtin::API) && granted(builtin::REPORTS_API, GRAPH));
}

#[tokio::test]
async fn consent_is_not_combined_across_publishers() {
    let client = Client::in_world(|world| {
        let api = entry(world, "applications", ("display_name", "Reports API"));
        api["known_clients"] = toml::Value::Array(vec![builtin::UNCONSENTED.into()]);
    })
    .await;
    let scope = "api://a0000000-0000-4000-8000-000000000004/.default";
    let page = client.sign_in(&mut Browser::new(), "ruben@fabrikam.example", scope).await;
    assert!(page.body.contains("AADSTS650052"), "{}", page.body);
}

#[tokio::test]
async fn a_pre_authorized_client_needs_no_consent() {
    let client = Client::in_world(|world| {
        let api = entry(world, "applications", ("display_name", "Invoices API"));
        api.insert("pre_authorized".into(), toml::Value::Array(vec![builtin::UNCONSENTED.into()]));
    })
    .await;
    let mut browser = Browser::new();
    let page = client.sign_in(&mut browser, "rita@contoso.example", "openid").await;
    browser.accept(&page).await.code();
    browser.authorize(&client.at("organizations"), &asks(INVOICES)).await.code();
}

#[tokio::test]
async fn only_people_with_an_assignment_enter_where_one_is_required() {
    let client = Client::start().await;
    let payroll = |prompt| {
        vec![
            ("client_id", builtin::PAYROLL),
            ("response_type", "code"),
            ("redirect_uri", "http://localhost:5008/callback"),
            ("scope", "openid"),
            ("prompt", prompt),
        ]
    };
    let contoso = client.at(builtin::CONTOSO);
    // Rita is in the group that was assigned, Norman is not, and being an administrator does not help.
    Browser::new().sign_in(&contoso, &payroll(""), "rita@contoso.example").await.code();
    for user in ["norman@contoso.example", "alice@contoso.example"] {
        let mut browser = Browser::new();
        let page = browser.sign_in(&contoso, &payroll(""), user).await;
        assert!(page.status == 400 && page.body.contains("AADSTS50105"), "{user}: {}", page.body);
        let silent = browser.authorize(&contoso, &payroll("none")).await;
        assert_eq!(silent.parameter("error").as_deref(), Some("interaction_required"));
    }
}

#[tokio::test]
async fn version_1_asks_for_everything_listed_and_administrators_for_everybody() {
    let client = Client::start().await;
    let v1 = format!("{}/oauth2/authorize", client.at(builtin::CONTOSO));
    let parameters = [
        ("client_id", builtin::UNCONSENTED),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("resource", "api://a0000000-0000-4000-8000-000000000003"),
        ("prompt", "admin_consent"),
    ];
    let mut people = Browser::new();
    let page = people.open(&v1, &parameters).await;
    let page = people.submit(&page, "rita@contoso.example", &builtin::password("rita")).await;
    assert!(page.body.contains("AADSTS90094"), "{}", page.body);

    let mut browser = Browser::new();
    let page = browser.open(&v1, &parameters).await;
    let page = browser.submit(&page, "alice@contoso.example", &builtin::password("alice")).await;
    assert!(page.body.contains("Accountant") && !page.body.contains("for_organization"), "{}", page.body);
    browser.accept(&page).await.code();
    let principal = client.principal(builtin::CONTOSO).unwrap();
    assert!(principal.grants.iter().all(|grant| grant.user.is_none()), "{:?}", principal.grants);
    assert!(principal.grants.iter().any(|grant| grant.roles == ["Accountant"]), "{:?}", principal.grants);
}

#[tokio::test]
async fn personal_accounts_consent_in_the_tenant_they_share() {
    let client = Client::start().await;
    let parameters = [
        ("client_id", builtin::NATIVE),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:5001"),
        ("scope", "Mail.Read"),
    ];
    let mut browser = Browser::new();
    let consumers = client.at("consumers");
    let page = browser.sign_in(&consumers, &parameters, "casey@outlook.example").await;
    assert!(is_consent_page(&page) && page.body.contains("Mail.Read"), "{}", page.body);
    browser.accept(&page).await.code();
    browser.authorize(&consumers, &parameters).await.code();
}
