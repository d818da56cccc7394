//! Reads `$filter` (OData 4.01, part 2, §5.1.1).

use serde_json::Value;

use super::filter::{Comparison, Filter, TextTest};
use crate::graph::error::GraphError;

/// Deepest nesting of brackets, `not` and `any`.
const DEPTH_MAX: usize = 20;
/// Most terms of one filter.
const TERMS_MAX: usize = 500;

/// Reads a filter.
pub(super) fn filter(text: &str) -> Result<Filter, GraphError> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0 };
    let filter = reader.or()?;
    match reader.at == reader.tokens.len() {
        true => Ok(filter),
        false => Err(invalid("something is left over at the end")),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A name, a keyword, a bare literal, a path.
    Word(String),
    Text(String),
    Open,
    Close,
    Comma,
    Colon,
}

fn tokens(text: &str) -> Result<Vec<Token>, GraphError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            ':' => (Token::Colon, 1),
            '\'' => quoted(rest)?,
            _ => word(rest),
        };
        tokens.push(token);
        if tokens.len() > TERMS_MAX * 4 {
            return Err(invalid("it is too long"));
        }
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// A text in quotes; a doubled quote stands for one. With its length in the source.
fn quoted(source: &str) -> Result<(Token, usize), GraphError> {
    let mut text = String::new();
    let mut characters = source.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\'' if characters.peek().is_some_and(|(_, next)| *next == '\'') => {
                characters.next();
                text.push('\'');
            }
            '\'' => return Ok((Token::Text(text), at + 1)),
            other => text.push(other),
        }
    }
    Err(invalid("a text has no end; quotes inside are doubled"))
}

