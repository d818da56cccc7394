//! Query and form parameters, unknown ones included and ignored.

use super::aadsts::{Aadsts, MALFORMED};

/// Longest parameter that is kept behind a code or token. With it thousands of waiting requests fit into memory.
const KEPT_BYTES_MAX: usize = 8 * 1024;

/// Parameters of a request; the first of a name counts. Not `Debug`: they hold passwords, secrets and codes.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// From `application/x-www-form-urlencoded` text, in order of precedence.
    pub(crate) fn parse(texts: &[&[u8]]) -> Self {
        let pairs = texts.iter().flat_map(|text| url::form_urlencoded::parse(text));
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// From the query of an address.
    pub(crate) fn of_query(query: Option<String>) -> Self {
        Self::parse(&[query.unwrap_or_default().as_bytes()])
    }

    /// Those of the request that a form carries along.
    pub(super) fn carried(&self) -> Self {
        Self::parse(&[self.get("request").unwrap_or_default().as_bytes()])
    }

    /// From names and values.
    pub(super) fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The same parameters without those called `name`.
    pub(super) fn dropping(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// A parameter that is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A parameter that will be kept for later and may therefore not be too long.
    pub(super) fn bounded(&self, name: &str) -> Result<Option<&str>, Aadsts> {
        match self.get(name) {
            Some(value) if value.len() > KEPT_BYTES_MAX => {
                Err(MALFORMED
                    .because(format!("The parameter '{name}' is longer than {KEPT_BYTES_MAX} bytes.")))
            }
            value => Ok(value),
        }
    }

    /// The same parameters as one text, `name` left out.
    pub(super) fn without(&self, name: &str) -> String {
        let kept = self.0.iter().filter(|(known, _)| known != name);
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }
}
