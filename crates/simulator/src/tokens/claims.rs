//! What tokens say, by kind and version (the shapes of Microsoft's claims reference).

use std::collections::BTreeSet;

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::memberships::{self, IssuedBy};
use super::optional;
use super::sign::JsonObject;
use crate::authority::{Authority, Version, issuer, v1_issuer};
use crate::encoding::{base64url, from_base64url};
use crate::ids::{ObjectId, TenantId};
use crate::random::Random;
use crate::world::{Account, Application, OptionalClaim, Tenant, TenantKind};

/// Marks every token, so that none can be mistaken for a real one (T-150).
const MARK: &str = "xms_sim";
/// The client capability of continuous access evaluation.
const CONTINUOUS_ACCESS: &str = "cp1";

/// Whom a token is about.
#[derive(Debug, Clone)]
pub(crate) enum Subject<'w> {
    Person(Account<'w>),
    /// An application by itself, as an object of the tenant.
    Application {
        tenant: &'w Tenant,
        object_id: String,
    },
}

impl<'w> Subject<'w> {
    pub(crate) fn tenant(&self) -> &'w Tenant {
        match self {
            Self::Person(account) => account.tenant,
            Self::Application { tenant, .. } => tenant,
        }
    }
}

/// When a token was made, for how long, and what makes it unique.
#[derive(Debug, Clone)]
pub(crate) struct Stamp {
    pub(crate) now: i64,
    pub(crate) lifetime_s: i64,
    pub(crate) token_id: String,
    pub(crate) opaque: [String; 2],
}

impl Stamp {
    pub(crate) fn new(random: &Random, now: i64, lifetime_s: i64) -> Self {
        Self { now, lifetime_s, token_id: random.token_id(), opaque: [random.handle(), random.token_id()] }
    }

    /// 60 to 90 minutes, as Entra varies it.
    pub(crate) fn access_lifetime_s(random: &Random) -> i64 {
        3_600 + i64::from(random.below(1_800))
    }

    /// The same, but 20 to 28 hours where the API can withdraw a token and the client can bear it (Entra,
    /// "Continuous access evaluation").
    pub(crate) fn lifetime_at(
        resource: &Application,
        client_capabilities: &[String],
        random: &Random,
    ) -> i64 {
        let bears_it = client_capabilities.iter().any(|name| name.eq_ignore_ascii_case(CONTINUOUS_ACCESS));
        match resource.continuous_access && bears_it {
            true => 20 * 3_600 + i64::from(random.below(8 * 3_600)),
            false => Self::access_lifetime_s(random),
        }
    }
}

/// What the sign-in and the client's request add to a token.
#[derive(Debug, Clone, Default)]
pub(crate) struct Circumstances {
    /// When the person last typed a password. Unix seconds.
    pub(crate) auth_time: Option<i64>,
    /// The browser session.
    pub(crate) session_id: Option<String>,
    /// What the client says it can do (`xms_cc` in its `claims` parameter).
    pub(crate) client_capabilities: Vec<String>,
    /// Authentication contexts that the sign-in satisfied (`c1` to `c99`).
    pub(crate) auth_contexts: BTreeSet<String>,
}

/// An access token about to be written.
pub(crate) struct AccessToken<'w> {
    pub(crate) subject: Subject<'w>,
    pub(crate) version: Version,
    pub(crate) audience: String,
    pub(crate) client: String,
    /// How the client proved itself: "0" not at all, "1" by a secret.
    pub(crate) client_proof: &'static str,
    pub(crate) scopes: Vec<String>,
    pub(crate) roles: Vec<String>,
    /// The API's registration; none for a made-up audience.
    pub(crate) resource: Option<&'w Application>,
    pub(crate) circumstances: Circumstances,
}

/// An ID token about to be written.
pub(crate) struct IdToken<'w> {
    pub(crate) account: Account<'w>,
    pub(crate) version: Version,
    pub(crate) client: String,
    /// The client's registration; none for a made-up one.
    pub(crate) registration: Option<&'w Application>,
    pub(crate) roles: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) circumstances: Circumstances,
    /// Whether `max_age` was asked for, which brings `auth_time`.
    pub(crate) wants_auth_time: bool,
    /// Whether the `email` scope was asked for; guests get the claim in any case.
    pub(crate) wants_email: bool,
    pub(crate) issued_by: IssuedBy,
    /// Binds the token to the code that came with it.
    pub(crate) code_hash: Option<String>,
}

