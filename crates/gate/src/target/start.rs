//! `[start]`: how the gate starts the target itself, as often as it needs one.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{TargetError, host, wrong};

/// What stands for something that is known at the start only.
const PLACEHOLDERS: &[&str] = &["{authority}", "{ca}", "{port}", "{scratch}"];

/// How to start the target, where no [`Target::url`](crate::Target::url) says that it runs already; and how to start it again with a layer
/// off.
///
/// In `command`, `env` and `url`, `{authority}` stands for the simulator's base, `{port}` for a free port, another one at each start, and
/// `{scratch}` for an empty directory that is gone afterwards. `{ca}` stands for a file with the simulator's certificate authority; whoever
/// has such a file says so with [`Start::with_ca_file`].
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Start {
    /// Program and arguments; no shell reads them.
    pub command: Vec<String>,
    /// Environment variables beside those of the gate. An empty one is taken away.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Where it runs. Default: where the gate runs.
    #[serde(default)]
    pub directory: Option<PathBuf>,
    /// Where it answers then. Default: `http://127.0.0.1:{port}`.
    #[serde(default = "this_machine")]
    pub url: String,
    /// How long it may take until it answers, in seconds. 1 to 300; default 30.
    #[serde(default = "half_a_minute")]
    pub wait_s: u64,
}

/// What the placeholders stand for at one start.
pub(crate) struct Place<'p> {
    pub(crate) authority: &'p str,
    pub(crate) port: u16,
    pub(crate) scratch: &'p str,
}

impl Start {
    /// The same, with the name of that file for `{ca}`.
    #[must_use]
    pub fn with_ca_file(mut self, name: &str) -> Self {
        for text in self.command.iter_mut().chain(self.env.values_mut()) {
            *text = text.replace("{ca}", name);
        }
        self
    }

    pub(super) fn check(&self, named_hosts: &[String]) -> Result<(), TargetError> {
        if self.command.first().is_none_or(|program| program.trim().is_empty()) {
            return Err(wrong("start.command", "the program and its arguments, as a list"));
        }
        if !(1..=300).contains(&self.wait_s) {
            return Err(wrong("start.wait-s", format!("1 to 300, not {}", self.wait_s)));
        }
        let texts = || self.command.iter().chain(self.env.values());
        texts().try_for_each(|text| check_placeholders("start", text))?;
        if !self.url.contains("{port}") {
            return Err(wrong("start.url", "write `{port}` for the port, as each start gets a free one"));
        }
        host::check("start.url", &self.url.replace("{port}", "1"), named_hosts)?;
        if !texts().any(|text| text.contains("{port}")) {
            return Err(wrong(
                "start",
                "tell the target where to listen: write `{port}` in `command` or `env`",
            ));
        }
        Ok(())
    }
}

/// Fails at `{…}` that stands for nothing, a slip of the pen most likely. JSON has its braces elsewhere.
pub(super) fn check_placeholders(key: &str, text: &str) -> Result<(), TargetError> {
    for (at, _) in text.match_indices('{') {
        let Some(end) = text[at..].find('}') else { continue };
        let found = &text[at..=at + end];
        let is_word = found.len() > 2 && found[1..found.len() - 1].bytes().all(|b| b.is_ascii_lowercase());
        if is_word && !PLACEHOLDERS.contains(&found) {
            return Err(wrong(key, format!("`{found}` stands for nothing; there are {PLACEHOLDERS:?}")));
        }
    }
    Ok(())
}

impl Place<'_> {
    /// The text with what the placeholders stand for.
    pub(crate) fn fill(&self, text: &str) -> String {
        text.replace("{authority}", self.authority)
            .replace("{port}", &self.port.to_string())
            .replace("{scratch}", self.scratch)
    }
}

fn this_machine() -> String {
    "http://127.0.0.1:{port}".to_owned()
}

const fn half_a_minute() -> u64 {
    30
}

#[cfg(test)]
mod tests {
    use crate::Target;

    fn read(start: &str) -> Result<(), String> {
        let text =
            format!("name = \"t\"\n[api]\nclient-id = \"a\"\n[[probe]]\npath = \"/\"\n[start]\n{start}\n");
        Target::parse(&text).map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn a_start_says_where_the_port_goes() {
        let good = r#"command = ["api", "--listen", "127.0.0.1:{port}"]"#;
        read(good).unwrap();
        for (start, key) in [
            (r#"command = ["api"]"#, "`start`"),
            ("command = []", "`start.command`"),
            (&format!("{good}\nurl = \"http://127.0.0.1:3000\""), "`start.url`"),
            (&format!("{good}\nurl = \"http://api.example.test:{{port}}\""), "`start.url`"),
            (&format!("{good}\nwait-s = 0"), "`start.wait-s`"),
            (&format!("{good}\nenv = {{ A = \"{{autority}}\" }}"), "`start`"),
        ] {
            let why = read(start).unwrap_err();
            assert!(why.starts_with(key), "{start}: {why}");
        }
        read(&format!("{good}\nenv = {{ A = '{{\"a\": {{}}}}' }}")).unwrap();
    }
}
