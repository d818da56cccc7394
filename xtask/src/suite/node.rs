//! Node.js, and the packages that a folder of the repository pins, for the steps that run JavaScript.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Ground;
use super::report::Outcome;
use super::steps::passed;
use crate::system;

/// Unmodified Node clients against the demo.
pub(super) const CLIENTS: &str = "tests/clients/node";

/// Builds the executable, installs the clients, runs the tests.
pub(super) fn step(ground: &mut Ground) -> Result<Outcome> {
    let tests = match packages(ground, CLIENTS) {
        Ok(folder) => folder,
        Err(error) => return Ok(Outcome::Skipped(format!("no Node.js with clients: {error:#}"))),
    };
    let executable = ground.executable()?;
    passed(npm(&tests).arg("test").env("TENANTRY_BIN", executable))
}

/// Installs what `package-lock.json` of that folder pins, unless it is there already; gives the folder's path.
///
/// Everything lands in the folder's own `node_modules`, which git ignores.
///
/// # Errors
/// When there is no Node.js and none to be had, or the packages cannot be fetched.
pub(super) fn packages(ground: &Ground, folder: &str) -> Result<PathBuf> {
    let folder = ground.path(folder);
    let stamp = stamp(&folder)?;
    // `npm ci` removes the whole of it first, the old stamp included.
    let stamp_file = folder.join("node_modules/made-of.stamp");
    if !fs::read_to_string(&stamp_file).is_ok_and(|made_of| made_of == stamp) {
        system::run(npm(&folder).args(["ci", "--no-audit", "--no-fund"]))?;
        fs::write(&stamp_file, stamp)?;
    }
    Ok(folder)
}

/// `npm` in a folder with packages.
pub(super) fn npm(folder: &Path) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder);
    npm
}

/// What `node_modules` is made of: pinned packages, and the runtime under them.
fn stamp(folder: &Path) -> Result<String> {
    install_node_if_missing()?;
    let version = system::read(Command::new("node").arg("--version"))?;
    let packages =
        fs::read_to_string(folder.join("package-lock.json")).context("cannot read the lock file")?;
    Ok(format!("{version}{packages}"))
}

/// Debian packs the two apart; elsewhere `npm` comes with `node`.
fn install_node_if_missing() -> Result<()> {
    let missing = ["node", "npm"].iter().any(|program| system::which(program).is_none());
    match missing && system::can_apt_install() {
        true if system::which("node").is_some() => system::apt_install(&["npm"]),
        true => system::apt_install(&["nodejs", "npm"]),
        false => Ok(()),
    }
}
