//! Misbehaviour on cue: outages, delays and error statuses, per endpoint and tenant.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::path::{Endpoint, RequestPath};
use crate::world::World;

/// Longest delay a rule may ask for. Milliseconds.
pub(crate) const LATENCY_MS_MAX: u64 = 60_000;
/// Most rules at once.
pub(crate) const FAULTS_MAX: usize = 100;

/// One rule of `POST /sim/faults`. The first rule that fits a request is applied.
///
/// At least one of `kind`, `latency_ms` and `status` is needed; a delay may go with an outage or a status.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    /// Which endpoint. Default: all. `/sim` is never at fault.
    pub endpoint: FaultEndpoint,
    /// Which tenant: id, domain, or `common`, `organizations`, `consumers` as they stand in the path. Default: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// What happens. Default: follows from `status` and `latency_ms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<FaultKind>,
    /// Delay before anything else. Milliseconds, at most 60000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// HTTP status to answer instead, 200 to 599.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How many requests it hits before it is spent. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// The endpoint a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultEndpoint {
    /// Every endpoint outside `/sim`.
    #[default]
    All,
    /// OpenID Connect metadata.
    Metadata,
    /// Key documents.
    Keys,
    /// Token endpoint.
    Token,
    /// Authorize endpoint.
    Authorize,
    /// Microsoft Graph; its paths name no tenant.
    Graph,
}

/// What a fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The connection is closed without an answer.
    Outage,
    /// The answer comes late.
    Latency,
    /// Another status is answered.
    Status,
}

/// What shall happen to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Misfortune {
    pub(crate) delay: Option<Duration>,
    pub(crate) effect: Option<Effect>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Close,
    Answer(u16),
}

/// The rules in force.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces every rule.
    pub(crate) fn replace(&self, rules: Vec<Fault>) -> Result<(), String> {
        if rules.len() > FAULTS_MAX {
            return Err(format!("at most {FAULTS_MAX} rules"));
        }
        rules.iter().try_for_each(Fault::check)?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = rules;
        Ok(())
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What happens to a request; uses up one count of the rule that fits.
    pub(crate) fn strike(&self, path: &RequestPath<'_>, world: &World) -> Misfortune {
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(rule) = rules.iter_mut().find(|rule| rule.count != Some(0) && rule.fits(path, world)) else {
            return Misfortune::default();
        };
        rule.count = rule.count.map(|left| left - 1);
        rule.misfortune()
    }
}

impl Fault {
    fn check(&self) -> Result<(), String> {
        let missing = match self.kind {
            Some(FaultKind::Latency) if self.status.is_some() => {
                Some("`latency` has no `status`; leave out `kind`")
            }
            Some(FaultKind::Latency) => self.latency_ms.is_none().then_some("`latency` needs `latency_ms`"),
            Some(FaultKind::Status) => self.status.is_none().then_some("`status` needs `status`"),
            Some(FaultKind::Outage) => self.status.is_some().then_some("an outage has no `status`"),
            None if self.latency_ms.is_none() && self.status.is_none() => {
                Some("give `kind`, `latency_ms` or `status`")
            }
            None => None,
        };
        if let Some(problem) = missing {
            return Err(problem.to_owned());
        }
        if self.latency_ms.is_some_and(|delay| delay > LATENCY_MS_MAX) {
            return Err(format!("`latency_ms` is at most {LATENCY_MS_MAX}"));
        }
        match self.status {
            Some(status) if !(200..600).contains(&status) => Err("`status` is 200 to 599".to_owned()),
            _ => Ok(()),
        }
    }

    fn fits(&self, path: &RequestPath<'_>, world: &World) -> bool {
        let endpoint = match self.endpoint {
            FaultEndpoint::All => true,
            FaultEndpoint::Metadata => path.endpoint == Endpoint::Metadata,
            FaultEndpoint::Keys => path.endpoint == Endpoint::Keys,
            FaultEndpoint::Token => path.endpoint == Endpoint::Token,
            FaultEndpoint::Authorize => path.endpoint == Endpoint::Authorize,
            FaultEndpoint::Graph => path.endpoint == Endpoint::Graph,
        };
        endpoint && self.tenant.as_deref().is_none_or(|tenant| same_tenant(world, tenant, path.slot))
    }

    fn misfortune(&self) -> Misfortune {
        let effect = match (self.kind, self.status) {
            (Some(FaultKind::Outage), _) => Some(Effect::Close),
            (_, Some(status)) => Some(Effect::Answer(status)),
            _ => None,
        };
        Misfortune { delay: self.latency_ms.map(Duration::from_millis), effect }
    }
}

/// An id and a domain of the same tenant are the same.
pub(crate) fn same_tenant(world: &World, one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || matches!((world.tenant(one), world.tenant(other)), (Some(one), Some(other)) if one.id == other.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::builtin::{CONTOSO, FABRIKAM};

    fn path(text: &str) -> RequestPath<'_> {
        RequestPath::parse(text)
    }

    #[test]
    fn a_rule_hits_its_endpoint_and_tenant_as_often_as_it_says() {
        let (world, faults) = (World::builtin(), Faults::default());
        let rule = Fault {
            endpoint: FaultEndpoint::Keys,
            tenant: Some("contoso.example".to_owned()),
            kind: Some(FaultKind::Outage),
            count: Some(1),
            ..Fault::default()
        };
        faults.replace(vec![rule]).unwrap();
        let (keys, other) =
            (format!("/{CONTOSO}/discovery/v2.0/keys"), format!("/{FABRIKAM}/discovery/v2.0/keys"));
        assert_eq!(faults.strike(&path(&other), &world), Misfortune::default());
        assert_eq!(faults.strike(&path(&keys), &world).effect, Some(Effect::Close));
        assert_eq!(faults.strike(&path(&keys), &world), Misfortune::default());
    }

    #[test]
    fn rules_that_say_nothing_or_too_much_are_refused() {
        for rule in [
            Fault::default(),
            Fault { status: Some(99), ..Fault::default() },
            Fault { latency_ms: Some(LATENCY_MS_MAX + 1), ..Fault::default() },
            Fault { kind: Some(FaultKind::Latency), ..Fault::default() },
            Fault {
                kind: Some(FaultKind::Latency),
                latency_ms: Some(1),
                status: Some(503),
                ..Fault::default()
            },
        ] {
            assert!(Faults::default().replace(vec![rule.clone()]).is_err(), "{rule:?}");
        }
    }
}
