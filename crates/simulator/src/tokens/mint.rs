//! Any token on request: `POST /sim/tokens`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::claims::{AccessToken, Circumstances, IdToken, Stamp, Subject, audience};
use super::memberships::IssuedBy;
use super::request::{SignWith, TokenKind, TokenRequest};
use super::sign::{JsonObject, Signer, compact, header, owner_of};
use crate::authority::{Authority, Version};
use crate::keys::{KeyOwner, Keys, SigningKey};
use crate::state::State;
use crate::world::{Application, ApplicationKind, OptionalClaim, Tenant, World};

/// A token and what it says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Minted {
    /// The token, compact serialization.
    pub token: String,
    /// Its claims, overrides applied.
    pub claims: Map<String, Value>,
}

/// Why a token could not be made: which field of the request, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field `{field}`: {problem}")]
pub struct MintError {
    /// The field of [`TokenRequest`].
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

fn wrong(field: &'static str, problem: impl Into<String>) -> MintError {
    MintError { field, problem: problem.into() }
}

/// Makes the token, asking no policy.
pub(crate) fn mint(
    state: &State,
    authority: &Authority,
    request: &TokenRequest,
) -> Result<Minted, MintError> {
    let world = state.world();
    let minting = Minting::new(state, &world, request)?;
    let lifetime_s = request.lifetime_s.unwrap_or_else(|| minting.lifetime_s());
    let stamp = Stamp::new(&state.random, state.clock.now(), lifetime_s);
    let authority = minting.authority(authority)?;
    let mut claims = match request.kind {
        TokenKind::Access => minting.access()?.claims(&authority, &stamp),
        TokenKind::Id => minting.id()?.claims(&authority, &stamp),
    };
    overlay(&mut claims, &request.claims);
    let token = signed(&state.keys, &minting, &claims)?;
    Ok(Minted { token, claims })
}

/// A request with its names resolved.
struct Minting<'w> {
    state: &'w State,
    world: &'w World,
    request: &'w TokenRequest,
    tenant: &'w Tenant,
    resource: Option<&'w Application>,
    version: Version,
}

impl<'w> Minting<'w> {
    fn new(state: &'w State, world: &'w World, request: &'w TokenRequest) -> Result<Self, MintError> {
        let problem = || wrong("tenant", format!("no tenant `{}`; give its id or domain", request.tenant));
        let tenant = world.tenant(&request.tenant).ok_or_else(problem)?;
        let resource = match &request.audience {
            Some(audience) => world.resource(audience),
            None => world.applications().find(|application| application.kind == ApplicationKind::Api),
        };
        let registered = resource.map_or(2, |resource| resource.token_version);
        let version = match (request.version, request.kind) {
            (Some(1), _) => Version::V1,
            (Some(2), _) | (None, TokenKind::Id) => Version::V2,
            (Some(_), _) => return Err(wrong("version", "must be 1 or 2")),
            (None, TokenKind::Access) if registered == 1 => Version::V1,
            (None, TokenKind::Access) => Version::V2,
        };
        Ok(Self { state, world, request, tenant, resource, version })
    }

    fn authority(&self, asked: &Authority) -> Result<Authority, MintError> {
        match (self.request.at_own_host, &self.tenant.subdomain) {
            (false, _) => Ok(asked.clone()),
            (true, Some(label)) => Ok(asked.at_host_of(self.tenant.id, label)),
            (true, None) => Err(wrong("at_own_host", "only external tenants have hosts of their own")),
        }
    }

    fn lifetime_s(&self) -> i64 {
        let random = &self.state.random;
        match self.resource {
            Some(resource) if self.request.kind == TokenKind::Access => {
                Stamp::lifetime_at(resource, &self.request.client_capabilities, random)
            }
            _ => Stamp::access_lifetime_s(random),
        }
    }

