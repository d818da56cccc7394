//! `tenantry allow-list`: the whole way from a draft to a lock, and everything that must stop it. Rows 27 and 28;
//! T-090, T-092, T-093, T-097, T-171.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::{fs, path::Path};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;
use tenantry_allow_list::{ApprovedKeys, Draft, Lock, SecretKey, Statement, Term};

const CONTOSO: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const FABRIKAM: &str = "bbbbbbbb-0000-4000-8000-000000000002";
/// 2026-03-01T09:00:00Z.
const MARCH: i64 = 1_772_355_600;

/// A folder with two people's keys and a list of two tenants.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let tables: String = ["ada", "ben"].map(|name| folder.make_key(name)).concat();
        folder.write("approved-keys.toml", &tables);
        folder.write("allow-list.toml", &(tenant(CONTOSO, "Contoso") + &tenant(FABRIKAM, "Fabrikam")));
        folder
    }

    fn make_key(&self, name: &str) -> String {
        self.run(&["key", name, "--out", &format!("{name}.pem")]).ends(0).stdout
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{from} in {text}");
        self.write(name, &text.replacen(from, to, 1));
    }

    fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    fn run(&self, args: &[&str]) -> Ended {
        let mut command = Command::cargo_bin("tenantry").unwrap();
        for name in ["TENANTRY_ALLOW_LIST", "TENANTRY_APPROVED_KEYS", "TENANTRY_SIGNING_KEY"] {
            command.env_remove(name);
        }
        command.env("XDG_CONFIG_HOME", self.path().join("config")).current_dir(self.path());
        Ended::of(command.arg("allow-list").args(args))
    }

    fn propose(&self, by: &str) -> Ended {
        self.run(&["propose", "--key", &format!("{by}.pem")])
    }

    fn review(&self, by: &str) -> Ended {
        self.run(&["review", "--yes", "--key", &format!("{by}.pem")])
    }

    fn lock(&self) -> Ended {
        self.run(&["lock"])
    }

    /// Proposed by ada, reviewed by ben, locked.
    fn locked(self) -> Self {
        self.propose("ada").ends(0);
        self.review("ben").ends(0);
        self.lock().ends(0);
        self
    }

    fn remove(&self, tenant: &str, by: &str) -> Ended {
        self.run(&["propose", "--emergency-remove", tenant, "--reason", "keys stolen", "--key", by])
    }

    fn key(&self, name: &str) -> SecretKey {
        SecretKey::from_pem(&self.read(&format!("{name}.pem"))).unwrap()
    }
}

struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    #[track_caller]
    fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Refused with this code, and with words that help.
    #[track_caller]
    fn refused(self, code: &str) -> Self {
        let ended = self.ends(2);
        assert!(ended.stderr.contains(&format!("refused ({code})")), "{code}: {}", ended.stderr);
        ended
    }
}

fn tenant(id: &str, name: &str) -> String {
    format!(
        "[[tenant]]\nid = \"{id}\"\nname = \"{name}\"\nkind = \"partner\"\nuser-type = \"partner\"\nguests = false\n\n"
    )
}

#[test]
fn two_people_lock_a_list() {
    let folder = Folder::new();
    for early in ["show", "verify", "diff"] {
        assert!(folder.run(&[early]).ends(1).stderr.contains("`lock` make the first one"), "{early}");
    }
    let proposed = folder.propose("ada").ends(0);
    assert!(proposed.stdout.contains("+ Contoso") && proposed.stdout.contains("revision 1 as `ada`"));
    assert!(!folder.has("allow-list.lock"), "a proposal changes nothing");
    folder.lock().refused("half_signed");
    folder.review("ben").ends(0);
    let locked = folder.lock().ends(0);
    assert!(locked.stdout.contains("locked revision 1: 2 tenants"), "{}", locked.stdout);
    assert!(!folder.has("allow-list.proposed"), "nothing waits any more");

    let shown: Value = serde_json::from_str(&folder.run(&["show", "--json"]).ends(0).stdout).unwrap();
    assert_eq!(
        (&shown["revision"], &shown["proposer"], &shown["reviewer"]),
        (&1.into(), &"ada".into(), &"ben".into())
    );
    let table = folder.run(&["show"]).ends(0).stdout;
    assert!(table.contains("Fabrikam  bbbbbbbb-"), "{table}");
    folder.run(&["verify"]).ends(0);
    folder.run(&["diff"]).ends(0);
}

