//! What this repository runs on itself: `cargo xtask test`, `layers` and `bench`.
//!
//! Kept to five small dependencies, because everybody who runs the tests compiles it first.

mod bench;
mod deny;
mod layers;
mod suite;
mod system;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "What this repository runs on itself")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs everything: format, layers, lints, tests, documentation, PostgreSQL, Python clients
    Test(suite::Args),
    /// Fails on a dependency between our crates that the design does not have
    Layers(layers::Args),
    /// Measures, and prints each figure beside its goal
    Bench(bench::Args),
}

/// Exit codes: 0 all is well, 1 something is not, 2 the command line is wrong.
fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Test(args) => suite::run(&args),
        Command::Layers(args) => layers::run(&args),
        Command::Bench(args) => bench::run(&args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
