//! The machine we run on: which programs it has, and what may be installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Runs a command to its end, its output on our own.
///
/// # Errors
/// When it cannot be started or does not end with 0; the command is in the error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command.status().with_context(|| format!("cannot start `{shown}`"))?;
    ensure!(status.success(), "`{shown}` ended with {status}");
    Ok(())
}

/// Runs a command to its end and takes its standard output.
///
/// # Errors
/// As [`run`]; what the command said on standard error is in the error.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = command.output().with_context(|| format!("cannot start `{shown}`"))?;
    ensure!(output.status.success(), "`{shown}`: {}", String::from_utf8_lossy(&output.stderr).trim());
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` printed something that is not text"))
}

/// A command as a person would type it: the program's name without its folder, then the arguments.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The first program of that name on the path.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Whether a program can be run at all: `cargo deny` exists when `cargo-deny --version` answers.
pub(crate) fn answers(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    let silent = command.arg(argument).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

/// Whether we are the superuser. False where there is no `id` to ask.
pub(crate) fn is_root() -> bool {
    read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Whether this machine knows a user of that name.
pub(crate) fn has_user(name: &str) -> bool {
    read(Command::new("id").arg("-u").arg(name)).is_ok()
}

/// Whether [`apt_install`] stands a chance.
pub(crate) fn can_apt_install() -> bool {
    is_root() && which("apt-get").is_some()
}

/// Installs Debian packages, without questions.
///
/// # Errors
/// When the package list cannot be fetched, or a package is not to be had.
pub(crate) fn apt_install(packages: &[&str]) -> Result<()> {
    println!("installing {} with apt-get", packages.join(", "));
    let apt_get = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).arg("-qq");
        command
    };
    run(apt_get().arg("update"))?;
    run(apt_get().args(["install", "-y", "--no-install-recommends"]).args(packages))
}
