#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
//! T-022, T-160: each way of remembering a verdict too loosely is noticed, by the case that is about it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use tenantry_gate::{Issuer, Quiet, Selection, Target, run};
use tenantry_simulator::{Simulator, builtin};

/// What a cache of verdicts takes for "the same token".
type Key = fn(&str) -> String;

/// Lets in what the simulator really signed for a listed tenant, and whatever it takes for the same token.
struct Forgetful {
    key: Key,
    /// Until when, in seconds since 1970.
    remembered: Mutex<HashMap<String, i64>>,
    refusals_too: bool,
    /// Seconds for which a verdict outlives its token.
    outlives_s: i64,
}

fn part(token: &str, at: usize) -> String {
    token.split('.').nth(at).unwrap_or_default().to_owned()
}

fn claim(token: &str, name: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let claims = URL_SAFE_NO_PAD.decode(part(token, 1)).unwrap_or_default();
    let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap_or_default();
    claims[name].as_str().map_or_else(|| claims[name].to_string(), str::to_owned)
}

fn ends(token: &str) -> i64 {
    claim(token, "exp").parse().unwrap_or_default()
}

fn now() -> i64 {
    i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap()
}

/// A slow and sound check: the signature by the simulator's key, the tenant by a list, audience and end.
fn is_sound(token: &str, keys: &serde_json::Value) -> bool {
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let Some((signed, signature)) = token.rsplit_once('.') else { return false };
    let verifies = keys["keys"].as_array().unwrap().iter().any(|key| {
        let (n, e) = (bytes(key["n"].as_str().unwrap()), bytes(key["e"].as_str().unwrap()));
        let public = RsaPublicKeyComponents { n, e };
        public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &bytes(signature)).is_ok()
    });
    let is_listed = [builtin::CONTOSO, builtin::FABRIKAM].contains(&claim(token, "tid").as_str());
    verifies && is_listed && claim(token, "aud") == builtin::API && ends(token) > now()
}

async fn judge(
    State((api, keys)): State<(Arc<Forgetful>, Arc<serde_json::Value>)>,
    headers: HeaderMap,
) -> StatusCode {
    let field = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = field.trim_start_matches("Bearer ").to_owned();
    let key = (api.key)(&token);
    let until = api.remembered.lock().unwrap().get(&key).copied();
    if !token.is_empty() && until.is_some_and(|until| until > now()) {
        return if api.refusals_too { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    }
    let sound = is_sound(&token, &keys);
    if sound != api.refusals_too {
        api.remembered.lock().unwrap().insert(key, ends(&token) + api.outlives_s);
    }
    if sound { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
}

/// The ids of the cases that fail.
async fn failures(key: Key, refusals_too: bool, outlives_s: i64) -> Vec<String> {
    let simulator = Simulator::start().await.unwrap();
    let keys: serde_json::Value = reqwest::Client::new()
        .get(format!("{}/sim/keys", simulator.base()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let api = Arc::new(Forgetful { key, remembered: Mutex::default(), refusals_too, outlives_s });
    let router = Router::new().route("/api/me", get(judge)).with_state((api, Arc::new(keys)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let text = format!(
        "name = \"forgetful\"\nurl = \"{url}\"\n[api]\nclient-id = \"{}\"\n[[probe]]\npath = \"/api/me\"\n",
        builtin::API
    );
    let issuer = Issuer::connect(simulator.base(), None).await.unwrap();
    let selection = Selection { only: vec!["memory".to_owned()], seed: 1 };
    let report = run(Target::parse(&text).unwrap(), issuer, &selection, &Quiet).await.unwrap();
    report.failures().into_iter().map(|result| result.id.clone()).collect()
}

#[tokio::test]
async fn a_whole_token_is_a_key() {
    assert_eq!(failures(str::to_owned, false, 0).await, [""; 0]);
}

#[tokio::test]
async fn anything_less_is_noticed() {
    let weak: [(Key, bool, &str); 8] = [
        (|token| token.rsplit_once('.').unwrap_or_default().0.to_owned(), false, "memory/other-signature"),
        (|token| part(token, 1), false, "memory/no-signature"),
        (|token| part(token, 2), false, "memory/other-claims"),
        (|token| part(token, 1) + &part(token, 2), false, "memory/other-header"),
        (|token| claim(token, "uti"), false, "memory/same-token-id"),
        (|token| claim(token, "oid"), false, "memory/same-person"),
        (|_| String::new(), false, "memory/interleaved"),
        (|token| part(token, 1), true, "memory/refusal-forgotten"),
    ];
    for (key, refusals_too, expected) in weak {
        let failed = failures(key, refusals_too, 0).await;
        assert!(failed.iter().any(|id| id == expected), "{expected} is not among {failed:?}");
    }
}

/// A cache by the whole token, from which entries go by an hour of their own.
#[tokio::test]
async fn what_outlives_its_token_is_noticed() {
    assert_eq!(failures(str::to_owned, false, 3600).await, ["memory/expired-meanwhile"]);
}
