//! The fuzz targets are a workspace of their own, which `cargo test` never sees: unless somebody compiles them, they rot.

use anyhow::{Result, ensure};

use super::Ground;
use super::report::Outcome;
use super::steps::passed;
use crate::system;

const MANIFEST: &str = "crates/token/fuzz/Cargo.toml";

/// The workspace's own profile. With another one the cryptography would be compiled once more, which takes a minute.
const PROFILE: [&str; 2] =
    [r#"profile.dev.debug="line-tables-only""#, "profile.dev.package.aws-lc-sys.opt-level=3"];

/// Checks them with the stable compiler, in our own target folder.
pub(super) fn step(ground: &mut Ground) -> Result<Outcome> {
    let manifest = ground.path(MANIFEST);
    ensure!(manifest.is_file(), "there is no {MANIFEST}");
    if !["c++", "g++", "clang++"].iter().any(|compiler| system::which(compiler).is_some()) {
        return Ok(Outcome::Skipped("libFuzzer needs a C++ compiler".to_owned()));
    }
    let mut cargo = ground.cargo();
    PROFILE.iter().for_each(|setting| {
        cargo.args(["--config", setting]);
    });
    cargo.args(["check", "--bins", "--manifest-path"]).arg(manifest);
    passed(cargo.arg("--target-dir").arg(&ground.workspace.target))
}
