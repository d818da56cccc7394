//! The private key that signs: from a file that its owner alone can read, never from an argument (T-171).

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use clap::Args;
use tenantry_allow_list::{ApprovedKeys, SecretKey, Signer};
use zeroize::Zeroizing;

use super::stop::{Refusal, Stop};

/// More than any key, so that a wrong file is noticed.
const BYTES_MAX: u64 = 16 << 10;

/// With which key to sign.
#[derive(Debug, Args)]
pub(super) struct SigningKey {
    /// The file of your private key [default: tenantry/signing-key.pem in the configuration folder]
    #[arg(long, value_name = "FILE", env = "TENANTRY_SIGNING_KEY", hide_env_values = true)]
    key: Option<PathBuf>,
}

impl SigningKey {
    pub(super) fn read(&self) -> Result<SecretKey, Stop> {
        let path = match &self.key {
            Some(path) => path.clone(),
            None => default_path()?,
        };
        let text = read_private(&path)?;
        let refusal = |fault| Refusal::new("unsound_key", format!("`{}`: {fault}", path.display()), "");
        SecretKey::from_pem(&text).map_err(|fault| refusal(fault).into())
    }
}

/// The holder of `key`, who may sign, or what to do to become one.
pub(super) fn signer<'a>(approved: &'a ApprovedKeys, key: &'a SecretKey) -> Result<Signer<'a>, Stop> {
    Ok(approved.signer(key)?)
}

/// `tenantry/signing-key.pem` in `$XDG_CONFIG_HOME`, or else in `~/.config`: outside of any repository.
pub(super) fn default_path() -> anyhow::Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")));
    let folder = folder.ok_or_else(|| anyhow!("there is no home folder: name the key with `--key FILE`"))?;
    Ok(folder.join("tenantry").join("signing-key.pem"))
}

fn read_private(path: &Path) -> Result<Zeroizing<String>, Stop> {
    let mut file = File::open(path).with_context(|| format!("cannot read `{}`", path.display())).context(
        "there is no key to sign with: make one with `tenantry allow-list key NAME`, or name it with `--key`",
    )?;
    check_owner_only(path, &file)?;
    // Room for all of it at once, so that no shorter buffer is left behind unwiped.
    let mut text = Zeroizing::new(String::with_capacity(BYTES_MAX as usize));
    (&mut file)
        .take(BYTES_MAX)
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(text)
}

#[cfg(unix)]
fn check_owner_only(path: &Path, file: &File) -> Result<(), Stop> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode =
        file.metadata().with_context(|| format!("cannot read `{}`", path.display()))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let reason =
        format!("`{}` can be read by others on this machine (mode {:03o})", path.display(), mode & 0o777);
    Err(Refusal::new(
        "key_readable_by_others",
        reason,
        "run `chmod 600` on it, and make a new key if others had access",
    )
    .into())
}

#[cfg(not(unix))]
fn check_owner_only(_path: &Path, _file: &File) -> Result<(), Stop> {
    Ok(())
}

/// Writes a new key that its owner alone can read. A file that is there stays as it is.
pub(super) fn write_new(path: &Path, pem: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written =
        options.open(path).and_then(|mut file| std::io::Write::write_all(&mut file, pem.as_bytes()));
    written.with_context(|| format!("cannot write a new key to `{}`", path.display()))
}
