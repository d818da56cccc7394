//! Keys come, go, and belong to somebody (rows 14, 15, 18, 19; T-013, T-023).

use std::sync::Arc;

use serde_json::json;
use tenantry_authority::{KeyMode, MissOutcome};
use tenantry_simulator::{
    SignWith, Simulator, TokenRequest,
    builtin::{API, API_V1, CONTOSO, CONTOSO_ADMIN, NORTHWIND, NORTHWIND_ADMIN},
};
use tenantry_token::{ClientId, KeyAnswer, KeySource};

use crate::stage::{Stage, both, contoso};

/// Row 15: even right after the start, and for one request, as where the keys are is remembered.
#[tokio::test]
async fn a_new_key_is_picked_up_at_the_first_miss() {
    let stage = Stage::new().await.warm().await;
    assert_eq!(stage.cached(&stage.contoso()), "accepted");
    stage.rotate(false).await;
    let token = stage.contoso();
    assert_eq!(stage.cached(&token), "unknown_key");
    assert_eq!(stage.verdict(&token).await, "accepted");
    assert_eq!(stage.fetches(), (0, 1));
}

/// T-023: and once more after the cool-down, not before.
#[tokio::test]
async fn a_second_rotation_waits_for_the_cool_down() {
    let stage = Stage::new().await.warm().await;
    stage.rotate(false).await;
    assert_eq!(stage.verdict(&stage.contoso()).await, "accepted");
    stage.rotate(false).await;
    stage.pass(299);
    let token = stage.contoso();
    assert_eq!(stage.verdict(&token).await, "unknown_key");
    let tenant = CONTOSO.parse().unwrap();
    assert_eq!(stage.ring().refresh_after_miss(&stage.authority, tenant).await, MissOutcome::CoolingDown);
    stage.pass(1);
    assert_eq!(stage.verdict(&token).await, "accepted");
}

/// A first load that a token caused is no refresh either.
#[tokio::test]
async fn keys_are_loaded_for_the_first_token_of_a_tenant() {
    let stage = Stage::new().await;
    let token = stage.contoso();
    assert_eq!(stage.cached(&token), "keys_unavailable");
    assert_eq!(stage.verdict(&token).await, "accepted");
    assert_eq!(stage.fetches(), (1, 1));
    stage.rotate(false).await;
    assert_eq!(stage.verdict(&stage.contoso()).await, "accepted");
    assert_eq!(stage.fetches(), (1, 2));
}

/// T-023: a withdrawn key stops with the next refresh, and verdicts that were kept must be asked for again (T-022).
#[tokio::test]
async fn a_withdrawn_key_stops_within_one_refresh() {
    let stage = Stage::new().await.warm().await;
    let old = stage.contoso();
    stage.rotate(true).await;
    assert_eq!(stage.verdict(&old).await, "accepted", "not noticed yet");
    let revision = stage.ring().revision();

    stage.pass(3961);
    assert_eq!(stage.ring().refresh_due().await, 2);
    assert_eq!(stage.cached(&old), "unknown_key");
    assert_eq!(stage.cached(&stage.contoso()), "accepted");
    assert_ne!(stage.ring().revision(), revision);
}

#[tokio::test]
async fn a_refresh_without_news_changes_nothing() {
    let stage = Stage::new().await.warm().await;
    let revision = stage.ring().revision();
    for _ in 0..3 {
        assert_eq!(stage.cached(&stage.contoso()), "accepted");
        stage.pass(3961);
        stage.ring().refresh_due().await;
    }
    assert_eq!(stage.fetches(), (0, 6), "three rounds, two tenants");
    assert_eq!(stage.ring().revision(), revision);
}

/// T-023: a set that nobody asked for is refreshed all the same, so that the first token after a quiet night is judged by
/// keys of this hour; metadata is asked for once a day.
#[tokio::test]
async fn idle_sets_are_kept_fresh_too() {
    let stage = Stage::new().await.warm().await;
    let old = stage.contoso();
    stage.rotate(true).await;
    stage.pass(3961);
    assert_eq!(stage.ring().refresh_due().await, 2);
    assert_eq!(stage.fetches(), (0, 2));
    assert_eq!(stage.cached(&old), "unknown_key");
    stage.pass(86_400);
    assert_eq!(stage.ring().refresh_due().await, 2);
    assert_eq!(stage.fetches(), (2, 4));
}

