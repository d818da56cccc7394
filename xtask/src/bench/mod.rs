//! `cargo xtask bench NAME`: runs benches, and prints ratios beside their goals.
//!
//! Ratios, because they hold on any machine; a missed goal is shown, and is no failure: that is what makes it a bench
//! rather than a timed test. Which figure comes from which bench is the table in `catalogue.rs`.

mod catalogue;
mod measured;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::workspace::Workspace;
use catalogue::{BENCHES, Bench, Figure};
use measured::Measured;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to measure
    #[arg(value_parser = BENCHES.iter().map(|bench| bench.name).collect::<Vec<_>>())]
    name: String,
    /// One JSON object of named figures on standard output, everything else on standard error
    #[arg(long)]
    json: bool,
}

/// Measures and prints.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let bench =
        BENCHES.iter().find(|bench| bench.name == args.name).context("clap lets no other name through")?;
    let measured = Measured::take(&Workspace::read()?, bench)?;
    let figures: Vec<(&Figure, f64)> =
        bench.figures.iter().map(|figure| Ok((figure, measured.value(figure)?))).collect::<Result<_>>()?;
    match args.json {
        true => println!("{}", json(&figures)),
        false => table(bench, &figures),
    }
    Ok(ExitCode::SUCCESS)
}

fn json(figures: &[(&Figure, f64)]) -> Value {
    let members = figures.iter().map(|(figure, value)| (figure.name.to_owned(), Value::from(*value)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn table(bench: &Bench, figures: &[(&Figure, f64)]) {
    println!("\n{:<30}  {:>12}  {:>8}", bench.name, "measured", "goal");
    for (figure, value) in figures {
        println!("{:<30}  {value:>12.4}  {}", figure.name, goal(figure, *value));
    }
}

fn goal(figure: &Figure, value: f64) -> String {
    match figure.goal {
        None => String::new(),
        Some(goal) => {
            format!("{:>8}  {}", format!("<= {goal:.2}"), if value <= goal { "met" } else { "missed" })
        }
    }
}
