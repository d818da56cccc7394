//! SPDX licence expressions, and the slash that older manifests write for `OR`.

/// Whether somebody who accepts the licences in `allowed` may use something under `expression`.
///
/// `AND` binds stronger than `OR`; `X WITH Y` is one licence. What cannot be read is not allowed.
pub(super) fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut reader = Reader { words: spaced.split_whitespace().peekable(), allowed };
    reader.either() == Some(true) && reader.words.next().is_none()
}

/// Recursive descent; each method takes its words and gives the verdict, or `None` on a mistake in the text.
struct Reader<'t, Words: Iterator<Item = &'t str>> {
    words: std::iter::Peekable<Words>,
    allowed: &'t [String],
}

impl<'t, Words: Iterator<Item = &'t str>> Reader<'t, Words> {
    fn either(&mut self) -> Option<bool> {
        let mut good = self.both()?;
        while self.words.next_if_eq(&"OR").is_some() {
            good |= self.both()?;
        }
        Some(good)
    }

    fn both(&mut self) -> Option<bool> {
        let mut good = self.one()?;
        while self.words.next_if_eq(&"AND").is_some() {
            good &= self.one()?;
        }
        Some(good)
    }

    fn one(&mut self) -> Option<bool> {
        let word = self.words.next()?;
        if word == "(" {
            let good = self.either()?;
            return (self.words.next()? == ")").then_some(good);
        }
        let licence = match self.words.next_if_eq(&"WITH") {
            Some(_) => format!("{word} WITH {}", self.words.next()?),
            None => word.to_owned(),
        };
        (!matches!(word, "AND" | "OR" | ")")).then(|| self.allowed.contains(&licence))
    }
}
