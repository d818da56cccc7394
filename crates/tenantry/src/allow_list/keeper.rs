//! Decides which list is in force. Whatever it is offered, the last good list stays until a sound, later one comes, or until
//! its own end; then nobody is admitted (T-094).

use std::{path::PathBuf, sync::Arc};

use tenantry_allow_list::{ApprovedKeys, Lock, LockedList, rfc3339};
use tenantry_authority::Clock;
use tenantry_token::{FixedList, ListStatus, RefusedList, TenantPolicy, UnixTime};

use super::{AllowListFault, LockOptions, in_force::InForce, lock_file::LockFile, seen_file::SeenFile};

/// The log's target.
pub(super) const LOG: &str = "tenantry::allow_list";
const DAY_S: i64 = 86_400;
/// From how many days before its end a list is warned about, once a day.
const WARN_DAYS: i64 = 14;

/// The list in force, and what is needed to judge what comes after it.
#[derive(Debug)]
pub(super) struct Keeper {
    file: LockFile,
    rules: Rules,
    clock: Clock,
    seen: Option<SeenFile>,
    standing: Standing,
    said: Said,
    in_force: Arc<InForce>,
}

/// What a list must be, whenever it comes.
#[derive(Debug)]
struct Rules {
    approved: ApprovedKeys,
    min_revision: u64,
}

/// Where things stand: what operators are told.
#[derive(Debug)]
struct Standing {
    list: LockedList,
    read_at: UnixTime,
    refused: Option<RefusedList>,
}

/// What the log has said already, and need not say again.
#[derive(Debug, Default)]
struct Said {
    /// Whole days that the list had left.
    days_left: Option<i64>,
    /// That it has none.
    expired: bool,
    /// That the highest revision is not kept.
    not_kept: bool,
}

impl Rules {
    fn judge(&self, text: &str, now: UnixTime) -> Result<LockedList, AllowListFault> {
        let list = Lock::parse(text)?.verify(&self.approved, now)?;
        let (found, min) = (list.revision(), self.min_revision);
        if found < min { Err(AllowListFault::BelowMinimum { found, min }) } else { Ok(list) }
    }
}

impl Keeper {
    /// Reads the list at `path`, which must count now.
    pub(super) fn open(
        path: PathBuf,
        approved: ApprovedKeys,
        options: LockOptions,
    ) -> Result<Self, AllowListFault> {
        let LockOptions { min_revision, seen_file, clock, poll: _ } = options;
        let (mut file, rules, now) = (LockFile::at(path), Rules { approved, min_revision }, clock.now());
        let list = rules.judge(&file.changed().transpose()?.unwrap_or_default(), now)?;
        let mut seen = seen_file.map(SeenFile::open).transpose()?;
        if let Some(seen) = &mut seen {
            seen.head().map_or(Ok(()), |head| list.follows_head(head))?;
            seen.keep(list.head())?;
        }
        let standing = Standing { list, read_at: now, refused: None };
        let in_force = Arc::new(InForce::new(standing.admitted(), standing.told()));
        let mut keeper = Self { file, rules, clock, seen, standing, said: Said::default(), in_force };
        keeper.say_what_is_in_force();
        keeper.watch_end(now);
        Ok(keeper)
    }

    /// What requests see.
    pub(super) fn in_force(&self) -> &Arc<InForce> {
        &self.in_force
    }

    /// One look at the file and at the clock.
    pub(super) fn look(&mut self) {
        let now = self.clock.now();
        if let Some(read) = self.file.changed() {
            match read.and_then(|text| self.judge(&text, now)) {
                Ok(list) => self.take(list, now),
                Err(fault) => self.refuse(&fault, now),
            }
        }
        self.watch_end(now);
        self.keep_seen();
        self.in_force.looked();
    }

    fn judge(&self, text: &str, now: UnixTime) -> Result<LockedList, AllowListFault> {
        let list = self.rules.judge(text, now)?;
        list.follows(&self.standing.list)?;
        Ok(list)
    }

