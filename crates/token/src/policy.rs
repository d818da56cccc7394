//! What a resource server accepts: read once at the start, never changed by a request.

use std::collections::HashSet;

use crate::{Algorithm, Audience, Authority, ClientId, Limits};

/// Seconds of clock difference forgiven by default, and at most.
const LEEWAY_S: u16 = 60;
const LEEWAY_S_MAX: u16 = 300;
/// Hours that a token may still live, by default and at the least: Entra's long tokens have 28.
const LIFETIME_H_MAX: u16 = 48;
const LIFETIME_H_FLOOR: u16 = 28;

/// Authorities, audiences and bounds of one resource server.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) authorities: Vec<Authority>,
    pub(crate) audiences: Vec<Audience>,
    pub(crate) clients: Option<HashSet<ClientId>>,
    pub(crate) limits: Limits,
    pub(crate) leeway_s: u16,
    pub(crate) lifetime_h_max: u16,
}

/// Why a policy cannot be used. Found at the start, not at the first request (T-043).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// No authority.
    #[error("no authority is configured: nobody's tokens could be accepted")]
    NoAuthority,
    /// No audience.
    #[error("no audience is configured: anybody's tokens would be accepted")]
    NoAudience,
    /// Two authorities could claim the same token.
    #[error("`{0}` and `{1}` claim the same issuers: restrict one of them to v2.0 tokens")]
    AmbiguousIssuer(Authority, Authority),
    /// Two authorities that stand for one tenant.
    #[error("`{0}` and `{1}` stand for the same tenant: give each provider a tenant id of its own")]
    AmbiguousTenant(Authority, Authority),
    /// An empty list of clients.
    #[error("the list of allowed clients is empty: leave it out to allow every client")]
    NoClient,
    /// A leeway over 300 seconds.
    #[error(
        "a leeway of {0} s is too long, at most {LEEWAY_S_MAX} s: leeway is extra life for a stolen token"
    )]
    LeewayTooLong(u16),
    /// A cap on remaining life under 28 hours.
    #[error(
        "a lifetime of at most {0} h would refuse Entra's long tokens, at least {LIFETIME_H_FLOOR} h are needed"
    )]
    LifetimeTooShort(u16),
}

impl Policy {
    /// Accepts tokens of these authorities for these audiences.
    ///
    /// # Errors
    /// [`PolicyError::NoAuthority`], [`PolicyError::NoAudience`]; [`PolicyError::AmbiguousIssuer`] if one token could be from
    /// two of the authorities, [`PolicyError::AmbiguousTenant`] if two callers could be one.
    pub fn new(
        authorities: impl IntoIterator<Item = Authority>,
        audiences: impl IntoIterator<Item = Audience>,
    ) -> Result<Self, PolicyError> {
        let (authorities, audiences): (Vec<_>, Vec<_>) =
            (authorities.into_iter().collect(), audiences.into_iter().collect());
        if authorities.is_empty() {
            return Err(PolicyError::NoAuthority);
        }
        if audiences.is_empty() {
            return Err(PolicyError::NoAudience);
        }
        for (at, one) in authorities.iter().enumerate() {
            if let Some(two) = authorities[at + 1..].iter().find(|two| one.overlaps(two)) {
                return Err(PolicyError::AmbiguousIssuer(one.clone(), two.clone()));
            }
            if let Some(two) = authorities[at + 1..].iter().find(|two| one.shares_tenant(two)) {
                return Err(PolicyError::AmbiguousTenant(one.clone(), two.clone()));
            }
        }
        let (limits, leeway_s, lifetime_h_max) = (Limits::default(), LEEWAY_S, LIFETIME_H_MAX);
        Ok(Self { authorities, audiences, clients: None, limits, leeway_s, lifetime_h_max })
    }

    /// Accepts calls of these applications only (claim `azp` or `appid`). Default: of every application. T-019.
    ///
    /// # Errors
    /// [`PolicyError::NoClient`] for an empty list: it would read as "everybody" to some and "nobody" to others.
    pub fn with_clients(self, clients: impl IntoIterator<Item = ClientId>) -> Result<Self, PolicyError> {
        let clients: HashSet<_> = clients.into_iter().collect();
        if clients.is_empty() {
            Err(PolicyError::NoClient)
        } else {
            Ok(Self { clients: Some(clients), ..self })
        }
    }

    /// Clock difference forgiven when reading `exp`, `nbf` and `iat`. Seconds, 0 to 300; default 60.
    ///
    /// # Errors
    /// [`PolicyError::LeewayTooLong`] above 300: leeway is extra life for a stolen token.
    ///
    /// Source: RFC 7519 §4.1.4; the ceiling is ours (T-015).
    pub fn with_leeway(self, seconds: u16) -> Result<Self, PolicyError> {
        if seconds > LEEWAY_S_MAX {
            Err(PolicyError::LeewayTooLong(seconds))
        } else {
            Ok(Self { leeway_s: seconds, ..self })
        }
    }

