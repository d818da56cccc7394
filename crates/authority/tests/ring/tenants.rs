//! Each tenant's own document, for as long as it is ours (T-007, T-013, T-024, row 21).

use std::sync::Arc;

use tenantry_authority::{Clock, KeyMode, KeyRing};
use tenantry_token::{Authority, KeyAnswer, KeySource, UnixTime};

use crate::{
    provider::{Members, Provider, jwk, key_set, metadata, reply, status, tenant},
    stage::answer,
};

/// T-013: a key of one tenant is not found for another, and the common key is stored once.
#[tokio::test]
async fn keys_stay_with_their_tenant() {
    let provider = Provider::start().await;
    let (ring, authority) = (provider.ring(|builder| builder), provider.authority());
    ring.warm([tenant(1), tenant(2)]).await;
    let own = |n| format!("kid-{}", tenant(n));
    assert_eq!(answer(&ring, &authority, tenant(1), &own(1)), "key");
    assert_eq!(answer(&ring, &authority, tenant(1), &own(2)), "unknown");
    assert_eq!(answer(&ring, &authority, tenant(2), &own(2)), "key");
    assert_eq!(answer(&ring, &authority, tenant(3), "kid-common"), "unavailable");
    let common = [1, 2].map(|n| ring.key(&authority, tenant(n), "kid-common"));
    let [KeyAnswer::Key(one), KeyAnswer::Key(two)] = common else { panic!("{common:?}") };
    assert!(Arc::ptr_eq(&one, &two));
}

/// T-013: in a document that all tenants share, a key counts only if it says whose it is.
#[tokio::test]
async fn shared_keys_must_name_an_issuer() {
    let provider = Provider::start().await;
    let (ring, authority) = (provider.ring(|builder| builder.mode(KeyMode::Shared)), provider.authority());
    let base = provider.base.clone();
    provider.script(move |path| {
        let issuer = format!("{base}/{{tenantid}}/v2.0");
        let mut named = jwk("kid-named");
        named["issuer"] = issuer.clone().into();
        let keys = path.ends_with("/keys").then(|| reply(key_set(&[named, jwk("kid-nameless")])));
        keys.or_else(|| Some(reply(metadata(&issuer, &format!("{base}/common/keys")))))
    });
    assert_eq!(ring.warm([tenant(1), tenant(2)]).await.loaded, 1);
    assert_eq!(answer(&ring, &authority, tenant(1), "kid-named"), "key");
    assert_eq!(answer(&ring, &authority, tenant(1), "kid-nameless"), "unknown");
    assert_eq!(
        provider.take_seen(),
        ["/organizations/v2.0/.well-known/openid-configuration", "/common/keys"]
    );
}

/// When keys are not where they were, the metadata is asked again.
#[tokio::test]
async fn keys_that_moved_are_found() {
    let provider = Provider::start().await;
    let clock = Clock::manual(UnixTime::from_secs(1_800_000_000));
    let (ring, authority) = (provider.ring(|builder| builder.clock(clock.clone())), provider.authority());
    ring.warm([tenant(1)]).await;
    let (issuer, moved) = (authority.issuer_of(tenant(1)), format!("{}/moved/keys", provider.base));
    provider.script(move |path| match path.split('/').nth(1) {
        Some("moved") => Some(reply(key_set(&[jwk("kid-moved")]))),
        _ if path.ends_with("/keys") => Some(reply(status(404))),
        _ => Some(reply(metadata(&issuer, &moved))),
    });
    for (common, moved) in [("key", "unknown"), ("unknown", "key")] {
        clock.advance(std::time::Duration::from_secs(3961));
        assert_eq!(ring.refresh_due().await, 1);
        assert_eq!(answer(&ring, &authority, tenant(1), "kid-common"), common);
        assert_eq!(answer(&ring, &authority, tenant(1), "kid-moved"), moved);
    }
}

/// T-007: the exact set of requests.
#[tokio::test]
async fn only_known_addresses_are_asked() {
    let provider = Provider::start().await;
    let clock = Clock::manual(UnixTime::from_secs(1_800_000_000));
    let ring = provider.ring(|builder| builder.clock(clock.clone()));
    ring.warm([tenant(7)]).await;
    ring.warm([tenant(7)]).await;
    clock.advance(std::time::Duration::from_secs(3961));
    ring.refresh_due().await;
    let t = tenant(7);
    let (metadata, keys) = (format!("/{t}/v2.0/.well-known/openid-configuration"), format!("/{t}/keys"));
    assert_eq!(provider.take_seen(), [metadata, keys.clone(), keys]);
}

/// Another authority's tenant of the same name is another tenant.
#[tokio::test]
async fn an_unknown_authority_has_no_keys() {
    let provider = Provider::start().await;
    let ring = provider.ring(|builder| builder);
    ring.warm([tenant(1)]).await;
    let other = Authority::custom("http://127.0.0.1:1").unwrap();
    assert_eq!(answer(&ring, &other, tenant(1), "kid-common"), "unavailable");
}

/// T-024: what is held follows the directory.
#[tokio::test]
async fn keys_of_removed_tenants_are_forgotten() {
    let provider = Provider::start().await;
    let members = Arc::new(Members::new([tenant(1), tenant(2)]));
    let ring = KeyRing::builder([provider.authority()], members.clone()).build().unwrap();
    ring.warm([tenant(1), tenant(2), tenant(3)]).await;
    assert_eq!(ring.status().len(), 2);
    let revision = ring.revision();
    members.remove(tenant(2));
    ring.refresh_due().await;
    assert_eq!(ring.status().len(), 1);
    assert_eq!(answer(&ring, &provider.authority(), tenant(2), "kid-common"), "unavailable");
    assert_ne!(ring.revision(), revision);
}

/// A tenant that the authority does not know is not asked for time and again: it may live in another cloud.
#[tokio::test]
async fn a_tenant_unknown_to_the_authority_is_asked_for_once() {
    let (provider, clock) = (Provider::start().await, Clock::manual(UnixTime::from_secs(1_800_000_000)));
    let ring = provider.ring(|builder| builder.clock(clock.clone()));
    provider.script(|_| Some(reply(status(400))));
    assert_eq!(ring.warm([tenant(1)]).await.failed.len(), 1);
    clock.advance(std::time::Duration::from_secs(100_000));
    assert_eq!(ring.refresh_due().await, 0);
    assert_eq!(provider.take_seen().len(), 1);
}

/// A plain OpenID provider: its own document, below its issuer, and its keys wherever it keeps them on this machine.
#[tokio::test]
async fn a_plain_provider_has_one_document() {
    let (provider, keys) = (Provider::start().await, Provider::start().await);
    let issuer = format!("{}/realm/", provider.base);
    let (named, jwks_uri) = (issuer.clone(), format!("{}/x/keys", keys.base));
    provider.script(move |_| Some(reply(metadata(&named, &jwks_uri))));
    let authority = Authority::openid(&issuer, tenant(1)).unwrap();
    let members = Arc::new(Members::new([tenant(1), tenant(2)]));
    let ring = KeyRing::builder([authority.clone()], members).build().unwrap();
    assert_eq!(ring.warm([tenant(1), tenant(2)]).await.loaded, 1);
    assert_eq!(provider.take_seen(), ["/realm/.well-known/openid-configuration"]);
    assert_eq!(answer(&ring, &authority, tenant(1), "kid-x"), "key");
    assert_eq!(answer(&ring, &authority, tenant(2), "kid-x"), "unavailable");
}