#[test]
fn the_next_revision_shows_what_changes() {
    let folder = Folder::new().locked();
    folder.edit("allow-list.toml", "guests = false", "guests = true");
    folder.edit("allow-list.toml", FABRIKAM, "cccccccc-0000-4000-8000-000000000003");
    let diff = folder.run(&["diff"]).ends(2).stdout;
    for line in ["~ Contoso", "guests: refused → let in", "+ Fabrikam  cccccccc", "- Fabrikam  bbbbbbbb"] {
        assert!(diff.contains(line), "{line} in {diff}");
    }
    let json: Value = serde_json::from_str(&folder.run(&["diff", "--json"]).ends(2).stdout).unwrap();
    assert_eq!(
        (json["added"][0]["name"].as_str(), json["changed"][0]["after"]["guests"].as_bool()),
        (Some("Fabrikam"), Some(true))
    );
    fs::copy(folder.path().join("allow-list.lock"), folder.path().join("old.lock")).unwrap();
    let folder = folder.locked();
    folder.run(&["verify", "--after", "old.lock"]).ends(0);
    folder.run(&["verify", "old.lock", "--after", "allow-list.lock"]).refused("older_revision");
    assert!(
        folder.run(&["diff", "old.lock", "allow-list.lock"]).ends(2).stdout.contains("+ Fabrikam  cccccccc")
    );
}

/// T-090: self-approval is impossible, with one key or with two.
#[test]
fn nobody_reviews_what_they_proposed() {
    let folder = Folder::new();
    folder.propose("ada").ends(0);
    folder.review("ada").refused("same_key");
    let second = folder.run(&["key", "Ada", "--out", "second.pem"]).ends(0).stdout;
    let keys = folder.read("approved-keys.toml") + &second;
    folder.write("approved-keys.toml", &keys);
    folder.review("second").refused("same_person");
    folder.make_key("mallory");
    folder.review("mallory").refused("unknown_key");
    folder.propose("mallory").refused("unknown_key");
    folder.review("ben").ends(0);
    folder.review("ben").refused("already_reviewed");
}

/// T-092: any edit voids a proposal.
#[test]
fn an_edit_voids_the_proposal() {
    let folder = Folder::new();
    folder.propose("ada").ends(0);
    folder.edit("allow-list.toml", "\"Contoso\"", "\"Contoso Ltd\"");
    let refused = folder.review("ben").refused("edited");
    assert!(refused.stdout.contains("name: `Contoso` → `Contoso Ltd`"), "{}", refused.stdout);
    folder.edit("allow-list.toml", "\"Contoso Ltd\"", "\"Contoso\"");
    folder.review("ben").ends(0);
    folder.edit("allow-list.toml", "guests = false", "guests = true");
    folder.lock().refused("edited");
    folder.edit("allow-list.proposed", "guests = false", "guests = true");
    folder.lock().refused("bad_signature");
    assert!(!folder.has("allow-list.lock"));
}

