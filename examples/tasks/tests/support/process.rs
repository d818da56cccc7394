//! The executable `tasks`, with the variables of one test and no others.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]
#![allow(dead_code, reason = "not every test needs all of it")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use tenantry_simulator::builtin;

fn tasks(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tasks"));
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command
}

/// Exit code, standard output, standard error.
pub(crate) fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = tasks(arguments, variables).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// What has to be said.
pub(crate) const LEAST: [(&str, &str); 2] =
    [("AZURE_API_CLIENT_ID", builtin::API), ("ALLOWED_TENANT_IDS", builtin::CONTOSO)];

/// A running server; ended by the test, or with it.
pub(crate) struct Server {
    process: Child,
    log: BufReader<ChildStderr>,
    /// Everything logged up to the address.
    pub(crate) said: String,
    pub(crate) base: String,
}

impl Server {
    pub(crate) fn start(variables: &[(&str, &str)]) -> Self {
        let mut process = tasks(&[], variables).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("http://127.0.0.1:") {
            assert_ne!(log.read_line(&mut said).unwrap(), 0, "ended early: {said}");
        }
        let port = said.trim_end().rsplit(':').next().unwrap();
        let base = format!("http://127.0.0.1:{port}");
        Self { process, log, said, base }
    }

    /// As a service manager does.
    pub(crate) fn end(&mut self) -> i32 {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut rest = String::new();
        while self.log.read_line(&mut rest).unwrap() > 0 {}
        self.process.wait().unwrap().code().expect("an exit code, not a signal")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
