//! The part of Microsoft Graph that sets tenants up: registrations, service principals, grants, people.
//!
//! A call is proven (`auth.rs`), counted (`throttle.rs`), read ([`call::Call`]) and sent to its resource ([`route`]). One
//! file per resource, queries in `odata/`. Every call works in the tenant of its token and on the same world as the
//! sign-in endpoints, so what is made here shows in the next token.

mod applications;
mod assignments;
mod auth;
mod batch;
mod call;
mod deleted;
mod error;
mod grants;
mod groups;
mod invitations;
mod lag;
mod odata;
mod organization;
mod path;
mod permission;
mod reply;
mod service_principals;
mod throttle;
mod userinfo;
mod users;

use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri};
use axum::routing::{any, get};

use self::auth::Caller;
use self::call::{Call, Sent};
use self::error::GraphError;
pub(crate) use self::lag::LAG_MS_MAX;
use self::lag::Lag;
use self::path::ApiVersion;
use self::reply::{Ids, Reply};
pub(crate) use self::throttle::{Limit, Throttle, WINDOW_S_MAX};
use crate::encoding::base64url;
use crate::state::Context;

/// What can be switched on at run time.
#[derive(Debug, Default)]
pub(crate) struct GraphControls {
    pub(crate) lag: Lag,
    pub(crate) throttle: Throttle,
}

/// Everything under `/graph`.
pub(crate) fn router(context: Context) -> Router {
    Router::new()
        .route("/graph", any(answer))
        .route("/graph/", any(answer))
        .route("/graph/{*rest}", any(answer))
        .route("/oidc/userinfo", get(userinfo::answer).post(userinfo::answer))
        .route("/{t}/openid/userinfo", get(userinfo::answer).post(userinfo::answer))
        .with_state(context)
}

async fn answer(
    State(context): State<Context>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let ids = Ids::new(&context.state, &headers);
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let sent = Sent { method, target, headers: &headers, body };
    let reply = outermost(&context, sent);
    let refused = |refusal: GraphError| refusal.challenged(context.authority.base()).reply(&ids);
    reply.unwrap_or_else(refused).response(&ids)
}

/// `/graph/{version}/…`, with its token.
fn outermost(context: &Context, sent: Sent<'_>) -> Result<Reply, GraphError> {
    let behind = sent.target.strip_prefix("/graph").unwrap_or_default().trim_start_matches('/');
    let end = behind.find(['/', '?']).unwrap_or(behind.len());
    let (version, target) = behind.split_at(end);
    let version = ApiVersion::parse(version)
        .ok_or_else(|| GraphError::unreadable("Invalid version: give 'v1.0' or 'beta'."))?;
    let caller = auth::caller(context, &context.state.world(), sent.headers)?;
    answer_one(context, &caller, version, Sent { target, ..sent })
}

/// A call alone, or one of a batch.
fn answer_one(
    context: &Context,
    caller: &Caller,
    version: ApiVersion,
    sent: Sent<'_>,
) -> Result<Reply, GraphError> {
    context.state.graph.throttle.count(caller, context.state.clock.now())?;
    route(&Call::new(context, caller, version, sent)?)
}

/// Where a path leads. Names are in lower case, keys their values.
fn route(call: &Call<'_>) -> Result<Reply, GraphError> {
    let names = call.path.names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["applications", rest @ ..] => applications::route(call, rest),
        ["serviceprincipals", rest @ ..] => service_principals::route(call, rest),
        ["oauth2permissiongrants", rest @ ..] => grants::route(call, rest),
        ["users", rest @ ..] => users::route(call, rest),
        ["me", rest @ ..] => users::route_me(call, rest),
        ["groups", rest @ ..] => groups::route(call, rest),
        ["organization", rest @ ..] => organization::route(call, rest),
        ["tenantrelationships", rest @ ..] => organization::route_relationships(call, rest),
        ["invitations"] => invitations::route(call),
        ["directory", "deleteditems", rest @ ..] => deleted::route(call, rest),
        ["directoryobjects", "getbyids"] => users::directory_objects_by_ids(call),
        ["directoryobjects", _] => users::show_directory_object(call),
        ["$batch"] => batch::route(call),
        [unknown, ..] => Err(unknown_segment(unknown)),
        [] => Err(unknown_segment("")),
    }
}

/// 400, as Graph answers paths that its model does not know.
fn unknown_segment(name: &str) -> GraphError {
    let shown: String = name.chars().take(120).collect();
    GraphError::unreadable(format!("Resource not found for the segment '{shown}'."))
}

/// 405: the thing is there, the verb is not.
fn wrong_method(call: &Call<'_>) -> GraphError {
    let message = format!("Specified HTTP method is not allowed for the request target: {}.", call.method);
    GraphError::new(405, "Request_BadRequest", message)
}

/// An id that follows from what a thing is: 43 characters, as Graph's of grants and assignments.
fn hashed(input: &str) -> String {
    base64url(digest(&SHA256, input.as_bytes()).as_ref())
}