/// T-092: proposals expire.
#[test]
fn a_proposal_that_waited_too_long_is_void() {
    let folder = Folder::new();
    let (ada, ben) = (folder.key("ada"), folder.key("ben"));
    let approved = ApprovedKeys::parse(&folder.read("approved-keys.toml")).unwrap();
    let now = tenantry::Clock::system().now();
    let term = Term::days(now.plus_secs(-8 * 86_400), 90, 7);
    let entries = Draft::parse(&folder.read("allow-list.toml")).unwrap().into_entries();
    let proposed =
        Lock::propose(Statement::new(None, entries, term).unwrap(), &approved.signer(&ada).unwrap()).unwrap();
    folder.write("allow-list.proposed", &proposed.to_string());
    folder.review("ben").refused("proposal_expired");
    let reviewed = proposed.review(&approved.signer(&ben).unwrap(), term.issued).unwrap();
    folder.write("allow-list.proposed", &reviewed.to_string());
    folder.lock().refused("proposal_expired");
}

#[test]
fn a_proposal_follows_the_lock_in_force() {
    let folder = Folder::new().locked();
    folder.propose("ada").ends(0);
    fs::rename(folder.path().join("allow-list.proposed"), folder.path().join("waiting")).unwrap();
    let folder = folder.locked();
    fs::rename(folder.path().join("waiting"), folder.path().join("allow-list.proposed")).unwrap();
    folder.review("ben").refused("superseded");
    // Reviewed in time, and locked too late.
    folder.propose("ada").ends(0);
    folder.review("ben").ends(0);
    let reviewed = folder.read("allow-list.proposed");
    folder.remove(FABRIKAM, "ben.pem").ends(0);
    let removal = folder.read("allow-list.proposed");
    folder.lock().ends(0);
    for late in [&reviewed, &removal] {
        folder.write("allow-list.proposed", late);
        folder.lock().refused("superseded");
    }
    let before = folder.read("allow-list.lock");
    folder.propose("ada").ends(0);
    fs::remove_file(folder.path().join("allow-list.lock")).unwrap();
    folder.review("ben").refused("superseded");
    folder.write("allow-list.lock", &before);
    folder.run(&["verify"]).ends(0);
}

/// T-097: one signature removes, and is no way to anything else.
#[test]
fn one_person_removes_in_an_emergency() {
    let folder = Folder::new().locked();
    fs::copy(folder.path().join("allow-list.lock"), folder.path().join("before.lock")).unwrap();
    let signed = folder.remove(FABRIKAM, "ben.pem").ends(0);
    assert!(signed.stdout.contains("- Fabrikam"), "{}", signed.stdout);
    folder.review("ada").refused("removal_pending");
    folder.propose("ada").refused("removal_pending");
    let locked = folder.lock().ends(0);
    assert!(locked.stdout.contains("locked revision 2: 1 tenant,"), "{}", locked.stdout);
    assert!(locked.stdout.contains("take the removed from `allow-list.toml`"), "{}", locked.stdout);
    let shown = folder.run(&["show"]).ends(0).stdout;
    assert!(shown.contains("by `ben`: keys stolen") && shown.contains("- Fabrikam"), "{shown}");
    folder.run(&["verify", "before.lock", "--after", "allow-list.lock"]).refused("older_revision");

    let unlisted = folder.remove(FABRIKAM, "ben.pem").refused("removes_unlisted");
    assert!(unlisted.stderr.contains("what to do: nobody has to be removed"), "{}", unlisted.stderr);
    let silent = ["propose", "--emergency-remove", CONTOSO, "--reason", "", "--key", "ben.pem"];
    assert!(folder.run(&silent).refused("malformed").stderr.contains("what to do: say why with `--reason`"));
    folder.make_key("mallory");
    folder.remove(CONTOSO, "mallory.pem").refused("unknown_key");
    assert_eq!(
        folder.run(&["propose", "--emergency-remove", CONTOSO, "--key", "ben.pem"]).code,
        2,
        "says why"
    );
    // Letting it in again takes two, and both are told.
    let proposed = folder.propose("ada").ends(0);
    assert!(proposed.stdout.contains("`Fabrikam` was removed by `ben`: keys stolen"), "{}", proposed.stdout);
    folder.lock().refused("half_signed");
    let reviewed = folder.review("ben").ends(0);
    assert!(reviewed.stdout.contains("`Fabrikam` was removed by `ben`: keys stolen"), "{}", reviewed.stdout);
}

