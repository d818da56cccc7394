//! One attack: what is presented, why it must be refused, who says so, and how bad it is if it is not.

use std::{fmt, future::Future, pin::Pin, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{GateError, Recipe, Scene, Stage};

/// What the cases of one folder are about. In the order in which they run.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suite {
    /// Good tokens pass; no token does not (T-161).
    Control,
    /// Whose organisation.
    Tenancy,
    /// Which kind of token, and for whom it acts.
    Kind,
    /// Signatures, algorithms, keys in headers.
    Forgery,
    /// `exp`, `nbf`, `iat`.
    Lifetime,
    /// `aud`.
    Audience,
    /// `ver` and the issuer that goes with it.
    Version,
    /// Bytes, JSON, sizes.
    Shape,
    /// Where in the request the token is.
    Placement,
    /// What a refusal tells.
    Answers,
    /// Unusual and legal: must pass.
    Oddities,
    /// What earlier requests leave behind.
    Memory,
    /// Rotation, withdrawal, outage, floods.
    Keys,
    /// One tenant's data, asked for by another.
    Isolation,
    /// Each layer alone.
    Layers,
}

impl Suite {
    /// The first part of its cases' ids.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::Tenancy => "tenancy",
            Self::Kind => "kind",
            Self::Forgery => "forgery",
            Self::Lifetime => "lifetime",
            Self::Audience => "audience",
            Self::Version => "version",
            Self::Shape => "shape",
            Self::Placement => "placement",
            Self::Answers => "answers",
            Self::Oddities => "oddities",
            Self::Memory => "memory",
            Self::Keys => "keys",
            Self::Isolation => "isolation",
            Self::Layers => "layers",
        }
    }
}

/// How bad it is when a case fails.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A matter of form, or of somebody's comfort.
    Low,
    /// Helps an attacker who has something else already.
    Medium,
    /// Opens a door to those who hold some genuine token, or stops the service.
    High,
    /// Opens the door to strangers.
    Critical,
}

impl Severity {
    /// `low`, `medium`, `high` or `critical`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What a sound API does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// 401, or what `api.refusal` says.
    Refused,
    /// The same for a tenant that is not let in, where `api.unlisted-tenant` may say otherwise.
    TenantRefused,
    /// 401 or 403: who it is may be clear, that it may not is clearer.
    Forbidden,
    /// 400, 401, 413, 414 or 431: no server need read this.
    Malformed,
    /// The probe's success.
    Passes,
}

/// What a target must have for a case to make sense. Without it the case is skipped, and the report says so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Need {
    /// A scope in people's tokens.
    Scope,
    /// An app role that opens the probes.
    Role,
    /// Programs may not call for themselves.
    UsersOnly,
    /// Programs may call for themselves.
    Applications,
    /// A program in the home tenant.
    Program,
    /// Guests are let in, and there is one.
    Guests,
    /// Guests are not let in, and there is one.
    NoGuests,
    /// Version 1 tokens are accepted.
    VersionOne,
    /// Version 1 tokens are not accepted.
    NoVersionOne,
    /// Version 2 tokens are accepted.
    VersionTwo,
    /// Version 2 tokens are not accepted.
    NoVersionTwo,
    /// A second listed tenant.
    Partner,
    /// A tenant of personal accounts in the world, and somebody in it.
    Personal,
    /// A directory of customers in the world, and somebody in it.
    External,
    /// Letters in the ids of the home tenant and of the API, so that their case shows.
    Letters,
    /// A suspended tenant.
    Suspended,
    /// One client application alone may call.
    OneClient,
    /// The API says how soon it follows its authority's keys.
    KeyPromise,
}

/// One attack, or one good token that looks odd.
#[derive(Clone)]
pub struct Case {
    /// `suite/name`, stable: reports, skips and baselines name it.
    pub id: &'static str,
    /// What it is about.
    pub suite: Suite,
    /// What is presented, in a few words: "a genuine token of an organisation that is not listed".
    pub title: &'static str,
    /// Why a sound API does what is expected, in one sentence.
    pub reason: &'static str,
    /// Who says so: RFC section, CVE, seed, Entra page.
    pub source: &'static str,
    /// Requirements of the threat model that it tests: `T-011`.
    pub threats: &'static [&'static str],
    /// How bad it is when it fails.
    pub severity: Severity,
    /// What a sound API does.
    pub expect: Expect,
    /// What the target must have for it.
    pub needs: &'static [Need],
    /// Whether every probe meets it, or the first alone.
    pub everywhere: bool,
    /// How it is done.
    pub make: Make,
}

