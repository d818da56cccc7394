//! Gate 2: the module that was found, against what is approved.

use strsim::levenshtein;
use time::Date;

use super::{ApprovedModules, FoundModule};
use crate::report::{Approval, ModuleVersion, PromotionGate, Verdict};

/// Names that differ in no more letters than this look alike.
const LOOK_ALIKE_EDITS: usize = 2;

/// What gate 2 came to, and the module for the report.
pub(in crate::promotion) fn judge(
    approved: Option<&ApprovedModules>,
    found: &[FoundModule],
    today: Date,
) -> (PromotionGate, Option<ModuleVersion>) {
    let Some(approved) = approved else {
        let module = found.iter().find(|module| module.ecosystem.is_none());
        let reason = "nobody said which versions of the auth module are approved (`--approved-modules`)";
        let module = module.map(|module| reported(module, Approval::NotCompared));
        return (gate(Verdict::NotProven, vec![reason.to_owned()]), module);
    };
    let of_ours: Vec<_> = found.iter().filter(|module| approved.find(module).is_some()).collect();
    let Some(first) = of_ours.first() else { return (gate_without(approved, found), None) };
    let faults: Vec<_> = of_ours.iter().filter_map(|module| fault(approved, module, today)).collect();
    let faults: Vec<_> = faults.into_iter().chain(two_versions(approved, &of_ours)).collect();
    if faults.is_empty() {
        let reasons = of_ours.iter().map(|module| approval(approved, module, today)).collect();
        return (gate(Verdict::Passed, reasons), Some(reported(first, Approval::Approved)));
    }
    (gate(Verdict::Failed, faults), Some(reported(first, Approval::NotApproved)))
}

/// Neither lock file nor target named a module of the list.
fn gate_without(approved: &ApprovedModules, found: &[FoundModule]) -> PromotionGate {
    let names: Vec<_> = approved.modules().iter().map(|module| format!("`{}`", module.name)).collect();
    let names = names.join(" or ");
    if found.is_empty() {
        let reason = format!(
            "nothing says whether {names} is in use: let the target serve `/.well-known/tenantry`, or name its lock file"
        );
        return gate(Verdict::NotProven, vec![reason]);
    }
    let mut reasons = vec![format!("{names} is not among the {} modules that were found", found.len())];
    reasons.extend(look_alikes(approved, found));
    gate(Verdict::Failed, reasons)
}

fn look_alikes(approved: &ApprovedModules, found: &[FoundModule]) -> Vec<String> {
    let looks_alike = |module: &FoundModule| {
        let near =
            |name: &str| levenshtein(&name.to_lowercase(), &module.name.to_lowercase()) <= LOOK_ALIKE_EDITS;
        let original = approved.modules().iter().find(|approved| near(&approved.name))?;
        Some(format!(
            "`{}` in {} only looks like `{}`",
            module.name.escape_debug(),
            module.said_by,
            original.name
        ))
    };
    found.iter().filter_map(looks_alike).take(3).collect()
}

fn fault(approved: &ApprovedModules, found: &FoundModule, today: Date) -> Option<String> {
    let module = approved.find(found)?;
    let said = format!("{} has `{}` {}", found.said_by, found.name, bare(&found.version));
    if let (Some(wanted), Some(source)) = (&module.source, &found.source)
        && !source.starts_with(wanted.as_str())
    {
        return Some(format!("{said} from `{source}`, and not from `{wanted}`"));
    }
    let Some(latest) = module.latest(today) else {
        return Some(format!("{said}, and no version is approved any more"));
    };
    let is_latest = bare(&found.version) == bare(latest);
    let counts = is_latest || module.grace(bare(&found.version), today).is_some();
    (!counts).then(|| format!("{said}; the latest approved version is {}", bare(latest)))
}

/// The same module in two versions: one of them judges tokens, and nobody can say which.
fn two_versions(approved: &ApprovedModules, found: &[&FoundModule]) -> Option<String> {
    let name = |module: &FoundModule| approved.find(module).map(|module| &module.name);
    let (one, other) = found.iter().find_map(|one| {
        let differs =
            |other: &&&FoundModule| name(one) == name(other) && bare(&one.version) != bare(&other.version);
        found.iter().find(differs).map(|other| (one, other))
    })?;
    let (name, one, other) =
        (&one.name, (bare(&one.version), &one.said_by), (bare(&other.version), &other.said_by));
    Some(format!("`{name}` is there in two versions: {} ({}) and {} ({})", one.0, one.1, other.0, other.1))
}

