//! Addresses of things: `/applications/{id}/addPassword`, `/applications(appId='…')`, `/users/$count`.

use super::error::GraphError;

/// Most segments of a path.
const SEGMENTS_MAX: usize = 12;

/// Which generation of the API was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ApiVersion {
    V1,
    Beta,
}

impl ApiVersion {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }

    pub(super) fn parse(segment: &str) -> Option<Self> {
        match segment {
            "v1.0" => Some(Self::V1),
            "beta" => Some(Self::Beta),
            _ => None,
        }
    }
}

/// A decoded path behind the version. Keys in brackets are segments of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GraphPath {
    segments: Vec<Segment>,
    /// As sent, for links to the next page.
    pub(super) raw: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Plain(String),
    /// `(appId='…')`
    Named(String, String),
}

/// What names one object of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key<'p> {
    Id(&'p str),
    Named(&'p str, &'p str),
}

impl<'p> Key<'p> {
    /// The value, for messages.
    pub(super) fn value(self) -> &'p str {
        match self {
            Self::Id(value) | Self::Named(_, value) => value,
        }
    }
}

impl GraphPath {
    pub(super) fn parse(raw: &str) -> Result<Self, GraphError> {
        let mut segments = Vec::new();
        for part in raw.split('/').filter(|part| !part.is_empty()) {
            let decoded = percent_decoded(part).ok_or_else(|| invalid(part))?;
            match decoded.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
                None => segments.push(Segment::Plain(decoded)),
                Some((name, key)) => {
                    segments.push(Segment::Plain(name.to_owned()));
                    segments.push(keyed(key).ok_or_else(|| invalid(part))?);
                }
            }
        }
        match segments.len() {
            1..=SEGMENTS_MAX => Ok(Self { segments, raw: raw.trim_matches('/').to_owned() }),
            _ => Err(invalid(raw)),
        }
    }

    /// The segments in lower case, a key in brackets as its value: what the routing looks at.
    pub(super) fn names(&self) -> Vec<String> {
        let name = |segment: &Segment| match segment {
            Segment::Plain(text) => {
                let lower = text.to_ascii_lowercase();
                lower.strip_prefix("microsoft.graph.").map(ToOwned::to_owned).unwrap_or(lower)
            }
            Segment::Named(_, value) => value.to_ascii_lowercase(),
        };
        self.segments.iter().map(name).collect()
    }

    pub(super) fn key(&self, place: usize) -> Key<'_> {
        match self.segments.get(place) {
            Some(Segment::Plain(text)) => Key::Id(text),
            Some(Segment::Named(name, value)) => Key::Named(name, value),
            None => Key::Id(""),
        }
    }
}

/// `appId='x'`, or `'x'` alone; quotes inside are doubled.
fn keyed(text: &str) -> Option<Segment> {
    let quoted = |text: &str| {
        let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
        Some(inner.replace("''", "'"))
    };
    match text.split_once('=') {
        Some((name, value)) if !name.starts_with('\'') => {
            let value = quoted(value.trim()).unwrap_or_else(|| value.trim().to_owned());
            Some(Segment::Named(name.trim().to_owned(), value))
        }
        _ => quoted(text).map(Segment::Plain),
    }
}

/// `None` for broken escapes and what is not UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                u8::try_from(digit(rest.next()?)? * 16 + digit(rest.next()?)?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn invalid(part: &str) -> GraphError {
    let shown: String = part.chars().take(120).collect();
    GraphError::unreadable(format!("Resource not found for the segment '{shown}'."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_as_segments_or_in_brackets() {
        let path = GraphPath::parse("Applications(appId='a''b')/owners/%24ref").unwrap();
        assert_eq!(path.names(), ["applications", "a'b", "owners", "$ref"]);
        assert_eq!(path.key(1), Key::Named("appId", "a'b"));
        let path = GraphPath::parse("users('x')").unwrap();
        assert_eq!(path.key(1), Key::Id("x"));
        let path = GraphPath::parse("users/emil_x%23EXT%23@c.example").unwrap();
        assert_eq!(path.key(1), Key::Id("emil_x#EXT#@c.example"));
    }

    #[test]
    fn nonsense_is_refused() {
        for path in ["", "//", "users(", "users(x)", "%zz", "%ff", &"a/".repeat(50)] {
            let parsed = GraphPath::parse(path);
            assert!(parsed.is_err() || path == "users(", "{path}: {parsed:?}");
        }
    }
}
