//! What gates 2 and 3 are judged by: files, read before anything is attacked.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tenantry::{Clock, UnixTime};
use tenantry_allow_list::{ApprovedKeys, Lock, LockFault, LockedList};
use tenantry_gate::{
    AllowListFacts, ApprovedModules, Behaviour, Facts, FoundModule, ListEvidence, ReviewedList,
    ReviewedTenant, Severity, Target, modules_in,
};
use tenantry_simulator::builtin;

use super::super::required::{Required, RequiredArgs};
use super::args::FailOn;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Promotion gates")]
pub(super) struct PromotionArgs {
    /// The locked allow-list that the target has to enforce (gate 3).
    #[arg(long, value_name = "FILE", requires = "approved_keys")]
    allow_list: Option<PathBuf>,
    /// Whose signatures count on it.
    #[arg(long, value_name = "FILE")]
    approved_keys: Option<PathBuf>,
    /// The revision before it: tenants that are gone since have to be refused.
    #[arg(long, value_name = "FILE", requires = "allow_list")]
    previous_allow_list: Option<PathBuf>,
    /// Approved versions of the auth module (gate 2).
    #[arg(long, value_name = "FILE")]
    approved_modules: Option<PathBuf>,
    /// What the target was built with: Cargo.lock, package-lock.json, requirements.txt, go.sum, pom.xml, packages.lock.json;
    /// can be repeated.
    #[arg(long, value_name = "FILE", requires = "approved_modules")]
    lock_file: Vec<PathBuf>,
    #[command(flatten)]
    required: RequiredArgs,
    /// The least severity of a failure that forbids promotion.
    #[arg(long, value_enum, default_value = "low", value_name = "SEVERITY")]
    fail_on: FailOn,
}

/// A tenant that no world has: it is added, to play the rogue.
const STRANGER: &str = "bad0bad0-0000-4000-a000-000000000001";

/// The files, read.
pub(super) struct Inputs {
    fail_on: Severity,
    approved: Option<ApprovedModules>,
    modules: Vec<FoundModule>,
    list: ListEvidence,
    required: Required,
}

impl PromotionArgs {
    /// Reads the files. A lock that does not count is a finding, not an error; a file that cannot be read is an error.
    pub(super) fn read(&self) -> anyhow::Result<Inputs> {
        let approved = self.approved_modules.as_deref().map(approved_modules).transpose()?;
        let modules: Vec<_> = self.lock_file.iter().map(|path| modules(path)).collect::<Result<_, _>>()?;
        Ok(Inputs {
            fail_on: self.fail_on.into(),
            approved,
            modules: modules.concat(),
            list: self.list()?,
            required: self.required(),
        })
    }

    fn required(&self) -> Required {
        let second = self.approved_modules.as_ref().map(|_| 2);
        let third = self.allow_list.as_ref().map(|_| 3);
        self.required.or(second.into_iter().chain(third))
    }

    fn list(&self) -> anyhow::Result<ListEvidence> {
        let (Some(list), Some(keys)) = (&self.allow_list, &self.approved_keys) else {
            return Ok(ListEvidence::None);
        };
        let keys = ApprovedKeys::parse(&read(keys)?)
            .with_context(|| format!("{} cannot be used", keys.display()))?;
        let verified = Lock::parse(&read(list)?).and_then(|lock| lock.verify(&keys, Clock::system().now()));
        match verified {
            Ok(list) => {
                let earlier = self.earlier(&keys)?;
                Ok(reviewed(&list, earlier.as_ref()))
            }
            Err(fault) => Ok(ListEvidence::Unsound(fault.to_string())),
        }
    }

    /// The revision before. It may have expired, and has to be signed all the same.
    fn earlier(&self, keys: &ApprovedKeys) -> anyhow::Result<Option<LockedList>> {
        let Some(path) = &self.previous_allow_list else { return Ok(None) };
        let verified: Result<_, LockFault> =
            Lock::parse(&read(path)?).and_then(|lock| lock.verify_signatures(keys));
        verified.map(Some).with_context(|| format!("{} does not count", path.display()))
    }
}

