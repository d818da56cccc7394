//! Attacks an API from outside with tokens that are genuinely signed and yet wrong, and says whether it may be promoted.
//!
//! It owns the issuer: a simulated Entra that makes any token for any tenant, so that the attack which no other scanner
//! can make, a valid token of an organisation that is not let in, is the first one here. It knows nothing of how the
//! API checks tokens, and shares no code with the auth module that it judges.
//!
//! Reading order: `target/` is what a `gate.toml` says; `scene.rs` is who plays which part in an attack; `case.rs` is one
//! attack, `suites/` are all of them; `token/` makes the tokens; `run/` presents them and judges the answers;
//! `report/` is what came of it, in the formats that people and machines read.

mod case;
mod error;
mod isolation;
mod issuer;
mod promotion;
mod report;
mod run;
mod scene;
mod suites;
mod target;
mod token;

pub use case::{
    Attempt, Case, Expect, Make, Need, Observed, Performance, Place, Script, Severity, Shot, Suite,
};
pub use error::GateError;
pub use issuer::Issuer;
pub use promotion::{
    ApprovedModules, ApprovedModulesError, Behaviour, Ecosystem, Enforced, Facts, FoundModule, ListEvidence,
    LockFileError, ModuleReport, ReviewedList, ReviewedTenant, ToldList, behaviour, modules_in, promote,
};
pub use report::{
    AllowListFacts, Approval, CaseResult, Counts, EvidenceFault, EvidenceGate, EvidenceList, EvidenceModule,
    Finding, KeyError, ModuleVersion, Outcome, PromotionGate, Report, ReportError, SCHEMA, SUITE_VERSION,
    SignedEvidence, SigningKey, Verdict, VerifyingKey,
};
pub use run::{Observer, Plan, Quiet, Running, Selection, Stage, run};
pub use scene::{Cast, Scene};
pub use suites::all as all_cases;
pub use target::{
    Api, Call, Isolation, Layer, Limits, Listener, Probe, SimulatorSettings, Skip, Start, Target,
    TargetError, Tenants,
};
pub use token::{HmacSecret, Recipe, Signer};
