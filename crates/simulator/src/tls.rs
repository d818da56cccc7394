//! The HTTPS listener's certificate, from the simulator's own authority.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::encoding::pem;
use crate::error::SimulatorError;
use crate::keys::{KeyError, KeySource, authority_certificate, leaf_certificate};

const AUTHORITY_KEY: &str = "certificate authority";
const LEAF_KEY: &str = "https";

/// The authority's certificate, PEM: what clients must trust.
pub(crate) fn authority_pem(source: &KeySource) -> Result<String, KeyError> {
    Ok(pem("CERTIFICATE", &authority_certificate(&source.key(AUTHORITY_KEY)?)?))
}

/// HTTP/1.1 over TLS 1.2 and 1.3. `hosts` join the loopback names in the certificate.
pub(crate) fn server_config(
    source: &KeySource,
    hosts: Vec<String>,
) -> Result<Arc<ServerConfig>, SimulatorError> {
    source.prepare(&[AUTHORITY_KEY, LEAF_KEY])?;
    let (authority, key) = (source.key(AUTHORITY_KEY)?, source.key(LEAF_KEY)?);
    let chain = vec![CertificateDer::from(leaf_certificate(&key, &authority, hosts)?)];
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.pkcs8()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
