//! Certificates: the self-signed one in each key's `x5c`, and the authority behind the HTTPS listener.
//!
//! Everything in them follows from the key and fixed dates, and RSA PKCS #1 v1.5 signatures do not vary, so the
//! same key gives the same certificate, thumbprint and `kid` in every run.

use aws_lc_rs::digest::{SHA256, digest};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, SerialNumber, date_time_ymd,
};
use rustls::pki_types::PrivatePkcs8KeyDer;

use super::{KeyError, RsaPrivate};

/// Common name of every certificate the simulator makes.
pub(crate) const COMMON_NAME: &str = "Tenantry Simulator - development only";

/// Names and addresses the HTTPS certificate is good for.
const LEAF_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The self-signed certificate of a signing key, DER.
pub(super) fn self_signed(key: &RsaPrivate) -> Result<Vec<u8>, KeyError> {
    let params = params(key, COMMON_NAME)?;
    Ok(params.self_signed(&rcgen_key(key)?)?.der().to_vec())
}

/// The simulator's certificate authority, DER.
pub(crate) fn authority(key: &RsaPrivate) -> Result<Vec<u8>, KeyError> {
    Ok(authority_params(key)?.self_signed(&rcgen_key(key)?)?.der().to_vec())
}

/// A server certificate for loopback and `further` names, signed by the authority's key, DER.
pub(crate) fn leaf(
    key: &RsaPrivate,
    authority: &RsaPrivate,
    further: Vec<String>,
) -> Result<Vec<u8>, KeyError> {
    let issuer = Issuer::new(authority_params(authority)?, rcgen_key(authority)?);
    let names: Vec<String> = LEAF_NAMES.iter().map(ToString::to_string).chain(further).collect();
    let mut params = params(key, COMMON_NAME)?;
    params.subject_alt_names = CertificateParams::new(names)?.subject_alt_names;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params.signed_by(&rcgen_key(key)?, &issuer)?.der().to_vec())
}

fn authority_params(key: &RsaPrivate) -> Result<CertificateParams, KeyError> {
    let mut params = params(key, "Tenantry Simulator CA - development only")?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn params(key: &RsaPrivate, name: &str) -> Result<CertificateParams, KeyError> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2045, 1, 1);
    params.serial_number = Some(SerialNumber::from_slice(&serial(key)));
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

/// Sixteen bytes of a digest, positive as RFC 5280 §4.1.2.2 wants it.
fn serial(key: &RsaPrivate) -> Vec<u8> {
    let mut serial = digest(&SHA256, &key.n).as_ref()[..16].to_vec();
    serial[0] = (serial[0] & 0x7f) | 0x40;
    serial
}

fn rcgen_key(key: &RsaPrivate) -> Result<KeyPair, KeyError> {
    let pkcs8 = PrivatePkcs8KeyDer::from(key.pkcs8());
    Ok(KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8, &PKCS_RSA_SHA256)?)
}
