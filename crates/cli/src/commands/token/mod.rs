//! `tenantry token check|explain`: the verdict of the auth module, at a desk.

mod report;
mod source;
mod world;

use clap::{Args, Subcommand};
use tenantry::Explanation;

use crate::exit::Exit;

/// Judge a token: accepted, or refused, and why.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// One line: accepted, or the reason. Ends with 0 accepted, 2 refused, 1 could not tell.
    Check(TokenArgs),
    /// All ten steps: what was expected, what was seen. Same exit codes.
    Explain(TokenArgs),
}

#[derive(Debug, Args)]
pub(crate) struct TokenArgs {
    /// The token; `-` reads it from standard input, `@FILE` from a file. A leading `Bearer ` is taken off.
    #[arg(default_value = "-")]
    token: String,
    #[command(flatten)]
    world: world::WorldArgs,
    /// Print JSON for scripts.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(command: TokenCommand) -> anyhow::Result<Exit> {
    crate::terminal::start_log("off");
    let (args, length) = match command {
        TokenCommand::Check(args) => (args, report::Length::OneLine),
        TokenCommand::Explain(args) => (args, report::Length::TenSteps),
    };
    let token = source::read(&args.token)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let explanation = runtime.block_on(args.world.judge(&token))?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&explanation)?);
    } else {
        report::print(&explanation, length);
    }
    Ok(exit_of(&explanation))
}

/// Keys that are not to be had are not the token's fault.
fn exit_of(explanation: &Explanation) -> Exit {
    match explanation.verdict {
        "accepted" => Exit::Ok,
        "keys_unavailable" => Exit::Failed,
        _ => Exit::Refused,
    }
}
