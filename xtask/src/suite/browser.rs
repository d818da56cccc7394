//! The single-page example in a real browser, against `tenantry demo`.

use anyhow::{Result, ensure};

use super::report::Outcome;
use super::steps::passed;
use super::{Ground, node};
use crate::system;

const PAGE: &str = "examples/tasks-spa";
const TESTS: &str = "tests/clients/browser";

/// Builds the executable, prepares Node.js and Chromium, runs the tests. They build the page for the ports they use.
pub(super) fn step(ground: &mut Ground) -> Result<Outcome> {
    let prepared = chromium().and_then(|()| {
        node::packages(ground, PAGE)?;
        node::packages(ground, TESTS)
    });
    let tests = match prepared {
        Ok(folder) => folder,
        Err(error) => return Ok(Outcome::Skipped(format!("no browser to test with: {error:#}"))),
    };
    let executable = ground.executable()?;
    passed(node::npm(&tests).arg("test").env("TENANTRY_BIN", executable))
}

/// The browser, and the program that tells it whom to trust.
fn chromium() -> Result<()> {
    let packages = [("chromium", "chromium"), ("certutil", "libnss3-tools")];
    let missing: Vec<_> = packages
        .iter()
        .filter(|(program, _)| system::which(program).is_none())
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    ensure!(system::can_apt_install(), "install {}", missing.join(" and "));
    system::apt_install(&missing)
}
