//! From a request to verified claims: peek, gate, fetch, verify.
//!
//! The article leaves out who catches the exceptions. Its token library's own become 401 here, the kinder reading; what
//! escapes that library and the HTTP client becomes 500, as no line of the article is in its way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderMap;
use reqwest::Client;
use serde_json::Value;

use super::claims;
use crate::Config;
use crate::answer::Refusal;
use crate::jose::{self, Key, Object, Parts, Spelling};

/// What validating needs.
pub(super) struct Validator {
    config: Config,
    http: Client,
    /// By tenant, for ever.
    jwks_cache: Mutex<HashMap<String, Arc<Vec<Key>>>>,
}

impl Validator {
    pub(super) fn new(config: Config, http: Client) -> Self {
        Self { config, http, jwks_cache: Mutex::default() }
    }

    /// The claims of the request's token.
    pub(super) async fn validate(&self, headers: &HeaderMap) -> Result<Object, Refusal> {
        let token = jose::bearer(headers).ok_or_else(|| Refusal::unauthorized("Not authenticated"))?;
        // 1. Peek: nothing below is proven before step 4.
        let peeked = Parts::of(token, Spelling::Lenient)
            .ok_or_else(|| Refusal::unauthorized("Error decoding token"))?;
        let tenant = peeked.claims.get("tid").filter(|tid| is_truthy(tid));
        let tenant = tenant.ok_or_else(|| Refusal::unauthorized("Token missing tenant ID (tid) claim"))?;
        let tenant = hashable(tenant)?;
        // 2. Is this tenant allowed?
        self.check_tenant_allowed(&tenant)?;
        // 3. That tenant's keys; a key that is not there may have been rotated in.
        let kid = peeked.header_text("kid").unwrap_or_default();
        let key = match find(&self.jwks(&tenant).await?, kid) {
            Some(key) => Some(key),
            None => {
                self.forget(&tenant);
                find(&self.jwks(&tenant).await?, kid)
            }
        };
        let key = key.ok_or_else(|| Refusal::unauthorized("Unable to find signing key"))?;
        // 4. Verify.
        if peeked.header_text("alg") != Some("RS256") || !peeked.is_signed_by(&key) {
            return Err(Refusal::unauthorized("Signature verification failed."));
        }
        claims::validate(&peeked.claims, &self.config.audience(), &self.config.issuer_of(&tenant))?;
        Ok(peeked.claims)
    }

    fn check_tenant_allowed(&self, tenant: &str) -> Result<(), Refusal> {
        if self.config.lists(tenant) {
            return Ok(());
        }
        Err(Refusal::forbidden(format!("Tenant {tenant} is not allowed to access this application")))
    }

    async fn jwks(&self, tenant: &str) -> Result<Arc<Vec<Key>>, Refusal> {
        if let Some(keys) = self.cache().get(tenant) {
            return Ok(keys.clone());
        }
        let address = format!("{}/{tenant}/discovery/v2.0/keys", self.config.authority);
        let keys = Arc::new(jose::fetch(&self.http, &address).await.map_err(|why| Refusal::uncaught(&why))?);
        self.cache().insert(tenant.to_owned(), keys.clone());
        Ok(keys)
    }

    fn forget(&self, tenant: &str) {
        self.cache().remove(tenant);
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Vec<Key>>>> {
        self.jwks_cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(keys: &[Key], kid: &str) -> Option<Key> {
    keys.iter().find(|key| key.kid == kid).cloned()
}

/// Python's notion.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(object) => !object.is_empty(),
    }
}

/// A key of a Python dictionary: lists and dictionaries cannot be one, and nobody catches that.
pub(super) fn hashable(value: &Value) -> Result<String, Refusal> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Array(_) | Value::Object(_) => Err(Refusal::uncaught("unhashable type")),
        other => Ok(other.to_string()),
    }
}
