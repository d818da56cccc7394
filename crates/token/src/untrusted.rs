//! Text that a stranger wrote, made safe to show to an operator.

use std::fmt;

/// Longest piece of a stranger's text that is kept. Characters.
const CHARS_MAX: usize = 120;

/// What a token claimed before it was proven: cut to 120 characters, and escaped wherever it is shown (T-113, row 32).
///
/// Control characters, quotes, back-ticks and everything outside printable ASCII come out escaped, so that no line,
/// terminal sequence or markup of the sender reaches a log or a page.
#[derive(Clone, PartialEq, Eq)]
pub struct Untrusted(Box<str>);

impl Untrusted {
    /// Keeps the first 120 characters of `text`.
    pub fn new(text: &str) -> Self {
        match text.char_indices().nth(CHARS_MAX) {
            Some((end, _)) => Self(format!("{}…", &text[..end]).into()),
            None => Self(text.into()),
        }
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '…' => f.write_str("…")?,
                '<' | '>' | '&' | '`' => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                ' '..='~' if c != '"' && c != '\\' && c != '\'' => write!(f, "{c}")?,
                other => write!(f, "{}", other.escape_default())?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Untrusted({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::Untrusted;

    /// T-113: a stranger's text is one printable line.
    #[test]
    fn hostile_text_is_escaped_and_cut() {
        for (text, shown) in [
            ("plain-text_1.2~", "plain-text_1.2~"),
            ("a\r\nb", "a\\r\\nb"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("<script>`x`", "\\u{3c}script\\u{3e}\\u{60}x\\u{60}"),
            ("\u{202e}rtl", "\\u{202e}rtl"),
            ("say \"hi\"", "say \\\"hi\\\""),
        ] {
            assert_eq!(Untrusted::new(text).to_string(), shown);
        }
        assert_eq!(Untrusted::new(&"x".repeat(5000)).to_string().chars().count(), 121);
    }
}
