//! A client of Microsoft Graph: one token, JSON in and out.

use serde_json::{Value, json};
use tenantry_simulator::{Simulator, TokenRequest, builtin};

use super::client;

/// Application id of Microsoft Graph.
pub const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
/// Secret of the built-in program with Graph's permissions.
pub const PROVISIONING_SECRET: &str = "not-a-real-secret-contoso-provisioning";

pub struct Graph {
    client: reqwest::Client,
    pub root: String,
    pub token: String,
    pub headers: Vec<(&'static str, String)>,
}

impl Graph {
    pub fn with_token(base: &str, token: &str) -> Self {
        Self {
            client: client(),
            root: format!("{base}/graph/v1.0"),
            token: token.to_owned(),
            headers: Vec::new(),
        }
    }

    /// The provisioning program of Contoso, by client credentials.
    pub async fn provisioning(simulator: &Simulator) -> Self {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", builtin::PROVISIONING),
            ("client_secret", PROVISIONING_SECRET),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        let authority = format!("{}/{}", simulator.base(), builtin::CONTOSO);
        let (status, answer) = super::token(&authority, &form, None).await;
        assert_eq!(status, 200, "{answer}");
        Self::with_token(simulator.base(), answer["access_token"].as_str().unwrap())
    }

    /// A program of Contoso with these application permissions and no more.
    pub fn program(simulator: &Simulator, client: &str, roles: &[&str]) -> Self {
        Self::with_token(simulator.base(), &Self::program_token(simulator, client, roles))
    }

    pub fn program_token(simulator: &Simulator, client: &str, roles: &[&str]) -> String {
        let mut request = TokenRequest::for_application(builtin::CONTOSO, client).audience(GRAPH);
        request.roles = Some(roles.iter().map(|role| (*role).to_owned()).collect());
        simulator.mint(&request).unwrap().token
    }

    /// A person with these delegated permissions and no more.
    pub fn person(simulator: &Simulator, tenant: &str, user: &str, scopes: &[&str]) -> Self {
        Self::with_token(simulator.base(), &Self::person_token(simulator, tenant, user, scopes))
    }

    /// The same connections, another caller.
    #[must_use]
    pub fn of(&self, token: String) -> Self {
        Self { client: self.client.clone(), root: self.root.clone(), token, headers: Vec::new() }
    }

    pub fn person_token(simulator: &Simulator, tenant: &str, user: &str, scopes: &[&str]) -> String {
        let mut request = TokenRequest::for_user(tenant, user).audience(GRAPH);
        request.scopes = Some(scopes.iter().map(|scope| (*scope).to_owned()).collect());
        simulator.mint(&request).unwrap().token
    }

    #[must_use]
    pub fn beta(mut self) -> Self {
        self.root = self.root.replace("v1.0", "beta");
        self
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Any request; the body of an answer without one is `null`.
    pub async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let response = self.raw(method, path, body).await;
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        (status, body)
    }

    pub async fn raw(&self, method: &str, path: &str, body: Option<&Value>) -> reqwest::Response {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.root) };
        let mut request = self.client.request(method.parse().unwrap(), url).bearer_auth(&self.token);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.send("GET", path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub async fn post(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.send("POST", path, Some(body)).await;
        assert!(matches!(status, 200 | 201), "{path}: {status} {answer}");
        answer
    }

    pub async fn patch(&self, path: &str, body: &Value) {
        let (status, answer) = self.send("PATCH", path, Some(body)).await;
        assert_eq!((status, &answer), (204, &Value::Null), "{path}");
    }

    pub async fn delete(&self, path: &str) {
        let (status, answer) = self.send("DELETE", path, None).await;
        assert_eq!((status, &answer), (204, &Value::Null), "{path}");
    }

    /// Status and code of a refusal, whose shape is checked.
    pub async fn refused(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, String) {
        let (status, answer) = self.send(method, path, body).await;
        let error = &answer["error"];
        assert!(status >= 400, "{method} {path}: {status} {answer}");
        for member in ["date", "request-id", "client-request-id"] {
            assert!(error["innerError"][member].is_string(), "{method} {path}: {answer}");
        }
        assert!(!error["message"].as_str().unwrap().is_empty(), "{method} {path}: {answer}");
        (status, error["code"].as_str().unwrap().to_owned())
    }

    /// A new registration.
    pub async fn application(&self, name: &str) -> Value {
        self.post("/applications", &json!({ "displayName": name })).await
    }
}

/// Path of an object.
pub fn at(collection: &str, object: &Value) -> String {
    format!("/{collection}/{}", object["id"].as_str().unwrap())
}

impl Graph {
    /// A POST that is answered by 204.
    pub async fn post_nothing(&self, path: &str, body: &Value) {
        let (status, answer) = self.send("POST", path, Some(body)).await;
        assert_eq!((status, &answer), (204, &Value::Null), "{path}");
    }
}