impl AccessToken<'_> {
    pub(crate) fn claims(&self, authority: &Authority, stamp: &Stamp) -> JsonObject {
        let mut claims = common(self.subject.tenant(), self.version, authority, stamp);
        put(&mut claims, "aud", json!(self.audience));
        let (client, proof) = match self.version {
            Version::V1 => ("appid", "appidacr"),
            Version::V2 => ("azp", "azpacr"),
        };
        put(&mut claims, client, json!(self.client));
        put(&mut claims, proof, json!(self.client_proof));
        if !self.roles.is_empty() {
            put(&mut claims, "roles", json!(self.roles));
        }
        if !self.scopes.is_empty() {
            put(&mut claims, "scp", json!(self.scopes.join(" ")));
        }
        match &self.subject {
            Subject::Person(account) => {
                self.person(account, &mut claims);
                if let Some(resource) = self.resource {
                    let issued_by = IssuedBy::TokenEndpoint;
                    memberships::add(&mut claims, (account, resource), issued_by, authority.base());
                }
            }
            Subject::Application { tenant, object_id } => self.application(tenant, object_id, &mut claims),
        }
        claims
    }

    /// A made-up audience has no registration to ask; `idtyp` is what careful validators look for.
    fn optional(&self) -> &[OptionalClaim] {
        self.resource.map_or(&[OptionalClaim::Idtyp], |resource| &resource.optional_claims)
    }

    fn person(&self, account: &Account<'_>, claims: &mut JsonObject) {
        person(account, self.version, &self.audience, claims);
        if self.version == Version::V1 {
            put(claims, "acr", json!("1"));
            put(claims, "amr", json!(["pwd"]));
            put(claims, "ipaddr", json!(optional::ADDRESS));
        }
        put_all(
            claims,
            self.optional().iter().filter_map(|one| optional::of_person(*one, account, &self.circumstances)),
        );
        if self.optional().contains(&OptionalClaim::IdtypUser) {
            put(claims, "idtyp", json!("user"));
        }
    }

    fn application(&self, tenant: &Tenant, object_id: &str, claims: &mut JsonObject) {
        put(claims, "oid", json!(object_id));
        put(claims, "sub", json!(object_id));
        put_all(
            claims,
            self.optional().iter().filter_map(|one| optional::of_anybody(*one, tenant, &self.circumstances)),
        );
        if self.optional().iter().any(|one| matches!(one, OptionalClaim::Idtyp | OptionalClaim::IdtypUser)) {
            put(claims, "idtyp", json!("app"));
        }
    }
}

impl IdToken<'_> {
    pub(crate) fn claims(&self, authority: &Authority, stamp: &Stamp) -> JsonObject {
        let mut claims = common(self.account.tenant, self.version, authority, stamp);
        put(&mut claims, "aud", json!(self.client));
        person(&self.account, self.version, &self.client, &mut claims);
        if !self.roles.is_empty() {
            put(&mut claims, "roles", json!(self.roles));
        }
        let at = &self.circumstances;
        let asked_for = [
            ("c_hash", self.code_hash.as_ref().map(|hash| json!(hash))),
            ("nonce", self.nonce.as_ref().map(|nonce| json!(nonce))),
            ("sid", at.session_id.as_ref().map(|sid| json!(sid))),
            ("auth_time", at.auth_time.filter(|_| self.wants_auth_time).map(|time| json!(time))),
            ("email", self.wants_email.then(|| json!(self.account.email()))),
            ("login_hint", Some(json!(login_hint(&self.account)))),
        ];
        put_all(&mut claims, asked_for.into_iter().filter_map(|(name, value)| Some((name, value?))));
        if let Some(client) = self.registration {
            // What a client can do concerns APIs only.
            let listed = client.id_token_claims.iter().filter(|one| **one != OptionalClaim::XmsCc);
            put_all(&mut claims, listed.filter_map(|one| optional::of_person(*one, &self.account, at)));
            memberships::add(&mut claims, (&self.account, client), self.issued_by, authority.base());
        }
        claims
    }
}

