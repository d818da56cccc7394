//! Reports of every kind worth looking at: the plain, the failing, the empty, the long, the hostile.

use super::{
    AllowListFacts, Approval, CaseResult, Finding, ModuleVersion, Outcome, PromotionGate, Report, SCHEMA,
    SUITE_VERSION, Verdict,
};
use crate::{Expect, Limits, Severity, Suite};

/// The key of RFC 8410 §10.3: known to everybody.
pub(super) const PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

/// Every sample, with its name.
pub(super) fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("passed", passed()),
        ("failed", failed()),
        ("refuses-everything", refuses_everything()),
        ("tolerated", tolerated()),
        ("many-skips", many_skips()),
        ("attacks-alone", attacks_alone()),
        ("long", written(LONG)),
        ("hostile", written(HOSTILE)),
        ("empty", Report { results: Vec::new(), gates: Vec::new(), ..passed() }),
    ]
}

/// Tries to leave text, attributes, scripts, CDATA and lines.
pub(super) const HOSTILE: &str = "<script>alert(1)</script>'\" onfocus=\"alert(2)\" ]]> --></style></title> {{ 7*7 }} &amp; \u{1b}[31mred\u{7} \u{202e}gnp.exe \u{0}\u{fffe} eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJ4In0.c2ln\r\n::error::injected";

const LONG: &str = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, \
    https://orders.internal.contoso.example/api/v3/organisations/c0a80000-0000-4000-a000-000000000001/orders?expand=lines,customer, \
    Ελληνική Εταιρεία, 株式会社, شركة and the Society of Applications With Very Long Names";

/// Everything held.
pub(super) fn passed() -> Report {
    Report {
        schema: SCHEMA.to_owned(),
        gate_version: "0.1.0".to_owned(),
        suite_version: SUITE_VERSION.to_owned(),
        target: "Orders API".to_owned(),
        url: "http://127.0.0.1:3000".to_owned(),
        authority: "http://127.0.0.1:9400".to_owned(),
        seed: 20_260_301,
        started_at: 1_772_355_600,
        took_ms: 21_480,
        waited_ms: 12_300,
        requests: 312,
        limits: Limits::default(),
        module: Some(ModuleVersion {
            name: "tenantry".to_owned(),
            version: "0.1.0".to_owned(),
            from: "/.well-known/tenantry".to_owned(),
            approval: Approval::Approved,
        }),
        allow_list: Some(AllowListFacts {
            revision: 7,
            digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            expires_at: 1_780_304_400,
            proposer: "amira@contoso.example".to_owned(),
            reviewer: "emil@contoso.example".to_owned(),
            tenants: 2,
            removals: 0,
        }),
        gates: gates(),
        required: Vec::new(),
        results: results(),
    }
}

fn gates() -> Vec<PromotionGate> {
    let gate = |number, title: &str, reasons: &[&str]| PromotionGate {
        number,
        title: title.to_owned(),
        verdict: Verdict::Passed,
        reasons: reasons.iter().map(|&reason| reason.to_owned()).collect(),
    };
    vec![
        gate(
            1,
            "Tokens of strangers are refused",
            &[
                "A genuine token of an organisation that is not listed was answered 401.",
                "All attacks that ran were refused.",
            ],
        ),
        gate(
            2,
            "The auth module is an approved version",
            &["tenantry 0.1.0 is on the list of approved versions."],
        ),
        gate(
            3,
            "The allow-list is reviewed, locked and enforced",
            &[
                "Revision 7 has the signatures of two people, and ends on 2026-06-01.",
                "A listed tenant passed and an unlisted one did not.",
            ],
        ),
    ]
}

