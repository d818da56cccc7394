//! The routes and the refusals. Refusals say the same for all causes (T-020).

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::claims::Checks;
use super::data::{Caller, Data, Missing};
use super::validator::{Denied, Validator, denied};
use super::{Hole, Holes, place};
use crate::Config;

struct Api {
    config: Config,
    holes: Holes,
    validator: Validator,
    data: Data,
}

type Answer = Result<Response, Response>;

const READERS: &[&str] = &["Admin", "Editor", "Reader"];
const EDITORS: &[&str] = &["Admin", "Editor"];
const ADMINS: &[&str] = &["Admin"];

/// `GET /healthz`, `GET /api/me`, `GET|POST /api/tasks`, `GET|DELETE /api/tasks/{id}`, `GET /api/tasks/search?q=`,
/// `GET /api/tasks/export`. For people alone.
pub(crate) fn app(config: Config, holes: Holes, http: Client) -> Router {
    let validator = Validator::new(config.clone(), holes, http);
    let api = Arc::new(Api { config, holes, validator, data: Data::new(holes) });
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/api/me", get(me))
        .route("/api/tasks", get(list).post(create))
        .route("/api/tasks/search", get(search))
        .route("/api/tasks/export", get(export))
        .route("/api/tasks/{id}", get(show).delete(remove))
        .with_state(api)
}

async fn me(State(api): State<Arc<Api>>, request: Parts) -> Answer {
    let (caller, claims) = api.caller(&request, READERS).await?;
    let (name, roles) = (&claims["name"], &claims["roles"]);
    Ok(Json(
        json!({ "tenant_id": caller.tenant, "object_id": caller.user, "display_name": name, "roles": roles }),
    )
    .into_response())
}

async fn list(State(api): State<Arc<Api>>, request: Parts) -> Answer {
    let (caller, _) = api.caller(&request, READERS).await?;
    Ok(Json(api.data.list(&caller)).into_response())
}

async fn create(State(api): State<Arc<Api>>, request: Parts, body: String) -> Answer {
    let (caller, _) = api.caller(&request, EDITORS).await?;
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    let title = body["title"].as_str().filter(|title| !title.is_empty());
    let Some(title) = title else {
        return Err(problem(StatusCode::UNPROCESSABLE_ENTITY, "a task has a `title`"));
    };
    Ok((StatusCode::CREATED, Json(api.data.create(&caller, title))).into_response())
}

async fn show(State(api): State<Arc<Api>>, Path(id): Path<String>, request: Parts) -> Answer {
    let (caller, _) = api.caller(&request, READERS).await?;
    let task = api.data.find(&caller, parsed(&id)).map_err(missing)?;
    Ok(Json(task).into_response())
}

async fn remove(State(api): State<Arc<Api>>, Path(id): Path<String>, request: Parts) -> Answer {
    let (caller, _) = api.caller(&request, ADMINS).await?;
    api.data.delete(&caller, parsed(&id)).map_err(missing)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

async fn search(State(api): State<Arc<Api>>, Query(Search { q }): Query<Search>, request: Parts) -> Answer {
    let (caller, _) = api.caller(&request, READERS).await?;
    Ok(Json(api.data.search(&caller, &q)).into_response())
}

/// One title on each line.
async fn export(State(api): State<Arc<Api>>, request: Parts) -> Answer {
    let (caller, _) = api.caller(&request, READERS).await?;
    let titles: Vec<String> = api.data.export(&caller).into_iter().map(|task| task.title).collect();
    Ok(titles.join("\n").into_response())
}

/// What is no id is an id that nobody has.
fn parsed(id: &str) -> Uuid {
    id.parse().unwrap_or_default()
}

impl Api {
    /// Whoever the token says, if one of `roles` may do this.
    async fn caller(&self, request: &Parts, roles: &[&str]) -> Result<(Caller, Value), Response> {
        let token = match place::token(&request.uri, &request.headers, self.holes) {
            Ok(Some(token)) => token,
            Ok(None) => return Err(self.challenge("")),
            Err(()) => return Err(self.refusal(denied("the credentials cannot be read"))),
        };
        let claims = self.validator.validate(token).await.map_err(|denied| self.refusal(denied))?;
        let checks = Checks { config: &self.config, holes: self.holes, claims: &claims };
        checks.permission(roles).map_err(|denied| self.refusal(denied))?;
        let text = |name| checks.text(name).unwrap_or_default().to_owned();
        let hint = request.headers.get("x-tenant-id").and_then(|hint| hint.to_str().ok());
        let hint = hint.filter(|_| self.holes.has(Hole::BelievesTenantHeader));
        let tenant = hint.map_or_else(|| text("tid"), ToOwned::to_owned);
        let admin = checks.permission(ADMINS).is_ok();
        Ok((Caller { tenant, user: text("oid"), admin }, Value::Object(claims)))
    }

    fn refusal(&self, denied: Denied) -> Response {
        match denied {
            Denied::Token(why) if self.holes.has(Hole::RefusalEchoes) => {
                (StatusCode::UNAUTHORIZED, [bearer(r#"Bearer error="invalid_token""#)], why).into_response()
            }
            Denied::Token(_) => self.challenge(r#" error="invalid_token""#),
            Denied::Permission(why) => {
                let mut response = problem(StatusCode::FORBIDDEN, why);
                let (name, value) = bearer(r#"Bearer error="insufficient_scope""#);
                response.headers_mut().insert(name, value);
                response
            }
            Denied::Stranger => problem(StatusCode::FORBIDDEN, "this organisation is not let in"),
            Denied::NoKeys => {
                let mut response = problem(StatusCode::SERVICE_UNAVAILABLE, "no keys at the moment");
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
                response
            }
            Denied::Uncaught => problem(StatusCode::INTERNAL_SERVER_ERROR, "unhashable type"),
        }
    }

    fn challenge(&self, error: &str) -> Response {
        let mut response = problem(StatusCode::UNAUTHORIZED, "a token is needed");
        let challenge = HeaderValue::try_from(format!("Bearer{error}"));
        if let (Ok(challenge), false) = (challenge, self.holes.has(Hole::NoChallenge)) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

fn bearer(challenge: &'static str) -> (header::HeaderName, HeaderValue) {
    (header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}

fn missing(missing: Missing) -> Response {
    match missing {
        Missing::NoSuchTask => problem(StatusCode::NOT_FOUND, "there is no such task"),
        Missing::NotYours(what) => problem(StatusCode::FORBIDDEN, &what),
    }
}

fn problem(status: StatusCode, detail: &str) -> Response {
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (status, no_store, Json(json!({ "detail": detail }))).into_response()
}
