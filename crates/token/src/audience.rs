//! For whom a token was issued.

use std::fmt;

/// A resource's own name: its client id (v2.0 tokens) or App ID URI (v1.0 tokens). Compared byte for byte.
///
/// List each spelling that clients really get: `api://x` and `api://x/` are two audiences. Source: RFC 7519 §4.1.3; T-014.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Audience(Box<str>);

/// Why a text cannot be an audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an audience has 1 to 255 characters and no white space, such as `api://1111…` or a client id")]
pub struct AudienceError;

impl Audience {
    /// The audience spelled `text`.
    ///
    /// # Errors
    /// [`AudienceError`] for an empty text, one over 255 bytes (Entra's bound for an App ID URI), or white space in it:
    /// each is a slip in a configuration file.
    pub fn new(text: &str) -> Result<Self, AudienceError> {
        let sound = (1..=255).contains(&text.len()) && !text.contains(char::is_whitespace);
        if sound { Ok(Self(text.into())) } else { Err(AudienceError) }
    }

    /// The audience as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Audience;

    #[test]
    fn slips_in_configuration_are_refused() {
        assert!(Audience::new("api://tasks").is_ok());
        for slip in ["", " api://tasks", "api://tasks\n", &"x".repeat(256)] {
            assert!(Audience::new(slip).is_err(), "{slip:?}");
        }
    }
}
