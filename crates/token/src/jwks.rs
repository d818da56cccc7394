//! Published keys: parsed once, when a key set is loaded, and bound to one algorithm and one issuer (RFC 7517).

use std::{collections::HashMap, fmt, sync::Arc};

use aws_lc_rs::{
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    },
};
use serde::Deserialize;

use crate::{Algorithm, Authority, Rejection, TenantId, limits};

/// Finds a signing key: a plain read of memory (T-023).
pub trait KeySource: Send + Sync {
    /// The key that `authority` publishes for `tenant` under exactly this id.
    fn key(&self, authority: &Authority, tenant: TenantId, key_id: &str) -> KeyAnswer;

    /// A number that changes whenever a key was added or withdrawn (T-022).
    fn revision(&self) -> u64 {
        0
    }
}

/// What a [`KeySource`] knows.
#[derive(Clone, Debug)]
pub enum KeyAnswer {
    /// The key.
    Key(Arc<VerificationKey>),
    /// The set is there, without such a key.
    Unknown,
    /// There is no set to look into: not fetched yet, or too old to trust.
    Unavailable,
}

/// A public key, ready to verify with, for one algorithm and one issuer.
pub struct VerificationKey {
    id: Box<str>,
    algorithm: Algorithm,
    issuer: Option<Box<str>>,
    parsed: ParsedPublicKey,
    material: Box<[u8]>,
}

impl VerificationKey {
    /// The key's id (`kid`).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The one algorithm that this key is used with (T-006).
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The issuer that the key was published for, `{tenantid}` standing for any tenant of its authority.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Full check of the signature over exactly these bytes (T-010).
    pub(crate) fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<(), Rejection> {
        self.parsed
            .verify_sig(signed, signature)
            .map_err(|_| Rejection::Signature { key_id: (&*self.id).into() })
    }

    /// Whether the key belongs to the issuer of `tenant`'s tokens (T-013).
    pub(crate) fn fits(&self, authority: &Authority, tenant: TenantId) -> bool {
        self.issuer().is_none_or(|issuer| authority.fits_key_issuer(issuer, tenant))
    }
}

impl PartialEq for VerificationKey {
    fn eq(&self, other: &Self) -> bool {
        (&self.id, self.algorithm, &self.issuer, &self.material)
            == (&other.id, other.algorithm, &other.issuer, &other.material)
    }
}

impl Eq for VerificationKey {}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerificationKey({}, {})", crate::Untrusted::new(&self.id), self.algorithm)
    }
}

/// The usable keys of one published document.
#[derive(Clone, Debug)]
pub struct KeySet {
    authority: Authority,
    keys: HashMap<Box<str>, Placed>,
    skipped: Vec<SkippedKey>,
}

/// A key and its place in the document.
#[derive(Clone, Debug)]
struct Placed {
    index: usize,
    key: Arc<VerificationKey>,
}

/// A published key that cannot be used, and why. It does not spoil the others (T-006).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedKey {
    /// Its place in the document, counted from 0.
    pub index: usize,
    /// What is wrong with it.
    pub fault: KeyFault,
}

/// Why a published key is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFault {
    /// Not an object with `kty` and a usable `kid`, or a member is repeated or ill-typed.
    #[error("not a key with `kty` and `kid`")]
    Malformed,
    /// No algorithm of the authority fits its type and its `alg` member.
    #[error("its type or `alg` is not on the authority's list")]
    Algorithm,
    /// `use` or `key_ops` does not allow verifying.
    #[error("`use` or `key_ops` does not allow verifying")]
    Purpose,
    /// RSA below 2048 bits, above 8192 bits, with an even modulus, or with an exponent below 65537.
    #[error("RSA modulus or exponent out of range")]
    Weak,
    /// The numbers are no key.
    #[error("not a valid public key")]
    Invalid,
    /// It names another cloud than the authority's.
    #[error("of another cloud")]
    Cloud,
    /// Another key of the document has the same id: neither is used.
    #[error("two different keys with one id")]
    DuplicateId,
    /// It names no issuer, in a document that many tenants share.
    #[error("names no issuer in a shared document")]
    NoIssuer,
}

