//! Step 8: issued for this resource and nobody else (RFC 8725 §3.9, T-014).

use crate::{
    Audience, Rejection,
    claims::Claims,
    jws::json::{Member, OneOrList},
};

/// Exactly one audience, on the list byte for byte. With a second one that resource could replay the token here.
pub(crate) fn audience(claims: &Claims<'_>, accepted: &[Audience]) -> Result<(), Rejection> {
    let found = match &claims.aud {
        Member::Is(OneOrList::One(audience)) => audience,
        Member::Is(OneOrList::List(list)) => match &list[..] {
            [audience] => audience,
            _ => return Err(Rejection::Audience { found: "(none or several)".into() }),
        },
        Member::IllTyped => return Err(Rejection::Audience { found: "(not a text)".into() }),
        Member::Absent => return Err(Rejection::Audience { found: "(missing)".into() }),
    };
    let is_ours = accepted.iter().any(|audience| audience.as_str() == found);
    if is_ours { Ok(()) } else { Err(Rejection::Audience { found: (&**found).into() }) }
}
