//! A provider that does as a test says, for what the simulator would never do.

use std::{
    collections::HashSet,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tenantry_authority::{KeyRing, KeyRingBuilder};
use tenantry_token::{Authority, TenantDirectory, TenantId, TenantPolicy};
use tokio::task::JoinHandle;

pub(crate) type Reply = Pin<Box<dyn Future<Output = Response> + Send>>;
type Script = Arc<dyn Fn(&str) -> Option<Reply> + Send + Sync>;

/// Serves each tenant's metadata, and one key `kid-{tenant}` each besides the common `kid-common`, unless a script
/// answers first.
pub(crate) struct Provider {
    pub(crate) base: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    base: String,
    script: Mutex<Script>,
    seen: Mutex<Vec<String>>,
    busy: AtomicUsize,
    busiest: AtomicUsize,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let nothing: Script = Arc::new(|_| None);
        let shared = Arc::new(Shared {
            base: base.clone(),
            script: Mutex::new(nothing),
            seen: Mutex::default(),
            busy: 0.into(),
            busiest: 0.into(),
        });
        let app = Router::new().fallback(answer).with_state(shared.clone());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base, shared, task }
    }

    pub(crate) fn authority(&self) -> Authority {
        Authority::custom(&self.base).unwrap()
    }

    /// From now on `script` is asked first, with the path and query of each request.
    pub(crate) fn script(&self, script: impl Fn(&str) -> Option<Reply> + Send + Sync + 'static) {
        *self.shared.script.lock().unwrap() = Arc::new(script);
    }

    /// Paths asked for so far; forgets them.
    pub(crate) fn take_seen(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.seen.lock().unwrap())
    }

    /// Most requests that were under way at once.
    pub(crate) fn busiest(&self) -> usize {
        self.shared.busiest.load(Ordering::SeqCst)
    }

    /// A ring for tenants 0 to 99, with an hour's worth of patience.
    pub(crate) fn ring(&self, configure: impl FnOnce(KeyRingBuilder) -> KeyRingBuilder) -> Arc<KeyRing> {
        let members = Arc::new(Members::new((0..100).map(tenant)));
        configure(KeyRing::builder([self.authority()], members)).build().unwrap()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    let path = request.uri().path_and_query().unwrap().to_string();
    shared.seen.lock().unwrap().push(path.clone());
    let busy = shared.busy.fetch_add(1, Ordering::SeqCst) + 1;
    shared.busiest.fetch_max(busy, Ordering::SeqCst);
    let script = shared.script.lock().unwrap().clone();
    let response = match script(&path) {
        Some(scripted) => scripted.await,
        None => by_the_book(&shared.base, &path),
    };
    shared.busy.fetch_sub(1, Ordering::SeqCst);
    response
}

fn by_the_book(base: &str, path: &str) -> Response {
    let tenant = path.split('/').nth(1).unwrap();
    if path.ends_with("/v2.0/.well-known/openid-configuration") {
        return metadata(&format!("{base}/{tenant}/v2.0"), &format!("{base}/{tenant}/keys"));
    }
    key_set(&[jwk("kid-common"), jwk(&format!("kid-{tenant}"))])
}

pub(crate) fn metadata(issuer: &str, jwks_uri: &str) -> Response {
    json_response(&json!({ "issuer": issuer, "jwks_uri": jwks_uri }))
}

pub(crate) fn key_set(keys: &[Value]) -> Response {
    json_response(&json!({ "keys": keys }))
}

fn json_response(value: &Value) -> Response {
    ([(HeaderName::from_static("content-type"), "application/json")], value.to_string()).into_response()
}

pub(crate) fn status(code: u16) -> Response {
    StatusCode::from_u16(code).unwrap().into_response()
}

pub(crate) fn reply(response: impl IntoResponse) -> Reply {
    let response = response.into_response();
    Box::pin(async move { response })
}

/// A published key with this id: an odd number of 2048 bits made from the id. Nobody knows its factors.
pub(crate) fn jwk(kid: &str) -> Value {
    let blocks = (0..8).map(|n| digest(&SHA256, format!("{kid} {n}").as_bytes()));
    let mut modulus: Vec<u8> = blocks.flat_map(|block| block.as_ref().to_vec()).collect();
    modulus[0] |= 0x80;
    modulus[255] |= 1;
    let n = base64_simd::URL_SAFE_NO_PAD.encode_to_string(modulus);
    json!({ "kty": "RSA", "use": "sig", "kid": kid, "n": n, "e": "AQAB" })
}

pub(crate) fn tenant(n: u32) -> TenantId {
    format!("aaaaaaaa-0000-4000-8000-{n:012}").parse().unwrap()
}

/// A directory that a test can change.
pub(crate) struct Members(Mutex<HashSet<TenantId>>);

impl Members {
    pub(crate) fn new(tenants: impl IntoIterator<Item = TenantId>) -> Self {
        Self(Mutex::new(tenants.into_iter().collect()))
    }

    pub(crate) fn remove(&self, tenant: TenantId) {
        self.0.lock().unwrap().remove(&tenant);
    }
}

impl TenantDirectory for Members {
    fn admit(&self, tenant: TenantId) -> Option<TenantPolicy> {
        self.0.lock().unwrap().contains(&tenant).then(TenantPolicy::default)
    }
}
