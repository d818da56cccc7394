//! `GET /sim/requests`: what clients sent, with counts.

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde_json::{Value, json};

use super::body::Problem;
use crate::endpoints::Parameters;
use crate::faults::same_tenant;
use crate::path::Endpoint;
use crate::requests::{REQUESTS_MAX, RecordedRequests};
use crate::state::Context;

/// Which requests to show. A tenant may be given by id or domain whatever the client used.
struct Filter {
    endpoint: Option<Endpoint>,
    tenant: Option<String>,
    limit: usize,
}

impl Filter {
    fn read(parameters: &Parameters) -> Result<Self, Problem> {
        let endpoint = parameters.get("endpoint").map(|name| {
            let named = Endpoint::deserialize(name.into_deserializer());
            named.map_err(|error: serde::de::value::Error| Problem::field("endpoint", error.to_string()))
        });
        let limit = parameters
            .get("limit")
            .map(|limit| limit.parse().map_err(|_| Problem::field("limit", "must be a number")));
        Ok(Self {
            endpoint: endpoint.transpose()?,
            tenant: parameters.get("tenant").map(ToOwned::to_owned),
            limit: limit.transpose()?.unwrap_or(REQUESTS_MAX),
        })
    }
}

pub(super) async fn list(
    State(context): State<Context>,
    RawQuery(query): RawQuery,
) -> Result<Json<RecordedRequests>, Problem> {
    let filter = Filter::read(&Parameters::of_query(query))?;
    let world = context.state.world();
    let keep = |endpoint: Endpoint, tenant: &str| {
        filter.endpoint.is_none_or(|wanted| wanted == endpoint)
            && filter.tenant.as_deref().is_none_or(|wanted| same_tenant(&world, wanted, tenant))
    };
    Ok(Json(context.state.requests.select(filter.limit, keep)))
}

pub(super) async fn clear(State(context): State<Context>) -> Json<Value> {
    context.state.requests.clear();
    Json(json!({ "total": 0 }))
}
