//! `tenantry allow-list propose`: the first signature.

use std::path::Path;

use tenantry::{Clock, TenantId};
use tenantry_allow_list::{ApprovedKeys, Difference, Head, Lock, LockFault, LockedList, Statement, Term};

use super::{
    list_files::{self, ListFiles},
    print,
    signing_key::{SigningKey, signer},
    stop::{Refusal, Stop},
};
use crate::{
    exit::Exit,
    terminal::{BOLD, GOOD, styled},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    files: ListFiles,
    #[command(flatten)]
    key: SigningKey,
    /// For how many days the list counts, 1 to 400
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=400))]
    days: u16,
    /// Within how many days it has to be reviewed and locked, 1 to 400
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=400))]
    review_days: u16,
    /// Take this tenant off at once, without a second signature. May be repeated
    #[arg(long, value_name = "TENANT", requires = "reason", conflicts_with_all = ["days", "review_days"])]
    emergency_remove: Vec<TenantId>,
    /// Why it is taken off
    #[arg(long, value_name = "TEXT", requires = "emergency_remove")]
    reason: Option<String>,
    /// Go on although the lock in force is not sound, for example because a signer's key was withdrawn. The reviewer
    /// then has to read the whole list
    #[arg(long, conflicts_with = "emergency_remove")]
    distrust_lock: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit, Stop> {
    let _held = args.files.hold()?;
    check_nothing_pending(&args.files)?;
    match args.emergency_remove.is_empty() {
        true => propose_list(args),
        false => propose_removal(args),
    }
}

/// A removal that waits to be locked is not overwritten: it was urgent.
fn check_nothing_pending(files: &ListFiles) -> Result<(), Stop> {
    let path = files.proposal_path();
    // What stands there and cannot be read any more is void, and may be replaced.
    let removes = path.exists() && list_files::read_lock(&path).is_ok_and(|lock| lock.has_removals());
    if removes && !is_locked(files) {
        let reason = format!("`{}` is an emergency removal that waits to be locked", path.display());
        return Err(Refusal::new("removal_pending", reason, "run `tenantry allow-list lock` first").into());
    }
    Ok(())
}

/// Whether the removal that waits is of a list that is in force no more.
fn is_locked(files: &ListFiles) -> bool {
    let heads = (list_files::read_lock(&files.lock_path()), list_files::read_lock(&files.proposal_path()));
    matches!(heads, (Ok(lock), Ok(pending)) if lock.head().revision >= pending.head().revision)
}

fn propose_list(args: &Args) -> Result<Exit, Stop> {
    let (approved, draft, key) = (args.files.approved_keys()?, args.files.draft()?, args.key.read()?);
    let signer = signer(&approved, &key)?;
    let (list, head) = in_force(args, &approved)?;
    let term = Term::days(Clock::system().now(), args.days, args.review_days);
    let statement = Statement::new(head, draft.into_entries(), term)?;
    let proposal = Lock::propose(statement.clone(), &signer)?;
    list_files::replace(&args.files.proposal_path(), &proposal.to_string())?;

    let (who, revision) = (signer.holder().name(), statement.head().revision);
    let done = format!("proposed revision {revision} as `{who}`");
    let tenants = print::tenants(statement.entries().len());
    anstream::println!("{}, {tenants}, until {}", styled(&done, GOOD), print::date(term.expires));
    print::changes(list.as_ref(), &statement);
    anstream::println!(
        "{} another approver runs `tenantry allow-list review` by {}, with `{}` and `{}` as they are now",
        styled("next:", BOLD),
        print::date(term.review_by),
        args.files.draft_path().display(),
        args.files.proposal_path().display(),
    );
    Ok(Exit::Ok)
}

/// The list in force, where it can be trusted, and what the next one has to follow.
fn in_force(args: &Args, approved: &ApprovedKeys) -> Result<(Option<LockedList>, Option<Head>), Stop> {
    match args.files.list_in_force(approved) {
        Ok(list) => {
            let head = list.as_ref().map(LockedList::head);
            Ok((list, head))
        }
        Err(Stop::Refused(refusal)) if args.distrust_lock => {
            refusal.print();
            Ok((None, args.files.lock()?.map(|lock| lock.head())))
        }
        Err(Stop::Refused(refusal)) => {
            refusal.print();
            let path = args.files.lock_path();
            let reason = format!("`{}` is not sound, so the difference to it says nothing", path.display());
            let advice =
                "restore it, or go on with `--distrust-lock`: the reviewer then reads the whole list";
            Err(Refusal::new("unsound_lock", reason, advice).into())
        }
        Err(failed) => Err(failed),
    }
}

fn propose_removal(args: &Args) -> Result<Exit, Stop> {
    let (approved, key) = (args.files.approved_keys()?, args.key.read()?);
    let signer = signer(&approved, &key)?;
    let path = args.files.lock_path();
    let lock = args.files.lock()?.ok_or_else(|| nothing_locked(&path))?;
    let before = lock.verify_signatures(&approved).map_err(|fault| Refusal::of_lock(&path, &fault))?;
    let reason = args.reason.as_deref().unwrap_or_default();
    let removed = lock
        .remove(&args.emergency_remove, reason, &signer, Clock::system().now())
        .map_err(|fault| unfit_removal(&fault))?;
    list_files::replace(&args.files.proposal_path(), &removed.to_string())?;
    let after = removed.verify_signatures(&approved)?;
    let done =
        format!("signed an emergency removal as `{}`, revision {}", signer.holder().name(), after.revision());
    anstream::println!("{}", styled(&done, GOOD));
    println!();
    print::difference(&Difference::between(before.entries(), after.entries()));
    println!();
    anstream::println!("{} run `tenantry allow-list lock` to put it in force", styled("next:", BOLD));
    Ok(Exit::Ok)
}

/// The request is at fault here, and not the lock.
fn unfit_removal(fault: &LockFault) -> Refusal {
    let advice = match fault {
        LockFault::RemovesUnlisted { .. } => {
            "nobody has to be removed who is not listed: see `tenantry allow-list show`"
        }
        _ => "say why with `--reason`, on one line",
    };
    Refusal::new(fault.code(), fault.to_string(), advice)
}

fn nothing_locked(path: &Path) -> Stop {
    let reason = format!("there is no lock, `{}`, to remove anybody from", path.display());
    Refusal::new("no_lock", reason, "").into()
}
