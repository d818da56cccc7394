//! Unmodified Python clients, from a virtual environment of its own, against `tenantry demo`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Ground;
use super::report::Outcome;
use super::steps::passed;
use crate::system;

/// Builds the executable, prepares Python, runs `tests/clients/python`.
pub(super) fn step(ground: &mut Ground) -> Result<Outcome> {
    let python = match environment(ground) {
        Ok(python) => python,
        Err(error) => return Ok(Outcome::Skipped(format!("no Python with the clients: {error:#}"))),
    };
    let executable = ground.executable()?;
    let mut tests = Command::new(python);
    tests.args([
        "-B",
        "-m",
        "unittest",
        "discover",
        "--verbose",
        "--start-directory",
        "tests/clients/python",
    ]);
    passed(tests.current_dir(&ground.workspace.root).env("TENANTRY_BIN", executable))
}

/// The interpreter of `target/venv`, made anew whenever the requirements or the system's Python change.
pub(super) fn environment(ground: &Ground) -> Result<PathBuf> {
    let folder = ground.workspace.target.join("venv");
    let interpreter = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let requirements = ground.path("tests/clients/python/requirements.txt");
    let stamp = stamp(&requirements)?;
    let stamp_file = folder.join("requirements.stamp");
    if interpreter.is_file() && fs::read_to_string(&stamp_file).is_ok_and(|made_of| made_of == stamp) {
        return Ok(interpreter);
    }
    make(&folder)?;
    let mut pip = Command::new(&interpreter);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    system::run(pip.arg(&requirements))?;
    fs::write(&stamp_file, stamp)?;
    Ok(interpreter)
}

/// What the environment is made of: pinned packages, and the interpreter under them.
fn stamp(requirements: &Path) -> Result<String> {
    install_python_if_missing()?;
    let version = system::read(Command::new("python3").args(["-c", "import sys; print(sys.version)"]))?;
    let packages = fs::read_to_string(requirements).context("cannot read the requirements")?;
    Ok(format!("{version}{packages}"))
}

fn install_python_if_missing() -> Result<()> {
    match system::which("python3") {
        None if system::can_apt_install() => system::apt_install(&["python3", "python3-venv"]),
        _ => Ok(()),
    }
}

fn make(folder: &Path) -> Result<()> {
    let venv = || system::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder));
    match venv() {
        // Debian ships the module in a package of its own.
        Err(_) if system::can_apt_install() => {
            system::apt_install(&["python3-venv"])?;
            venv()
        }
        other => other,
    }
}
