//! What clients sent, for tests that count fetches. Bounded, and free of secrets.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::path::Endpoint;

/// Requests kept; older ones are forgotten, the counters go on.
pub const REQUESTS_MAX: usize = 10_000;
/// Longest parameter value kept. Characters.
const VALUE_MAX: usize = 512;

/// Parameters whose values are kept. Every other value is replaced: it may be a secret.
const PLAIN: [&str; 24] = [
    "api-version",
    "appid",
    "authorization_endpoint",
    "client_assertion_type",
    "client_id",
    "client_info",
    "client-request-id",
    "code_challenge_method",
    "domain_hint",
    "error",
    "grant_type",
    "max_age",
    "post_logout_redirect_uri",
    "prompt",
    "redirect_uri",
    "requested_token_use",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "x-client-SKU",
    "x-client-VER",
    "x-client-sku",
    "x-client-ver",
];

/// One request as `GET /sim/requests` shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordedRequest {
    /// Position since the start or the last `DELETE`, from 1.
    pub number: u64,
    /// When it arrived, by the simulator's clock. Unix seconds.
    pub at: i64,
    /// `http` or `https`.
    pub listener: String,
    /// HTTP method.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// What the path is.
    pub endpoint: Endpoint,
    /// The tenant as sent: id, domain or alias.
    pub tenant: String,
    /// Query and form parameters; values that may be secret read `…`.
    pub parameters: BTreeMap<String, String>,
    /// The `Origin` header, if there was one.
    pub origin: Option<String>,
    /// The `User-Agent` header, if there was one.
    pub user_agent: Option<String>,
    /// Status of the answer; 0 when the connection was closed without one.
    pub status: u16,
    /// Entra's code when it was refused, for example 65001 of `AADSTS65001`.
    #[serde(default)]
    pub code: Option<u32>,
    /// Whether a fault rule had its hand in it.
    pub fault: bool,
}

/// Entra's code, on its way from the refusal to the log: among the answer's extensions, never sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RefusalCode(pub(crate) u32);

/// The answer of `GET /sim/requests`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RecordedRequests {
    /// Requests since the start or the last `DELETE`, forgotten ones included, filter applied.
    pub total: u64,
    /// The same by endpoint.
    pub by_endpoint: BTreeMap<Endpoint, u64>,
    /// The latest, oldest first.
    pub requests: Vec<RecordedRequest>,
}

/// The log.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Log>);

#[derive(Debug, Default)]
struct Log {
    recent: VecDeque<RecordedRequest>,
    counts: BTreeMap<(Endpoint, String), u64>,
    last: u64,
}

impl RequestLog {
    pub(crate) fn record(&self, mut request: RecordedRequest) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.last += 1;
        request.number = log.last;
        // A flood of made-up tenants must not grow the counters without end.
        let room = log.counts.len() < REQUESTS_MAX;
        let key = (request.endpoint, request.tenant.to_ascii_lowercase());
        let key =
            if room || log.counts.contains_key(&key) { key } else { (request.endpoint, "…".to_owned()) };
        *log.counts.entry(key).or_default() += 1;
        log.recent.push_back(request);
        if log.recent.len() > REQUESTS_MAX {
            log.recent.pop_front();
        }
    }

    pub(crate) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Log::default();
    }

    /// Counts and requests that `keep` accepts by endpoint and tenant, the latest `limit` of them.
    pub(crate) fn select(&self, limit: usize, keep: impl Fn(Endpoint, &str) -> bool) -> RecordedRequests {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut selected = RecordedRequests::default();
        for ((endpoint, tenant), count) in
            log.counts.iter().filter(|((endpoint, tenant), _)| keep(*endpoint, tenant))
        {
            let _ = tenant;
            selected.total += count;
            *selected.by_endpoint.entry(*endpoint).or_default() += count;
        }
        let fitting = log.recent.iter().rev().filter(|request| keep(request.endpoint, &request.tenant));
        selected.requests = fitting.take(limit).cloned().collect();
        selected.requests.reverse();
        selected
    }
}

/// Query and form parameters without what must not be written down.
pub(crate) fn redacted<'a>(
    pairs: impl Iterator<Item = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)>,
) -> BTreeMap<String, String> {
    let shown = |name: &str, value: &str| match PLAIN.contains(&name) {
        true => bounded(value),
        false => "…".to_owned(),
    };
    pairs.take(100).map(|(name, value)| (bounded(&name), shown(&name, &value))).collect()
}

pub(crate) fn bounded(text: &str) -> String {
    text.chars().take(VALUE_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_passwords_and_codes_are_not_kept() {
        let form = "client_id=a&client_secret=s3cret&code=c0de&passwd=pa55&refresh_token=r3fresh&code_verifier=v3r&state=st4te";
        let kept = redacted(url::form_urlencoded::parse(form.as_bytes()));
        assert_eq!(kept["client_id"], "a");
        let text = format!("{kept:?}");
        for secret in ["s3cret", "c0de", "pa55", "r3fresh", "v3r", "st4te"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
