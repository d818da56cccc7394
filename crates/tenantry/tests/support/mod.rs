//! A simulator, an API on top of it, and requests to that API without a network in between.
#![allow(dead_code, reason = "each test binary uses its part")]

use axum::{Router, body::Body};
use http::{Request, Response, header};
use http_body_util::BodyExt;
use tenantry::{AllowList, Audience, Auth, AuthBuilder, Authority, Permission, Principal, Routes};
use tenantry_simulator::{Simulator, TokenRequest, builtin};
use tower::ServiceExt;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) challenge: Option<String>,
    pub(crate) body: String,
    pub(crate) headers: http::HeaderMap,
}

/// Home and partner are let in, Northwind is not.
pub(crate) fn builder(simulator: &Simulator) -> AuthBuilder {
    Auth::builder()
        .authority(Authority::custom(simulator.base()).unwrap())
        .audience(Audience::new(builtin::API).unwrap())
        .audience(Audience::new(builtin::API_V1_URI).unwrap())
        .tenants(AllowList::new([builtin::CONTOSO, builtin::FABRIKAM].map(|tenant| tenant.parse().unwrap())))
}

/// One route per kind of permission.
pub(crate) fn api(auth: &Auth) -> Router {
    let scope = "access_as_user";
    let who = async |caller: Principal| caller.id();
    Routes::<()>::new()
        .public_get("/public", async || "ok")
        .get("/users", Permission::users_with_scope(scope), who)
        .get("/editors", Permission::users_with_scope(scope).and_role(["Admin", "Editor"]), who)
        .get(
            "/editors-or-none",
            Permission::users_with_scope(scope).and_role_or_none(["Admin", "Editor"]),
            who,
        )
        .get("/jobs", Permission::applications_with_role(["Editor"]), who)
        .get("/both", Permission::users_with_scope(scope).or_applications_with_role(["Editor"]), who)
        .post("/users", Permission::users_with_scope("other_scope"), who)
        .protect(auth)
}

pub(crate) fn user(tenant: &str, user: &str) -> TokenRequest {
    TokenRequest::for_user(tenant, user).audience(builtin::API)
}

pub(crate) fn token(simulator: &Simulator, request: &TokenRequest) -> String {
    simulator.mint(request).unwrap().token
}

pub(crate) async fn get(api: &Router, path: &str, authorization: &[&str]) -> Answer {
    let mut request = Request::get(path);
    for value in authorization {
        request = request.header(header::AUTHORIZATION, *value);
    }
    answer(api, request.body(Body::empty()).unwrap()).await
}

pub(crate) async fn get_with(api: &Router, path: &str, token: &str) -> Answer {
    get(api, path, &[&format!("Bearer {token}")]).await
}

pub(crate) async fn answer(api: &Router, request: Request<Body>) -> Answer {
    let response: Response<Body> = api.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let challenges: Vec<_> = parts.headers.get_all(header::WWW_AUTHENTICATE).iter().collect();
    assert!(challenges.len() <= 1, "one challenge at most: {challenges:?}");
    Answer {
        status: parts.status.as_u16(),
        challenge: challenges.first().map(|value| value.to_str().unwrap().to_owned()),
        body: String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap(),
        headers: parts.headers,
    }
}
