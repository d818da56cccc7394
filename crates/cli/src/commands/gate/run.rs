//! `tenantry gate run`.

use std::path::PathBuf;

use anyhow::Context;
use tenantry_gate::{CaseResult, Issuer, Observer, Outcome, Selection, Target};

use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to attack.
    #[arg(long, value_name = "FILE", default_value = "gate.toml")]
    target: PathBuf,
    /// A simulator that runs already, and that the target trusts.
    #[arg(long, value_name = "URL")]
    simulator: String,
    /// Only these suites or cases, separated by commas.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    only: Vec<String>,
    /// Number from which everything invented is derived.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(args: Args) -> anyhow::Result<Exit> {
    let text = std::fs::read_to_string(&args.target)
        .with_context(|| format!("cannot read {}", args.target.display()))?;
    let target = Target::parse(&text).with_context(|| format!("{} cannot be used", args.target.display()))?;
    tokio::runtime::Runtime::new()?.block_on(attack(target, args))
}

async fn attack(target: Target, args: Args) -> anyhow::Result<Exit> {
    let issuer = Issuer::connect(&args.simulator, None).await?;
    let selection = Selection { only: args.only, seed: args.seed };
    let report = tenantry_gate::run(target, issuer, &selection, &Lines).await?;
    let counts = report.counts();
    println!("{} held, {} failed, {} skipped", counts.held, counts.failed, counts.skipped);
    Ok(if counts.failed == 0 { Exit::Ok } else { Exit::Refused })
}

struct Lines;

impl Observer for Lines {
    fn finished(&self, result: &CaseResult) {
        let mark = match result.outcome {
            Outcome::Held => "held   ",
            Outcome::Failed(_) => "FAILED ",
            Outcome::Skipped(_) => "skipped",
        };
        println!("{mark}  {}  [{}]  {}", result.id, result.probe, result.detail);
    }
}
