//! `tenantry`: one backend for many Entra tenants, from the command line.

mod commands;
mod config;
mod exit;
mod terminal;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use exit::Exit;

/// One backend API for users of many Microsoft Entra tenants: simulate them, demonstrate it, and find out why a token
/// was refused.
#[derive(Debug, Parser)]
#[command(name = "tenantry", version, arg_required_else_help = true, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a simulated Entra with several tenants, and a tasks API that they share.
    Demo(commands::demo::Args),
    /// Start the simulated Entra alone.
    Simulate(commands::simulate::Args),
    /// Judge a token: accepted, or refused, and why.
    #[command(subcommand)]
    Token(commands::token::TokenCommand),
    /// Attack an API with wrong tokens, and say whether it may be promoted.
    #[command(subcommand)]
    Gate(commands::gate::GateCommand),
    /// Propose, review and lock the list of tenants that may enter.
    #[command(subcommand)]
    AllowList(commands::allow_list::AllowListCommand),
    /// Check or show the configuration file.
    #[command(subcommand)]
    Config(commands::config::ConfigCommand),
    /// Print a completion script for a shell.
    Completions {
        /// The shell that is to learn the commands.
        shell: clap_complete::Shell,
    },
    /// Write manual pages.
    Man(commands::man::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let ended = match cli.command {
        Command::Demo(args) => commands::demo::run(args),
        Command::Simulate(args) => commands::simulate::run(args),
        Command::Token(command) => commands::token::run(command),
        Command::Gate(command) => commands::gate::run(&command),
        Command::AllowList(command) => commands::allow_list::run(&command),
        Command::Config(command) => commands::config::run(&command),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "tenantry", &mut std::io::stdout());
            Ok(Exit::Ok)
        }
        Command::Man(args) => commands::man::run(&args, Cli::command()),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(fault) => {
            terminal::error(&fault);
            Exit::Failed.into()
        }
    }
}