#[test]
fn a_list_of_nobody_says_so() {
    let folder = Folder::new().locked();
    let all = ["propose", "--emergency-remove", CONTOSO, "--emergency-remove", FABRIKAM];
    folder.run(&[&all[..], &["--reason", "keys stolen", "--key", "ben.pem"]].concat()).ends(0);
    let locked = folder.lock().ends(0);
    assert!(locked.stdout.contains("locked revision 2: no tenants (nobody gets in)"), "{}", locked.stdout);
}

/// T-091: two commands at once could each judge the lock that the other replaces, and lose a removal.
#[cfg(unix)]
#[test]
fn a_command_waits_until_the_other_has_written() {
    let folder = Folder::new();
    folder.propose("ada").ends(0);
    folder.review("ben").ends(0);
    let held = fs::File::open(folder.path()).unwrap();
    held.lock().unwrap();
    std::thread::scope(|threads| {
        let waiting = threads.spawn(|| folder.lock().ends(0));
        std::thread::sleep(std::time::Duration::from_secs(2));
        assert!(!folder.has("allow-list.lock"), "another command is at work here");
        held.unlock().unwrap();
        waiting.join().unwrap();
    });
    assert!(folder.has("allow-list.lock"));
}

/// Somebody deploys what the link leads to; and a link in a branch from elsewhere leads nobody to overwrite their own files.
#[cfg(unix)]
#[test]
fn a_linked_lock_is_replaced_and_a_linked_proposal_is_not_followed() {
    let folder = Folder::new().locked();
    let at = |name: &str| folder.path().join(name);
    fs::rename(at("allow-list.lock"), at("deployed")).unwrap();
    std::os::unix::fs::symlink("deployed", at("allow-list.lock")).unwrap();
    folder.write("precious", "mine");
    std::os::unix::fs::symlink("precious", at("allow-list.proposed")).unwrap();
    let folder = folder.locked();
    assert!(folder.read("deployed").contains("revision = 2"));
    assert_eq!(folder.read("precious"), "mine");
}

/// A flipped bit makes no text of it: refused like any other, for machines too.
#[test]
fn a_lock_that_is_no_text_is_refused() {
    let folder = Folder::new().locked();
    let mut bytes = fs::read(folder.path().join("allow-list.lock")).unwrap();
    bytes[200] ^= 0x80;
    fs::write(folder.path().join("allow-list.lock"), bytes).unwrap();
    let told: Value = serde_json::from_str(&folder.run(&["verify", "--json"]).ends(2).stdout).unwrap();
    assert_eq!(told["code"], "malformed");
    assert!(told["reason"].as_str().unwrap().contains("not text in UTF-8, from byte 200 on"), "{told}");
}

#[test]
fn an_unsound_lock_is_not_built_upon() {
    let folder = Folder::new().locked();
    folder.edit("allow-list.lock", "guests = false", "guests = true");
    folder.run(&["verify"]).refused("bad_signature");
    folder.run(&["show"]).refused("bad_signature");
    folder.remove(FABRIKAM, "ben.pem").refused("bad_signature");
    folder.propose("ada").refused("unsound_lock");
    folder.run(&["propose", "--distrust-lock", "--key", "ada.pem"]).ends(0);
    let reviewed = folder.review("ben").ends(0);
    assert!(reviewed.stdout.contains("read the whole list") && reviewed.stdout.contains("+ Contoso"));
    folder.lock().ends(0);
    folder.run(&["verify"]).ends(0);
}

