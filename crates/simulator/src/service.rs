//! A request's way in: connection, limits, faults, log, and only then its endpoint.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_TYPE, ORIGIN, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, request};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::endpoints;
use crate::faults::{Effect, Misfortune};
use crate::graph;
use crate::hosts;
use crate::path::{RequestPath, is_control};
use crate::requests::{RecordedRequest, RefusalCode, bounded, redacted};
use crate::sim;
use crate::state::Context;

/// Longest request body. Bytes.
const BODY_BYTES_MAX: usize = 256 * 1024;
/// The same for the controls, which take whole worlds. Bytes.
const CONTROL_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Time for a TLS handshake, and for a request's body to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
/// Time until the headers of the next request have arrived; clients keep idle connections about this long.
const IDLE_MAX: Duration = Duration::from_secs(75);
/// Connections served at once; further ones wait.
const CONNECTIONS_MAX: usize = 2_000;

/// What lies between TCP and HTTP.
pub(crate) enum Transport {
    Plain,
    Tls(TlsAcceptor),
}

/// A fault said: close the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("outage on request of a fault rule")]
struct Outage;

/// Accepts connections until the task is aborted; then every connection ends too.
pub(crate) async fn serve(listener: TcpListener, transport: Transport, context: Context) {
    let router = routes(&context);
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        if connections.len() >= CONNECTIONS_MAX {
            connections.join_next().await;
        }
        match listener.accept().await {
            Ok((stream, _)) => {
                let (router, context) = (router.clone(), context.clone());
                match &transport {
                    Transport::Plain => connections.spawn(connection(stream, router, context)),
                    Transport::Tls(acceptor) => {
                        connections.spawn(secured(acceptor.clone(), stream, router, context))
                    }
                };
            }
            // Out of file descriptors, or the peer is gone already: neither ends the listener.
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}

fn routes(context: &Context) -> Router {
    let router = endpoints::router(context.clone()).merge(sim::router(context.clone()));
    router.merge(graph::router(context.clone()))
}

async fn secured(acceptor: TlsAcceptor, stream: TcpStream, router: Router, context: Context) {
    if let Ok(Ok(stream)) = timeout(PATIENCE, acceptor.accept(stream)).await {
        connection(stream, router, context).await;
    }
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    context: Context,
) {
    let service = service_fn(move |request| answer(request, router.clone(), context.clone()));
    let ended = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
}

async fn answer(
    request: Request<Incoming>,
    router: Router,
    context: Context,
) -> Result<Response<Body>, Outage> {
    let (parts, body) = request.into_parts();
    let longest = if is_control(parts.uri.path()) { CONTROL_BYTES_MAX } else { BODY_BYTES_MAX };
    let body = match timeout(PATIENCE, to_bytes(Body::new(body), longest)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return Ok(closing(&context, &parts.headers, StatusCode::PAYLOAD_TOO_LARGE)),
        Err(_) => return Ok(closing(&context, &parts.headers, StatusCode::REQUEST_TIMEOUT)),
    };
    let (router, context) = at_host(router, context, &parts.headers);
    if is_control(parts.uri.path()) {
        return Ok(sim::worded(route(router, parts, body).await));
    }
    let misfortune =
        context.state.faults.strike(&RequestPath::parse(parts.uri.path()), &context.state.world());
    let mut record = record(&context, &parts, &body);
    record.fault = misfortune != Misfortune::default();
    if let Some(delay) = misfortune.delay {
        sleep(delay).await;
    }
    let response = match misfortune.effect {
        Some(Effect::Close) => Err(Outage),
        Some(Effect::Answer(status)) => Ok(with_cors(&parts.headers, faulty(status))),
        None => Ok(endpoint((router, &context), parts, body).await),
    };
    if let Ok(response) = &response {
        record.status = response.status().as_u16();
        record.code = response.extensions().get::<RefusalCode>().map(|code| code.0);
    }
    context.state.requests.record(record);
    response
}

/// An external tenant's host has the same endpoints, with addresses of its own.
fn at_host(router: Router, context: Context, headers: &HeaderMap) -> (Router, Context) {
    let authority = hosts::face(&context.authority, headers, &context.state.world());
    if authority == context.authority {
        return (router, context);
    }
    let context = Context { authority, ..context };
    (routes(&context), context)
}

async fn endpoint(
    (router, context): (Router, &Context),
    parts: request::Parts,
    body: Bytes,
) -> Response<Body> {
    let path = RequestPath::parse(parts.uri.path());
    let open = path.is_readable_across_origins();
    let headers = parts.headers.clone();
    if hosts::is_out_of_place(&context.authority, &path, &context.state.world()) {
        return with_cors(&headers, endpoints::not_here(context, &headers));
    }
    match (open, parts.method == Method::OPTIONS) {
        (true, true) => preflight(&headers),
        (false, _) => endpoints::worded(context, &headers, route(router, parts, body).await),
        (true, false) => {
            with_cors(&headers, endpoints::worded(context, &headers, route(router, parts, body).await))
        }
    }
}

async fn route(router: Router, parts: request::Parts, body: Bytes) -> Response<Body> {
    let answered: Result<_, Infallible> = router.oneshot(Request::from_parts(parts, Body::from(body))).await;
    answered.unwrap_or_else(|never| match never {})
}

/// Scripts of any origin may read the answer; nothing in it depends on cookies.
fn with_cors(request: &HeaderMap, mut response: Response<Body>) -> Response<Body> {
    if request.contains_key(ORIGIN) {
        let headers = response.headers_mut();
        headers.insert(HeaderName::from_static("access-control-allow-origin"), HeaderValue::from_static("*"));
        headers.insert(
            HeaderName::from_static("access-control-expose-headers"),
            HeaderValue::from_static(
                "x-ms-request-id, x-ms-clitelem, retry-after, request-id, client-request-id, location",
            ),
        );
    }
    response
}

fn preflight(request: &HeaderMap) -> Response<Body> {
    let mut response = with_cors(request, StatusCode::NO_CONTENT.into_response());
    let asked = request.get("access-control-request-headers").cloned();
    let headers = response.headers_mut();
    headers.insert(
        "access-control-allow-methods",
        HeaderValue::from_static("GET, POST, PATCH, PUT, DELETE, OPTIONS"),
    );
    headers.insert(
        "access-control-allow-headers",
        asked.unwrap_or_else(|| HeaderValue::from_static("content-type")),
    );
    headers.insert("access-control-max-age", HeaderValue::from_static("600"));
    response
}

fn faulty(status: u16) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, "application/json")], r#"{"error":"simulated_fault"}"#).into_response()
}

fn closing(context: &Context, request: &HeaderMap, status: StatusCode) -> Response<Body> {
    let response = (status, [("connection", "close")]).into_response();
    with_cors(request, endpoints::worded(context, request, response))
}

fn record(context: &Context, parts: &request::Parts, body: &Bytes) -> RecordedRequest {
    let path = RequestPath::parse(parts.uri.path());
    let header =
        |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(bounded);
    let is_form =
        header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let form: &[u8] = if is_form { body } else { &[] };
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    RecordedRequest {
        number: 0,
        at: context.state.clock.now(),
        listener: if context.authority.is_https() { "https" } else { "http" }.to_owned(),
        method: parts.method.to_string(),
        path: bounded(parts.uri.path()),
        endpoint: path.endpoint,
        tenant: bounded(path.slot),
        parameters: redacted(url::form_urlencoded::parse(query).chain(url::form_urlencoded::parse(form))),
        origin: header(ORIGIN),
        user_agent: header(USER_AGENT),
        status: 0,
        code: None,
        fault: false,
    }
}
