//! The body of `POST /sim/tokens`, and of [`crate::Simulator::mint`].

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A token to be made, valid or wrong on purpose. Policies of the world (consent, native list, sign-in audience) are
/// not asked.
///
/// ```
/// use serde_json::json;
/// use tenantry_simulator::{SignWith, TokenRequest, builtin};
///
/// let expired = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).lifetime_s(-60);
/// let forged = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN)
///     .claim("tid", json!(builtin::FABRIKAM))
///     .sign_with(SignWith::Unpublished);
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenRequest {
    /// Tenant of the token: id or domain. Required.
    pub tenant: String,
    /// The person: object id or UPN, in that tenant. Exactly one of `user` and `application` is required.
    pub user: Option<String>,
    /// The application that signs in by itself: client id.
    pub application: Option<String>,
    /// Client that asks for a user's token: client id, or any other text. Default: the world's first SPA that has a
    /// service principal in the tenant.
    pub client: Option<String>,
    /// Whom the token is for: client id, App ID URI, or any other text. Default: the world's first API; of an ID
    /// token the client.
    pub audience: Option<String>,
    /// Delegated permissions. Default: all that the API defines. Empty: no `scp` at all.
    pub scopes: Option<Vec<String>>,
    /// App roles. Default: those assigned to the user or granted to the application. Empty: no `roles` at all.
    pub roles: Option<Vec<String>>,
    /// Token version, 1 or 2. Default: what the API's registration says, else 2.
    pub version: Option<u8>,
    /// Access or ID token. Default: access.
    #[serde(deserialize_with = "null_as_default")]
    pub kind: TokenKind,
    /// Time from `iat` to `exp` in seconds; negative for a token that has expired. Default: 3600 to 5400.
    pub lifetime_s: Option<i64>,
    /// What the client says it can do: `xms_cc`, where the API lists that claim, and with `cp1` a long life at an API with
    /// continuous access evaluation. Default: nothing.
    #[serde(deserialize_with = "null_as_default")]
    pub client_capabilities: Vec<String>,
    /// Authentication contexts that the sign-in satisfied: `acrs`, where the API lists that claim. Default: none.
    #[serde(deserialize_with = "null_as_default")]
    pub auth_contexts: Vec<String>,
    /// When the person signed in: `auth_time` of ID tokens, of access tokens where the API lists that claim. Unix seconds.
    /// Default: now, for those who list it.
    pub auth_time: Option<i64>,
    /// The browser session: `sid` of ID tokens, of access tokens where the API lists that claim. Default: a new one, for
    /// those who list it.
    pub session_id: Option<String>,
    /// Whether an external tenant's own host issues the token, which has an issuer of its own. Default: the host that was
    /// asked, in process the simulator's.
    pub at_own_host: bool,
    /// Whether an ID token comes from the authorize endpoint, as in the hybrid flow: of more than five groups it only
    /// says `hasgroups`. Default `false`.
    pub from_authorize: bool,
    /// Claims to add or replace; `null` removes.
    #[serde(deserialize_with = "null_as_default")]
    pub claims: Map<String, Value>,
    /// Header members to add or replace; `null` removes. An RSA key obeys an `alg` of RS256 to PS512.
    #[serde(deserialize_with = "null_as_default")]
    pub header: Map<String, Value>,
    /// What signs. Default: the tenant's current key.
    #[serde(deserialize_with = "null_as_default")]
    pub sign_with: SignWith,
    /// Which listener's issuer version 2 tokens carry: `http` or `https`. Default: the one that was asked, in
    /// process the HTTP one.
    pub listener: Option<String>,
}

/// Scripts send `null` for what they leave out.
fn null_as_default<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// Access or ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenKind {
    /// For an API.
    #[default]
    Access,
    /// For the client.
    Id,
}

