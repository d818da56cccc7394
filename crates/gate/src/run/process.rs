//! A target that the gate starts: a process group of its own, which never outlives the gate's interest in it.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::output::Output;
use crate::target::{Place, Start};
use crate::{GateError, Target};

/// How long a target may take to end by itself.
const FAREWELL: Duration = Duration::from_secs(5);
/// Between two looks whether it answers.
const PAUSE: Duration = Duration::from_millis(50);

/// A target in a process of its own. Dropping it kills it with all its children; [`Running::end`] asks first.
///
/// Its group is its own, so that a Ctrl-C at the terminal does not reach it: whoever starts one has to drop it then.
#[derive(Debug)]
pub struct Running {
    target: Target,
    child: Child,
    group: Group,
    output: Output,
    // Last, so that the directory goes after the process.
    _scratch: TempDir,
}

impl Running {
    /// Starts `target` by its `[start]` with `authority` as its authority, and waits until it answers. `env` goes over the section's own
    /// variables.
    ///
    /// # Errors
    /// [`GateError::NotStarted`], with the last lines of what the process said.
    pub async fn start(
        target: &Target,
        authority: &str,
        env: &BTreeMap<String, String>,
    ) -> Result<Self, GateError> {
        let Some(start) = &target.start else { return Err(failed(target, "gate.toml has no `[start]`", "")) };
        let scratch = tempfile::tempdir().map_err(|error| failed(target, &error.to_string(), ""))?;
        let port = free_port().map_err(|error| failed(target, &error.to_string(), ""))?;
        let directory = scratch.path().to_string_lossy().into_owned();
        let place = Place { authority, port, scratch: &directory };
        let spawned = command(start, env, &place).spawn();
        let mut child = spawned.map_err(|error| failed(target, &error.to_string(), ""))?;
        let output = Output::of(&mut child);
        let target = Target { url: place.fill(&start.url), ..target.clone() };
        let mut running = Self { group: Group(child.id()), target, child, output, _scratch: scratch };
        running.wait(Duration::from_secs(start.wait_s)).await?;
        Ok(running)
    }

    /// The target, at the address where it answers now.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The end of what it wrote to its output, without anything that looks like a token.
    pub fn output(&self) -> String {
        self.output.tail()
    }

    /// Asks it to end, and kills it after five seconds.
    pub async fn end(mut self) {
        self.group.terminate();
        let _ = tokio::time::timeout(FAREWELL, self.child.wait()).await;
        // `drop` kills what is left of the group.
    }

    async fn wait(&mut self, time: Duration) -> Result<(), GateError> {
        let begun = Instant::now();
        let url = format!("{}{}", self.target.url.trim_end_matches('/'), self.target.ready_path());
        let http = self.knocker().map_err(|error| self.failed(&error.to_string()))?;
        while begun.elapsed() < time {
            if let Ok(Some(status)) = self.child.try_wait() {
                tokio::time::sleep(PAUSE).await;
                return Err(self.failed(&format!("it ended at once: {status}")));
            }
            // 502 and 503 are what stands before a target that is not up yet.
            if http.get(&url).send().await.is_ok_and(|answer| answer.status().as_u16() < 500) {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(self.failed(&format!("no answer at `{url}` within {} s", time.as_secs())))
    }

    /// A client that trusts what attacks trust.
    fn knocker(&self) -> reqwest::Result<reqwest::Client> {
        let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let mut builder = builder.timeout(Duration::from_secs(2));
        if let Some(pem) = &self.target.ca_pem {
            builder = builder.tls_certs_only(reqwest::Certificate::from_pem_bundle(pem)?);
        }
        builder.build()
    }

    fn failed(&self, why: &str) -> GateError {
        failed(&self.target, why, &self.output.tail())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.group.kill();
        self.output.stop();
        // Reaps it where it has ended already; the runtime reaps it otherwise.
        let _ = self.child.try_wait();
    }
}

fn command(start: &Start, env: &BTreeMap<String, String>, place: &Place<'_>) -> Command {
    let mut words = start.command.iter().map(|word| place.fill(word));
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    for (name, value) in start.env.iter().chain(env) {
        match value.is_empty() {
            true => command.env_remove(name),
            false => command.env(name, place.fill(value)),
        };
    }
    if let Some(directory) = &start.directory {
        command.current_dir(directory);
    }
    #[cfg(unix)]
    command.process_group(0);
    command
}

/// A port that nobody listens on just now.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn failed(target: &Target, why: &str, output: &str) -> GateError {
    let command = target.start.as_ref().map(|start| start.command.join(" ")).unwrap_or_default();
    let said = if output.trim().is_empty() { String::new() } else { format!("; it said:\n{output}") };
    GateError::NotStarted { command, why: format!("{why}{said}") }
}

/// The process and all that it started. Elsewhere than on Unix `kill_on_drop` ends the process alone.
#[derive(Debug)]
struct Group(Option<u32>);

#[cfg(unix)]
impl Group {
    fn terminate(&self) {
        self.send(rustix::process::Signal::TERM);
    }

    fn kill(&self) {
        self.send(rustix::process::Signal::KILL);
    }

    fn send(&self, signal: rustix::process::Signal) {
        let pid = self.0.and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended by itself.
            let _ = rustix::process::kill_process_group(pid, signal);
        }
    }
}

#[cfg(not(unix))]
impl Group {
    fn terminate(&self) {}

    fn kill(&self) {}
}
