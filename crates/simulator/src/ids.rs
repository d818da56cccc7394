//! Identifiers of the directory: GUIDs, written lower-case, one type per kind of thing.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that should have been an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a GUID of the form `00000000-0000-0000-0000-000000000000`")]
pub struct NotAGuid;

macro_rules! guid {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.as_hyphenated())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = NotAGuid;

            /// Takes the hyphenated form only, in either letter case.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let hyphenated = text.len() == uuid::fmt::Hyphenated::LENGTH;
                Uuid::try_parse(text).ok().filter(|_| hyphenated).map(Self).ok_or(NotAGuid)
            }
        }
    };
}

/// For the ids of what a world file need not name.
macro_rules! derived {
    ($($name:ident),*) => {$(
        impl $name {
            /// The id that follows from `input`: the same text gives the same id, in every run.
            pub(crate) fn derived(input: &str) -> Self {
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&digest(&SHA256, input.as_bytes()).as_ref()[..16]);
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }
        }
    )*};
}

guid!(
    /// A tenant's id, the `tid` claim.
    TenantId
);
guid!(
    /// A directory object's id (user or service principal), the `oid` claim; unique within its tenant.
    ObjectId
);
guid!(
    /// An application's id, also called client id: `appid`, `azp`, and `aud` of version 2 tokens.
    AppId
);
guid!(
    /// Id of a delegated permission, an app role or a credential, unique within its application.
    PartId
);

derived!(TenantId, ObjectId, PartId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upper_case_is_read_and_lower_case_written() {
        let id: TenantId = "C0000000-0000-4000-A000-00000000000F".parse().unwrap();
        assert_eq!(id.to_string(), "c0000000-0000-4000-a000-00000000000f");
    }

    #[test]
    fn other_spellings_of_a_guid_are_refused() {
        for text in
            ["", "common", "c000000000004000a00000000000000f", "{c0000000-0000-4000-a000-00000000000f}"]
        {
            assert!(text.parse::<TenantId>().is_err(), "{text}");
        }
    }
}
