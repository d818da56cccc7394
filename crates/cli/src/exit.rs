//! Exit codes: scripts depend on them.

use std::process::ExitCode;

/// Shown below the help text of the executable.
pub(crate) const HELP: &str = "Exit codes: 0 done, or token accepted; 1 failed, or could not tell; 2 token refused, \
configuration unsound, or wrong usage.";

/// Shown below the help texts of `token check` and `token explain`.
pub(crate) const TOKEN_HELP: &str =
    "Exit codes: 0 accepted; 1 could not tell, for want of keys or rules; 2 refused, or wrong usage.";
/// Shown below the help texts of `allow-list`.
pub(crate) const ALLOW_LIST_HELP: &str = "Exit codes: 0 done, or the list counts; 1 could not be done, because a \
file is missing or nobody confirmed; 2 refused: the list, the proposal or the request is unsound, or wrong usage.";

/// Shown below the help text of `allow-list diff`.
pub(crate) const ALLOW_LIST_DIFF_HELP: &str = "Exit codes: 0 the same; 1 could not tell, because a file is missing; 2 different, or a file is unsound, or wrong usage.";

/// Shown below the help text of `gate init`.
pub(crate) const GATE_INIT_HELP: &str = "Exit codes: 0 written; 1 not written: the file is there already, or there is nobody to ask; 2 wrong usage.";

/// Shown below the help text of `gate report`.
pub(crate) const GATE_REPORT_HELP: &str = "Exit codes: 0 may be promoted, and the evidence is genuine where it was to be checked, or \
files were written; 2 must not be promoted, or the evidence is not genuine, or wrong usage; 1 could not tell.";

/// Shown below the help text of `gate run`.
pub(crate) const GATE_HELP: &str = "Exit codes: 0 may be promoted: every gate that has to be proven is; 2 must not be: a gate \
failed, a target that refuses good tokens included, or wrong usage; 1 could not tell: target or simulator not reachable, a file \
that cannot be used, a gate that has to be proven and is not, `--only`, or interrupted.";

/// Shown below the help text of `config check`.
pub(crate) const CONFIG_HELP: &str = "Exit codes: 0 sound; 2 unsound, or wrong usage.";

/// Shown below the help text of `simulate`.
pub(crate) const SIMULATE_HELP: &str =
    "Exit codes: 0 ended by Ctrl-C, or world sound; 1 did not start, or world unsound; 2 wrong usage.";

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; for `token`: accepted; for `gate`: may be promoted.
    Ok,
    /// It failed; for `token` and `gate`: could not tell.
    Failed,
    /// `token`: refused. `config check`: unsound. `gate`: must not be promoted. Also clap's code for wrong usage.
    Refused,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Ok => Self::SUCCESS,
            Exit::Failed => Self::from(1),
            Exit::Refused => Self::from(2),
        }
    }
}
