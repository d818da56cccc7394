//! Step 10: the application that calls.

use std::collections::HashSet;

use crate::{ClientId, Rejection};

/// On the list, where there is one (T-019).
pub(crate) fn client(found: &ClientId, allowed: Option<&HashSet<ClientId>>) -> Result<(), Rejection> {
    let may_call = allowed.is_none_or(|allowed| allowed.contains(found));
    if may_call { Ok(()) } else { Err(Rejection::Client { found: found.as_str().into() }) }
}
