//! `tenantry allow-list verify`: whether a lock counts. For CI, and for whoever brings it to production.

use std::path::{Path, PathBuf};

use tenantry::{Clock, UnixTime};
use tenantry_allow_list::{ApprovedKeys, LockedList};

use super::{
    list_files::{self, ListFiles},
    print,
    stop::{Refusal, Stop},
};
use crate::{
    exit::Exit,
    terminal::{CHANGED, GOOD, styled},
};

/// Fewer days than this are worth a word.
const SOON_DAYS: i64 = 14;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The lock [default: the one beside the list]
    lock: Option<PathBuf>,
    #[command(flatten)]
    files: ListFiles,
    /// Refuse it unless it may take this lock's place: the one in force, for example of the main branch
    #[arg(long, value_name = "FILE")]
    after: Option<PathBuf>,
    /// Refuse it if it expires within so many days
    #[arg(long, value_name = "N")]
    min_days: Option<u16>,
    /// Print JSON, for scripts
    #[arg(long)]
    json: bool,
    /// Judge as of this time, in seconds since 1970. Default: now
    #[arg(long, value_name = "SECONDS")]
    now: Option<i64>,
}

pub(super) fn run(args: &Args) -> Result<Exit, Stop> {
    let now = args.now.map_or_else(|| Clock::system().now(), UnixTime::from_secs);
    match judge(args, now) {
        Ok(list) => {
            tell(args, &list, now);
            Ok(Exit::Ok)
        }
        Err(Stop::Refused(refusal)) if args.json => {
            println!("{:#}", refusal.json());
            Ok(Exit::Refused)
        }
        Err(stop) => Err(stop),
    }
}

fn judge(args: &Args, now: UnixTime) -> Result<LockedList, Stop> {
    let path = args.lock.clone().unwrap_or_else(|| args.files.lock_path());
    let approved = args.files.approved_keys()?;
    let list = list_files::read_lock(&path)?
        .verify(&approved, now)
        .map_err(|fault| Refusal::of_lock(&path, &fault))?;
    if let Some(earlier) = &args.after {
        check_follows(&list, (&path, earlier), &approved)?;
    }
    check_days(&list, args.min_days, now)?;
    Ok(list)
}

fn check_follows(
    list: &LockedList,
    (path, earlier): (&Path, &Path),
    approved: &ApprovedKeys,
) -> Result<(), Stop> {
    let seen = list_files::read_lock(earlier)?.verify_signatures(approved);
    let seen = seen.map_err(|fault| Refusal::of_lock(earlier, &fault))?;
    list.follows(&seen).map_err(|fault| Refusal::of_lock(path, &fault).into())
}

fn check_days(list: &LockedList, min_days: Option<u16>, now: UnixTime) -> Result<(), Stop> {
    let days = print::days_until(list.expires_at(), now);
    if min_days.is_none_or(|min| days >= i64::from(min)) {
        return Ok(());
    }
    let reason = format!("expires at {}, {days} days from now", print::date(list.expires_at()));
    Err(Refusal::new(
        "expires_soon",
        reason,
        "run `propose`, `review` and `lock` again; the tenants may stay as they are",
    )
    .into())
}

fn tell(args: &Args, list: &LockedList, now: UnixTime) {
    if args.json {
        println!("{:#}", print::list_json(list));
        return;
    }
    anstream::println!("{}: {}", styled("valid", GOOD), print::tenants(list.entries().len()));
    print::provenance(list, now);
    if print::days_until(list.expires_at(), now) < SOON_DAYS {
        anstream::println!("{}: it is time to propose and review it again", styled("expires soon", CHANGED));
    }
}