/// How a case is done.
#[derive(Clone)]
pub enum Make {
    /// One request; many run at the same time.
    Attempt(fn(&Scene) -> Attempt),
    /// Several steps that nothing else may disturb.
    Script(Script),
}

/// Several steps: `|stage| Box::pin(async move { … })`.
pub type Script = for<'s> fn(&'s Stage) -> Performance<'s>;

/// What a script is while it runs.
pub type Performance<'s> = Pin<Box<dyn Future<Output = Result<Observed, GateError>> + Send + 's>>;

/// What a script saw.
#[derive(Debug)]
pub enum Observed {
    /// What was expected.
    AsExpected(String),
    /// Something else; the text says what, for people.
    Otherwise(crate::Finding, String),
    /// It cannot be told, and why: the case counts as skipped.
    Unclear(String),
}

/// One request with one or more tokens in it.
pub struct Attempt {
    /// The tokens, made before the request.
    pub tokens: Vec<Recipe>,
    /// Puts them into the request.
    pub place: Place,
}

/// Puts finished tokens into a request.
pub type Place = Box<dyn Fn(&[String], Shot) -> Shot + Send + Sync>;

/// A request to the target, before it is sent.
#[derive(Clone, Debug)]
pub struct Shot {
    /// HTTP method.
    pub method: String,
    /// Path with its query.
    pub path: String,
    /// Header fields in order, repeated ones as often as they are here.
    pub fields: Vec<(String, Vec<u8>)>,
    /// Body.
    pub body: Option<Vec<u8>>,
}

impl Shot {
    /// Adds a header field.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// Adds the usual field: `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.field("authorization", format!("Bearer {token}"))
    }
}

impl Attempt {
    /// The tokens of several recipes, put into the request by `place`.
    pub fn placed(
        tokens: impl IntoIterator<Item = Recipe>,
        place: impl Fn(&[String], Shot) -> Shot + Send + Sync + 'static,
    ) -> Self {
        Self { tokens: tokens.into_iter().collect(), place: Box::new(place) }
    }
}

impl From<Recipe> for Attempt {
    fn from(recipe: Recipe) -> Self {
        Self::placed([recipe], |tokens, shot| shot.bearer(&tokens[0]))
    }
}

impl Case {
    /// Begins a case. `id` is `suite/name`.
    pub(crate) const fn new(id: &'static str, suite: Suite, severity: Severity) -> Self {
        Self {
            id,
            suite,
            title: "",
            reason: "",
            source: "",
            threats: &[],
            severity,
            expect: Expect::Refused,
            needs: &[],
            everywhere: false,
            make: Make::Attempt(|scene| Recipe::good(scene).into()),
        }
    }

    /// What is presented, and why a sound API does what is expected.
    pub(crate) const fn says(mut self, title: &'static str, reason: &'static str) -> Self {
        self.title = title;
        self.reason = reason;
        self
    }

    /// Who says so, and which requirements of the threat model it tests.
    pub(crate) const fn by(mut self, source: &'static str, threats: &'static [&'static str]) -> Self {
        self.source = source;
        self.threats = threats;
        self
    }

    /// Another severity than its neighbours'.
    pub(crate) const fn of(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// What the target must have.
    pub(crate) const fn needs(mut self, needs: &'static [Need]) -> Self {
        self.needs = needs;
        self
    }

    /// Every probe meets it.
    pub(crate) const fn everywhere(mut self) -> Self {
        self.everywhere = true;
        self
    }

    /// One request, and what a sound API does with it.
    pub(crate) const fn attempt(mut self, expect: Expect, make: fn(&Scene) -> Attempt) -> Self {
        self.expect = expect;
        self.make = Make::Attempt(make);
        self
    }

    /// Several steps, of which the script itself says whether they went as they should.
    pub(crate) const fn script(mut self, expect: Expect, script: Script) -> Self {
        self.expect = expect;
        self.make = Make::Script(script);
        self
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("id", &self.id).field("expect", &self.expect).finish_non_exhaustive()
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) fields: Vec<(String, String)>,
    /// At most 64 KiB of it.
    pub(crate) body: String,
    pub(crate) took: Duration,
}

impl Answer {
    /// The values of a header field.
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}