/// Some hold, some fail, one is skipped; two gates fall.
pub(super) fn failed() -> Report {
    let mut report = passed();
    let fails = [
        ("tenancy/rogue-tenant", Finding::Accepted, 200, "let it in: 200"),
        ("forgery/alg-none", Finding::Accepted, 200, "let it in: 200"),
        ("shape/deep-nesting", Finding::ServerError, 500, "broke: 500"),
        ("answers/names-the-tenant", Finding::Told, 401, "the body names the tenant that was expected"),
        ("version/v1-token", Finding::WrongStatus, 400, "refused it in another way than asked for: 400"),
    ];
    for (id, finding, status, detail) in fails {
        for result in report.results.iter_mut().filter(|result| result.id == id) {
            result.outcome = Outcome::Failed(finding);
            result.status = Some(status);
            result.detail = detail.to_owned();
        }
    }
    skip(&mut report, "keys/outage", "the target caches keys on disk, and is tested for this in staging");
    judge(&mut report, 1, Verdict::Failed, "6 cases failed, 3 of them critical.");
    judge(
        &mut report,
        2,
        Verdict::NotProven,
        "The target does not say which version it runs, and no lock file was given.",
    );
    report.module = None;
    report
}

/// One failure of low severity, which gate 1 was told to let pass.
pub(super) fn tolerated() -> Report {
    let mut report = Report { gates: passed().gates, module: passed().module, ..failed() };
    report.results.retain(|result| !result.failed() || result.severity == Severity::Low);
    report
}

pub(super) fn refuses_everything() -> Report {
    let mut report = passed();
    report.results.retain(|result| result.suite == Suite::Control);
    let good = report.results.iter_mut().filter(|result| result.expected == Expect::Passes);
    for result in good {
        result.outcome = Outcome::Failed(Finding::RefusedGood);
        result.status = Some(401);
        result.detail = "refused a good token with 401".to_owned();
    }
    judge(
        &mut report,
        1,
        Verdict::Failed,
        "Good tokens are refused, so that nothing is shown by refusing others.",
    );
    judge(&mut report, 3, Verdict::Failed, "A listed tenant was refused.");
    report
}

pub(super) fn many_skips() -> Report {
    let mut report = passed();
    for id in ["kind", "keys", "version", "oddities"] {
        skip(&mut report, id, "programs may not call this API for themselves");
    }
    skip(&mut report, "tenancy/rogue-tenant", "left out until the list is enforced; ask the identity team");
    judge(
        &mut report,
        1,
        Verdict::NotProven,
        "The attack with an unlisted organisation's token was left out.",
    );
    report.allow_list = None;
    judge(&mut report, 3, Verdict::NotProven, "There is no allow-list.lock.");
    report
}

pub(super) fn attacks_alone() -> Report {
    Report { module: None, allow_list: None, gates: Vec::new(), ..passed() }
}

/// Whatever a target or a file chooses, everywhere at once.
pub(super) fn written(text: &str) -> Report {
    let mut report = failed();
    let mut texts = vec![&mut report.target, &mut report.url, &mut report.authority];
    for gate in &mut report.gates {
        gate.reasons.push(text.to_owned());
        texts.push(&mut gate.title);
    }
    for result in &mut report.results {
        texts.extend([
            &mut result.probe,
            &mut result.title,
            &mut result.reason,
            &mut result.source,
            &mut result.detail,
        ]);
        if let Outcome::Skipped(why) = &mut result.outcome {
            texts.push(why);
        }
    }
    texts.into_iter().for_each(|place| *place = text.to_owned());
    report
}

/// Skips a case, or all of a suite.
fn skip(report: &mut Report, name: &str, why: &str) {
    let named = |result: &&mut CaseResult| result.id == name || result.suite.name() == name;
    for result in report.results.iter_mut().filter(named) {
        result.outcome = Outcome::Skipped(why.to_owned());
        result.status = None;
        result.detail = why.to_owned();
        result.took_ms = 0;
    }
}

fn judge(report: &mut Report, number: u8, verdict: Verdict, reason: &str) {
    for gate in report.gates.iter_mut().filter(|gate| gate.number == number) {
        gate.verdict = verdict;
        gate.reasons = vec![reason.to_owned()];
    }
}

