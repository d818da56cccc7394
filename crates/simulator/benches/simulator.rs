//! `cargo xtask bench simulator`: start-up, tokens per second, and what ten thousand tenants cost.
//!
//! Over loopback HTTP, with a client in the same process: the rates are those of client and server together, and say little
//! beyond this machine. The ratios of the large world to the demo hold anywhere.
#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on may panic")]

use std::future::Future;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tenantry_simulator::{ShippedWorld, Simulator, builtin};

/// Starts with keys that are there, of which the median counts.
const STARTS: usize = 15;
/// Starts that make their keys first.
const NEW_KEYS: usize = 5;
/// Tokens in a round, and rounds, of which the median counts. Worlds take turns, so that a busy moment hits both.
const TOKENS: u32 = 300;
const ROUNDS: usize = 7;
/// Changes of the directory, of which the median counts.
const CHANGES: usize = 11;
/// Makes this program a child that starts one world and tells its memory.
const CHILD: &str = "--memory-of";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Some(place) = arguments.iter().position(|argument| argument == CHILD) {
        let world = arguments[place + 1].parse().unwrap();
        println!("{}", runtime.block_on(resident_kib(world)));
        return;
    }
    let figures = runtime.block_on(measure());
    if !arguments.iter().any(|argument| argument == "--json") {
        figures
            .iter()
            .for_each(|(name, value)| println!("{name:<32} {value:>12.2}", value = value.as_f64().unwrap()));
    }
    println!("{}", Value::Object(figures));
}

async fn measure() -> Map<String, Value> {
    let mut figures = Map::new();
    let mut tell = |name: &str, value: f64| drop(figures.insert(name.to_owned(), json!(value)));
    let kept = scratch("kept");
    start(ShippedWorld::Demo, &kept).await;
    tell("start_kept_keys_ms", median(STARTS, async |_| start(ShippedWorld::Demo, &kept).await).await);
    tell(
        "start_new_keys_ms",
        median(NEW_KEYS, async |run| start(ShippedWorld::Demo, &scratch(&format!("new-{run}"))).await).await,
    );
    tell("large_start_ms", median(NEW_KEYS, async |_| start(ShippedWorld::Large, &kept).await).await);

    let demo = Simulator::builder().start().await.unwrap();
    let large = Simulator::builder().shipped_world(ShippedWorld::Large).start().await.unwrap();
    let (mut credentials, mut refreshes) = (Pair::default(), Pair::default());
    let tokens = [refresh_token(&demo).await, refresh_token(&large).await];
    for _ in 0..ROUNDS {
        credentials
            .add(round(&demo, &client_credentials()).await, round(&large, &client_credentials()).await);
        refreshes.add(round(&demo, &refresh(&tokens[0])).await, round(&large, &refresh(&tokens[1])).await);
    }
    tell("client_credentials_per_s", 1.0 / middle(&mut credentials.demo));
    tell("refresh_per_s", 1.0 / middle(&mut refreshes.demo));
    tell("large_client_credentials_ratio", credentials.ratio());
    tell("large_refresh_ratio", refreshes.ratio());
    tell("large_change_ms", median(CHANGES, async |run| change(&large, run).await).await);
    let (demo_kib, large_kib) = (child_kib(ShippedWorld::Demo), child_kib(ShippedWorld::Large));
    tell("demo_memory_mib", demo_kib / 1024.0);
    tell("large_memory_mib", large_kib / 1024.0);
    let more = ShippedWorld::Large.world().tenants().len() - ShippedWorld::Demo.world().tenants().len();
    tell("large_bytes_per_tenant", (large_kib - demo_kib) * 1024.0 / f64::from(u32::try_from(more).unwrap()));
    figures
}

/// Rounds in both worlds. Seconds for each token.
#[derive(Default)]
struct Pair {
    demo: Vec<f64>,
    large: Vec<f64>,
}

impl Pair {
    fn add(&mut self, demo: f64, large: f64) {
        self.demo.push(demo);
        self.large.push(large);
    }

