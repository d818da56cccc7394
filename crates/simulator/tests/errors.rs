//! Every refusal that can be provoked from outside: its code, `error`, status and shape (capability row 94; T-151). How to
//! provoke each by hand is in `docs/reference/simulator-errors.md`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::world::{changed_world, entry, principal};
use support::{Answer, Browser, CHALLENGE, VERIFIER, client, code_of};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

/// Fields that differ from a good request; an empty value leaves the field out.
type Changes<'a> = &'a [(&'a str, &'a str)];

const CORRELATION: &str = "5f0c1b7e-3d7d-4a8e-9c39-6f6f0a3c9b11";
const STRANGER: &str = "ffffffff-0000-4000-8000-000000000001";
const REDIRECT: &str = "http://localhost:5173/";
const UNCONSENTED_SECRET: &str = "not-a-real-secret-unconsented";
const API_DEFAULT: &str = "api://a0000000-0000-4000-8000-000000000001/.default";
const INVOICES: &str = "api://a0000000-0000-4000-8000-000000000003/invoices.read";

fn changed<'a>(good: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = good.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.chain(changes.iter().filter(|(_, value)| !value.is_empty())).copied().collect()
}

/// Posts to a token endpoint and checks the shape of the refusal; its code, `error`, status and suberror.
async fn refused(url: String, form: &[(&str, &str)], origin: Option<&str>) -> (u64, String, u16, Value) {
    let mut request = client().post(url).form(form).header("client-request-id", CORRELATION);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let answer: Value = response.json().await.unwrap();
    let code = code_of(&answer);
    let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("{name}: {answer}")).to_owned();
    let description = text("error_description");
    assert!(description.starts_with(&format!("AADSTS{code}: ")), "{description}");
    assert!(description.contains(&format!("Trace ID: {}", text("trace_id"))), "{description}");
    assert!(description.ends_with(&format!("Timestamp: {}", text("timestamp"))), "{description}");
    for told_to_msal in ["interaction_required", "consent_required", "login_required", "bad_token"] {
        assert!(!description.contains(told_to_msal), "{description}");
    }
    assert_eq!((text("correlation_id"), &answer["error_codes"]), (CORRELATION.to_owned(), &json!([code])));
    assert!(text("error_uri").ends_with(&format!("/error?code={code}")));
    assert_eq!((text("timestamp").len(), text("trace_id").len()), (20, 36));
    assert_eq!(headers["x-ms-request-id"], text("trace_id"));
    assert_eq!(headers["x-ms-clitelem"], format!("1,{code},0,,"));
    assert_eq!(headers["cache-control"], "no-store, no-cache");
    (code, text("error"), status, answer["suberror"].clone())
}

const PROGRAM: Changes<'_> = &[
    ("grant_type", "client_credentials"),
    ("client_id", builtin::CONTOSO_DAEMON),
    ("client_secret", builtin::CONTOSO_DAEMON_SECRET),
    ("scope", API_DEFAULT),
];

