//! The JOSE header: what it may say, and what it must not (RFC 7515 §4).

use serde::de::{IgnoredAny, MapAccess};

use super::json::{self, Anything, Member, Members, Names, Text};
use crate::{Algorithm, Rejection, limits::KEY_ID_BYTES_MAX};

/// Members that carry or point to a key. Keys come from configuration, never from a token (T-007).
const KEY_MEMBERS: [&str; 4] = ["jwk", "jku", "x5u", "x5c"];
/// Members that belong to extensions or encryption, which we do not speak (T-002, T-008).
const FOREIGN_MEMBERS: [&str; 11] =
    ["crit", "b64", "zip", "enc", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c"];

/// The members of a header that the verdict looks at.
#[derive(Debug, Default)]
pub(crate) struct Header<'t> {
    alg: Member<Text<'t>>,
    kid: Member<Text<'t>>,
    typ: Member<Text<'t>>,
    cty: Member<Text<'t>>,
    nonce: Member<Anything>,
    forbidden: Option<&'static str>,
    key: Option<&'static str>,
}

/// What `typ` and its neighbours say of the token's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenType {
    /// Absent, `JWT` or `at+jwt`: Entra's access and ID tokens look alike here.
    MaybeAccess,
    /// Anything else; the text says what was wrong.
    Other(&'static str),
}

impl<'t> Header<'t> {
    /// Reads the header and refuses what no token of ours has in it.
    pub(crate) fn parse(bytes: &'t [u8]) -> Result<Self, Rejection> {
        let header: Self = json::object(bytes).map_err(|problem| Rejection::MalformedHeader { problem })?;
        match (header.forbidden, header.key) {
            (Some(member), _) => Err(Rejection::ForbiddenHeader { member }),
            (None, Some(member)) => Err(Rejection::KeyInHeader { member }),
            (None, None) => Ok(header),
        }
    }

    /// The algorithm, if it is on the list; the header cannot choose beyond it (RFC 8725 §3.1, T-005).
    pub(crate) fn algorithm(&self, allowed: impl Fn(Algorithm) -> bool) -> Result<Algorithm, Rejection> {
        let refused = |found: &str| Rejection::Algorithm { found: found.into() };
        match &self.alg {
            Member::Is(name) => Algorithm::named(name).filter(|&a| allowed(a)).ok_or_else(|| refused(name)),
            Member::IllTyped => Err(refused("(not a text)")),
            Member::Absent => Err(refused("(missing)")),
        }
    }

    /// The key id: required, compared exactly, never normalised (T-009).
    pub(crate) fn key_id(&self) -> Result<&str, Rejection> {
        match &self.kid {
            Member::Is(kid) if (1..=KEY_ID_BYTES_MAX).contains(&kid.len()) => Ok(kid),
            Member::Is(_) => Err(Rejection::KeyId { problem: "empty or too long" }),
            Member::IllTyped => Err(Rejection::KeyId { problem: "not a text" }),
            Member::Absent => Err(Rejection::KeyId { problem: "missing" }),
        }
    }

    /// What the header says of the token's kind (RFC 8725 §3.11, RFC 9068 §4, T-016).
    pub(crate) fn token_type(&self) -> TokenType {
        if self.nonce.is_present() {
            return TokenType::Other("a `nonce` in its header: for an API of Microsoft's own");
        }
        if self.cty.value().is_some_and(|cty| names_jwt(cty)) {
            return TokenType::Other("another token inside");
        }
        match &self.typ {
            Member::Absent => TokenType::MaybeAccess,
            Member::Is(typ) if names_jwt(typ) || names(typ, "at+jwt") => TokenType::MaybeAccess,
            Member::Is(_) | Member::IllTyped => TokenType::Other("a `typ` other than `JWT` or `at+jwt`"),
        }
    }

    pub(crate) fn claimed_algorithm(&self) -> Option<&str> {
        self.alg.value().map(AsRef::as_ref)
    }
}

