//! Where the token stands in a request: one `Authorization` field, and nowhere else (RFC 6750 §2.1, T-021).

use std::fmt;

use crate::Rejection;

/// What a request's `Authorization` fields hold. Shows nothing of it in `Debug` (T-114).
#[derive(Clone, Copy)]
pub struct Credentials<'r>(Found<'r>);

#[derive(Clone, Copy)]
enum Found<'r> {
    Nothing,
    Field(&'r [u8]),
    Several,
    Token(&'r str),
}

impl<'r> Credentials<'r> {
    /// Takes the values of all `Authorization` fields of a request, as received.
    pub fn from_fields(values: impl IntoIterator<Item = &'r [u8]>) -> Self {
        let mut values = values.into_iter();
        Self(match (values.next(), values.next()) {
            (None, _) => Found::Nothing,
            (Some(field), None) => Found::Field(field),
            (Some(_), Some(_)) => Found::Several,
        })
    }

    /// A token that came without a request: from a file, or a test.
    pub fn bearer(token: &'r str) -> Self {
        Self(Found::Token(token))
    }

    /// The one token, still as opaque text.
    ///
    /// # Errors
    /// [`Rejection::NoToken`], [`Rejection::SeveralCredentials`] or [`Rejection::MalformedCredentials`].
    pub fn token(&self) -> Result<&'r str, Rejection> {
        match self.0 {
            Found::Nothing => Err(Rejection::NoToken),
            Found::Several => Err(Rejection::SeveralCredentials),
            Found::Token(token) => Ok(token),
            Found::Field(value) => token_of(value),
        }
    }
}

/// `Bearer` in any case, one or more spaces, one token: no list, no quotes, no further words.
fn token_of(value: &[u8]) -> Result<&str, Rejection> {
    let scheme_end = value.iter().position(|byte| *byte == b' ').unwrap_or(value.len());
    let (scheme, rest) = value.split_at(scheme_end);
    if !scheme.eq_ignore_ascii_case(b"bearer") {
        return Err(if is_scheme(scheme) { Rejection::NoToken } else { Rejection::MalformedCredentials });
    }
    let token = rest.trim_ascii_start();
    let spaces = &rest[..rest.len() - token.len()];
    // Without an early end, so that it is vectorised; which characters a token really has is the next step's business.
    let is_one_word = token.iter().fold(true, |so_far, byte| so_far & is_of_a_word(*byte));
    if token.is_empty() || !spaces.iter().all(|byte| *byte == b' ') || !is_one_word {
        return Err(Rejection::MalformedCredentials);
    }
    std::str::from_utf8(token).map_err(|_| Rejection::MalformedCredentials)
}

/// Printable ASCII that neither separates nor quotes.
fn is_of_a_word(byte: u8) -> bool {
    (0x21..=0x7e).contains(&byte) & (byte != b',') & (byte != b'"') & (byte != b';')
}

/// Another scheme's name (RFC 9110 §11.1): then no bearer token was sent at all.
fn is_scheme(scheme: &[u8]) -> bool {
    !scheme.is_empty() && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::Credentials;

    fn token(fields: &[&'static str]) -> Result<&'static str, &'static str> {
        Credentials::from_fields(fields.iter().map(|field| field.as_bytes()))
            .token()
            .map_err(|refused| refused.code())
    }

    /// T-021: placement and spelling.
    #[test]
    fn one_field_one_scheme_one_token() {
        for good in ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "Bearer   a.b.c"] {
            assert_eq!(token(&[good]), Ok("a.b.c"), "{good}");
        }
        assert_eq!(token(&[]), Err("no_token"));
        assert_eq!(token(&["Bearer a.b.c", "Bearer a.b.c"]), Err("several_credentials"));
        assert_eq!(token(&["Bearer a.b.c", "Basic x"]), Err("several_credentials"));
        for other in ["Basic dXNlcg==", "Negotiate x", "DPoP a.b.c", "Bearertoken"] {
            assert_eq!(token(&[other]), Err("no_token"), "{other}");
        }
        for bad in [
            "",
            " ",
            "Bearer",
            "Bearer ",
            "Bearer\ta.b.c",
            "Bearer \ta.b.c",
            " Bearer a.b.c",
            "Bearer a.b.c ",
            "Bearer a.b.c x",
            "Bearer a.b.c, Bearer a.b.c",
            "Bearer \"a.b.c\"",
            "Bearer:a.b.c",
            "Bearer, a.b.c",
            "Bearer a.b.c\u{e9}",
            "Bearer a.b.c;x",
        ] {
            assert_eq!(token(&[bad]), Err("malformed_credentials"), "{bad:?}");
        }
    }

    /// T-114.
    #[test]
    fn debug_shows_no_token() {
        assert!(!format!("{:?}", Credentials::bearer("secret")).contains("secret"));
    }
}
