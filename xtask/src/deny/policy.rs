//! `deny.toml`, as far as we understand it; what we do not understand is an error rather than ignored.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::{Package, licence};

#[derive(Deserialize)]
pub(super) struct Policy {
    bans: Bans,
    licenses: Licences,
    sources: Sources,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

/// `{ crate = "rsa", reason = "…" }`, or `"rsa:<0.10"` for versions below one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ban {
    #[serde(rename = "crate")]
    spec: String,
    reason: String,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Sources {
    unknown_registry: String,
    unknown_git: String,
}

impl Policy {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let policy: Self = toml::from_str(text).context("deny.toml")?;
        for ban in &policy.bans.deny {
            ban.below().with_context(|| format!("deny.toml: `{}`", ban.spec))?;
        }
        let sources = &policy.sources;
        let closed = sources.unknown_registry == "deny" && sources.unknown_git == "deny";
        ensure!(closed, "deny.toml: unknown registries and repositories must be denied");
        Ok(policy)
    }

    /// What is wrong with one package.
    pub(super) fn problems(&self, package: &Package) -> Vec<String> {
        let Package { name, version, elsewhere, licence } = package;
        let banned = self.bans.deny.iter().find(|ban| ban.hits(package));
        let banned = banned.map(|ban| format!("{name} {version} is banned: {}", ban.reason));
        let foreign = elsewhere.as_ref().map(|place| format!("{name} {version} comes from {place}"));
        let licensed = licence::is_allowed(licence, &self.licenses.allow);
        let unlicensed =
            (!licensed).then(|| format!("{name} {version}: licence `{licence}` is not on the list"));
        [banned, foreign, unlicensed].into_iter().flatten().collect()
    }
}

impl Ban {
    fn hits(&self, package: &Package) -> bool {
        let name = self.spec.split_once(':').map_or(self.spec.as_str(), |(name, _)| name);
        let below = self.below().ok().flatten();
        name == package.name && below.is_none_or(|limit| numbers(&package.version) < limit)
    }

    /// The version from which on the crate is welcome again; `None` when it never is.
    fn below(&self) -> Result<Option<Vec<u64>>> {
        let Some((_, requirement)) = self.spec.split_once(':') else { return Ok(None) };
        let limit = requirement.strip_prefix('<').map(numbers).filter(|limit| !limit.is_empty());
        Ok(Some(limit.context("only `name` and `name:<version` are understood without cargo-deny")?))
    }
}

/// `10.3.0-rc.1` as `[10, 3, 0]`.
fn numbers(version: &str) -> Vec<u64> {
    version
        .split(['-', '+'])
        .next()
        .into_iter()
        .flat_map(|core| core.split('.'))
        .flat_map(str::parse)
        .collect()
}