fn approval(approved: &ApprovedModules, found: &FoundModule, today: Date) -> String {
    let said = format!("{} says `{}` {}", found.said_by, found.name, bare(&found.version));
    match approved.find(found).and_then(|module| module.grace(bare(&found.version), today)) {
        Some(until) => format!("{said}, which counts until {until}"),
        None => format!("{said}, the latest approved version"),
    }
}

/// Go's versions begin with `v`; approved ones may be written without.
fn bare(version: &str) -> &str {
    match version.strip_prefix('v') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => version,
    }
}

fn reported(module: &FoundModule, approval: Approval) -> ModuleVersion {
    ModuleVersion {
        name: module.name.clone(),
        version: module.version.clone(),
        from: module.said_by.clone(),
        approval,
    }
}

fn gate(verdict: Verdict, reasons: Vec<String>) -> PromotionGate {
    let title = "The latest approved version of the auth module is in use".to_owned();
    PromotionGate { number: 2, title, verdict, reasons }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::{ApprovedModules, Ecosystem, FoundModule};
    use super::judge;
    use crate::report::Verdict;

    const APPROVED: &str = r#"
        [[module]]
        name = "tenantry"
        ecosystem = "cargo"
        approved = ["0.1.0", "0.2.0", "0.10.0", "0.3.0"]
        until = { "0.3.0" = 2026-06-30 }
        source = "registry+"
    "#;

    fn found(name: &str, version: &str, source: &str) -> FoundModule {
        FoundModule {
            ecosystem: Some(Ecosystem::Cargo),
            name: name.to_owned(),
            version: version.to_owned(),
            source: Some(source.to_owned()),
            said_by: "Cargo.lock".to_owned(),
        }
    }

    fn verdict(found: &[FoundModule]) -> (Verdict, String) {
        let approved = ApprovedModules::parse(APPROVED).unwrap();
        let (gate, _) = judge(Some(&approved), found, date!(2026 - 06 - 30));
        (gate.verdict, gate.reasons.join("; "))
    }

    #[test]
    fn the_latest_approved_version_passes_and_an_earlier_one_while_its_date_says_so() {
        assert_eq!(verdict(&[found("tenantry", "0.10.0", "registry+x")]).0, Verdict::Passed);
        assert_eq!(verdict(&[found("tenantry", "0.3.0", "registry+x")]).0, Verdict::Passed);
        let approved = ApprovedModules::parse(APPROVED).unwrap();
        let (gate, _) =
            judge(Some(&approved), &[found("tenantry", "0.3.0", "registry+x")], date!(2026 - 07 - 01));
        assert_eq!(gate.verdict, Verdict::Failed);
    }

    #[test]
    fn whatever_else_is_found_fails_and_the_latest_is_named() {
        for (modules, why) in [
            (vec![found("tenantry", "0.2.0", "registry+x")], "latest approved version is 0.10.0"),
            (vec![found("tenantry", "0.11.0", "registry+x")], "latest approved version is 0.10.0"),
            (vec![found("tenantry", "0.10.0", "git+https://fork.example")], "not from `registry+`"),
            (
                vec![found("tenantry", "0.10.0", "registry+x"), found("tenantry", "0.2.0", "registry+x")],
                "two versions",
            ),
            (vec![found("tenantr\u{443}", "0.10.0", "registry+x")], "only looks like"),
            (vec![found("tenantry2", "0.10.0", "registry+x")], "only looks like"),
            (vec![found("serde", "0.10.0", "registry+x")], "not among"),
        ] {
            let (verdict, reasons) = verdict(&modules);
            assert_eq!(verdict, Verdict::Failed, "{reasons}");
            assert!(reasons.contains(why), "{reasons}");
        }
    }

    /// T-162: what nobody looked at has not passed.
    #[test]
    fn nothing_found_and_nothing_approved_prove_nothing() {
        assert_eq!(verdict(&[]).0, Verdict::NotProven);
        let (gate, _) = judge(None, &[found("tenantry", "0.10.0", "registry+x")], date!(2026 - 06 - 30));
        assert_eq!(gate.verdict, Verdict::NotProven);
    }
}
