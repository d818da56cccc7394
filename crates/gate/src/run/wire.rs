//! Requests to the target: bounded in number, size and time, and to nowhere else (T-163).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{HeaderName, HeaderValue};
use tokio::sync::Mutex;
use url::Url;

use crate::case::{Answer, Shot};
use crate::{GateError, Target};

/// Bytes of an answer that are read.
const BODY_MAX: usize = 64 * 1024;

pub(super) struct Wire {
    base: String,
    http: reqwest::Client,
    sent: Arc<AtomicU64>,
    requests_max: u64,
    pace: Arc<Pace>,
}

/// One request after the other, evenly, whoever sends them.
struct Pace {
    every: Duration,
    next: Mutex<Instant>,
}

impl Wire {
    /// To the target's own host: no proxy, no cookies, no redirects.
    pub(super) fn new(target: &Target) -> Result<Self, GateError> {
        let fault = |error: reqwest::Error| GateError::TargetUnreachable {
            url: target.url.clone(),
            why: error.to_string(),
        };
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(target.limits.answer_s));
        if let Some(pem) = &target.ca_pem {
            let trusted = reqwest::Certificate::from_pem_bundle(pem).map_err(fault)?;
            builder = builder.tls_certs_only(trusted);
        }
        let http = builder.build().map_err(fault)?;
        let base = target.url.trim_end_matches('/').to_owned();
        let pace = Arc::new(Pace::new(target.limits.requests_per_s));
        Ok(Self { base, http, sent: Arc::default(), requests_max: target.limits.requests, pace })
    }

    /// To another address of the target's, within the same bounds.
    pub(super) fn beside(&self, url: &str) -> Self {
        Self {
            base: url.trim_end_matches('/').to_owned(),
            http: self.http.clone(),
            sent: Arc::clone(&self.sent),
            requests_max: self.requests_max,
            pace: Arc::clone(&self.pace),
        }
    }

    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Sends one request. The inner error says why there was no answer.
    pub(super) async fn send(&self, shot: &Shot) -> Result<Result<Answer, String>, GateError> {
        if self.sent.fetch_add(1, Ordering::Relaxed) >= self.requests_max {
            return Err(GateError::TooManyRequests(self.requests_max));
        }
        self.pace.keep().await;
        let begun = Instant::now();
        let answered = self.exchange(shot).await;
        Ok(answered.map(|answer| Answer { took: begun.elapsed(), ..answer }))
    }

    /// The address of a path. One that would make a URL of another host, `@elsewhere.example` or `.elsewhere.example`, is refused:
    /// not all paths are ours, some come out of the target's OpenAPI document.
    fn address(&self, path: &str) -> Result<Url, String> {
        let [base, url] = [&self.base, &format!("{}{path}", self.base)].map(|text| Url::parse(text));
        match (base, url) {
            (Ok(base), Ok(url)) if url.origin() == base.origin() && url.username().is_empty() => Ok(url),
            // It may have a token in its query.
            _ => Err("the request's path leads to another host".to_owned()),
        }
    }

    async fn exchange(&self, shot: &Shot) -> Result<Answer, String> {
        let method =
            reqwest::Method::from_bytes(shot.method.as_bytes()).map_err(|error| error.to_string())?;
        let mut request = self.http.request(method, self.address(&shot.path)?);
        for (name, value) in &shot.fields {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
            let value = HeaderValue::from_bytes(value).map_err(|error| error.to_string())?;
            request = request.header(name, value);
        }
        if let Some(body) = &shot.body {
            request = request.body(body.clone());
        }
        let answer = request.send().await.map_err(|error| without_url(&error))?;
        let status = answer.status().as_u16();
        let fields = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let fields = fields.collect();
        let body = beginning(answer).await;
        Ok(Answer { status, fields, body, took: Duration::ZERO })
    }
}

impl Pace {
    fn new(per_second: u32) -> Self {
        Self { every: Duration::from_secs(1) / per_second, next: Mutex::new(Instant::now()) }
    }

    /// Waits for the next turn.
    async fn keep(&self) {
        let turn = {
            let mut next = self.next.lock().await;
            let turn = (*next).max(Instant::now());
            *next = turn + self.every;
            turn
        };
        tokio::time::sleep_until(turn.into()).await;
    }
}

/// The first bytes of the body. A body that breaks off is as good as one that ends.
async fn beginning(mut answer: reqwest::Response) -> String {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        body.extend_from_slice(&chunk[..chunk.len().min(BODY_MAX - body.len())]);
        if body.len() >= BODY_MAX {
            break;
        }
    }
    String::from_utf8_lossy(&body).into_owned()
}

/// A placement case has its token in the URL: that must not get into a report.
fn without_url(error: &reqwest::Error) -> String {
    match error {
        timeout if timeout.is_timeout() => "no answer in time".to_owned(),
        connect if connect.is_connect() => "no connection".to_owned(),
        _ => "the connection was closed without an answer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Wire;
    use crate::Target;

    /// T-163: whatever a path looks like, it is one of the target's.
    #[test]
    fn no_path_leads_elsewhere() {
        let text = "name = \"t\"\nurl = \"http://127.0.0.1:3000\"\n[api]\nclient-id = \"a\"\n[[probe]]\npath = \"/\"\n";
        let wire = Wire::new(&Target::parse(text).unwrap()).unwrap();
        for good in ["/", "/a?b=c", "//elsewhere.example/a", "/a@elsewhere.example"] {
            assert!(wire.address(good).is_ok(), "{good}");
        }
        for bad in ["@elsewhere.example/", ".elsewhere.example/", "0/", ":pw@elsewhere.example"] {
            assert!(wire.address(bad).is_err(), "{bad}");
        }
    }
}
