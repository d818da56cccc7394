//! Devices that show a code, and the person who enters it elsewhere (capability row 94; RFC 8628).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use serde_json::{Value, json};
use support::assertions::changed_world;
use support::{Answer, Browser, claims_of, client, code_of, form_of, token};
use tenantry_simulator::{Simulator, builtin};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn at(simulator: &Simulator, tenant: &str) -> String {
    format!("{}/{tenant}", simulator.base())
}

fn scope() -> String {
    format!("{} openid profile offline_access", builtin::API_SCOPE)
}

async fn post(url: String, form: &[(&str, &str)]) -> (u16, Value) {
    let response = client().post(url).form(form).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn started(authority: &str) -> Value {
    let form = [("client_id", builtin::NATIVE), ("scope", &scope())];
    let (status, flow) = post(format!("{authority}/oauth2/v2.0/devicecode"), &form).await;
    assert_eq!(status, 200, "{flow}");
    flow
}

fn text<'a>(flow: &'a Value, name: &str) -> &'a str {
    flow[name].as_str().unwrap_or_else(|| panic!("no {name} in {flow}"))
}

async fn poll(authority: &str, flow: &Value) -> (u16, Value) {
    let form =
        [("client_id", builtin::NATIVE), ("grant_type", GRANT), ("device_code", text(flow, "device_code"))];
    token(authority, &form, None).await
}

/// Enters the code and signs in, as far as the last question.
async fn questioned(browser: &mut Browser, flow: &Value, user: &str) -> Answer {
    let page = browser.open(text(flow, "verification_uri"), &[]).await;
    let page = browser.fill(&page, &[("otc", text(flow, "user_code"))]).await;
    browser.identify(&page, user).await
}

#[tokio::test]
async fn a_device_is_signed_in_once_its_person_confirms() {
    let simulator = Simulator::start().await.unwrap();
    let authority = at(&simulator, "organizations");
    let flow = started(&authority).await;
    assert_eq!((&flow["expires_in"], &flow["interval"]), (&json!(900), &json!(5)));
    let message = text(&flow, "message");
    assert!(message.contains(text(&flow, "user_code")) && message.contains(text(&flow, "verification_uri")));
    let (status, pending) = poll(&authority, &flow).await;
    assert_eq!(
        (status, &pending["error"], code_of(&pending)),
        (400, &json!("authorization_pending"), 70_016)
    );
    let mut browser = Browser::new();
    let question = questioned(&mut browser, &flow, "emil@fabrikam.example").await;
    assert!(question.body.contains("Are you signing in to Tasks CLI?"), "{}", question.body);
    assert_eq!(code_of(&poll(&authority, &flow).await.1), 70_016, "not before the last question is answered");
    let done = browser.fill(&question, &[("decision", "accept")]).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let (status, tokens) = poll(&authority, &flow).await;
    assert_eq!(status, 200, "{tokens}");
    let claims = claims_of(text(&tokens, "access_token"));
    assert_eq!((&claims["oid"], &claims["azpacr"]), (&json!(builtin::FABRIKAM_EDITOR), &json!("0")));
    assert_eq!(claims_of(text(&tokens, "id_token"))["aud"], builtin::NATIVE);
    let renew = [
        ("client_id", builtin::NATIVE),
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ];
    assert_eq!(token(&authority, &renew, None).await.0, 200);
    assert_eq!(code_of(&poll(&authority, &flow).await.1), 54_005, "once");
}

#[tokio::test]
async fn a_guest_signs_in_at_the_resource_tenant_with_the_short_grant_name() {
    let simulator = Simulator::start().await.unwrap();
    let authority = at(&simulator, "contoso.example");
    let flow = started(&authority).await;
    let mut browser = Browser::new();
    // Codes are typed in either case, with dashes.
    let typed = text(&flow, "user_code").to_lowercase();
    let typed = format!("{}-{}", &typed[..4], &typed[4..]);
    let page = browser.post(&format!("{authority}/oauth2/deviceauth"), &[("otc", &typed)]).await;
    let question = browser.identify(&page, "emil@fabrikam.example").await;
    browser.fill(&question, &[("decision", "accept")]).await;
    let form = [
        ("client_id", builtin::NATIVE),
        ("grant_type", "device_code"),
        ("device_code", text(&flow, "device_code")),
        ("client_info", "1"),
    ];
    let fabrikam = at(&simulator, builtin::FABRIKAM);
    assert_eq!(code_of(&token(&fabrikam, &form, None).await.1), 700_005);
    let (status, tokens) = token(&authority, &form, None).await;
    assert_eq!(status, 200, "{tokens}");
    let claims = claims_of(text(&tokens, "access_token"));
    assert_eq!(claims["oid"], builtin::FABRIKAM_GUEST_IN_CONTOSO);
}

