//! What tokens say, by kind and version (the shapes of Microsoft's claims reference).

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::sign::JsonObject;
use crate::authority::{Authority, Version, issuer, v1_issuer};
use crate::encoding::base64url;
use crate::random::Random;
use crate::world::{Account, OptionalClaim, Tenant, TenantKind};

/// Marks every token, so that none can be mistaken for a real one (T-150).
const MARK: &str = "xms_sim";

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
    pub(crate) optional: Vec<OptionalClaim>,
    pub(crate) auth_time: Option<i64>,
}

/// An ID token about to be written.
pub(crate) struct IdToken<'w> {
    pub(crate) account: Account<'w>,
    pub(crate) version: Version,
    pub(crate) client: String,
    pub(crate) roles: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) session_id: Option<String>,
    pub(crate) auth_time: Option<i64>,
    /// Whether the `email` scope was asked for; guests get the claim in any case.
    pub(crate) wants_email: bool,
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
            Subject::Person(account) => self.person(account, &mut claims),
            Subject::Application { object_id, .. } => self.application(object_id, &mut claims),
        }
        claims
    }

    fn person(&self, account: &Account<'_>, claims: &mut JsonObject) {
        person(account, self.version, &self.audience, claims);
        if self.version == Version::V1 {
            put(claims, "acr", json!("1"));
            put(claims, "amr", json!(["pwd"]));
            put(claims, "ipaddr", json!("127.0.0.1"));
        }
        if self.optional.contains(&OptionalClaim::Acct) {
            put(claims, "acct", json!(u8::from(account.is_guest())));
        }
        if self.optional.contains(&OptionalClaim::Email) {
            put(claims, "email", json!(account.email()));
        }
        if let Some(auth_time) = self.auth_time.filter(|_| self.optional.contains(&OptionalClaim::AuthTime)) {
            put(claims, "auth_time", json!(auth_time));
        }
    }

    fn application(&self, object_id: &str, claims: &mut JsonObject) {
        put(claims, "oid", json!(object_id));
        put(claims, "sub", json!(object_id));
        if self.optional.contains(&OptionalClaim::Idtyp) {
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
        let optional = [
            ("nonce", self.nonce.as_ref().map(|nonce| json!(nonce))),
            ("sid", self.session_id.as_ref().map(|sid| json!(sid))),
            ("auth_time", self.auth_time.map(|time| json!(time))),
            ("email", self.wants_email.then(|| json!(self.account.email()))),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                put(&mut claims, name, value);
            }
        }
        put(&mut claims, "login_hint", json!(login_hint(&self.account)));
        claims
    }
}

/// The opaque hint that a client may send back as `login_hint` or `logout_hint`.
pub(crate) fn login_hint(account: &Account<'_>) -> String {
    format!("O.{}", base64url(format!("{}.{}", account.home_user.id, account.home.id).as_bytes()))
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
    let name = &account.user.display_name;
    let (given, family) = name.split_once(' ').unwrap_or((name, ""));
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
fn pairwise_subject(account: &Account<'_>, audience: &str) -> String {
    let input =
        format!("{}|{}|{}", account.tenant.id, account.user.id, audience.trim_start_matches("api://"));
    base64url(digest(&SHA256, input.as_bytes()).as_ref())
}

fn put(claims: &mut JsonObject, name: &str, value: Value) {
    claims.insert(name.to_owned(), value);
}
