//! The verdict: ten steps, cheap to dear, each of which can only refuse.

use std::{fmt, sync::Arc};

use crate::{
    AccessToken, Credentials, KeySource, Policy, Rejection, TenantDirectory, UnixTime, Verified,
    checks::{self, Caller},
    claims::Claims,
    issuer::Origin,
    jws::{Compact, Header},
};

/// Judges bearer tokens by one [`Policy`], the tenants of one directory and the keys of one source.
#[derive(Clone)]
pub struct Verifier {
    policy: Policy,
    tenants: Arc<dyn TenantDirectory>,
    keys: Arc<dyn KeySource>,
}

impl Verifier {
    /// A verifier that asks `tenants` and `keys` on every token.
    pub fn new(policy: Policy, tenants: Arc<dyn TenantDirectory>, keys: Arc<dyn KeySource>) -> Self {
        Self { policy, tenants, keys }
    }

    /// The verdict on the token in `credentials`, at the time `now`.
    ///
    /// # Errors
    /// The first [`Rejection`] met. [`Rejection::UnknownKey`] and [`Rejection::KeysUnavailable`] may end once keys are
    /// fetched again; all others are final.
    pub fn verify(
        &self,
        credentials: Credentials<'_>,
        now: UnixTime,
    ) -> Result<Verified<AccessToken>, Rejection> {
        let policy = &self.policy;

        // 1. Form: one bearer token, bounded, three strict base64url parts.
        let token = Compact::decode(credentials.token()?, policy.limits)?;

        // 2. Header: nothing foreign, an algorithm on the list, a key id.
        let header = Header::parse(token.header())?;
        let algorithm = header.algorithm(|named| policy.uses(named))?;
        let key_id = header.key_id()?;

        // 3. Issuer: the claims agree on one authority and one tenant.
        let claims = Claims::parse(token.payload())?;
        let origin = Origin::claimed(&claims, &policy.authorities)?;

        // 4. Tenant gate. Before the key: a stranger's token must not cost a fetch (T-011).
        let tenant_policy = checks::tenant(&*self.tenants, origin.claimed_tenant)?;

        // 5. Key: published, for this algorithm, for this issuer.
        let key = checks::key(&*self.keys, origin, key_id, algorithm)?;

        // 6. Signature, over the bytes received. From here on the claims are the authority's word.
        key.verify(token.signing_input(), token.signature())?;

        // 7. Lifetime.
        let expires_at = checks::lifetime(&claims, policy, now)?;

        // 8. Audience: this resource and no other.
        checks::audience(&claims, &policy.audiences)?;

        // 9. Kind: an access token, with the identity of a user or an application.
        checks::access_token(&header, &claims)?;
        let caller = Caller::identify(&claims, origin, tenant_policy)?;

        // 10. Client application.
        checks::client(&caller.client_id, policy.clients.as_ref())?;

        Ok(Verified::after_all_steps(caller.into_principal(&claims, expires_at)))
    }

    /// What this verifier accepts.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The directory that is asked on every token.
    pub fn tenants(&self) -> &Arc<dyn TenantDirectory> {
        &self.tenants
    }

    /// The source of keys that is asked on every token.
    pub fn keys(&self) -> &Arc<dyn KeySource> {
        &self.keys
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("policy", &self.policy).finish_non_exhaustive()
    }
}
