//! Which requests make, show and change things.

use super::openapi;
use crate::case::Shot;
use crate::target::{Call, Isolation};
use crate::token::Recipe;
use crate::{GateError, Probe, Stage};

/// Largest OpenAPI document that is read from a file, in bytes.
const DOCUMENT_MAX: u64 = 8 * 1024 * 1024;

/// Requests about one kind of thing.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) create: Call,
    /// JSON pointer to the id.
    pub(crate) id: String,
    pub(crate) reads: Vec<String>,
    pub(crate) exports: Vec<String>,
    pub(crate) changes: Vec<Call>,
    pub(crate) role: Option<String>,
    pub(crate) admin_role: String,
    pub(crate) personal: bool,
    /// What it leaves out, in words. Empty where `gate.toml` names the requests.
    pub(crate) not_covered: String,
}

impl Plan {
    /// The plan that `gate.toml` has, or why there is none.
    pub(crate) async fn of(stage: &Stage) -> Result<Result<Self, String>, GateError> {
        let Some(isolation) = &stage.target().isolation else {
            return Ok(Err("gate.toml has no `[isolation]`".to_owned()));
        };
        Ok(match (&isolation.create, &isolation.openapi) {
            (Some(create), _) => Ok(Self::written(isolation, create)),
            (None, Some(place)) => match document(stage, place).await? {
                Ok(text) => openapi::plan(&text, isolation),
                Err(why) => Err(why),
            },
            (None, None) => Err("`[isolation]` has neither `create` nor `openapi`".to_owned()),
        })
    }

    fn written(isolation: &Isolation, create: &Call) -> Self {
        Self {
            create: create.clone(),
            id: isolation.id.clone(),
            reads: isolation.read.clone(),
            exports: isolation.export.clone(),
            changes: isolation.change.clone(),
            role: isolation.role.clone(),
            admin_role: isolation.admin_role.clone(),
            personal: isolation.personal,
            not_covered: String::new(),
        }
    }

    /// Paths that show many things.
    pub(crate) fn lists(&self) -> Vec<&str> {
        self.reads.iter().map(String::as_str).filter(|path| !path.contains('{')).collect()
    }

    /// Paths that show one thing.
    pub(crate) fn by_id(&self) -> Vec<&str> {
        self.reads.iter().map(String::as_str).filter(|path| path.contains("{id}")).collect()
    }

    /// Paths that look for a text.
    pub(crate) fn searches(&self) -> Vec<&str> {
        self.reads.iter().map(String::as_str).filter(|path| path.contains("{canary}")).collect()
    }

    /// Every path that shows anything.
    pub(crate) fn all_reads(&self) -> Vec<&str> {
        self.reads.iter().chain(&self.exports).map(String::as_str).collect()
    }

    /// What deletes the thing.
    pub(crate) fn deletes(&self) -> Vec<&Call> {
        self.changes.iter().filter(|call| is_delete(call)).collect()
    }

    /// What changes it.
    pub(crate) fn edits(&self) -> Vec<&Call> {
        self.changes.iter().filter(|call| !is_delete(call)).collect()
    }
}

fn is_delete(call: &Call) -> bool {
    call.method.eq_ignore_ascii_case("DELETE")
}

/// The text of the OpenAPI document, or why it cannot be had.
async fn document(stage: &Stage, place: &str) -> Result<Result<String, String>, GateError> {
    if !place.starts_with('/') {
        return Ok(file(place));
    }
    let token = stage.token(&Recipe::good(stage.scene())).await?;
    let probe = Probe::get(place);
    let answer = stage.send(&Shot::of(&probe).bearer(&token)).await?;
    Ok(match answer {
        Ok(answer) if answer.status == 200 => Ok(answer.body),
        Ok(answer) => Err(format!("`{place}` answers {}", answer.status)),
        Err(silence) => Err(format!("`{place}`: {silence}")),
    })
}

fn file(place: &str) -> Result<String, String> {
    let size = std::fs::metadata(place).map_err(|error| format!("`{place}`: {error}"))?.len();
    if size > DOCUMENT_MAX {
        return Err(format!("`{place}` is larger than {DOCUMENT_MAX} bytes"));
    }
    std::fs::read_to_string(place).map_err(|error| format!("`{place}`: {error}"))
}
