//! Step 9, first half: an access token, and no other kind that looks like one (RFC 8725 §3.11, T-016).

use crate::{
    Rejection,
    claims::Claims,
    jws::{Header, TokenType},
};

/// Refuses what carries the marks of another kind of token.
pub(crate) fn access_token(header: &Header<'_>, claims: &Claims<'_>) -> Result<(), Rejection> {
    if let TokenType::Other(problem) = header.token_type() {
        return Err(Rejection::Kind { problem });
    }
    for (there, problem) in [
        (claims.nonce.is_present(), "has a `nonce`, like an ID token"),
        (claims.at_hash.is_present(), "has an `at_hash`, like an ID token"),
        (claims.c_hash.is_present(), "has a `c_hash`, like an ID token"),
        (claims.events.is_present(), "has `events`, like a logout or security event token"),
        (claims.cnf.is_present(), "is bound to a key (`cnf`) and cannot be used as plain bearer"),
    ] {
        if there {
            return Err(Rejection::Kind { problem });
        }
    }
    Ok(())
}
