//! What may take the place of the list in force, and what never does. Rows 27, 28; T-028, T-092, T-094, T-097.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use tempfile::TempDir;
use tenantry_allow_list::{ApprovedKeys, Entry, Head, Lock, SecretKey, Statement, TenantKind, Term};
use tenantry_authority::Clock;
use tenantry_token::{FixedList, Guests, TenantDirectory as _, TenantId, UnixTime};

use super::{AllowListFault, LockOptions, keeper::Keeper, watch::Watched};

const DAY: Duration = Duration::from_secs(86_400);
const MINUTE: Duration = Duration::from_secs(60);

fn tenant(n: u32) -> TenantId {
    format!("aaaaaaaa-0000-4000-8000-{n:012}").parse().unwrap()
}

fn entry(n: u32) -> Entry {
    Entry {
        id: tenant(n),
        name: format!("Tenant {n}"),
        kind: TenantKind::Partner,
        user_type: "partner".into(),
        guests: Guests::Refused,
        notes: String::new(),
    }
}

/// Two people who sign, one who may not, and the folder with the list.
struct Desk {
    folder: TempDir,
    clock: Clock,
    people: [SecretKey; 2],
    stranger: SecretKey,
    approved: ApprovedKeys,
}

impl Desk {
    fn new() -> Self {
        let [ada, ben, stranger] = std::array::from_fn(|_| SecretKey::generate().unwrap());
        let approved = ApprovedKeys::new([("ada", ada.public()), ("ben", ben.public())]).unwrap();
        let clock = Clock::manual(UnixTime::from_secs(1_767_225_600));
        Self { folder: tempfile::tempdir().unwrap(), clock, people: [ada, ben], stranger, approved }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn statement(&self, after: Option<Head>, tenants: &[u32], issued: UnixTime) -> Statement {
        let entries = tenants.iter().map(|n| entry(*n)).collect();
        Statement::new(after, entries, Term::days(issued, 30, 7)).unwrap()
    }

    fn proposed(&self, statement: Statement) -> Lock {
        Lock::propose(statement, &self.approved.signer(&self.people[0]).unwrap()).unwrap()
    }

    /// Proposed and reviewed when it was issued.
    fn signed(&self, statement: Statement) -> Lock {
        let issued = statement.term().issued;
        self.proposed(statement).review(&self.approved.signer(&self.people[1]).unwrap(), issued).unwrap()
    }

    fn lock(&self, after: Option<Head>, tenants: &[u32]) -> Lock {
        self.signed(self.statement(after, tenants, self.clock.now()))
    }

    fn put(&self, content: impl AsRef<[u8]>) {
        put(&self.path("allow-list.lock"), content);
    }

    fn put_lock(&self, lock: &Lock) {
        self.put(lock.to_string());
    }

    fn options(&self) -> LockOptions {
        LockOptions::new().clock(self.clock.clone()).poll_interval(Duration::from_millis(10))
    }

    fn open_with(&self, options: LockOptions) -> Result<Keeper, AllowListFault> {
        Keeper::open(self.path("allow-list.lock"), self.approved.clone(), options)
    }

    fn open(&self) -> Keeper {
        self.open_with(self.options()).unwrap()
    }
}

/// In one step, as a careful deployment does.
fn put(path: &Path, content: impl AsRef<[u8]>) {
    let beside = path.with_extension("new");
    fs::write(&beside, content).unwrap();
    fs::rename(beside, path).unwrap();
}

/// Revision in force, who is admitted of the first ten tenants, and the code of what was refused.
fn standing(keeper: &Keeper) -> (u64, Vec<u32>, Option<&'static str>) {
    let status = keeper.in_force().status();
    let admitted = keeper.in_force().admitted();
    let listed = (0..10).filter(|n| admitted.tenants.admit(tenant(*n)).is_some()).collect();
    (status.revision, listed, status.refused.map(|refused| refused.code))
}

fn without_signature(lock: &Lock, table: &str) -> String {
    let text = lock.to_string();
    let start = text.find(table).unwrap();
    let end = start + 1 + text[start + 1..].find("\n[").unwrap();
    format!("{}{}", &text[..start], &text[end..])
}

/// Everything that a file can turn into, with the code that says so.
fn faulty(desk: &Desk, first: &Lock, second: &Lock) -> Vec<(&'static str, Vec<u8>)> {
    let (now, head) = (desk.clock.now(), second.head());
    let third = desk.lock(Some(head), &[1, 2, 3]);
    let strangers =
        ApprovedKeys::new([("ada", desk.stranger.public()), ("ben", desk.people[1].public())]).unwrap();
    let by_stranger = Lock::propose(third.statement().clone(), &strangers.signer(&desk.stranger).unwrap());
    let by_stranger = by_stranger.unwrap().review(&strangers.signer(&desk.people[1]).unwrap(), now).unwrap();
    let long_ago = desk.signed(desk.statement(Some(head), &[1, 2, 3], now.plus_secs(-40 * 86_400)));
    let fork = desk.lock(Some(first.head()), &[1, 2, 3]);
    let other_past = desk.lock(Some(fork.head()), &[1, 2, 3]);
    let removed =
        third.clone().remove(&[tenant(3)], "incident", &desk.approved.signer(&desk.people[0]).unwrap(), now);
    let text = |lock: &Lock| lock.to_string();
    let unsigned = without_signature(&desk.proposed(third.statement().clone()), "[proposer]");
    [
        ("unsigned", unsigned),
        ("half_signed", text(&desk.proposed(third.statement().clone()))),
        ("half_signed", without_signature(&third, "[proposer]")),
        ("bad_signature", text(&third).replace("guests = false", "guests = true")),
        ("bad_signature", text(&third).replace("revision = 3", "revision = 4")),
        ("bad_signature", text(&removed.unwrap()).replace("incident", "mistake")),
        ("unknown_key", text(&by_stranger)),
        ("expired", text(&long_ago)),
        ("older_revision", text(first)),
        ("forked", text(&fork)),
        ("forked", text(&other_past)),
        ("unknown_format", text(&third).replace("format = 1", "format = 2")),
        ("malformed", text(&third)[..text(&third).len() / 2].to_owned()),
        ("malformed", String::new()),
        ("malformed", "x".repeat(Lock::BYTES_MAX + 10)),
    ]
    .into_iter()
    .map(|(code, text)| (code, text.into_bytes()))
    .chain([("malformed", vec![0xff, 0xfe])])
    .collect()
}

/// T-092, T-094: nothing but a sound, later list takes the place of the last good one.
#[test]
fn every_fault_is_kept_out_and_the_last_good_list_stays() {
    let desk = Desk::new();
    let first = desk.lock(None, &[1]);
    let second = desk.lock(Some(first.head()), &[1, 2]);
    desk.put_lock(&second);
    let mut keeper = desk.open();
    let before = keeper.in_force().admitted().revision;
    for (code, text) in faulty(&desk, &first, &second) {
        desk.put(&text);
        keeper.look();
        assert_eq!(standing(&keeper), (2, vec![1, 2], Some(code)));
        let refused = desk.open_with(desk.options());
        let starts_with_it = matches!(code, "older_revision" | "forked");
        assert_eq!(refused.is_ok(), starts_with_it, "{code}: a start has nothing to compare with");
        assert!(refused.is_ok() || refused.unwrap_err().code() == code);

        desk.put_lock(&second);
        keeper.look();
        assert_eq!(standing(&keeper), (2, vec![1, 2], None), "sound again after {code}");
    }
    assert_eq!(keeper.in_force().admitted().revision, before, "remembered verdicts may stay");
}

#[test]
fn a_file_that_goes_away_changes_nothing() {
    let desk = Desk::new();
    let path = desk.path("allow-list.lock");
    desk.put_lock(&desk.lock(None, &[1]));
    let mut keeper = desk.open();
    fs::remove_file(&path).unwrap();
    keeper.look();
    assert_eq!(standing(&keeper), (1, vec![1], Some("unreadable")));
    fs::create_dir(&path).unwrap();
    keeper.look();
    assert_eq!(standing(&keeper), (1, vec![1], Some("unreadable")));
    assert!(desk.open_with(desk.options()).is_err(), "and no start without it");
    fs::remove_dir(&path).unwrap();
    desk.put_lock(&desk.lock(None, &[1]));
    keeper.look();
    assert_eq!(standing(&keeper), (1, vec![1], None));
}

/// Guests per tenant, additions, and an emergency removal with one signature (T-097), each with a revision of its own.
#[test]
fn later_lists_come_into_force() {
    let desk = Desk::new();
    let mut home = entry(1);
    home.guests = Guests::Allowed;
    let term = Term::days(desk.clock.now(), 30, 7);
    let first = desk.signed(Statement::new(None, vec![home, entry(2)], term).unwrap());
    desk.put_lock(&first);
    let mut keeper = desk.open();
    let guests = |n| keeper.in_force().admitted().tenants.admit(tenant(n)).unwrap().guests;
    assert_eq!((guests(1), guests(2)), (Guests::Allowed, Guests::Refused));

    let mut revisions = vec![keeper.in_force().admitted().revision];
    let second = desk.lock(Some(first.head()), &[1, 2, 3]);
    let ada = desk.approved.signer(&desk.people[0]).unwrap();
    let without = second.clone().remove(&[tenant(2)], "incident", &ada, desk.clock.now()).unwrap();
    let fourth = desk.lock(Some(without.head()), &[3]);
    for (lock, expected) in [
        (&second, (2, vec![1, 2, 3], None)),
        (&without, (3, vec![1, 3], None)),
        (&fourth, (4, vec![3], None)),
    ] {
        desk.put_lock(lock);
        keeper.look();
        assert_eq!(standing(&keeper), expected);
        revisions.push(keeper.in_force().admitted().revision);
    }
    assert!(
        revisions.is_sorted_by(|one, next| one < next),
        "each lets remembered verdicts die: {revisions:?}"
    );

    desk.put_lock(&second);
    keeper.look();
    assert_eq!(
        standing(&keeper),
        (4, vec![3], Some("older_revision")),
        "a removal is not undone by its file"
    );
}

/// Written in place, within one tick of the clock that stamps files, to the same length.
#[test]
fn two_writes_at_once_are_both_seen() {
    let desk = Desk::new();
    let path = desk.path("allow-list.lock");
    let first = desk.lock(None, &[1]);
    let [one, other] = [2, 3].map(|n| desk.lock(Some(first.head()), &[n]));
    assert_eq!(one.to_string().len(), other.to_string().len());
    desk.put_lock(&first);
    let mut keeper = desk.open();
    fs::write(&path, one.to_string()).unwrap();
    keeper.look();
    fs::write(&path, other.to_string()).unwrap();
    keeper.look();
    assert_eq!(standing(&keeper), (2, vec![2], Some("forked")));
}

#[test]
fn a_list_from_the_future_waits_for_its_time() {
    let desk = Desk::new();
    let first = desk.lock(None, &[1]);
    desk.put_lock(&first);
    let mut keeper = desk.open();
    let issued = desk.clock.now().plus_secs(1_000);
    desk.put_lock(&desk.signed(desk.statement(Some(first.head()), &[2], issued)));
    keeper.look();
    assert_eq!(standing(&keeper), (1, vec![1], Some("not_yet_valid")));
    desk.clock.advance(Duration::from_secs(1_000));
    keeper.look();
    assert_eq!(standing(&keeper), (2, vec![2], None));
}

/// T-094: a list that nobody renewed lets nobody in, until a new one comes.
#[test]
fn an_expired_list_admits_nobody() {
    let desk = Desk::new();
    let first = desk.lock(None, &[1]);
    desk.put_lock(&first);
    let mut keeper = desk.open();
    let before = keeper.in_force().admitted().revision;
    desk.clock.advance(30 * DAY - MINUTE);
    keeper.look();
    assert_eq!(standing(&keeper), (1, vec![1], None));
    desk.clock.advance(MINUTE);
    keeper.look();
    assert_eq!(standing(&keeper), (1, vec![], None));
    assert!(!keeper.in_force().status().usable);
    assert_ne!(keeper.in_force().admitted().revision, before, "remembered verdicts die");
    assert_eq!(desk.open_with(desk.options()).unwrap_err().code(), "expired");

    desk.put_lock(&desk.lock(Some(first.head()), &[1]));
    keeper.look();
    assert_eq!(standing(&keeper), (2, vec![1], None));
    assert!(keeper.in_force().status().usable);
}

/// The end holds even if the file cannot be looked at, and never takes a newer list along.
#[test]
fn the_end_needs_no_look_at_the_file() {
    let desk = Desk::new();
    desk.put_lock(&desk.lock(None, &[1]));
    let keeper = desk.open();
    let in_force = keeper.in_force();
    let (before, end) = (in_force.admitted().revision, in_force.status().expires_at);
    in_force.end_if_over(end.plus_secs(-1));
    assert_eq!((standing(&keeper), in_force.admitted().revision), ((1, vec![1], None), before));
    in_force.end_if_over(end);
    assert_eq!(standing(&keeper), (1, vec![], None));
    assert!(!in_force.status().usable);
    in_force.admit(FixedList::new([tenant(2)]), end.plus_secs(1));
    in_force.end_if_over(end);
    assert_eq!(standing(&keeper), (1, vec![2], None));
}

/// A clock that was wrong for a while does no lasting harm.
#[test]
fn a_list_that_is_not_over_after_all_counts_again() {
    let desk = Desk::new();
    desk.put_lock(&desk.lock(None, &[1]));
    let mut keeper = desk.open();
    keeper.in_force().end_if_over(keeper.in_force().status().expires_at);
    assert_eq!(standing(&keeper), (1, vec![], None));
    keeper.look();
    assert_eq!(standing(&keeper), (1, vec![1], None));
}

/// T-094, over a restart.
#[test]
fn what_was_seen_is_not_rolled_back_by_a_restart() {
    let desk = Desk::new();
    let options = || desk.options().remember_in(desk.path("seen.json"));
    let code =
        |opened: Result<Keeper, AllowListFault>| opened.map_or_else(|fault| fault.code(), |_| "opened");
    let first = desk.lock(None, &[1]);
    let second = desk.lock(Some(first.head()), &[1, 2]);
    desk.put_lock(&first);
    let mut keeper = desk.open_with(options()).unwrap();
    desk.put_lock(&second);
    keeper.look();
    drop(keeper);

    assert_eq!(code(desk.open_with(options())), "opened", "the same again");
    desk.put_lock(&first);
    assert_eq!(code(desk.open_with(options())), "older_revision");
    assert_eq!(code(desk.open_with(desk.options())), "opened", "without the file nothing is known");
    desk.put_lock(&desk.lock(Some(first.head()), &[1, 3]));
    assert_eq!(code(desk.open_with(options())), "forked");
    desk.put_lock(&desk.lock(Some(second.head()), &[1]));
    assert_eq!(code(desk.open_with(options())), "opened");
    desk.put_lock(&second);
    assert_eq!(code(desk.open_with(options())), "older_revision", "what a start saw counts too");

    for damage in ["", "{}", r#"{"revision":1,"digest":"sha256:00"}"#, "{\"revision\":1"] {
        fs::write(desk.path("seen.json"), damage).unwrap();
        assert_eq!(code(desk.open_with(options())), "seen_file", "{damage}");
    }
    fs::remove_file(desk.path("seen.json")).unwrap();
    fs::create_dir(desk.path("seen.json")).unwrap();
    assert_eq!(code(desk.open_with(options())), "seen_file", "not to be read is not the same as not there");
    let nowhere = desk.options().remember_in(desk.path("no/such/folder.json"));
    assert_eq!(code(desk.open_with(nowhere)), "seen_file");
    assert_eq!(code(desk.open_with(desk.options().min_revision(3))), "below_minimum");
    assert_eq!(code(desk.open_with(desk.options().min_revision(2))), "opened");
}

/// An emergency removal counts although the disk is full; it is remembered as soon as that is possible.
#[test]
fn a_list_that_cannot_be_remembered_is_in_force() {
    let desk = Desk::new();
    let folder = desk.path("state");
    fs::create_dir(&folder).unwrap();
    let options = || desk.options().remember_in(folder.join("seen.json"));
    let first = desk.lock(None, &[1, 2]);
    desk.put_lock(&first);
    let mut keeper = desk.open_with(options()).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let ada = desk.approved.signer(&desk.people[0]).unwrap();
    desk.put_lock(&first.clone().remove(&[tenant(2)], "incident", &ada, desk.clock.now()).unwrap());
    let log = logged(|| {
        keeper.look();
        keeper.look();
    });
    assert_eq!(standing(&keeper), (2, vec![1], None));
    assert_eq!(log.matches("a restart would not know").count(), 1, "{log}");

    fs::create_dir(&folder).unwrap();
    keeper.look();
    desk.put_lock(&first);
    assert_eq!(desk.open_with(options()).unwrap_err().code(), "older_revision");
}

/// Each change is told once, with its reason on one line, however often the file is looked at.
#[test]
fn the_log_says_each_thing_once() {
    let desk = Desk::new();
    let first = desk.lock(None, &[1]);
    desk.put_lock(&first);
    let mut keeper = desk.open();
    let looks = |keeper: &mut Keeper| {
        logged(|| {
            for _ in 0..5 {
                keeper.look();
            }
        })
    };
    assert_eq!(looks(&mut keeper), "");
    desk.put("\u{202e}[[tenant]\nid = \"\u{1b}[31m\"");
    let refused = looks(&mut keeper);
    assert_eq!(refused.matches("ERROR").count(), 1, "{refused}");
    assert!(refused.contains(r#"code="malformed""#) && !refused.contains('\u{1b}'), "{refused}");
    assert_eq!(refused.lines().count(), 1, "{refused}");
    fs::remove_file(desk.path("allow-list.lock")).unwrap();
    assert_eq!(looks(&mut keeper).matches("ERROR").count(), 1);
    desk.put_lock(&first);
    assert_eq!(looks(&mut keeper).matches("INFO").count(), 1);

    desk.clock.advance(16 * DAY);
    assert_eq!(looks(&mut keeper), "");
    for _ in 0..13 {
        desk.clock.advance(DAY);
        assert_eq!(looks(&mut keeper).matches("WARN").count(), 1);
    }
    desk.clock.advance(DAY);
    let expired = looks(&mut keeper);
    assert_eq!((expired.matches("ERROR").count(), expired.matches("WARN").count()), (1, 0), "{expired}");
}

/// What `work` logs on this thread.
fn logged(work: impl FnOnce()) -> String {
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);
    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// T-001: a list that nobody looks after any more would outlive its end.
#[test]
fn nobody_is_admitted_once_the_keeper_has_failed() {
    let desk = Desk::new();
    desk.put_lock(&desk.lock(None, &[1]));
    let keeper = desk.open();
    let in_force = keeper.in_force().clone();
    let failed = std::thread::spawn(move || {
        let _kept = keeper;
        panic!("on purpose");
    });
    assert!(failed.join().is_err());
    assert!(in_force.admitted().tenants.admit(tenant(1)).is_none() && !in_force.status().usable);
}

#[test]
fn the_thread_ends_with_the_last_clone() {
    let desk = Desk::new();
    desk.put_lock(&desk.lock(None, &[1]));
    let path = desk.path("allow-list.lock");
    for wrong in [Duration::ZERO, Duration::from_secs(6)] {
        let options = desk.options().poll_interval(wrong);
        let refused = Watched::start(path.clone(), desk.approved.clone(), options).unwrap_err();
        assert_eq!(refused.fault().code(), "poll_interval");
    }
    let watched =
        Watched::start(path, desk.approved.clone(), desk.options().poll_interval(5 * Duration::from_secs(1)));
    let watched = watched.unwrap();
    let in_force = watched.in_force().clone();
    assert!(Arc::strong_count(&in_force) > 2);
    drop(watched);
    for _ in 0..200 {
        if Arc::strong_count(&in_force) == 1 {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the thread is still there");
}
