//! `GET /sim/requests`: what clients sent, with counts.

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::same_tenant;
use crate::path::Endpoint;
use crate::requests::{REQUESTS_MAX, RecordedRequests};
use crate::state::Context;

/// Which requests to show. A tenant may be given by id or domain whatever the client used.
#[derive(Deserialize)]
pub(super) struct Filter {
    endpoint: Option<Endpoint>,
    tenant: Option<String>,
    limit: Option<usize>,
}

pub(super) async fn list(
    State(context): State<Context>,
    Query(filter): Query<Filter>,
) -> Json<RecordedRequests> {
    let world = context.state.world();
    let keep = |endpoint: Endpoint, tenant: &str| {
        filter.endpoint.is_none_or(|wanted| wanted == endpoint)
            && filter.tenant.as_deref().is_none_or(|wanted| same_tenant(&world, wanted, tenant))
    };
    Json(context.state.requests.select(filter.limit.unwrap_or(REQUESTS_MAX), keep))
}

pub(super) async fn clear(State(context): State<Context>) -> Json<Value> {
    context.state.requests.clear();
    Json(json!({ "total": 0 }))
}