/// Why a key document cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeySetError {
    /// Not a JSON object with a list `keys`.
    #[error("not a key set: expected a JSON object with a list `keys`")]
    Malformed,
    /// More than 1000 keys.
    #[error("more than {} keys", limits::KEYS_MAX)]
    TooManyKeys,
}

#[derive(Deserialize)]
struct Document<'d> {
    #[serde(borrow)]
    keys: Vec<&'d serde_json::value::RawValue>,
}

/// The members of a JWK that count (RFC 7517 §4, RFC 7518 §6; `issuer` and `cloud_instance_name` are Entra's).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    issuer: Option<String>,
    cloud_instance_name: Option<String>,
}

impl KeySet {
    /// Reads a JWKS document of `authority`, skipping what cannot be used.
    ///
    /// # Errors
    /// [`KeySetError`] if it is no key set, or has more than 1000 keys.
    pub fn parse(json: &[u8], authority: &Authority) -> Result<Self, KeySetError> {
        let document: Document<'_> = serde_json::from_slice(json).map_err(|_| KeySetError::Malformed)?;
        if document.keys.len() > limits::KEYS_MAX {
            return Err(KeySetError::TooManyKeys);
        }
        let mut set = Self { authority: authority.clone(), keys: HashMap::new(), skipped: Vec::new() };
        let mut clashing = Vec::new();
        for (index, raw) in document.keys.iter().enumerate() {
            match usable(raw.get(), authority) {
                Ok(key) => set.insert(index, key, &mut clashing),
                Err(fault) => set.skipped.push(SkippedKey { index, fault }),
            }
        }
        clashing.iter().for_each(|id| drop(set.keys.remove(id)));
        Ok(set)
    }

    fn insert(&mut self, index: usize, key: VerificationKey, clashing: &mut Vec<Box<str>>) {
        match self.keys.get(&key.id) {
            Some(same) if *same.key == key => {}
            Some(_) => {
                self.skipped.push(SkippedKey { index, fault: KeyFault::DuplicateId });
                clashing.push(key.id);
            }
            None => drop(self.keys.insert(key.id.clone(), Placed { index, key: Arc::new(key) })),
        }
    }

    /// Drops the keys that name no issuer. For documents that all tenants of an authority share: there the key's issuer
    /// is what keeps a key of one issuer from signing for another (T-013).
    pub fn require_key_issuer(mut self) -> Self {
        let nameless = self.keys.extract_if(|_, placed| placed.key.issuer.is_none());
        self.skipped.extend(
            nameless.map(|(_, placed)| SkippedKey { index: placed.index, fault: KeyFault::NoIssuer }),
        );
        self
    }

    /// The key with exactly this id.
    pub fn get(&self, key_id: &str) -> Option<&Arc<VerificationKey>> {
        self.keys.get(key_id).map(|placed| &placed.key)
    }

    /// All usable keys, in no particular order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<VerificationKey>> {
        self.keys.values().map(|placed| &placed.key)
    }

    /// The keys of the document that are not used.
    pub fn skipped(&self) -> &[SkippedKey] {
        &self.skipped
    }
}

/// One set for every tenant of its authority: for tests, the command line and single-tenant services. Of other authorities
/// it knows no key (T-013).
impl KeySource for KeySet {
    fn key(&self, authority: &Authority, _: TenantId, key_id: &str) -> KeyAnswer {
        let key = self.get(key_id).filter(|_| *authority == self.authority);
        key.map_or(KeyAnswer::Unknown, |key| KeyAnswer::Key(key.clone()))
    }
}

fn usable(json: &str, authority: &Authority) -> Result<VerificationKey, KeyFault> {
    let jwk: Jwk = serde_json::from_str(json).map_err(|_| KeyFault::Malformed)?;
    if jwk.kid.is_empty() || jwk.kid.len() > limits::KEY_ID_BYTES_MAX {
        return Err(KeyFault::Malformed);
    }
    if !may_verify(&jwk) {
        return Err(KeyFault::Purpose);
    }
    if let (Some(key_cloud), Some(cloud)) = (&jwk.cloud_instance_name, authority.cloud_name())
        && key_cloud != cloud
    {
        return Err(KeyFault::Cloud);
    }
    let algorithm = the_one_algorithm(&jwk, authority.algorithms())?;
    let (parsed, material) = parse_public_key(&jwk, algorithm)?;
    // A blank issuer is none, as in Microsoft's own library.
    let issuer = jwk.issuer.filter(|issuer| !issuer.trim().is_empty());
    let issuer = issuer.map(|issuer| lower_case_placeholder(&issuer).into());
    Ok(VerificationKey { id: jwk.kid.into(), algorithm, issuer, parsed, material })
}

