//! A locked allow-list below a running API: changes come into force without a restart. T-028, T-092, T-094, T-097.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use axum::Router;
use support::{api, builder, get, get_with, token, user};
use tempfile::TempDir;
use tenantry::{
    AllowList, ApprovedKeys, Clock, Guests, LockOptions, TenantDirectory as _, TenantId, UnixTime,
};
use tenantry_allow_list::{Entry, Lock, SecretKey, Statement, TenantKind, Term};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

/// T-028.
const IN_TIME: Duration = Duration::from_secs(5);

/// Two people who sign, and a file.
struct Desk {
    folder: TempDir,
    ada: SecretKey,
    ben: SecretKey,
    approved: ApprovedKeys,
    now: UnixTime,
}

impl Desk {
    fn new() -> Self {
        let [ada, ben] = std::array::from_fn(|_| SecretKey::generate().unwrap());
        let approved = ApprovedKeys::new([("ada", ada.public()), ("ben", ben.public())]).unwrap();
        Self { folder: tempfile::tempdir().unwrap(), ada, ben, approved, now: Clock::system().now() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("allow-list.lock")
    }

    /// The revision after `before`, signed by both.
    fn lock(&self, before: Option<&Lock>, tenants: &[(&str, Guests)]) -> Lock {
        let entries = tenants.iter().map(|(id, guests)| entry(id, *guests)).collect();
        let statement = Statement::new(before.map(Lock::head), entries, Term::days(self.now, 1, 1)).unwrap();
        let proposed = Lock::propose(statement, &self.approved.signer(&self.ada).unwrap()).unwrap();
        proposed.review(&self.approved.signer(&self.ben).unwrap(), self.now).unwrap()
    }

    fn without(&self, lock: &Lock, tenant: TenantId) -> Lock {
        lock.clone()
            .remove(&[tenant], "incident", &self.approved.signer(&self.ben).unwrap(), self.now)
            .unwrap()
    }

    fn put(&self, lock: &Lock) {
        put(&self.path(), &lock.to_string());
    }

    fn load(&self) -> AllowList {
        AllowList::locked(self.path(), self.approved.clone()).unwrap()
    }
}

fn put(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    std::fs::write(&beside, text).unwrap();
    std::fs::rename(beside, path).unwrap();
}

fn entry(id: &str, guests: Guests) -> Entry {
    let (name, user_type, notes) = ("A tenant".into(), "partner".into(), String::new());
    Entry { id: id.parse().unwrap(), name, kind: TenantKind::Partner, user_type, guests, notes }
}

async fn api_on(simulator: &Simulator, tenants: AllowList) -> Router {
    api(&builder(simulator).tenants(tenants).verdict_cache_bytes(1 << 20).build().await.unwrap())
}

async fn until(api: &Router, token: &str, status: u16) {
    let start = Instant::now();
    while get_with(api, "/users", token).await.status != status {
        assert!(start.elapsed() < IN_TIME, "no {status} in time");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// T-028 and T-097, with the pace that an API has by default and with a warm cache: added by two, removed by one.
#[tokio::test]
async fn a_change_of_the_file_holds_within_five_seconds() {
    let simulator = Simulator::start().await.unwrap();
    let desk = Desk::new();
    let first = desk.lock(None, &[(builtin::CONTOSO, Guests::Refused)]);
    desk.put(&first);
    let api = api_on(&simulator, desk.load()).await;
    let person = |tenant, who| token(&simulator, &user(tenant, who));
    let contoso = person(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let guest = person(builtin::CONTOSO, builtin::FABRIKAM_GUEST_IN_CONTOSO);
    let fabrikam = person(builtin::FABRIKAM, builtin::FABRIKAM_ADMIN);
    for (token, status) in [(&contoso, 200), (&contoso, 200), (&guest, 401), (&fabrikam, 401)] {
        assert_eq!(get_with(&api, "/users", token).await.status, status);
    }

    let second =
        desk.lock(Some(&first), &[(builtin::CONTOSO, Guests::Allowed), (builtin::FABRIKAM, Guests::Refused)]);
    desk.put(&second);
    until(&api, &fabrikam, 200).await;
    for warm in [&guest, &contoso, &fabrikam, &fabrikam] {
        assert_eq!(get_with(&api, "/users", warm).await.status, 200);
    }

    desk.put(&desk.without(&second, builtin::FABRIKAM.parse().unwrap()));
    until(&api, &fabrikam, 401).await;
    assert_eq!(get_with(&api, "/users", &guest).await.status, 200, "nobody else");

    desk.put(&second);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(
        get_with(&api, "/users", &fabrikam).await.status,
        401,
        "the file before the removal is no way back"
    );
}

/// Expiry while running, and what the API tells of itself meanwhile.
#[tokio::test]
async fn an_api_whose_list_expires_refuses_and_is_not_ready() {
    let simulator = Simulator::start().await.unwrap();
    let desk = Desk::new();
    let first = desk.lock(None, &[(builtin::CONTOSO, Guests::Allowed)]);
    desk.put(&first);
    let clock = Clock::manual(desk.now);
    let options = LockOptions::new().clock(clock.clone()).poll_interval(Duration::from_millis(20));
    let list = AllowList::locked_with(desk.path(), desk.approved.clone(), options).unwrap();
    let auth = builder(&simulator).tenants(list.clone()).build().await.unwrap();
    let routes = tenantry::Routes::<()>::new().tell_version();
    let asked = auth.clone();
    let told = routes.public_get("/readyz", async move || asked.readiness()).protect(&auth);
    let api = api(&auth);
    let token = token(
        &simulator,
        &TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN)
            .audience(builtin::API)
            .lifetime_s(80_000),
    );
    assert_eq!(get_with(&api, "/users", &token).await.status, 200);
    let ready = get(&told, "/readyz", &[]).await;
    assert_eq!(ready.status, 200, "{}", ready.body);
    assert!(ready.body.contains(r#""keys":{"sets":1,"usable":1,"oldest_age_s":"#), "{}", ready.body);
    assert!(
        ready.body.contains(r#""revision":1,"digest":"sha256:"#) && !ready.body.contains(builtin::CONTOSO)
    );

    put(&desk.path(), &desk.lock(None, &[(builtin::FABRIKAM, Guests::Allowed)]).to_string());
    let start = Instant::now();
    while list.status().unwrap().refused.is_none() {
        assert!(start.elapsed() < IN_TIME);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let refused = get(&told, "/readyz", &[]).await;
    assert_eq!(refused.status, 200, "the last good list is in force");
    assert!(refused.body.contains(r#""refused":{"code":"forked","since":""#), "{}", refused.body);
    let report = get(&told, "/.well-known/tenantry", &[]).await.body;
    assert!(report.contains(&first.head().digest.to_string()), "{report}");

    clock.advance(Duration::from_secs(86_400));
    until(&api, &token, 401).await;
    assert_eq!(get(&told, "/readyz", &[]).await.status, 503);
    desk.put(
        &Desk { now: clock.now(), ..desk_again(&desk) }
            .lock(Some(&first), &[(builtin::CONTOSO, Guests::Allowed)]),
    );
    until(&api, &token, 200).await;
    assert_eq!(get(&told, "/readyz", &[]).await.status, 200);
}

/// The same people at another time.
fn desk_again(desk: &Desk) -> Desk {
    let [ada, ben] = [&desk.ada, &desk.ben].map(|key| SecretKey::from_pem(&key.to_pem().unwrap()).unwrap());
    Desk { folder: tempfile::tempdir().unwrap(), ada, ben, approved: desk.approved.clone(), now: desk.now }
}

/// Requests of several threads see one list or the other, and never wait for the file.
#[test]
fn reads_go_on_while_the_list_is_replaced() {
    let desk = Desk::new();
    let ids: Vec<String> = (0..200).map(|n| format!("aaaaaaaa-0000-4000-8000-{n:012}")).collect();
    let parsed: Vec<TenantId> = ids.iter().map(|id| id.parse().unwrap()).collect();
    let half = |which: usize| -> Vec<(&str, Guests)> {
        ids.iter().skip(which).step_by(2).map(|id| (id.as_str(), Guests::Allowed)).collect()
    };
    let mut lock = desk.lock(None, &half(0));
    desk.put(&lock);
    let options = LockOptions::new().poll_interval(Duration::from_millis(10));
    let list = AllowList::locked_with(desk.path(), desk.approved.clone(), options).unwrap();
    let (done, reads) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let before = list.revision();
                    let seen = [&parsed[0], &parsed[1]].map(|tenant| list.admit(*tenant).is_some());
                    assert!(list.revision() != before || seen[0] != seen[1], "{seen:?}");
                    reads.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for revision in 2..8 {
            lock = desk.lock(Some(&lock), &half(revision % 2));
            desk.put(&lock);
            let start = Instant::now();
            while list.status().unwrap().revision != u64::try_from(revision).unwrap() {
                assert!(start.elapsed() < IN_TIME);
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(reads.load(Ordering::Relaxed) > 1_000);
    assert_eq!(list.tenants().len(), 100);
}

#[test]
fn a_start_without_a_sound_list_is_none() {
    let desk = Desk::new();
    let missing = AllowList::locked(desk.path(), desk.approved.clone()).unwrap_err();
    assert_eq!(missing.fault().code(), "unreadable");
    assert!(missing.to_string().contains("allow-list.lock"), "{missing}");
    let entries = vec![entry(builtin::CONTOSO, Guests::Allowed)];
    let statement = Statement::new(None, entries, Term::days(desk.now, 1, 1)).unwrap();
    desk.put(&Lock::propose(statement, &desk.approved.signer(&desk.ada).unwrap()).unwrap());
    let half = AllowList::locked(desk.path(), desk.approved.clone()).unwrap_err();
    assert!(half.to_string().contains("a second person must review it"), "{half}");
}
