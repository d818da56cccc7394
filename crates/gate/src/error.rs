//! Why a run could not be made. A run that was made ends with a [`crate::Report`], whatever it found.

/// Why nothing can be said about the target (T-162): never the same as "nothing was found".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GateError {
    /// The target gave no answer to an ordinary request.
    #[error("the target does not answer at `{url}`: {why}")]
    TargetUnreachable {
        /// Where it was expected.
        url: String,
        /// What the connection said.
        why: String,
    },
    /// The target could not be started as `[start]` says.
    #[error("the target does not start (`{command}`): {why}")]
    NotStarted {
        /// The command, with its placeholders.
        command: String,
        /// What went wrong, and the end of what the process said.
        why: String,
    },
    /// The simulator gave no answer, or refused a control.
    #[error("the simulator at `{base}` cannot be used: {why}")]
    Simulator {
        /// Where it was expected.
        base: String,
        /// What went wrong.
        why: String,
    },
    /// The world has nobody for a part that every attack needs.
    #[error("the simulator's world has no {part}: {advice}")]
    NobodyFor {
        /// Who is missing.
        part: &'static str,
        /// What to change.
        advice: String,
    },
    /// The selection leaves nothing to run (T-162).
    #[error(
        "no case is selected: `{0}` is neither a suite (`tenancy`) nor a case (`tenancy/rogue-tenant`); docs/reference/gate-cases.md has all"
    )]
    NothingSelected(String),
    /// A token cannot be made as a case wants it: a mistake of ours, never the target's.
    #[error("case `{case}` cannot make its token: {why}")]
    Token {
        /// The case's id.
        case: String,
        /// What went wrong.
        why: String,
    },
    /// More requests than the target's limit permits (T-163).
    #[error("the limit of {0} requests is reached")]
    TooManyRequests(u64),
    /// The run took longer than the target's limit permits (T-163).
    #[error("the run took longer than {0} s; `limits.run-s` in gate.toml permits more")]
    OutOfTime(u64),
}
