//! OpenID Connect metadata, with the fields that Entra returns (reference: a capture of `common`, 2024).

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Response};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::Version;
use super::aadsts;
use super::parameters::Parameters;
use crate::authority::v1_issuer;
use crate::state::Context;
use crate::world::Slot;

/// `GET /{t}/v2.0/.well-known/openid-configuration`
pub(super) async fn v2(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    document(&context, &segment, Version::V2, &Parameters::of_query(query))
        .unwrap_or_else(|| unknown_tenant(&context, &segment, &headers))
}

/// `GET /{t}/.well-known/openid-configuration`
pub(super) async fn v1(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response<Body> {
    document(&context, &segment, Version::V1, &Parameters::of_query(query))
        .unwrap_or_else(|| unknown_tenant(&context, &segment, &headers))
}

pub(super) fn unknown_tenant(context: &Context, segment: &str, headers: &HeaderMap) -> Response<Body> {
    aadsts::unknown_tenant(segment).json(context, headers, None)
}

fn document(
    context: &Context,
    segment: &str,
    version: Version,
    parameters: &Parameters,
) -> Option<Response<Body>> {
    let world = context.state.world();
    let slot = Addressed::new(world.slot(segment)?);
    let mut document = common_fields(context, &slot, version, parameters.get("appid"));
    match version {
        Version::V1 => v1_fields(&mut document, context, &slot),
        Version::V2 => v2_fields(&mut document, context, &slot),
    }
    Some(Json(document).into_response())
}

/// How a slot is written in the document: aliases stay, a domain becomes its tenant's id.
struct Addressed {
    segment: String,
    issuer: String,
    region: Value,
}

impl Addressed {
    fn new(slot: Slot<'_>) -> Self {
        let template = |segment: &str| (segment.to_owned(), "{tenantid}".to_owned());
        let (segment, issuer) = match slot {
            Slot::Common => template("common"),
            Slot::Organizations => template("organizations"),
            Slot::Consumers(tenant) => ("consumers".to_owned(), tenant.id.to_string()),
            Slot::Tenant(tenant) => (tenant.id.to_string(), tenant.id.to_string()),
        };
        let region = if issuer == "{tenantid}" { Value::Null } else { json!("WW") };
        Self { segment, issuer, region }
    }
}

fn common_fields(context: &Context, slot: &Addressed, version: Version, appid: Option<&str>) -> Value {
    let authority = &context.authority;
    let oauth2 = |endpoint| authority.oauth2(&slot.segment, version, endpoint);
    let keys = authority.keys(&slot.segment, version);
    let appid = appid.map(|id| url::form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>());
    json!({
        "authorization_endpoint": oauth2("authorize"),
        "token_endpoint": oauth2("token"),
        "device_authorization_endpoint": oauth2("devicecode"),
        "end_session_endpoint": oauth2("logout"),
        "jwks_uri": appid.map_or_else(|| keys.clone(), |id| format!("{keys}?appid={id}")),
        "kerberos_endpoint": format!("{}/{}/kerberos", authority.base(), slot.segment),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "tenant_region_scope": slot.region,
        "cloud_instance_name": authority.host_and_port(),
        "cloud_graph_host_name": authority.host_and_port(),
        "msgraph_host": authority.host_and_port(),
        "rbac_url": format!("{}/rbac", authority.base()),
    })
}

fn v2_fields(document: &mut Value, context: &Context, slot: &Addressed) {
    document["issuer"] = json!(context.authority.v2_issuer(&slot.issuer));
    document["userinfo_endpoint"] = json!(format!("{}/oidc/userinfo", context.authority.base()));
    document["request_uri_parameter_supported"] = json!(false);
    document["response_types_supported"] = json!(["code", "id_token", "code id_token", "id_token token"]);
    document["scopes_supported"] = json!(["openid", "profile", "email", "offline_access"]);
    document["claims_supported"] = json!([
        "sub",
        "iss",
        "cloud_instance_name",
        "cloud_instance_host_name",
        "cloud_graph_host_name",
        "msgraph_host",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "acr",
        "nonce",
        "preferred_username",
        "name",
        "tid",
        "ver",
        "at_hash",
        "c_hash",
        "email"
    ]);
}

fn v1_fields(document: &mut Value, context: &Context, slot: &Addressed) {
    let base = context.authority.base();
    document["issuer"] = json!(v1_issuer(&slot.issuer));
    document["userinfo_endpoint"] = json!(format!("{base}/{}/openid/userinfo", slot.segment));
    document["check_session_iframe"] = json!(format!("{base}/{}/oauth2/checksession", slot.segment));
    document["microsoft_multi_refresh_token"] = json!(true);
    document["response_types_supported"] =
        json!(["code", "id_token", "code id_token", "token id_token", "token"]);
    document["scopes_supported"] = json!(["openid"]);
    document["claims_supported"] = json!([
        "sub",
        "iss",
        "cloud_instance_name",
        "cloud_instance_host_name",
        "cloud_graph_host_name",
        "msgraph_host",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "acr",
        "amr",
        "nonce",
        "email",
        "given_name",
        "family_name",
        "nickname"
    ]);
}
