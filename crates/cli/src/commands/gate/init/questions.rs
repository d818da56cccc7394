//! The questions: one line each, an empty answer takes what is in brackets.

use std::io::{BufRead, Write};

use anyhow::bail;
use clap::ValueEnum;

use super::answers::Answers;
use super::preset::Preset;
use super::{AnswerArgs, preset_named};
use crate::terminal::{BOLD, QUIET, styled};

/// Asked again so often, and then given up.
const ATTEMPTS_MAX: usize = 5;

/// Asks on one stream and reads from another.
pub(super) struct Questions<R, W> {
    from: R,
    to: W,
}

impl<R: BufRead, W: Write + anstream::stream::RawStream> Questions<R, W> {
    pub(super) fn new(from: R, to: W) -> Questions<R, anstream::AutoStream<W>> {
        Questions { from, to: anstream::AutoStream::auto(to) }
    }
}

impl<R: BufRead, W: Write> Questions<R, W> {
    /// Which framework.
    pub(super) fn preset(&mut self) -> anyhow::Result<Preset> {
        writeln!(self.to, "{}", styled("Enter takes what is in brackets.", QUIET))?;
        for preset in Preset::value_variants() {
            if let Some(value) = preset.to_possible_value() {
                let help = value.get_help().map(ToString::to_string).unwrap_or_default();
                let name = styled(&format!("{:<8}", value.get_name()), BOLD);
                writeln!(self.to, "  {name} {}", styled(&help, QUIET))?;
            }
        }
        let known = |name: &str| preset_named(name).ok_or("one of the names above".to_owned());
        self.ask("Which framework?", "tasks", known)
    }

    /// Everything that no flag has answered.
    pub(super) fn answers(&mut self, given: &AnswerArgs, usual: Answers) -> anyhow::Result<Answers> {
        let mut answers = usual;
        self.unless(given.name.is_some(), "Name for reports", &mut answers.name)?;
        if given.url.is_none() {
            let question = "Command that starts it (`-`: it runs already)";
            self.unless(given.start.is_some(), question, &mut answers.start)?;
        }
        if answers.start.is_empty() {
            self.unless(given.url.is_some(), "Where does it answer", &mut answers.url)?;
        }
        self.unless(given.client_id.is_some(), "Client id of its registration", &mut answers.client_id)?;
        self.unless(given.scope.is_some(), "Scope of people's tokens (`-`: none)", &mut answers.scope)?;
        self.unless(given.role.is_some(), "App role that opens it (`-`: none)", &mut answers.role)?;
        if given.versions.is_empty() {
            let usual: Vec<_> = answers.versions.iter().map(u8::to_string).collect();
            answers.versions = self.ask("Token versions, 1, 2 or 1,2", &usual.join(","), versions)?;
        }
        if given.probe.is_empty() {
            let usual = answers.probes.join(", ");
            answers.probes =
                self.ask("Requests that a good token opens, as `GET /path, …`", &usual, probes)?;
        }
        Ok(answers)
    }

    fn unless(&mut self, given: bool, question: &str, answer: &mut String) -> anyhow::Result<()> {
        if !given {
            *answer = self.ask(question, answer, text)?;
        }
        Ok(())
    }

    fn ask<T>(
        &mut self,
        question: &str,
        usual: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> anyhow::Result<T> {
        let shown = if usual.is_empty() { "-" } else { usual };
        for _ in 0..ATTEMPTS_MAX {
            write!(self.to, "{} {} ", styled(question, BOLD), styled(&format!("[{shown}]"), QUIET))?;
            self.to.flush()?;
            let mut line = String::new();
            if self.from.read_line(&mut line)? == 0 {
                bail!("no answer: nothing was written");
            }
            let answer = if line.trim().is_empty() { usual } else { line.trim() };
            match read(answer) {
                Ok(answer) => return Ok(answer),
                Err(wanted) => writeln!(self.to, "  {wanted}")?,
            }
        }
        bail!("no usable answer: nothing was written");
    }
}

fn text(answer: &str) -> Result<String, String> {
    Ok(if answer == "-" { String::new() } else { answer.to_owned() })
}

fn versions(answer: &str) -> Result<Vec<u8>, String> {
    let read = answer.split(',').map(|version| match version.trim() {
        "1" => Ok(1),
        "2" => Ok(2),
        _ => Err("1, 2 or 1,2".to_owned()),
    });
    read.collect()
}

fn probes(answer: &str) -> Result<Vec<String>, String> {
    let probes: Vec<_> = answer.split(',').map(|probe| probe.trim().to_owned()).collect();
    match probes.iter().all(|probe| probe.contains('/')) {
        true => Ok(probes),
        false => Err("a path from `/`, with its method before it unless that is GET".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::AnswerArgs;
    use super::{Preset, Questions};

    fn asked(typed: &str) -> anyhow::Result<super::Answers> {
        let mut questions = Questions { from: typed.as_bytes(), to: Vec::new() };
        let preset = questions.preset()?;
        let nothing = AnswerArgs {
            name: None,
            url: None,
            start: None,
            client_id: None,
            scope: None,
            role: None,
            versions: Vec::new(),
            probe: Vec::new(),
        };
        questions.answers(&nothing, preset.answers())
    }

    #[test]
    fn an_empty_answer_takes_what_is_usual_and_a_wrong_one_is_asked_again() {
        let typed =
            "cobol\nexpress\nOrders\n\nhttp://127.0.0.1:4000\n\n-\n\n3\n1,2\norders\n/orders, POST /orders\n";
        let answers = asked(typed).unwrap();
        assert_eq!((answers.name.as_str(), answers.url.as_str()), ("Orders", "http://127.0.0.1:4000"));
        assert_eq!((answers.scope.as_str(), answers.versions), ("", vec![1, 2]));
        assert_eq!(answers.probes, ["/orders", "POST /orders"]);
        assert_eq!(answers.client_id, Preset::Express.answers().client_id);
    }

    #[test]
    fn the_end_of_input_is_no_answer() {
        assert!(asked("express\n").is_err());
        assert!(asked(&"cobol\n".repeat(50)).is_err(), "nobody is asked for ever");
    }
}