    /// The longest time that an accepted token may still live. Hours, 28 to 65 535; default 48. T-015.
    ///
    /// # Errors
    /// [`PolicyError::LifetimeTooShort`] below 28.
    pub fn with_lifetime_max(self, hours: u16) -> Result<Self, PolicyError> {
        if hours < LIFETIME_H_FLOOR {
            return Err(PolicyError::LifetimeTooShort(hours));
        }
        Ok(Self { lifetime_h_max: hours, ..self })
    }

    /// Bounds on the size of tokens.
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The trusted authorities.
    pub fn authorities(&self) -> &[Authority] {
        &self.authorities
    }

    /// The audiences that are accepted.
    pub fn audiences(&self) -> &[Audience] {
        &self.audiences
    }

    /// Clock difference forgiven. Seconds.
    pub fn leeway_s(&self) -> u16 {
        self.leeway_s
    }

    /// Whether some authority uses `algorithm`; step 5 asks the key, which asks its own authority.
    pub(crate) fn uses(&self, algorithm: Algorithm) -> bool {
        self.authorities.iter().any(|authority| authority.algorithms().contains(&algorithm))
    }
}

#[cfg(test)]
mod tests {
    use super::{Policy, PolicyError};
    use crate::{Audience, Authority, Cloud, Versions};

    fn policy(authorities: Vec<Authority>) -> Result<Policy, PolicyError> {
        Policy::new(authorities, [Audience::new("api://tasks").unwrap()])
    }

    /// T-043: what would mean "everybody", or nothing clear, is an error at start.
    #[test]
    fn unclear_policies_are_refused() {
        let world = || Authority::entra(Cloud::Worldwide);
        assert_eq!(policy(vec![]).unwrap_err(), PolicyError::NoAuthority);
        assert_eq!(Policy::new([world()], []).unwrap_err(), PolicyError::NoAudience);
        assert_eq!(policy(vec![world()]).unwrap().with_clients([]).unwrap_err(), PolicyError::NoClient);
        assert_eq!(
            policy(vec![world()]).unwrap().with_leeway(301).unwrap_err(),
            PolicyError::LeewayTooLong(301)
        );
        assert_eq!(
            policy(vec![world()]).unwrap().with_lifetime_max(27).unwrap_err(),
            PolicyError::LifetimeTooShort(27)
        );
    }

    /// T-150: the simulator's v1.0 issuer is the same as Entra's, so both at once must be made unambiguous.
    #[test]
    fn two_claimants_of_one_issuer_are_refused() {
        let simulator = Authority::custom("https://localhost:9443").unwrap();
        let both = policy(vec![Authority::entra(Cloud::Worldwide), simulator.clone()]);
        assert!(matches!(both, Err(PolicyError::AmbiguousIssuer(..))));
        let v2_only = simulator.with_versions(Versions::V2Only).unwrap();
        assert!(policy(vec![Authority::entra(Cloud::Worldwide), v2_only]).is_ok());
    }

    /// T-017: callers of a plain provider are told apart by `sub`, which another provider may give to somebody else.
    #[test]
    fn a_tenant_has_one_provider() {
        let provider = |issuer, tenant: &str| Authority::openid(issuer, tenant.parse().unwrap()).unwrap();
        let (one, two) = ("aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002");
        let both =
            policy(vec![provider("https://a.example.test", one), provider("https://b.example.test", one)]);
        assert!(matches!(both, Err(PolicyError::AmbiguousTenant(..))));
        assert!(
            policy(vec![provider("https://a.example.test", one), provider("https://b.example.test", two)])
                .is_ok()
        );
    }

    /// T-043: a provider with the issuer of one of Entra's tenants would give that tenant another id.
    #[test]
    fn a_fixed_issuer_must_not_be_one_of_many() {
        let tenant = "aaaaaaaa-0000-4000-8000-000000000001";
        let provider = |issuer: &str| Authority::openid(issuer, tenant.parse().unwrap()).unwrap();
        let world = || Authority::entra(Cloud::Worldwide);
        let (v2, v1) = (
            provider(&format!("https://login.microsoftonline.com/{tenant}/v2.0")),
            provider(&format!("https://sts.windows.net/{tenant}/")),
        );
        assert!(matches!(policy(vec![world(), v2.clone()]), Err(PolicyError::AmbiguousIssuer(..))));
        assert!(matches!(policy(vec![v1.clone(), world()]), Err(PolicyError::AmbiguousIssuer(..))));
        let v2_only = world().with_versions(Versions::V2Only).unwrap();
        assert!(policy(vec![v2_only, v1]).is_ok());
        assert!(policy(vec![world(), provider("https://id.example.test")]).is_ok());
    }
}
