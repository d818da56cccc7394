//! JWS compact serialization (RFC 7515 §3.1), right and wrong on purpose.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
    RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding,
};
use serde_json::{Map, Value, json};

use crate::authority::Version;
use crate::encoding::{base64url, from_base64url};
use crate::keys::{KeyOwner, RsaJwk, RsaPrivate, SigningKey};
use crate::world::{Application, Tenant, TenantKind};

/// Header or claims of a token.
pub(crate) type JsonObject = Map<String, Value>;

/// What makes the signature.
pub(super) enum Signer<'k> {
    Rsa(&'k KeyPair),
    OwnedRsa(KeyPair),
    P256(EcdsaKeyPair),
    /// HS256 with these bytes as the secret.
    Hmac(String),
    /// An empty signature.
    Nothing,
}

/// The header Entra writes: version 1 tokens name the key twice.
pub(super) fn header(kid: &str, version: Version) -> JsonObject {
    let mut header = JsonObject::new();
    header.insert("typ".to_owned(), json!("JWT"));
    header.insert("alg".to_owned(), json!("RS256"));
    header.insert("kid".to_owned(), json!(kid));
    if version == Version::V1 {
        header.insert("x5t".to_owned(), json!(kid));
    }
    header
}

/// Whose keys sign the tokens of a tenant for `recipient`: an API, or the client of an ID token.
pub(crate) fn owner_of(tenant: &Tenant, recipient: Option<&Application>) -> KeyOwner {
    match (recipient.filter(|recipient| recipient.own_signing_key), tenant.kind) {
        (Some(recipient), _) => KeyOwner::Application(recipient.app_id),
        (None, TenantKind::Workforce) => KeyOwner::Organizations,
        (None, TenantKind::Personal) => KeyOwner::Personal,
        (None, TenantKind::External) => KeyOwner::ExternalTenant(tenant.id),
    }
}

/// A token as the tenant itself signs it.
pub(crate) fn sign_as_tenant(key: &SigningKey, version: Version, claims: &JsonObject) -> String {
    compact(&header(&key.kid, version), claims, &Signer::Rsa(&key.pair))
}

pub(super) fn compact(header: &JsonObject, claims: &JsonObject, signer: &Signer<'_>) -> String {
    let text = |object: &JsonObject| base64url(Value::Object(object.clone()).to_string().as_bytes());
    let input = format!("{}.{}", text(header), text(claims));
    let algorithm = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    let signature = signer.sign(algorithm, input.as_bytes());
    format!("{input}.{}", base64url(&signature))
}

impl Signer<'_> {
    /// A private key from a JWK, with the algorithm it signs by.
    pub(super) fn from_jwk(jwk: &Value) -> Result<(Self, &'static str), String> {
        match jwk.get("kty").and_then(Value::as_str) {
            Some("RSA") => {
                let jwk: RsaJwk = serde_json::from_value(jwk.clone()).map_err(|error| error.to_string())?;
                let pair = RsaPrivate::from_jwk(&jwk)
                    .and_then(|key| key.key_pair())
                    .map_err(|error| error.to_string())?;
                Ok((Signer::OwnedRsa(pair), "RS256"))
            }
            Some("EC") => Ok((Signer::P256(p256(jwk)?), "ES256")),
            _ => Err("`kty` must be `RSA` or `EC`".to_owned()),
        }
    }

    fn sign(&self, algorithm: &str, input: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(pair) => rsa(pair, algorithm, input),
            Self::OwnedRsa(pair) => rsa(pair, algorithm, input),
            Self::P256(pair) => pair
                .sign(&SystemRandom::new(), input)
                .map(|signature| signature.as_ref().to_vec())
                .unwrap_or_default(),
            Self::Hmac(secret) => {
                let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
                aws_lc_rs::hmac::sign(&key, input).as_ref().to_vec()
            }
            Self::Nothing => Vec::new(),
        }
    }
}

/// By the header's algorithm where RSA knows it, by RS256 otherwise: the header may lie.
fn rsa(pair: &KeyPair, algorithm: &str, input: &[u8]) -> Vec<u8> {
    let padding: &'static dyn RsaEncoding = match algorithm {
        "RS384" => &RSA_PKCS1_SHA384,
        "RS512" => &RSA_PKCS1_SHA512,
        "PS256" => &RSA_PSS_SHA256,
        "PS384" => &RSA_PSS_SHA384,
        "PS512" => &RSA_PSS_SHA512,
        _ => &RSA_PKCS1_SHA256,
    };
    let mut signature = vec![0; pair.public_modulus_len()];
    match pair.sign(padding, &SystemRandom::new(), input, &mut signature) {
        Ok(()) => signature,
        Err(_) => Vec::new(),
    }
}

fn p256(jwk: &Value) -> Result<EcdsaKeyPair, String> {
    if jwk.get("crv").and_then(Value::as_str) != Some("P-256") {
        return Err("`crv` must be `P-256`".to_owned());
    }
    let member = |name: &str| {
        let text =
            jwk.get(name).and_then(Value::as_str).ok_or_else(|| format!("member `{name}` is missing"))?;
        from_base64url(text).ok_or_else(|| format!("member `{name}` is not base64url"))
    };
    let mut point = vec![4];
    point.extend(member("x")?);
    point.extend(member("y")?);
    EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &member("d")?, &point)
        .map_err(|rejected| format!("not a usable P-256 key: {rejected}"))
}
