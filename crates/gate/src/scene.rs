//! Who plays which part in an attack: the tenants, people and programs of the simulator's world, for one target.

use std::sync::Arc;

use crate::issuer::{Directory, DirectoryTenant, Issuer};
use crate::run::Canary;
use crate::token::Attacker;
use crate::{Api, GateError, Probe, Target};

/// Everything that a case may ask when it describes its tokens.
#[derive(Clone)]
pub struct Scene {
    /// What the API accepts.
    pub api: Api,
    /// The probe that is attacked just now.
    pub probe: Probe,
    /// A listed tenant; good tokens are its people's.
    pub home: Cast,
    /// Another listed tenant.
    pub partner: Option<Cast>,
    /// An organisation that is not listed. Its tokens are genuine.
    pub rogue: Cast,
    /// The tenant of personal accounts.
    pub personal: Option<Cast>,
    /// A directory of customers (Entra External ID), which has keys and a host of its own.
    pub external: Option<Cast>,
    /// A tenant that the API has suspended.
    pub suspended: Option<Cast>,
    /// Base of the authority, without a slash at the end.
    pub authority: String,
    /// Keys that have nothing to do with the authority.
    pub(crate) attacker: Arc<Attacker>,
    /// Who notices that somebody follows a URL out of a token.
    pub(crate) canary: Arc<Canary>,
    /// Number from which everything invented in this run is derived (T-165).
    pub seed: u64,
}

/// One tenant and those who act for it.
#[derive(Clone, Debug)]
pub struct Cast {
    /// Tenant id, lower-case GUID.
    pub tenant: String,
    /// A verified domain.
    pub domain: String,
    /// Object id of a member who may use the probes.
    pub member: Option<String>,
    /// Sign-in name and password of that member.
    pub sign_in: Option<(String, String)>,
    /// Object id of a guest.
    pub guest: Option<String>,
    /// Client id of a program with a service principal there.
    pub program: Option<String>,
}

const CONTOSO: &str = "contoso.example";
const FABRIKAM: &str = "fabrikam.example";
const NORTHWIND: &str = "northwind.example";
const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

impl Scene {
    /// Finds somebody for each part.
    pub(crate) async fn cast(target: &Target, issuer: &Issuer, seed: u64) -> Result<Self, GateError> {
        let directory = issuer.directory().await?;
        let casting = Casting { directory: &directory, role: target.api.role.as_deref() };
        let tenants = &target.tenants;
        let listed = |at: usize, usual: &str| match tenants.listed.get(at) {
            Some(name) => Some(name.clone()),
            None => tenants.listed.is_empty().then(|| usual.to_owned()),
        };
        let (attacker, canary) =
            adversary().await.map_err(|why| GateError::Token { case: "control".to_owned(), why })?;
        Ok(Self {
            api: target.api.clone(),
            probe: target.probes[0].clone(),
            home: casting.find(home(target), "listed tenant")?,
            partner: listed(1, FABRIKAM)
                .map(|name| casting.find(&name, "second listed tenant"))
                .transpose()?,
            rogue: casting.find(unlisted(target), "unlisted tenant")?,
            personal: casting.find(PERSONAL_ACCOUNTS, "tenant of personal accounts").ok(),
            external: directory
                .tenants
                .iter()
                .find(|tenant| tenant.kind == "external")
                .map(|t| casting.of(t)),
            suspended: tenants
                .suspended
                .as_ref()
                .map(|name| casting.find(name, "suspended tenant"))
                .transpose()?,
            authority: issuer.base().to_owned(),
            attacker,
            canary: Arc::new(canary),
            seed,
        })
    }

    /// The same scene before another probe.
    pub(crate) fn at(&self, probe: &Probe) -> Self {
        Self { probe: probe.clone(), ..self.clone() }
    }

    /// The simulator's listener that the target trusts.
    pub(crate) fn listener(&self) -> &'static str {
        if self.authority.starts_with("https:") { "https" } else { "http" }
    }

    /// An address that nobody may ask because a token of that case names it (T-007).
    pub fn lure(&self, case: &str) -> String {
        self.canary.url(case)
    }

    /// 32 bytes that depend on the seed and `label` alone.
    pub fn bytes(&self, label: &str) -> [u8; 32] {
        sha_256(&format!("{}/{label}", self.seed))
    }

    /// A GUID that nobody has: version 4, lower case.
    pub fn guid(&self, label: &str) -> String {
        guid(&format!("{}/{label}", self.seed))
    }

    /// The issuer that a tenant's tokens of that version name.
    pub fn issuer_of(&self, tenant: &str, version: u8) -> String {
        match version {
            1 => format!("https://sts.windows.net/{tenant}/"),
            _ => format!("{}/{tenant}/v2.0", self.authority),
        }
    }
}

/// A GUID of version 4, lower case, that follows from `label` alone.
pub(crate) fn guid(label: &str) -> String {
    let mut b = sha_256(label);
    b[6] = (b[6] & 0x0f) | 0x40;
    b[8] = (b[8] & 0x3f) | 0x80;
    let hex: String = b[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn sha_256(text: &str) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}

/// Id or domain of the home tenant.
pub(crate) fn home(target: &Target) -> &str {
    target.tenants.listed.first().map_or(CONTOSO, String::as_str)
}

/// Id or domain of the rogue tenant.
pub(crate) fn unlisted(target: &Target) -> &str {
    target.tenants.unlisted.as_deref().unwrap_or(NORTHWIND)
}

/// Who acts for the tenant of that id or domain, preferably with `role`.
pub(crate) fn cast(directory: &Directory, role: Option<&str>, tenant: &str) -> Option<Cast> {
    Casting { directory, role }.find(tenant, "tenant").ok()
}

/// The attacker's keys, and the server that shows them.
async fn adversary() -> Result<(Arc<Attacker>, Canary), String> {
    let attacker = Attacker::shared()?;
    let canary = Canary::start(attacker.jwks(), attacker.certificate_base64()).await;
    Ok((attacker, canary.map_err(|error| format!("no port for the canary: {error}"))?))
}

struct Casting<'d> {
    directory: &'d Directory,
    role: Option<&'d str>,
}

impl Casting<'_> {
    fn find(&self, name: &str, part: &'static str) -> Result<Cast, GateError> {
        let advice = || format!("`{name}` is in no tenant's id or domains; see `tenants` in gate.toml");
        let tenant =
            self.directory.tenant(name).ok_or_else(|| GateError::NobodyFor { part, advice: advice() })?;
        Ok(self.of(tenant))
    }

    fn of(&self, tenant: &DirectoryTenant) -> Cast {
        let member = tenant.member(self.role).or_else(|| tenant.member(None));
        Cast {
            tenant: tenant.id.clone(),
            domain: tenant.domains.first().cloned().unwrap_or_default(),
            member: member.map(|user| user.id.clone()),
            sign_in: member.and_then(|user| Some((user.upn.clone(), user.password.clone()?))),
            guest: tenant.guest().map(|user| user.id.clone()),
            program: self.program(tenant),
        }
    }

    /// A daemon with a service principal in the tenant, its own rather than another's.
    fn program(&self, tenant: &DirectoryTenant) -> Option<String> {
        let daemons = self.directory.applications.iter().filter(|app| app.kind == "daemon");
        let here = daemons.filter(|app| tenant.service_principals.iter().any(|sp| sp.app_id == app.app_id));
        let mut here: Vec<_> = here.collect();
        here.sort_by_key(|app| app.home_tenant != tenant.id);
        here.first().map(|app| app.app_id.clone())
    }
}
