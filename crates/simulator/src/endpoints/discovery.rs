//! Instance discovery and user realm: what clients ask before they trust a host or a user name.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use serde_json::json;
use url::Url;

use super::Version;
use super::aadsts::INSTANCE_UNKNOWN;
use super::parameters::Parameters;
use crate::state::Context;
use crate::world::TenantKind;

/// `GET /common/discovery/instance`
///
/// The host asked about is not compared, only its path is used: clients drop the port when they ask.
pub(super) async fn instance(
    State(context): State<Context>,
    Path(_): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    let world = context.state.world();
    let asked = Parameters::of_query(query);
    let endpoint = asked.get("authorization_endpoint").and_then(|endpoint| Url::parse(endpoint).ok());
    let segment = endpoint.and_then(|url| Some(url.path_segments()?.next()?.to_owned()));
    let Some(segment) = segment.filter(|segment| world.slot(segment).is_some()) else {
        return INSTANCE_UNKNOWN
            .because("The authorization endpoint is not one of this simulator's.")
            .json(&context, &headers, None);
    };
    let host = context.authority.host_and_port();
    let answer = json!({
        "tenant_discovery_endpoint": context.authority.metadata(&segment, Version::V2),
        "api-version": asked.get("api-version").unwrap_or("1.1"),
        "metadata": [{ "preferred_network": host, "preferred_cache": host, "aliases": [host] }],
    });
    Json(answer).into_response()
}

/// `GET /common/userrealm/{user}`: every known domain is managed here, none is federated.
pub(super) async fn user_realm(
    State(context): State<Context>,
    Path((_, user)): Path<(String, String)>,
) -> Response<Body> {
    let world = context.state.world();
    let domain = user.rsplit_once('@').map_or("", |(_, domain)| domain).to_ascii_lowercase();
    let tenant = world.tenant(&domain).filter(|_| !domain.is_empty());
    let answer = match tenant {
        Some(tenant) => json!({
            "ver": "1.0",
            "account_type": "Managed",
            "domain_name": if tenant.kind == TenantKind::Personal { "live.com" } else { &domain },
            "cloud_instance_name": context.authority.host_and_port(),
            "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        }),
        None => json!({ "ver": "1.0", "account_type": "Unknown" }),
    };
    Json(answer).into_response()
}
