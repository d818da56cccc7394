//! The flags of `gate run`.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use tenantry_gate::{Listener, Selection, Severity, Skip, Target};

use super::output::OutputArgs;
use super::promotion::PromotionArgs;

/// Attack an API with tokens that are genuinely signed and yet wrong.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to attack.
    #[arg(long, value_name = "FILE", default_value = "gate.toml")]
    pub(super) target: PathBuf,
    /// Attack this address instead of the file's; nothing is started then.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Certificates (PEM) to trust at an HTTPS target or simulator, instead of the public ones.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    #[command(flatten)]
    simulator: SimulatorArgs,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    pub(super) promotion: PromotionArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Simulator")]
struct SimulatorArgs {
    /// Use a simulator that runs already, and that the target trusts. Otherwise the gate starts its own.
    #[arg(long, value_name = "URL")]
    simulator: Option<String>,
    /// Plain HTTP address of the gate's own simulator, instead of the file's. Port 0: any.
    #[arg(long, value_name = "ADDR:PORT", conflicts_with = "simulator")]
    simulator_http: Option<SocketAddr>,
    /// HTTPS address of the gate's own simulator, instead of the file's. Port 0: any.
    #[arg(long, value_name = "ADDR:PORT", conflicts_with = "simulator")]
    simulator_https: Option<SocketAddr>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Cases")]
struct SelectionArgs {
    /// Only these suites or cases, separated by commas. Shows what holds; proves no gate.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    only: Vec<String>,
    /// Leave out a suite or case, and say why; can be repeated. Reports repeat the reason.
    #[arg(long, value_name = "NAME=REASON", value_parser = skip)]
    skip: Vec<Skip>,
    /// Number from which everything invented is derived: the same number, the same attacks.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
}

fn skip(text: &str) -> Result<Skip, String> {
    let (case, reason) = text.split_once('=').ok_or("write `NAME=REASON`: reports repeat the reason")?;
    match reason.trim() {
        "" => Err("say why after the `=`: reports repeat the reason".to_owned()),
        reason => Ok(Skip { case: case.trim().to_owned(), reason: reason.to_owned() }),
    }
}

/// How bad a failure has to be to decide.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailOn {
    Low,
    Medium,
    High,
    Critical,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Low => Self::Low,
            FailOn::Medium => Self::Medium,
            FailOn::High => Self::High,
            FailOn::Critical => Self::Critical,
        }
    }
}

/// Where the tokens come from.
pub(super) enum SimulatorChoice {
    /// One that runs already.
    Running(String),
    /// The gate's own, as the target's section and the flags say.
    Own,
}

impl Args {
    /// The target, with what the flags say instead of the file.
    pub(super) fn read_target(&self) -> anyhow::Result<Target> {
        let name = self.target.display();
        let text = std::fs::read_to_string(&self.target).with_context(|| {
            format!("cannot read {name}; `tenantry gate init` writes one, `--target FILE` names another")
        })?;
        let mut target = Target::parse(&text).with_context(|| format!("{name} cannot be used"))?;
        if let Some(url) = &self.url {
            target.url.clone_from(url);
        }
        target.simulator.http = self.simulator.simulator_http.unwrap_or(target.simulator.http);
        target.simulator.https = self.simulator.simulator_https.unwrap_or(target.simulator.https);
        target.simulator.world = target.simulator.world.map(|world| self.beside_target(&world));
        target.skips.extend(self.selection.skip.iter().cloned());
        target.ca_pem = self.ca_pem()?;
        target.checked().context("the flags say what cannot be meant")
    }

    fn beside_target(&self, path: &std::path::Path) -> PathBuf {
        self.target.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }

    fn ca_pem(&self) -> anyhow::Result<Option<Vec<u8>>> {
        let read = |path: &PathBuf| {
            std::fs::read(path).with_context(|| format!("cannot read the certificates {}", path.display()))
        };
        self.ca.as_ref().map(read).transpose()
    }

    pub(super) fn simulator(&self) -> SimulatorChoice {
        self.simulator.simulator.clone().map_or(SimulatorChoice::Own, SimulatorChoice::Running)
    }

    pub(super) fn selection(&self) -> Selection {
        Selection { only: self.selection.only.clone(), seed: self.selection.seed }
    }
}

/// Whether the target's authority is the HTTPS listener.
pub(super) fn wants_https(target: &Target) -> bool {
    target.simulator.authority == Listener::Https
}
