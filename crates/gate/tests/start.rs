#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! A target that the gate starts: it answers when the start is over, says why when it does not, and is gone afterwards.

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::time::Duration;

use axum::{Router, routing::get};
use tenantry_gate::{GateError, Running, Target};

/// Not a test of its own: this very program, started again as a target.
#[tokio::test]
async fn served_when_asked() {
    let Ok(port) = std::env::var("GATE_TEST_PORT") else { return };
    if let Ok(last_words) = std::env::var("GATE_TEST_FAIL") {
        println!("{last_words}");
        std::process::exit(3);
    }
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    let greeting = std::env::var("GATE_TEST_GREETING").unwrap_or_default();
    let api = Router::new().route("/", get(move || async move { greeting }));
    axum::serve(listener, api).await.unwrap();
}

fn target(command: &[&str]) -> Target {
    let program = std::env::current_exe().unwrap();
    let command: Vec<_> =
        command.iter().map(|word| word.replace("{self}", program.to_str().unwrap())).collect();
    let text = format!(
        "name = \"t\"\n[api]\nclient-id = \"a\"\n[[probe]]\npath = \"/\"\n[start]\ncommand = {command:?}\nwait-s = 20\n\
         env = {{ GATE_TEST_PORT = \"{{port}}\", GATE_TEST_GREETING = \"{{authority}} {{scratch}}\" }}\n"
    );
    Target::parse(&text).unwrap()
}

const SERVE: &[&str] = &["{self}", "--exact", "served_when_asked", "--nocapture"];

async fn start(command: &[&str], env: &[(&str, &str)]) -> Result<Running, GateError> {
    let env: BTreeMap<_, _> =
        env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Running::start(&target(command), "http://localhost:1", &env).await
}

fn listens(running: &Target) -> bool {
    TcpStream::connect(running.url.trim_start_matches("http://")).is_ok()
}

#[tokio::test]
async fn it_answers_and_is_gone_afterwards() {
    let running = start(SERVE, &[]).await.unwrap();
    let target = running.target().clone();
    let greeting = reqwest::Client::new().get(&target.url).send().await.unwrap().text().await.unwrap();
    let scratch = greeting.strip_prefix("http://localhost:1 ").unwrap().to_owned();
    assert!(std::path::Path::new(&scratch).is_dir());
    running.end().await;
    assert!(!listens(&target));
    assert!(!std::path::Path::new(&scratch).exists());
}

/// A shell that ignores the farewell, and its child that serves: a panic in between leaves neither.
#[cfg(unix)]
#[tokio::test]
async fn a_panic_leaves_nothing_behind() {
    let script = "trap '' TERM; {self} --exact served_when_asked --nocapture & wait; # {port}";
    let running = start(&["sh", "-c", script], &[]).await.unwrap();
    let target = running.target().clone();
    assert!(listens(&target));
    let panicked = tokio::spawn(async move {
        let _held = running;
        panic!("on purpose");
    });
    assert!(panicked.await.is_err());
    for _ in 0..50 {
        if !listens(&target) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it still listens");
}

#[tokio::test]
async fn it_says_why_it_did_not_start() {
    let why =
        start(SERVE, &[("GATE_TEST_FAIL", "no database; token eyJhbGciOi.eyJ0aWQ.c2ln")]).await.unwrap_err();
    let why = why.to_string();
    assert!(why.contains("no database; token eyJ…") && why.contains("exit status: 3"), "{why}");
    assert!(!why.contains("c2ln"), "{why}");
    let why = start(&["no-such-program-here", "{port}"], &[]).await.unwrap_err().to_string();
    assert!(why.contains("does not start") && why.contains("no-such-program-here"), "{why}");
}
