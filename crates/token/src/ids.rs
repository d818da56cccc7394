//! Ids of tenants, objects and clients: one type per kind of thing, so that none is taken for another.

use std::{fmt, str::FromStr};

/// The 16 bytes behind an id such as `aaaaaaaa-0000-4000-8000-000000000001`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Guid([u8; 16]);

/// Text that is not an id in its one accepted spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a GUID of 36 characters in lower case, such as `aaaaaaaa-0000-4000-8000-000000000001`")]
pub struct ParseIdError;

impl Guid {
    /// Only the canonical spelling: lower case, hyphens in their places, nothing around it (T-011).
    fn parse(text: &str) -> Result<Self, ParseIdError> {
        let text: &[u8; 36] = text.as_bytes().try_into().map_err(|_| ParseIdError)?;
        let (mut bytes, mut digits_or) = ([0; 16], 0);
        for (byte, at) in bytes.iter_mut().zip(DIGITS_AT) {
            let (high, low) = (HEX[usize::from(text[at])], HEX[usize::from(text[at + 1])]);
            *byte = (high << 4) | low;
            digits_or |= high | low;
        }
        let hyphens_stand = [8, 13, 18, 23].into_iter().all(|at| text[at] == b'-');
        if digits_or < 16 && hyphens_stand { Ok(Self(bytes)) } else { Err(ParseIdError) }
    }
}

/// Where the sixteen pairs of digits begin.
const DIGITS_AT: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/// The value of each lower-case digit; everything else is out of range.
const HEX: [u8; 256] = {
    let (mut table, mut value) = ([0xff; 256], 0);
    while value < 16 {
        table[b"0123456789abcdef"[value] as usize] = value as u8;
        value += 1;
    }
    table
};

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, byte) in self.0.iter().enumerate() {
            let hyphen = if matches!(i, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(f, "{hyphen}{byte:02x}")?;
        }
        Ok(())
    }
}

macro_rules! guid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Guid);

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Guid::parse(text).map(Self)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(&self.0)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

guid_id! {
    /// An organisation, by the id of its Entra directory (claim `tid`).
    ///
    /// Parses only from the canonical spelling: 36 characters, lower case. The names `common`, `organizations` and
    /// `consumers` are no tenants and do not parse. Source: Entra, "Access token claims reference"; T-011.
    TenantId
}
guid_id! {
    /// A user or service principal within one tenant (claim `oid`). Says nothing without its [`TenantId`]. T-017.
    ObjectId
}

impl TenantId {
    /// The directory of personal Microsoft accounts. A member of no list unless an operator names it. T-011.
    pub const PERSONAL_ACCOUNTS: Self = Self(Guid([
        0x91, 0x88, 0x04, 0x0d, 0x6c, 0x67, 0x4c, 0x5b, 0xb1, 0x12, 0x36, 0xa3, 0x04, 0xb6, 0x6d, 0xad,
    ]));
}

/// The application that called, by its client id (claim `azp`, `appid` or `client_id`). Compared exactly.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ClientId(Box<str>);

impl ClientId {
    /// The client named `id`: a lower-case GUID with Entra, any text with other providers.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The id as it stands in the token.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({})", crate::Untrusted::new(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::TenantId;

    /// T-011: one spelling of a tenant, so that two spellings never are two tenants.
    #[test]
    fn only_the_canonical_spelling_parses() {
        let id = "aaaaaaaa-0000-4000-8000-00000000000f";
        assert_eq!(id.parse::<TenantId>().unwrap().to_string(), id);
        for spelling in [
            "AAAAAAAA-0000-4000-8000-00000000000F",
            "aaaaaaaa00004000800000000000000f",
            "{aaaaaaaa-0000-4000-8000-00000000000f}",
            " aaaaaaaa-0000-4000-8000-00000000000f",
            "aaaaaaaa-0000-4000-8000-00000000000f\n",
            "aaaaaaaa-0000-4000-8000-00000000000g",
            "aaaaaaaa_0000_4000_8000_00000000000f",
            "aaaaaaaa-0000-4000-8000-0000000000０f",
            "common",
            "organizations",
            "consumers",
            "contoso.onmicrosoft.com",
            "",
        ] {
            assert!(spelling.parse::<TenantId>().is_err(), "{spelling:?}");
        }
        assert_eq!(TenantId::PERSONAL_ACCOUNTS.to_string(), "9188040d-6c67-4c5b-b112-36a304b66dad");
    }
}
