//! The simulator of a run: one that runs already, or the gate's own, which ends with it.

use std::io::Write;

use anyhow::Context;
use tempfile::NamedTempFile;
use tenantry_gate::{Issuer, Target};
use tenantry_simulator::Simulator;

use super::args::{SimulatorChoice, wants_https};

/// Where the tokens come from, for as long as this is kept.
pub(super) struct SimulatorInUse {
    base: String,
    ca_pem: Option<Vec<u8>>,
    ca_file: Option<NamedTempFile>,
    own: Option<Simulator>,
}

impl SimulatorInUse {
    pub(super) async fn of(choice: SimulatorChoice, target: &Target) -> anyhow::Result<Self> {
        match choice {
            SimulatorChoice::Running(base) => Self::new(base, target.ca_pem.clone(), None),
            SimulatorChoice::Own => Self::start(target).await,
        }
    }

    async fn start(target: &Target) -> anyhow::Result<Self> {
        let settings = &target.simulator;
        let mut builder = Simulator::builder().http(settings.http).https(settings.https);
        if let Some(world) = &settings.world {
            builder = builder.world_file(world);
        }
        let own = builder.start().await.context(
            "the gate's own simulator does not start; `[simulator]` in the target's file, `--simulator-http` and \
             `--simulator-https` move it, `--simulator URL` uses one that runs already",
        )?;
        let base = if wants_https(target) { own.https_base() } else { own.http_base() };
        let base = base.unwrap_or(own.base()).to_owned();
        Self::new(base, Some(own.ca_pem()?.into_bytes()), Some(own))
    }

    fn new(base: String, ca_pem: Option<Vec<u8>>, own: Option<Simulator>) -> anyhow::Result<Self> {
        let ca_file = ca_pem.as_deref().map(file_of).transpose().context("cannot write a temporary file")?;
        Ok(Self { base, ca_pem, ca_file, own })
    }

    /// The target, told where the simulator's certificate authority is.
    pub(super) fn told(&self, mut target: Target) -> Target {
        let file = self.ca_file.as_ref().map(|file| file.path().to_string_lossy().into_owned());
        target.start = target.start.map(|start| start.with_ca_file(&file.unwrap_or_default()));
        target
    }

    /// The target's authority.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn is_own(&self) -> bool {
        self.own.is_some()
    }

    pub(super) async fn connect(&self) -> anyhow::Result<Issuer> {
        Ok(Issuer::connect(&self.base, self.ca_pem.as_deref()).await?)
    }

    pub(super) async fn end(self) {
        if let Some(own) = self.own {
            own.shutdown().await;
        }
    }
}

/// A file for as long as it is kept.
fn file_of(text: &[u8]) -> std::io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    file.write_all(text)?;
    Ok(file)
}
