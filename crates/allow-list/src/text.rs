//! Words that people sign must be the words that they saw: no control, no bidirectional, no invisible characters.

/// Why a text cannot stand in an allow-list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextFault {
    /// Nothing in it.
    #[error("must not be empty")]
    Empty,
    /// More characters than the field takes.
    #[error("has more than {0} characters")]
    TooLong(usize),
    /// White space at an end.
    #[error("begins or ends with white space")]
    Untrimmed,
    /// A control, bidirectional or invisible character, which makes a reviewer see something else than is signed.
    #[error("has a character that does not show as what it is, U+{:04X}", u32::from(*.0))]
    Deceptive(char),
}

/// Checks a text of at most `chars_max` characters, which may be empty.
pub(crate) fn check(text: &str, chars_max: usize) -> Result<(), TextFault> {
    if text.chars().count() > chars_max {
        return Err(TextFault::TooLong(chars_max));
    }
    if let Some(c) = text.chars().find(|c| is_deceptive(*c)) {
        return Err(TextFault::Deceptive(c));
    }
    if text.trim() != text { Err(TextFault::Untrimmed) } else { Ok(()) }
}

/// As [`check`], for a text that must be there.
pub(crate) fn check_present(text: &str, chars_max: usize) -> Result<(), TextFault> {
    if text.is_empty() { Err(TextFault::Empty) } else { check(text, chars_max) }
}

/// Controls (Unicode `Cc`); what reorders or hides text (UAX #9, UTS #39); what looks like nothing, or like whatever the
/// font of the day makes of it: the blank Braille pattern, replacements, private use, and what is no character.
pub(crate) fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0x00AD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164
            | 0xE000..=0xF8FF | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFF
            | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..)
}

#[cfg(test)]
mod tests {
    use super::{TextFault, check, check_present};

    /// T-093: what a reviewer cannot see cannot be signed.
    #[test]
    fn deceptive_text_is_refused() {
        for c in [
            '\n',
            '\t',
            '\0',
            '\u{7f}',
            '\u{85}',
            '\u{202e}',
            '\u{2066}',
            '\u{200b}',
            '\u{feff}',
            '\u{2800}',
            '\u{e000}',
            '\u{fffd}',
            '\u{e0041}',
            '\u{100000}',
        ] {
            assert_eq!(check(&format!("Con{c}toso"), 200), Err(TextFault::Deceptive(c)), "{c:?}");
        }
        for good in ["Contoso", "Čeština & söner", "株式会社", "مؤسسة", "O'Brien \"quoted\"", ""]
        {
            assert_eq!(check(good, 200), Ok(()), "{good}");
        }
    }

    #[test]
    fn bounds_are_counted_in_characters() {
        assert_eq!(check(&"é".repeat(10), 10), Ok(()));
        assert_eq!(check(&"é".repeat(11), 10), Err(TextFault::TooLong(10)));
        assert_eq!(check_present("", 10), Err(TextFault::Empty));
        assert_eq!(check(" a", 10), Err(TextFault::Untrimmed));
    }
}