#[tokio::test]
async fn programs_are_refused_for_a_reason() {
    let simulator = Simulator::start().await.unwrap();
    let unconsented = [("client_id", builtin::UNCONSENTED), ("client_secret", UNCONSENTED_SECRET)];
    let cases: &[(&str, Changes<'_>, u64, &str, u16)] = &[
        ("contoso.example", &[("client_secret", "x")], 7_000_215, "invalid_client", 401),
        ("contoso.example", &[("client_secret", "")], 7_000_218, "invalid_client", 401),
        ("contoso.example", &[("client_id", builtin::NATIVE)], 700_025, "invalid_client", 401),
        ("contoso.example", &[("client_id", STRANGER)], 700_016, "unauthorized_client", 400),
        ("contoso.example", &unconsented, 7_000_229, "invalid_client", 401),
        ("contoso.example", &[("scope", "api://nothing/.default")], 500_011, "invalid_resource", 400),
        ("contoso.example", &[("scope", "openid")], 1_002_012, "invalid_scope", 400),
        ("contoso.example", &[("scope", "")], 900_144, "invalid_request", 400),
        ("contoso.example", &[("grant_type", "")], 900_144, "invalid_request", 400),
        ("contoso.example", &[("grant_type", "magic")], 70_003, "unsupported_grant_type", 400),
        ("contoso.example", &[("claims", "x")], 90_100, "invalid_request", 400),
        ("common", &[], 9_001_023, "invalid_request", 400),
        ("nowhere.example", &[], 90_002, "invalid_request", 400),
        ("nowhere", &[], 900_023, "invalid_request", 400),
        ("00000000-0000-0000-0000-000000000000", &[], 900_021, "invalid_request", 400),
        (
            "northwind.example",
            &[("client_id", builtin::NORTHWIND_DAEMON), ("client_secret", builtin::NORTHWIND_DAEMON_SECRET)],
            7_000_118,
            "invalid_grant",
            400,
        ),
        (
            "contoso.example",
            &[
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", "x"),
                ("client_secret", ""),
            ],
            50_027,
            "invalid_client",
            401,
        ),
    ];
    for (tenant, changes, code, error, status) in cases {
        let url = format!("{}/{tenant}/oauth2/v2.0/token", simulator.base());
        let found = refused(url, &changed(PROGRAM, changes), None).await;
        assert_eq!(found, (*code, (*error).to_owned(), *status, Value::Null), "{tenant} {changes:?}");
    }
    let url = format!("{}/contoso.example/oauth2/v2.0/token", simulator.base());
    let from_a_page = refused(url.clone(), PROGRAM, Some("http://localhost:5173")).await;
    assert_eq!((from_a_page.0, from_a_page.2), (9_002_326, 400));
    // The other method, and two names for one client.
    let read: Value = client().get(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!((code_of(&read), &read["error"]), (900_561, &json!("invalid_request")));
    let twice = client().post(&url).form(PROGRAM).basic_auth(STRANGER, Some("x"));
    let twice: Value = twice.send().await.unwrap().json().await.unwrap();
    assert_eq!((code_of(&twice), &twice["error"]), (9_002_313, &json!("invalid_request")));
}

#[tokio::test]
async fn public_clients_are_refused_for_a_reason() {
    let simulator = Simulator::start().await.unwrap();
    let native = ("client_id", builtin::NATIVE);
    let password = [
        ("grant_type", "password"),
        native,
        ("scope", builtin::API_SCOPE),
        ("username", "rita@contoso.example"),
        ("password", "not-a-real-password-rita"),
    ];
    let device =
        [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), native, ("device_code", "x")];
    let refresh =
        [("grant_type", "refresh_token"), native, ("refresh_token", "x"), ("scope", builtin::API_SCOPE)];
    let cases: &[(Changes<'_>, Changes<'_>, u64, &str)] = &[
        (&password, &[("username", "nobody@contoso.example")], 50_034, "invalid_grant"),
        (&password, &[("password", "x")], 50_126, "invalid_grant"),
        (
            &password,
            &[("scope", "openid api://a0000000-0000-4000-8000-000000000001/nothing")],
            70_011,
            "invalid_scope",
        ),
        (&device, &[], 70_019, "bad_verification_code"),
        (&refresh, &[], 70_000, "invalid_grant"),
    ];
    let url = format!("{}/contoso.example/oauth2/v2.0/token", simulator.base());
    for (good, changes, code, error) in cases {
        let found = refused(url.clone(), &changed(good, changes), None).await;
        assert_eq!(found, (*code, (*error).to_owned(), 400, Value::Null), "{changes:?}");
    }
    // A device that nobody has decided about.
    let started =
        client().post(url.replace("/token", "/devicecode")).form(&[native, ("scope", builtin::API_SCOPE)]);
    let started: Value = started.send().await.unwrap().json().await.unwrap();
    let waiting = changed(&device, &[("device_code", started["device_code"].as_str().unwrap())]);
    assert_eq!(refused(url.clone(), &waiting, None).await.0, 70_016);
    simulator.set_clock_offset_s(1_000);
    let late = refused(url, &waiting, None).await;
    assert_eq!((late.0, late.1.as_str()), (70_020, "expired_token"));
}

#[tokio::test]
async fn assertions_of_people_are_refused_for_a_reason() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/contoso.example/oauth2/v2.0/token", simulator.base());
    let minted = |request: Value| {
        let request: TokenRequest = serde_json::from_value(request).unwrap();
        simulator.mint(&request).unwrap().token
    };
    let alice = |more: Value| {
        let mut request = json!({
            "tenant": builtin::CONTOSO, "user": builtin::CONTOSO_ADMIN, "audience": builtin::REPORTS_API,
        });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        minted(request)
    };
    let program = minted(json!({
        "tenant": builtin::CONTOSO, "application": builtin::CONTOSO_DAEMON, "audience": builtin::REPORTS_API,
    }));
    for (assertion, code) in [
        ("x".to_owned(), 50_027),
        (alice(json!({"sign_with": "unpublished"})), 50_013),
        (alice(json!({"audience": builtin::API})), 500_131),
        (alice(json!({"lifetime_s": -1})), 500_133),
        (program, 7_000_114),
    ] {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("requested_token_use", "on_behalf_of"),
            ("client_id", builtin::REPORTS_API),
            ("client_secret", "not-a-real-secret-reports-api"),
            ("scope", API_DEFAULT),
            ("assertion", assertion.as_str()),
        ];
        let found = refused(url.clone(), &form, None).await;
        assert_eq!(found, (code, "invalid_grant".to_owned(), 400, Value::Null));
    }
}

