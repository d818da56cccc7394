//! `tenantry gate init`: a few questions, and a `gate.toml` with comments.

mod answers;
mod preset;
mod questions;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use tenantry_gate::Target;

use crate::exit::Exit;
use crate::terminal::{BOLD, GOOD, QUIET, styled};
use answers::Answers;
use preset::Preset;
use questions::Questions;

/// Write a gate.toml: what to attack, and what a good token opens.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The framework that the API is built with.
    #[arg(long, value_enum, value_name = "NAME")]
    preset: Option<Preset>,
    /// The file to write.
    #[arg(long, value_name = "FILE", default_value = "gate.toml")]
    out: PathBuf,
    /// Replace the file if it is there.
    #[arg(long)]
    force: bool,
    /// Ask nothing: what no flag says is as usual for the preset.
    #[arg(long, short, requires = "preset")]
    yes: bool,
    #[command(flatten)]
    answers: AnswerArgs,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Answers")]
struct AnswerArgs {
    /// What people call the API.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// Where it answers, if it runs already.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Command that starts it, if the gate is to start it. `{port}` and `{authority}` are filled in.
    #[arg(long, value_name = "COMMAND", conflicts_with = "url")]
    start: Option<String>,
    /// Client id of its registration.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Scope of people's tokens.
    #[arg(long, value_name = "SCOPE")]
    scope: Option<String>,
    /// App role that opens the probes.
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Versions of the tokens it accepts: 1, 2 or both.
    #[arg(long, value_delimiter = ',', value_name = "N")]
    versions: Vec<u8>,
    /// A request that a good token opens: `/path` or `METHOD /path`; can be repeated.
    #[arg(long, value_name = "REQUEST")]
    probe: Vec<String>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    if args.out.exists() && !args.force {
        bail!("{} is there already; `--force` replaces it, `--out FILE` writes another", args.out.display());
    }
    let (preset, answers) = args.answers()?;
    let text = answers.text(preset);
    Target::parse(&text).context("these answers make no usable file")?;
    write(&args.out, &text, args.force)?;
    next_steps(&args.out, preset);
    Ok(Exit::Ok)
}

impl Args {
    fn answers(&self) -> anyhow::Result<(Preset, Answers)> {
        let asks = std::io::stdin().is_terminal() && std::io::stderr().is_terminal() && !self.yes;
        match (self.preset, asks) {
            (None, false) => {
                bail!("there is no terminal to ask on: say `--preset NAME`, and what is not usual by flags")
            }
            (Some(preset), false) => Ok((preset, self.answers.over(preset.answers()))),
            (preset, true) => {
                let mut questions = Questions::new(std::io::stdin().lock(), std::io::stderr());
                let preset = preset.map_or_else(|| questions.preset(), Ok)?;
                let usual = self.answers.over(preset.answers());
                Ok((preset, questions.answers(&self.answers, usual)?))
            }
        }
    }
}

impl AnswerArgs {
    /// What the flags say, over what is usual.
    fn over(&self, usual: Answers) -> Answers {
        let given = |flag: &Option<String>, usual: String| flag.clone().unwrap_or(usual);
        // An address says that it runs already.
        let start = if self.url.is_some() { String::new() } else { usual.start };
        Answers {
            name: given(&self.name, usual.name),
            url: given(&self.url, usual.url),
            start: given(&self.start, start),
            client_id: given(&self.client_id, usual.client_id),
            scope: given(&self.scope, usual.scope),
            role: given(&self.role, usual.role),
            versions: if self.versions.is_empty() { usual.versions } else { self.versions.clone() },
            probes: if self.probe.is_empty() { usual.probes } else { self.probe.clone() },
        }
    }
}

/// Without `force` a file that appeared in the meantime stays, too.
fn write(path: &Path, text: &str, force: bool) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    let options = options.write(true).truncate(force).create(force).create_new(!force);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn next_steps(path: &Path, preset: Preset) {
    let name = path.display();
    anstream::println!("{} {name}", styled("wrote", GOOD));
    anstream::println!("  1. read it, and point the API at the simulator: docs/guide/gate-frameworks.md");
    anstream::println!("  2. {}", styled(&format!("tenantry gate run --target {name}"), BOLD));
    if preset == Preset::Tasks {
        anstream::println!("     {}", styled("after `cargo build --release -p tasks`", QUIET));
    }
}

/// The presets by name, for a question.
fn preset_named(name: &str) -> Option<Preset> {
    Preset::from_str(name.trim(), true).ok()
}
