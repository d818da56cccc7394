//! *kind*: which kind of token, for whom it acts, and what it permits. All are genuine, current, and of a listed tenant.

mod caller;
mod id_token;
mod program;
mod role;
mod scope;
mod thing;

use crate::case::{Case, Severity, Suite};

const fn case(id: &'static str, severity: Severity) -> Case {
    Case::new(id, Suite::Kind, severity)
}

pub(super) fn cases() -> Vec<Case> {
    [id_token::cases(), scope::cases(), program::cases(), role::cases(), caller::cases(), thing::cases()]
        .concat()
}
