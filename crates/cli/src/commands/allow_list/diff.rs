//! `tenantry allow-list diff`: what changes from one list to another.

use std::path::{Path, PathBuf};

use tenantry_allow_list::{ApprovedKeys, Difference, Entry};

use super::{
    list_files::{self, ListFiles},
    print,
    stop::{Refusal, Stop},
};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The list before: `.toml` as people edit it, or else a lock or a proposal [default: the lock in force]
    before: Option<PathBuf>,
    /// The list after [default: the one that people edit]
    after: Option<PathBuf>,
    #[command(flatten)]
    files: ListFiles,
    /// Print JSON, for scripts
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit, Stop> {
    let approved = args.files.approved_keys()?;
    let before = args.before.clone().unwrap_or_else(|| args.files.lock_path());
    let after = args.after.clone().unwrap_or_else(|| args.files.draft_path());
    let difference = Difference::between(&entries(&before, &approved)?, &entries(&after, &approved)?);
    if args.json {
        println!("{:#}", print::difference_json(&difference));
    } else if difference.is_empty() {
        println!("`{}` and `{}` list the same", before.display(), after.display());
    } else {
        print::difference(&difference);
    }
    Ok(if difference.is_empty() { Exit::Ok } else { Exit::Refused })
}

/// The tenants of a file. What is not proven is compared all the same, and said to be unproven.
fn entries(path: &Path, approved: &ApprovedKeys) -> Result<Vec<Entry>, Stop> {
    if path.extension().is_some_and(|ending| ending == "toml") {
        return Ok(list_files::read_draft(path)?.into_entries());
    }
    let lock = list_files::read_lock(path)?;
    match lock.verify_signatures(approved) {
        Ok(list) => Ok(list.entries().to_vec()),
        Err(fault) => {
            Refusal::of_lock(path, &fault).print();
            Ok(lock.statement().entries().to_vec())
        }
    }
}