    fn access(&self) -> Result<AccessToken<'w>, MintError> {
        let subject = self.subject()?;
        let client = self.client();
        let public = self.world.application(&client).is_none_or(Application::is_public);
        let (scopes, roles) = self.permissions(&subject);
        Ok(AccessToken {
            subject,
            version: self.version,
            audience: self.audience()?,
            client_proof: if public { "0" } else { "1" },
            client,
            scopes,
            roles,
            resource: self.resource,
            circumstances: self.circumstances(self.resource.map(|resource| &*resource.optional_claims)),
        })
    }

    fn id(&self) -> Result<IdToken<'w>, MintError> {
        let Subject::Person(account) = self.subject()? else {
            return Err(wrong("kind", "applications get no ID tokens"));
        };
        let (client, registration) = self.id_token_client();
        let assigned = registration.map(|client| account.roles_at(client));
        Ok(IdToken {
            account,
            version: self.version,
            client,
            registration,
            roles: self.request.roles.clone().or(assigned).unwrap_or_default(),
            nonce: None,
            circumstances: self.circumstances(registration.map(|client| &*client.id_token_claims)),
            wants_auth_time: self.request.auth_time.is_some(),
            wants_email: false,
            issued_by: match self.request.from_authorize {
                true => IssuedBy::AuthorizeEndpoint,
                false => IssuedBy::TokenEndpoint,
            },
            code_hash: None,
        })
    }

    fn id_token_client(&self) -> (String, Option<&'w Application>) {
        let client = self.request.audience.clone().unwrap_or_else(|| self.client());
        let registration = self.world.application(&client);
        (client, registration)
    }

    /// Whom the token is for, as far as it is registered.
    fn recipient(&self) -> Option<&'w Application> {
        match self.request.kind {
            TokenKind::Access => self.resource,
            TokenKind::Id => self.id_token_client().1,
        }
    }

    /// As the request says; a session and a time are made up for those who `listed` such claims.
    fn circumstances(&self, listed: Option<&[OptionalClaim]>) -> Circumstances {
        let request = self.request;
        let made_up = |claim| listed.is_some_and(|listed| listed.contains(&claim));
        let session = || made_up(OptionalClaim::Sid).then(|| self.state.random.guid().to_string());
        let now = || made_up(OptionalClaim::AuthTime).then(|| self.state.clock.now());
        Circumstances {
            auth_time: request.auth_time.or_else(now),
            session_id: request.session_id.clone().or_else(session),
            client_capabilities: request.client_capabilities.clone(),
            auth_contexts: request.auth_contexts.iter().cloned().collect(),
        }
    }

    fn subject(&self) -> Result<Subject<'w>, MintError> {
        match (&self.request.user, &self.request.application) {
            (Some(_), Some(_)) => Err(wrong("application", "give either `user` or `application`")),
            (None, None) => Err(wrong("user", "give `user` or `application`")),
            (Some(user), None) => {
                let account = self.world.account(self.tenant, user);
                let problem = || wrong("user", format!("no user `{user}` in tenant `{}`", self.tenant.id));
                Ok(Subject::Person(account.ok_or_else(problem)?))
            }
            (None, Some(application)) => self.application(application),
        }
    }

    fn application(&self, name: &str) -> Result<Subject<'w>, MintError> {
        let problem = || wrong("application", format!("no application `{name}`"));
        let application = self.world.application(name).ok_or_else(problem)?;
        // Without consent there is no object; tests want the token all the same, so its id is told in advance.
        let object_id = self.tenant.principal_id(application.app_id).to_string();
        Ok(Subject::Application { tenant: self.tenant, object_id })
    }

    fn client(&self) -> String {
        let named = self.request.client.as_ref().or(self.request.application.as_ref());
        let here = |application: &&Application| self.tenant.service_principal(application.app_id).is_some();
        let spas =
            || self.world.applications().filter(|application| application.kind == ApplicationKind::Spa);
        match named {
            Some(name) => {
                self.world.application(name).map_or_else(|| name.clone(), |known| known.app_id.to_string())
            }
            None => spas()
                .find(here)
                .or_else(|| spas().next())
                .map(|spa| spa.app_id.to_string())
                .unwrap_or_default(),
        }
    }

    fn audience(&self) -> Result<String, MintError> {
        match (self.resource, &self.request.audience) {
            (Some(resource), Some(asked)) => Ok(audience(resource, asked, self.version)),
            (Some(resource), None) => {
                let id = resource.app_id.to_string();
                let uri = resource.identifier_uris.first().unwrap_or(&id);
                Ok(audience(resource, uri, self.version))
            }
            (None, Some(made_up)) => Ok(made_up.clone()),
            (None, None) => Err(wrong("audience", "the world has no API to default to")),
        }
    }

    /// Scopes and roles: asked for, else what the world gives.
    fn permissions(&self, subject: &Subject<'_>) -> (Vec<String>, Vec<String>) {
        let (scopes, roles) = match subject {
            Subject::Person(account) => {
                let scopes = self.resource.into_iter().flat_map(|resource| &resource.scopes);
                let roles = self.resource.map(|resource| account.roles_at(resource));
                (scopes.map(|scope| scope.value.clone()).collect(), roles.unwrap_or_default())
            }
            Subject::Application { .. } => (Vec::new(), self.granted_roles()),
        };
        (self.request.scopes.clone().unwrap_or(scopes), self.request.roles.clone().unwrap_or(roles))
    }

    fn granted_roles(&self) -> Vec<String> {
        let client = self.world.application(&self.client());
        let principal = client.and_then(|client| self.tenant.service_principal(client.app_id));
        let grant =
            self.resource.zip(principal).and_then(|(resource, principal)| principal.grant(resource.app_id));
        grant.map(|grant| grant.roles.clone()).unwrap_or_default()
    }
}

