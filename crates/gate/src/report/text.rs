//! Texts of strangers, made harmless once for every format (T-163, T-164).
//!
//! A target chooses what it answers, and a report may come from somebody's file. What is left here is one bounded line of
//! printable characters; escaping for XML, HTML and JSON comes on top, where each is written.

use super::{CaseResult, Outcome, Report};

/// Characters of a name, an id or a title.
const NAME_MAX: usize = 300;
/// Characters of a sentence.
const SENTENCE_MAX: usize = 1000;
/// Entries of a list within one result or gate.
const LIST_MAX: usize = 20;
/// Stands where a token was.
const TOKEN: &str = "[token]";

impl Report {
    /// The same, every text one bounded line without controls, direction marks, commands to pipelines and tokens. Doing it twice changes nothing.
    pub(super) fn printable(&self) -> Self {
        let mut report = self.clone();
        for name in [
            &mut report.schema,
            &mut report.gate_version,
            &mut report.suite_version,
            &mut report.target,
            &mut report.url,
            &mut report.authority,
        ] {
            *name = line(name, NAME_MAX);
        }
        if let Some(module) = &mut report.module {
            each([&mut module.name, &mut module.version, &mut module.from], NAME_MAX);
        }
        if let Some(list) = &mut report.allow_list {
            each([&mut list.digest, &mut list.proposer, &mut list.reviewer], NAME_MAX);
        }
        for gate in &mut report.gates {
            each([&mut gate.title], NAME_MAX);
            gate.reasons.truncate(LIST_MAX);
            each(&mut gate.reasons, SENTENCE_MAX);
        }
        report.results.iter_mut().for_each(CaseResult::print);
        report
    }
}

impl CaseResult {
    fn print(&mut self) {
        each([&mut self.id, &mut self.probe, &mut self.title, &mut self.source], NAME_MAX);
        each([&mut self.reason, &mut self.detail], SENTENCE_MAX);
        self.threats.truncate(LIST_MAX);
        each(&mut self.threats, NAME_MAX);
        if let Outcome::Skipped(why) = &mut self.outcome {
            each([why], SENTENCE_MAX);
        }
    }
}

fn each<'t>(texts: impl IntoIterator<Item = &'t mut String>, chars_max: usize) {
    texts.into_iter().for_each(|text| *text = line(text, chars_max));
}

/// At most `chars_max` characters; the last is `…` where something is missing.
fn line(text: &str, chars_max: usize) -> String {
    // Enough to find a token in, and no more of a megabyte than that.
    let head: String = text.chars().take(chars_max * 4).collect();
    let mut line = String::new();
    let mut left = chars_max;
    for shown in without_commands(&without_tokens(&head)).chars().map(shown) {
        let length = shown.chars().count();
        if length > left {
            line.pop();
            line.push('…');
            return line;
        }
        left -= length;
        line += &shown;
    }
    line
}

/// What is shown of a character: itself, a space, or its number.
fn shown(c: char) -> String {
    match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => " ".to_owned(),
        _ if is_unseen(c) => format!("\\u{{{:x}}}", u32::from(c)),
        _ => c.to_string(),
    }
}

/// Controls, what changes the direction of writing, what takes no room, and what XML 1.0 §2.2 does not permit.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// JSON in base64url begins with `eyJ`: tokens, and parts of them.
fn without_tokens(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("eyJ") {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(from.len());
        kept += before;
        kept += if end >= 20 { TOKEN } else { &from[..end] };
        rest = &from[end..];
    }
    kept + rest
}

/// Pipelines take `::error::` of GitHub and `##vso[` of Azure for commands, where a line begins with them; and a reader may
/// begin a line anywhere.
fn without_commands(text: &str) -> String {
    let mut apart = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        apart.push(c);
        let mut next = text[at..].chars().skip(1);
        let is_command = match (c, next.next(), next.next()) {
            (':', Some(':'), Some(letter)) => letter.is_ascii_alphabetic(),
            ('#', Some('#'), _) => true,
            _ => false,
        };
        if is_command {
            apart.push(' ');
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{is_unseen, line};

    #[test]
    fn what_cannot_be_seen_is_shown() {
        for (text, shown) in [
            ("plain, Ελληνική, 株式会社", "plain, Ελληνική, 株式会社"),
            ("two\r\nlines\tand a tab", "two  lines and a tab"),
            ("\u{1b}[31mred\u{1b}[0m", r"\u{1b}[31mred\u{1b}[0m"),
            ("good\u{202e}dab", r"good\u{202e}dab"),
            ("zero\u{0}", r"zero\u{0}"),
            ("no\u{ffff}character", r"no\u{ffff}character"),
            ("]]></script>", "]]></script>"),
            ("::error::x ##vso[task] a::b", ": :error: :x # #vso[task] a: :b"),
            ("http://[::1]:80 and :: alone", "http://[::1]:80 and :: alone"),
        ] {
            assert_eq!(line(text, 100), shown);
        }
    }

    #[test]
    fn tokens_are_left_out() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJ4In0.c2lnbmF0dXJl";
        assert_eq!(
            line(&format!("got Bearer {token}, twice {token}"), 200),
            "got Bearer [token], twice [token]"
        );
        assert_eq!(line("eyJ is how one begins", 200), "eyJ is how one begins");
        let long = format!("{token}{}", "A".repeat(1 << 20));
        assert_eq!(line(&long, 200), "[token]");
    }

    #[test]
    fn a_megabyte_is_cut() {
        let cut = line(&"é".repeat(1 << 20), 1000);
        assert_eq!(cut.chars().count(), 1000);
        assert!(cut.ends_with("é…"));
    }

    proptest! {
        #[test]
        fn every_text_becomes_one_bounded_printable_line(text in any::<String>(), max in 20..200_usize) {
            let once = line(&text, max);
            prop_assert!(once.chars().count() <= max);
            prop_assert!(!once.chars().any(is_unseen));
            prop_assert_eq!(line(&once, max), once);
        }
    }
}
