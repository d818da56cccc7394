//! A folder with a `gate.toml`, and what came of running the gate in it.

pub(crate) mod target;

use std::{fs, path::Path};

use assert_cmd::Command;
use tempfile::TempDir;
use tenantry_gate::{Outcome, PromotionGate, Report, Verdict};

pub(crate) const HOME: &str = "c0000000-0000-4000-a000-000000000001";
pub(crate) const PARTNER: &str = "fab00000-0000-4000-a000-000000000002";
/// Rotation and outages are waited for; most tests need not.
pub(crate) const WITHOUT_WAITING: &[&str] = &["--skip", "keys=waits"];

/// A folder, gone afterwards.
pub(crate) struct Folder(TempDir);

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With a `gate.toml` that starts a target of that kind: `tasks`, `any-tenant`, `refuses`, `locked`.
    pub(crate) fn with_target(kind: &str) -> Self {
        let folder = Self::new();
        folder.write("gate.toml", &target::gate_toml(kind, folder.path()));
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    /// `tenantry ARGS…` in this folder.
    pub(crate) fn tenantry(&self, args: &[&str]) -> Ended {
        let mut command = Command::cargo_bin("tenantry").unwrap();
        for name in ["TENANTRY_ALLOW_LIST", "TENANTRY_APPROVED_KEYS", "TENANTRY_SIGNING_KEY", "RUST_LOG"] {
            command.env_remove(name);
        }
        let output = command.current_dir(self.path()).args(args).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended {
            code: output.status.code().unwrap(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// `tenantry gate run ARGS…` in this folder.
    pub(crate) fn gate(&self, args: &[&str]) -> Ended {
        self.tenantry(&[&["gate", "run"], args].concat())
    }

    /// The same as JSON, and the report.
    pub(crate) fn report(&self, args: &[&str]) -> (i32, Report) {
        let ended = self.gate(&[args, &["--json"]].concat());
        let report = Report::parse(&ended.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", ended.stdout, ended.stderr));
        (ended.code, report)
    }
}

impl Ended {
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(
            self.stdout.contains(text) || self.stderr.contains(text),
            "no `{text}` in\n{}\n{}",
            self.stdout,
            self.stderr
        );
        self
    }
}

pub(crate) fn gate(report: &Report, number: u8) -> &PromotionGate {
    report.gates.iter().find(|gate| gate.number == number).unwrap()
}

pub(crate) fn verdicts(report: &Report) -> [Verdict; 3] {
    [1, 2, 3].map(|number| gate(report, number).verdict)
}

pub(crate) fn failed(report: &Report) -> Vec<String> {
    let failed = report.results.iter().filter(|result| matches!(result.outcome, Outcome::Failed(_)));
    failed.map(|result| format!("{} {}: {}", result.id, result.probe, result.detail)).collect()
}
