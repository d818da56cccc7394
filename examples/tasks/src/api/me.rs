//! `GET /api/me`: what the API knows of its caller.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tenantry::{ClientId, Membership, ObjectId, Principal, PrincipalKind, TenantId};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::Api;
use crate::Role;

/// The verified caller. Nothing here came from anywhere but the token.
#[derive(Debug, Serialize)]
pub(super) struct Me {
    tenant_id: TenantId,
    object_id: Option<ObjectId>,
    /// As the caller's tenant wishes; for display only.
    display_name: Option<String>,
    /// `user` or `application`.
    kind: PrincipalKind,
    /// `member` or `guest`.
    membership: Membership,
    roles: Vec<String>,
    scopes: Vec<String>,
    /// The application that called.
    client_id: ClientId,
    /// What the roles permit here, the default role included.
    permissions: &'static [&'static str],
    /// When the token ends, RFC 3339.
    expires_at: Option<String>,
}

/// `GET /api/me`
pub(super) async fn show(caller: Principal, State(api): State<Arc<Api>>) -> Json<Me> {
    Json(Me {
        tenant_id: caller.tenant(),
        object_id: caller.object_id(),
        display_name: caller.display_name().map(ToOwned::to_owned),
        kind: caller.kind(),
        membership: caller.membership(),
        roles: caller.roles().map(ToOwned::to_owned).collect(),
        scopes: caller.scopes().map(ToOwned::to_owned).collect(),
        client_id: caller.client_id().clone(),
        permissions: Role::of(&caller, api.default_role).map(Role::permissions).unwrap_or_default(),
        expires_at: rfc3339(caller.expires_at().as_secs()),
    })
}

fn rfc3339(unix_s: i64) -> Option<String> {
    OffsetDateTime::from_unix_timestamp(unix_s).ok()?.format(&Rfc3339).ok()
}
