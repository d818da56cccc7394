//! Targets: the tasks API on its usual configuration and on others, and an API that refuses everybody.

use std::path::Path;

use axum::{Router, http::StatusCode, routing::any};

use super::{HOME, PARTNER};

const CLIENT_ID: &str = tenantry_simulator::builtin::API;

/// A `gate.toml` that starts this very program as a target of that kind.
pub(crate) fn gate_toml(kind: &str, folder: &Path) -> String {
    let program = std::env::current_exe().unwrap();
    let tenants = match kind {
        "any-tenant" => "ALLOW_ANY_TENANT = \"true\"".to_owned(),
        "locked" => {
            let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
            let (list, keys) = (file("enforced.lock"), file("approved-keys.toml"));
            format!("ALLOW_LIST_FILE = {list:?}\nALLOW_LIST_KEYS = {keys:?}")
        }
        _ => format!("ALLOWED_TENANT_IDS = \"{HOME},{PARTNER}\""),
    };
    format!(
        r#"name = "Tasks"
ready = "/healthz"
[start]
command = [{program:?}, "--exact", "served_when_asked", "--nocapture"]
[start.env]
GATE_TEST_TARGET = "{kind}"
TASKS_LISTEN = "127.0.0.1:{{port}}"
AZURE_AUTHORITY_HOST = "{{authority}}"
AZURE_API_CLIENT_ID = "{CLIENT_ID}"
DATABASE_URL = "sqlite::memory:"
TASKS_WELL_KNOWN = "true"
{tenants}
[simulator]
http = "127.0.0.1:0"
https = "127.0.0.1:0"
[api]
client-id = "{CLIENT_ID}"
versions = [1, 2]
role = "Editor"
applications = true
[[probe]]
path = "/api/tasks"
[[probe]]
method = "POST"
path = "/api/tasks"
body = {{ title = "made by a test" }}
"#
    )
}

/// Serves until it is killed.
pub(crate) fn serve(kind: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        match kind {
            "refuses" => refuse_everybody().await,
            _ => tasks::serve(&tasks::Config::from_env().unwrap(), std::future::pending()).await.unwrap(),
        }
    });
}

async fn refuse_everybody() {
    let listener = tokio::net::TcpListener::bind(std::env::var("TASKS_LISTEN").unwrap()).await.unwrap();
    let api = Router::new().fallback(any(async || StatusCode::UNAUTHORIZED));
    axum::serve(listener, api).await.unwrap();
}