#[tokio::test]
async fn a_person_who_declines_ends_it_and_codes_expire() {
    let simulator = Simulator::start().await.unwrap();
    let authority = at(&simulator, "organizations");
    let flow = started(&authority).await;
    let mut browser = Browser::new();
    let question = questioned(&mut browser, &flow, "alice@contoso.example").await;
    let done = browser.fill(&question, &[("decision", "cancel")]).await;
    assert!(done.body.contains("cancelled"), "{}", done.body);
    let (status, refused) = poll(&authority, &flow).await;
    assert_eq!(
        (status, &refused["error"], code_of(&refused)),
        (400, &json!("authorization_declined"), 70_017)
    );
    let again = browser.fill(&question, &[("decision", "accept")]).await;
    assert!(again.body.contains("AADSTS70018"), "{}", again.body);
    assert_eq!(code_of(&poll(&authority, &flow).await.1), 70_017);

    let late = started(&authority).await;
    let question = questioned(&mut Browser::new(), &late, "alice@contoso.example").await;
    assert_eq!(question.status, 200);
    simulator.set_clock_offset_s(901);
    let (status, refused) = poll(&authority, &late).await;
    assert_eq!((status, &refused["error"], code_of(&refused)), (400, &json!("expired_token"), 70_020));
    let page = Browser::new()
        .post(&format!("{}/device", simulator.base()), &[("otc", text(&late, "user_code"))])
        .await;
    assert!(page.body.contains("AADSTS70019"), "{}", page.body);
}

#[tokio::test]
async fn nobody_can_confirm_in_anothers_place() {
    let simulator = Simulator::start().await.unwrap();
    let authority = at(&simulator, "organizations");
    let flow = started(&authority).await;
    let mut victim = Browser::new();
    let question = questioned(&mut victim, &flow, "alice@contoso.example").await;
    let (action, hidden) = form_of(&question.body);
    let ticket = &hidden[0].1;
    // Another browser, signed in or not.
    let mut attacker = Browser::new();
    let refused = attacker.post(&action, &[("ticket", ticket), ("decision", "accept")]).await;
    assert!(refused.body.contains("AADSTS9002313"), "{}", refused.body);
    let own = started(&authority).await;
    questioned(&mut attacker, &own, "emil@fabrikam.example").await;
    attacker.post(&action, &[("ticket", ticket), ("decision", "accept")]).await;
    // The victim's browser, with a ticket for another code, or none that fits.
    let code = text(&own, "user_code");
    for forged in [
        ticket.replace(text(&flow, "user_code"), code),
        format!("{code}.x.y"),
        "..".to_owned(),
        code.to_owned(),
    ] {
        let page = victim.post(&action, &[("ticket", &forged), ("decision", "accept")]).await;
        assert!(page.body.contains("AADSTS9002313"), "{forged}: {}", page.body);
    }
    for flow in [&flow, &own] {
        assert_eq!(code_of(&poll(&authority, flow).await.1), 70_016);
    }
    // No address leads past the code, and a form asks for nothing but what the device did.
    let parameters =
        [("client_id", builtin::NATIVE), ("otc", code), ("response_type", "code"), ("scope", "openid")];
    let page = victim.authorize(&authority, &parameters).await;
    assert!(!page.body.contains("Are you signing in"), "{}", page.body);
    let changed = format!("otc={code}&client_id={}&response_type=code&scope=openid", builtin::SPA);
    let page = victim.post(&format!("{authority}/login"), &[("request", &changed), ("version", "v2")]).await;
    assert!(page.status == 400 && page.body.contains("9002313"), "{}", page.body);
}

#[tokio::test]
async fn consent_and_the_native_list_count_as_at_a_browsers_sign_in() {
    let simulator = Simulator::start().await.unwrap();
    let flow = started(&at(&simulator, "organizations")).await;
    let refused = questioned(&mut Browser::new(), &flow, "anton@northwind.example").await;
    assert!(refused.status == 400 && refused.body.contains("AADSTS7000118"), "{}", refused.body);
    assert_eq!(code_of(&poll(&at(&simulator, "organizations"), &flow).await.1), 70_016);
}

