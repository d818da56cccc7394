//! The auth module of one API: what it trusts, put together once, asked on every request.

use std::sync::Arc;

use http::{HeaderMap, header};
use tenantry_authority::{LiveVerifier, RefresherHandle};
use tenantry_token::{Credentials, Policy, Principal, Rejection, TenantDirectory};

use crate::{
    AuthBuilder, Permission, RequireLayer,
    cache::{Basis, VerdictCache},
    challenge::Challenges,
};

/// The verdict on a request.
pub(crate) type Judged = Result<Arc<Principal>, Rejection>;

/// The auth module of one API. Cheap to clone; dropping the last clone ends the refreshing of keys.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) verifier: LiveVerifier,
    pub(crate) cache: Option<VerdictCache>,
    pub(crate) challenges: Challenges,
    pub(crate) _refresher: RefresherHandle,
}

impl Auth {
    /// Starts with nothing trusted.
    pub fn builder() -> AuthBuilder {
        AuthBuilder::default()
    }

    pub(crate) fn from_parts(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// A tower layer that lets callers with `permission` through, for services that are no axum routes.
    /// For axum routes see [`crate::Routes`].
    pub fn require(&self, permission: impl Into<Permission>) -> RequireLayer {
        RequireLayer::new(self.clone(), permission.into())
    }

    /// The verdict on the `Authorization` field of a request: for code that is neither axum nor tower.
    ///
    /// # Errors
    /// The [`Rejection`], for the operator's log. Callers must get the same answer for all of them.
    pub async fn verify(&self, headers: &HeaderMap) -> Result<crate::Principal, Rejection> {
        let judged = match self.judge_from_memory(headers) {
            Some(judged) => judged,
            None => self.judge(headers.clone()).await,
        };
        judged.map(crate::Principal)
    }

    /// What this API accepts.
    pub fn policy(&self) -> &Policy {
        self.0.verifier.verifier().policy()
    }

    /// The keys and their age, for readiness checks.
    pub fn keys(&self) -> &Arc<tenantry_authority::KeyRing> {
        self.0.verifier.ring()
    }

    /// The tenants that are let in.
    pub(crate) fn tenants(&self) -> &Arc<dyn TenantDirectory> {
        self.0.verifier.verifier().tenants()
    }

    pub(crate) fn challenges(&self) -> &Challenges {
        &self.0.challenges
    }

    /// The verdict by what is in memory; `None` if a key has to be asked for first.
    pub(crate) fn judge_from_memory(&self, headers: &HeaderMap) -> Option<Judged> {
        let credentials = credentials(headers);
        if let Some(remembered) = self.remembered(credentials) {
            return Some(Ok(remembered));
        }
        // Before the verdict: if something it rests on changes meanwhile, the entry is stale from the start.
        let basis = Basis::of(self.0.verifier.verifier());
        match self.0.verifier.verify_cached(credentials) {
            Err(Rejection::UnknownKey { .. } | Rejection::KeysUnavailable { .. }) => None,
            Err(rejection) => Some(Err(rejection)),
            Ok(verified) => Some(Ok(self.remember(credentials, verified.into_principal(), basis))),
        }
    }

    /// The verdict, fetching keys if that may help.
    pub(crate) async fn judge(&self, headers: HeaderMap) -> Judged {
        // Not remembered: keys may have changed between verdict and now. The next request with this token will be.
        Ok(Arc::new(self.0.verifier.verify(credentials(&headers)).await?.into_principal()))
    }

    fn remembered(&self, credentials: Credentials<'_>) -> Option<Arc<Principal>> {
        let cache = self.0.cache.as_ref()?;
        cache.get(credentials.token().ok()?, self.0.verifier.verifier(), self.0.verifier.clock().now())
    }

    fn remember(&self, credentials: Credentials<'_>, principal: Principal, basis: Basis) -> Arc<Principal> {
        let principal = Arc::new(principal);
        if let (Some(cache), Ok(token)) = (&self.0.cache, credentials.token()) {
            cache.insert(token, principal.clone(), basis);
        }
        principal
    }
}

fn credentials(headers: &HeaderMap) -> Credentials<'_> {
    Credentials::from_fields(headers.get_all(header::AUTHORIZATION).iter().map(http::HeaderValue::as_bytes))
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Auth").field("policy", self.policy()).finish_non_exhaustive()
    }
}
