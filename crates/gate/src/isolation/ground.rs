//! A planted canary, and everybody who looks for it.

use super::{Canary, Plan};
use crate::case::{Answer, Observed, Performance, Shot};
use crate::report::Finding;
use crate::token::Recipe;
use crate::{Cast, GateError, Stage};

/// What one case does on the ground that was laid for it.
pub(crate) type Look = for<'g, 's> fn(&'g Ground<'s>) -> Performance<'g>;

/// What one request showed.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Sight {
    /// The canary.
    Canary,
    /// An answer without it.
    Nothing(u16),
    /// No answer, or a fault of the server's.
    Broken(String),
}

/// A canary of the home tenant's.
pub(crate) struct Ground<'s> {
    pub(crate) stage: &'s Stage,
    pub(crate) plan: Plan,
    /// Token of the person who planted it.
    pub(crate) owner: String,
    pub(crate) canary: Canary,
}

impl<'s> Ground<'s> {
    /// Plants a canary, has `look` look for it, and takes it away again, whatever came of it.
    pub(crate) async fn over(stage: &'s Stage, look: Look) -> Result<Observed, GateError> {
        let ground = match Self::lay(stage).await? {
            Ok(ground) => ground,
            Err(why) => return Ok(Observed::Unclear(why)),
        };
        let seen = look(&ground).await;
        ground.clear().await?;
        seen
    }

    /// Plants a canary, or says why it could not.
    pub(crate) async fn lay(stage: &'s Stage) -> Result<Result<Self, String>, GateError> {
        let plan = match Plan::of(stage).await? {
            Ok(plan) => plan,
            Err(why) => return Ok(Err(why)),
        };
        let owner = stage.token(&person(stage, &plan, &stage.scene().home)).await?;
        let planted = Canary::plant(stage, &plan, &owner).await?;
        Ok(planted.map(|canary| Self { stage, plan, owner, canary }))
    }

    /// A token of a person of that tenant with the plan's role.
    pub(crate) async fn person(&self, cast: &Cast) -> Result<String, GateError> {
        self.stage.token(&self.person_recipe(cast)).await
    }

    /// The recipe of such a token.
    pub(crate) fn person_recipe(&self, cast: &Cast) -> Recipe {
        person(self.stage, &self.plan, cast)
    }

    /// A token of the same person with the role that sees everything of the organisation.
    pub(crate) async fn admin(&self, cast: &Cast) -> Result<String, GateError> {
        let roles = serde_json::json!([self.plan.admin_role]);
        self.stage.token(&Recipe::of_member(self.stage.scene(), cast).asking("roles", roles)).await
    }