#[test]
fn verify_says_why_and_what_to_do() {
    let folder = Folder::new().locked();
    let json = |args: &[&str], code| -> Value {
        serde_json::from_str(&folder.run(&[&["verify", "--json"], args].concat()).ends(code).stdout).unwrap()
    };
    assert_eq!(json(&[], 0)["valid"], true);
    let late = (tenantry::Clock::system().now().as_secs() + 91 * 86_400).to_string();
    let expired = json(&["--now", &late], 2);
    assert_eq!((expired["valid"].as_bool(), expired["code"].as_str()), (Some(false), Some("expired")));
    assert!(expired["advice"].as_str().unwrap().contains("propose"));
    assert_eq!(json(&["--now", &MARCH.to_string()], 2)["code"], "not_yet_valid");
    assert_eq!(json(&["--min-days", "91"], 2)["code"], "expires_soon");
    folder.run(&["verify", "--min-days", "80"]).ends(0);
    // An expired list is shown, with its reason, and can be renewed.
    let shown = folder.run(&["show", "--now", &late]).refused("expired");
    assert!(shown.stdout.contains("Contoso") && shown.stdout.contains("which is over"), "{}", shown.stdout);
    folder.run(&["verify", "nowhere.lock"]).ends(1);
    folder.run(&["verify", "--approved-keys", "nowhere.toml"]).ends(1);
}

/// T-093: errors name the place.
#[test]
fn an_unsound_draft_is_not_proposed() {
    let folder = Folder::new();
    folder.edit("allow-list.toml", CONTOSO, &CONTOSO.to_uppercase());
    let refused = folder.propose("ada").refused("unsound");
    assert!(
        refused.stderr.contains("`allow-list.toml`: line 2, column 6") && refused.stderr.contains("^^^"),
        "{}",
        refused.stderr
    );
    folder.write("allow-list.toml", "");
    assert!(folder.propose("ada").refused("unsound").stderr.contains("lists no tenant"));
    fs::remove_file(folder.path().join("allow-list.toml")).unwrap();
    folder.propose("ada").ends(1);
}

#[test]
fn review_asks_unless_told_not_to() {
    let folder = Folder::new();
    folder.review("ben").refused("no_proposal");
    folder.propose("ada").ends(0);
    let before = folder.read("allow-list.proposed");
    let asked = folder.run(&["review", "--key", "ben.pem"]).ends(1);
    assert!(asked.stderr.contains("no terminal to ask on"), "{}", asked.stderr);
    assert_eq!(folder.read("allow-list.proposed"), before, "nothing was signed");
}

/// T-171: private keys come from files of their owner alone, and are never printed.
#[test]
fn private_keys_stay_private() {
    let folder = Folder::new();
    let made = folder.run(&["key", "cleo"]).ends(0);
    let pem = folder.read("config/tenantry/signing-key.pem");
    let secret = pem.lines().nth(1).unwrap();
    assert!(!made.stdout.contains(secret) && !made.stderr.contains(secret));
    assert!(folder.run(&["key", "cleo"]).ends(1).stderr.contains("cannot write a new key"));
    assert_eq!(folder.read("config/tenantry/signing-key.pem"), pem, "never overwritten");
    folder.run(&["key", "a\u{202e}b", "--out", "b.pem"]).refused("unsound");
    assert!(!folder.has("b.pem"));
    folder.write("other.pem", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    owner_only(&folder.path().join("other.pem"), 0o600);
    folder.propose("other").refused("unsound_key");
    owner_only(&folder.path().join("ada.pem"), 0o640);
    if cfg!(unix) {
        folder.propose("ada").refused("key_readable_by_others");
    }
}

#[cfg(unix)]
fn owner_only(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn owner_only(_path: &Path, _mode: u32) {}

#[test]
fn the_environment_names_files_too() {
    let folder = Folder::new().locked();
    let elsewhere = tempfile::tempdir().unwrap();
    for ending in ["toml", "lock"] {
        let mut command = Command::cargo_bin("tenantry").unwrap();
        command.current_dir(elsewhere.path()).args(["allow-list", "verify"]);
        command.env("TENANTRY_ALLOW_LIST", folder.path().join(format!("allow-list.{ending}")));
        command.env("TENANTRY_APPROVED_KEYS", folder.path().join("approved-keys.toml"));
        Ended::of(&mut command).ends(0);
    }
}
