//! One tenant of the list, and what may be written about it.

use std::fmt;

use tenantry_token::{Guests, TenantId};

use crate::text::{self, TextFault};

/// Most characters of a tenant's name.
pub(crate) const NAME_CHARS_MAX: usize = 200;
/// Most characters of a note.
pub(crate) const NOTES_CHARS_MAX: usize = 1000;
/// Most characters of a user type.
const USER_TYPE_CHARS_MAX: usize = 32;

/// What a tenant is to the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TenantKind {
    /// The operator's own.
    Home,
    /// An organisation that works with the operator.
    Partner,
    /// An organisation that uses the API as a customer.
    Customer,
}

impl TenantKind {
    /// `home`, `partner` or `customer`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Partner => "partner",
            Self::Customer => "customer",
        }
    }
}

impl fmt::Display for TenantKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One tenant that may enter, and what was said about it when it was let in.
///
/// The id alone decides; names are for people and are never compared with anything a token says (T-093).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The tenant.
    pub id: TenantId,
    /// For people. 1 to 200 characters, none of them deceptive.
    pub name: String,
    /// What it is to the operator.
    pub kind: TenantKind,
    /// What its people are called here, such as `employee` or `partner`: lower-case letters, digits and hyphens, a
    /// letter first, at most 32.
    pub user_type: String,
    /// Whether people whom the tenant invited from elsewhere are let in.
    pub guests: Guests,
    /// Why it is on the list. At most 1000 characters, on one line; may be empty.
    pub notes: String,
}

/// Why an entry cannot stand in an allow-list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryFault {
    /// Zeros or ones throughout: no tenant has such an id.
    #[error("`{0}` is a placeholder, not a tenant")]
    Placeholder(TenantId),
    /// The name is not fit to be signed.
    #[error("the name {0}")]
    Name(TextFault),
    /// The note is not fit to be signed.
    #[error("the note {0}")]
    Notes(TextFault),
    /// Not of the shape of a user type.
    #[error(
        "a user type has 1 to 32 lower-case letters, digits and hyphens, a letter first, such as `employee`"
    )]
    UserType,
}

impl Entry {
    /// Whether this may stand in an allow-list.
    ///
    /// # Errors
    /// An [`EntryFault`] for the first field that is not fit to be signed.
    pub fn check(&self) -> Result<(), EntryFault> {
        check_id(self.id)?;
        text::check_present(&self.name, NAME_CHARS_MAX).map_err(EntryFault::Name)?;
        text::check(&self.notes, NOTES_CHARS_MAX).map_err(EntryFault::Notes)?;
        check_user_type(&self.user_type)
    }
}

/// The nil and max UUIDs (RFC 9562 §5.9, §5.10) stand for no tenant.
pub(crate) fn check_id(id: TenantId) -> Result<(), EntryFault> {
    let digits = id.to_string().replace('-', "");
    let is_placeholder = ["0", "f"].iter().any(|digit| digits == digit.repeat(32));
    if is_placeholder { Err(EntryFault::Placeholder(id)) } else { Ok(()) }
}

pub(crate) fn check_user_type(user_type: &str) -> Result<(), EntryFault> {
    let begins_well = user_type.starts_with(|c: char| c.is_ascii_lowercase());
    let goes_on_well = user_type.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if begins_well && goes_on_well && user_type.len() <= USER_TYPE_CHARS_MAX {
        Ok(())
    } else {
        Err(EntryFault::UserType)
    }
}
