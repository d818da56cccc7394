//! `WWW-Authenticate` as RFC 9110 §11.6.1 writes it: challenges, each a scheme and its parameters. What a target sends is a
//! stranger's text: it is read in one pass, and none of it is repeated.

/// A scheme and its parameters, names in lower case.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Challenge {
    pub(super) scheme: String,
    pub(super) parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// All challenges of a field's values, or what is wrong with them.
pub(super) fn challenges<'v>(values: impl Iterator<Item = &'v str>) -> Result<Vec<Challenge>, &'static str> {
    let mut challenges = Vec::new();
    for value in values {
        let mut of_value = Vec::new();
        for element in elements(value)? {
            take(element, &mut of_value)?;
        }
        challenges.extend(of_value);
    }
    Ok(challenges)
}

/// What stands between commas that are in no quotes. Empty ones mean nothing (RFC 9110 §5.6.1.2).
fn elements(value: &str) -> Result<Vec<&str>, &'static str> {
    let (mut elements, mut begin, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                elements.push(&value[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    elements.push(&value[begin..]);
    let elements = elements.into_iter().map(str::trim).filter(|element| !element.is_empty()).collect();
    if quoted { Err("quotes that do not end") } else { Ok(elements) }
}

/// An element is a parameter of the challenge before it, or begins a new one.
fn take(element: &str, challenges: &mut Vec<Challenge>) -> Result<(), &'static str> {
    if let Some(parameter) = parameter(element) {
        return add(challenges.last_mut().ok_or("a parameter before any scheme")?, parameter);
    }
    let (scheme, rest) = element.split_once(' ').unwrap_or((element, ""));
    if !is_token(scheme) {
        return Err("a scheme that is no token");
    }
    let mut challenge = Challenge { scheme: scheme.to_ascii_lowercase(), parameters: Vec::new() };
    match (rest.trim(), parameter(rest.trim())) {
        (_, Some(parameter)) => add(&mut challenge, parameter)?,
        (token68, None) if token68.is_empty() || is_token_68(token68) => {}
        _ => return Err("what follows the scheme is no parameter"),
    }
    challenges.push(challenge);
    Ok(())
}

fn add(challenge: &mut Challenge, parameter: (String, String)) -> Result<(), &'static str> {
    if challenge.parameter(&parameter.0).is_some() {
        return Err("a parameter twice");
    }
    challenge.parameters.push(parameter);
    Ok(())
}

/// `name=value`, the value a token or quoted.
fn parameter(element: &str) -> Option<(String, String)> {
    let (name, value) = element.split_once('=')?;
    let (name, value) = (name.trim_end(), value.trim_start());
    let value = if is_token(value) { value.to_owned() } else { unquoted(value)? };
    is_token(name).then(|| (name.to_ascii_lowercase(), value))
}

/// What a quoted string says (RFC 9110 §5.6.4).
fn unquoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let (mut value, mut escaped) = (String::new(), false);
    for c in inner.chars() {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return None,
            c if c.is_control() && c != '\t' => return None,
            c => {
                value.push(c);
                escaped = false;
            }
        }
    }
    (!escaped).then_some(value)
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    let is_token_byte = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// RFC 9110 §11.2.
fn is_token_68(text: &str) -> bool {
    let is_byte = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b);
    let core = text.trim_end_matches('=');
    !core.is_empty() && core.bytes().all(is_byte)
}

#[cfg(test)]
mod tests {
    use super::challenges;

    fn read(values: &[&str]) -> Result<Vec<(String, usize)>, &'static str> {
        let read = challenges(values.iter().copied())?;
        Ok(read.into_iter().map(|challenge| (challenge.scheme, challenge.parameters.len())).collect())
    }

    #[test]
    fn challenges_are_read_as_they_are_meant() {
        for (values, expected) in [
            (&["Bearer"][..], &[("bearer", 0)][..]),
            (&["Bearer realm=\"api\", error=\"invalid_token\""], &[("bearer", 2)]),
            (&["bearer error = invalid_token"], &[("bearer", 1)]),
            (
                &["Negotiate, Bearer realm=x, Basic realm=\"a, b\""],
                &[("negotiate", 0), ("bearer", 1), ("basic", 1)],
            ),
            (&["Negotiate YWJj==", "Bearer"], &[("negotiate", 0), ("bearer", 0)]),
            (&["Bearer realm=\"a \\\" b\",, "], &[("bearer", 1)]),
        ] {
            let expected = expected.iter().map(|(scheme, n)| ((*scheme).to_owned(), *n)).collect();
            assert_eq!(read(values), Ok(expected), "{values:?}");
        }
        let quoted = challenges(["Bearer error_description=\"it, \\\"said\\\"\""].into_iter()).unwrap();
        assert_eq!(quoted[0].parameter("error_description"), Some("it, \"said\""));
    }

    /// T-164: whatever a target sends is refused or read, and hurts nobody.
    #[test]
    fn what_is_not_well_formed_is_refused() {
        for bad in [
            "Bearer realm=\"open",
            "realm=\"no scheme\"",
            "Bearer error=\"a\", error=\"b\"",
            "Bearer error=\"a\nb\"",
            "Bearer error=two words",
            "B{earer",
            "Bearer \u{1b}[2J",
        ] {
            assert!(read(&[bad]).is_err(), "{bad:?}");
        }
        assert_eq!(read(&[]), Ok(Vec::new()));
        assert!(read(&[&"\"".repeat(65_535)]).is_err());
        assert!(read(&[&"a,".repeat(65_535)]).is_ok());
    }
}
