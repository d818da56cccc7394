//! Which authority and which tenant a token says it is from (claims `iss`, `tid`, `ver`).

use crate::{Authority, AuthorityKind, Rejection, TenantId, claims::Claims, jws::json::Member};

/// The one authority and tenant that a token's claims agree on. Claimed until the signature is checked.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) authority: &'a Authority,
    pub(crate) claimed_tenant: TenantId,
}

impl<'a> Origin<'a> {
    /// Finds the authority; exact comparison only (RFC 8725 §3.8, T-011, T-012).
    pub(crate) fn claimed(claims: &Claims<'_>, authorities: &'a [Authority]) -> Result<Self, Rejection> {
        let issuer = text(&claims.iss).map_err(|found| Rejection::Issuer { found: found.into() })?;
        if let Some(provider) = openid_provider(issuer, authorities) {
            return Ok(provider);
        }
        let tid = text(&claims.tid).map_err(|found| Rejection::TenantId { found: found.into() })?;
        let claimed_tenant = tid.parse().map_err(|_| Rejection::TenantId { found: tid.into() })?;
        let ver = text(&claims.ver).map_err(|found| Rejection::Version { found: found.into() })?;
        if !matches!(ver, "1.0" | "2.0") {
            return Err(Rejection::Version { found: ver.into() });
        }
        let is_from = |authority: &&Authority| {
            authority.kind() != AuthorityKind::OpenId && authority.issues(issuer, (tid, claimed_tenant), ver)
        };
        match authorities.iter().find(is_from) {
            Some(authority) => Ok(Self { authority, claimed_tenant }),
            None => Err(Rejection::Issuer { found: issuer.into() }),
        }
    }
}

/// A plain provider's tokens need no `tid` and `ver`: its tenant is the operator's word.
fn openid_provider<'a>(issuer: &str, authorities: &'a [Authority]) -> Option<Origin<'a>> {
    let is_it =
        |authority: &&Authority| authority.kind() == AuthorityKind::OpenId && authority.base() == issuer;
    let authority = authorities.iter().find(is_it)?;
    Some(Origin { authority, claimed_tenant: authority.fixed_tenant()? })
}

fn text<'m>(member: &'m Member<crate::jws::json::Text<'_>>) -> Result<&'m str, &'static str> {
    match member {
        Member::Is(text) => Ok(text),
        Member::IllTyped => Err("(not a text)"),
        Member::Absent => Err("(missing)"),
    }
}
