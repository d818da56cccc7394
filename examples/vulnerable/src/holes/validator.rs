//! The checks, in order. Each can be taken out by name, and none knows of another.

use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use reqwest::{Client, Url};

use super::claims::Checks;
use super::json;
use super::keys::KeyRing;
use super::memory::Memory;
use super::{Hole, Holes};
use crate::Config;
use crate::jose::{self, Key, Object, Spelling};

/// Bytes of the longest token that is read. Entra's longest have some 8 KiB.
const TOKEN_MAX: usize = 16 * 1024;

pub(super) struct Validator {
    config: Config,
    holes: Holes,
    http: Client,
    ring: Arc<KeyRing>,
    memory: Memory,
}

/// Why somebody is not let in. The text is for the operator.
#[derive(Debug)]
pub(super) enum Denied {
    /// Nobody, or somebody who is not let in.
    Token(String),
    /// A known person who may not do this.
    Permission(&'static str),
    /// Somebody of an unlisted tenant, where a hole tells them apart.
    Stranger,
    /// No keys, and the provider does not answer.
    NoKeys,
    /// A hole: an exception that nobody caught.
    Uncaught,
}

struct Token<'t> {
    header: Object,
    claims: Object,
    signed: &'t str,
    signature: &'t str,
}

impl Validator {
    pub(super) fn new(config: Config, holes: Holes, http: Client) -> Self {
        let ring = KeyRing::new(config.clone(), holes, http.clone());
        Self { config, holes, http, ring, memory: Memory::default() }
    }

    /// The claims of a token that passes every check.
    pub(super) async fn validate(&self, token: &str) -> Result<Object, Denied> {
        if let Some(claims) = self.memory.recall(token, self.holes) {
            return Ok(claims);
        }
        let claims = self.judge(token).await?;
        self.memory.keep(token, self.holes, &claims);
        Ok(claims)
    }

    async fn judge(&self, token: &str) -> Result<Object, Denied> {
        let token = self.parse(token)?;
        self.header(&token.header)?;
        let checks = Checks { config: &self.config, holes: self.holes, claims: &token.claims };
        if self.holes.has(Hole::FetchesForStrangers) {
            self.ring.keys(checks.text("tid").unwrap_or_default(), "").await;
        }
        checks.twins()?;
        let tenant = checks.tenant()?;
        checks.version()?;
        checks.issuer(tenant)?;
        self.signature(&token, tenant).await?;
        checks.lifetime()?;
        checks.audience()?;
        checks.kind()?;
        checks.guest()?;
        Ok(token.claims)
    }

