//! Answers that are not to be believed (T-023, T-177). Whatever comes, the keys at hand stay.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use tenantry_authority::{FetchLimits, MissOutcome};

use crate::{
    provider::{Provider, Reply, jwk, key_set, metadata, reply, status, tenant},
    stage::answer,
};

/// What became of a refresh that was answered so: the ring's own words.
async fn refused(script: impl Fn(&str) -> Option<Reply> + Send + Sync + 'static) -> String {
    let provider = Provider::start().await;
    let limits =
        FetchLimits::default().with_time_out(Duration::from_millis(500)).with_body_bytes_max(64 * 1024);
    let ring = provider.ring(|builder| builder.limits(limits));
    let authority = provider.authority();
    provider.script(script);
    // With nothing at hand …
    assert_eq!(ring.refresh_after_miss(&authority, tenant(1)).await, MissOutcome::Failed);
    assert_eq!(answer(&ring, &authority, tenant(1), "kid-common"), "unavailable");
    let error = ring.status()[0].last_error.clone().unwrap();
    // … and with keys at hand.
    provider.script(|_| None);
    assert_eq!(ring.warm([tenant(1)]).await.loaded, 1);
    assert_eq!(ring.status()[0].last_error, None);
    assert_eq!(answer(&ring, &authority, tenant(1), "kid-common"), "key");
    error
}

async fn refused_keys<R: IntoResponse>(make: impl Fn() -> R + Send + Sync + 'static) -> String {
    refused(move |path| path.ends_with("/keys").then(|| reply(make()))).await
}

async fn refused_metadata(make: impl Fn() -> Response + Send + Sync + 'static) -> String {
    refused(move |path| path.ends_with("/openid-configuration").then(|| reply(make()))).await
}

#[tokio::test]
async fn key_documents_that_are_none() {
    assert!(refused_keys(|| "<html>sign in to the hotel's network</html>").await.contains("not a key set"));
    assert!(refused_keys(|| r#"{"keys":[{"kty":"RSA""#).await.contains("not a key set"));
    assert!(refused_keys(|| key_set(&[])).await.contains("no usable key"));
    assert!(
        refused_keys(|| key_set(&[json!({ "kty": "oct", "kid": "a", "k": "AAAA" })]))
            .await
            .contains("no usable key")
    );
    assert!(refused_keys(|| status(500)).await.contains("status 500"));
    assert!(refused_keys(|| (StatusCode::NO_CONTENT, "")).await.contains("status 204"));
}

/// Counted as it arrives, whatever `Content-Length` says or does not say.
#[tokio::test]
async fn a_document_without_end() {
    let endless = || {
        let chunks = futures(vec![Bytes::from(vec![b' '; 16 * 1024]); 64]);
        Response::new(Body::from_stream(chunks))
    };
    assert!(refused_keys(endless).await.contains("more than 65536 bytes"));
    assert!(refused_keys(|| " ".repeat(65_537)).await.contains("more than 65536 bytes"));
}

#[tokio::test]
async fn a_document_that_never_comes() {
    let slow = |_: &str| -> Option<Reply> {
        Some(Box::pin(async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            status(200)
        }))
    };
    assert!(refused(slow).await.contains("in time"));
}

/// T-007: neither another host nor this machine's other ports are asked, however we are sent there.
#[tokio::test]
async fn nobody_sends_us_elsewhere() {
    let canary = Provider::start().await;
    let elsewhere = canary.base.clone();
    let redirect = {
        let target = format!("{elsewhere}/keys");
        move || (StatusCode::FOUND, [("location", target.clone())])
    };
    assert!(refused_keys(redirect).await.contains("redirects elsewhere (status 302)"));

    let provider = Provider::start().await;
    let (base, ring) = (provider.base.clone(), provider.ring(|builder| builder));
    for jwks_uri in
        [format!("{elsewhere}/keys"), "file:///etc/passwd".into(), "https://localhost/keys".into()]
    {
        let issuer = format!("{base}/{}/v2.0", tenant(1));
        provider.script(move |_| Some(reply(metadata(&issuer, &jwks_uri))));
        ring.warm([tenant(1)]).await;
        let error = ring.status()[0].last_error.clone().unwrap();
        assert!(error.contains("not an address of this authority"), "{error}");
    }
    assert_eq!(canary.take_seen(), Vec::<String>::new());
}

/// OpenID Connect Discovery 1.0 §4.3. What the provider says is escaped before anybody reads it (T-113).
#[tokio::test]
async fn metadata_of_another_issuer() {
    let error =
        refused_metadata(|| metadata("https://evil.example/\u{1b}[31m<b>\n", "https://evil.example/keys"))
            .await;
    assert!(error.contains("expected `http://127.0.0.1"), "{error}");
    assert!(!error.contains(['\u{1b}', '\n', '<']), "{error}");
    assert!(
        refused_metadata(|| json!({ "issuer": "x" }).to_string().into_response()).await.contains("jwks_uri")
    );
    assert!(refused_metadata(|| "not json".into_response()).await.contains("not JSON"));
    assert!(refused_metadata(|| status(400)).await.contains("status 400"));
}

/// The connection ends before the document does.
#[tokio::test]
async fn a_document_cut_short() {
    let cut = || {
        let half = key_set(&[jwk("kid-common")]).into_body();
        ([("content-length", "100000")], half)
    };
    let error = refused_keys(cut).await;
    assert!(error.contains("failed") || error.contains("in time"), "{error}");
}

fn futures(chunks: Vec<Bytes>) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    futures_util::stream::iter(chunks.into_iter().map(Ok))
}
