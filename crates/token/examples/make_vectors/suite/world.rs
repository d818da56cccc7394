//! What all vectors share: ids, configurations, published keys.

use serde::Serialize;

use super::keys::{Rsa, point};

/// A tenant on the list. All ids are made up.
pub const CONTOSO: &str = "aaaaaaaa-0000-4000-8000-000000000001";
/// A tenant on the list whose guests are refused.
pub const FABRIKAM: &str = "aaaaaaaa-0000-4000-8000-000000000002";
/// A tenant that is on nobody's list; its tokens are signed by the same keys.
pub const NORTHWIND: &str = "aaaaaaaa-0000-4000-8000-000000000003";
/// A tenant on the list for which no keys are at hand.
pub const KEYLESS: &str = "aaaaaaaa-0000-4000-8000-000000000004";
/// A tenant on the list whose key document names no issuers.
pub const PLAIN: &str = "aaaaaaaa-0000-4000-8000-000000000005";
/// An External ID tenant.
pub const EXTERNAL: &str = "aaaaaaaa-0000-4000-8000-000000000006";
/// What the operator calls the users of the plain OpenID provider.
pub const PROVIDER: &str = "aaaaaaaa-0000-4000-8000-000000000007";
/// A tenant of the US Government cloud.
pub const AGENCY: &str = "aaaaaaaa-0000-4000-8000-000000000008";
/// A tenant of the cloud in China.
pub const SHANGHAI: &str = "aaaaaaaa-0000-4000-8000-000000000009";
/// The directory of personal Microsoft accounts: a constant of the protocol, not an organisation.
pub const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// This resource: its client id, as in v2.0 tokens.
pub const API: &str = "bbbbbbbb-0000-4000-8000-000000000001";
/// This resource: its App ID URI, as in v1.0 tokens.
pub const API_URI: &str = "api://tasks.example";
/// Another resource.
pub const OTHER_API: &str = "bbbbbbbb-0000-4000-8000-000000000002";
/// The application that calls.
pub const CLIENT: &str = "cccccccc-0000-4000-8000-000000000001";
/// Another one.
pub const OTHER_CLIENT: &str = "cccccccc-0000-4000-8000-000000000002";
/// A user of each tenant.
pub const USER: &str = "dddddddd-0000-4000-8000-000000000001";
/// An application's object in a tenant.
pub const SERVICE: &str = "eeeeeeee-0000-4000-8000-000000000001";

pub const WORLDWIDE: &str = "https://login.microsoftonline.com";
pub const US: &str = "https://login.microsoftonline.us";
pub const CHINA: &str = "https://login.partner.microsoftonline.cn";
pub const CUSTOM: &str = "https://localhost:9443";
pub const OPENID: &str = "https://id.example.test/realms/main";

/// 2026-01-01T00:00:00Z: when most tokens are judged.
pub const NOW: i64 = 1_767_225_600;

#[derive(Serialize)]
pub struct World {
    about: &'static str,
    configurations: Vec<Configuration>,
    key_documents: Vec<Document>,
}

#[derive(Clone, Serialize)]
struct Configuration {
    name: &'static str,
    about: &'static str,
    authorities: Vec<Authority>,
    audiences: Vec<&'static str>,
    tenants: Vec<Tenant>,
    clients: Option<Vec<&'static str>>,
    leeway_s: u16,
    lifetime_h_max: u16,
    token_bytes_max: usize,
}

#[derive(Clone, Serialize)]
struct Authority {
    kind: &'static str,
    base: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'static str>,
    versions: Vec<&'static str>,
    algorithms: Vec<&'static str>,
}

#[derive(Clone, Serialize)]
struct Tenant {
    id: &'static str,
    guests: &'static str,
}

#[derive(Serialize)]
struct Document {
    authority: String,
    tenants: Vec<&'static str>,
    jwks: Jwks,
}

#[derive(Serialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

#[derive(Clone, Default, Serialize)]
struct Jwk {
    kty: &'static str,
    kid: String,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    purpose: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_ops: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    k: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cloud_instance_name: Option<&'static str>,
}

pub fn world() -> World {
    World {
        about: "Configurations of the resource server, and what each authority publishes. See README.md.",
        configurations: configurations(),
        key_documents: documents(),
    }
}

fn entra(base: &str, versions: &[&'static str], algorithms: &[&'static str]) -> Authority {
    let (versions, algorithms) = (versions.to_vec(), algorithms.to_vec());
    Authority { kind: "entra", base: base.into(), tenant: None, versions, algorithms }
}

