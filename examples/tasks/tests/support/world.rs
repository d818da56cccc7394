//! The API in front of either store, and callers.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]
#![allow(dead_code, unused_imports, unused_macros, reason = "not every test needs all of it")]

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tasks::{Config, DatabaseUrl, Store, Tenants};
use tenantry::Authority;
use tenantry_simulator::{TokenRequest, builtin};
use tower::ServiceExt as _;

use crate::simulator::{simulator, token};

/// The API, called without a network between.
pub(crate) struct Api {
    router: Router,
    pub(crate) store: Store,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The `code` of a problem, which must have the right type.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{self:?}");
        assert_eq!(self.json()["status"], self.status, "{self:?}");
        self.json()["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn titles(&self) -> Vec<String> {
        assert_eq!(self.status, 200, "{self:?}");
        let tasks = self.json();
        let mut titles: Vec<_> =
            tasks.as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect();
        titles.sort();
        titles
    }
}

/// Contoso and Fabrikam are listed, Northwind is not; SQLite in a temporary directory.
pub(crate) fn config() -> Config {
    let listed = [builtin::CONTOSO, builtin::FABRIKAM].map(|id| id.parse().unwrap());
    let database = "sqlite::memory:".parse().unwrap();
    let mut config = Config::new(builtin::API, Tenants::Listed(listed.into()), database);
    config.authority = Authority::at_host(simulator().base()).unwrap();
    config
}

impl Api {
    pub(crate) async fn start(config: &Config) -> Self {
        Self::over(Store::open(&config.database).await.unwrap(), config).await
    }

    pub(crate) async fn over(store: Store, config: &Config) -> Self {
        let auth = tasks::auth(config).await.unwrap();
        Self { router: tasks::app(config, &auth, store.clone()), store }
    }

    pub(crate) async fn on(database: &DatabaseUrl) -> Self {
        Self::start(&Config { database: database.clone(), ..config() }).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.router_answer(request).await;
        assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{answer:?}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        answer
    }

    /// The answer, whatever it is.
    pub(crate) async fn router_answer(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// `call` is a method and a path.
    pub(crate) async fn call(&self, call: &str, token: &str) -> Answer {
        self.send(request(call, token).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn call_with(&self, call: &str, token: &str, body: &str) -> Answer {
        let request = request(call, token).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Creates a task and answers its id.
    pub(crate) async fn create(&self, token: &str, title: &str) -> String {
        let answer = self.call_with("POST /api/tasks", token, &format!(r#"{{"title":"{title}"}}"#)).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["id"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn request(call: &str, token: &str) -> axum::http::request::Builder {
    let (method, path) = call.split_once(' ').unwrap();
    let request = Request::builder().method(method).uri(path);
    if token.is_empty() { request } else { request.header(header::AUTHORIZATION, format!("Bearer {token}")) }
}

/// A user's token for this API.
pub(crate) fn user(tenant: &str, user: &str) -> String {
    token(&TokenRequest::for_user(tenant, user).audience(builtin::API))
}

/// A user's token with these app roles.
pub(crate) fn user_as(tenant: &str, user: &str, roles: &[&str]) -> String {
    token(&TokenRequest::for_user(tenant, user).audience(builtin::API).roles(roles))
}

/// Runs a check on SQLite and on PostgreSQL, as two tests.
macro_rules! on_both_stores {
    ($($(#[$doc:meta])* $check:ident),*) => {$(
        $(#[$doc])*
        mod $check {
            #[cfg(feature = "sqlite")]
            #[tokio::test]
            async fn sqlite() {
                super::$check(&"sqlite::memory:".parse().unwrap()).await;
            }

            #[cfg(feature = "postgres")]
            #[tokio::test]
            async fn postgres() {
                let Some(database) = crate::postgres::Database::fresh().await else { return };
                super::$check(&database.url().parse().unwrap()).await;
                database.remove().await;
            }
        }
    )*};
}
pub(crate) use on_both_stores;