#[tokio::test]
async fn what_cannot_start_or_poll_is_told_so() {
    let world = changed_world(&[(builtin::WEB, "public_client = true")]);
    let simulator = Simulator::builder().world(world).start().await.unwrap();
    let authority = at(&simulator, "organizations");
    let start = |form: Vec<(&'static str, &'static str)>, place: &str| {
        let url = format!("{}/oauth2/v2.0/devicecode", at(&simulator, place));
        async move { post(url, &form).await }
    };
    let native = ("client_id", builtin::NATIVE);
    // What is kept for a quarter of an hour must not fill the memory.
    let long: &'static str = "openid ".repeat(2_000).leak();
    for (form, place, code) in [
        (vec![native], "common", 900_144),
        (vec![("scope", "openid")], "common", 900_144),
        (vec![("client_id", "nobody"), ("scope", "openid")], "common", 700_016),
        (vec![native, ("scope", "openid")], "nowhere.example", 90_002),
        (vec![native, ("scope", "openid"), ("claims", "{")], "common", 90_100),
        (vec![native, ("scope", long)], "common", 9_002_313),
        (vec![native, ("scope", "openid"), ("claims", long)], "common", 9_002_313),
        (vec![native, ("scope", "openid"), ("resource", "x")], "common", 901_002),
        (vec![("client_id", builtin::FABRIKAM_SPA), ("scope", "openid")], "common", 50_194),
    ] {
        let (status, refused) = start(form, place).await;
        assert_eq!((status, code_of(&refused)), (400, code), "{refused}");
    }
    let poll = |client_id: &'static str, secret: Option<&'static str>, code: &str| {
        let (authority, code) = (authority.clone(), code.to_owned());
        async move {
            let mut form =
                vec![("client_id", client_id), ("grant_type", GRANT), ("device_code", code.as_str())];
            form.extend(secret.map(|secret| ("client_secret", secret)));
            token(&authority, &form, None).await
        }
    };
    let flow = started(&authority).await;
    let code = text(&flow, "device_code");
    let (_, wrong) = poll(builtin::NATIVE, None, "made-up").await;
    assert_eq!((&wrong["error"], code_of(&wrong)), (&json!("bad_verification_code"), 70_019));
    assert_eq!(code_of(&poll(builtin::WEB, None, code).await.1), 70_019, "another client's");
    assert_eq!(code_of(&poll(builtin::NATIVE, Some("secret"), code).await.1), 700_025);
    assert_eq!(code_of(&poll(builtin::WEB, Some("wrong"), code).await.1), 7_000_215);
    assert_eq!(code_of(&poll(builtin::CONTOSO_DAEMON, None, code).await.1), 7_000_218);
    assert_eq!(code_of(&poll(builtin::NATIVE, None, code).await.1), 70_016);
}

#[tokio::test]
async fn version_1_names_a_resource_and_an_address() {
    let simulator = Simulator::start().await.unwrap();
    let authority = at(&simulator, builtin::CONTOSO);
    let form = [("client_id", builtin::NATIVE), ("resource", builtin::API_V1_URI)];
    let (status, flow) = post(format!("{authority}/oauth2/devicecode"), &form).await;
    assert_eq!((status, &flow["expires_in"]), (200, &json!("900")), "{flow}");
    let mut browser = Browser::new();
    let page = browser.open(text(&flow, "verification_url"), &[]).await;
    let page = browser.fill(&page, &[("otc", text(&flow, "user_code"))]).await;
    let question = browser.identify(&page, "alice@contoso.example").await;
    browser.fill(&question, &[("decision", "accept")]).await;
    let form =
        [("client_id", builtin::NATIVE), ("grant_type", "device_code"), ("code", text(&flow, "device_code"))];
    let (status, tokens) = post(format!("{authority}/oauth2/token"), &form).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(claims_of(text(&tokens, "access_token"))["aud"], builtin::API_V1_URI);
}

#[tokio::test]
async fn scripts_of_other_origins_may_read_the_answer() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/oauth2/v2.0/devicecode", at(&simulator, "common"));
    for form in [vec![("client_id", builtin::NATIVE), ("scope", "openid")], vec![]] {
        let answer = client().post(&url).form(&form).header("origin", "http://x").send().await.unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    }
    let preflight = client().request(reqwest::Method::OPTIONS, &url).header("origin", "http://x");
    assert_eq!(preflight.send().await.unwrap().status(), 204);
    assert_eq!(client().get(&url).send().await.unwrap().status(), 400);
}
