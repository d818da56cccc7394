//! `tenantry allow-list review`: the second signature.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, anyhow};
use tenantry::Clock;
use tenantry_allow_list::{ApprovedKeys, Lock};

use super::{
    list_files::{self, ListFiles},
    print,
    signing_key::{SigningKey, signer},
    stop::{Refusal, Stop},
};
use crate::{
    exit::Exit,
    terminal::{BAD, BOLD, GOOD, styled},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    files: ListFiles,
    #[command(flatten)]
    key: SigningKey,
    /// Sign without asking: you have read the proposal elsewhere
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit, Stop> {
    let (approved, key) = (args.files.approved_keys()?, args.key.read()?);
    let (signer, now) = (signer(&approved, &key)?, Clock::system().now());
    let proposal = args.files.proposal()?;
    check_waits_for_review(&proposal, &approved)?;
    let proposer = proposal.verify_proposal(&approved, now)?.name().to_owned();
    super::lock::check_same_as_draft(&args.files, &proposal)?;
    let reviewed = proposal.clone().review(&signer, now)?;
    super::lock::check_follows(&args.files, &reviewed)?;

    tell(args, &approved, &reviewed, &proposer)?;
    if !args.yes && !confirmed(signer.holder().name())? {
        eprintln!("nothing was signed");
        return Ok(Exit::Failed);
    }
    put(&args.files, &proposal, &reviewed)?;
    let done = format!("reviewed revision {} as `{}`", reviewed.head().revision, signer.holder().name());
    anstream::println!("{}", styled(&done, GOOD));
    anstream::println!("{} run `tenantry allow-list lock` to put it in force", styled("next:", BOLD));
    Ok(Exit::Ok)
}

/// Writes the second signature, unless another proposal, or a removal, came while somebody was reading.
fn put(files: &ListFiles, read: &Lock, reviewed: &Lock) -> Result<(), Stop> {
    let _held = files.hold()?;
    if files.proposal()? != *read {
        let reason = format!("`{}` was replaced while you were reading", files.proposal_path().display());
        return Err(Refusal::new("superseded", reason, "nothing was signed: review the new one").into());
    }
    Ok(list_files::replace(&files.proposal_path(), &reviewed.to_string())?)
}

fn check_waits_for_review(proposal: &Lock, approved: &ApprovedKeys) -> Result<(), Stop> {
    let advice = "run `tenantry allow-list lock`";
    match proposal.verify_signatures(approved) {
        Ok(_) if proposal.has_removals() => {
            Err(Refusal::new("removal_pending", "an emergency removal needs no review", advice).into())
        }
        Ok(list) => {
            let reason = format!("the proposal was reviewed by `{}` already", list.reviewer().name());
            Err(Refusal::new("already_reviewed", reason, advice).into())
        }
        Err(_) => Ok(()),
    }
}

/// What is about to be signed.
fn tell(args: &Args, approved: &ApprovedKeys, reviewed: &Lock, proposer: &str) -> Result<(), Stop> {
    let statement = reviewed.statement();
    let (revision, tenants) = (statement.head().revision, print::tenants(statement.entries().len()));
    let (issued, expires) = (print::date(statement.term().issued), print::date(statement.term().expires));
    anstream::println!(
        "{}",
        styled(&format!("revision {revision}, proposed by `{proposer}` at {issued}"), BOLD)
    );
    anstream::println!("{tenants}, until {expires}");
    let before = match args.files.list_in_force(approved) {
        Ok(list) => list,
        Err(Stop::Refused(refusal)) => {
            refusal.print();
            let warning = "the lock in force is not sound: read the whole list, all of it counts as new";
            anstream::println!("{}", styled(warning, BAD));
            None
        }
        Err(failed) => return Err(failed),
    };
    print::changes(before.as_ref(), statement);
    Ok(())
}

fn confirmed(name: &str) -> anyhow::Result<bool> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(anyhow!(
            "there is no terminal to ask on: read the proposal, then review it with `--yes`"
        ));
    }
    anstream::print!("{} ", styled(&format!("sign it as `{name}`? yes or no:"), BOLD));
    std::io::stdout().flush().context("cannot ask")?;
    let mut answer = String::new();
    stdin.lock().read_line(&mut answer).context("cannot read the answer")?;
    Ok(matches!(answer.trim(), "yes" | "y"))
}
