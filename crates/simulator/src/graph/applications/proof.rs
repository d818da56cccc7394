//! The proof of possession that `addKey` and `removeKey` ask for: a short JWT, signed with a key that is there already.

use serde_json::Value;

use super::super::call::{Call, Object};
use super::super::error::GraphError;
use crate::tokens::Jwt;
use crate::world::Application;

/// Audience of a proof (Microsoft Graph, "Generate proof of possession tokens for rolling keys").
const AUDIENCE: &str = "00000002-0000-0000-c000-000000000000";
/// Longest life of a proof. Seconds.
const LIFETIME_S_MAX: i64 = 600;

/// Checks signature, issuer, audience and lifetime.
pub(super) fn check(call: &Call<'_>, application: &Application, body: &Object) -> Result<(), GraphError> {
    let wrong = |why: &str| {
        Err(GraphError::bad(format!("The proof is not valid: {why}.")).detail("InvalidValue", "proof"))
    };
    let Some(jwt) = body.get("proof").and_then(Value::as_str).and_then(Jwt::parse) else {
        return wrong("it is missing, or no JSON Web Token");
    };
    let keys = application.certificates.iter().filter_map(|certificate| certificate.public_key());
    if !keys.into_iter().any(|key| jwt.is_signed_by(&key)) {
        return wrong(
            "no key credential of the application signed it; without one, set keyCredentials by PATCH",
        );
    }
    let issuer = jwt.text("iss").unwrap_or_default();
    if issuer.parse() != Ok(application.app_id) && issuer.parse() != Ok(application.object_id()) {
        return wrong("'iss' must be the application");
    }
    if !jwt.has_audience(|audience| audience == AUDIENCE) {
        return wrong("'aud' must be 00000002-0000-0000-c000-000000000000");
    }
    match (jwt.seconds("nbf"), jwt.seconds("exp")) {
        (Some(starts), Some(ends))
            if starts <= call.now() && call.now() < ends && ends - starts <= LIFETIME_S_MAX =>
        {
            Ok(())
        }
        _ => wrong("it must be valid now and live no longer than ten minutes"),
    }
}
