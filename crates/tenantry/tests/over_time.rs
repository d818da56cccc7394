//! What changes while the API runs: lists, keys, the provider, the clock. T-022, T-023, T-028; rows 15 to 17, 26.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::{sync::Arc, time::Duration};

use support::{api, builder, get, get_with, token, user};
use tenantry::{AllowList, Clock, Guests, ReloadableList, TenantId, TenantPolicy, UnixTime};
use tenantry_simulator::{Fault, FaultKind, KeyRotation, Simulator, builtin};

const CACHE_BYTES: u64 = 1 << 20;

fn contoso() -> TenantId {
    builtin::CONTOSO.parse().unwrap()
}

/// T-028 with a warm cache: the next request after the change is judged by the new list.
#[tokio::test]
async fn removing_a_tenant_holds_at_once() {
    let simulator = Simulator::start().await.unwrap();
    let tenants = Arc::new(ReloadableList::new(AllowList::new([contoso()])));
    let auth = builder(&simulator)
        .tenant_directory(tenants.clone())
        .verdict_cache_bytes(CACHE_BYTES)
        .build()
        .await
        .unwrap();
    let api = api(&auth);
    let member = token(&simulator, &user(builtin::CONTOSO, builtin::CONTOSO_ADMIN));
    let guest = token(&simulator, &user(builtin::CONTOSO, builtin::FABRIKAM_GUEST_IN_CONTOSO));
    for warm in [&member, &guest, &member, &guest] {
        assert_eq!(get_with(&api, "/users", warm).await.status, 200);
    }
    tenants.replace(AllowList::with_policies([(contoso(), TenantPolicy { guests: Guests::Refused })]));
    assert_eq!(get_with(&api, "/users", &member).await.status, 200);
    assert_eq!(get_with(&api, "/users", &guest).await.status, 401);
    tenants.replace(AllowList::default());
    assert_eq!(get_with(&api, "/users", &member).await.status, 401);
    tenants.replace(AllowList::new([contoso()]));
    assert_eq!(get_with(&api, "/users", &guest).await.status, 200);
}

/// T-022: near copies of a remembered token never hit, and a route asks for its own permission on every hit.
#[tokio::test]
async fn the_cache_is_keyed_by_the_whole_token() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&builder(&simulator).verdict_cache_bytes(CACHE_BYTES).build().await.unwrap());
    let reader = token(&simulator, &user(builtin::CONTOSO, builtin::CONTOSO_READER));
    let admin = token(&simulator, &user(builtin::CONTOSO, builtin::CONTOSO_ADMIN));
    assert_eq!(get_with(&api, "/users", &reader).await.status, 200);
    assert_eq!(get_with(&api, "/editors", &reader).await.status, 403);
    let (signed, _) = reader.rsplit_once('.').unwrap();
    let (_, other_signature) = admin.rsplit_once('.').unwrap();
    let last = if reader.ends_with('A') { 'Q' } else { 'A' };
    for near in [
        format!("{signed}.{other_signature}"),
        format!("{}{last}", &reader[..reader.len() - 1]),
        format!("{reader}="),
        reader[..reader.len() - 4].to_owned(),
        format!("{signed}."),
    ] {
        assert_eq!(get_with(&api, "/users", &near).await.status, 401);
    }
    assert_eq!(get_with(&api, "/users", &reader).await.status, 200);
}

#[tokio::test]
async fn a_remembered_token_dies_with_its_expiry() {
    let simulator = Simulator::start().await.unwrap();
    let clock = Clock::manual(UnixTime::from_secs(simulator.now()));
    let auth =
        builder(&simulator).clock(clock.clone()).verdict_cache_bytes(CACHE_BYTES).build().await.unwrap();
    let api = api(&auth);
    let short = token(&simulator, &user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).lifetime_s(600));
    assert_eq!(get_with(&api, "/users", &short).await.status, 200);
    clock.advance(Duration::from_secs(655));
    assert_eq!(get_with(&api, "/users", &short).await.status, 200, "within the leeway");
    clock.advance(Duration::from_secs(10));
    assert_eq!(get_with(&api, "/users", &short).await.status, 401);
}

/// Rotation without a 401, withdrawal with one, both with a warm cache.
#[tokio::test]
async fn keys_come_and_go() {
    let simulator = Simulator::start().await.unwrap();
    let api = api(&builder(&simulator).verdict_cache_bytes(CACHE_BYTES).build().await.unwrap());
    let request = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let before = token(&simulator, &request);
    assert_eq!(get_with(&api, "/users", &before).await.status, 200);
    simulator.rotate_keys(KeyRotation { withdraw: true, ..KeyRotation::default() }).await.unwrap();
    let after = token(&simulator, &request);
    assert_eq!(get_with(&api, "/users", &after).await.status, 200, "an unknown key is asked for at once");
    assert_eq!(
        get_with(&api, "/users", &before).await.status,
        401,
        "and the withdrawn one is gone, cache or not"
    );
}

/// T-022: a remembered token dies with the background refresh that withdraws its key, without any other token.
#[tokio::test]
async fn a_remembered_token_dies_with_its_key() {
    let simulator = Simulator::start().await.unwrap();
    let clock = Clock::manual(UnixTime::from_secs(simulator.now()));
    let auth =
        builder(&simulator).clock(clock.clone()).verdict_cache_bytes(CACHE_BYTES).build().await.unwrap();
    let api = api(&auth);
    let token = token(&simulator, &user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).lifetime_s(36_000));
    for _ in 0..3 {
        assert_eq!(get_with(&api, "/users", &token).await.status, 200);
    }
    simulator.rotate_keys(KeyRotation { withdraw: true, ..KeyRotation::default() }).await.unwrap();
    assert_eq!(get_with(&api, "/users", &token).await.status, 200, "not noticed yet");
    clock.advance(Duration::from_secs(3_961));
    auth.keys().refresh_due().await;
    assert_eq!(get_with(&api, "/users", &token).await.status, 401);
}

/// Row 22: a provider that hangs keeps nobody from starting.
#[tokio::test]
async fn a_hanging_provider_does_not_hold_up_the_start() {
    let simulator = Simulator::start().await.unwrap();
    simulator.set_faults(vec![Fault { latency_ms: Some(60_000), ..Fault::default() }]).unwrap();
    let many = (0..100).map(|n| format!("aaaaaaaa-0000-4000-8000-{n:012}").parse().unwrap());
    let many: Vec<TenantId> = many.collect();
    let building = builder(&simulator).tenants(AllowList::new(many.iter().copied())).warm(many).build();
    assert!(tokio::time::timeout(Duration::from_secs(15), building).await.unwrap().is_ok());
}

/// T-020, T-023: known keys outlive the provider; without any, 503 and no blame on the token.
#[tokio::test]
async fn outage_of_the_provider() {
    let simulator = Simulator::start().await.unwrap();
    let warm = api(&builder(&simulator).warm([contoso()]).build().await.unwrap());
    let token = token(&simulator, &user(builtin::CONTOSO, builtin::CONTOSO_ADMIN));
    simulator.set_faults(vec![Fault { kind: Some(FaultKind::Outage), ..Fault::default() }]).unwrap();
    let cold = api(&builder(&simulator).build().await.unwrap());

    assert_eq!(get_with(&warm, "/users", &token).await.status, 200);
    let unavailable = get_with(&cold, "/users", &token).await;
    assert_eq!(unavailable.status, 503);
    assert!(unavailable.headers.contains_key(http::header::RETRY_AFTER));
    assert_eq!(get(&cold, "/users", &["Bearer a.b.c"]).await.status, 401, "a bad token is bad all the same");
}
