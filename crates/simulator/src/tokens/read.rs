//! Tokens that come back: clients' assertions, and our own tokens as bearer or on behalf of somebody.

use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaParameters, UnparsedPublicKey,
};
use serde_json::Value;

use super::owner_of;
use super::sign::JsonObject;
use crate::authority::{Version, issuer};
use crate::encoding::from_padded_base64url;
use crate::state::Context;
use crate::world::{Tenant, World};

/// A JWT taken apart; nothing in it is proven.
pub(crate) struct Jwt<'t> {
    header: JsonObject,
    claims: JsonObject,
    /// What the signature covers, to the letter: padding that a client wrote is part of it.
    signed: &'t str,
    signature: Vec<u8>,
}

/// Why a token is none of this simulator's valid ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotOurs {
    /// Another issuer, an unknown key, or a wrong signature.
    Forged,
    /// Outside its life.
    Expired,
}

impl<'t> Jwt<'t> {
    /// Takes a compact serialization apart; `None` if it is none.
    pub(crate) fn parse(text: &'t str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        Some(Self {
            header: object(header)?,
            claims: object(claims)?,
            signed,
            signature: from_padded_base64url(signature)?,
        })
    }

    /// A header member that is a text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    /// A claim that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// The texts of a claim that is a list.
    pub(crate) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.claims.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// A time. Python writes fractions, .NET writes texts.
    pub(crate) fn seconds(&self, name: &str) -> Option<i64> {
        let number = match self.claims.get(name)? {
            Value::String(text) => text.parse().ok()?,
            other => other.as_f64()?,
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a float's cast saturates, and is rounded on purpose"
        )]
        Some(number as i64)
    }

    /// Whether `fits` one of the audiences.
    pub(crate) fn has_audience(&self, mut fits: impl FnMut(&str) -> bool) -> bool {
        match self.claims.get("aud") {
            Some(Value::String(audience)) => fits(audience),
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).any(fits),
            _ => false,
        }
    }

    /// Checks the signature, RS256 or PS256 as the header says, by an RSA key in DER form. No other algorithm passes.
    pub(crate) fn is_signed_by(&self, public_key: &[u8]) -> bool {
        let algorithm: &'static RsaParameters = match self.header("alg") {
            Some("RS256") => &RSA_PKCS1_2048_8192_SHA256,
            Some("PS256") => &RSA_PSS_2048_8192_SHA256,
            _ => return false,
        };
        UnparsedPublicKey::new(algorithm, public_key).verify(self.signed.as_bytes(), &self.signature).is_ok()
    }
}

fn object(part: &str) -> Option<JsonObject> {
    serde_json::from_slice(&from_padded_base64url(part)?).ok()
}

/// Whether this simulator issued a token and it is in its life; the tenant whose it is.
///
/// # Errors
/// [`NotOurs`].
pub(crate) fn issued_here<'w>(
    context: &Context,
    world: &'w World,
    jwt: &Jwt<'_>,
) -> Result<&'w Tenant, NotOurs> {
    let tenant = jwt.text("tid").and_then(|id| id.parse().ok()).and_then(|id| world.tenant_by_id(id));
    let tenant = tenant.ok_or(NotOurs::Forged)?;
    if !is_issuer(context, tenant, jwt.text("iss").unwrap_or_default())
        || !is_signed_for(context, tenant, jwt)
    {
        return Err(NotOurs::Forged);
    }
    let now = context.state.clock.now();
    let started = jwt.seconds("nbf").is_some_and(|start| start <= now);
    match started && jwt.seconds("exp").is_some_and(|end| now < end) {
        true => Ok(tenant),
        false => Err(NotOurs::Expired),
    }
}

/// Any listener's issuer counts: clients may have signed in at the other one.
fn is_issuer(context: &Context, tenant: &Tenant, named: &str) -> bool {
    let of = |version| context.authorities().any(|authority| issuer(authority, version, tenant.id) == named);
    let own_host = tenant.subdomain.as_ref().is_some_and(|label| {
        let mut hosts = context.authorities().map(|authority| authority.at_host_of(tenant.id, label));
        hosts.any(|authority| issuer(&authority, Version::V2, tenant.id) == named)
    });
    of(Version::V2) || of(Version::V1) || own_host
}

/// By a published key of the tenant's kind. Tokens that an application's own key signed are for that application alone.
fn is_signed_for(context: &Context, tenant: &Tenant, jwt: &Jwt<'_>) -> bool {
    let ring = context.state.keys.ring();
    let mut named = ring.published().filter(|key| key.owner == owner_of(tenant, None));
    named.any(|key| {
        jwt.header("kid") == Some(&*key.kid)
            && jwt.header("alg") == Some("RS256")
            && jwt.is_signed_by(key.pair.public_key().as_ref())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::base64url;

    fn jwt(claims: &str) -> String {
        format!("{}.{}.AAAA", base64url(br#"{"alg":"RS256"}"#), base64url(claims.as_bytes()))
    }

    #[test]
    fn times_are_numbers_fractions_or_texts() {
        for claims in [r#"{"exp":1700000000}"#, r#"{"exp":1700000000.75}"#, r#"{"exp":"1700000000"}"#] {
            assert_eq!(Jwt::parse(&jwt(claims)).unwrap().seconds("exp"), Some(1_700_000_000), "{claims}");
        }
        for claims in [r#"{"exp":true}"#, r#"{"exp":"soon"}"#, r#"{"exp":null}"#, "{}"] {
            assert_eq!(Jwt::parse(&jwt(claims)).unwrap().seconds("exp"), None, "{claims}");
        }
    }

    #[test]
    fn what_is_no_jwt_is_not_read() {
        for text in ["", "a", "a.b", "a.b.c", "..", "e30.e30", "e30.W10.AAAA", "e30.e30.*", "e30.e30.e30.e30"]
        {
            assert!(Jwt::parse(text).is_none(), "{text}");
        }
        assert!(Jwt::parse("e30=.e30=.AAAAAA==").is_some());
    }
}