/// RFC 7517 §4.2, §4.3: where a purpose is stated it must be this one.
fn may_verify(jwk: &Jwk) -> bool {
    jwk.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
        && jwk.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"))
}

fn the_one_algorithm(jwk: &Jwk, allowed: &[Algorithm]) -> Result<Algorithm, KeyFault> {
    let fits = |algorithm: &&Algorithm| {
        algorithm.key_type() == jwk.kty && jwk.alg.as_deref().is_none_or(|alg| alg == algorithm.name())
    };
    allowed.iter().find(fits).copied().ok_or(KeyFault::Algorithm)
}

fn parse_public_key(jwk: &Jwk, algorithm: Algorithm) -> Result<(ParsedPublicKey, Box<[u8]>), KeyFault> {
    match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 => parse_rsa(jwk, algorithm),
        Algorithm::Es256 => parse_p256(jwk),
    }
}

fn parse_rsa(jwk: &Jwk, algorithm: Algorithm) -> Result<(ParsedPublicKey, Box<[u8]>), KeyFault> {
    let (n, e) = (number(jwk.n.as_deref())?, number(jwk.e.as_deref())?);
    let is_long_enough = (256..=1024).contains(&n.len()) && (n.len() > 256 || n[0] >= 0x80);
    let is_odd = n.last().is_some_and(|last| last % 2 == 1);
    if !is_long_enough || !is_odd || !exponent_is_sound(&e) {
        return Err(KeyFault::Weak);
    }
    let parameters =
        if algorithm == Algorithm::Ps256 { &RSA_PSS_2048_8192_SHA256 } else { &RSA_PKCS1_2048_8192_SHA256 };
    // With the length of `n`, so that no other split of the same digits is the same key.
    let material = [&n.len().to_be_bytes()[..], &n, &e].concat().into();
    let key = PublicKeyComponents { n, e }.to_parsed_public_key(parameters).map_err(|_| KeyFault::Invalid)?;
    Ok((key, material))
}

/// At least 65537, odd, at most 32 bits: larger ones only cost time.
fn exponent_is_sound(e: &[u8]) -> bool {
    e.len() <= 4
        && e.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte)) >= 65_537
        && e[e.len() - 1] % 2 == 1
}

fn parse_p256(jwk: &Jwk) -> Result<(ParsedPublicKey, Box<[u8]>), KeyFault> {
    if jwk.crv.as_deref() != Some("P-256") {
        return Err(KeyFault::Algorithm);
    }
    let (x, y) = (bytes(jwk.x.as_deref())?, bytes(jwk.y.as_deref())?);
    if x.len() != 32 || y.len() != 32 {
        return Err(KeyFault::Invalid);
    }
    let point: Box<[u8]> = [&[4][..], &x, &y].concat().into();
    let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point).map_err(|_| KeyFault::Invalid)?;
    Ok((key, point))
}

fn bytes(text: Option<&str>) -> Result<Vec<u8>, KeyFault> {
    let text = text.ok_or(KeyFault::Invalid)?;
    base64_simd::URL_SAFE_NO_PAD.decode_to_vec(text).map_err(|_| KeyFault::Invalid)
}

/// A positive number; leading zeros do not count towards its length.
fn number(text: Option<&str>) -> Result<Vec<u8>, KeyFault> {
    let bytes = bytes(text)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    if zeros == bytes.len() { Err(KeyFault::Invalid) } else { Ok(bytes[zeros..].to_vec()) }
}

/// Microsoft compares the placeholder without regard to case.
fn lower_case_placeholder(issuer: &str) -> String {
    const PLACEHOLDER: &str = "{tenantid}";
    match issuer.to_ascii_lowercase().find(PLACEHOLDER) {
        Some(at) => format!("{}{PLACEHOLDER}{}", &issuer[..at], &issuer[at + PLACEHOLDER.len()..]),
        None => issuer.to_owned(),
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod wycheproof;
