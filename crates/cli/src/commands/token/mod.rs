//! `tenantry token check|explain`: the verdict of the auth module, at a desk.

mod report;
mod rules;
mod source;
mod world;

use crate::exit::{self, Exit};
use clap::{Args, Subcommand};

/// Judge a token: accepted, or refused, and why.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// One line: accepted, or the reason
    #[command(after_help = exit::TOKEN_HELP)]
    Check(TokenArgs),
    /// All ten steps: what was expected, what was seen
    #[command(after_help = exit::TOKEN_HELP)]
    Explain(TokenArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TokenArgs {
    /// The token, `@FILE`, or `-` for standard input (default). `Bearer` in front is taken off
    #[arg(default_value = "-", hide_default_value = true)]
    token: String,
    /// Print JSON, for scripts
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    world: world::WorldArgs,
}

pub(crate) fn run(command: TokenCommand) -> anyhow::Result<Exit> {
    crate::terminal::start_log("off");
    let (args, length) = match command {
        TokenCommand::Check(args) => (args, report::Length::OneLine),
        TokenCommand::Explain(args) => (args, report::Length::TenSteps),
    };
    let token = source::read(&args.token)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let judgement = runtime.block_on(args.world.judge(&token))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&judgement)?);
    } else {
        report::print(&judgement, length);
    }
    Ok(exit_of(judgement.explanation.verdict))
}

/// Keys that are not to be had are not the token's fault.
fn exit_of(verdict: &str) -> Exit {
    match verdict {
        "accepted" => Exit::Ok,
        "keys_unavailable" => Exit::Failed,
        _ => Exit::Refused,
    }
}
