//! The fuzz targets are a workspace of their own, which `cargo test` never sees: unless somebody compiles them, they rot.

use anyhow::{Result, ensure};

use super::Ground;
use super::report::Outcome;
use super::steps::passed;
use crate::system;

const MANIFESTS: [&str; 2] = ["crates/token/fuzz/Cargo.toml", "crates/allow-list/fuzz/Cargo.toml"];

/// The workspace's own profile. With another one the cryptography would be compiled once more, which takes a minute.
const PROFILE: [&str; 2] =
    [r#"profile.dev.debug="line-tables-only""#, "profile.dev.package.aws-lc-sys.opt-level=3"];

/// Checks them with the stable compiler, in our own target folder.
pub(super) fn step(ground: &mut Ground) -> Result<Outcome> {
    if !["c++", "g++", "clang++"].iter().any(|compiler| system::which(compiler).is_some()) {
        return Ok(Outcome::Skipped("libFuzzer needs a C++ compiler".to_owned()));
    }
    for manifest in MANIFESTS {
        let outcome = check(ground, manifest)?;
        if !matches!(outcome, Outcome::Passed) {
            return Ok(outcome);
        }
    }
    Ok(Outcome::Passed)
}

fn check(ground: &Ground, manifest: &str) -> Result<Outcome> {
    let path = ground.path(manifest);
    ensure!(path.is_file(), "there is no {manifest}");
    let mut cargo = ground.cargo();
    PROFILE.iter().for_each(|setting| {
        cargo.args(["--config", setting]);
    });
    cargo.args(["check", "--bins", "--manifest-path"]).arg(path);
    passed(cargo.arg("--target-dir").arg(&ground.workspace.target))
}
