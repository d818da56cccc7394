//! A PostgreSQL for the tests: the one in `TEST_POSTGRES_URL` or `DATABASE_URL`, or a throw-away cluster from the
//! system's own programs.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::Ground;
use super::report::Outcome;
use crate::system;

/// A server that tests may create databases and roles in. Dropping it stops and removes what we started.
pub(crate) struct Cluster {
    url: String,
    keeper: Option<Child>,
}

/// Provides the cluster for the steps that follow.
pub(super) fn step(ground: &mut Ground) -> Result<Outcome> {
    let cluster = match Cluster::from_environment() {
        Some(given) => given,
        None => match programs()? {
            Ok(folder) => Cluster::start(&folder)?,
            Err(why) => return Ok(Outcome::Skipped(why)),
        },
    };
    println!("PostgreSQL answers at {}", cluster.without_password());
    ground.postgres = Some(cluster);
    Ok(Outcome::Passed)
}

impl Cluster {
    /// The server somebody else runs, if the environment names one.
    fn from_environment() -> Option<Self> {
        let is_postgres = |url: &String| url.starts_with("postgres://") || url.starts_with("postgresql://");
        let mut named = ["TEST_POSTGRES_URL", "DATABASE_URL"].into_iter().flat_map(std::env::var);
        named.find(is_postgres).map(|url| Self { url, keeper: None })
    }

    /// Starts one on a free port of the loopback interface; takes about three seconds.
    fn start(programs: &Path) -> Result<Self> {
        let port = free_port()?;
        let mut keeper = keeper(programs, port).spawn().context("cannot start PostgreSQL's keeper")?;
        let output = keeper.stdout.take().context("the keeper has no output")?;
        // Built before the check, so that a keeper that failed is waited for as well.
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let cluster = Self { url, keeper: Some(keeper) };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        ensure!(line.trim() == "ready", "PostgreSQL did not start; what it said is above");
        Ok(cluster)
    }

    /// A superuser's URL of a maintenance database.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    fn without_password(&self) -> &str {
        self.url.rsplit_once('@').map_or(&self.url, |(_, place)| place)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            // The end of its input is the sign to stop; waiting also removes its folder.
            drop(keeper.stdin.take());
            let _ = keeper.wait();
        }
    }
}

/// The shell that owns the server. PostgreSQL refuses to run as root, so then it runs as `postgres`.
fn keeper(programs: &Path, port: u16) -> Command {
    let mut command = if system::is_root() {
        let mut runuser = Command::new("runuser");
        runuser.args(["-u", "postgres", "--", "sh"]);
        runuser
    } else {
        Command::new("sh")
    };
    command.args(["-c", include_str!("postgres.sh"), "postgres.sh"]).arg(programs).arg(port.to_string());
    // Somewhere that every user may be: a home folder is often closed to others.
    command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped());
    out_of_reach_of_ctrl_c(&mut command);
    command
}

/// A process group of its own: Ctrl-C at the terminal ends us, and the keeper then ends itself in good order.
#[cfg(unix)]
fn out_of_reach_of_ctrl_c(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn out_of_reach_of_ctrl_c(_: &mut Command) {}

/// The folder of `initdb` and `pg_ctl`, installed if need be; or why there is none.
fn programs() -> Result<Result<PathBuf, String>> {
    if find_programs().is_none() && system::can_apt_install() {
        system::apt_install(&["postgresql"])?;
    }
    let Some(folder) = find_programs() else {
        return Ok(Err("no initdb and pg_ctl here; install PostgreSQL, or set DATABASE_URL".to_owned()));
    };
    if system::is_root() && !(system::has_user("postgres") && system::which("runuser").is_some()) {
        return Ok(Err(
            "PostgreSQL refuses to run as root, and there is no user `postgres` to run it as".to_owned()
        ));
    }
    Ok(Ok(folder))
}

fn find_programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file();
    let on_path = system::which("initdb").and_then(|initdb| initdb.parent().map(Path::to_owned));
    debian_folders().into_iter().chain(on_path).find(complete)
}

/// Debian keeps every version in a folder of its own and none on the path; the newest first.
fn debian_folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut numbers: Vec<u32> =
        versions.filter_map(|version| version.file_name().to_str()?.parse().ok()).collect();
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers.into_iter().map(|number| PathBuf::from(format!("/usr/lib/postgresql/{number}/bin"))).collect()
}

/// A port nobody listens on now. Another program could take it before PostgreSQL does; then the step says so.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")
        .context("no free port on the loopback interface")?
        .local_addr()?
        .port())
}
