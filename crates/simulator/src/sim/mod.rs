//! The simulator's own controls under `/sim`: see, mint, rotate, break, move the clock.

mod body;
mod directory;
mod edit;
mod graph;
mod keys;
mod openapi;
mod page;
mod requests;
mod routes;
mod switches;
mod tokens;
mod world;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use self::body::Problem;
pub(crate) use self::page::from_the_root;
use crate::state::Context;

/// Everything under `/sim`.
pub(crate) fn router(context: Context) -> Router {
    let routes = routes::routes().into_iter();
    let router = routes.fold(Router::new(), |router, (path, methods)| router.route(path, methods));
    // For people, and no part of the OpenAPI document.
    let router = router.route("/sim", get(page::show)).route("/sim/", get(page::from_the_root));
    let router = router.route("/sim/switches", post(page::change));
    // The way in (`service.rs`) bounds bodies, and whole worlds are larger than axum's own bound.
    let router = router.layer(DefaultBodyLimit::disable());
    router.layer(from_fn_with_state(context.clone(), only_same_origin)).with_state(context)
}

/// Keeps web pages of strangers out: a page open in the developer's browser could otherwise reach the loopback
/// port, by a cross-origin request or by a host name that resolves to it (DNS rebinding).
async fn only_same_origin(State(context): State<Context>, request: Request, next: Next) -> Response {
    if is_foreign(&context, request.headers()) {
        return Problem::foreign().into_response();
    }
    next.run(request).await
}

/// Gives a bare refusal of the router a body.
pub(crate) fn worded(response: axum::http::Response<Body>) -> axum::http::Response<Body> {
    match response.status() {
        status @ (StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
            if !response.headers().contains_key(CONTENT_TYPE) =>
        {
            let allowed = response.headers().get(ALLOW).cloned();
            let mut worded = Problem::unanswered(status).into_response();
            worded.headers_mut().extend(allowed.map(|methods| (ALLOW, methods)));
            worded
        }
        _ => response,
    }
}

fn is_foreign(context: &Context, headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let asked = header(HOST).unwrap_or_default();
    header(HOST).is_some_and(|host| !is_local_host(context, host))
        || header(ORIGIN).is_some_and(|origin| !is_own(context, origin, asked))
}

/// A page of the very host that it asks, or of the public base. A plain address is no proof here: strangers have one too.
fn is_own(context: &Context, origin: &str, asked: &str) -> bool {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    host.eq_ignore_ascii_case(asked) || host == context.authority.host_and_port()
}

/// Loopback names, plain addresses (which cannot be rebound), and the public base's host.
fn is_local_host(context: &Context, host: &str) -> bool {
    let bare = |text: &str| match text.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name.to_owned(),
        _ => text.to_owned(),
    };
    let name = bare(host).trim_matches(['[', ']']).to_ascii_lowercase();
    name == "localhost"
        || name.parse::<std::net::IpAddr>().is_ok()
        || name == bare(context.authority.host_and_port())
}

/// Answers of the controls that are only JSON.
type Answer = Result<axum::Json<serde_json::Value>, Problem>;
