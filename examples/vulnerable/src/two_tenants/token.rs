//! Checks as a web framework's token middleware does them with issuer validation switched off.
//!
//! Signature by any key of the `organizations` document, audience, lifetime. The tenant has to be right because the
//! sign-in button led to it: nobody looks again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use reqwest::Client;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::Config;
use crate::answer::Refusal;
use crate::jose::{self, Key, Object, Parts, Spelling};

/// The usual clock skew of that middleware: five minutes.
const SKEW_S: i64 = 300;

pub(super) struct Validator {
    config: Config,
    http: Client,
    keys: Mutex<Keys>,
}

/// The last document, and when it was asked for.
#[derive(Default)]
struct Keys {
    known: Arc<Vec<Key>>,
    asked: Option<Instant>,
}

impl Validator {
    pub(super) fn new(config: Config, http: Client) -> Self {
        Self { config, http, keys: Mutex::default() }
    }

    /// The claims of the request's token.
    pub(super) async fn validate(&self, headers: &HeaderMap) -> Result<Object, Refusal> {
        let token = jose::bearer(headers).and_then(|token| Parts::of(token, Spelling::Canonical));
        let token = token.ok_or_else(unauthorized)?;
        self.signature(&token).await?;
        // No issuer and no tenant: ValidateIssuer = false.
        self.audience(&token.claims)?;
        lifetime(&token.claims)?;
        Ok(token.claims)
    }

    async fn signature(&self, token: &Parts<'_>) -> Result<(), Refusal> {
        if token.header_text("alg") != Some("RS256") {
            return Err(unauthorized());
        }
        let kid = token.header_text("kid").unwrap_or_default();
        let keys = self.keys(kid).await;
        // The key of that name, and where there is none, every key.
        let named: Vec<&Key> = keys.iter().filter(|key| key.kid == kid).collect();
        let candidates = if named.is_empty() { keys.iter().collect() } else { named };
        if candidates.into_iter().any(|key| token.is_signed_by(key)) { Ok(()) } else { Err(unauthorized()) }
    }

    /// Fetched once, and again for a key that is not there, at most once in a pause.
    async fn keys(&self, kid: &str) -> Arc<Vec<Key>> {
        let mut keys = self.keys.lock().await;
        let is_known = keys.known.iter().any(|key| key.kid == kid);
        let pause: Duration = self.config.key_cool_down;
        if !is_known && keys.asked.is_none_or(|asked| asked.elapsed() >= pause) {
            keys.asked = Some(Instant::now());
            let address = format!("{}/organizations/discovery/v2.0/keys", self.config.authority);
            if let Ok(fetched) = jose::fetch(&self.http, &address).await {
                keys.known = Arc::new(fetched);
            }
        }
        keys.known.clone()
    }

    fn audience(&self, claims: &Object) -> Result<(), Refusal> {
        let expected = self.config.audience();
        let fits = match claims.get("aud") {
            Some(Value::String(aud)) => *aud == expected,
            Some(Value::Array(list)) => list.iter().any(|aud| *aud == expected),
            _ => false,
        };
        if fits { Ok(()) } else { Err(unauthorized()) }
    }
}

fn lifetime(claims: &Object) -> Result<(), Refusal> {
    let now = i64::try_from(jsonwebtoken::get_current_timestamp()).unwrap_or(i64::MAX);
    let exp = claims.get("exp").and_then(Value::as_i64).ok_or_else(unauthorized)?;
    let nbf = match claims.get("nbf") {
        Some(nbf) => nbf.as_i64().ok_or_else(unauthorized)?,
        None => now,
    };
    let is_alive = exp.saturating_add(SKEW_S) > now && nbf <= now.saturating_add(SKEW_S);
    if is_alive { Ok(()) } else { Err(unauthorized()) }
}

fn unauthorized() -> Refusal {
    Refusal::unauthorized("Unauthorized")
}
