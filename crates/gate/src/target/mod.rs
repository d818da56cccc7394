//! What is attacked: the file `gate.toml`, read and checked.

mod api;
mod host;
mod isolation;
mod layer;
mod limits;
mod probe;
mod simulator;
mod start;

use serde::{Deserialize, Serialize};

pub use api::{Api, Tenants};
pub use isolation::{Call, Isolation};
pub use layer::Layer;
pub use limits::Limits;
pub use probe::Probe;
pub use simulator::{Listener, SimulatorSettings};
pub(crate) use start::Place;
pub use start::Start;

/// An HTTP API that trusts the simulator, and how to talk to it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Target {
    /// What people call it. At most 100 characters.
    pub name: String,
    /// Where it answers, without a path at the end: `http://127.0.0.1:3000`. Loopback, unless [`Target::named_hosts`] has
    /// the host. Default: nowhere, the gate starts it ([`Target::start`]).
    #[serde(default)]
    pub url: String,
    /// Hosts other than this machine that may be attacked, exactly as in [`Target::url`]. Default: none (T-163).
    #[serde(default)]
    pub named_hosts: Vec<String>,
    /// A path that answers anybody once the API is up. Default: the first probe's, without a token.
    #[serde(default)]
    pub ready: Option<String>,
    /// How to start it. Default: it runs already, at [`Target::url`].
    #[serde(default)]
    pub start: Option<Start>,
    /// What its tokens look like.
    pub api: Api,
    /// Who may come in, who may not.
    #[serde(default)]
    pub tenants: Tenants,
    /// Requests that a good token opens. The first one meets every attack, the others the most important ones.
    #[serde(rename = "probe")]
    pub probes: Vec<Probe>,
    /// How one tenant's data is made and found. Default: the suite *isolation* is skipped.
    #[serde(default)]
    pub isolation: Option<Isolation>,
    /// Layers of defence that can be switched off. Default: the suite *layers* tries the issuer's list alone.
    #[serde(default, rename = "layer")]
    pub layers: Vec<Layer>,
    /// Bounds of a run.
    #[serde(default)]
    pub limits: Limits,
    /// The gate's own simulator.
    #[serde(default)]
    pub simulator: SimulatorSettings,
    /// Cases that are left out, each with a reason that every report repeats.
    #[serde(default, rename = "skip")]
    pub skips: Vec<Skip>,
    /// Certificates, in PEM, to trust at an HTTPS target instead of the public ones. Not of the file: each machine has its own.
    #[serde(skip)]
    pub ca_pem: Option<Vec<u8>>,
}

/// A case that somebody decided not to run.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Skip {
    /// Id of a case, `keys/outage`, or of a suite, `keys`.
    pub case: String,
    /// Why, for whoever reads the report.
    pub reason: String,
}

/// Why a `gate.toml` cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// Not TOML, or a key that means nothing; the text shows the line.
    #[error(transparent)]
    Syntax(#[from] toml::de::Error),
    /// A value that cannot be meant.
    #[error("`{key}`: {why}")]
    Value {
        /// The key, with its table.
        key: String,
        /// What is wrong, and what would be right.
        why: String,
    },
}

impl Target {
    /// Reads and checks a `gate.toml`.
    ///
    /// # Errors
    /// [`TargetError`], which names the key or the line.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let target: Self = toml::from_str(text)?;
        target.checked()
    }

    /// The target, if every value can be meant.
    ///
    /// # Errors
    /// [`TargetError::Value`].
    pub fn checked(self) -> Result<Self, TargetError> {
        if self.name.trim().is_empty() || self.name.chars().count() > 100 {
            return Err(wrong("name", "1 to 100 characters that people call the API by"));
        }
        self.check_address()?;
        if self.ready.as_ref().is_some_and(|path| !path.starts_with('/') || path.starts_with("//")) {
            return Err(wrong("ready", "a path that begins with one `/`"));
        }
        self.api.check()?;
        self.tenants.check()?;
        self.limits.check()?;
        self.simulator.check()?;
        if self.probes.is_empty() {
            return Err(wrong("probe", "at least one request that a good token opens"));
        }
        self.probes.iter().try_for_each(Probe::check)?;
        self.isolation.iter().try_for_each(Isolation::check)?;
        Layer::check(&self.layers, self.start.is_some())?;
        for skip in &self.skips {
            if skip.reason.trim().is_empty() {
                return Err(wrong("skip.reason", "say why the case is left out; reports repeat it"));
            }
        }
        Ok(self)
    }

    fn check_address(&self) -> Result<(), TargetError> {
        self.start.iter().try_for_each(|start| start.check(&self.named_hosts))?;
        if self.url.is_empty() && self.start.is_some() {
            return Ok(());
        }
        host::check("url", &self.url, &self.named_hosts)
    }

    /// Whether the gate has to start it.
    pub fn starts(&self) -> bool {
        self.url.is_empty()
    }

    /// The path that answers anybody once the API is up.
    pub(crate) fn ready_path(&self) -> &str {
        self.ready.as_deref().unwrap_or(&self.probes[0].path)
    }

    /// The reason for leaving out a case, if somebody gave one.
    pub(crate) fn skip_reason(&self, case: &str) -> Option<&str> {
        let names = |skip: &&Skip| {
            case.strip_prefix(&*skip.case).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.skips.iter().find(names).map(|skip| skip.reason.as_str())
    }
}

/// A value that cannot be meant.
pub(crate) fn wrong(key: &str, why: impl Into<String>) -> TargetError {
    TargetError::Value { key: key.to_owned(), why: why.into() }
}