impl<'t> Members<'t> for Header<'t> {
    fn set<A: MapAccess<'t>>(
        &mut self,
        name: Text<'t>,
        others: &mut Names<'t>,
        from: &mut A,
    ) -> Result<(), A::Error> {
        match &*name {
            "alg" if self.alg.is_absent() => self.alg = from.next_value()?,
            "kid" if self.kid.is_absent() => self.kid = from.next_value()?,
            "typ" if self.typ.is_absent() => self.typ = from.next_value()?,
            "cty" if self.cty.is_absent() => self.cty = from.next_value()?,
            "nonce" if self.nonce.is_absent() => self.nonce = from.next_value()?,
            "alg" | "kid" | "typ" | "cty" | "nonce" => return Err(json::repeated()),
            other => {
                self.key = self.key.or(KEY_MEMBERS.into_iter().find(|member| *member == other));
                self.forbidden =
                    self.forbidden.or(FOREIGN_MEMBERS.into_iter().find(|member| *member == other));
                others.note(name)?;
                from.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

fn names_jwt(media_type: &str) -> bool {
    names(media_type, "jwt")
}

/// Compares media types as RFC 7515 §4.1.9 says: any case, `application/` may be left out.
fn names(media_type: &str, name: &str) -> bool {
    let prefix = media_type.get(..12).filter(|prefix| prefix.eq_ignore_ascii_case("application/"));
    media_type[prefix.map_or(0, str::len)..].eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use super::{Header, TokenType};
    use crate::Algorithm;

    fn parses(json: &str) -> bool {
        Header::parse(json.as_bytes()).is_ok()
    }

    /// T-004, T-007, T-008.
    #[test]
    fn only_a_plain_header_parses() {
        for good in [
            r#"{"alg":"RS256","kid":"k"}"#,
            r#" { "kid" : "k" , "alg":"RS256", "x5t":"k", "unknown": {"deep":[1,null,1e999]} } "#,
            r#"{"\u0061lg":"RS256"}"#,
            "{}",
        ] {
            assert!(parses(good), "{good}");
        }
        for bad in [
            "",
            "[]",
            "null",
            "\"x\"",
            "{\"alg\":\"RS256\"",
            "{} {}",
            "{}x",
            "\u{feff}{}",
            r#"{"a":NaN}"#,
            r#"{"alg":"RS256","alg":"RS256"}"#,
            r#"{"alg":"RS256","\u0061lg":"none"}"#,
            r#"{"x":1,"x":1}"#,
            r#"{"crit":[]}"#,
            r#"{"crit":null}"#,
            r#"{"b64":false}"#,
            r#"{"zip":"DEF"}"#,
            r#"{"enc":"A128GCM"}"#,
            r#"{"jwk":{}}"#,
            r#"{"jku":"https://x"}"#,
            r#"{"x5u":"https://x"}"#,
            r#"{"x5c":[]}"#,
            r#"{"p2c":1}"#,
        ] {
            assert!(!parses(bad), "{bad}");
        }
        assert!(Header::parse(b"{\"a\":\"\xff\"}").is_err());
    }

    /// T-005, T-009.
    #[test]
    fn algorithm_and_key_id_are_exact() {
        let rs256 = |a| a == Algorithm::Rs256;
        let header = |json: &'static str| Header::parse(json.as_bytes()).unwrap();
        assert!(header(r#"{"alg":"RS256"}"#).algorithm(rs256).is_ok());
        for alg in
            ["\"rs256\"", "\"RS256 \"", "\"none\"", "\"HS256\"", "\"PS256\"", "[\"RS256\"]", "null", "256"]
        {
            let json: &'static str = format!(r#"{{"alg":{alg}}}"#).leak();
            assert!(header(json).algorithm(rs256).is_err(), "{alg}");
        }
        assert!(header("{}").algorithm(rs256).is_err());
        assert_eq!(header(r#"{"kid":"K 1"}"#).key_id().unwrap(), "K 1");
        for kid in ["{}", r#"{"kid":""}"#, r#"{"kid":7}"#, r#"{"kid":null}"#, r#"{"kid":["k"]}"#] {
            assert!(header(kid).key_id().is_err(), "{kid}");
        }
    }

    /// T-016.
    #[test]
    fn type_is_a_jwt_or_an_access_token() {
        let token_type = |json: &'static str| Header::parse(json.as_bytes()).unwrap().token_type();
        for json in [
            "{}",
            r#"{"typ":"JWT"}"#,
            r#"{"typ":"jwt"}"#,
            r#"{"typ":"at+jwt"}"#,
            r#"{"typ":"Application/AT+JWT"}"#,
        ] {
            assert_eq!(token_type(json), TokenType::MaybeAccess, "{json}");
        }
        for json in [
            r#"{"typ":"logout+jwt"}"#,
            r#"{"typ":"dpop+jwt"}"#,
            r#"{"typ":""}"#,
            r#"{"typ":null}"#,
            r#"{"typ":["JWT"]}"#,
            r#"{"typ":"application/"}"#,
            r#"{"cty":"JWT"}"#,
            r#"{"nonce":"n"}"#,
            r#"{"typ":"éééééééééééé"}"#,
        ] {
            assert_ne!(token_type(json), TokenType::MaybeAccess, "{json}");
        }
    }
}