fn fixed(kind: &'static str, base: String, tenant: &'static str) -> Authority {
    Authority { kind, base, tenant: Some(tenant), versions: vec!["2.0"], algorithms: vec!["RS256"] }
}

fn tenant(id: &'static str) -> Tenant {
    Tenant { id, guests: "allowed" }
}

fn base() -> Configuration {
    Configuration {
        name: "base",
        about: "Entra worldwide, RS256, both versions. What vectors without `configuration` are judged by",
        authorities: vec![entra(WORLDWIDE, &["1.0", "2.0"], &["RS256"])],
        audiences: vec![API, API_URI],
        tenants: vec![
            tenant(CONTOSO),
            Tenant { id: FABRIKAM, guests: "refused" },
            tenant(KEYLESS),
            tenant(PLAIN),
        ],
        clients: None,
        leeway_s: 60,
        lifetime_h_max: 48,
        token_bytes_max: 16_384,
    }
}

fn with(name: &'static str, about: &'static str, change: impl Fn(&mut Configuration)) -> Configuration {
    let mut configuration = Configuration { name, about, ..base() };
    change(&mut configuration);
    configuration
}

fn algorithms(name: &'static str, about: &'static str, list: &[&'static str]) -> Configuration {
    with(name, about, |c| c.authorities = vec![entra(WORLDWIDE, &["1.0", "2.0"], list)])
}

fn configurations() -> Vec<Configuration> {
    let both = &["1.0", "2.0"];
    vec![
        base(),
        with("v2-only", "no v1.0 tokens", |c| c.authorities = vec![entra(WORLDWIDE, &["2.0"], &["RS256"])]),
        with("v1-only", "no v2.0 tokens", |c| c.authorities = vec![entra(WORLDWIDE, &["1.0"], &["RS256"])]),
        with("clients", "one client application may call", |c| c.clients = Some(vec![CLIENT])),
        algorithms("ps256", "PS256 alone", &["PS256"]),
        algorithms("es256", "ES256 alone", &["ES256"]),
        algorithms("rs256-es256", "two algorithms of two key types", &["RS256", "ES256"]),
        algorithms(
            "rs256-ps256",
            "two algorithms of one key type: keys without `alg` are for the first",
            &["RS256", "PS256"],
        ),
        with("personal", "personal accounts are let in by name", |c| c.tenants.push(tenant(PERSONAL))),
        with("no-leeway", "clocks must agree", |c| c.leeway_s = 0),
        with("longest-leeway", "the most that may be forgiven", |c| c.leeway_s = 300),
        with("shortest-cap", "Entra's longest tokens and no longer", |c| c.lifetime_h_max = 28),
        with("large-tokens", "twice the usual limit", |c| c.token_bytes_max = 32_768),
        with("clouds", "three clouds side by side; v1.0 of the US cloud is not documented", |c| {
            c.authorities = vec![
                entra(WORLDWIDE, both, &["RS256"]),
                entra(US, &["2.0"], &["RS256"]),
                entra(CHINA, both, &["RS256"]),
            ];
            c.tenants.extend([tenant(AGENCY), tenant(SHANGHAI)]);
        }),
        with("custom", "something that speaks like Entra at another address", |c| {
            c.authorities = vec![entra(CUSTOM, both, &["RS256"])];
        }),
        with("external-id", "one External ID tenant", |c| {
            c.authorities = vec![fixed("external-id", format!("https://{EXTERNAL}.ciamlogin.com"), EXTERNAL)];
            c.tenants.push(tenant(EXTERNAL));
        }),
        with("openid", "a plain OpenID Connect provider that stands for one tenant, beside Entra", |c| {
            c.authorities.push(fixed("openid", OPENID.into(), PROVIDER));
            c.tenants.push(tenant(PROVIDER));
        }),
    ]
}

fn rsa(name: &str, kid: &str) -> Jwk {
    let key = Rsa::load(name);
    let (n, e) = (Some(key.modulus()), Some(key.exponent()));
    Jwk { kty: "RSA", kid: kid.into(), purpose: Some("sig"), n, e, ..Jwk::default() }
}

fn entra_rsa(name: &str, kid: &str) -> Jwk {
    let issuer = Some(format!("{WORLDWIDE}/{{tenantid}}/v2.0"));
    Jwk { issuer, cloud_instance_name: Some("microsoftonline.com"), ..rsa(name, kid) }
}

fn entra_ec(name: &str, kid: &str) -> Jwk {
    let (x, y) = point(name);
    let rsa_only = Jwk { n: None, e: None, ..entra_rsa("entra-1", kid) };
    Jwk { kty: "EC", crv: Some("P-256"), x: Some(x), y: Some(y), ..rsa_only }
}

fn issued_by(issuer: &str, kid: &str) -> Jwk {
    Jwk { issuer: Some(issuer.into()), cloud_instance_name: None, ..entra_rsa("entra-2", kid) }
}

/// What Entra's worldwide cloud publishes here: good keys, and keys with one defect each.
fn worldwide() -> Vec<Jwk> {
    let second = |kid: &str| entra_rsa("entra-2", kid);
    let personal = format!("{WORLDWIDE}/{PERSONAL}/v2.0");
    let fabrikam = format!("{WORLDWIDE}/{FABRIKAM}/v2.0");
    vec![
        entra_rsa("entra-1", "entra-1"),
        second("entra-2"),
        Jwk { issuer: Some(personal), ..entra_rsa("personal", "personal") },
        Jwk { issuer: Some(fabrikam), ..entra_rsa("fabrikam", "fabrikam") },
        Jwk { alg: Some("RS256"), ..second("says-rs256") },
        Jwk { alg: Some("PS256"), ..second("says-ps256") },
        Jwk { alg: Some("RS512"), ..second("says-rs512") },
        Jwk { purpose: Some("enc"), ..second("for-encryption") },
        Jwk { purpose: None, key_ops: Some(vec!["sign", "verify"]), ..second("may-verify") },
        Jwk { purpose: None, key_ops: Some(vec!["encrypt"]), ..second("may-encrypt") },
        Jwk { cloud_instance_name: Some("microsoftonline.us"), ..second("other-cloud-name") },
        issued_by("https://login.microsoftonline.us/{tenantid}/v2.0", "other-cloud-issuer"),
        issued_by("https://sts.windows.net/{tenantid}/", "v1-issuer"),
        issued_by("https://login.microsoftonline.com/{tenantid}/v2.0/", "issuer-with-slash"),
        issued_by("https://login.microsoftonline.com/{TenantId}/v2.0", "issuer-in-camel-case"),
        issued_by(" ", "blank-issuer"),
        entra_rsa("weak", "weak"),
        entra_rsa("exponent-3", "exponent-3"),
        second("twice"),
        entra_rsa("stranger", "twice"),
        entra_ec("p-256", "p-256"),
        Jwk { kty: "oct", n: None, e: None, k: Some("c2VjcmV0".into()), ..second("shared-secret") },
        second("Ключ é/..%2f?'\" 1"),
        second(&"k".repeat(256)),
    ]
}

fn documents() -> Vec<Document> {
    let document = |authority: &str, tenants: Vec<&'static str>, keys: Vec<Jwk>| Document {
        authority: authority.into(),
        tenants,
        jwks: Jwks { keys },
    };
    let us = Jwk { cloud_instance_name: Some("microsoftonline.us"), ..rsa("us-government", "us-government") };
    let custom = Jwk { issuer: Some(format!("{CUSTOM}/{{tenantid}}/v2.0")), ..rsa("custom", "custom") };
    vec![
        document(WORLDWIDE, vec![CONTOSO, FABRIKAM, NORTHWIND, PERSONAL, AGENCY, SHANGHAI], worldwide()),
        document(WORLDWIDE, vec![PLAIN], vec![rsa("entra-1", "entra-1")]),
        document(US, vec![AGENCY], vec![Jwk { issuer: Some(format!("{US}/{{tenantid}}/v2.0")), ..us }]),
        document(CHINA, vec![SHANGHAI], vec![rsa("china", "china")]),
        document(CUSTOM, vec![CONTOSO, FABRIKAM, NORTHWIND], vec![custom]),
        document(
            &format!("https://{EXTERNAL}.ciamlogin.com"),
            vec![EXTERNAL],
            vec![rsa("external", "external")],
        ),
        document(OPENID, vec![PROVIDER], vec![rsa("openid", "openid")]),
    ]
}

/// The key documents alone, as text.
pub fn key_sets() -> Vec<String> {
    documents().iter().map(|document| serde_json::to_string(&document.jwks).unwrap()).collect()
}
