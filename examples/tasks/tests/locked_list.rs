//! The executable on a locked allow-list. T-028, T-092, T-094, T-097; rows 28, 104, 118.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use process::{LEAST, Server, run};
use serde_json::Value;
use simulator::token;
use tempfile::TempDir;
use tenantry::{Clock, Guests, UnixTime};
use tenantry_allow_list::{ApprovedKeys, Entry, Lock, SecretKey, Statement, TenantKind, Term};
use tenantry_simulator::{TokenRequest, builtin};

#[path = "support/process.rs"]
mod process;
#[path = "support/simulator.rs"]
mod simulator;

/// A folder with a lock, the approved keys, and the two people who hold them.
struct Desk {
    folder: TempDir,
    people: [SecretKey; 2],
    approved: ApprovedKeys,
    now: UnixTime,
}

impl Desk {
    fn new() -> Self {
        let people: [SecretKey; 2] = std::array::from_fn(|_| SecretKey::generate().unwrap());
        let [ada, ben] = [&people[0], &people[1]].map(SecretKey::public);
        let approved = ApprovedKeys::new([("ada", ada), ("ben", ben)]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let keys = format!(
            "[[key]]\nname = \"ada\"\npublic = \"{ada}\"\n[[key]]\nname = \"ben\"\npublic = \"{ben}\"\n"
        );
        fs::write(folder.path().join("approved-keys.toml"), keys).unwrap();
        Self { folder, people, approved, now: Clock::system().now() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn lock(&self, before: Option<&Lock>, tenants: &[&str]) -> Lock {
        let entries = tenants.iter().map(|id| entry(id)).collect();
        let statement = Statement::new(before.map(Lock::head), entries, Term::days(self.now, 30, 7)).unwrap();
        let [ada, ben] = [&self.people[0], &self.people[1]].map(|key| self.approved.signer(key).unwrap());
        Lock::propose(statement, &ada).unwrap().review(&ben, self.now).unwrap()
    }

    fn without(&self, lock: &Lock, tenant: &str) -> Lock {
        let signer = self.approved.signer(&self.people[1]).unwrap();
        lock.clone().remove(&[tenant.parse().unwrap()], "incident", &signer, self.now).unwrap()
    }

    fn put(&self, text: &str) {
        fs::write(self.path("new"), text).unwrap();
        fs::rename(self.path("new"), self.path("allow-list.lock")).unwrap();
    }

    /// Runs `with` with the variables of a server on this list.
    fn variables<T>(&self, with: impl FnOnce(&[(&str, &str)]) -> T) -> T {
        let [lock, keys, seen] = ["allow-list.lock", "approved-keys.toml", "seen.json"]
            .map(|name| self.path(name).to_str().unwrap().to_owned());
        with(&[
            LEAST[0],
            ("AZURE_AUTHORITY_HOST", simulator::simulator().base()),
            ("ALLOW_LIST_FILE", &lock),
            ("ALLOW_LIST_KEYS", &keys),
            ("ALLOW_LIST_SEEN", &seen),
            ("DATABASE_URL", "sqlite::memory:"),
            ("TASKS_LISTEN", "127.0.0.1:0"),
            ("TASKS_WELL_KNOWN", "true"),
        ])
    }
}

fn entry(id: &str) -> Entry {
    let (name, user_type, notes) = ("A tenant".into(), "partner".into(), String::new());
    Entry {
        id: id.parse().unwrap(),
        name,
        kind: TenantKind::Partner,
        user_type,
        guests: Guests::Allowed,
        notes,
    }
}

async fn status(server: &Server, token: &str) -> u16 {
    let url = format!("{}/api/me", server.base);
    reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap().status().as_u16()
}

/// T-028.
async fn until(server: &Server, token: &str, expected: u16) {
    let start = Instant::now();
    while status(server, token).await != expected {
        assert!(start.elapsed() < Duration::from_secs(5), "no {expected} in time");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn told(server: &Server, path: &str) -> (u16, Value) {
    let url = format!("{}{path}", server.base);
    let answer = reqwest::Client::new().get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Added by two people, removed by one, both without a restart; and what a half-signed list does: nothing.
#[tokio::test]
async fn the_server_follows_its_lock() {
    let desk = Desk::new();
    let first = desk.lock(None, &[builtin::CONTOSO]);
    desk.put(&first.to_string());
    let mut server = desk.variables(Server::start);
    let person = |tenant, who| token(&TokenRequest::for_user(tenant, who).audience(builtin::API));
    let contoso = person(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let fabrikam = person(builtin::FABRIKAM, builtin::FABRIKAM_ADMIN);
    assert_eq!((status(&server, &contoso).await, status(&server, &fabrikam).await), (200, 401));

    let second = desk.lock(Some(&first), &[builtin::CONTOSO, builtin::FABRIKAM]);
    desk.put(&second.to_string());
    until(&server, &fabrikam, 200).await;
    assert_eq!(status(&server, &fabrikam).await, 200, "with a warm cache");
    let third = desk.without(&second, builtin::FABRIKAM);
    desk.put(&third.to_string());
    until(&server, &fabrikam, 401).await;

    let (code, report) = told(&server, "/.well-known/tenantry").await;
    assert_eq!((code, &report["allow_list"]["revision"]), (200, &Value::from(3)));
    assert_eq!(report["allow_list"]["digest"], third.head().digest.to_string());
    let statement = desk.lock(Some(&third), &[builtin::NORTHWIND]).statement().clone();
    let half = Lock::propose(statement, &desk.approved.signer(&desk.people[0]).unwrap()).unwrap();
    desk.put(&half.to_string());
    let start = Instant::now();
    loop {
        let (code, ready) = told(&server, "/readyz").await;
        assert_eq!(code, 200, "{ready}");
        if ready["allow_list"]["refused"]["code"] == "half_signed" {
            assert!(
                !ready.to_string().contains(builtin::NORTHWIND) && !ready.to_string().contains("ada"),
                "{ready}"
            );
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(5), "{ready}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(status(&server, &contoso).await, 200);
    assert_eq!(server.end(), 0);

    desk.put(&second.to_string());
    let (code, _, err) = desk.variables(|variables| run(&[], variables));
    assert_eq!(code, 1);
    assert!(err.contains("revision 2 is older than revision 3, which was seen before"), "{err}");
}

#[test]
fn check_tells_the_revision_or_why_there_is_none() {
    let desk = Desk::new();
    let lock = desk.lock(None, &[builtin::CONTOSO]);
    desk.put(&lock.to_string());
    let check = || desk.variables(|variables| run(&["--check"], variables));
    let (code, out, err) = check();
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("ALLOW_LIST_FILE=/") && out.contains("# allow-list: revision 1, tenants: 1, until 2"),
        "{out}"
    );
    assert!(!desk.path("seen.json").exists(), "a check remembers nothing");

    desk.put(&lock.to_string().replace("guests = true", "guests = false"));
    let (code, _, err) = check();
    assert_eq!(code, 1);
    assert!(err.contains("allow-list.lock") && err.contains("it was altered"), "{err}");
    fs::remove_file(desk.path("allow-list.lock")).unwrap();
    assert_eq!(check().0, 1);
    fs::write(desk.path("approved-keys.toml"), "").unwrap();
    let (code, _, err) = check();
    assert_eq!(code, 2);
    assert!(err.starts_with("tasks: ALLOW_LIST_KEYS is `") && err.contains("approves no key"), "{err}");
}
