//! What people read instead of identifiers: the same words on the page, on the terminal and in SARIF.

use crate::{Expect, Suite};

use super::{CaseResult, Finding, Outcome, Verdict};

impl Verdict {
    /// `passed`, `failed`, `not proven`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotProven => "not proven",
        }
    }

    /// The identifier, as JSON has it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotProven => "not-proven",
        }
    }

    /// What it means for a release, for people: the sentence that a report begins with.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Passed => "May be promoted",
            Self::Failed => "Must not be promoted",
            Self::NotProven => "Not proven",
        }
    }
}

impl Suite {
    /// What it asks, for people.
    pub const fn question(self) -> &'static str {
        match self {
            Self::Control => "Do good tokens pass, and does nobody without one?",
            Self::Tenancy => "Are organisations that are not listed kept out?",
            Self::Kind => "Does only the right kind of token pass?",
            Self::Forgery => "Are forged tokens refused?",
            Self::Memory => "Does one token's verdict leave all others alone?",
            Self::Lifetime => "Are tokens refused before and after their time?",
            Self::Audience => "Are tokens for other services refused?",
            Self::Version => "Do version and issuer belong together?",
            Self::Shape => "Is what cannot be read refused, without harm?",
            Self::Placement => "Is the token read from one place alone?",
            Self::Answers => "Do refusals keep what only the operator may know?",
            Self::Oddities => "Do unusual but legal tokens pass?",
            Self::Keys => "Are keys changed, withdrawn and missed safely?",
            Self::Isolation => "Does each organisation see its own data alone?",
            Self::Layers => "Does another layer hold when one is off?",
        }
    }
}

impl Expect {
    /// What a sound API does, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Refused => "Refused",
            Self::TenantRefused => "Refused, as an organisation that is not let in",
            Self::Forbidden => "Refused, or known and forbidden",
            Self::Malformed => "Refused, or not read at all",
            Self::Passes => "Let in",
        }
    }
}

impl Finding {
    /// What the target did, for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Accepted => "let in what it must refuse",
            Self::RefusedGood => "refused a good token",
            Self::WrongStatus => "answered with another status than asked for",
            Self::ServerError => "broke",
            Self::TooSlow => "took too long",
            Self::Told => "told the caller what only the operator may know",
            Self::AskedTooMuch => "asked its authority too often, or for what it need not",
            Self::Leaked => "showed one organisation's data to another",
        }
    }

    /// The identifier, as JSON has it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::RefusedGood => "refused-good",
            Self::WrongStatus => "wrong-status",
            Self::ServerError => "server-error",
            Self::TooSlow => "too-slow",
            Self::Told => "told",
            Self::AskedTooMuch => "asked-too-much",
            Self::Leaked => "leaked",
        }
    }

    pub(super) const fn advice(self, suite: Suite) -> &'static str {
        match self {
            Self::Accepted => let_in_advice(suite),
            Self::RefusedGood => {
                "Look in the API's log for why it refused this token; compare its audience, issuer and list of tenants with gate.toml."
            }
            Self::WrongStatus => {
                "It did refuse. Answer 401 or 403 as callers expect, or write the status that is meant into `api.refusal` of gate.toml."
            }
            Self::ServerError => {
                "Let the token check refuse what it cannot read, with 401. The error is in the API's log."
            }
            Self::TooSlow => {
                "Bound what one request can cost: size and nesting before anything is read, one key request at a time, each with a time-out."
            }
            Self::Told => {
                "Answer every refusal alike: 401 and `WWW-Authenticate: Bearer`, without names or reasons. The reason belongs in the log."
            }
            Self::AskedTooMuch => {
                "Ask for keys once for all requests that wait, with a pause in between, and only for tenants on the list."
            }
            Self::Leaked => {
                "Take the tenant from the verified token in every query, and let the database refuse queries without one."
            }
        }
    }
}

