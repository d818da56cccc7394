//! `[keys]`: how signing keys are fetched and kept.

use std::{path::PathBuf, time::Duration};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use tenantry::{KeyMode, RefreshSchedule};

/// `[keys]`. Durations as people write them: `"90s"`, `"5m"`, `"24h"`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct KeysConfig {
    /// `per-tenant` (default) or `shared` (default where every tenant is let in).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<ModeName>,
    /// Time between refreshes in the background. Default `1h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refresh: Option<String>,
    /// Least time between refreshes that unknown keys cause, per tenant. Default `5m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cool_down: Option<String>,
    /// Folder in which fetched key sets outlive the process. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Certificate authority (PEM file) to trust beside the system's. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ca_file: Option<PathBuf>,
}

/// Whose key documents are read.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ModeName {
    /// Each tenant's own.
    #[default]
    PerTenant,
    /// The one for all organisations.
    Shared,
}

impl From<ModeName> for KeyMode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::PerTenant => Self::PerTenant,
            ModeName::Shared => Self::Shared,
        }
    }
}

impl From<KeyMode> for ModeName {
    fn from(mode: KeyMode) -> Self {
        match mode {
            KeyMode::PerTenant => Self::PerTenant,
            KeyMode::Shared => Self::Shared,
        }
    }
}

impl KeysConfig {
    /// With the values that count where none were given. `cache-dir` and `ca-file` have none.
    pub(super) fn effective(&self, mode: KeyMode) -> anyhow::Result<Self> {
        let schedule = self.schedule()?;
        let text = |duration| Some(humantime::format_duration(duration).to_string());
        let (refresh, cool_down) = (text(schedule.interval()), text(schedule.cool_down()));
        Ok(Self { mode: Some(mode.into()), refresh, cool_down, ..self.clone() })
    }

    /// The schedule that this section describes.
    pub(crate) fn schedule(&self) -> anyhow::Result<RefreshSchedule> {
        let mut schedule = RefreshSchedule::default();
        if let Some(refresh) = &self.refresh {
            schedule = schedule.with_interval(duration("keys.refresh", refresh)?);
        }
        if let Some(cool_down) = &self.cool_down {
            schedule = schedule.with_cool_down(duration("keys.cool-down", cool_down)?);
        }
        Ok(schedule)
    }
}

fn duration(key: &str, text: &str) -> anyhow::Result<Duration> {
    humantime::parse_duration(text)
        .with_context(|| format!("`{key}` is `{text}`, expected a duration such as `90s` or `5m`"))
}