    /// The other listed tenant. The plan of a run makes sure that there is one.
    pub(crate) fn stranger(&self) -> &'s Cast {
        let scene = self.stage.scene();
        scene.partner.as_ref().unwrap_or(&scene.rogue)
    }

    /// Takes a thing of `cast`'s away, as its maker or as an Admin, where the plan knows how. What is left over is harmless.
    pub(crate) async fn clean(&self, canary: &Canary, cast: &Cast) -> Result<(), GateError> {
        let Some(delete) = self.plan.deletes().first().copied().filter(|_| !canary.id.is_empty()) else {
            return Ok(());
        };
        for token in [self.person(cast).await?, self.admin(cast).await?] {
            let answer = self.stage.send(&canary.shot(delete).bearer(&token)).await?;
            if answer.is_ok_and(|answer| (200..300).contains(&answer.status)) {
                break;
            }
        }
        Ok(())
    }

    /// Takes the ground's own canary away.
    pub(crate) async fn clear(&self) -> Result<(), GateError> {
        self.clean(&self.canary, &self.stage.scene().home).await
    }

    /// What a path shows to the bearer of `token`.
    pub(crate) async fn sight(&self, template: &str, token: &str) -> Result<Sight, GateError> {
        self.sight_of(&|canary| canary.get(template).bearer(token), template).await
    }

    /// What a request shows. It is made for the canary, and for an invented one where the request itself has the marker: an answer may
    /// repeat what was asked.
    pub(crate) async fn sight_of(
        &self,
        shot: &(dyn Fn(&Canary) -> Shot + Sync),
        template: &str,
    ) -> Result<Sight, GateError> {
        let answer = match self.stage.send(&shot(&self.canary)).await? {
            Ok(answer) if answer.status < 500 => answer,
            Ok(answer) => return Ok(Sight::Broken(format!("answered {}", answer.status))),
            Err(silence) => return Ok(Sight::Broken(silence)),
        };
        let mut echoed = 0;
        if template.contains("{canary}") {
            let invented = self.canary.invented();
            let answer = self.stage.send(&shot(&invented)).await?;
            echoed = answer.map_or(0, |answer| answer.body.matches(&invented.marker).count());
        }
        let found =
            answer.body.matches(&self.canary.marker).count() > echoed || self.tells_id(&answer, template);
        Ok(if found { Sight::Canary } else { Sight::Nothing(answer.status) })
    }

    /// Whether the answer names the canary's id where the request did not. Short ids are in many texts by chance.
    fn tells_id(&self, answer: &Answer, template: &str) -> bool {
        let id = &self.canary.id;
        id.len() >= 8 && !template.contains("{id}") && answer.body.contains(id)
    }

    /// Paths of `templates` in which the owner itself finds the canary: only these can show that others do not.
    pub(crate) async fn telling<'t>(&self, templates: &[&'t str]) -> Result<Vec<&'t str>, GateError> {
        let mut telling = Vec::new();
        for template in templates {
            if self.sight(template, &self.owner).await? == Sight::Canary {
                telling.push(*template);
            }
        }
        Ok(telling)
    }

    /// Looks in all `templates`, with each of the named tokens.
    pub(crate) async fn look_everywhere(
        &self,
        templates: &[&str],
        seekers: &[(&str, String)],
    ) -> Result<Observed, GateError> {
        let telling = self.telling(templates).await?;
        if telling.is_empty() {
            return Ok(self.nothing_to_tell(templates));
        }
        let mut told = Vec::new();
        for (who, token) in seekers {
            for template in &telling {
                match self.sight(template, token).await? {
                    Sight::Canary => return Ok(leaked(who, &format!("GET {template}"))),
                    Sight::Broken(why) => return Ok(broken(&format!("GET {template}"), &why)),
                    Sight::Nothing(status) => told.push((*who, *template, status)),
                }
            }
        }
        Ok(not_shown(&told))
    }

    fn nothing_to_tell(&self, templates: &[&str]) -> Observed {
        Observed::Unclear(match templates {
            [] => "`[isolation]` names no such request".to_owned(),
            _ => format!("the tenant itself does not find its own thing in {}", templates.join(", ")),
        })
    }
}

fn person(stage: &Stage, plan: &Plan, cast: &Cast) -> Recipe {
    let recipe = Recipe::of_member(stage.scene(), cast);
    match &plan.role {
        Some(role) => recipe.asking("roles", serde_json::json!([role])),
        None => recipe,
    }
}

/// Somebody saw what is another's.
pub(crate) fn leaked(who: &str, how: &str) -> Observed {
    Observed::Otherwise(Finding::Leaked, format!("{who} found it by `{how}`"))
}

/// The server broke.
pub(crate) fn broken(how: &str, why: &str) -> Observed {
    Observed::Otherwise(Finding::ServerError, format!("`{how}`: {why}"))
}

/// Nobody saw anything. Where every answer was "not you", nothing was looked at either.
fn not_shown(told: &[(&str, &str, u16)]) -> Observed {
    let lines: Vec<_> =
        told.iter().map(|(who, path, status)| format!("{who} GET {path}: {status}")).collect();
    let lines = lines.join("; ");
    match told.iter().all(|(_, _, status)| matches!(status, 401 | 403)) {
        true => Observed::Unclear(format!("nobody got as far as the data: {lines}")),
        false => Observed::AsExpected(lines),
    }
}