/// T-013, row 18: a published key that signs for others, in both modes; no reason to fetch anything.
#[tokio::test]
async fn a_key_of_another_issuer_is_refused() {
    for (mode, code) in [(KeyMode::PerTenant, "key_issuer"), (KeyMode::Shared, "key_issuer")] {
        let stage = Stage::with(|builder| builder.mode(mode)).await.warm().await;
        let foreign = stage.mint(&contoso().sign_with(SignWith::OtherKey));
        assert_eq!(stage.verdict(&foreign).await, code, "{mode:?}");
        assert_eq!(stage.verdict(&stage.contoso()).await, "accepted", "{mode:?}");
    }
}

/// Row 21: one document for all tenants, whose gate is still the tenant's own.
#[tokio::test]
async fn shared_keys_are_fetched_once_for_all_tenants() {
    let stage = Stage::with(|builder| builder.mode(KeyMode::Shared)).await;
    assert_eq!(stage.verdict(&stage.contoso()).await, "accepted");
    assert_eq!(stage.verdict(&stage.fabrikam()).await, "accepted");
    let northwind = TokenRequest::for_user(NORTHWIND, NORTHWIND_ADMIN).audience(API);
    assert_eq!(stage.verdict(&stage.mint(&northwind)).await, "tenant");
    assert_eq!(stage.fetches(), (1, 1));
    assert_eq!(stage.simulator.requests().requests[0].tenant, "organizations");
    assert_eq!(stage.ring().status().len(), 1);
}

/// Row 21: however many tenants publish a key, it is stored once.
#[tokio::test]
async fn a_key_of_two_tenants_is_stored_once() {
    let stage = Stage::new().await.warm().await;
    let key_id =
        stage.simulator.rotate_keys(tenantry_simulator::KeyRotation::default()).await.unwrap().current;
    stage.pass(3961);
    stage.ring().refresh_due().await;
    let found = both().map(|tenant| stage.ring().key(&stage.authority, tenant, &key_id));
    let [KeyAnswer::Key(one), KeyAnswer::Key(two)] = found else { panic!("{found:?}") };
    assert!(Arc::ptr_eq(&one, &two));
}

/// Tokens of both versions are signed by the same keys.
#[tokio::test]
async fn version_1_tokens_use_the_same_keys() {
    let stage = Stage::new().await.warm().await;
    let token = stage.mint(&contoso().version(1));
    assert_eq!(stage.cached(&token), "accepted");
    let stranger = TokenRequest::for_user(CONTOSO, CONTOSO_ADMIN).audience(API_V1);
    assert_eq!(stage.cached(&stage.mint(&stranger)), "audience");
}

/// Row 19: the request names the application.
#[tokio::test]
async fn keys_of_one_application() {
    let stage = Stage::with(|builder| builder.app_specific_keys(ClientId::new(API))).await;
    assert_eq!(stage.verdict(&stage.contoso()).await, "accepted");
    assert_eq!(stage.simulator.requests().requests[0].parameters["appid"], json!(API));
}

/// T-023: HTTPS, by the certificates of this machine and those that the operator added.
#[tokio::test]
async fn https_needs_a_trusted_certificate() {
    let simulator = Simulator::builder().https_on_any_port().start().await.unwrap();
    let pem = simulator.ca_pem().unwrap();
    let stage = Stage::around(simulator, |builder| builder.trust_pem(pem.as_bytes()));
    assert_eq!(stage.verdict(&stage.contoso()).await, "accepted");

    // The same name, by another certificate authority.
    let simulator = Simulator::builder().seed(2).https_on_any_port().start().await.unwrap();
    let stage = Stage::around(simulator, |builder| builder.trust_pem(pem.as_bytes()));
    assert_eq!(stage.verdict(&stage.contoso()).await, "keys_unavailable");
    let status = stage.ring().status();
    assert!(status[0].last_error.as_deref().unwrap().contains("certificate"), "{status:?}");
    assert_eq!(stage.fetches(), (0, 0));
}
