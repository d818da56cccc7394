//! Signs what the endpoints give out, by the key that is due.

use super::aadsts::{Aadsts, NO_KEY};
use crate::authority::Version;
use crate::state::Context;
use crate::tokens::{JsonObject, owner_of, sign_as_tenant};
use crate::world::{Application, Tenant};

/// Life of an ID token. Seconds.
pub(super) const ID_LIFETIME_S: i64 = 3_600;

/// Signs for an API, or for the client of an ID token.
///
/// # Errors
/// 90033 when a key of the recipient's own can neither be made nor kept.
pub(super) fn signed(
    context: &Context,
    (tenant, recipient): (&Tenant, &Application),
    version: Version,
    claims: &JsonObject,
) -> Result<String, Aadsts> {
    let key = context.state.keys.current(owner_of(tenant, Some(recipient)));
    let key = key.map_err(|error| NO_KEY.because(format!("The signing key is not available: {error}.")))?;
    Ok(sign_as_tenant(&key, version, claims))
}