/// Version 2 tokens name the API by its id; version 1 tokens as the client did, unless the API wants its id.
pub(crate) fn audience(resource: &Application, asked_as: &str, version: Version) -> String {
    match version {
        Version::V1 if !resource.optional_claims.contains(&OptionalClaim::AudGuid) => asked_as.to_owned(),
        Version::V1 | Version::V2 => resource.app_id.to_string(),
    }
}

/// `c_hash` (OpenID Connect Core 1.0 §3.3.2.11): half of the code's digest.
pub(crate) fn code_hash(code: &str) -> String {
    base64url(&digest(&SHA256, code.as_bytes()).as_ref()[..16])
}

/// The opaque hint that a client may send back as `login_hint` or `logout_hint`.
pub(crate) fn login_hint(account: &Account<'_>) -> String {
    format!("O.{}", base64url(format!("{}.{}", account.home_user.id, account.home.id).as_bytes()))
}

/// Whom such a hint means: object id and tenant at home.
pub(crate) fn hinted(hint: &str) -> Option<(ObjectId, TenantId)> {
    let text = String::from_utf8(from_base64url(hint.strip_prefix("O.")?)?).ok()?;
    let (user, home) = text.split_once('.')?;
    Some((user.parse().ok()?, home.parse().ok()?))
}

fn common(tenant: &Tenant, version: Version, authority: &Authority, stamp: &Stamp) -> JsonObject {
    let [aio, rh] = &stamp.opaque;
    let mut claims = JsonObject::new();
    put(&mut claims, "iss", json!(issuer(authority, version, tenant.id)));
    put(&mut claims, "tid", json!(tenant.id));
    put(&mut claims, "ver", json!(if version == Version::V1 { "1.0" } else { "2.0" }));
    put(&mut claims, "iat", json!(stamp.now));
    put(&mut claims, "nbf", json!(stamp.now));
    put(&mut claims, "exp", json!(stamp.now.saturating_add(stamp.lifetime_s)));
    put(&mut claims, "uti", json!(stamp.token_id));
    put(&mut claims, "aio", json!(aio));
    put(&mut claims, "rh", json!(rh));
    put(&mut claims, MARK, json!(true));
    claims
}

/// What access and ID tokens say alike about a person. `audience` makes the subject pairwise.
fn person(account: &Account<'_>, version: Version, audience: &str, claims: &mut JsonObject) {
    put(claims, "oid", json!(account.user.id));
    put(claims, "sub", json!(pairwise_subject(account, audience)));
    put(claims, "name", json!(account.user.display_name));
    match version {
        Version::V1 => v1_names(account, claims),
        Version::V2 => put(claims, "preferred_username", json!(account.home_user.upn)),
    }
    if account.is_guest() {
        put(claims, "idp", json!(identity_provider(account)));
        put(claims, "email", json!(account.email()));
    }
}

fn v1_names(account: &Account<'_>, claims: &mut JsonObject) {
    let (given, family) = optional::names(account);
    put(claims, "given_name", json!(given));
    put(claims, "family_name", json!(family));
    if account.home.kind == TenantKind::Personal && account.is_guest() {
        put(claims, "unique_name", json!(format!("live.com#{}", account.email())));
        return;
    }
    put(claims, "unique_name", json!(account.home_user.upn));
    if !account.is_guest() {
        put(claims, "upn", json!(account.user.upn));
    }
}

/// Who authenticated a guest: the home tenant's version 1 issuer whatever the token's version, or Microsoft's
/// personal accounts.
fn identity_provider(account: &Account<'_>) -> String {
    match account.home.kind {
        TenantKind::Personal => "live.com".to_owned(),
        TenantKind::Workforce | TenantKind::External => v1_issuer(&account.home.id.to_string()),
    }
}

/// 43 characters, stable per person, application and tenant.
pub(crate) fn pairwise_subject(account: &Account<'_>, audience: &str) -> String {
    let input =
        format!("{}|{}|{}", account.tenant.id, account.user.id, audience.trim_start_matches("api://"));
    base64url(digest(&SHA256, input.as_bytes()).as_ref())
}

pub(super) fn put(claims: &mut JsonObject, name: &str, value: Value) {
    claims.insert(name.to_owned(), value);
}

fn put_all(claims: &mut JsonObject, several: impl Iterator<Item = (&'static str, Value)>) {
    for (name, value) in several {
        put(claims, name, value);
    }
}