const fn let_in_advice(suite: Suite) -> &'static str {
    match suite {
        Suite::Control => {
            "Ask for a token at this address; if it is meant to be open, it is no probe: take it out of gate.toml."
        }
        Suite::Tenancy => {
            "Compare `tid` with the list of tenants first, and hold `iss` and the key to the same tenant. A good signature proves no tenant."
        }
        Suite::Kind => {
            "Accept access tokens alone: with a scope for people or an app role for programs, of the clients and accounts that are meant."
        }
        Suite::Forgery => {
            "Fix the permitted algorithm in the configuration, take keys from the issuer's published set alone, and read only what was signed."
        }
        Suite::Memory => {
            "Remember verdicts by every byte of a token, no longer than it lives, and never by a part of it."
        }
        Suite::Lifetime => {
            "Check `exp` and `nbf` as numbers, with minutes of leeway at most, and refuse tokens without them."
        }
        Suite::Audience => {
            "Compare `aud` with the API's own identifier, byte for byte, and with nothing else."
        }
        Suite::Version => {
            "Accept for each `ver` the one issuer that belongs to it, and only versions that the API is registered for."
        }
        Suite::Shape => {
            "Refuse what is not three parts of strict base64url over JSON with each member once, within a bound on its size."
        }
        Suite::Placement => {
            "Read the token from one `Authorization: Bearer` field, and refuse requests with several."
        }
        Suite::Answers => "Let nothing in a refused request change what is done or told.",
        Suite::Oddities => "Refuse this request as any other that is not expected to pass.",
        Suite::Keys => {
            "Drop withdrawn keys within the refresh time, and refuse while there is no key to check with."
        }
        Suite::Isolation => "Take the tenant from the verified token in every query, never from the request.",
        Suite::Layers => "Give each layer a check of its own, so that another holds when one is off.",
    }
}

impl Outcome {
    /// `held`, `skipped`, or the finding's identifier.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Failed(finding) => finding.code(),
            Self::Skipped(_) => "skipped",
        }
    }
}

impl CaseResult {
    /// What to do about a failure: one or two sentences. `None`: it did not fail.
    pub fn advice(&self) -> Option<&'static str> {
        match self.outcome {
            Outcome::Failed(finding) => Some(finding.advice(self.suite)),
            _ => None,
        }
    }
}

/// A sentence made of a text that begins in lower case and ends without a full stop. A file's name keeps its letters.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let is_name = text
        .split_whitespace()
        .next()
        .is_some_and(|word| word.trim_end_matches('.').contains(['.', '/', '_']));
    let mut letters = text.chars();
    let first = letters.next().into_iter();
    let mut sentence: String = match is_name {
        true => first.chain(letters).collect(),
        false => first.flat_map(char::to_uppercase).chain(letters).collect(),
    };
    if !sentence.ends_with(['.', '…', '?', '!']) {
        sentence.push('.');
    }
    sentence
}

/// A text with `code` in it, cut into what is code and what is not. An odd backtick is itself.
pub(super) fn parts(text: &str) -> Vec<(bool, String)> {
    let mut parts: Vec<_> = text.split('`').map(str::to_owned).collect();
    if parts.len().is_multiple_of(2) {
        let last = parts.pop().unwrap_or_default();
        parts.last_mut().into_iter().for_each(|part| *part += &format!("`{last}"));
    }
    parts.into_iter().enumerate().map(|(at, part)| (at % 2 == 1, part)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        for (text, whole) in [
            ("let it in: 200", "Let it in: 200."),
            ("why?", "Why?"),
            ("", "."),
            ("ß", "SS."),
            ("gate.toml has none", "gate.toml has none."),
        ] {
            assert_eq!(sentence(text), whole);
        }
    }

    #[test]
    fn code_is_between_backticks() {
        let cut =
            |text| parts(text).into_iter().map(|(code, part)| format!("{code}:{part}")).collect::<Vec<_>>();
        assert_eq!(cut("no code"), ["false:no code"]);
        assert_eq!(cut("compare `tid` first"), ["false:compare ", "true:tid", "false: first"]);
        assert_eq!(cut("`a` and ` alone"), ["false:", "true:a", "false: and ` alone"]);
    }
}
