//! The routes, and tasks nested by tenant and person.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::routing::{delete, get};
use axum::{Json, Router};
use reqwest::Client;
use serde_json::{Value, json};

use super::token::{Validator, hashable};
use crate::Config;
use crate::answer::Refusal;
use crate::jose::Object;

/// By person.
type TenantStore = BTreeMap<String, Vec<Value>>;

struct Api {
    validator: Validator,
    tasks_db: Mutex<BTreeMap<String, TenantStore>>,
    next_id: AtomicU64,
}

/// What a handler knows of its caller.
struct Caller {
    claims: Object,
    tenant: String,
    user: String,
}

type Answer = Result<Json<Value>, Refusal>;

const ANY: &[&str] = &["Admin", "Editor", "Reader"];
const WRITERS: &[&str] = &["Admin", "Editor"];
const ADMIN: &[&str] = &["Admin"];

/// `GET /healthz`, `GET /api/me`, `GET|POST /api/tasks`, `DELETE /api/tasks/{id}`.
pub(crate) fn app(config: Config, http: Client) -> Router {
    let validator = Validator::new(config, http);
    let api = Arc::new(Api { validator, tasks_db: Mutex::default(), next_id: AtomicU64::new(1) });
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/api/me", get(me))
        .route("/api/tasks", get(list).post(create))
        .route("/api/tasks/{id}", delete(remove))
        .with_state(api)
}

async fn me(State(api): State<Arc<Api>>, headers: HeaderMap) -> Answer {
    let Caller { claims, tenant, user } = api.caller(&headers, ANY).await?;
    Ok(Json(
        json!({ "tenant_id": tenant, "object_id": user, "name": claims.get("name"), "roles": claims.get("roles") }),
    ))
}

/// Admins see their tenant's, others their own.
async fn list(State(api): State<Arc<Api>>, headers: HeaderMap) -> Answer {
    let caller = api.caller(&headers, ANY).await?;
    let mut db = api.tasks();
    let store = db.entry(caller.tenant.clone()).or_default();
    if has_role(&caller.claims, &["Admin"])? {
        return Ok(Json(store.iter().flat_map(|(owner, tasks)| owned(owner, tasks)).collect()));
    }
    Ok(Json(json!(store.get(&caller.user).cloned().unwrap_or_default())))
}

fn owned(owner: &str, tasks: &[Value]) -> Vec<Value> {
    let with_owner = |task: &Value| {
        let mut task = task.clone();
        task["owner_id"] = json!(owner);
        task
    };
    tasks.iter().map(with_owner).collect()
}

async fn create(State(api): State<Arc<Api>>, headers: HeaderMap, Json(task): Json<Object>) -> Answer {
    let caller = api.caller(&headers, WRITERS).await?;
    let new_task = json!({
        "id": api.next_id.fetch_add(1, Ordering::Relaxed),
        "title": task.get("title").cloned().unwrap_or_else(|| json!("")),
        "completed": false,
        "owner_name": caller.claims.get("name").cloned().unwrap_or_else(|| json!("Unknown")),
        "tenant_id": caller.tenant,
    });
    let mut db = api.tasks();
    db.entry(caller.tenant).or_default().entry(caller.user).or_default().push(new_task.clone());
    Ok(Json(new_task))
}

async fn remove(State(api): State<Arc<Api>>, headers: HeaderMap, Path(id): Path<u64>) -> Answer {
    let caller = api.caller(&headers, ADMIN).await?;
    for tasks in api.tasks().entry(caller.tenant).or_default().values_mut() {
        tasks.retain(|task| task["id"] != id);
    }
    Ok(Json(json!({ "status": "deleted" })))
}

impl Api {
    async fn caller(&self, headers: &HeaderMap, roles: &[&str]) -> Result<Caller, Refusal> {
        let claims = self.validator.validate(headers).await?;
        if !has_role(&claims, roles)? {
            return Err(Refusal::forbidden(format!("Requires one of these roles: {}", roles.join(", "))));
        }
        let text = |name: &str| claims.get(name).map_or(Ok(String::new()), hashable);
        Ok(Caller { tenant: text("tid")?, user: text("oid")?, claims })
    }

    fn tasks(&self) -> MutexGuard<'_, BTreeMap<String, TenantStore>> {
        self.tasks_db.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Python's `role in roles`: in a text it finds parts of words, in a number it raises.
fn has_role(claims: &Object, wanted: &[&str]) -> Result<bool, Refusal> {
    match claims.get("roles") {
        None => Ok(false),
        Some(Value::Array(roles)) => Ok(wanted.iter().any(|role| roles.iter().any(|held| held == role))),
        Some(Value::String(text)) => Ok(wanted.iter().any(|role| text.contains(role))),
        Some(Value::Object(roles)) => Ok(wanted.iter().any(|role| roles.contains_key(*role))),
        Some(_) => Err(Refusal::uncaught("argument is not iterable")),
    }
}