fn word(source: &str) -> (Token, usize) {
    let is_time = source.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let ends = |character: char| {
        character.is_whitespace()
            || matches!(character, '(' | ')' | ',' | '\'')
            || (character == ':' && !is_time)
    };
    let length = source.find(ends).unwrap_or(source.len());
    // A stray character must be consumed all the same.
    let length = if length == 0 { source.chars().next().map_or(1, char::len_utf8) } else { length };
    (Token::Word(source[..length].to_owned()), length)
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn or(&mut self) -> Result<Filter, GraphError> {
        let mut left = self.and()?;
        while self.take_word("or") {
            left = Filter::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Filter, GraphError> {
        let mut left = self.unary()?;
        while self.take_word("and") {
            left = Filter::And(Box::new(left), Box::new(self.unary()?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Filter, GraphError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(invalid("it is nested too deeply"));
        }
        let filter = if self.take_word("not") {
            Filter::Not(Box::new(self.unary()?))
        } else if self.take(&Token::Open) {
            let inner = self.or()?;
            self.expect(&Token::Close)?;
            inner
        } else {
            self.term()?
        };
        self.depth -= 1;
        Ok(filter)
    }

    fn term(&mut self) -> Result<Filter, GraphError> {
        let name = self.word()?;
        if self.take(&Token::Open) {
            return match name.rsplit_once('/') {
                Some((path, "any")) => self.any(path),
                _ => self.function(&name),
            };
        }
        let operator = self.word()?;
        let comparison = match operator.to_ascii_lowercase().as_str() {
            "eq" => Comparison::Equal,
            "ne" => Comparison::NotEqual,
            "gt" => Comparison::Greater,
            "ge" => Comparison::GreaterOrEqual,
            "lt" => Comparison::Less,
            "le" => Comparison::LessOrEqual,
            "in" => return Ok(Filter::In(name, self.list()?)),
            _ => return Err(invalid("an operator is expected: eq, ne, in, gt, ge, lt or le")),
        };
        Ok(Filter::Compare(name, comparison, self.literal()?))
    }

    fn any(&mut self, path: &str) -> Result<Filter, GraphError> {
        if self.take(&Token::Close) {
            return Ok(Filter::Any(path.to_owned(), None));
        }
        let variable = self.word()?;
        self.expect(&Token::Colon)?;
        let inner = self.or()?;
        self.expect(&Token::Close)?;
        Ok(Filter::Any(path.to_owned(), Some((variable, Box::new(inner)))))
    }

    fn function(&mut self, name: &str) -> Result<Filter, GraphError> {
        let test = match name.to_ascii_lowercase().as_str() {
            "startswith" => TextTest::StartsWith,
            "endswith" => TextTest::EndsWith,
            "contains" => TextTest::Contains,
            _ => return Err(invalid("the functions are startswith, endswith and contains")),
        };
        let path = self.word()?;
        self.expect(&Token::Comma)?;
        let Value::String(wanted) = self.literal()? else {
            return Err(invalid("a text in quotes is expected"));
        };
        self.expect(&Token::Close)?;
        // `startswith(…) eq true` is what some clients write.
        if self.take_word("eq") && !self.take_word("true") {
            return Err(invalid("a function may only be compared with `true`"));
        }
        Ok(Filter::Text(test, path, wanted))
    }

    fn list(&mut self) -> Result<Vec<Value>, GraphError> {
        self.expect(&Token::Open)?;
        let mut values = vec![self.literal()?];
        while self.take(&Token::Comma) {
            values.push(self.literal()?);
        }
        self.expect(&Token::Close)?;
        Ok(values)
    }

    fn literal(&mut self) -> Result<Value, GraphError> {
        let token = self.tokens.get(self.at).cloned().ok_or_else(|| invalid("a value is missing"))?;
        self.at += 1;
        match token {
            Token::Text(text) => Ok(Value::String(text)),
            Token::Word(word) => Ok(match word.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "null" => Value::Null,
                _ => bare(&word)?,
            }),
            _ => Err(invalid("a value is expected")),
        }
    }

    fn word(&mut self) -> Result<String, GraphError> {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => {
                self.at += 1;
                Ok(word.clone())
            }
            _ => Err(invalid("a name is expected")),
        }
    }

    fn take_word(&mut self, keyword: &str) -> bool {
        let found =
            matches!(self.tokens.get(self.at), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let found = self.tokens.get(self.at) == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), GraphError> {
        match self.take(wanted) {
            true => Ok(()),
            false => Err(invalid("a bracket, comma or colon is missing")),
        }
    }
}

/// Numbers, GUIDs and dates need no quotes.
fn bare(word: &str) -> Result<Value, GraphError> {
    if let Ok(number) = word.parse::<i64>() {
        return Ok(Value::from(number));
    }
    let starts_well = word.starts_with(|first: char| first.is_ascii_hexdigit());
    let fits = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-:.+".contains(&byte));
    match starts_well && fits && word.contains('-') {
        true => Ok(Value::String(word.to_owned())),
        false => Err(invalid("a text stands in single quotes")),
    }
}

fn invalid(why: &str) -> GraphError {
    GraphError::unreadable(format!("Invalid filter clause: {why}."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_mean_what_they_say() {
        let object = json!({
            "displayName": "O'Brien's API", "appId": "a0000000-0000-4000-8000-000000000001", "n": 2,
            "enabled": true, "uniqueName": null, "createdDateTime": "2026-02-01T00:00:00Z",
            "uris": ["api://x", "api://y"], "api": { "version": 2 }, "parts": [{ "id": 1 }, { "id": 2 }],
        });
        for (text, holds) in [
            ("displayName eq 'O''Brien''s API'", true),
            ("displayName eq 'o''brien''s api'", true),
            ("displayName ne 'x' and n eq 2", true),
            ("appId eq A0000000-0000-4000-8000-000000000001", true),
            ("startswith(displayName,'o''b')", true),
            ("startswith(displayName, 'x') or enabled eq true", true),
            ("not startswith(displayName,'O')", false),
            ("displayName in ('a', 'O''Brien''s API')", true),
            ("n in (1,3)", false),
            ("uniqueName eq null", true),
            ("uris/any(u:u eq 'api://y')", true),
            ("uris/any(u:startswith(u,'https'))", false),
            ("parts/any(p:p/id eq 2 and n eq 2)", true),
            ("uris/any()", true),
            ("api/version eq 2", true),
            ("createdDateTime ge 2026-01-01T00:00:00Z", true),
            ("(n eq 1 or n eq 2) and enabled eq false", false),
            ("n eq 1 or n eq 2 and enabled eq false", false),
            ("missing eq 'x'", false),
        ] {
            assert_eq!(filter(text).unwrap().matches(&object), holds, "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused_and_never_overflows() {
        let deep = format!("{}a eq 1{}", "(".repeat(5_000), ")".repeat(5_000));
        let long = ["a eq 1"; 3_000].join(" or ");
        for text in [
            "",
            "a",
            "a eq",
            "a eq 'x",
            "a eq x",
            "a like 'x'",
            "eq eq eq",
            "a eq 'x' b",
            "(a eq 1",
            "a in ()",
            "f(a,'x')",
            "u/any(x)",
            "startswith(a)",
            "a eq 'x')",
            "😀",
            "a eq 😀",
            &deep,
            &long,
            "'",
            "a:b",
        ] {
            assert!(filter(text).is_err(), "{}", text.chars().take(40).collect::<String>());
        }
    }
}
