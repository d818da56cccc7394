//! `approved-modules.toml`: which versions of which auth modules may be in production.

use std::collections::BTreeMap;

use serde::Deserialize;
use time::{Date, Month};
use toml::value::Datetime;

use super::version::Version;
use super::{Ecosystem, FoundModule};

/// Largest file read. Bytes.
const BYTES_MAX: usize = 256 * 1024;

/// The approved modules. The latest approved version of a module is the one to use; an earlier one counts while a date says so.
#[derive(Clone, Debug)]
pub struct ApprovedModules(Vec<ApprovedModule>);

/// Why a file of approved modules cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApprovedModulesError {
    /// Not TOML, or a key that means nothing; the text shows the line.
    #[error("{0}")]
    Syntax(#[from] toml::de::Error),
    /// A value that cannot be meant.
    #[error("module `{module}`: {why}")]
    Value {
        /// Its name, as the file has it.
        module: String,
        /// What is wrong.
        why: String,
    },
    /// Nothing is approved, or more than anybody approves.
    #[error("{0}")]
    File(&'static str),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    module: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: String,
    ecosystem: Ecosystem,
    approved: Vec<String>,
    #[serde(default)]
    until: BTreeMap<String, Datetime>,
    #[serde(default)]
    source: Option<String>,
}

/// One module.
#[derive(Clone, Debug)]
pub(super) struct ApprovedModule {
    pub(super) name: String,
    pub(super) ecosystem: Ecosystem,
    /// Each version with the last day on which it counts.
    versions: Vec<(Version, String, Option<Date>)>,
    /// Beginning of the place that it has to come from.
    pub(super) source: Option<String>,
}

impl ApprovedModules {
    /// Reads `approved-modules.toml`.
    ///
    /// # Errors
    /// [`ApprovedModulesError`], which names the line or the module.
    pub fn parse(text: &str) -> Result<Self, ApprovedModulesError> {
        if text.len() > BYTES_MAX {
            return Err(ApprovedModulesError::File("has more than 256 KiB"));
        }
        let file: File = toml::from_str(text)?;
        let modules: Vec<_> = file.module.into_iter().map(Table::module).collect::<Result<_, _>>()?;
        if modules.is_empty() {
            return Err(ApprovedModulesError::File("approves nothing: add a `[[module]]`"));
        }
        for (at, module) in modules.iter().enumerate() {
            if modules[..at].iter().any(|earlier| earlier.is_named(Some(module.ecosystem), &module.name)) {
                let why = "is there twice".to_owned();
                return Err(ApprovedModulesError::Value { module: module.name.clone(), why });
            }
        }
        Ok(Self(modules))
    }

    pub(super) fn modules(&self) -> &[ApprovedModule] {
        &self.0
    }

    /// The approved module that this is, by name and registry.
    pub(super) fn find(&self, found: &FoundModule) -> Option<&ApprovedModule> {
        self.0.iter().find(|module| module.is_named(found.ecosystem, &found.name))
    }
}

impl Table {
    fn module(self) -> Result<ApprovedModule, ApprovedModulesError> {
        let wrong = |why: String| ApprovedModulesError::Value { module: self.name.clone(), why };
        if self.name.is_empty() || self.approved.is_empty() {
            return Err(wrong("needs a name and at least one approved version".to_owned()));
        }
        if let Some(stray) = self.until.keys().find(|version| !self.approved.contains(version)) {
            return Err(wrong(format!("`until` names `{stray}`, which is not approved")));
        }
        let mut versions = Vec::new();
        for text in &self.approved {
            let version = Version::parse(text).ok_or_else(|| {
                wrong(format!("`{text}` is no version such as `1.2.3`, which could be put in order"))
            })?;
            let until = self.until.get(text).map(day).transpose().map_err(wrong)?;
            versions.push((version, text.clone(), until));
        }
        Ok(ApprovedModule { name: self.name, ecosystem: self.ecosystem, versions, source: self.source })
    }
}

fn day(datetime: &Datetime) -> Result<Date, String> {
    let fault = || format!("`{datetime}` is no day such as `2026-12-31`");
    let (Some(date), None) = (datetime.date, datetime.time) else { return Err(fault()) };
    let month = Month::try_from(date.month).map_err(|_| fault())?;
    Date::from_calendar_date(i32::from(date.year), month, date.day).map_err(|_| fault())
}

impl ApprovedModule {
    fn is_named(&self, ecosystem: Option<Ecosystem>, name: &str) -> bool {
        ecosystem.is_none_or(|other| other == self.ecosystem)
            && self.ecosystem.canonical(&self.name) == self.ecosystem.canonical(name)
    }

    /// The highest version that still counts on that day.
    pub(super) fn latest(&self, today: Date) -> Option<&str> {
        let counting = self.versions.iter().filter(|(_, _, until)| until.is_none_or(|until| today <= until));
        counting.max_by(|one, other| one.0.cmp(&other.0)).map(|(_, text, _)| text.as_str())
    }

    /// The last day of an earlier version that still counts.
    pub(super) fn grace(&self, version: &str, today: Date) -> Option<Date> {
        let named = self.versions.iter().find(|(_, text, _)| text == version)?;
        named.2.filter(|until| today <= *until)
    }
}

#[cfg(test)]
mod tests {
    use super::ApprovedModules;

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let module = |rest: &str| format!("[[module]]\nname = \"m\"\necosystem = \"cargo\"\n{rest}\n");
        assert!(ApprovedModules::parse(&module("approved = [\"0.1.0\"]")).is_ok());
        assert!(
            ApprovedModules::parse(&module("approved = [\"1.0\"]\nuntil = { \"1.0\" = 2026-12-31 }")).is_ok()
        );
        for text in [
            String::new(),
            module(""),
            module("approved = []"),
            module("approved = [\"latest\"]"),
            module("approved = [\"*\"]"),
            module("approved = [\"1.0\"]\nuntil = { \"2.0\" = 2026-12-31 }"),
            module("approved = [\"1.0\"]\nuntil = { \"1.0\" = 2026-12-31T10:00:00Z }"),
            module("approved = [\"1.0\"]\nuntil = { \"1.0\" = 2026-02-30 }"),
            module("approved = [\"1.0\"]\nlatest = true"),
            format!("{0}{0}", module("approved = [\"1.0\"]")),
            "[[module]]\nname = \"m\"\necosystem = \"homebrew\"\napproved = [\"1.0\"]".to_owned(),
        ] {
            assert!(ApprovedModules::parse(&text).is_err(), "{text}");
        }
    }
}
