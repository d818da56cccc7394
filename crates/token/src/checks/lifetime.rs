//! Step 7: the span in which a token is good (RFC 7519 §4.1.4 to §4.1.6, T-015).

use crate::{Policy, Rejection, UnixTime, claims::Claims, jws::json::Member};

/// The end of the year 9999: what no real token goes beyond.
const LATEST: f64 = 253_402_300_799.0;

/// Checks the span and gives its end.
pub(crate) fn lifetime(claims: &Claims<'_>, policy: &Policy, now: UnixTime) -> Result<UnixTime, Rejection> {
    let expires =
        date("exp", &claims.exp)?.ok_or(Rejection::Lifetime { claim: "exp", problem: "is missing" })?;
    let not_before = date("nbf", &claims.nbf)?;
    let issued = date("iat", &claims.iat)?;
    // Fractions are legal, and exact in a 64-bit float at these sizes: nothing is cut off.
    let (current, leeway) = (now.as_secs() as f64, f64::from(policy.leeway_s));
    if current >= expires + leeway {
        return Err(Rejection::Expired { at: whole(expires), now });
    }
    if expires - current > f64::from(policy.lifetime_h_max) * 3600.0 {
        return Err(Rejection::Lifetime { claim: "exp", problem: "is too far in the future" });
    }
    if not_before.is_some_and(|start| start >= expires) {
        return Err(Rejection::Lifetime { claim: "nbf", problem: "is not before `exp`" });
    }
    for start in [not_before, issued].into_iter().flatten() {
        if start > current + leeway {
            return Err(Rejection::NotYetValid { at: whole(start), now });
        }
    }
    Ok(whole(expires))
}

/// A wrong type is a refusal, never an absence (CVE-2026-25537).
fn date(claim: &'static str, member: &Member<f64>) -> Result<Option<f64>, Rejection> {
    match member {
        Member::Absent => Ok(None),
        Member::Is(seconds) if (0.0..=LATEST).contains(seconds) => Ok(Some(*seconds)),
        Member::Is(_) => Err(Rejection::Lifetime { claim, problem: "is out of range" }),
        Member::IllTyped => Err(Rejection::Lifetime { claim, problem: "is not a number" }),
    }
}

/// Within range by now; a fraction of a second is dropped for display and cache, not for the verdict.
fn whole(seconds: f64) -> UnixTime {
    UnixTime::from_secs(seconds.floor() as i64)
}
