//! `allow-list.toml`: the list as people edit it, before anybody signs.

use std::{collections::BTreeMap, ops::Range};

use serde::Deserialize;
use tenantry_token::TenantId;

use crate::{
    Entry, ParseError, parse,
    statement::ENTRIES_MAX,
    wire::{EntryTable, ListedId},
};

/// A list that is sound, and that nobody has signed yet.
///
/// ```
/// let faulty = tenantry_allow_list::Draft::parse("[[tenant]]\nid = \"common\"\n").unwrap_err();
/// assert_eq!(faulty.line(), Some(2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DraftFile {
    #[serde(default)]
    tenant: Vec<EntryTable>,
    empty_list: Option<EmptyList>,
    personal_accounts: Option<PersonalAccounts>,
}

/// The word that makes an empty list one's intention.
#[derive(Deserialize)]
enum EmptyList {
    #[serde(rename = "nobody-gets-in")]
    Meant,
}

/// The word that lets the directory of personal accounts stand in the list.
#[derive(Deserialize)]
enum PersonalAccounts {
    #[serde(rename = "anyone-with-a-microsoft-account")]
    Meant,
}

impl Draft {
    /// Most bytes of a draft: 4 MiB.
    pub const BYTES_MAX: usize = 4 << 20;

    /// Reads `allow-list.toml`.
    ///
    /// # Errors
    /// With line and caret: broken TOML, unknown keys, ids that are not canonical or listed twice, deceptive text. An
    /// empty list needs `empty-list = "nobody-gets-in"`, and the directory of personal accounts
    /// `personal-accounts = "anyone-with-a-microsoft-account"` (T-093).
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let file: DraftFile = parse::toml(text, Self::BYTES_MAX)?;
        file.check_size()?;
        file.check_duplicates(text)?;
        file.check_personal_accounts(text)?;
        let mut entries: Vec<Entry> = file.tenant.into_iter().map(Entry::from).collect();
        entries.sort_by_key(|entry| entry.id);
        Ok(Self { entries })
    }

    /// The tenants, sorted by id.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The tenants, sorted by id.
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}

impl DraftFile {
    fn check_size(&self) -> Result<(), ParseError> {
        match (self.tenant.len(), &self.empty_list) {
            (0, None) => Err(ParseError::whole(
                "lists no tenant: add a `[[tenant]]`, or say `empty-list = \"nobody-gets-in\"` if that is meant",
            )),
            (1.., Some(EmptyList::Meant)) => Err(ParseError::whole("has tenants: take `empty-list` out")),
            (ENTRIES_MAX.., _) if self.tenant.len() > ENTRIES_MAX => {
                Err(ParseError::whole(format!("lists more than {ENTRIES_MAX} tenants")))
            }
            _ => Ok(()),
        }
    }

    fn check_duplicates(&self, text: &str) -> Result<(), ParseError> {
        let mut spans: BTreeMap<TenantId, Range<usize>> = BTreeMap::new();
        for table in &self.tenant {
            let (ListedId(id), span) = (*table.id.get_ref(), table.id.span());
            if let Some(first) = spans.insert(id, span.clone()) {
                let first = ParseError::at(text, &first, "").line().unwrap_or_default();
                let message = format!("`{id}` is listed twice, first in line {first}");
                return Err(ParseError::at(text, &span, message));
            }
        }
        Ok(())
    }

    fn check_personal_accounts(&self, text: &str) -> Result<(), ParseError> {
        let listed = self.tenant.iter().find(|table| table.id.get_ref().0 == TenantId::PERSONAL_ACCOUNTS);
        match (listed, &self.personal_accounts) {
            (Some(table), None) => Err(ParseError::at(
                text,
                &table.id.span(),
                "these are all personal Microsoft accounts: say `personal-accounts = \
                 \"anyone-with-a-microsoft-account\"` above the tenants if that is meant",
            )),
            (None, Some(PersonalAccounts::Meant)) => Err(ParseError::whole(
                "does not list the directory of personal accounts: take `personal-accounts` out",
            )),
            _ => Ok(()),
        }
    }
}
