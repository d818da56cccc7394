//! Who may use the demo's tasks API.

use std::{fs, path::PathBuf};

use anyhow::Context;
use tenantry::{AllowList, ApprovedKeys};
use tenantry_simulator::builtin;

/// A list that two people signed, instead of the demo's own.
#[derive(Debug, clap::Args)]
pub(super) struct LockArgs {
    /// Let in the tenants of this `allow-list.lock`, read again when it changes. Default: Contoso and Fabrikam.
    #[arg(long, value_name = "FILE", requires = "approved_keys")]
    allow_list: Option<PathBuf>,
    /// Whose signatures on it count: `approved-keys.toml`.
    #[arg(long, value_name = "FILE", requires = "allow_list")]
    approved_keys: Option<PathBuf>,
}

impl LockArgs {
    /// The tenants that the demo lets in: home and partner, not Northwind, unless a lock says otherwise.
    pub(super) fn tenants(&self) -> anyhow::Result<AllowList> {
        let (Some(lock), Some(keys)) = (&self.allow_list, &self.approved_keys) else {
            return Ok(AllowList::new([builtin::CONTOSO.parse()?, builtin::FABRIKAM.parse()?]));
        };
        let text = fs::read_to_string(keys).with_context(|| format!("cannot read `{}`", keys.display()))?;
        let approved =
            ApprovedKeys::parse(&text).with_context(|| format!("approved keys `{}`", keys.display()))?;
        Ok(AllowList::locked(lock, approved)?)
    }
}