/// Each as id, severity, title, reason, source; those of `control` and `oddities` must pass.
const CASES: &[(&str, Severity, &str, &str, &str)] = &[
    (
        "control/good-token",
        Severity::Critical,
        "a good token of the home tenant",
        "an API that refuses everything proves nothing by refusing attacks",
        "threat model T-161",
    ),
    (
        "control/no-token",
        Severity::Critical,
        "no token at all",
        "a probe that is open to everybody shows nothing",
        "RFC 6750 §3",
    ),
    (
        "tenancy/rogue-tenant",
        Severity::Critical,
        "a genuine token of an organisation that is not listed",
        "tenants of a cloud share signing keys, so that a good signature proves no tenant",
        "seed 000, gate 1",
    ),
    (
        "tenancy/personal-accounts",
        Severity::Critical,
        "a genuine token of a personal account",
        "anybody can have one",
        "Entra: claims validation",
    ),
    (
        "kind/id-token",
        Severity::High,
        "an ID token of the same person",
        "it tells a client who signed in, and permits nothing",
        "RFC 9068 §4",
    ),
    (
        "kind/application",
        Severity::High,
        "a program's own token where a person is due",
        "it carries no person and no scope",
        "Entra: access token claims",
    ),
    (
        "forgery/alg-none",
        Severity::Critical,
        "a token that says it needs no signature",
        "anybody can write one",
        "CVE-2015-9235; RFC 8725 §3.1",
    ),
    (
        "forgery/hmac-public-key",
        Severity::Critical,
        "a token signed with the public key as a secret",
        "everybody has the public key",
        "CVE-2015-9235",
    ),
    (
        "lifetime/expired",
        Severity::High,
        "a token that ended an hour ago",
        "whoever finds an old token must not be able to use it",
        "RFC 7519 §4.1.4",
    ),
    (
        "audience/other-api",
        Severity::High,
        "a genuine token for another API",
        "that API's operator could use it here",
        "RFC 7519 §4.1.3",
    ),
    (
        "version/v1-token",
        Severity::Medium,
        "a version 1 token",
        "the API is registered for version 2",
        "Entra: access tokens",
    ),
    (
        "shape/deep-nesting",
        Severity::Medium,
        "claims nested ten thousand deep",
        "parsers that recurse fall over",
        "threat model T-003",
    ),
    ("placement/query", Severity::Medium, "the token in the query", "addresses are logged", "RFC 6750 §2.3"),
    (
        "answers/names-the-tenant",
        Severity::Low,
        "a token of an unlisted organisation, and a look at the answer",
        "refusals tell strangers who is a customer",
        "RFC 6750 §3.1",
    ),
    (
        "oddities/audience-uri",
        Severity::High,
        "a good token with an unusual claim",
        "tokens may carry claims that nobody knows",
        "RFC 7519 §4",
    ),
    (
        "keys/rotation",
        Severity::High,
        "a token under a key that was published just now",
        "keys change without notice",
        "Entra: signing key rollover",
    ),
    (
        "keys/outage",
        Severity::High,
        "good tokens while the authority is down",
        "its outage must not be the API's",
        "threat model T-023",
    ),
];

fn results() -> Vec<CaseResult> {
    let here = CASES.iter().map(|case| result(case, "GET /api/orders"));
    let there = CASES[..3].iter().map(|case| result(case, "POST /api/orders"));
    let mut results: Vec<_> = here.chain(there).collect();
    results.sort_by(|a, b| (a.suite, &a.id, &a.probe).cmp(&(b.suite, &b.id, &b.probe)));
    results
}

fn result(
    &(id, severity, title, reason, source): &(&str, Severity, &str, &str, &str),
    probe: &str,
) -> CaseResult {
    let name = id.split('/').next().unwrap_or_default();
    let suite: Suite = serde_json::from_value(name.into()).unwrap();
    let passes = id == "control/good-token" || matches!(suite, Suite::Oddities | Suite::Keys);
    CaseResult {
        id: id.to_owned(),
        suite,
        probe: probe.to_owned(),
        title: title.to_owned(),
        reason: reason.to_owned(),
        source: source.to_owned(),
        threats: vec!["T-011".to_owned()],
        severity,
        expected: if passes { Expect::Passes } else { Expect::Refused },
        outcome: Outcome::Held,
        status: Some(if passes { 200 } else { 401 }),
        detail: if passes { "passed with 200" } else { "refused with 401" }.to_owned(),
        took_ms: 4,
    }
}