    fn ratio(&mut self) -> f64 {
        middle(&mut self.large) / middle(&mut self.demo)
    }
}

/// A directory of this run's own.
fn scratch(name: &str) -> tempfile::TempDir {
    tempfile::Builder::new().prefix(name).tempdir().unwrap()
}

/// Milliseconds until both listeners of a simulator answer.
async fn start(world: ShippedWorld, directory: impl AsRef<Path>) -> Duration {
    let started = Instant::now();
    let builder = Simulator::builder().shipped_world(world).http(([127, 0, 0, 1], 0).into());
    let simulator = builder.https_on_any_port().state_dir(directory.as_ref()).start().await.unwrap();
    let took = started.elapsed();
    simulator.shutdown().await;
    took
}

async fn median<F: Future<Output = Duration>>(runs: usize, measured: impl Fn(usize) -> F) -> f64 {
    let mut times = Vec::new();
    for run in 0..runs {
        times.push(measured(run).await.as_secs_f64() * 1_000.0);
    }
    middle(&mut times)
}

fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

type Form = Vec<(&'static str, String)>;

fn client_credentials() -> Form {
    vec![
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", builtin::CONTOSO_DAEMON.to_owned()),
        ("client_secret", builtin::CONTOSO_DAEMON_SECRET.to_owned()),
        ("scope", format!("{}/.default", builtin::API_URI)),
    ]
}

fn refresh(token: &str) -> Form {
    vec![
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", builtin::NATIVE.to_owned()),
        ("refresh_token", token.to_owned()),
        ("scope", format!("{} offline_access", builtin::API_SCOPE)),
    ]
}

/// Seconds for each token of a round, one after another on one connection.
async fn round(simulator: &Simulator, form: &Form) -> f64 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/{}/oauth2/v2.0/token", simulator.base(), builtin::CONTOSO);
    post(&client, &url, form).await;
    let started = Instant::now();
    for _ in 0..TOKENS {
        post(&client, &url, form).await;
    }
    started.elapsed().as_secs_f64() / f64::from(TOKENS)
}

async fn post(client: &reqwest::Client, url: &str, form: &Form) -> Value {
    let response = client.post(url).form(form).send().await.unwrap();
    let status = response.status();
    let body: Value = response.json().await.unwrap();
    assert!(status.is_success(), "{body}");
    body
}

/// A refresh token of a person, by the password grant: the shortest way.
async fn refresh_token(simulator: &Simulator) -> String {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/{}/oauth2/v2.0/token", simulator.base(), builtin::CONTOSO);
    let form = vec![
        ("grant_type", "password".to_owned()),
        ("client_id", builtin::NATIVE.to_owned()),
        ("username", "alice@contoso.example".to_owned()),
        ("password", builtin::password("alice")),
        ("scope", format!("{} offline_access", builtin::API_SCOPE)),
    ];
    post(&client, &url, &form).await["refresh_token"].as_str().unwrap().to_owned()
}

/// Makes one more person in the directory.
async fn change(simulator: &Simulator, run: usize) -> Duration {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/sim/tenants/{}/users", simulator.base(), builtin::CONTOSO);
    let user = json!({ "upn": format!("new-{run}@contoso.example"), "display_name": "New" });
    let started = Instant::now();
    let answer = client.post(url).json(&user).send().await.unwrap();
    assert!(answer.status().is_success());
    started.elapsed()
}

fn child_kib(world: ShippedWorld) -> f64 {
    let child = Command::new(std::env::current_exe().unwrap()).args([CHILD, world.name()]).output().unwrap();
    String::from_utf8(child.stdout).unwrap().trim().parse().unwrap()
}

/// Memory of this process with one simulator in it, after a token was issued. KiB; 0 where the system does not tell.
async fn resident_kib(world: ShippedWorld) -> u64 {
    let simulator = Simulator::builder().shipped_world(world).start().await.unwrap();
    round(&simulator, &client_credentials()).await;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}
