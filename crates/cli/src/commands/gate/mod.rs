//! `tenantry gate`: attacks an API, and says whether it may be promoted.

mod evidence;
mod formats;
mod init;
mod report;
mod required;
mod run;
mod summary;

use crate::exit::{self, Exit};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum GateCommand {
    /// Write a gate.toml: what to attack, and what a good token opens.
    #[command(after_help = exit::GATE_INIT_HELP)]
    Init(init::Args),
    /// Attack an API with tokens that are genuinely signed and yet wrong.
    #[command(after_help = exit::GATE_HELP)]
    Run(Box<run::Args>),
    /// Show a report, write it again in another format, or check it against its signed evidence.
    #[command(after_help = exit::GATE_REPORT_HELP)]
    Report(report::Args),
}

pub(crate) fn run(command: &GateCommand) -> anyhow::Result<Exit> {
    match command {
        GateCommand::Init(args) => init::run(args),
        GateCommand::Run(args) => run::run(args),
        GateCommand::Report(args) => report::run(args),
    }
}
