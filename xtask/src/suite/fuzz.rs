//! The fuzz targets are a workspace of their own, which `cargo test` never sees: they rot unless somebody compiles them.

use anyhow::{Result, ensure};

use super::Ground;
use super::report::Outcome;
use super::steps::passed;
use crate::system;

const MANIFEST: &str = "crates/token/fuzz/Cargo.toml";

/// Checks them with the stable compiler, in our own target folder: libraries of the same version are not built twice.
pub(super) fn step(ground: &mut Ground) -> Result<Outcome> {
    let manifest = ground.path(MANIFEST);
    ensure!(manifest.is_file(), "there is no {MANIFEST}");
    if !["c++", "g++", "clang++"].iter().any(|compiler| system::which(compiler).is_some()) {
        return Ok(Outcome::Skipped("libFuzzer needs a C++ compiler".to_owned()));
    }
    let mut cargo = ground.cargo();
    cargo.args(["check", "--bins", "--manifest-path"]).arg(manifest);
    passed(cargo.arg("--target-dir").arg(&ground.workspace.target))
}
