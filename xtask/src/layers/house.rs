//! The plan of the house: which crate may name which, and what it must never import.
//!
//! This table is the only place where an arrow is written down. Adding one is a design decision: do it in a
//! commit of its own that says why.

/// Which of our crates a crate may depend on.
pub(super) enum MayName {
    /// Every crate: the executable puts the house together.
    Any,
    /// These and no others.
    Only(&'static [&'static str]),
}

/// One crate of ours.
pub(super) struct Room {
    pub(super) name: &'static str,
    pub(super) may_name: MayName,
    /// Families of foreign crates: `tokio` also stands for `tokio-util`.
    pub(super) never_imports: &'static [&'static [&'static str]],
    /// Why, for the error message.
    pub(super) because: &'static str,
}

/// The one crate of ours that every crate's tests may add: a local Entra that knows none of us.
pub(super) const WITNESS: &str = "tenantry-simulator";

/// What the tests of an example may add as well, so that no user links it: the gate, which attacks an API from outside, and
/// the allow-list, whose signatures are an operator's to make.
pub(super) const TOOLS: &[&str] = &["tenantry-gate", "tenantry-allow-list"];

/// The examples, which are there to be judged and operated.
pub(super) const EXAMPLES: &[&str] = &["tasks", "vulnerable"];

const RUNTIME: &[&str] = &["tokio", "async-std", "smol"];
const HTTP: &[&str] = &["http", "hyper", "reqwest", "ureq"];
const SERVER: &[&str] = &["axum", "tonic", "tower-http"];
const SQL: &[&str] = &["sqlx", "rusqlite", "diesel", "tokio-postgres"];

pub(super) const HOUSE: &[Room] = &[
    Room {
        name: "tenantry-token",
        may_name: MayName::Only(&[]),
        never_imports: &[RUNTIME, HTTP, SERVER, SQL],
        because: "a verdict is a function of its arguments, time included",
    },
    Room {
        name: "tenantry-allow-list",
        may_name: MayName::Only(&["tenantry-token"]),
        never_imports: &[RUNTIME, HTTP, SERVER, SQL],
        because: "what two people signed is a function of its bytes and the time",
    },
    Room {
        name: "tenantry-authority",
        may_name: MayName::Only(&["tenantry-token"]),
        never_imports: &[SERVER, SQL],
        because: "command line and middleware keep keys fresh in the same way",
    },
    Room {
        name: "tenantry",
        may_name: MayName::Only(&["tenantry-allow-list", "tenantry-authority", "tenantry-token"]),
        never_imports: &[SQL],
        because: "an API with one tenant needs no database",
    },
    Room {
        name: "tenantry-sign-in",
        may_name: MayName::Only(&["tenantry-authority", "tenantry-token"]),
        never_imports: &[SQL],
        because: "an application with one tenant needs no database",
    },
    Room {
        name: "tenantry-registry",
        may_name: MayName::Only(&["tenantry-allow-list", "tenantry-token"]),
        never_imports: &[HTTP, SERVER],
        because: "a tenant's life is not a web matter",
    },
    Room {
        name: "tenantry-gateway",
        may_name: MayName::Only(&["tenantry-sign-in", "tenantry", "tenantry-registry", "tenantry-graph"]),
        never_imports: &[],
        because: "",
    },
    Room {
        name: "tenantry-graph",
        may_name: MayName::Only(&[]),
        never_imports: &[SERVER, SQL],
        because: "it is a client of somebody else's service",
    },
    Room {
        name: "tenantry-gate",
        may_name: MayName::Only(&[]),
        never_imports: &[SQL],
        because: "it judges an API from outside",
    },
    Room {
        name: "tenantry-simulator",
        may_name: MayName::Only(&[]),
        never_imports: &[],
        because: "an independent witness, usable in every crate's tests without a cycle",
    },
    Room { name: "tenantry-cli", may_name: MayName::Any, never_imports: &[], because: "" },
    Room {
        name: "tasks",
        may_name: MayName::Only(&["tenantry"]),
        never_imports: &[],
        because: "an API team adds one crate and no more",
    },
    Room {
        name: "vulnerable",
        may_name: MayName::Only(&[]),
        never_imports: &[SQL],
        because: "it shows what people write without us",
    },
    Room {
        name: "xtask",
        may_name: MayName::Only(&[]),
        never_imports: &[RUNTIME, HTTP, SERVER, SQL],
        because: "it must run when nothing else compiles",
    },
];

/// The crate of that name, if the house has it.
pub(super) fn room(name: &str) -> Option<&'static Room> {
    HOUSE.iter().find(|room| room.name == name)
}

impl Room {
    /// Whether the arrow from this crate to `other` exists.
    pub(super) fn may_name(&self, other: &str) -> bool {
        match self.may_name {
            MayName::Any => true,
            MayName::Only(names) => names.contains(&other),
        }
    }

    /// The crates this one may name, for an error message.
    pub(super) fn may_name_in_words(&self) -> String {
        match self.may_name {
            MayName::Any => "every crate".to_owned(),
            MayName::Only([]) => "no crate of ours".to_owned(),
            MayName::Only(names) => format!("`{}` alone", names.join("`, `")),
        }
    }

    /// The forbidden family that `foreign` belongs to: `sqlx-core` is of the family `sqlx`.
    pub(super) fn forbids(&self, foreign: &str) -> Option<&'static str> {
        let belongs = |family: &str| {
            foreign.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        self.never_imports.iter().copied().flatten().copied().find(|family| belongs(family))
    }
}
