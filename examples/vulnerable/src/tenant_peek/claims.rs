//! What the article's token library, python-jose, looks at after the signature, with the arguments that the article gives.
//!
//! Claims that are absent pass, all but `iss`. Source: `jose/jwt.py` of python-jose, where leeway is 0.

use serde_json::Value;

use crate::answer::Refusal;
use crate::jose::Object;

/// In the library's order.
pub(super) fn validate(claims: &Object, audience: &str, issuer: &str) -> Result<(), Refusal> {
    let now = i64::try_from(jsonwebtoken::get_current_timestamp()).unwrap_or(i64::MAX);
    let time = |name: &str| claims.get(name).map(int).transpose();
    time("iat")?;
    if time("nbf")?.is_some_and(|nbf| nbf > now) {
        return Err(Refusal::unauthorized("The token is not yet valid (nbf)"));
    }
    if time("exp")?.is_some_and(|exp| exp < now) {
        return Err(Refusal::unauthorized("Signature has expired."));
    }
    if claims.get("aud").is_some_and(|aud| !names(aud, audience)) {
        return Err(Refusal::unauthorized("Invalid audience"));
    }
    if claims.get("iss").and_then(Value::as_str) != Some(issuer) {
        return Err(Refusal::unauthorized("Invalid issuer"));
    }
    match ["sub", "jti"].iter().all(|name| claims.get(*name).is_none_or(Value::is_string)) {
        true => Ok(()),
        false => Err(Refusal::unauthorized("Must be a string.")),
    }
}

/// Python's `int(…)`: texts count, fractions are cut off, and what is neither raises an exception that nobody expects.
fn int(value: &Value) -> Result<i64, Refusal> {
    match value {
        Value::Number(number) => {
            #[allow(clippy::cast_possible_truncation, reason = "int() cuts off as well")]
            let cut = || number.as_f64().map(|float| float as i64);
            number.as_i64().or_else(cut).ok_or_else(|| Refusal::uncaught("int()"))
        }
        Value::String(text) => {
            text.trim().parse().map_err(|_| Refusal::unauthorized("Claim must be an integer."))
        }
        Value::Bool(yes) => Ok(i64::from(*yes)),
        _ => Err(Refusal::uncaught("int() argument must be a string or a number")),
    }
}

/// One text, or a list of texts of which one is enough.
fn names(aud: &Value, audience: &str) -> bool {
    match aud {
        Value::String(text) => text == audience,
        Value::Array(list) => list.iter().all(Value::is_string) && list.iter().any(|text| text == audience),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::validate;

    fn is_accepted(claims: &Value) -> bool {
        validate(claims.as_object().unwrap(), "api", "issuer").is_ok()
    }

    #[test]
    fn what_is_absent_passes_and_what_is_wrong_does_not() {
        for (claims, accepted) in [
            (json!({ "iss": "issuer", "aud": "api", "exp": 4_000_000_000_u64 }), true),
            (json!({ "iss": "issuer" }), true),
            (json!({ "iss": "issuer", "exp": "4000000000", "nbf": "0" }), true),
            (json!({ "iss": "issuer", "aud": ["other", "api"] }), true),
            (json!({}), false),
            (json!({ "iss": ["issuer"] }), false),
            (json!({ "iss": "issuer", "aud": "other" }), false),
            (json!({ "iss": "issuer", "aud": ["api", 1] }), false),
            (json!({ "iss": "issuer", "exp": 1 }), false),
            (json!({ "iss": "issuer", "nbf": 4_000_000_000_u64 }), false),
            (json!({ "iss": "issuer", "exp": "soon" }), false),
            (json!({ "iss": "issuer", "exp": null }), false),
            (json!({ "iss": "issuer", "sub": 1 }), false),
        ] {
            assert_eq!(is_accepted(&claims), accepted, "{claims}");
        }
    }
}
