//! Three people who may sign, one who may not, and lists for them to sign.

use tenantry_allow_list::{ApprovedKeys, Draft, Entry, Lock, LockedList, SecretKey, Statement, Term};
use tenantry_token::{TenantId, UnixTime};

/// 2026-03-01T09:00:00Z.
pub(crate) const NOW: UnixTime = UnixTime::from_secs(1_772_355_600);
pub(crate) const DAY_S: i64 = 86_400;

pub(crate) struct People {
    pub(crate) ada: SecretKey,
    pub(crate) ben: SecretKey,
    pub(crate) cleo: SecretKey,
    /// On nobody's list.
    pub(crate) mallory: SecretKey,
    pub(crate) approved: ApprovedKeys,
}

impl People {
    pub(crate) fn new() -> Self {
        let [ada, ben, cleo, mallory] = [(); 4].map(|()| SecretKey::generate().unwrap());
        let named = [("ada", ada.public()), ("ben", ben.public()), ("cleo", cleo.public())];
        Self { approved: ApprovedKeys::new(named).unwrap(), ada, ben, cleo, mallory }
    }

    /// Proposed by ada, reviewed by ben, now, for 90 days.
    pub(crate) fn lock(&self, statement: Statement) -> Lock {
        let ada = self.approved.signer(&self.ada).unwrap();
        let ben = self.approved.signer(&self.ben).unwrap();
        Lock::propose(statement, &ada).unwrap().review(&ben, NOW).unwrap()
    }

    /// The first revision, with tenants 1 to `n`.
    pub(crate) fn first(&self, n: u32) -> Lock {
        self.lock(Statement::new(None, entries(n), term()).unwrap())
    }

    /// The revision after `lock`, with tenants 1 to `n`.
    pub(crate) fn next(&self, lock: &Lock, n: u32) -> Lock {
        self.lock(Statement::new(Some(self.list(lock).head()), entries(n), term()).unwrap())
    }

    /// `lock` without a tenant, taken off by cleo alone.
    pub(crate) fn without(&self, lock: Lock, n: u32) -> Lock {
        let cleo = self.approved.signer(&self.cleo).unwrap();
        lock.remove(&[tenant(n)], "keys stolen", &cleo, NOW).unwrap()
    }

    pub(crate) fn list(&self, lock: &Lock) -> LockedList {
        lock.verify(&self.approved, NOW).unwrap()
    }

    /// What a file's text comes to: the list, or the code of the fault.
    pub(crate) fn judge(&self, text: &str) -> Result<LockedList, &'static str> {
        let judged = Lock::parse(text).and_then(|lock| lock.verify(&self.approved, NOW));
        judged.map_err(|fault| fault.code())
    }
}

pub(crate) fn term() -> Term {
    Term::days(NOW, 90, 7)
}

pub(crate) fn tenant(n: u32) -> TenantId {
    format!("aaaaaaaa-0000-4000-8000-{n:012}").parse().unwrap()
}

pub(crate) fn entries(n: u32) -> Vec<Entry> {
    let table = |n| {
        format!(
            "[[tenant]]\nid = \"{}\"\nname = \"Tenant {n}\"\nkind = \"partner\"\nuser-type = \"partner\"\n\
             guests = false\nnotes = \"CRM 4711\"\n",
            tenant(n)
        )
    };
    Draft::parse(&(1..=n).map(table).collect::<String>()).unwrap().into_entries()
}
