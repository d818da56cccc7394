//! What `gate init` has to know, and the `gate.toml` that follows from it.

use std::fmt::Write as _;

use super::preset::Preset;

/// The answers to all questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answers {
    pub(super) name: String,
    pub(super) url: String,
    /// Words of the command; empty: it runs already.
    pub(super) start: String,
    pub(super) client_id: String,
    /// Empty: none.
    pub(super) scope: String,
    /// Empty: none.
    pub(super) role: String,
    pub(super) versions: Vec<u8>,
    /// `/path`, or `METHOD /path`.
    pub(super) probes: Vec<String>,
}

impl Answers {
    /// The file's text.
    pub(super) fn text(&self, preset: Preset) -> String {
        let role = match &*self.role {
            "" => "# role = \"Reader\"          # an app role that opens the probes".to_owned(),
            role => format!("role = {}", quoted(role)),
        };
        let usual = preset.usual();
        let versions: Vec<_> = self.versions.iter().map(u8::to_string).collect();
        usual
            .template()
            .replace("@name@", &quoted(&self.name))
            .replace("@address@", &self.address())
            .replace("@start@", &self.start_section(usual.env()))
            .replace("@versions@", &format!("[{}]", versions.join(", ")))
            .replace("@scope@", &quoted(&self.scope))
            .replace("@role@", &role)
            .replace("@probes@", &self.probe_tables())
            .replace("\"@client-id@\"", &quoted(&self.client_id))
            .replace("@client-id@", &quoted(&self.client_id))
    }

    fn address(&self) -> String {
        match &*self.start {
            "" => format!("url = {}", quoted(&self.url)),
            _ => "# The gate starts it, below; `url = \"…\"` instead would say that it runs already."
                .to_owned(),
        }
    }

    /// The section, or how it would look.
    fn start_section(&self, env: &[(&str, &str)]) -> String {
        let words: Vec<_> = match &*self.start {
            "" => vec!["my-api".to_owned()],
            start => start.split_whitespace().map(str::to_owned).collect(),
        };
        let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
        let mut section = format!("[start]\ncommand = [{}]\n\n[start.env]\n", words.join(", "));
        for (name, value) in env {
            let _infallible = writeln!(section, "{name} = {}", quoted(value));
        }
        let (intro, section) = match &*self.start {
            "" => (
                "The gate can start the API itself, in place of `url`. {port} is free, {authority} the simulator, {ca} its certificate:",
                section.lines().map(|line| format!("# {line}\n").replace("# \n", "#\n")).collect(),
            ),
            _ => (
                "How the gate starts it. {port} is free, {authority} the simulator, {ca} a file with its certificate.",
                section,
            ),
        };
        format!("\n# {intro}\n{section}")
    }

    fn probe_tables(&self) -> String {
        let tables = self.probes.iter().map(|probe| match probe.split_once(' ') {
            Some((method, path)) => format!(
                "[[probe]]\nmethod = {}\npath = {}\n# body = {{ name = \"value\" }}    # sent as JSON\n# success = [201]\n",
                quoted(method.trim()),
                quoted(path.trim())
            ),
            None => format!("[[probe]]\npath = {}\n", quoted(probe)),
        });
        tables.collect::<Vec<_>>().join("\n")
    }
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;
    use tenantry_gate::Target;

    use super::super::preset::Preset;
    use super::Answers;

    #[test]
    fn every_preset_parses_running_and_started() {
        for preset in Preset::value_variants() {
            let usual = preset.answers();
            let started = Answers { start: "my-api --port {port}".to_owned(), ..usual.clone() };
            let running = Answers { start: String::new(), ..usual };
            for (answers, starts) in [(started, true), (running, false)] {
                let text = answers.text(*preset);
                let target =
                    Target::parse(&text).unwrap_or_else(|error| panic!("{preset:?}: {error}\n{text}"));
                assert_eq!((target.starts(), target.name.as_str()), (starts, "My API"));
                assert!(!text.replace("name@domain", "").contains('@'), "{preset:?}: {text}");
            }
        }
    }

    #[test]
    fn answers_cannot_break_out_of_their_places() {
        let hostile = "x\"\n[start]\ncommand = [\"rm\"]\n#";
        let answers = Answers {
            name: hostile.to_owned(),
            role: hostile.to_owned(),
            scope: hostile.to_owned(),
            client_id: hostile.to_owned(),
            start: String::new(),
            ..Preset::Go.answers()
        };
        let target = Target::parse(&answers.text(Preset::Go)).unwrap();
        assert!(target.start.is_none());
        assert_eq!((target.name.as_str(), target.api.client_id.as_str()), (hostile, hostile));
    }
}
