//! The keys of signed evidence, and the files that it goes into.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use tenantry_gate::{EvidenceFault, Report, SignedEvidence, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

/// Its name in a folder of reports.
pub(super) const FILE_NAME: &str = "evidence.json";

/// The private key of that file, which nobody else may be able to read (T-171).
pub(super) fn signing_key(path: &Path) -> anyhow::Result<SigningKey> {
    let cannot = || format!("cannot sign with {}", path.display());
    check_owner_only(path).with_context(cannot)?;
    let pem = Zeroizing::new(fs::read_to_string(path).with_context(cannot)?);
    SigningKey::from_pem(&pem).with_context(cannot)
}

#[cfg(unix)]
fn check_owner_only(path: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        bail!("others on this machine can read it (mode {:03o}): run `chmod 600` on it", mode & 0o777);
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_owner_only(_path: &Path) -> anyhow::Result<()> {
    Ok(())
}

/// Signs the report, and writes the evidence beside it.
pub(super) fn write(report: &Report, key: &SigningKey, folder: &Path) -> anyhow::Result<()> {
    let path = folder.join(FILE_NAME);
    fs::write(&path, SignedEvidence::sign(report, key))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// What was signed about the report of that file; the inner error says why the evidence does not count.
pub(super) fn verify(
    evidence: &Path,
    report: &Path,
    keys: &[PathBuf],
) -> anyhow::Result<Result<SignedEvidence, EvidenceFault>> {
    let trusted: Vec<_> = keys.iter().map(|path| public_key(path)).collect::<Result<_, _>>()?;
    Ok(SignedEvidence::verify(&read(evidence)?, &read(report)?, &trusted))
}

fn public_key(path: &Path) -> anyhow::Result<VerifyingKey> {
    let key = read(path)?.trim().parse();
    key.with_context(|| format!("{} is no public key", path.display()))
}

fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
