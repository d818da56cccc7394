//! `tenantry man`: a manual page for each command, from the same words as `--help`.

use std::path::PathBuf;

use anyhow::Context;

use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder that the pages are written to; it is made if there is none.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// `command` is the whole command line, as clap knows it.
pub(crate) fn run(args: &Args, command: clap::Command) -> anyhow::Result<Exit> {
    let cannot = || format!("cannot write manual pages to {}", args.folder.display());
    std::fs::create_dir_all(&args.folder).with_context(cannot)?;
    clap_mangen::generate_to(command, &args.folder).with_context(cannot)?;
    anstream::println!("manual pages are in {0}: man {0}/tenantry.1", args.folder.display());
    Ok(Exit::Ok)
}