/// What signs a minted token.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignWith {
    /// The tenant's current key, as in a real sign-in.
    #[default]
    Tenant,
    /// A published key that signs for others: the personal accounts' key for an organisation's token and the
    /// organisations' key for a personal account's. The header names it truthfully.
    OtherKey,
    /// A key that no document ever showed, named truthfully.
    Unpublished,
    /// Nothing: `alg` is `none` and the signature empty.
    None,
    /// HS256 with the PEM text of the tenant's public key as the secret (algorithm confusion).
    HmacPublicKey,
    /// The given private JWK: RSA (RS256, or as the header's `alg` says) or EC P-256 (ES256). The header's `kid` is
    /// the JWK's, or the tenant's current one if it has none.
    Jwk(Value),
}

impl TokenRequest {
    /// A token for a person.
    pub fn for_user(tenant: &str, user: &str) -> Self {
        Self { tenant: tenant.to_owned(), user: Some(user.to_owned()), ..Self::default() }
    }

    /// A token for an application by itself.
    pub fn for_application(tenant: &str, application: &str) -> Self {
        Self { tenant: tenant.to_owned(), application: Some(application.to_owned()), ..Self::default() }
    }

    /// Sets the client.
    #[must_use]
    pub fn client(self, client: &str) -> Self {
        Self { client: Some(client.to_owned()), ..self }
    }

    /// Sets the audience.
    #[must_use]
    pub fn audience(self, audience: &str) -> Self {
        Self { audience: Some(audience.to_owned()), ..self }
    }

    /// Sets the scopes; none for a token without `scp`.
    #[must_use]
    pub fn scopes(self, scopes: &[&str]) -> Self {
        Self { scopes: Some(scopes.iter().map(ToString::to_string).collect()), ..self }
    }

    /// Sets the roles; none for a token without `roles`.
    #[must_use]
    pub fn roles(self, roles: &[&str]) -> Self {
        Self { roles: Some(roles.iter().map(ToString::to_string).collect()), ..self }
    }

    /// Sets the token version, 1 or 2.
    #[must_use]
    pub fn version(self, version: u8) -> Self {
        Self { version: Some(version), ..self }
    }

    /// Asks for an ID token.
    #[must_use]
    pub fn id_token(self) -> Self {
        Self { kind: TokenKind::Id, ..self }
    }

    /// Sets the lifetime in seconds.
    #[must_use]
    pub fn lifetime_s(self, seconds: i64) -> Self {
        Self { lifetime_s: Some(seconds), ..self }
    }

    /// Sets what the client says it can do, for example `cp1`.
    #[must_use]
    pub fn client_capabilities(self, names: &[&str]) -> Self {
        Self { client_capabilities: names.iter().map(ToString::to_string).collect(), ..self }
    }

    /// Sets the authentication contexts that the sign-in satisfied.
    #[must_use]
    pub fn auth_contexts(self, ids: &[&str]) -> Self {
        Self { auth_contexts: ids.iter().map(ToString::to_string).collect(), ..self }
    }

    /// Adds or replaces a claim; `null` removes it.
    #[must_use]
    pub fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims.insert(name.to_owned(), value);
        self
    }

    /// Adds or replaces a header member; `null` removes it.
    #[must_use]
    pub fn header(mut self, name: &str, value: Value) -> Self {
        self.header.insert(name.to_owned(), value);
        self
    }

    /// Chooses what signs.
    #[must_use]
    pub fn sign_with(self, sign_with: SignWith) -> Self {
        Self { sign_with, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::TokenRequest;

    #[test]
    fn null_is_as_good_as_absent() {
        let sent = r#"{"tenant":"contoso.example","user":null,"kind":null,"claims":null,"header":null,"sign_with":null,
            "scopes":null,"version":null,"lifetime_s":null}"#;
        let (read, absent): (TokenRequest, TokenRequest) = (
            serde_json::from_str(sent).unwrap(),
            serde_json::from_str(r#"{"tenant":"contoso.example"}"#).unwrap(),
        );
        assert_eq!(format!("{read:?}"), format!("{absent:?}"));
        assert!(serde_json::from_str::<TokenRequest>(r#"{"tenant":null}"#).is_err());
    }
}
