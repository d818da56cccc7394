//! Where the token comes from. Best not from the command line: other users of the machine can read that.

use std::{fs, io::Read};

use anyhow::{Context, bail};

/// More than any token, so that a wrong file is noticed.
const BYTES_MAX: u64 = 1024 * 1024;

/// The token named by the argument: itself, `-` or `@FILE`.
pub(super) fn read(argument: &str) -> anyhow::Result<String> {
    let text = match (argument, argument.strip_prefix('@')) {
        ("-", _) => bounded(std::io::stdin()).context("cannot read a token from standard input")?,
        (_, Some(path)) => {
            let file = fs::File::open(path).with_context(|| format!("cannot open `{path}`"))?;
            bounded(file).with_context(|| format!("cannot read a token from `{path}`"))?
        }
        (token, None) => token.to_owned(),
    };
    let token = without_scheme(text.trim());
    if token.is_empty() {
        bail!("there is no token: give it as an argument, as `@FILE`, or on standard input");
    }
    Ok(token.to_owned())
}

/// The scheme's letter case means nothing (RFC 9110 §11.1).
fn without_scheme(text: &str) -> &str {
    match text.split_once(char::is_whitespace) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim_start(),
        _ => text,
    }
}

fn bounded(source: impl Read) -> anyhow::Result<String> {
    let mut text = String::new();
    source.take(BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}