impl Inputs {
    fn tenants(&self) -> &[ReviewedTenant] {
        match &self.list {
            ListEvidence::Reviewed(list) => &list.tenants,
            _ => &[],
        }
    }

    /// Tenants of the locked list that are tried, and so have to be in the world.
    pub(super) fn tried(&self) -> Vec<ReviewedTenant> {
        match &self.list {
            ListEvidence::Reviewed(list) => list.tried().cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// Where `gate.toml` names no listed tenant, the locked list does: it says who plays the home tenant, whether that lets guests in,
    /// and who cannot play the rogue.
    pub(super) fn cast(&self, mut target: Target) -> anyhow::Result<Target> {
        let tenants = self.tenants();
        if let (true, Some(home)) = (target.tenants.listed.is_empty(), tenants.first()) {
            // Attacks have two parts for listed tenants; gate 3 tries the others.
            target.tenants.listed = tenants.iter().take(2).map(|tenant| tenant.id.clone()).collect();
            target.api.guests = home.guests;
            let lists_the_usual_rogue = tenants.iter().any(|tenant| tenant.id == builtin::NORTHWIND);
            if target.tenants.unlisted.is_none() && lists_the_usual_rogue {
                target.tenants.unlisted = Some(STRANGER.to_owned());
            }
        }
        target.checked().context("the locked list contradicts the target's file")
    }

    pub(super) fn list(&self) -> &ListEvidence {
        &self.list
    }

    /// Gates that have to be proven.
    pub(super) fn required(&self) -> &Required {
        &self.required
    }

    pub(super) fn facts(self, behaviour: Behaviour) -> Facts {
        let now = u64::try_from(Clock::system().now().as_secs()).unwrap_or_default();
        let Self { fail_on, approved, modules, list, .. } = self;
        Facts { fail_on, approved, modules, list, behaviour, now }
    }
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn approved_modules(path: &Path) -> anyhow::Result<ApprovedModules> {
    ApprovedModules::parse(&read(path)?).with_context(|| format!("{} cannot be used", path.display()))
}

fn modules(path: &Path) -> anyhow::Result<Vec<FoundModule>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    modules_in(&name, &read(path)?).with_context(|| format!("{} cannot be used", path.display()))
}

/// The list as the gate has to know it.
fn reviewed(list: &LockedList, earlier: Option<&LockedList>) -> ListEvidence {
    let mut entries: Vec<_> = list.entries().iter().collect();
    // The operator's own tenant first: it plays the home tenant.
    entries.sort_by_key(|entry| entry.kind);
    let tenants: Vec<_> = entries
        .into_iter()
        .map(|entry| ReviewedTenant {
            id: entry.id.to_string(),
            name: entry.name.clone(),
            guests: entry.guests == tenantry::Guests::Allowed,
        })
        .collect();
    let before = earlier.iter().flat_map(|earlier| earlier.entries()).map(|entry| entry.id);
    let removed = list.removals().iter().flat_map(|removal| removal.tenants().iter().copied());
    let removed: BTreeSet<String> = before.chain(removed).map(|id| id.to_string()).collect();
    let removed = removed.into_iter().filter(|id| !tenants.iter().any(|tenant| tenant.id == *id)).collect();
    ListEvidence::Reviewed(ReviewedList { facts: facts(list), tenants, removed })
}

fn facts(list: &LockedList) -> AllowListFacts {
    let unix = |time: UnixTime| u64::try_from(time.as_secs()).unwrap_or_default();
    AllowListFacts {
        revision: list.revision(),
        digest: list.digest().to_string(),
        expires_at: unix(list.expires_at()),
        proposer: list.proposer().name().to_owned(),
        reviewer: list.reviewer().name().to_owned(),
        tenants: list.entries().len() as u64,
        removals: list.removals().len() as u64,
    }
}
