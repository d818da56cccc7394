//! An entry as both files spell it: `allow-list.toml`, which people write, and `allow-list.lock`.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use tenantry_token::{Guests, TenantId};
use toml::Spanned;

use crate::{
    entry::{self, Entry, TenantKind},
    text::{self, TextFault},
};

/// One `[[tenant]]`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct EntryTable {
    pub(crate) id: Spanned<ListedId>,
    #[serde(deserialize_with = "name")]
    name: String,
    kind: TenantKind,
    #[serde(deserialize_with = "user_type")]
    user_type: String,
    guests: bool,
    #[serde(default, skip_serializing_if = "String::is_empty", deserialize_with = "notes")]
    notes: String,
}

/// A tenant id whose error says what to write instead.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct ListedId(pub(crate) TenantId);

impl<'de> Deserialize<'de> for ListedId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let id = text.parse().map_err(|_| D::Error::custom(advice(&text)))?;
        entry::check_id(id).map_err(D::Error::custom)?;
        Ok(Self(id))
    }
}

/// What is wrong with a spelling that is no canonical id (T-011, T-093).
fn advice(text: &str) -> String {
    let bare = text.trim().trim_start_matches('{').trim_end_matches('}').to_ascii_lowercase();
    if ["common", "organizations", "consumers"].contains(&bare.as_str()) {
        return format!("`{bare}` is no tenant but any number of them: list tenants by their ids");
    }
    match bare.parse::<TenantId>() {
        Ok(id) => format!("a tenant id is written in lower case, with nothing around it: `{id}`"),
        Err(_) if bare.contains('.') => {
            "a domain can be moved to another tenant: list the tenant by its id (Entra, \"Overview\")"
                .to_owned()
        }
        Err(fault) => fault.to_string(),
    }
}

fn name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    visible(from, |text| text::check_present(text, entry::NAME_CHARS_MAX))
}

fn notes<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    visible(from, |text| text::check(text, entry::NOTES_CHARS_MAX))
}

fn user_type<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    entry::check_user_type(&text).map_err(D::Error::custom)?;
    Ok(text)
}

/// A text that shows as what it is.
pub(crate) fn visible<'de, D: Deserializer<'de>>(
    from: D,
    check: impl Fn(&str) -> Result<(), TextFault>,
) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    check(&text).map_err(|fault| D::Error::custom(format!("the text {fault}")))?;
    Ok(text)
}

impl From<EntryTable> for Entry {
    fn from(table: EntryTable) -> Self {
        Self {
            id: table.id.into_inner().0,
            name: table.name,
            kind: table.kind,
            user_type: table.user_type,
            guests: if table.guests { Guests::Allowed } else { Guests::Refused },
            notes: table.notes,
        }
    }
}

impl From<&Entry> for EntryTable {
    fn from(entry: &Entry) -> Self {
        Self {
            id: Spanned::new(0..0, ListedId(entry.id)),
            name: entry.name.clone(),
            kind: entry.kind,
            user_type: entry.user_type.clone(),
            guests: entry.guests == Guests::Allowed,
            notes: entry.notes.clone(),
        }
    }
}
