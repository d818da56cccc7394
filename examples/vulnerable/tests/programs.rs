//! The executables, as a teacher meets them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use vulnerable::{Config, Program, ServeError, serve};

const PROGRAMS: [&str; 3] = [env!("CARGO_BIN_EXE_tenant-peek"), env!("CARGO_BIN_EXE_two-tenants"), HOLES];
const HOLES: &str = env!("CARGO_BIN_EXE_holes");
const LEAST: [(&str, &str); 4] = [
    ("AZURE_AUTHORITY_HOST", "http://127.0.0.1:9"),
    ("AZURE_API_CLIENT_ID", "api"),
    ("ALLOWED_TENANT_IDS", "a"),
    ("TASKS_LISTEN", "127.0.0.1:0"),
];

fn program(path: &str, listen: &str) -> Command {
    let mut command = Command::new(path);
    command.env_clear().envs(LEAST).env("TASKS_LISTEN", listen);
    command
}

#[test]
fn they_shout_and_print_where_they_listen() {
    for path in PROGRAMS {
        let mut process =
            program(path, "127.0.0.1:0").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("listening on http://127.0.0.1:").unwrap();
        assert_ne!(port.parse::<u16>().unwrap(), 0);
        process.kill().unwrap();
        process.wait().unwrap();
        let mut shouted = String::new();
        process.stderr.take().unwrap().read_to_string(&mut shouted).unwrap();
        assert!(shouted.contains("VULNERABLE ON PURPOSE"), "{shouted}");
    }
}

#[test]
fn they_refuse_to_be_reached_by_others() {
    for (path, listen) in PROGRAMS.into_iter().flat_map(|path| [(path, "0.0.0.0:0"), (path, "[::]:0")]) {
        let output = program(path, listen).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8(output.stderr).unwrap().contains("listen on 127.0.0.1"));
    }
}

#[test]
fn what_is_missing_is_named() {
    for path in PROGRAMS {
        let output = Command::new(path).env_clear().output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().contains("AZURE_AUTHORITY_HOST"));
        let help = Command::new(path).env_clear().arg("--help").output().unwrap();
        assert!(String::from_utf8(help.stdout).unwrap().contains("ALLOWED_TENANT_IDS"));
    }
}

#[test]
fn a_hole_that_does_not_exist_is_named() {
    let output = program(HOLES, "127.0.0.1:0").env("VULNERABLE_HOLES", "accepts-nonne").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("`accepts-nonne`"));
}

#[tokio::test]
async fn in_process_they_refuse_it_too() {
    let mut config = Config::new("http://127.0.0.1:9", "api", &["a"]);
    config.listen = "192.0.2.1:0".parse().unwrap();
    let refused = serve(Program::TenantPeek, config).await.unwrap_err();
    assert!(matches!(refused, ServeError::NotThisMachine(_)), "{refused}");
}
