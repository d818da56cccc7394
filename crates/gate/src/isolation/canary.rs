//! A thing that one tenant made, with a text in it that exists nowhere else.

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use serde_json::Value;

use super::Plan;
use super::compare::altered_id;
use crate::case::{Answer, Shot};
use crate::target::Call;
use crate::{GateError, Probe, Stage};

/// What was made, or is only spoken of.
#[derive(Clone, Debug)]
pub(crate) struct Canary {
    /// The text in it.
    pub(crate) marker: String,
    /// Its id at the API. Empty where the answer told none.
    pub(crate) id: String,
}

impl Canary {
    /// Makes one with that token, or says why it could not.
    pub(crate) async fn plant(
        stage: &Stage,
        plan: &Plan,
        token: &str,
    ) -> Result<Result<Self, String>, GateError> {
        Self::planted_by(stage, &plan.create, plan, token).await
    }

    /// The same by another request than the plan's own.
    pub(crate) async fn planted_by(
        stage: &Stage,
        create: &Call,
        plan: &Plan,
        token: &str,
    ) -> Result<Result<Self, String>, GateError> {
        let unborn = Self { marker: marker(), id: String::new() };
        let answer = stage.send(&unborn.shot(create).bearer(token)).await?;
        let made = format!("{} {}", create.method, create.path);
        Ok(match answer {
            Ok(answer) if (200..300).contains(&answer.status) => {
                Ok(Self { id: id_in(&answer, &plan.id), ..unborn })
            }
            Ok(answer) => Err(format!("{made} answers {}", answer.status)),
            Err(silence) => Err(format!("{made}: {silence}")),
        })
    }

    /// A marker and an id of the same form that nothing has: what an answer looks like where there is nothing to find.
    pub(crate) fn invented(&self) -> Self {
        Self { marker: marker(), id: altered_id(&self.id) }
    }

    /// A path with what the placeholders stand for.
    pub(crate) fn path(&self, template: &str) -> String {
        let id: String = url::form_urlencoded::byte_serialize(self.id.as_bytes()).collect();
        // A space is `%20` in a path.
        template.replace("{id}", &id.replace('+', "%20")).replace("{canary}", &self.marker)
    }

    /// A request that reads.
    pub(crate) fn get(&self, template: &str) -> Shot {
        Shot::of(&Probe::get(&self.path(template)))
    }

    /// Any request.
    pub(crate) fn shot(&self, call: &Call) -> Shot {
        let body = call.body.as_ref().map(|body| self.filled(body));
        Shot::of(&Probe {
            method: call.method.to_ascii_uppercase(),
            body,
            ..Probe::get(&self.path(&call.path))
        })
    }

    fn filled(&self, body: &Value) -> Value {
        match body {
            Value::String(text) => {
                Value::String(text.replace("{canary}", &self.marker).replace("{id}", &self.id))
            }
            Value::Array(items) => items.iter().map(|item| self.filled(item)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, value)| (name.clone(), self.filled(value))).collect()
            }
            other => other.clone(),
        }
    }
}

/// A text that exists nowhere else, and is harmless wherever it turns up.
fn marker() -> String {
    let mut bytes = [0; 8];
    // Without randomness the text is not unique, and a planted canary is found all the same.
    let _ = SystemRandom::new().fill(&mut bytes);
    format!("canary{}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn id_in(answer: &Answer, pointer: &str) -> String {
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    match body.pointer(pointer) {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => answer.values("location").next().map_or_else(String::new, last_segment),
    }
}

fn last_segment(location: &str) -> String {
    let path = location.split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}
