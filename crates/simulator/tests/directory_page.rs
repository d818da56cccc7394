#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

//! The page at `/sim`: what a developer finds, and what strangers may not (row 88, T-152).

mod support;

use tenantry_simulator::{ShippedWorld, Simulator, builtin};

async fn get(url: &str) -> (u16, String) {
    let response = support::client().get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn press(simulator: &Simulator, form: &[(&str, &str)]) -> (u16, String) {
    let url = format!("{}/sim/switches", simulator.base());
    let response = support::client().post(url).form(form).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn the_page_shows_the_world_with_configuration_ready_to_copy() {
    let simulator = Simulator::start().await.unwrap();
    let (status, page) = get(&format!("{}/sim", simulator.base())).await;
    assert_eq!(status, 200);
    for part in [
        "Simulator, for development only",
        builtin::CONTOSO,
        "alice@contoso.example",
        "not-a-real-password-alice",
        "guest of Fabrikam",
        builtin::SPA,
        "http://localhost:5173/",
        &format!("{}/organizations", simulator.base()),
        "download=\"ca.pem\"",
    ] {
        assert!(page.contains(part), "{part} is missing");
    }
    let root = support::client().get(simulator.base()).send().await.unwrap();
    assert_eq!((root.status().as_u16(), &root.headers()["location"]), (303, &"/sim".parse().unwrap()));
}

#[tokio::test]
async fn configuration_follows_client_tenant_and_api_and_says_when_they_do_not_fit() {
    let simulator = Simulator::start().await.unwrap();
    let page = async |query: &str| get(&format!("{}/sim?{query}", simulator.base())).await.1;
    let daemon = page(&format!("app={}&tenant=contoso.example", builtin::CONTOSO_DAEMON)).await;
    // As itself a program signs in at one tenant, whatever was asked for.
    for part in ["acquire_token_for_client", &format!("{}/{}", simulator.base(), builtin::CONTOSO)] {
        assert!(daemon.contains(part), "{part} is missing");
    }
    let daemon = page(&format!("app={}&tenant=organizations", builtin::CONTOSO_DAEMON)).await;
    assert!(!daemon.contains(&format!("{}/organizations", simulator.base())));
    let misfit = page(&format!("app={}&tenant={}", builtin::FABRIKAM_SPA, builtin::NORTHWIND)).await;
    assert!(misfit.contains("does not admit accounts of Northwind"));
    let unknown = page("tenant=nowhere.example&app=x&api=y&tenants=-1&show=x").await;
    assert!(unknown.contains("No such tenant"));
}

#[tokio::test]
async fn ten_thousand_tenants_are_shown_a_screenful_at_a_time() {
    let simulator = Simulator::builder().shipped_world(ShippedWorld::Large).start().await.unwrap();
    let (_, first) = get(&format!("{}/sim", simulator.base())).await;
    let (_, last) = get(&format!("{}/sim?tenants=99999", simulator.base())).await;
    for page in [&first, &last] {
        let tenants = page.matches("/v2.0/.well-known/openid-configuration").count();
        assert!((1..=20).contains(&tenants) && page.len() < 500_000, "{tenants} {}", page.len());
    }
    assert!(first.contains("rel=\"next\"") && !first.contains("rel=\"prev\""));
    assert!(last.contains("rel=\"prev\"") && !last.contains("rel=\"next\""));
}

#[tokio::test]
async fn a_search_shows_what_fits_and_escapes_what_was_typed() {
    let simulator = Simulator::start().await.unwrap();
    let (_, page) = get(&format!("{}/sim?q=AMIRA", simulator.base())).await;
    assert!(page.contains("Amira Admin") && !page.contains("Ruben Reader"));
    let (status, page) =
        get(&format!("{}/sim?q=%3Cscript%3Ealert(1)%3C/script%3E%22", simulator.base())).await;
    assert_eq!(status, 200);
    assert!(page.contains("No tenant or person") && !page.contains("<script>alert"), "{page}");
}

#[tokio::test]
async fn the_last_requests_show_entras_code_of_a_refusal() {
    let simulator = Simulator::start().await.unwrap();
    let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", builtin::CONTOSO_DAEMON),
        ("client_secret", "wrong"),
        ("scope", "api://a0000000-0000-4000-8000-000000000001/.default"),
    ];
    assert_eq!(support::token(&authority, &form, None).await.0, 401);
    get(&format!(
        "{authority}/oauth2/v2.0/authorize?client_id={}&redirect_uri=http://x.example",
        builtin::SPA
    ))
    .await;
    let mut browser = support::Browser::new();
    let request = [
        ("client_id", builtin::NATIVE),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:1"),
        ("scope", "openid"),
    ];
    let form = browser.authorize(&authority, &request).await;
    assert_eq!(browser.submit(&form, "alice@contoso.example", "wrong").await.status, 200);
    let (_, page) = get(&format!("{}/sim", simulator.base())).await;
    for code in [7_000_215, 50_011, 50_126] {
        assert!(page.contains(&format!(">AADSTS{code}</a>")), "{code}: {page}");
    }
    assert!(!page.contains("client_secret=wrong"));
    let requests = simulator.requests();
    assert_eq!(requests.requests[0].code, Some(7_000_215));
}

#[tokio::test]
async fn the_switches_work_without_a_script_and_refuse_nonsense() {
    let simulator = Simulator::start().await.unwrap();
    assert_eq!(press(&simulator, &[("switch", "native-list-off")]).await.0, 303);
    assert_eq!(press(&simulator, &[("switch", "clock"), ("offset_s", "-3600")]).await.0, 303);
    assert_eq!(press(&simulator, &[("switch", "fault"), ("endpoint", "keys")]).await.0, 303);
    let (_, page) = get(&format!("{}/sim", simulator.base())).await;
    for part in ["<strong>switched off</strong>", "moved by -3600 s", "503"] {
        assert!(page.contains(part), "{part} is missing");
    }
    let keys = format!("{}/common/discovery/v2.0/keys", simulator.base());
    assert_eq!(get(&keys).await.0, 503);
    assert_eq!(press(&simulator, &[("switch", "no-faults")]).await.0, 303);
    assert_eq!(get(&keys).await.0, 200);

    for offset in ["", "soon", "1e9", "99999999999999999999", "9999999999999"] {
        let (status, page) = press(&simulator, &[("switch", "clock"), ("offset_s", offset)]).await;
        assert!(status == 400 && page.contains("role=\"alert\""), "{offset}: {status}");
    }
    for form in [&[("switch", "everything")][..], &[], &[("switch", "fault"), ("endpoint", "sim")]] {
        let (status, _) = press(&simulator, form).await;
        assert!((400..500).contains(&status), "{form:?}: {status}");
    }
}

#[tokio::test]
async fn pages_of_other_origins_see_nothing_and_press_nothing() {
    let simulator = Simulator::start().await.unwrap();
    let url = format!("{}/sim", simulator.base());
    for header in [("origin", "https://evil.example"), ("host", "rebound.example:80")] {
        let page = support::client().get(&url).header(header.0, header.1).send().await.unwrap();
        assert_eq!(page.status(), 403, "{header:?}");
        let press = support::client().post(format!("{url}/switches")).header(header.0, header.1);
        let press = press.form(&[("switch", "native-list-off")]).send().await.unwrap();
        assert_eq!(press.status(), 403, "{header:?}");
    }
    let list = support::get_json(&format!("{url}/native-allow-list")).await;
    assert_eq!(list["enabled"], true);
}
