//! A server that nobody has a reason to ask. Tokens name it as the place of their key; whoever asks it has followed a stranger's
//! URL (T-007, T-025), and gets the attacker's keys, so that a validator which believes them is found out as well.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// Requests that are remembered: nobody can fill our memory by asking.
const REMEMBERED: usize = 1000;

/// Where the metadata of an issuer is (OpenID Connect Discovery 1.0 §4).
const METADATA: &str = "/.well-known/openid-configuration";

/// The server, on a loopback port of its own. It ends when this is dropped.
pub(crate) struct Canary {
    base: String,
    asked: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

/// What it gives, and what it was asked.
#[derive(Clone)]
struct Nest {
    base: String,
    keys: Value,
    certificate: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Canary {
    /// Starts it. `keys` is the attacker's key document, `certificate` base64 of a certificate's DER.
    pub(crate) async fn start(keys: Value, certificate: String) -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let nest = Nest { base: base.clone(), keys, certificate, asked: asked.clone() };
        let app = Router::new().fallback(answer).with_state(nest);
        let server = tokio::spawn(async move { drop(axum::serve(listener, app).await) });
        Ok(Self { base, asked, server })
    }

    /// An address of its own for a case.
    pub(crate) fn url(&self, case: &str) -> String {
        format!("{}/{case}", self.base)
    }

    /// How often it was asked for something of that case.
    pub(crate) fn hits(&self, case: &str) -> usize {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let of_case = |path: &&String| {
            path.strip_prefix('/').and_then(|path| path.strip_prefix(case)).is_some_and(is_whole_name)
        };
        asked.iter().filter(of_case).count()
    }
}

/// Whether what follows a name ends it: `/forgery/jku` is no hit of `forgery/jk`.
fn is_whole_name(rest: &str) -> bool {
    !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '-')
}

impl Drop for Canary {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(nest): State<Nest>, request: Request) -> Response {
    let path = request.uri().path();
    nest.remember(path);
    match path.strip_suffix(METADATA) {
        Some(issuer) => Json(nest.metadata(issuer)).into_response(),
        None if path.ends_with(".pem") => nest.pem().into_response(),
        None => Json(nest.keys).into_response(),
    }
}

impl Nest {
    fn remember(&self, path: &str) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.len() < REMEMBERED {
            asked.push(path.chars().take(200).collect());
        }
    }

    fn metadata(&self, issuer: &str) -> Value {
        let issuer = format!("{}{issuer}", self.base);
        json!({ "jwks_uri": format!("{issuer}/keys"), "issuer": issuer })
    }

    fn pem(&self) -> String {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", self.certificate)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Canary;

    async fn canary() -> Canary {
        Canary::start(json!({"keys": ["the attacker's"]}), "AAAA".to_owned()).await.unwrap()
    }

    async fn get(url: &str) -> reqwest::Response {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        http.get(url).send().await.unwrap()
    }

    /// T-007: whoever asks is counted, for the case whose token named the address and for no other.
    #[tokio::test]
    async fn visitors_are_counted_by_case() {
        let canary = canary().await;
        assert_eq!(canary.hits("forgery/jku"), 0);
        get(&canary.url("forgery/jku")).await;
        get(&format!("{}/keys?kid=x", canary.url("forgery/jku"))).await;
        get(&canary.url("forgery/jku-of-another")).await;
        assert_eq!(canary.hits("forgery/jku"), 2);
        assert_eq!(canary.hits("forgery/jku-of-another"), 1);
        assert_eq!(canary.hits("forgery/jk"), 0);
    }

    /// A validator that follows gets what it needs to believe the attacker: otherwise only its request would show.
    #[tokio::test]
    async fn visitors_get_the_attackers_keys() {
        let canary = canary().await;
        let issuer = canary.url("forgery/x/v2.0");
        let metadata: Value =
            get(&format!("{issuer}/.well-known/openid-configuration")).await.json().await.unwrap();
        assert_eq!(metadata["issuer"], issuer);
        let keys: Value = get(metadata["jwks_uri"].as_str().unwrap()).await.json().await.unwrap();
        assert_eq!(keys["keys"][0], "the attacker's");
        let pem = get(&canary.url("forgery/x5u.pem")).await.text().await.unwrap();
        assert!(pem.contains("\nAAAA\n"));
    }

    /// T-163: it is gone with the run.
    #[tokio::test]
    async fn it_ends_with_the_run() {
        let url = {
            let canary = canary().await;
            canary.url("x")
        };
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        assert!(http.get(url).send().await.is_err());
    }
}
