//! Step 4: the tenant gate.

use crate::{Rejection, TenantDirectory, TenantId, TenantPolicy};

/// Lets in tenants that the directory admits; unknown, suspended and mistaken ones look alike (T-011, row 13).
pub(crate) fn tenant(directory: &dyn TenantDirectory, claimed: TenantId) -> Result<TenantPolicy, Rejection> {
    directory.admit(claimed).ok_or(Rejection::Tenant { claimed })
}
