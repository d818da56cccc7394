//! Ids that nobody has, and answers that ought to look alike.

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};

/// How many characters of an id are changed: the end, as a UUID tells its version before that.
const CHANGED: usize = 6;

/// An id of the same form that nothing has.
pub(crate) fn altered_id(id: &str) -> String {
    if let Ok(number) = id.parse::<u64>() {
        return number.wrapping_add(7_000_001).to_string();
    }
    let mut noise = [0_u8; CHANGED];
    // Without randomness it is still another id.
    let _ = SystemRandom::new().fill(&mut noise);
    let mut noise = noise.into_iter();
    let mut changed: Vec<char> = id.chars().rev().map(|c| replaced(c, &mut noise)).collect();
    changed.reverse();
    changed.into_iter().collect()
}

/// Another character of the same kind, as long as there is noise.
fn replaced(c: char, noise: &mut impl Iterator<Item = u8>) -> char {
    let kind: &[u8] = match c {
        '0'..='9' => b"0123456789",
        'a'..='f' => b"abcdef",
        'A'..='F' => b"ABCDEF",
        'g'..='z' => b"ghijklmnopqrstuvwxyz",
        'G'..='Z' => b"GHIJKLMNOPQRSTUVWXYZ",
        _ => return c,
    };
    let Some(byte) = noise.next() else { return c };
    let at = kind.iter().position(|k| char::from(*k) == c).unwrap_or_default();
    // Never the same one: 1 to `len - 1` further on.
    let step = 1 + usize::from(byte) % (kind.len() - 1);
    char::from(kind[(at + step) % kind.len()])
}

/// Whether two answers say the same, ids, numbers and moments aside.
pub(crate) fn alike(one: (u16, &str), other: (u16, &str)) -> bool {
    one.0 == other.0 && masked(one.1) == masked(other.1)
}

/// Each word with a digit in it becomes `#`: ids, trace ids, times.
fn masked(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
        match word.bytes().any(|byte| byte.is_ascii_digit()) {
            true => masked.push('#'),
            false => masked.push_str(word),
        }
        rest = &rest[word.len()..];
        if word.is_empty() {
            masked.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::{alike, altered_id};

    #[test]
    fn an_altered_id_has_the_same_form() {
        for id in ["17", "0195b6a2-7c11-7d3e-9b1c-1f0e5a9d2c33", "tsk_9fGx", "a", "Ünï-1"] {
            let altered = altered_id(id);
            assert_ne!(altered, id);
            let form =
                |id: &str| id.chars().map(|c| (c.is_ascii_digit(), c.is_lowercase())).collect::<Vec<_>>();
            assert!(id == "17" || form(&altered) == form(id), "{id} {altered}");
        }
        assert_eq!(altered_id(""), "");
    }

    #[test]
    fn answers_are_alike_but_for_ids_and_times() {
        let nothing = (
            404,
            r#"{"title":"no task `0195b6a2-7c11-7d3e`","trace":"00-4bf9","at":"2026-01-01T00:00:00Z"}"#,
        );
        let other = (
            404,
            r#"{"title":"no task `0195b6a2-7c11-aaaa`","trace":"00-11aa","at":"2026-01-01T00:00:07Z"}"#,
        );
        assert!(alike(nothing, other));
        assert!(!alike(nothing, (403, nothing.1)));
        assert!(!alike(
            nothing,
            (404, r#"{"title":"task `0195b6a2-7c11-aaaa` is not yours","trace":"00-11aa","at":"2026"}"#)
        ));
    }
}