fn signed(keys: &Keys, minting: &Minting<'_>, claims: &JsonObject) -> Result<String, MintError> {
    let owner = owner_of(minting.tenant, minting.recipient());
    let current = |owner| keys.current(owner).map_err(|error| wrong("sign_with", error.to_string()));
    let (own, other, ring) = (current(owner)?, current(other_than(owner))?, keys.ring());
    let named = |key: &SigningKey| header(&key.kid, minting.version);
    let (mut head, signer) = match &minting.request.sign_with {
        SignWith::Tenant => (named(&own), Signer::Rsa(&own.pair)),
        SignWith::OtherKey => (named(&other), Signer::Rsa(&other.pair)),
        SignWith::Unpublished => (named(ring.unpublished()), Signer::Rsa(&ring.unpublished().pair)),
        SignWith::None => (with_algorithm(named(&own), "none"), Signer::Nothing),
        SignWith::HmacPublicKey => {
            (with_algorithm(named(&own), "HS256"), Signer::Hmac(own.private.public_pem()))
        }
        SignWith::Jwk(jwk) => {
            let (signer, algorithm) = Signer::from_jwk(jwk).map_err(|problem| wrong("sign_with", problem))?;
            let kid = jwk.get("kid").and_then(Value::as_str).unwrap_or(&own.kid);
            (with_algorithm(header(kid, minting.version), algorithm), signer)
        }
    };
    overlay(&mut head, &minting.request.header);
    Ok(compact(&head, claims, &signer))
}

fn other_than(owner: KeyOwner) -> KeyOwner {
    match owner {
        KeyOwner::Organizations => KeyOwner::Personal,
        KeyOwner::Personal | KeyOwner::Application(_) | KeyOwner::ExternalTenant(_) => {
            KeyOwner::Organizations
        }
    }
}

fn with_algorithm(mut header: JsonObject, algorithm: &str) -> JsonObject {
    header.insert("alg".to_owned(), json!(algorithm));
    header
}

/// Replaces members; `null` removes one.
fn overlay(target: &mut JsonObject, changes: &JsonObject) {
    for (name, value) in changes {
        match value {
            Value::Null => drop(target.remove(name)),
            value => drop(target.insert(name.clone(), value.clone())),
        }
    }
}
