//! `tenantry allow-list lock`: puts a reviewed proposal, or an emergency removal, in force.

use std::fs;

use anyhow::Context;
use tenantry::Clock;
use tenantry_allow_list::{Difference, Lock, LockedList};

use super::{
    list_files::{self, ListFiles},
    print,
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
}

pub(super) fn run(args: &Args) -> Result<Exit, Stop> {
    let files = &args.files;
    let _held = files.hold()?;
    let (approved, proposal, now) = (files.approved_keys()?, files.proposal()?, Clock::system().now());
    let list =
        proposal.verify(&approved, now).map_err(|fault| Refusal::of_lock(&files.proposal_path(), &fault))?;
    if !proposal.has_removals() {
        proposal.check_review_time(now)?;
        check_same_as_draft(files, &proposal)?;
    }
    check_follows(files, &proposal)?;
    // A link to the lock stays one. (No such thing for the proposal: what that leads to need not be a lock.)
    let path = fs::canonicalize(files.lock_path()).unwrap_or_else(|_| files.lock_path());
    list_files::replace(&path, &proposal.to_string())?;
    let path = files.proposal_path();
    fs::remove_file(&path).with_context(|| format!("locked, but cannot remove `{}`", path.display()))?;
    tell(files, &list);
    Ok(Exit::Ok)
}

/// Any edit of the list after it was proposed voids the proposal (T-092).
pub(super) fn check_same_as_draft(files: &ListFiles, proposal: &Lock) -> Result<(), Stop> {
    let draft = files.draft()?;
    let difference = Difference::between(proposal.statement().entries(), draft.entries());
    if difference.is_empty() {
        return Ok(());
    }
    print::difference(&difference);
    let reason = format!("`{}` was changed after it was proposed, as above", files.draft_path().display());
    Err(Refusal::new("edited", reason, "take the change back, or run `tenantry allow-list propose` again")
        .into())
}

/// A proposal follows the lock that was in force when it was made, and no other.
pub(super) fn check_follows(files: &ListFiles, proposal: &Lock) -> Result<(), Stop> {
    let in_force = files.lock()?.map(|lock| lock.head());
    if proposal.follows_directly(in_force) {
        return Ok(());
    }
    let reason = format!("`{}` is not the one that the proposal follows", files.lock_path().display());
    Err(Refusal::new("superseded", reason, "run `tenantry allow-list propose` again").into())
}

fn tell(files: &ListFiles, list: &LockedList) {
    let done = format!("locked revision {}", list.revision());
    let (tenants, until) = (print::tenants(list.entries().len()), print::date(list.expires_at()));
    anstream::println!("{}: {tenants}, until {until}", styled(&done, GOOD));
    anstream::println!("{}", list.digest());
    let path = files.lock_path();
    anstream::println!("{} bring `{}` to where the API reads it", styled("next:", BOLD), path.display());
    if let Some(removal) = list.removals().last() {
        let comes_back = files
            .draft()
            .is_ok_and(|draft| draft.entries().iter().any(|entry| removal.tenants().contains(&entry.id)));
        if comes_back {
            let draft = files.draft_path();
            anstream::println!(
                "then take the removed from `{}` too: it would propose them again",
                draft.display()
            );
        }
    }
}
