//! `tenantry demo`: it serves, it refuses, it says which port is taken, and it ends when told.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tenantry_allow_list::{ApprovedKeys, Draft, Lock, SecretKey, Statement, Term};
use tenantry_simulator::builtin;

const PATIENCE: Duration = Duration::from_secs(60);

/// A running demo; ended with the test, whatever happens.
struct Demo {
    process: Child,
    addresses: Value,
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Already ended, where the test did its work.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// Three neighbouring ports that are free at the moment. Tests run side by side: none is given to two of them.
fn port_base() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let start = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    let mut bases = std::iter::repeat_with(|| start + 3 * NEXT.fetch_add(1, Ordering::Relaxed)).take(1_000);
    bases.find(|base| (*base..*base + 3).all(is_free)).unwrap()
}

fn demo(base: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    command.args(["demo", "--json", "--port-base", &base.to_string()]).env_remove("RUST_LOG");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Demo {
    /// What the tasks API answers a genuine token.
    async fn status(&self, (tenant, user): (&str, &str)) -> u16 {
        let (front_door, http) = (&self.addresses["front_door"], &self.addresses["simulator"]["http"]);
        let request = json!({"tenant": tenant, "user": user, "audience": builtin::API});
        let client = reqwest::Client::new();
        let minted = client.post(format!("{}/sim/tokens", http.as_str().unwrap())).json(&request);
        let minted: Value = minted.send().await.unwrap().json().await.unwrap();
        let tasks = client.get(format!("{}/api/tasks", front_door.as_str().unwrap()));
        tasks.bearer_auth(minted["token"].as_str().unwrap()).send().await.unwrap().status().as_u16()
    }
}

fn start(base: u16) -> Demo {
    start_it(&mut demo(base))
}

fn start_it(demo: &mut Command) -> Demo {
    let mut process = demo.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Demo { process, addresses: serde_json::from_str(&line).unwrap() }
}

fn interrupt(process: &mut Child) -> Option<i32> {
    Command::new("kill").args(["-INT", &process.id().to_string()]).status().unwrap();
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(status) = process.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    None
}

#[tokio::test]
async fn it_serves_refuses_and_ends() {
    let mut demo = start(port_base());
    let front_door = demo.addresses["front_door"].as_str().unwrap();
    let client = reqwest::Client::new();
    let page = client.get(front_door).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    let page = page.text().await.unwrap();
    assert!(
        ["Contoso", "Fabrikam", "Northwind", "edgar@contoso.example"].iter().all(|word| page.contains(word))
    );

    for (tenant, user, expected) in [
        (builtin::CONTOSO, builtin::CONTOSO_EDITOR, 200),
        (builtin::CONTOSO, builtin::FABRIKAM_GUEST_IN_CONTOSO, 200),
        (builtin::FABRIKAM, builtin::FABRIKAM_READER, 200),
        (builtin::NORTHWIND, builtin::NORTHWIND_EDITOR, 401),
    ] {
        assert_eq!(demo.status((tenant, user)).await, expected, "{user}");
    }

    // A second demo on the same ports says what is wrong, and the first one goes on.
    let base = front_door.rsplit(':').next().unwrap().parse().unwrap();
    let mut second = self::demo(base).spawn().unwrap();
    let mut told = String::new();
    second.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(second.wait().unwrap().code(), Some(1));
    assert!(told.contains(&format!("port {base} is taken")) && told.contains("--port-base"), "{told}");
    assert_eq!(client.get(format!("{front_door}/healthz")).send().await.unwrap().status(), 200);

    drop(client);
    assert_eq!(interrupt(&mut demo.process), Some(0));
}

/// On a list that two people signed: Northwind is on it, Contoso is not, until the next revision.
#[tokio::test]
async fn it_runs_on_a_locked_list() {
    let folder = tempfile::tempdir().unwrap();
    let [lock_path, keys_path] =
        ["allow-list.lock", "approved-keys.toml"].map(|name| folder.path().join(name));
    let [ada, ben] = std::array::from_fn(|_| SecretKey::generate().unwrap());
    let key = |name, key: &SecretKey| format!("[[key]]\nname = \"{name}\"\npublic = \"{}\"\n", key.public());
    fs::write(&keys_path, [key("ada", &ada), key("ben", &ben)].concat()).unwrap();
    let approved = ApprovedKeys::new([("ada", ada.public()), ("ben", ben.public())]).unwrap();
    let now = tenantry::Clock::system().now();
    let lock = |after, tenant: &str| {
        let draft = format!(
            "[[tenant]]\nid = \"{tenant}\"\nname = \"T\"\nkind = \"partner\"\nuser-type = \"partner\"\nguests = false\n"
        );
        let entries = Draft::parse(&draft).unwrap().into_entries();
        let statement = Statement::new(after, entries, Term::days(now, 30, 7)).unwrap();
        let proposed = Lock::propose(statement, &approved.signer(&ada).unwrap()).unwrap();
        proposed.review(&approved.signer(&ben).unwrap(), now).unwrap()
    };
    let first = lock(None, builtin::NORTHWIND);
    fs::write(&lock_path, first.to_string()).unwrap();
    let on_it = |base| {
        let mut command = demo(base);
        command.arg("--allow-list").arg(&lock_path);
        command
    };
    assert_eq!(on_it(port_base()).output().unwrap().status.code(), Some(2), "whose signatures count?");
    let mut command = on_it(port_base());
    let mut demo = start_it(command.arg("--approved-keys").arg(&keys_path));
    assert_eq!(demo.addresses["allow_list_revision"], 1);
    let contoso = (builtin::CONTOSO, builtin::CONTOSO_EDITOR);
    let northwind = (builtin::NORTHWIND, builtin::NORTHWIND_EDITOR);
    assert_eq!((demo.status(contoso).await, demo.status(northwind).await), (401, 200));

    fs::write(folder.path().join("new"), lock(Some(first.head()), builtin::CONTOSO).to_string()).unwrap();
    fs::rename(folder.path().join("new"), &lock_path).unwrap();
    let start = Instant::now();
    while demo.status(northwind).await != 401 {
        assert!(start.elapsed() < Duration::from_secs(5), "T-028");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(demo.status(contoso).await, 200);
    assert_eq!(interrupt(&mut demo.process), Some(0));
}

/// T-042: the single-page example may read answers, other pages may not.
#[tokio::test]
async fn pages_of_the_named_origins_may_call_the_api() {
    let mut demo = start(port_base());
    let front_door = demo.addresses["front_door"].as_str().unwrap().to_owned();
    let client = reqwest::Client::new();
    for (origin, allowed) in
        [("http://localhost:5173", true), ("http://localhost:5174", false), ("null", false)]
    {
        let request = client.get(format!("{front_door}/api/me")).header("origin", origin);
        let answer = request.send().await.unwrap();
        let named = answer.headers().get("access-control-allow-origin").map(|value| value.to_str().unwrap());
        assert_eq!(named, allowed.then_some(origin), "{origin}");
    }
    drop(client);
    assert_eq!(interrupt(&mut demo.process), Some(0));
}

#[test]
fn it_names_the_simulators_port_when_that_one_is_taken() {
    let base = port_base();
    let _taken = TcpListener::bind(("127.0.0.1", base + 1)).unwrap();
    let mut process = demo(base).spawn().unwrap();
    let mut told = String::new();
    process.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(1));
    assert!(told.contains(&(base + 1).to_string()), "{told}");
}
