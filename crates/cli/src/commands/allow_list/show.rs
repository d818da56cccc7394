//! `tenantry allow-list show`: the list in force, and where it comes from.

use std::path::PathBuf;

use tenantry::{Clock, UnixTime};

use super::{
    list_files::{self, ListFiles},
    print,
    stop::{Refusal, Stop},
};
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The lock [default: the one beside the list]
    lock: Option<PathBuf>,
    #[command(flatten)]
    files: ListFiles,
    /// Print JSON, for scripts
    #[arg(long)]
    json: bool,
    /// Judge as of this time, in seconds since 1970. Default: now
    #[arg(long, value_name = "SECONDS")]
    now: Option<i64>,
}

/// What can be proven is shown, even if its time is over; the exit code says whether it counts.
pub(super) fn run(args: &Args) -> Result<Exit, Stop> {
    let path = args.lock.clone().unwrap_or_else(|| args.files.lock_path());
    let approved = args.files.approved_keys()?;
    let lock = list_files::read_lock(&path)?;
    let list = lock.verify_signatures(&approved).map_err(|fault| Refusal::of_lock(&path, &fault))?;
    let now = args.now.map_or_else(|| Clock::system().now(), UnixTime::from_secs);
    let counts = list.check_time(now).map_err(|fault| Refusal::of_lock(&path, &fault));
    if args.json {
        let mut shown = print::list_json(&list);
        shown["valid"] = counts.is_ok().into();
        println!("{shown:#}");
    } else {
        print::provenance(&list, now);
        println!();
        print::table(list.entries());
    }
    match counts {
        Ok(()) => Ok(Exit::Ok),
        Err(refusal) => Err(refusal.into()),
    }
}
