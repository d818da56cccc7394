//! Which figures there are, and which bench measures each.

/// What `cargo xtask bench NAME` does.
pub(super) struct Bench {
    pub(super) name: &'static str,
    pub(super) runs: &'static [Run],
    pub(super) figures: &'static [Figure],
}

/// One `cargo bench --package PACKAGE --bench TARGET`.
pub(super) struct Run {
    pub(super) package: &'static str,
    pub(super) target: &'static str,
    pub(super) speaks: Speaks,
}

/// Where a bench leaves its results.
#[derive(PartialEq, Eq)]
pub(super) enum Speaks {
    /// In criterion's files.
    Criterion,
    /// With `--json`, as one object on its last line.
    Json,
}

/// One number we print.
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) from: From,
    /// It should be no more than this.
    pub(super) goal: Option<f64>,
}

/// How a number is made.
pub(super) enum From {
    /// Median of the first criterion id, divided by that of the second.
    Ratio(&'static str, &'static str),
    /// The member of that name: in the object a bench printed, or in `target/criterion/NAME.json`.
    Member,
}

pub(super) const BENCHES: &[Bench] = &[
    Bench {
        name: "verdict",
        runs: &[
            Run { package: "tenantry-token", target: "verdict", speaks: Speaks::Criterion },
            Run { package: "tenantry", target: "cached", speaks: Speaks::Criterion },
        ],
        figures: &[
            member("cold_over_bare", Some(1.10)),
            ratio("cached_over_cold", "cached/hit", "cached/cold", 0.05),
            member("cold_100k_over_cold_1", Some(1.05)),
            member("bytes_per_tenant", None),
        ],
    },
    Bench {
        name: "middleware",
        runs: &[Run { package: "tasks", target: "middleware", speaks: Speaks::Json }],
        figures: &[
            member("bare_us", None),
            member("first_us", None),
            member("repeated_us", None),
            member("first_over_bare", None),
            member("repeated_over_bare", Some(1.10)),
        ],
    },
    Bench {
        name: "simulator",
        runs: &[Run { package: "tenantry-simulator", target: "simulator", speaks: Speaks::Json }],
        figures: &[
            member("start_kept_keys_ms", Some(100.0)),
            member("start_new_keys_ms", None),
            member("client_credentials_per_s", None),
            member("refresh_per_s", None),
            member("large_start_ms", None),
            member("large_client_credentials_ratio", Some(1.10)),
            member("large_refresh_ratio", Some(1.10)),
            member("large_change_ms", None),
            member("demo_memory_mib", None),
            member("large_memory_mib", None),
            member("large_bytes_per_tenant", None),
        ],
    },
    Bench {
        name: "gate",
        runs: &[Run { package: "tenantry-cli", target: "gate", speaks: Speaks::Json }],
        figures: &[
            member("wall_s", Some(30.0)),
            member("waited_s", None),
            member("at_work_s", None),
            member("results", None),
            member("requests", None),
        ],
    },
];

const fn ratio(name: &'static str, of: &'static str, over: &'static str, goal: f64) -> Figure {
    Figure { name, from: From::Ratio(of, over), goal: Some(goal) }
}

const fn member(name: &'static str, goal: Option<f64>) -> Figure {
    Figure { name, from: From::Member, goal }
}
