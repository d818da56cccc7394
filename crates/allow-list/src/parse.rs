//! Reads TOML, and says where it is wrong: line, column, the line itself, and a caret.

use std::{fmt, ops::Range};

use serde::de::DeserializeOwned;

use crate::text::is_deceptive;

/// Why a file could not be read, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    message: String,
    place: Option<Place>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    /// From 1.
    line: usize,
    /// From 1, in characters.
    column: usize,
    /// The line, deceptive characters replaced.
    excerpt: String,
    /// How many characters the caret underlines, at least 1.
    width: usize,
}

/// Longer lines are not shown.
const EXCERPT_CHARS_MAX: usize = 160;

impl ParseError {
    /// A fault of the file as a whole.
    pub(crate) fn whole(message: impl Into<String>) -> Self {
        Self { message: printable(&message.into()), place: None }
    }

    /// A fault at `span`, in bytes of `text`.
    pub(crate) fn at(text: &str, span: &Range<usize>, message: impl Into<String>) -> Self {
        Self { message: printable(&message.into()), place: Some(Place::of(text, span)) }
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line of the fault, from 1, where it has one.
    pub fn line(&self) -> Option<usize> {
        self.place.as_ref().map(|place| place.line)
    }
}

/// A file's own words stand in messages, and a terminal or a log shows them.
fn printable(text: &str) -> String {
    let shown = |c| match c {
        '\n' => ' ',
        c if is_deceptive(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

impl Place {
    fn of(text: &str, span: &Range<usize>) -> Self {
        let start = (0..=span.start.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line = text[line_start..].split('\n').next().unwrap_or_default();
        let end = (line_start + line.len()).min(span.end.max(start));
        Self {
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            excerpt: printable(line),
            width: text.get(start..end).map_or(1, |marked| marked.chars().count().max(1)),
        }
    }

    fn is_short(&self) -> bool {
        self.excerpt.chars().count() <= EXCERPT_CHARS_MAX
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(place) = &self.place else { return f.write_str(&self.message) };
        write!(f, "line {}, column {}: {}", place.line, place.column, self.message)?;
        if !place.is_short() {
            return Ok(());
        }
        let (number, bar) = (place.line.to_string(), " ".repeat(place.line.to_string().len()));
        let (indent, carets) = (" ".repeat(place.column - 1), "^".repeat(place.width));
        write!(f, "\n{bar} |\n{number} | {}\n{bar} | {indent}{carets}", place.excerpt)
    }
}

impl std::error::Error for ParseError {}

/// Reads `text` as TOML of at most `bytes_max` bytes.
pub(crate) fn toml<T: DeserializeOwned>(text: &str, bytes_max: usize) -> Result<T, ParseError> {
    if text.len() > bytes_max {
        return Err(ParseError::whole(format!("has more than {bytes_max} bytes")));
    }
    toml::from_str(text).map_err(|fault| match fault.span() {
        Some(span) => ParseError::at(text, &span, fault.message()),
        None => ParseError::whole(fault.message()),
    })
}

#[cfg(test)]
mod tests {
    use super::ParseError;

    #[test]
    fn the_caret_stands_below_the_fault() {
        let shown = ParseError::at("a = 1\nname = \"x\"\n", &(13..16), "is not good").to_string();
        assert_eq!(shown, "line 2, column 8: is not good\n  |\n2 | name = \"x\"\n  |        ^^^");
    }

    #[test]
    fn no_span_panics_and_nothing_deceptive_is_echoed() {
        let text = "é = \"\u{202e}x\"\n";
        for start in 0..20 {
            for end in 0..20 {
                let shown = ParseError::at(text, &(start..end), "bad").to_string();
                assert!(!shown.contains('\u{202e}'), "{shown}");
            }
        }
    }
}
