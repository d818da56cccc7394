//! The world file of a running simulator: read again when it changes, and never half (capability rows 88, 96; T-150, T-154).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use support::{get_json, post_json};
use tenantry_simulator::{ShippedWorld, Simulator};

const TRIES: u32 = 200;

async fn start(file: &Path) -> Simulator {
    Simulator::builder().world_file(file).watch_world_file().start().await.unwrap()
}

/// Waits until `/sim/health` says what is expected of its `world`.
async fn world_until(simulator: &Simulator, expected: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..TRIES {
        let world = get_json(&format!("{}/sim/health", simulator.base())).await["world"].clone();
        if expected(&world) {
            return world;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never came: {}", get_json(&format!("{}/sim/health", simulator.base())).await);
}

#[tokio::test]
async fn a_saved_file_is_in_force_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.toml");
    let minimal = ShippedWorld::Minimal.toml().into_owned();
    std::fs::write(&file, &minimal).unwrap();
    let simulator = start(&file).await;
    let world = world_until(&simulator, |_| true).await;
    assert_eq!(
        (&world["source"], &world["tenants"], &world["reloads"]),
        (&json!("file"), &json!(2), &json!(0))
    );

    std::fs::write(&file, minimal.replace("partner.example", "renamed-partner.example")).unwrap();
    world_until(&simulator, |world| world["reloads"] == 1).await;
    assert!(simulator.world().tenant("renamed-partner.example").is_some());
    assert!(simulator.world().tenant("partner.example").is_none());
}

#[tokio::test]
async fn a_broken_file_is_refused_and_the_last_good_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.toml");
    let minimal = ShippedWorld::Minimal.toml().into_owned();
    std::fs::write(&file, &minimal).unwrap();
    let simulator = start(&file).await;

    std::fs::write(&file, minimal.replacen("name = ", "nmae = ", 1)).unwrap();
    let world = world_until(&simulator, |world| world["error"].is_string()).await;
    let error = world["error"].as_str().unwrap();
    assert!(error.contains("world.toml:9:1: unknown key `nmae`; did you mean `name`?"), "{error}");
    assert_eq!((&world["tenants"], &world["reloads"]), (&json!(2), &json!(0)));
    assert!(simulator.world().tenant("partner.example").is_some());

    // By request it is refused with the same words.
    let (status, answer) = post_json(&format!("{}/sim/reload", simulator.base()), &json!({})).await;
    assert_eq!((status, &answer["field"]), (400, &json!("world")));
    assert!(answer["message"].as_str().unwrap().contains("unknown key `nmae`"), "{answer}");

    std::fs::write(&file, &minimal).unwrap();
    world_until(&simulator, |world| world["error"].is_null()).await;
}

#[tokio::test]
async fn a_touched_file_takes_nothing_away() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.toml");
    std::fs::write(&file, ShippedWorld::Minimal.toml().as_bytes()).unwrap();
    let simulator = start(&file).await;
    std::fs::write(&file, ShippedWorld::Minimal.toml().as_bytes()).unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(world_until(&simulator, |_| true).await["reloads"], 0);
    let (status, health) = post_json(&format!("{}/sim/reload", simulator.base()), &json!({})).await;
    assert_eq!((status, &health["world"]["reloads"]), (200, &json!(1)));
}

#[tokio::test]
async fn a_shipped_world_is_named() {
    let simulator = Simulator::builder().shipped_world(ShippedWorld::Minimal).start().await.unwrap();
    let health = get_json(&format!("{}/sim/health", simulator.base())).await;
    assert_eq!((&health["world"]["source"], &health["world"]["file"]), (&json!("minimal"), &json!(null)));
}

#[tokio::test]
async fn real_secrets_and_hosts_stay_out() {
    let entra_secret = format!("abc8{}~{}", 'Q', "x".repeat(34));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.toml");
    for (real, told) in [
        (format!("secrets = [\"{entra_secret}\"]"), "looks like a real one"),
        ("secrets = [\"-----BEGIN PRIVATE KEY-----\\nMII\"]".to_owned(), "looks like a real one"),
        (
            "certificates = [\"-----BEGIN PRIVATE KEY-----\\nMAA=\"]".to_owned(),
            "private keys stay with the client",
        ),
    ] {
        let text = format!("{}{real}\n", ShippedWorld::Minimal.toml());
        std::fs::write(&file, &text).unwrap();
        let refused = Simulator::builder().world_file(&file).start().await.unwrap_err().to_string();
        let line = text.lines().count();
        assert!(refused.contains(told) && refused.contains(&format!("world.toml:{line}:")), "{refused}");
        assert!(!refused.contains(&entra_secret) && !refused.contains("BEGIN"), "{refused}");
    }
    let text = ShippedWorld::Minimal.toml().replace("home.example", "login.microsoftonline.com");
    std::fs::write(&file, text).unwrap();
    let refused = Simulator::builder().world_file(&file).start().await.unwrap_err().to_string();
    assert!(refused.contains("world.toml:10:12: domain `login.microsoftonline.com`"), "{refused}");
}
