//! `tenantry allow-list key`: a key pair for one person.

use std::path::PathBuf;

use anyhow::Context;
use tenantry_allow_list::{ApprovedKeys, SecretKey};
use toml::{Table, Value};

use super::{
    signing_key,
    stop::{Refusal, Stop},
};
use crate::{
    exit::Exit,
    terminal::{GOOD, styled},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose key it is, as reviewers know them, such as an e-mail address
    name: String,
    /// Where to put the private key [default: tenantry/signing-key.pem in the configuration folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The private half goes to a file, the table with the public half to standard output.
pub(super) fn run(args: &Args) -> Result<Exit, Stop> {
    let key = SecretKey::generate().context("the system gives no randomness")?;
    ApprovedKeys::new([(args.name.as_str(), key.public())])
        .map_err(|fault| Refusal::new("unsound", fault.message(), ""))?;
    let path = match &args.out {
        Some(path) => path.clone(),
        None => signing_key::default_path()?,
    };
    signing_key::write_new(&path, &key.to_pem().context("the key cannot be written")?)?;
    let table = Table::from_iter([
        ("name".to_owned(), Value::from(args.name.as_str())),
        ("public".to_owned(), key.public().to_string().into()),
    ]);
    println!("[[key]]\n{table}");
    anstream::eprintln!("{} in `{}`: keep it to yourself", styled("private key", GOOD), path.display());
    eprintln!("have the table above added to `approved-keys.toml`, in a change that somebody else reviews");
    Ok(Exit::Ok)
}
