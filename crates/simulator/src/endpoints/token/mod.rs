//! The token endpoint: one file per grant, client authentication and answers beside them.

mod answer;
mod assertion;
mod client_auth;
mod client_credentials;
mod code;
mod device_code;
mod on_behalf_of;
mod password;
mod refresh;

use std::collections::BTreeSet;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Response};

use super::aadsts::{
    Aadsts, GRANT_TYPE_UNSUPPORTED, MALFORMED, SEVERAL_RESOURCES, WRONG_METHOD, unknown_tenant,
};
use super::authorize::{missing, version_1_scope};
use super::claims_request::ClaimsRequest;
use super::parameters::Parameters;
use super::policy::Policy;
use super::scope::{OFFLINE, Scope};
use crate::authority::Version;
use crate::state::Context;
use crate::world::{Application, Slot, World};

/// `POST /{t}/oauth2/v2.0/token`
pub(super) async fn v2(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    respond(&context, (&segment, Version::V2), (&query.unwrap_or_default(), &headers), &body)
}

/// `POST /{t}/oauth2/token`
pub(super) async fn v1(
    State(context): State<Context>,
    Path(segment): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    respond(&context, (&segment, Version::V1), (&query.unwrap_or_default(), &headers), &body)
}

/// `GET` on either.
pub(super) async fn wrong_method(State(context): State<Context>, headers: HeaderMap) -> Response<Body> {
    WRONG_METHOD.because("The endpoint only accepts POST requests.").json(&context, &headers, None)
}

/// One request, with everything the grants need.
struct TokenCall<'a, 'w> {
    context: &'a Context,
    world: &'w World,
    policy: Policy<'w>,
    slot: Slot<'w>,
    version: Version,
    parameters: Parameters,
    claims: ClaimsRequest,
    headers: &'a HeaderMap,
}

fn respond(
    context: &Context,
    (segment, version): (&str, Version),
    (query, headers): (&str, &HeaderMap),
    body: &Bytes,
) -> Response<Body> {
    let world = context.state.world();
    // Grants travel in the body; the query holds no more than a correlation id.
    let parameters = Parameters::parse(&[body]);
    let query = Parameters::parse(&[query.as_bytes()]);
    let correlation_id =
        parameters.get("client-request-id").or(query.get("client-request-id")).map(ToOwned::to_owned);
    let answer = match world.slot(segment) {
        None => Err(unknown_tenant(segment).at_token_endpoint()),
        Some(slot) => {
            let policy = Policy::new(&context.state, &world);
            ClaimsRequest::parse(parameters.get("claims")).and_then(|claims| {
                TokenCall { context, world: &world, policy, slot, version, parameters, claims, headers }.run()
            })
        }
    };
    answer.unwrap_or_else(|refusal| refusal.json(context, headers, correlation_id.as_deref()))
}

impl<'w> TokenCall<'_, 'w> {
    fn run(&self) -> Result<Response<Body>, Aadsts> {
        match self.parameters.get("grant_type") {
            Some("authorization_code") => code::redeem(self),
            Some("refresh_token") => refresh::renew(self),
            Some("client_credentials") => client_credentials::issue(self),
            Some("urn:ietf:params:oauth:grant-type:device_code" | "device_code") => device_code::redeem(self),
            Some("password") => password::sign_in(self),
            Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => on_behalf_of::exchange(self),
            Some(_) => {
                Err(GRANT_TYPE_UNSUPPORTED.because("The grant type is not supported by this simulator."))
            }
            None => Err(missing("grant_type")),
        }
    }

    fn required(&self, name: &str) -> Result<&str, Aadsts> {
        self.parameters.get(name).ok_or_else(|| missing(name))
    }

    /// The client named in the body or by HTTP Basic.
    fn client(&self) -> Result<&'w Application, Aadsts> {
        let basic = client_auth::basic(self.headers)?;
        let named = self.parameters.get("client_id").map(ToOwned::to_owned);
        match (named, basic) {
            (Some(named), Some((user, _))) if named != user => {
                Err(MALFORMED
                    .because("The client_id in the body is not the one in the Authorization header."))
            }
            (Some(client), _) | (None, Some((client, _))) => self.policy.client(&client),
            (None, None) => Err(missing("client_id")),
        }
    }

    /// The scope of this request, or the one of the sign-in where the request names none.
    ///
    /// Who signed in with `offline_access` gets refresh tokens whatever later requests name: many clients send the
    /// API's permissions alone from then on.
    fn asked_scope(&self, of_the_sign_in: &str) -> String {
        let resource = self.parameters.get("resource").filter(|_| self.version == Version::V1);
        let scope = resource.map(version_1_scope).or(self.parameters.get("scope").map(ToOwned::to_owned));
        match scope {
            None => of_the_sign_in.to_owned(),
            Some(scope) if Scope::parse(of_the_sign_in).has(OFFLINE) => format!("{scope} {OFFLINE}"),
            Some(scope) => scope,
        }
    }

    /// A token is for one API. The authorize endpoint takes several, to ask for consent once; of a renewal's the first
    /// counts (Entra, "Refresh the access token").
    fn check_one_resource(&self) -> Result<(), Aadsts> {
        if self.parameters.get("grant_type") == Some("refresh_token") {
            return Ok(());
        }
        let scope = Scope::parse(self.parameters.get("scope").unwrap_or_default());
        let named = scope.resources().iter().filter_map(|asked| self.world.resource(&asked.resource));
        let several: BTreeSet<_> = named.map(|resource| resource.app_id).collect();
        match several.len() > 1 {
            true => Err(SEVERAL_RESOURCES
                .because("The provided value for scope is not valid: it contains more than one resource.")),
            false => Ok(()),
        }
    }

    /// The scope of this request, for grants that have none of their own.
    fn required_scope(&self) -> Result<String, Aadsts> {
        match self.parameters.get("resource").filter(|_| self.version == Version::V1) {
            Some(resource) => Ok(version_1_scope(resource)),
            None => self.required("scope").map(ToOwned::to_owned),
        }
    }

    fn has_origin(&self) -> bool {
        self.headers.contains_key(ORIGIN)
    }
}
