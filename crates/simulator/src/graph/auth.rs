//! Who calls: the bearer token, proven by the simulator's own keys.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::error::GraphError;
use crate::ids::{AppId, ObjectId, TenantId};
use crate::state::Context;
use crate::tokens::{Jwt, NotOurs, issued_here};
use crate::world::{Tenant, World, graph};

/// Longest token read. Bytes.
const TOKEN_BYTES_MAX: usize = 64 * 1024;

/// Who calls, and what the token lets them do.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) tenant: TenantId,
    pub(super) client: AppId,
    /// The person, or the service principal of a program.
    pub(super) object: ObjectId,
    pub(super) kind: CallerKind,
    /// `scp` of a person, `roles` of a program.
    pub(super) permissions: BTreeSet<String>,
}

/// On whose behalf a client calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallerKind {
    Person,
    Program,
}

/// The caller behind the `Authorization` header.
pub(super) fn caller(context: &Context, world: &World, headers: &HeaderMap) -> Result<Caller, GraphError> {
    let jwt = Jwt::parse(bearer(headers)?).ok_or_else(|| GraphError::token("JWT is not well formed."))?;
    if !jwt.has_audience(|audience| graph().is_named(audience)) {
        return Err(GraphError::token("Access token validation failure. Invalid audience."));
    }
    let tenant = issued_here(context, world, &jwt).map_err(|why| match why {
        NotOurs::Forged => GraphError::token("Access token validation failure. Invalid signature or issuer."),
        NotOurs::Expired => GraphError::token("Lifetime validation failed, the token is expired."),
    })?;
    let kind = match jwt.text("idtyp") {
        Some("app") => CallerKind::Program,
        _ => CallerKind::Person,
    };
    let client = jwt.text("appid").or(jwt.text("azp")).and_then(|id| id.parse().ok());
    let object = jwt.text("oid").and_then(|oid| oid.parse().ok()).ok_or_else(|| malformed("oid"))?;
    check_presence(tenant, object, kind)?;
    let client = client.ok_or_else(|| malformed("appid"))?;
    Ok(Caller { tenant: tenant.id, client, object, kind, permissions: permissions(&jwt, kind) })
}

fn bearer(headers: &HeaderMap) -> Result<&str, GraphError> {
    let empty = || GraphError::token("Access token is empty.");
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or_else(empty)?;
    let (scheme, token) = header.split_once(' ').ok_or_else(empty)?;
    match scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() {
        true if token.len() > TOKEN_BYTES_MAX => Err(GraphError::token("The access token is too long.")),
        true => Ok(token.trim()),
        false => Err(empty()),
    }
}

/// Tokens outlive their objects, and Graph notices.
fn check_presence(tenant: &Tenant, object: ObjectId, kind: CallerKind) -> Result<(), GraphError> {
    let present = match kind {
        CallerKind::Person => tenant.users.iter().any(|user| user.id == object && user.enabled),
        CallerKind::Program => {
            tenant.service_principals.iter().any(|principal| principal.id == object && principal.enabled)
        }
    };
    match present {
        true => Ok(()),
        false => Err(GraphError::new(
            401,
            "Authorization_IdentityNotFound",
            "The identity of the calling application or person could not be established.",
        )),
    }
}

fn permissions(jwt: &Jwt<'_>, kind: CallerKind) -> BTreeSet<String> {
    match kind {
        CallerKind::Person => {
            jwt.text("scp").unwrap_or_default().split_whitespace().map(ToOwned::to_owned).collect()
        }
        CallerKind::Program => jwt.texts("roles").map(ToOwned::to_owned).collect(),
    }
}

fn malformed(claim: &str) -> GraphError {
    GraphError::token(format!("Access token validation failure. Claim '{claim}' is missing or unusable."))
}
