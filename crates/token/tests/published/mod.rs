//! Reads `vectors/` as another implementation would: the files alone, and a verifier per configuration.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{collections::HashMap, fs, sync::Arc};

use serde::Deserialize;
use tenantry_token::{
    Algorithm, Audience, Authority, ClientId, Credentials, FixedList, Guests, KeyAnswer, KeySet, KeySource,
    Limits, Policy, TenantId, TenantPolicy, UnixTime, Verifier, Versions,
};

pub const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    pub subject: String,
    pub about: String,
    pub vectors: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    pub id: String,
    pub expect: String,
    pub why: String,
    pub source: Vec<String>,
    #[serde(default = "base")]
    pub configuration: String,
    pub now: i64,
    pub token: Option<String>,
    pub authorization: Option<Vec<String>>,
    pub principal: Option<Expected>,
}

fn base() -> String {
    "base".into()
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    pub tenant: String,
    pub object_id: Option<String>,
    pub subject: Option<String>,
    pub kind: String,
    pub membership: String,
    pub client_id: String,
    pub roles: Vec<String>,
    pub scopes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    pub about: String,
    pub configurations: Vec<Configuration>,
    pub key_documents: Vec<Document>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    pub name: String,
    pub about: String,
    authorities: Vec<AuthorityEntry>,
    audiences: Vec<String>,
    tenants: Vec<TenantEntry>,
    clients: Option<Vec<String>>,
    leeway_s: u16,
    lifetime_h_max: u16,
    token_bytes_max: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityEntry {
    kind: String,
    base: String,
    tenant: Option<TenantId>,
    versions: Vec<String>,
    algorithms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TenantEntry {
    id: TenantId,
    guests: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    authority: String,
    tenants: Vec<TenantId>,
    pub jwks: serde_json::Value,
}

/// One key set per authority and tenant.
struct Keys(HashMap<(String, TenantId), KeySet>);

impl KeySource for Keys {
    fn key(&self, authority: &Authority, tenant: TenantId, key_id: &str) -> KeyAnswer {
        match self.0.get(&(authority.base().to_owned(), tenant)) {
            Some(set) => set.key(authority, tenant, key_id),
            None => KeyAnswer::Unavailable,
        }
    }
}

impl Vector {
    pub fn is_accepted(&self) -> bool {
        self.expect == "accepted"
    }

    pub fn now(&self) -> UnixTime {
        UnixTime::from_secs(self.now)
    }

    pub fn credentials(&self) -> Credentials<'_> {
        match (&self.token, &self.authorization) {
            (Some(token), None) => Credentials::bearer(token),
            (None, Some(fields)) => Credentials::from_fields(fields.iter().map(String::as_bytes)),
            _ => panic!("{}: needs either `token` or `authorization`", self.id),
        }
    }
}

impl World {
    pub fn verifiers(&self) -> HashMap<String, Verifier> {
        let verifier = |configuration: &Configuration| {
            (configuration.name.clone(), configuration.verifier(&self.key_documents))
        };
        self.configurations.iter().map(verifier).collect()
    }
}

impl Configuration {
    fn verifier(&self, documents: &[Document]) -> Verifier {
        let authorities: Vec<_> = self.authorities.iter().map(AuthorityEntry::authority).collect();
        let mut keys = HashMap::new();
        for authority in &authorities {
            for document in documents.iter().filter(|document| document.authority == authority.base()) {
                let json = document.jwks.to_string();
                let set = KeySet::parse(json.as_bytes(), authority).unwrap();
                keys.extend(
                    document
                        .tenants
                        .iter()
                        .map(|tenant| ((document.authority.clone(), *tenant), set.clone())),
                );
            }
        }
        let tenants = self.tenants.iter().map(|tenant| {
            let guests = if tenant.guests == "refused" { Guests::Refused } else { Guests::Allowed };
            (tenant.id, TenantPolicy { guests })
        });
        let tenants = FixedList::with_policies(tenants);
        Verifier::new(self.policy(authorities), Arc::new(tenants), Arc::new(Keys(keys)))
    }

    fn policy(&self, authorities: Vec<Authority>) -> Policy {
        let audiences = self.audiences.iter().map(|audience| Audience::new(audience).unwrap());
        let policy = Policy::new(authorities, audiences)
            .unwrap()
            .with_leeway(self.leeway_s)
            .unwrap()
            .with_lifetime_max(self.lifetime_h_max)
            .unwrap()
            .with_limits(Limits::default().with_token_bytes_max(self.token_bytes_max));
        match &self.clients {
            Some(clients) => policy.with_clients(clients.iter().map(|id| ClientId::new(id))).unwrap(),
            None => policy,
        }
    }
}

impl AuthorityEntry {
    fn authority(&self) -> Authority {
        let authority = match &*self.kind {
            "entra" => Authority::at_host(&self.base).unwrap(),
            "external-id" => Authority::external_id(self.tenant.unwrap()),
            "openid" => Authority::openid(&self.base, self.tenant.unwrap()).unwrap(),
            other => panic!("no such kind of authority: {other}"),
        };
        assert_eq!(authority.base(), self.base);
        let versions: Vec<_> = self.versions.iter().map(String::as_str).collect();
        let versions = match versions[..] {
            ["1.0", "2.0"] => Versions::Both,
            ["1.0"] => Versions::V1Only,
            ["2.0"] => Versions::V2Only,
            _ => panic!("no such versions: {versions:?}"),
        };
        let algorithms = self.algorithms.iter().map(|name| match &**name {
            "RS256" => Algorithm::Rs256,
            "PS256" => Algorithm::Ps256,
            "ES256" => Algorithm::Es256,
            other => panic!("no such algorithm: {other}"),
        });
        authority.with_versions(versions).unwrap().with_algorithms(algorithms).unwrap()
    }
}

pub fn world() -> World {
    let text = fs::read_to_string(format!("{FOLDER}/world.json")).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|fault| panic!("world.json: {fault}"))
}

/// All published vectors, subject by subject.
pub fn sheets() -> Vec<Sheet> {
    let mut paths: Vec<_> = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap();
        name.ends_with(".json") && name != "world.json" && name != "schema.json"
    });
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
    };
    paths.iter().map(read).collect()
}

/// The vector of this id.
pub fn vector(id: &str) -> Vector {
    let all = sheets().into_iter().flat_map(|sheet| sheet.vectors);
    all.into_iter().find(|vector| vector.id == id).unwrap_or_else(|| panic!("no vector `{id}`"))
}
