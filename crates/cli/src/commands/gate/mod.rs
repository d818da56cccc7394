//! `tenantry gate`: attacks an API, and says whether it may be promoted.

mod run;

use crate::exit::{self, Exit};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum GateCommand {
    /// Attack an API with tokens that are genuinely signed and yet wrong.
    #[command(after_help = exit::GATE_HELP)]
    Run(run::Args),
}

pub(crate) fn run(command: &GateCommand) -> anyhow::Result<Exit> {
    match command {
        GateCommand::Run(args) => run::run(&args),
    }
}
