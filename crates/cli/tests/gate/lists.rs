//! Gate 3: the locked list against what the target enforces. T-090 to T-097 as far as a file goes.

use tenantry_gate::{Report, Verdict};

use super::support::{Folder, HOME, PARTNER, WITHOUT_WAITING, failed, gate};

const NORTHWIND: &str = tenantry_simulator::builtin::NORTHWIND;
const THIRD: &str = "ffaaaaaa-0000-4000-8000-00000000000a";

fn tenant(id: &str, name: &str, guests: bool) -> String {
    format!(
        "[[tenant]]\nid = \"{id}\"\nname = \"{name}\"\nkind = \"partner\"\nuser-type = \"employee\"\nguests = {guests}\n"
    )
}

/// A folder whose target enforces `enforced.lock`, with two people's keys.
fn folder() -> Folder {
    let folder = Folder::with_target("locked");
    let key = |name: &str| {
        let out = format!("{name}.pem");
        folder.tenantry(&["allow-list", "key", name, "--out", &out]).ends(0).stdout
    };
    folder.write("approved-keys.toml", &[key("ada"), key("ben")].concat());
    folder
}

/// Locks a list of those tenants, as `name` beside the others.
fn lock(folder: &Folder, name: &str, tenants: &[String]) {
    folder.write("allow-list.toml", &tenants.concat());
    folder.tenantry(&["allow-list", "propose", "--key", "ada.pem"]).ends(0);
    folder.tenantry(&["allow-list", "review", "--yes", "--key", "ben.pem"]).ends(0);
    folder.tenantry(&["allow-list", "lock"]).ends(0);
    folder.write(name, &folder.read("allow-list.lock"));
}

fn run(folder: &Folder, args: &[&str]) -> (i32, Report) {
    let list = ["--allow-list", "handed-in.lock", "--approved-keys", "approved-keys.toml"];
    folder.report(&[WITHOUT_WAITING, &list, args].concat())
}

fn third(report: &Report) -> (Verdict, String) {
    let gate = gate(report, 3);
    (gate.verdict, gate.reasons.join("; "))
}

#[test]
fn a_list_that_is_enforced_passes_all_gates() {
    let folder = folder();
    let first =
        [tenant(HOME, "Contoso", true), tenant(PARTNER, "Fabrikam", true), tenant(THIRD, "Third", false)];
    lock(&folder, "earlier.lock", &first);
    let tenants = [tenant(HOME, "Contoso", true), tenant(PARTNER, "Fabrikam", true)];
    lock(&folder, "handed-in.lock", &tenants);
    folder.write("enforced.lock", &folder.read("handed-in.lock"));
    let modules = "[[module]]\nname = \"tenantry\"\necosystem = \"cargo\"\napproved = [\"0.1.0\"]\n";
    folder.write("approved-modules.toml", modules);
    let args = [
        "--previous-allow-list",
        "earlier.lock",
        "--approved-modules",
        "approved-modules.toml",
        "--all-gates",
    ];
    let (code, report) = run(&folder, &args);
    assert_eq!((code, report.verdict()), (0, Verdict::Passed), "{:?}", report.gates);
    assert_eq!(report.allow_list.as_ref().map(|list| (list.revision, list.tenants)), Some((2, 2)));
    let (_, why) = third(&report);
    assert!(why.contains("3 of others were refused"), "removed, rogue and invented: {why}");
}

/// The list that was reviewed is one thing, the one that is enforced another.
#[test]
fn a_target_that_enforces_another_list_fails() {
    let folder = folder();
    let wide =
        [tenant(HOME, "Contoso", true), tenant(PARTNER, "Fabrikam", true), tenant(THIRD, "Third", true)];
    lock(&folder, "enforced.lock", &wide);
    lock(&folder, "handed-in.lock", &wide[..2]);
    let text = folder.read("gate.toml").replace("TASKS_WELL_KNOWN = \"true\"", "");
    folder.write("gate.toml", &text);
    let (code, report) = run(&folder, &["--previous-allow-list", "enforced.lock"]);
    let (verdict, why) = third(&report);
    assert_eq!((code, verdict), (2, Verdict::Failed), "{why}");
    assert!(why.contains(THIRD) && why.contains("removed"), "found out by behaviour alone: {why}");
    folder.write(
        "gate.toml",
        &text.replacen("[[probe]]", &format!("[tenants]\nsuspended = \"{THIRD}\"\n[[probe]]"), 1),
    );
    let (verdict, why) = third(&run(&folder, &["--only", "control"]).1);
    assert!(verdict == Verdict::Failed && why.contains(THIRD), "whoever is in the world is tried: {why}");
}

/// The same the other way round, with a tenant that only the file lets in, and guests that only the target does.
#[test]
fn a_tenant_that_is_not_let_in_and_guests_that_are_fail() {
    let folder = folder();
    let [home, partner] = [tenant(HOME, "Contoso", true), tenant(PARTNER, "Fabrikam", true)];
    lock(&folder, "enforced.lock", &[home, partner.clone()]);
    lock(&folder, "handed-in.lock", &[tenant(HOME, "Contoso", false), partner, tenant(THIRD, "Third", true)]);
    let (code, report) = run(&folder, &[]);
    let (verdict, why) = third(&report);
    assert_eq!((code, verdict), (2, Verdict::Failed), "{why}");
    for expected in ["a guest of Contoso", "a member of Third", "another list: revision 1"] {
        assert!(why.contains(expected), "{expected}: {why}");
    }
}

/// The list says who plays which part: its home tenant invites nobody, and the usual rogue is a partner there.
#[test]
fn a_list_casts_the_attacks() {
    let folder = folder();
    let home = tenant(HOME, "Contoso", false).replace("partner", "home");
    lock(&folder, "enforced.lock", &[tenant(NORTHWIND, "Northwind", true), home]);
    folder.write("handed-in.lock", &folder.read("enforced.lock"));
    let (code, report) = run(&folder, &[]);
    assert_eq!((code, third(&report).0), (0, Verdict::Passed), "{:?} {:?}", report.gates, failed(&report));
}

#[test]
fn a_list_that_does_not_count_fails() {
    let folder = folder();
    lock(&folder, "enforced.lock", &[tenant(HOME, "Contoso", true), tenant(PARTNER, "Fabrikam", true)]);
    let sound = folder.read("enforced.lock");
    for (text, why) in [
        (sound.replace("Fabrikam", "Fabrican"), "altered"),
        (folder.read("allow-list.toml"), "a draft"),
        ("not toml".to_owned(), "no list"),
    ] {
        folder.write("handed-in.lock", &text);
        let (code, report) = run(&folder, &[]);
        assert_eq!((code, third(&report).0), (2, Verdict::Failed), "{why}");
    }
    folder.gate(&["--allow-list", "handed-in.lock"]).ends(2).says("--approved-keys");
    folder.gate(&["--allow-list", "nowhere.lock", "--approved-keys", "approved-keys.toml"]).ends(1);
}
