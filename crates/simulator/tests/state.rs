//! The state directory: a restart goes on where the simulator was, killed or not (capability row 96).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use support::{Browser, CHALLENGE, VERIFIER, client, code_of, get_json, post_json, token};
use tenantry_simulator::{ShippedWorld, Simulator, SimulatorBuilder, builtin};

const REDIRECT: &str = "http://localhost:3000/auth/callback";
/// Longer than it takes until changes are written.
const WRITTEN: Duration = Duration::from_millis(700);

fn builder(directory: &Path) -> SimulatorBuilder {
    Simulator::builder().state_dir(directory)
}

async fn start(directory: &Path) -> Simulator {
    builder(directory).start().await.unwrap()
}

fn authority(simulator: &Simulator) -> String {
    format!("{}/{}", simulator.base(), builtin::CONTOSO)
}

const SIGN_IN: [(&str, &str); 6] = [
    ("client_id", builtin::WEB),
    ("response_type", "code"),
    ("redirect_uri", REDIRECT),
    ("scope", "openid offline_access"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
];

async fn redeem(simulator: &Simulator, grant: &[(&str, &str)]) -> (u16, Value) {
    let client = [("client_id", builtin::WEB), ("client_secret", builtin::WEB_SECRET)];
    token(&authority(simulator), &[&client[..], grant].concat(), None).await
}

/// Signs in; the refresh token.
async fn sign_in(simulator: &Simulator, browser: &mut Browser) -> String {
    let code = browser.sign_in(&authority(simulator), &SIGN_IN, "alice@contoso.example").await.code();
    let grant = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let (status, answer) = redeem(simulator, &grant).await;
    assert_eq!(status, 200, "{answer}");
    answer["refresh_token"].as_str().unwrap().to_owned()
}

async fn refresh(simulator: &Simulator, refresh_token: &str) -> (u16, Value) {
    redeem(simulator, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
}

/// Changes something of every sort.
async fn change(simulator: &Simulator) {
    let base = simulator.base();
    let user = json!({ "upn": "new@contoso.example", "display_name": "New" });
    assert_eq!(post_json(&format!("{base}/sim/tenants/contoso.example/users"), &user).await.0, 201);
    let gone = format!("{base}/sim/tenants/{}", builtin::NORTHWIND);
    assert_eq!(client().delete(gone).send().await.unwrap().status(), 204);
    assert_eq!(post_json(&format!("{base}/sim/clock"), &json!({ "offset_s": 1_000 })).await.0, 200);
    assert_eq!(
        post_json(&format!("{base}/sim/faults"), &json!({ "endpoint": "metadata", "status": 503 })).await.0,
        200
    );
    assert_eq!(
        post_json(&format!("{base}/sim/native-allow-list"), &json!({ "enabled": false })).await.0,
        200
    );
}

async fn assert_changed(simulator: &Simulator) {
    let base = simulator.base();
    let world = simulator.world();
    assert!(world.user("contoso.example", "new@contoso.example").is_some());
    assert!(world.tenant(builtin::NORTHWIND).is_none());
    assert!(world.user("contoso.example", builtin::NORTHWIND_GUEST_IN_CONTOSO).is_none());
    assert_eq!(get_json(&format!("{base}/sim/clock")).await["offset_s"], 1_000);
    assert_eq!(get_json(&format!("{base}/sim/faults")).await["faults"][0]["status"], 503);
    assert_eq!(get_json(&format!("{base}/sim/native-allow-list")).await["enabled"], false);
}

#[tokio::test]
async fn a_restart_goes_on_where_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let (first, mut browser) = (start(directory.path()).await, Browser::new());
    let refresh_token = sign_in(&first, &mut browser).await;
    change(&first).await;
    first.shutdown().await;

    let second = start(directory.path()).await;
    assert_changed(&second).await;
    let (status, answer) = refresh(&second, &refresh_token).await;
    assert_eq!(status, 200, "{answer}");
    let silent =
        browser.authorize(&authority(&second), &[&SIGN_IN[..], &[("prompt", "none")]].concat()).await;
    assert!(silent.parameter("code").is_some(), "{:?}", silent.location);
    second.shutdown().await;

    // What came of the second run is there in the third.
    let third = start(directory.path()).await;
    assert_eq!(refresh(&third, answer["refresh_token"].as_str().unwrap()).await.0, 200);
    let elsewhere = tempfile::tempdir().unwrap();
    let other = start(elsewhere.path()).await;
    let (status, refused) = refresh(&other, &refresh_token).await;
    assert_eq!((status, code_of(&refused)), (400, 70_000), "{refused}");
}

#[tokio::test]
async fn a_simulator_that_is_killed_loses_no_more_than_a_moment() {
    let directory = tempfile::tempdir().unwrap();
    let (first, mut browser) = (start(directory.path()).await, Browser::new());
    let refresh_token = sign_in(&first, &mut browser).await;
    change(&first).await;
    tokio::time::sleep(WRITTEN).await;
    // Without its last words: tasks are aborted, nothing more is written.
    drop(first);
    let second = started_after(directory.path()).await;
    assert_changed(&second).await;
    assert_eq!(refresh(&second, &refresh_token).await.0, 200);
}

/// The file of an aborted simulator is let go of a moment later.
async fn started_after(directory: &Path) -> Simulator {
    for _ in 0..50 {
        match builder(directory).start().await {
            Ok(simulator) => return simulator,
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    panic!("the file was never let go of");
}

#[tokio::test]
async fn who_signed_out_stays_signed_out() {
    let directory = tempfile::tempdir().unwrap();
    let (first, mut browser) = (start(directory.path()).await, Browser::new());
    sign_in(&first, &mut browser).await;
    tokio::time::sleep(WRITTEN).await;
    let cookie = browser.cookie.clone().unwrap();
    let url = format!("{}/oauth2/v2.0/logout", authority(&first));
    client().get(url).header("cookie", &cookie).send().await.unwrap();
    first.shutdown().await;
    let second = start(directory.path()).await;
    let silent =
        browser.authorize(&authority(&second), &[&SIGN_IN[..], &[("prompt", "none")]].concat()).await;
    assert_eq!(silent.parameter("error").as_deref(), Some("login_required"), "{:?}", silent.location);
}

#[tokio::test]
async fn a_world_that_changed_wins_over_what_was_kept_of_the_old_one() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("world.toml");
    let minimal = ShippedWorld::Minimal.toml().into_owned();
    std::fs::write(&file, &minimal).unwrap();
    let start = async || builder(directory.path()).world_file(&file).start().await.unwrap();
    let first = start().await;
    let user = json!({ "upn": "new@home.example", "display_name": "New" });
    assert_eq!(post_json(&format!("{}/sim/tenants/home.example/users", first.base()), &user).await.0, 201);
    first.shutdown().await;
    let second = start().await;
    assert!(second.world().user("home.example", "new@home.example").is_some());
    second.shutdown().await;

    std::fs::write(&file, minimal.replace("Partner", "Customer")).unwrap();
    let third = start().await;
    assert!(third.world().user("home.example", "new@home.example").is_none());
    assert_eq!(third.world().tenant("partner.example").unwrap().name, "Customer");
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("simulator.db");
    let refusal = async || builder(directory.path()).start().await.unwrap_err().to_string();
    let garbage = "this is no database, and it is longer than the header of one. ".repeat(20);
    std::fs::write(&path, &garbage).unwrap();
    let refused = refusal().await;
    assert!(refused.contains("simulator.db") && refused.contains("no SQLite database"), "{refused}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), garbage);
    std::fs::remove_file(&path).unwrap();

    let first = start(directory.path()).await;
    let refused = refusal().await;
    assert!(refused.contains("another simulator has it open"), "{refused}");
    first.shutdown().await;

    // `user_version` is at offset 60 (SQLite, "Database File Format").
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[63] = 99;
    std::fs::write(&path, bytes).unwrap();
    let refused = refusal().await;
    assert!(refused.contains("another version"), "{refused}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let simulator = start(directory.path()).await;
    change(&simulator).await;
    tokio::time::sleep(WRITTEN).await;
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let entry = entry.unwrap();
        names.push(entry.file_name().into_string().unwrap());
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
    }
    assert!(
        names.contains(&"simulator.db".to_owned()) && names.contains(&"keys.json".to_owned()),
        "{names:?}"
    );
    simulator.shutdown().await;
}
