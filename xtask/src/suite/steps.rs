//! The steps, cheapest first, so that a mistake shows early.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use super::report::Outcome;
use super::{Ground, browser, fuzz, gate, node, postgres, python};
use crate::{deny, layers, system, workspace};

/// One line of the table that a run prints.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// Steps that `--only` runs first.
    pub(super) needs: &'static [&'static str],
    pub(super) run: fn(&mut Ground) -> Result<Outcome>,
}

pub(super) const STEPS: &[Step] = &[
    Step { name: "fmt", about: "the code is formatted", needs: &[], run: fmt },
    Step { name: "layers", about: "dependencies between our crates point one way", needs: &[], run: arrows },
    Step { name: "deny", about: "banned crates, licences and sources", needs: &[], run: deny },
    Step { name: "clippy", about: "no warnings", needs: &[], run: clippy },
    Step { name: "postgres", about: "a throw-away PostgreSQL", needs: &[], run: postgres::step },
    Step {
        name: "test",
        about: "unit, vector, property, integration and doc tests",
        needs: &["postgres"],
        run: test,
    },
    Step {
        name: "python",
        about: "unmodified Python clients sign in and call APIs",
        needs: &[],
        run: python::step,
    },
    Step {
        name: "node",
        about: "unmodified Node clients sign in and call APIs",
        needs: &[],
        run: node::step,
    },
    Step {
        name: "browser",
        about: "the single-page example signs in with MSAL in Chromium",
        needs: &[],
        run: browser::step,
    },
    Step {
        name: "gate",
        about: "the gate at other people's validators finds what is documented",
        needs: &[],
        run: gate::step,
    },
    Step { name: "docs", about: "the documentation builds without warnings", needs: &[], run: docs },
    Step { name: "fuzz-build", about: "the fuzz targets compile", needs: &[], run: fuzz::step },
];

/// Variables that configure our own programs: set in somebody's shell, they would change what the tests see.
const OUR_VARIABLES: &[&str] = &[
    "DATABASE_URL",
    "AZURE_AUTHORITY_HOST",
    "AZURE_API_CLIENT_ID",
    "ALLOWED_TENANT_IDS",
    "ALLOW_LIST_FILE",
    "ALLOW_LIST_KEYS",
    "ALLOW_LIST_SEEN",
    "ALLOW_ANY_TENANT",
    "ALLOWED_CLIENT_IDS",
    "ALLOWED_ORIGINS",
    "TASKS_LISTEN",
    "TASKS_DEFAULT_ROLE",
    "TASKS_WELL_KNOWN",
    "TASKS_TEST_LAYERS_OFF",
];

fn fmt(ground: &mut Ground) -> Result<Outcome> {
    passed(ground.cargo().args(["fmt", "--all", "--check"]))
}

fn arrows(ground: &mut Ground) -> Result<Outcome> {
    let problems = layers::count_problems(&ground.workspace)?;
    ensure!(problems == 0, "{problems} problems");
    Ok(Outcome::Passed)
}

fn deny(ground: &mut Ground) -> Result<Outcome> {
    if system::answers("cargo-deny", "--version") {
        return passed(ground.cargo().args(["deny", "check", "bans", "licenses", "sources"]));
    }
    println!("cargo-deny is not installed: reading deny.toml ourselves");
    let problems = deny::count_problems(&ground.workspace)?;
    ensure!(problems == 0, "{problems} problems");
    Ok(Outcome::Passed)
}

fn clippy(ground: &mut Ground) -> Result<Outcome> {
    passed(ground.cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ]))
}

fn test(ground: &mut Ground) -> Result<Outcome> {
    let mut cargo = ground.cargo();
    if let Some(cluster) = &ground.postgres {
        cargo.env("TEST_POSTGRES_URL", cluster.url());
    }
    passed(cargo.args(["test", "--workspace", "--all-features", "--no-fail-fast"]))
}

/// Libraries only: the executable and the crate that API teams add are both called `tenantry`.
fn docs(ground: &mut Ground) -> Result<Outcome> {
    let mut cargo = ground.cargo();
    passed(cargo.env("RUSTDOCFLAGS", "-D warnings").args([
        "doc",
        "--workspace",
        "--all-features",
        "--no-deps",
        "--lib",
    ]))
}

/// [`Outcome::Passed`] if the command ends well.
pub(super) fn passed(command: &mut Command) -> Result<Outcome> {
    system::run(command)?;
    Ok(Outcome::Passed)
}

impl Ground {
    /// Cargo at the root of the workspace, without what a shell may have set for our own programs.
    pub(super) fn cargo(&self) -> Command {
        let mut cargo = workspace::cargo(&self.workspace.root);
        OUR_VARIABLES.iter().for_each(|name| {
            cargo.env_remove(name);
        });
        cargo
    }

    /// Builds the executable; gives its path.
    pub(super) fn executable(&self) -> Result<PathBuf> {
        system::run(self.cargo().args(["build", "--package", "tenantry-cli"]))?;
        Ok(self.workspace.target.join("debug/tenantry").with_extension(std::env::consts::EXE_EXTENSION))
    }

    /// A path in the repository.
    pub(super) fn path(&self, inside: &str) -> PathBuf {
        self.workspace.root.join(inside)
    }
}
