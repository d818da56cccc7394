//! What must not enter the dependency tree, on fabricated trees.

use super::licence::is_allowed;
use super::packages;
use super::policy::Policy;

const POLICY: &str = r#"
[bans]
deny = [{ crate = "rsa", reason = "leaks" }, { crate = "jsonwebtoken:<10.3", reason = "skips exp" }]
[licenses]
allow = ["MIT", "ISC"]
[sources]
unknown-registry = "deny"
unknown-git = "deny"
"#;

/// What the policy says about one line of `cargo tree`.
fn problems(line: &str) -> Vec<String> {
    let policy = Policy::parse(POLICY).unwrap();
    packages(line, "/w").iter().flat_map(|package| policy.problems(package)).collect()
}

#[test]
fn good_packages_pass() {
    for line in [
        "serde v1.0.229|MIT OR Apache-2.0",
        "serde v1.0.229|MIT OR Apache-2.0 (*)",
        "serde_derive v1.0.229 (proc-macro)|MIT",
        "jsonwebtoken v10.3.0|MIT",
        "jsonwebtoken v11.1.0|MIT",
        "rsa-oaep v1.0.0|MIT",
        "tenantry-token v0.1.0 (/w/crates/token)|Apache-2.0",
        "",
    ] {
        assert_eq!(problems(line), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn bad_packages_do_not() {
    for (line, says) in [
        ("rsa v0.9.8|MIT", "banned: leaks"),
        ("rsa v0.9.8|MIT (*)", "banned: leaks"),
        ("jsonwebtoken v9.3.1|MIT", "skips exp"),
        ("jsonwebtoken v10.2.9|MIT", "skips exp"),
        ("readline v1.0.0|GPL-3.0-only", "`GPL-3.0-only` is not on the list"),
        ("nothing v1.0.0|", "`` is not on the list"),
        ("serde v1.0.0 (https://example.org/serde?rev=1#2)|MIT", "comes from https://example.org"),
        ("serde v1.0.0 (/elsewhere/serde)|MIT", "comes from /elsewhere/serde"),
    ] {
        let found = problems(line);
        assert!(found.len() == 1 && found[0].contains(says), "{line}: {found:?}");
    }
}

#[test]
fn licences_are_read_as_expressions() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    for (expression, good) in [
        ("MIT", true),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only/MIT", true),
        ("MIT AND GPL-3.0-only", false),
        ("ISC AND (GPL-3.0-only OR MIT)", true),
        ("(MIT OR ISC) AND GPL-3.0-only", false),
        // `AND` first: this is ISC, or (MIT and GPL).
        ("ISC OR MIT AND GPL-3.0-only", true),
        ("Apache-2.0 WITH LLVM-exception OR GPL-3.0-only", true),
        ("Apache-2.0", false),
        ("MIT WITH something", false),
        ("MIT OR", false),
        ("(MIT", false),
        ("MIT)", false),
        ("MIT ISC", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), good, "`{expression}`");
    }
}

#[test]
fn a_policy_we_do_not_understand_is_an_error() {
    for (from, to) in [
        ("jsonwebtoken:<10.3", "jsonwebtoken:^10"),
        ("reason = \"leaks\"", "reason = \"leaks\", wrappers = [\"x\"]"),
        ("unknown-git = \"deny\"", "unknown-git = \"allow\""),
        ("unknown-git = \"deny\"", "unknown-git = \"deny\"\nallow-git = [\"x\"]"),
    ] {
        assert!(Policy::parse(&POLICY.replace(from, to)).is_err(), "{to}");
    }
}

#[test]
fn our_own_policy_is_understood() {
    Policy::parse(include_str!("../../../deny.toml")).unwrap();
}
