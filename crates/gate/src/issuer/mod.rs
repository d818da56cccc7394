//! The simulated Entra, by its controls under `/sim`: it makes the tokens, and tells what the target asked it for.

mod directory;
mod furnish;
mod keys;

use std::time::Duration;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::sync::RwLock;

use crate::GateError;

pub(crate) use directory::{Directory, DirectoryTenant};
pub(crate) use keys::{Keys, PublishedKey};

/// One simulator that the target trusts.
pub struct Issuer {
    base: String,
    http: reqwest::Client,
    keys: RwLock<Keys>,
}

/// A token as the simulator made it.
#[derive(Debug, Deserialize)]
pub(crate) struct Minted {
    pub(crate) token: String,
}

/// What clients asked the simulator for (`GET /sim/requests`).
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct RequestLog {
    #[serde(default)]
    pub(crate) requests: Vec<LoggedRequest>,
}

/// One of them.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct LoggedRequest {
    pub(crate) number: u64,
    pub(crate) path: String,
    pub(crate) endpoint: String,
}

impl LoggedRequest {
    /// Whether its path names that tenant.
    pub(crate) fn names(&self, cast: &crate::Cast) -> bool {
        let path = self.path.to_ascii_lowercase();
        [&cast.tenant, &cast.domain]
            .iter()
            .any(|name| !name.is_empty() && path.contains(&name.to_ascii_lowercase()))
    }
}

impl Issuer {
    /// The simulator at `base`, for example `http://localhost:9400`. `ca_pem` is its certificate authority where `base` is HTTPS.
    ///
    /// # Errors
    /// [`GateError::Simulator`] if nothing answers there, or something that is no simulator.
    pub async fn connect(base: &str, ca_pem: Option<&[u8]>) -> Result<Self, GateError> {
        let base = base.trim_end_matches('/').to_owned();
        let fault = |why: String| GateError::Simulator { base: base.clone(), why };
        let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let mut builder = builder.timeout(Duration::from_secs(10));
        if let Some(pem) = ca_pem {
            let authority = reqwest::Certificate::from_pem(pem).map_err(|error| fault(error.to_string()))?;
            builder = builder.tls_certs_only([authority]);
        }
        let http = builder.build().map_err(|error| fault(error.to_string()))?;
        let issuer = Self { base, http, keys: RwLock::default() };
        let health: Value = issuer.get("/sim/health").await?;
        if health["simulator"] != true {
            return Err(issuer.fault("what answers there is no simulator of ours"));
        }
        issuer.read_keys().await?;
        Ok(issuer)
    }

    /// Where it answers, which is the authority's base for targets.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Everybody in its world.
    pub(crate) async fn directory(&self) -> Result<Directory, GateError> {
        self.get("/sim/directory").await
    }

    /// Makes the token that `request` describes (`POST /sim/tokens`).
    pub(crate) async fn mint(&self, request: &Value) -> Result<Minted, GateError> {
        self.post("/sim/tokens", request).await
    }

    /// The keys as they were read last.
    pub(crate) async fn keys(&self) -> tokio::sync::RwLockReadGuard<'_, Keys> {
        self.keys.read().await
    }

    /// Reads the keys again, after a rotation.
    pub(crate) async fn read_keys(&self) -> Result<(), GateError> {
        let mut keys: Keys = self.get("/sim/keys").await?;
        let mut known = self.keys.write().await;
        keys.compare(&known);
        *known = keys;
        Ok(())
    }

    /// New keys sign from now on (`POST /sim/keys/rotate`); gives the simulator's answer.
    pub(crate) async fn rotate(&self, how: Value) -> Result<Value, GateError> {
        let rotated = self.post("/sim/keys/rotate", &how).await?;
        self.read_keys().await?;
        Ok(rotated)
    }

    /// Replaces the faults (`POST /sim/faults`); an empty list ends them.
    pub(crate) async fn faults(&self, rules: Value) -> Result<(), GateError> {
        self.post::<Value>("/sim/faults", &json!({ "faults": rules })).await.map(drop)
    }

    /// What it was asked for, the last `limit` requests in full.
    pub(crate) async fn requests(&self, limit: usize) -> Result<RequestLog, GateError> {
        self.get(&format!("/sim/requests?limit={limit}")).await
    }

    /// Whether Entra's own list of tenants is obeyed (`POST /sim/native-allow-list`).
    pub(crate) async fn native_allow_list(&self, enabled: bool) -> Result<(), GateError> {
        self.post::<Value>("/sim/native-allow-list", &json!({ "enabled": enabled })).await.map(drop)
    }

    /// Any control or endpoint, by `GET`.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, GateError> {
        self.answered(self.http.get(format!("{}{path}", self.base))).await
    }

    /// Any control, by `POST` of JSON.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, GateError> {
        self.answered(self.http.post(format!("{}{path}", self.base)).json(body)).await
    }

    /// A form at an endpoint of Entra's, whatever the answer's status.
    pub(crate) async fn form(&self, path: &str, form: &[(&str, &str)]) -> Result<(u16, Value), GateError> {
        let sent = self.http.post(format!("{}{path}", self.base)).form(form).send().await;
        let answer = sent.map_err(|error| self.fault(&error.to_string()))?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await.unwrap_or_default()))
    }

    async fn answered<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, GateError> {
        let answer = request.send().await.map_err(|error| self.fault(&error.to_string()))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| self.fault(&error.to_string()))?;
        if !status.is_success() {
            return Err(
                self.fault(&format!("status {status}: {}", text.chars().take(300).collect::<String>()))
            );
        }
        serde_json::from_str(&text).map_err(|error| self.fault(&error.to_string()))
    }

    fn fault(&self, why: &str) -> GateError {
        GateError::Simulator { base: self.base.clone(), why: why.to_owned() }
    }
}