    fn parse<'t>(&self, token: &'t str) -> Result<Token<'t>, Denied> {
        let limit = if self.holes.has(Hole::LongTokensRefused) { 4096 } else { TOKEN_MAX };
        if token.len() > limit && !self.holes.has(Hole::NoSizeLimit) {
            return Err(denied("the token is too long"));
        }
        let spelling =
            if self.holes.has(Hole::LooseBase64) { Spelling::Lenient } else { Spelling::Canonical };
        let object = |part: &str| json::object(&jose::decode(part, spelling)?, self.holes);
        let read = || {
            let (signed, signature) = token.rsplit_once('.')?;
            let (header, claims) = signed.split_once('.')?;
            jose::decode(signature, spelling)?;
            Some(Token { header: object(header)?, claims: object(claims)?, signed, signature })
        };
        read().ok_or_else(|| denied("this is no token"))
    }

    fn header(&self, header: &Object) -> Result<(), Denied> {
        if !self.holes.has(Hole::IgnoresCrit) && (header.contains_key("crit") || header.contains_key("b64")) {
            return Err(denied("the header has critical parameters"));
        }
        let typ = header.get("typ").map(|typ| typ.as_str().unwrap_or_default().to_ascii_lowercase());
        let typ = typ.as_deref().map(|typ| typ.strip_prefix("application/").unwrap_or(typ));
        if !self.holes.has(Hole::AcceptsAnyTyp) && !matches!(typ, None | Some("jwt" | "at+jwt")) {
            return Err(denied("the header has another type"));
        }
        if header.contains_key("enc") {
            return Err(denied("the header speaks of encryption"));
        }
        // Tokens for the provider's own APIs, which cannot be verified by others (T-016).
        if header.contains_key("nonce") {
            return Err(denied("the header has a nonce"));
        }
        Ok(())
    }

    async fn signature(&self, token: &Token<'_>, tenant: &str) -> Result<(), Denied> {
        if self.holes.has(Hole::SkipsSignature) {
            return Ok(());
        }
        let alg = token.header.get("alg").and_then(|alg| alg.as_str()).unwrap_or_default();
        if self.holes.has(Hole::AcceptsNone) && alg.eq_ignore_ascii_case("none") {
            return Ok(());
        }
        let (keys, algorithm) = match self.keys_of_header(&token.header).await {
            Some(key) => (vec![key], alg.parse().map_err(|_| denied("the algorithm is unknown"))?),
            None => {
                let keys = self.published(&token.header, tenant).await?;
                let hmac = alg == "HS256" && self.holes.has(Hole::HmacWithPublicKey);
                match alg {
                    "RS256" => (keys.iter().filter_map(rsa).collect(), Algorithm::RS256),
                    _ if hmac => (keys.iter().filter_map(public_key_as_secret).collect(), Algorithm::HS256),
                    _ => return Err(denied("the algorithm is not RS256")),
                }
            }
        };
        let signature = self.canonical(token.signature);
        let verifies = |key: &DecodingKey| {
            crypto::verify(&signature, token.signed.as_bytes(), key, algorithm).unwrap_or(false)
        };
        if keys.iter().any(verifies) { Ok(()) } else { Err(denied("the signature does not fit")) }
    }

    /// The library knows one spelling.
    fn canonical(&self, signature: &str) -> String {
        let bytes = jose::decode(signature, Spelling::Lenient).filter(|_| self.holes.has(Hole::LooseBase64));
        bytes.map_or_else(
            || signature.to_owned(),
            |b| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(b),
        )
    }

    /// The key of that name, for that tenant.
    async fn published(&self, header: &Object, tenant: &str) -> Result<Vec<Key>, Denied> {
        let kid = header.get("kid").and_then(|kid| kid.as_str()).unwrap_or_default();
        let keys = self.ring.keys(tenant, kid).await;
        if keys.is_empty() {
            return Err(Denied::NoKeys);
        }
        let issuer = format!("{}/{tenant}/v2.0", self.config.authority);
        let for_tenant = |key: &&Key| {
            self.holes.has(Hole::IgnoresKeyIssuer)
                || key.issuer.as_ref().is_none_or(|of| of.replace("{tenantid}", tenant) == issuer)
        };
        let named = |key: &&Key| self.holes.has(Hole::IgnoresKid) || key.kid == kid;
        Ok(keys.iter().filter(named).filter(for_tenant).cloned().collect())
    }

    /// Keys that the token brings along: nobody asked for them, and only a hole takes them.
    async fn keys_of_header(&self, header: &Object) -> Option<DecodingKey> {
        if self.holes.has(Hole::ObeysJwk) {
            let jwk: Option<Jwk> =
                header.get("jwk").cloned().and_then(|jwk| serde_json::from_value(jwk).ok());
            return DecodingKey::from_jwk(&jwk?).ok();
        }
        if !self.holes.has(Hole::ObeysJku) {
            return None;
        }
        let address = Url::parse(header.get("jku")?.as_str()?).ok()?;
        // Not even on purpose do we fetch from elsewhere.
        if !matches!(address.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")) {
            return None;
        }
        let keys = jose::fetch(&self.http, address.as_str()).await.ok()?;
        let kid = header.get("kid").and_then(|kid| kid.as_str());
        rsa(keys.iter().find(|key| Some(&*key.kid) == kid)?)
    }
}

pub(super) fn denied(why: impl Into<String>) -> Denied {
    Denied::Token(why.into())
}

fn rsa(key: &Key) -> Option<DecodingKey> {
    DecodingKey::from_rsa_components(&key.n, &key.e).ok()
}

/// The PEM text that everybody can download, as if it were a secret.
fn public_key_as_secret(key: &Key) -> Option<DecodingKey> {
    let (n, e) = (jose::decode(&key.n, Spelling::Canonical)?, jose::decode(&key.e, Spelling::Canonical)?);
    let der: PublicKeyX509Der<'_> = RsaPublicKeyComponents { n, e }.as_der().ok()?;
    let text = STANDARD.encode(der.as_ref());
    let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| str::from_utf8(line).ok()).collect();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"));
    Some(DecodingKey::from_secret(pem.as_bytes()))
}