const AUTHORIZE: Changes<'_> = &[
    ("client_id", builtin::SPA),
    ("redirect_uri", REDIRECT),
    ("response_type", "code"),
    ("scope", builtin::API_SCOPE),
    ("state", "as sent & back"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

/// A code of Rita's, with what changes at the sign-in.
async fn code(simulator: &Simulator, changes: Changes<'_>) -> String {
    let authority = format!("{}/contoso.example", simulator.base());
    let asked = changed(AUTHORIZE, changes);
    Browser::new().sign_in(&authority, &asked, "rita@contoso.example").await.code()
}

#[tokio::test]
async fn codes_are_refused_for_a_reason() {
    let simulator = Simulator::start().await.unwrap();
    let origin = Some("http://localhost:5173");
    let several = format!("{} {INVOICES}", builtin::API_SCOPE);
    let cases: &[(&str, Changes<'_>, Option<&str>, u64, &str)] = &[
        ("contoso.example", &[("code", "x")], origin, 70_000, "invalid_grant"),
        ("contoso.example", &[("code", "")], origin, 900_144, "invalid_request"),
        (
            "contoso.example",
            &[("redirect_uri", "http://localhost:5173/other")],
            origin,
            500_112,
            "invalid_grant",
        ),
        ("contoso.example", &[("code_verifier", "x")], origin, 501_481, "invalid_grant"),
        ("contoso.example", &[("scope", &several)], origin, 700_022, "invalid_scope"),
        ("contoso.example", &[("client_id", builtin::NATIVE)], origin, 70_000, "invalid_grant"),
        ("fabrikam.example", &[], origin, 700_005, "invalid_grant"),
        ("contoso.example", &[], None, 9_002_327, "invalid_request"),
    ];
    for (tenant, changes, origin, number, error) in cases {
        let code = code(&simulator, &[]).await;
        let good = redemption(&code);
        let url = format!("{}/{tenant}/oauth2/v2.0/token", simulator.base());
        let found = refused(url, &changed(&good, changes), *origin).await;
        assert_eq!(found, (*number, (*error).to_owned(), 400, Value::Null), "{tenant} {changes:?}");
    }
    let url = format!("{}/contoso.example/oauth2/v2.0/token", simulator.base());
    let used = code(&simulator, &[("scope", "openid offline_access")]).await;
    let redeem =
        client().post(&url).form(&redemption(&used)).header("origin", REDIRECT.trim_end_matches('/'));
    let tokens: Value = redeem.send().await.unwrap().json().await.unwrap();
    assert_eq!(refused(url.clone(), &redemption(&used), origin).await.0, 54_005);
    let unused = code(&simulator, &[]).await;
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", builtin::SPA),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    let silent = changed(&refresh, &[("scope", INVOICES)]);
    assert!(
        matches!(refused(url.clone(), &changed(&silent, &[("scope", "api://a0000000-0000-4000-8000-000000000003/invoices.approve")]), origin).await,
        (65_001, error, 400, suberror) if error == "invalid_grant" && suberror == "consent_required")
    );
    simulator.set_clock_offset_s(700);
    assert_eq!(refused(url.clone(), &redemption(&unused), origin).await.0, 70_008);
    simulator.set_clock_offset_s(25 * 3_600);
    assert_eq!(refused(url, &refresh, origin).await.0, 700_084);
}

fn redemption(code: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("client_id", builtin::SPA),
        ("redirect_uri", REDIRECT),
        ("code", code),
        ("code_verifier", VERIFIER),
    ]
}

/// Where a refusal of the authorize endpoint arrives.
#[derive(Debug, PartialEq)]
enum Shown {
    /// An error page.
    Page,
    /// The client, with this `error`.
    Redirect(&'static str),
    /// The sign-in form again.
    Form,
}

fn assert_shown(answer: &Answer, shown: &Shown, code: u32, what: &str) {
    let text = format!("AADSTS{code}: ");
    match shown {
        Shown::Page | Shown::Form => {
            let status = if *shown == Shown::Page { 400 } else { 200 };
            assert_eq!(answer.status, status, "{what}: {:?} {}", answer.location, answer.body);
            assert!(answer.body.contains(text.trim_end_matches(": ")), "{what}: {}", answer.body);
        }
        Shown::Redirect(error) => {
            let parameter = |name| {
                answer.parameter(name).unwrap_or_else(|| panic!("{what}: {} {}", answer.status, answer.body))
            };
            assert_eq!(parameter("error"), *error, "{what}");
            let description = parameter("error_description");
            assert!(
                description.starts_with(&text) && description.contains("Timestamp: "),
                "{what}: {description}"
            );
            assert_eq!(parameter("state"), "as sent & back", "{what}");
            assert!(parameter("error_uri").ends_with(&format!("/error?code={code}")), "{what}");
        }
    }
}

#[tokio::test]
async fn authorize_requests_are_refused_for_a_reason() {
    use Shown::{Page, Redirect};
    let simulator = Simulator::start().await.unwrap();
    let portal = [("client_id", builtin::FABRIKAM_SPA), ("redirect_uri", "http://localhost:5174/")];
    let cases: &[(&str, Changes<'_>, Shown, u32)] = &[
        ("nowhere.example", &[], Page, 90_002),
        ("nowhere", &[], Page, 900_023),
        ("contoso.example", &[("client_id", "")], Page, 900_144),
        ("contoso.example", &[("client_id", STRANGER)], Page, 700_016),
        ("contoso.example", &[("redirect_uri", "https://elsewhere.example/")], Page, 50_011),
        ("contoso.example", &[("response_mode", "web_message")], Page, 70_007),
        ("contoso.example", &[("response_type", "")], Redirect("invalid_request"), 900_144),
        ("contoso.example", &[("response_type", "token")], Redirect("unsupported_response_type"), 700_054),
        ("contoso.example", &[("resource", "api://nothing")], Redirect("invalid_request"), 901_002),
        ("contoso.example", &[("code_challenge_method", "S512")], Redirect("invalid_request"), 50_149),
        ("contoso.example", &[("code_challenge", "x")], Redirect("invalid_request"), 50_147),
        ("contoso.example", &[("code_challenge", "")], Redirect("invalid_request"), 9_002_325),
        ("contoso.example", &[("claims", "x")], Redirect("invalid_request"), 90_100),
        ("contoso.example", &[("prompt", "none")], Redirect("login_required"), 50_058),
        ("organizations", &portal, Redirect("invalid_request"), 50_194),
        ("consumers", &[], Redirect("invalid_request"), 9_002_332),
    ];
    for (tenant, changes, shown, code) in cases {
        let authority = format!("{}/{tenant}", simulator.base());
        let answer = Browser::new().authorize(&authority, &changed(AUTHORIZE, changes)).await;
        assert_shown(&answer, shown, *code, &format!("{tenant} {changes:?}"));
    }
}

#[tokio::test]
async fn people_are_refused_for_a_reason() {
    use Shown::{Form, Page, Redirect};
    let simulator = Simulator::start().await.unwrap();
    let unconsented =
        [("client_id", builtin::UNCONSENTED), ("redirect_uri", "http://localhost:5006/callback")];
    let with = |scope: &'static str| [unconsented[0], unconsented[1], ("scope", scope)];
    let ledger = [("scope", "api://a0000000-0000-4000-8000-000000000005/ledger.read")];
    let payroll = [
        ("client_id", builtin::PAYROLL),
        ("redirect_uri", "http://localhost:5008/callback"),
        ("scope", "openid"),
    ];
    let approve = with("api://a0000000-0000-4000-8000-000000000003/invoices.approve");
    let cases: &[(&str, Changes<'_>, &str, Shown, u32)] = &[
        ("contoso.example", &[], "nobody@contoso.example", Form, 50_034),
        ("contoso.example", &[], "amira@fabrikam.example", Page, 50_020),
        ("northwind.example", &[], "anton@northwind.example", Page, 7_000_118),
        ("contoso.example", &[("scope", "api://nothing/x")], "rita@contoso.example", Page, 500_011),
        (
            "contoso.example",
            &[("scope", "api://a0000000-0000-4000-8000-000000000001/nothing")],
            "rita@contoso.example",
            Redirect("invalid_scope"),
            70_011,
        ),
        ("fabrikam.example", &ledger, "emil@fabrikam.example", Page, 650_052),
        ("contoso.example", &payroll, "norman@contoso.example", Page, 50_105),
        ("contoso.example", &with(API_DEFAULT), "rita@contoso.example", Page, 650_057),
        ("contoso.example", &approve, "rita@contoso.example", Page, 90_094),
    ];
    for (tenant, changes, user, shown, code) in cases {
        let authority = format!("{}/{tenant}", simulator.base());
        let answer = Browser::new().sign_in(&authority, &changed(AUTHORIZE, changes), user).await;
        assert_shown(&answer, shown, *code, &format!("{tenant} {user} {changes:?}"));
    }
    let authority = format!("{}/contoso.example", simulator.base());
    let page = Browser::new().authorize(&authority, AUTHORIZE).await;
    let wrong = Browser::new().submit(&page, "rita@contoso.example", "x").await;
    assert_shown(&wrong, &Form, 50_126, "wrong password");
}

/// What is changed in the world, how, and the code, `error` and status that follow.
type Switch<'a> = (&'a str, &'a dyn Fn(&mut toml::Table), u64, &'a str, u16);

#[tokio::test]
async fn switches_of_the_world_refuse_for_a_reason() {
    let daemon = builtin::CONTOSO_DAEMON;
    let cases: &[Switch<'_>] = &[
        ("application off", &|world| off(application(world, daemon)), 70_001, "unauthorized_client", 400),
        (
            "client off here",
            &|world| off(principal(world, builtin::CONTOSO, daemon)),
            7_000_112,
            "unauthorized_client",
            400,
        ),
        (
            "API off here",
            &|world| off(principal(world, builtin::CONTOSO, builtin::API)),
            500_014,
            "invalid_resource",
            400,
        ),
        (
            "for others only",
            &|world| {
                let others: toml::Value = vec![builtin::FABRIKAM].into();
                application(world, daemon).insert("allowed_tenants".to_owned(), others);
                application(world, daemon).insert("home_tenant".to_owned(), builtin::FABRIKAM.into());
                application(world, daemon)
                    .insert("sign_in_audience".to_owned(), "AzureADMultipleOrgs".into());
            },
            7_000_119,
            "invalid_grant",
            400,
        ),
        (
            "narrowed",
            &|world| {
                application(world, daemon).insert("home_tenant".to_owned(), builtin::FABRIKAM.into());
            },
            650_059,
            "unauthorized_client",
            400,
        ),
        (
            "nothing granted",
            &|world| {
                principal(world, builtin::CONTOSO, builtin::API)
                    .insert("assignment_required".to_owned(), true.into());
                principal(world, builtin::CONTOSO, daemon).remove("grants");
            },
            501_051,
            "invalid_grant",
            400,
        ),
        (
            "secret too old",
            &|world| {
                let secret = toml::toml! { text = "not-a-real-secret-contoso-daemon"
                expires_at = 1_577_836_800 };
                application(world, daemon).insert("secrets".to_owned(), vec![secret].into());
            },
            7_000_222,
            "invalid_client",
            401,
        ),
    ];
    for (what, change, code, error, status) in cases {
        let simulator = Simulator::builder().world(changed_world(change)).start().await.unwrap();
        let url = format!("{}/contoso.example/oauth2/v2.0/token", simulator.base());
        let found = refused(url, PROGRAM, None).await;
        assert_eq!(found, (*code, (*error).to_owned(), *status, Value::Null), "{what}");
    }
}

fn application<'t>(world: &'t mut toml::Table, app_id: &str) -> &'t mut toml::Table {
    entry(world, "applications", ("app_id", app_id))
}

fn off(thing: &mut toml::Table) {
    thing.insert("enabled".to_owned(), false.into());
}

#[tokio::test]
async fn documents_are_refused_for_a_reason() {
    let simulator = Simulator::start().await.unwrap();
    for (path, code, error) in [
        ("nowhere.example/v2.0/.well-known/openid-configuration", 90_002, "invalid_tenant"),
        ("nowhere/discovery/v2.0/keys", 900_023, "invalid_tenant"),
        (
            "common/discovery/instance?authorization_endpoint=https://elsewhere.example/nowhere/",
            50_049,
            "invalid_instance",
        ),
    ] {
        let asked =
            client().get(format!("{}/{path}", simulator.base())).header("client-request-id", CORRELATION);
        let response = asked.send().await.unwrap();
        let (status, answer) = (response.status().as_u16(), response.json::<Value>().await.unwrap());
        assert_eq!((status, code_of(&answer), &answer["error"]), (400, code, &json!(error)), "{path}");
        assert_eq!(answer["correlation_id"], CORRELATION, "{path}");
    }
}
