//! `tenantry allow-list`: one person proposes who may enter, another reviews it, and the result is locked.
//!
//! Files and questions are here; what a signature means, and which lock counts, is `tenantry-allow-list`'s.

mod diff;
mod key;
mod list_files;
mod lock;
mod print;
mod propose;
mod review;
mod show;
mod signing_key;
mod stop;
mod verify;

use clap::Subcommand;

use crate::exit::{self, Exit};
use stop::Stop;

/// Propose, review and lock the list of tenants that may enter.
#[derive(Debug, Subcommand)]
#[command(after_help = exit::ALLOW_LIST_HELP)]
pub(crate) enum AllowListCommand {
    /// Make a key to sign with, and print the table for `approved-keys.toml`
    #[command(after_help = exit::ALLOW_LIST_HELP)]
    Key(key::Args),
    /// Sign `allow-list.toml` as a proposal, or the emergency removal of a tenant
    #[command(after_help = exit::ALLOW_LIST_HELP)]
    Propose(propose::Args),
    /// Read somebody else's proposal, and sign it
    #[command(after_help = exit::ALLOW_LIST_HELP)]
    Review(review::Args),
    /// Put the reviewed proposal, or an emergency removal, in force
    #[command(after_help = exit::ALLOW_LIST_HELP)]
    Lock(lock::Args),
    /// Print the list in force
    #[command(after_help = exit::ALLOW_LIST_HELP)]
    Show(show::Args),
    /// Compare `allow-list.toml` with the list in force, or any two lists
    #[command(after_help = exit::ALLOW_LIST_DIFF_HELP)]
    Diff(diff::Args),
    /// Say whether a lock counts, and why not
    #[command(after_help = exit::ALLOW_LIST_HELP)]
    Verify(verify::Args),
}

pub(crate) fn run(command: &AllowListCommand) -> anyhow::Result<Exit> {
    let ended = match command {
        AllowListCommand::Key(args) => key::run(args),
        AllowListCommand::Propose(args) => propose::run(args),
        AllowListCommand::Review(args) => review::run(args),
        AllowListCommand::Lock(args) => lock::run(args),
        AllowListCommand::Show(args) => show::run(args),
        AllowListCommand::Diff(args) => diff::run(args),
        AllowListCommand::Verify(args) => verify::run(args),
    };
    match ended {
        Ok(exit) => Ok(exit),
        Err(Stop::Failed(fault)) => Err(fault),
        Err(Stop::Refused(refusal)) => {
            refusal.print();
            Ok(Exit::Refused)
        }
    }
}
