//! Who calls, and how far they may reach.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use tenantry::Principal;

use super::{Api, answer};
use crate::{Role, TenantStore, Whose};

/// A verified caller with a role, and the store to serve them from.
pub(super) struct Caller {
    principal: Principal,
    role: Role,
    api: Arc<Api>,
}

impl Caller {
    /// The tasks of the caller's organisation.
    pub(super) fn store(&self) -> TenantStore<'_> {
        self.api.store.of(&self.principal)
    }

    /// An Admin's reach is the organisation, everybody else's their own tasks.
    pub(super) fn reach(&self) -> Whose {
        if self.role == Role::Admin { Whose::Everyones } else { Whose::Own }
    }
}

impl FromRequestParts<Arc<Api>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Response> {
        let extracted = Principal::from_request_parts(parts, api).await;
        let principal = extracted.map_err(IntoResponse::into_response)?;
        let role = Role::of(&principal, api.default_role).ok_or_else(|| answer::no_role().into_response())?;
        Ok(Self { principal, role, api: api.clone() })
    }
}
