//! *tenancy*: whose organisation. Genuine tokens of tenants that are not let in, and tenants that are not who they say.
//!
//! The simulator signs all of them as the authority does, so that nothing but the check of the tenant can notice.

mod agreement;
mod hints;
mod issuer;
mod spelling;
mod strangers;

use crate::case::{Case, Severity, Suite};

const fn case(id: &'static str, severity: Severity) -> Case {
    Case::new(id, Suite::Tenancy, severity)
}

pub(super) fn cases() -> Vec<Case> {
    [strangers::cases(), agreement::cases(), issuer::cases(), spelling::cases(), hints::cases()].concat()
}