    /// Puts `list` in force, or finds that it is in force.
    fn take(&mut self, list: LockedList, now: UnixTime) {
        if list.head() == self.standing.list.head() {
            if self.standing.refused.take().is_some() {
                tracing::info!(target: LOG, revision = list.revision(), "the allow-list file is sound again");
            }
        } else {
            self.standing = Standing { list, read_at: now, refused: None };
            (self.said.days_left, self.said.expired) = (None, false);
            self.admit();
            self.say_what_is_in_force();
        }
        self.in_force.tell(self.standing.told());
    }

    /// Leaves the list in force where it is. Says so once for each reason.
    fn refuse(&mut self, fault: &AllowListFault, now: UnixTime) {
        if fault.may_pass() {
            self.file.forget();
        }
        let (code, reason) = (fault.code(), one_line(fault));
        if self.standing.refused.as_ref().is_some_and(|known| known.code == code && known.reason == reason) {
            return;
        }
        let revision = self.standing.list.revision();
        tracing::error!(
            target: LOG, code, reason, path = %self.file.path().display(), in_force = revision,
            "the allow-list file is refused; the last good list stays in force"
        );
        self.standing.refused = Some(RefusedList { code, reason, since: now });
        self.in_force.tell(self.standing.told());
    }

    /// Admits nobody from the end of the list on, and says so; warns before.
    fn watch_end(&mut self, now: UnixTime) {
        let (revision, end) = (self.standing.list.revision(), self.standing.list.expires_at());
        self.in_force.end_if_over(now);
        if now < end {
            self.warn_of_end(end, now);
        } else if !self.said.expired {
            self.said.expired = true;
            tracing::error!(target: LOG, revision, "the allow-list has expired: nobody is let in");
        }
    }

    fn warn_of_end(&mut self, end: UnixTime, now: UnixTime) {
        if !self.in_force.is_usable() {
            // The clock was wrong for a while.
            self.said.expired = false;
            self.admit();
        }
        let days_left = (end.as_secs() - now.as_secs()).div_euclid(DAY_S);
        if days_left < WARN_DAYS && self.said.days_left != Some(days_left) {
            self.said.days_left = Some(days_left);
            let (revision, expires_at) = (self.standing.list.revision(), rfc3339(end));
            tracing::warn!(target: LOG, revision, expires_at, "the allow-list expires soon: propose and review it again");
        }
    }

    fn admit(&self) {
        self.in_force.admit(self.standing.admitted(), self.standing.list.expires_at());
    }

    /// A list that cannot be remembered is in force all the same: it may be an emergency removal. Tried at each look.
    fn keep_seen(&mut self) {
        let Some(seen) = &mut self.seen else { return };
        let kept = seen.keep(self.standing.list.head());
        if let (Err(why), false) = (&kept, self.said.not_kept) {
            tracing::error!(target: LOG, %why, "a restart would not know the revision in force");
        }
        self.said.not_kept = kept.is_err();
    }

    fn say_what_is_in_force(&self) {
        let list = &self.standing.list;
        let (digest, expires_at) = (list.digest(), rfc3339(list.expires_at()));
        let (revision, tenants) = (list.revision(), list.entries().len());
        tracing::info!(target: LOG, revision, tenants, %digest, expires_at, "allow-list in force");
    }
}

/// A list that nobody looks after any more would outlive its end.
impl Drop for Keeper {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.in_force.admit_nobody();
        }
    }
}

impl Standing {
    fn admitted(&self) -> FixedList {
        let entries = self.list.entries().iter();
        FixedList::with_policies(entries.map(|entry| (entry.id, TenantPolicy { guests: entry.guests })))
    }

    fn told(&self) -> ListStatus {
        ListStatus {
            revision: self.list.revision(),
            digest: self.list.digest().to_string(),
            expires_at: self.list.expires_at(),
            usable: true,
            read_at: self.read_at,
            refused: self.refused.clone(),
        }
    }
}

/// Without the excerpt of the file that follows (T-113).
fn one_line(fault: &AllowListFault) -> String {
    let text = fault.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
