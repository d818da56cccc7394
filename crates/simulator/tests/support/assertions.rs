//! Clients with certificates, and the JWTs that they make.
#![allow(dead_code, clippy::unwrap_used, unreachable_pub, reason = "each test binary uses a part of it")]

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tenantry_simulator::World;

/// A key and its self-signed certificate.
pub struct Certified {
    pair: KeyPair,
    pub der: Vec<u8>,
}

impl Certified {
    pub fn new() -> Self {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        let certificate = rcgen::CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap();
        Self { pair: KeyPair::from_pkcs8(&key.serialize_der()).unwrap(), der: certificate.der().to_vec() }
    }

    pub fn base64(&self) -> String {
        STANDARD.encode(&self.der)
    }

    pub fn sha1(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der))
    }

    pub fn sha256(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.der))
    }

    /// A signed JWT; `padded` keeps the `=` of its parts.
    pub fn sign(&self, header: &Value, claims: &Value, padded: bool) -> String {
        let engine = if padded { &URL_SAFE } else { &URL_SAFE_NO_PAD };
        let input = format!("{}.{}", engine.encode(header.to_string()), engine.encode(claims.to_string()));
        let padding: &'static dyn RsaEncoding =
            if header["alg"] == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(padding, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
        format!("{input}.{}", engine.encode(signature))
    }

    /// The assertion that most clients send.
    pub fn assertion(&self, client: &str, audience: &str, now: i64) -> String {
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.sha256() });
        let claims = json!({ "aud": audience, "iss": client, "sub": client, "jti": "1", "nbf": now, "exp": now + 600 });
        self.sign(&header, &claims, false)
    }
}

/// The built-in world, with further lines in an application's table.
pub fn world_with(application: &str, lines: &str) -> World {
    changed_world(&[(application, lines)])
}

/// The same for several applications.
pub fn changed_world(changes: &[(&str, &str)]) -> World {
    let mut text = include_str!("../../src/world/builtin.toml").to_owned();
    for (application, lines) in changes {
        let start = format!("app_id = \"{application}\"\ndisplay_name");
        assert!(text.contains(&start), "{application}");
        text = text.replacen(&start, &format!("{lines}\n{start}"), 1);
    }
    World::from_toml(&text).unwrap()
}

/// The form fields of an assertion.
pub fn proof(assertion: &str) -> [(&'static str, &str); 2] {
    [
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
    ]
}
