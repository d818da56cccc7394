//! Callers who want us to ask around (T-007, T-023, T-024, row 16).

use std::{sync::Arc, time::Duration};

use serde_json::json;
use tenantry_authority::MissOutcome;
use tenantry_simulator::{SignWith, builtin::NORTHWIND};

use crate::{
    provider::{Provider, Reply, key_set, tenant},
    stage::{Stage, contoso},
};

/// T-023: 500 unknown key ids, one fetch; good tokens pass meanwhile.
#[tokio::test]
async fn a_flood_of_unknown_key_ids_costs_one_fetch() {
    let stage = Stage::new().await.warm().await;
    let good = stage.contoso();
    let junk = stage.mint(&contoso().sign_with(SignWith::Unpublished));
    let (_, rest) = junk.split_once('.').unwrap();
    for n in 0..500 {
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": format!("junk-{n}") }).to_string();
        let token = format!("{}.{rest}", base64_simd::URL_SAFE_NO_PAD.encode_to_string(header));
        assert_eq!(stage.verdict(&token).await, "unknown_key");
        assert_eq!(stage.cached(&good), "accepted");
    }
    assert_eq!(stage.fetches(), (0, 1));
    stage.pass(300);
    assert_eq!(stage.verdict(&junk).await, "unknown_key");
    assert_eq!(stage.fetches(), (0, 2));
}

/// T-007, T-024: tenants that are not ours, real or made up, cost no request and leave no trace.
#[tokio::test]
async fn a_flood_of_unknown_tenants_costs_nothing() {
    let stage = Stage::new().await;
    for n in 0..500 {
        let stranger = format!("eeeeeeee-0000-4000-8000-{n:012}");
        let issuer = format!("{}/{stranger}/v2.0", stage.simulator.base());
        let request = contoso().claim("tid", json!(stranger)).claim("iss", json!(issuer));
        let request = request.sign_with(SignWith::None).header("alg", json!("RS256"));
        let token = stage.mint(&request) + "c2ln";
        assert_eq!(stage.verdict(&token).await, "tenant");
        let asked = stage.ring().refresh_after_miss(&stage.authority, stranger.parse().unwrap()).await;
        assert_eq!(asked, MissOutcome::NotAdmitted);
    }
    let report = stage.ring().warm([NORTHWIND.parse().unwrap()]).await;
    assert_eq!((report.loaded, report.failed.len()), (0, 0));
    assert_eq!(stage.fetches(), (0, 0));
    assert_eq!(stage.ring().status(), []);
}

fn slowly(provider: &Provider, delay: Duration) {
    provider.script(move |path| {
        path.ends_with("/keys").then(|| -> Reply {
            Box::pin(async move {
                tokio::time::sleep(delay).await;
                key_set(&[crate::provider::jwk("kid-new")])
            })
        })
    });
}

/// Row 16: whoever comes while a fetch is under way waits for that one.
#[tokio::test]
async fn concurrent_misses_share_one_fetch() {
    let provider = Provider::start().await;
    let (ring, authority) = (provider.ring(|builder| builder), provider.authority());
    ring.warm([tenant(1)]).await;
    provider.take_seen();
    slowly(&provider, Duration::from_millis(200));
    let misses: Vec<_> = (0..50)
        .map(|_| {
            let (ring, authority) = (ring.clone(), authority.clone());
            tokio::spawn(async move { ring.refresh_after_miss(&authority, tenant(1)).await })
        })
        .collect();
    for miss in misses {
        assert_eq!(miss.await.unwrap(), MissOutcome::Refreshed);
    }
    assert_eq!(provider.take_seen().len(), 1);
    assert_eq!(ring.refresh_after_miss(&authority, tenant(1)).await, MissOutcome::CoolingDown);
}

/// A caller who hangs up does not take the fetch away from the others.
#[tokio::test]
async fn a_caller_who_hangs_up_ends_nothing() {
    let provider = Provider::start().await;
    let (ring, authority) = (provider.ring(|builder| builder), provider.authority());
    slowly(&provider, Duration::from_millis(200));
    let first = ring.refresh_after_miss(&authority, tenant(1));
    assert!(tokio::time::timeout(Duration::from_millis(50), first).await.is_err());
    assert_eq!(ring.refresh_after_miss(&authority, tenant(1)).await, MissOutcome::Refreshed);
    assert_eq!(provider.take_seen().len(), 2, "metadata and keys, once");
}

/// A provider is not stormed at the start.
#[tokio::test]
async fn warming_asks_for_eight_sets_at_once() {
    let provider = Provider::start().await;
    slowly(&provider, Duration::from_millis(20));
    let ring = provider.ring(|builder| builder);
    let report = ring.warm((0..200).map(tenant)).await;
    assert_eq!((report.loaded, report.failed), (100, vec![]));
    assert!(provider.busiest() <= 8, "{}", provider.busiest());
    assert!(Arc::strong_count(&ring) <= 2, "no fetch is left behind");
}

/// One set that hangs takes one place of the eight.
#[tokio::test]
async fn a_set_that_hangs_holds_up_no_other() {
    let provider = Provider::start().await;
    let hanging = format!("/{}/keys", tenant(0));
    provider.script(move |path| (path == hanging).then(|| -> Reply { Box::pin(std::future::pending()) }));
    let ring = provider.ring(|builder| builder);
    let warm = tokio::time::timeout(Duration::from_secs(3), ring.warm((0..40).map(tenant)));
    assert!(warm.await.is_err());
    assert_eq!(ring.status().iter().filter(|set| set.usable).count(), 39);
}

/// A start that does not want to wait any longer leaves nothing stuck.
#[tokio::test]
async fn warming_may_be_given_up() {
    let provider = Provider::start().await;
    slowly(&provider, Duration::from_millis(200));
    let (ring, authority) = (provider.ring(|builder| builder), provider.authority());
    let warm = ring.warm((0..20).map(tenant));
    assert!(tokio::time::timeout(Duration::from_millis(50), warm).await.is_err());
    for under_way_or_not in [tenant(0), tenant(19)] {
        let outcome = ring.refresh_after_miss(&authority, under_way_or_not).await;
        assert_eq!(outcome, MissOutcome::Refreshed);
    }
    assert_eq!(ring.warm((0..20).map(tenant)).await.failed, []);
    provider.take_seen();
    let report = ring.warm((0..20).map(tenant)).await;
    assert_eq!((report.loaded, provider.take_seen().len()), (0, 0), "all are at hand");
}
