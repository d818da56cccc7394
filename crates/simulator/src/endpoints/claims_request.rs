//! The `claims` parameter (OpenID Connect Core 1.0 §5.5), as far as it means something at Entra: authentication contexts
//! (`acrs`), client capabilities (`xms_cc`), and the time after which a token must have been issued (`nbf`).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::aadsts::{Aadsts, CLAIMS_MALFORMED, STEP_UP_NEEDED};

/// Longest list of capabilities or contexts that is looked at.
const VALUES_MAX: usize = 16;

/// What a client asks for beyond scopes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ClaimsRequest {
    /// Authentication contexts of which the sign-in must satisfy one; none when empty.
    contexts: Vec<String>,
    /// What the client says it can do, for example `cp1`.
    pub(crate) capabilities: Vec<String>,
}

impl ClaimsRequest {
    /// From the parameter, if there is one. Claims that mean nothing here are ignored, as clients send many.
    ///
    /// # Errors
    /// 90100 for what is no JSON object of objects, and for contexts other than `c1` to `c99`.
    pub(crate) fn parse(text: Option<&str>) -> Result<Self, Aadsts> {
        let Some(text) = text else { return Ok(Self::default()) };
        let claims: Value = serde_json::from_str(text).map_err(|_| malformed("is not JSON"))?;
        let members = claims.as_object().ok_or_else(|| malformed("is not a JSON object"))?;
        if members.values().any(|member| !member.is_object() && !member.is_null()) {
            return Err(malformed("must hold objects"));
        }
        let wanted = |name: &str| claims.get("access_token").and_then(|token| token.get(name));
        let contexts = match wanted("acrs").filter(|acrs| acrs.get("essential") == Some(&json!(true))) {
            Some(acrs) => values(acrs)?,
            None => Vec::new(),
        };
        match contexts.iter().find(|context| !is_context(context)) {
            Some(_) => Err(malformed("asks for an authentication context other than c1 to c99")),
            None => Ok(Self { contexts, capabilities: wanted("xms_cc").map_or(Ok(Vec::new()), values)? }),
        }
    }

    /// The context to be satisfied before the request can go on.
    pub(crate) fn lacking(&self, satisfied: &BTreeSet<String>) -> Option<&str> {
        let enough = self.contexts.iter().any(|context| satisfied.contains(context));
        self.contexts.first().filter(|_| !enough).map(String::as_str)
    }

    /// Whether a sign-in is good enough where nobody can be asked.
    ///
    /// # Errors
    /// 50076 with the claims that the client shall ask for at the authorize endpoint.
    pub(crate) fn check(&self, satisfied: &BTreeSet<String>) -> Result<(), Aadsts> {
        let Some(context) = self.lacking(satisfied) else { return Ok(()) };
        let claims = json!({ "access_token": { "acrs": { "essential": true, "value": context } } });
        Err(STEP_UP_NEEDED
            .because(format!("The person must prove more to satisfy the authentication context '{context}'."))
            .demanding(&claims))
    }
}

/// `value` or `values` of a claim.
fn values(claim: &Value) -> Result<Vec<String>, Aadsts> {
    let several = match (claim.get("value"), claim.get("values")) {
        (Some(one), _) => vec![one.clone()],
        (None, Some(Value::Array(several))) => several.clone(),
        (None, Some(_)) => return Err(malformed("must hold lists of values")),
        (None, None) => Vec::new(),
    };
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let texts: Option<Vec<String>> = several.iter().take(VALUES_MAX).map(text).collect();
    texts.ok_or_else(|| malformed("must hold texts as values"))
}

/// `c1` to `c99`.
fn is_context(text: &str) -> bool {
    let number = text.strip_prefix('c').filter(|digits| digits.len() <= 2 && !digits.starts_with('0'));
    number.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.is_empty())
}

fn malformed(problem: &str) -> Aadsts {
    CLAIMS_MALFORMED.because(format!("The claims parameter {problem}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<ClaimsRequest, Aadsts> {
        ClaimsRequest::parse(Some(text))
    }

    #[test]
    fn what_clients_send_is_understood_or_ignored() {
        for text in [
            "{}",
            r#"{"id_token":{"signin_state":null,"login_hint":{"essential":true}}}"#,
            r#"{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}"#,
            r#"{"access_token":{"acrs":null},"userinfo":null}"#,
            r#"{"access_token":{"acrs":{"value":"c1"}}}"#,
        ] {
            assert_eq!(parsed(text), Ok(ClaimsRequest::default()), "{text}");
        }
        let both = parsed(
            r#"{"access_token":{"xms_cc":{"values":["cp1"]},"acrs":{"essential":true,"value":"c25"}}}"#,
        )
        .unwrap();
        assert_eq!(
            (both.capabilities.as_slice(), both.lacking(&BTreeSet::new())),
            (&["cp1".to_owned()][..], Some("c25"))
        );
    }

    #[test]
    fn one_of_several_contexts_is_enough() {
        let either = parsed(r#"{"access_token":{"acrs":{"essential":true,"values":["c1","c2"]}}}"#).unwrap();
        assert_eq!(either.lacking(&BTreeSet::new()), Some("c1"));
        assert_eq!(either.lacking(&BTreeSet::from(["c2".to_owned()])), None);
        let refusal = either.check(&BTreeSet::from(["c3".to_owned()])).unwrap_err();
        assert!(refusal.claims.unwrap().contains("\"c1\""));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "hello",
            "[]",
            "1",
            r#"{"access_token":[]}"#,
            r#"{"access_token":{"acrs":{"essential":true,"value":"c0"}}}"#,
            r#"{"access_token":{"acrs":{"essential":true,"value":"c100"}}}"#,
            r#"{"access_token":{"acrs":{"essential":true,"value":"<script>"}}}"#,
            r#"{"access_token":{"acrs":{"essential":true,"value":7}}}"#,
            r#"{"access_token":{"xms_cc":{"values":"cp1"}}}"#,
        ] {
            assert_eq!(parsed(text).unwrap_err().cause, CLAIMS_MALFORMED, "{text}");
        }
        assert!(parsed(&"[".repeat(10_000)).is_err());
    }
}
