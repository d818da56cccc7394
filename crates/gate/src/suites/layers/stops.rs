//! What stopped them: the issuer, the API's check of tokens, its data, or nothing.

use super::rogue::{self, Rogue};
use crate::case::Observed;
use crate::isolation::{Ground, Sight};
use crate::report::Finding;
use crate::{GateError, Stage};

/// What stopped one of them.
enum Stop {
    /// The issuer gave no token; its code.
    Issuer(String),
    /// The API refused the token.
    Api(u16),
    /// It was let in, and shown nothing of anybody else's.
    Data,
    /// It was let in, and nothing says what it might have seen.
    Unknown(u16),
    /// It saw or changed another organisation's data.
    Nothing(String),
    /// No answer, or a fault.
    Broken(String),
}

/// Who stopped whom.
pub(super) struct Matrix {
    worst: Option<Finding>,
    lines: String,
}

/// Lets all of them try, and says who stopped whom while `off` was off.
pub(super) async fn matrix(stage: &Stage, off: &str) -> Result<Matrix, GateError> {
    let ground = Ground::lay(stage).await?;
    let admin_role = ground.as_ref().map_or("Admin", |ground| &*ground.plan.admin_role);
    let rogues = rogue::all(stage, admin_role).await?;
    let mut lines = vec![format!("off: {off}")];
    let mut worst = None;
    for rogue in &rogues {
        let stop = tried(stage, ground.as_ref().ok(), rogue).await?;
        lines.push(format!("{}: {}", rogue.who, stop.words()));
        worst = worst.max(stop.finding());
    }
    if let Err(why) = &ground {
        lines.push(format!("no data was planted: {why}"));
    }
    if let Ok(ground) = &ground {
        ground.clear().await?;
    }
    Ok(Matrix { worst, lines: lines.join("; ") })
}

impl Matrix {
    /// Somebody has to stop everybody.
    pub(super) fn all_stopped(self) -> Observed {
        match self.worst {
            Some(finding) => Observed::Otherwise(finding, self.lines),
            None => Observed::AsExpected(self.lines),
        }
    }

    /// Where everything is off somebody has to get through, or a switch does nothing.
    pub(super) fn none_stopped(self) -> Observed {
        match self.worst {
            Some(Finding::Leaked | Finding::Accepted) => Observed::AsExpected(self.lines),
            _ => Observed::Unclear(format!(
                "somebody still stops all of them: a switch does nothing, or there is a layer that gate.toml does not name. {}",
                self.lines
            )),
        }
    }
}

async fn tried(stage: &Stage, ground: Option<&Ground<'_>>, rogue: &Rogue) -> Result<Stop, GateError> {
    let token = match &rogue.token {
        Ok(token) => token,
        Err(code) => return Ok(Stop::Issuer(code.clone())),
    };
    let answer = match stage.call(token).await? {
        Ok(answer) if answer.status < 500 => answer,
        Ok(answer) => return Ok(Stop::Broken(format!("answered {}", answer.status))),
        Err(silence) => return Ok(Stop::Broken(silence)),
    };
    let api = &stage.scene().api;
    if api.unlisted_tenant.as_ref().unwrap_or(&api.refusal).contains(&answer.status) || answer.status == 401 {
        return Ok(Stop::Api(answer.status));
    }
    match ground {
        Some(ground) => behind(ground, token).await,
        None => Ok(Stop::Unknown(answer.status)),
    }
}

/// It is past the check of tokens: what does it find there?
async fn behind(ground: &Ground<'_>, token: &str) -> Result<Stop, GateError> {
    let telling = ground.telling(&ground.plan.all_reads()).await?;
    let Some(first) = telling.first() else {
        return Ok(Stop::Broken("the owner does not find its own thing".to_owned()));
    };
    for read in &telling {
        match ground.sight(read, token).await? {
            Sight::Canary => return Ok(Stop::Nothing(format!("GET {read}"))),
            Sight::Broken(why) => return Ok(Stop::Broken(why)),
            Sight::Nothing(_) => {}
        }
    }
    for call in &ground.plan.changes {
        let _whatever_it_says = ground.stage.send(&ground.canary.shot(call).bearer(token)).await?;
        if ground.sight(first, &ground.owner).await? != Sight::Canary {
            return Ok(Stop::Nothing(format!("{} {}", call.method, call.path)));
        }
    }
    Ok(Stop::Data)
}

impl Stop {
    fn finding(&self) -> Option<Finding> {
        match self {
            Self::Issuer(_) | Self::Api(_) | Self::Data => None,
            Self::Unknown(_) => Some(Finding::Accepted),
            Self::Nothing(_) => Some(Finding::Leaked),
            Self::Broken(_) => Some(Finding::ServerError),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Issuer(code) => format!("stopped by the issuer ({code})"),
            Self::Api(status) => format!("stopped by the API's check ({status})"),
            Self::Data => "stopped by the data layer (shown nothing)".to_owned(),
            Self::Unknown(status) => format!("let in ({status}), and no data to look for"),
            Self::Nothing(how) => format!("stopped by nothing (`{how}`)"),
            Self::Broken(why) => format!("neither stopped nor let in: {why}"),
        }
    }
}
