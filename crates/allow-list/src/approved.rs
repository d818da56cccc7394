//! `approved-keys.toml`: whose signatures count. It is the root of trust, so it is kept where its readers are, not
//! beside what it judges.

use serde::Deserialize;
use toml::Spanned;
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    LockFault, ParseError, PublicKey, SecretKey, parse,
    text::{self, TextFault},
    wire::visible,
};

/// Most characters of a signer's name.
const NAME_CHARS_MAX: usize = 100;

/// One key, and the person who holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedKey {
    name: String,
    public: PublicKey,
}

impl ApprovedKey {
    /// The person's name. Names that differ in letter case, white space or Unicode form alone are one person.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key.
    pub fn public(&self) -> PublicKey {
        self.public
    }

    pub(crate) fn is_person(&self, name: &str) -> bool {
        same_person(&self.name) == same_person(name)
    }
}

/// What the spellings of one name have in common: compatibility forms (UAX #15), letter case and white space aside.
///
/// By way of upper case, so that `ß` is `ss`, and a final sigma is a sigma.
fn same_person(name: &str) -> String {
    let folded: String = name.nfkc().collect::<String>().to_uppercase().to_lowercase().nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The keys whose signatures count. A person may hold several, for example while one replaces another; no key has two
/// holders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedKeys(Vec<ApprovedKey>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysFile {
    #[serde(default)]
    key: Vec<KeyTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyTable {
    #[serde(deserialize_with = "name")]
    name: String,
    public: Spanned<PublicKey>,
}

/// The name of somebody who signs: it is printed before anything is proven.
pub(crate) fn name<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    visible(from, check_name)
}

fn check_name(name: &str) -> Result<(), TextFault> {
    text::check_present(name, NAME_CHARS_MAX)
}

impl ApprovedKeys {
    /// Most bytes of the file: 256 KiB.
    pub const BYTES_MAX: usize = 256 << 10;

    /// Reads `approved-keys.toml`: tables `[[key]]` with `name` and `public`.
    ///
    /// # Errors
    /// With line and caret: broken TOML, unknown keys, a key that is none, or that has two holders. No key at all is an
    /// error too: nothing could ever be approved.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let file: KeysFile = parse::toml(text, Self::BYTES_MAX)?;
        for (at, table) in file.key.iter().enumerate() {
            if let Some(first) =
                file.key[..at].iter().find(|first| first.public.get_ref() == table.public.get_ref())
            {
                return Err(ParseError::at(
                    text,
                    &table.public.span(),
                    has_two_holders(&first.name, &table.name),
                ));
            }
        }
        Self::new(file.key.into_iter().map(|table| (table.name, table.public.into_inner())))
    }

    /// The given keys, each with the name of its holder.
    ///
    /// # Errors
    /// As for [`ApprovedKeys::parse`], without a place.
    pub fn new<N: Into<String>>(keys: impl IntoIterator<Item = (N, PublicKey)>) -> Result<Self, ParseError> {
        let mut approved: Vec<ApprovedKey> = Vec::new();
        for (name, public) in keys {
            let name = name.into();
            check_name(&name)
                .map_err(|fault| ParseError::whole(format!("the name of a key's holder {fault}")))?;
            if let Some(first) = approved.iter().find(|key| key.public == public) {
                return Err(ParseError::whole(has_two_holders(&first.name, &name)));
            }
            approved.push(ApprovedKey { name, public });
        }
        match approved.is_empty() {
            true => Err(ParseError::whole("approves no key: add a `[[key]]` for each person who may sign")),
            false => Ok(Self(approved)),
        }
    }

    /// The keys, in the order of the file.
    pub fn keys(&self) -> &[ApprovedKey] {
        &self.0
    }

    /// The entry of `public`, if it is approved.
    pub fn find(&self, public: PublicKey) -> Option<&ApprovedKey> {
        self.0.iter().find(|key| key.public == public)
    }

    /// The holder of `key`, who may sign.
    ///
    /// # Errors
    /// [`LockFault::UnknownKey`] if it is not approved.
    pub fn signer<'a>(&'a self, key: &'a SecretKey) -> Result<Signer<'a>, LockFault> {
        let holder = self.find(key.public()).ok_or(LockFault::UnknownKey(key.public()))?;
        Ok(Signer { key, holder, approved: self })
    }
}

/// Somebody who may sign: a private key whose public half is approved.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    pub(crate) key: &'a SecretKey,
    pub(crate) holder: &'a ApprovedKey,
    pub(crate) approved: &'a ApprovedKeys,
}

impl Signer<'_> {
    /// Who it is.
    pub fn holder(&self) -> &ApprovedKey {
        self.holder
    }
}

fn has_two_holders(first: &str, second: &str) -> String {
    format!("`{first}` and `{second}` have the same key: a key is one person's")
}
