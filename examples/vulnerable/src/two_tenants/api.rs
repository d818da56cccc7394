//! The routes. `?userType=employee` or `?userType=partner` is what a sign-in button adds to the address.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{delete, get};
use axum::{Json, Router};
use reqwest::Client;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::token::Validator;
use crate::Config;
use crate::answer::Refusal;

struct Api {
    validator: Validator,
    tasks: Mutex<Vec<Task>>,
}

/// The role, as the address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum UserType {
    Employee,
    Partner,
}

/// One part of the application has one list, whoever writes in it.
#[derive(Clone, Debug, Serialize)]
struct Task {
    id: usize,
    part: UserType,
    title: String,
    owner_name: Value,
}

#[derive(Deserialize)]
struct Button {
    #[serde(rename = "userType")]
    user_type: Option<String>,
}

#[derive(Deserialize)]
struct NewTask {
    title: String,
}

type Answer = Result<Json<Value>, Refusal>;

/// `GET /healthz`, `GET /api/me`, `GET|POST /api/tasks`, `DELETE /api/tasks/{id}`, all but the first with `?userType=`.
pub(crate) fn app(config: Config, http: Client) -> Router {
    let api = Arc::new(Api { validator: Validator::new(config, http), tasks: Mutex::default() });
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/api/me", get(me))
        .route("/api/tasks", get(list).post(create))
        .route("/api/tasks/{id}", delete(remove))
        .with_state(api)
}

async fn me(State(api): State<Arc<Api>>, Query(button): Query<Button>, headers: HeaderMap) -> Answer {
    let claims = api.validator.validate(&headers).await?;
    let role = button.user_type()?;
    let claim = |name: &str| claims.get(name).cloned().unwrap_or_default();
    Ok(Json(
        json!({ "tenant_id": claim("tid"), "object_id": claim("oid"), "name": claim("name"), "role": role }),
    ))
}

async fn list(State(api): State<Arc<Api>>, Query(button): Query<Button>, headers: HeaderMap) -> Answer {
    api.validator.validate(&headers).await?;
    let part = button.user_type()?;
    let tasks: Vec<Task> = api.tasks().iter().filter(|task| task.part == part).cloned().collect();
    Ok(Json(json!(tasks)))
}

async fn create(
    State(api): State<Arc<Api>>,
    Query(button): Query<Button>,
    headers: HeaderMap,
    Json(new): Json<NewTask>,
) -> Answer {
    let claims = api.validator.validate(&headers).await?;
    let part = button.user_type()?;
    let mut tasks = api.tasks();
    let owner_name = claims.get("name").cloned().unwrap_or_default();
    let id = tasks.last().map_or(1, |last| last.id + 1);
    let task = Task { id, part, title: new.title, owner_name };
    tasks.push(task.clone());
    Ok(Json(json!(task)))
}

/// Employees' right.
async fn remove(
    State(api): State<Arc<Api>>,
    Query(button): Query<Button>,
    Path(id): Path<usize>,
    headers: HeaderMap,
) -> Result<StatusCode, Refusal> {
    api.validator.validate(&headers).await?;
    if button.user_type()? != UserType::Employee {
        return Err(Refusal::forbidden("Employees only"));
    }
    api.tasks().retain(|task| task.id != id);
    Ok(StatusCode::NO_CONTENT)
}

impl Button {
    /// Anything else is an exception, which the original does not catch either.
    fn user_type(&self) -> Result<UserType, Refusal> {
        match self.user_type.as_deref() {
            Some("employee") => Ok(UserType::Employee),
            Some("partner") => Ok(UserType::Partner),
            _ => Err(Refusal::uncaught("Invalid user type specified")),
        }
    }
}

impl Api {
    fn tasks(&self) -> MutexGuard<'_, Vec<Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
