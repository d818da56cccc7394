//! The allow-list as a file: who may enter, signed by two people, for a bounded time.
//!
//! Top-down: a [`Draft`] is what people edit → a [`Statement`] is what they sign → a [`Lock`] is the signed file, not
//! yet proven → a [`LockedList`] is what came out of [`Lock::verify`], and has no other constructor. Files, clock and
//! network are the caller's: time ([`UnixTime`](tenantry_token::UnixTime)) and the [`ApprovedKeys`] are arguments.
//! Start at `verify.rs`: every rule that a lock must pass is named there.
//!
//! ```
//! use tenantry_allow_list::{ApprovedKeys, Draft, Lock, SecretKey, Statement, Term};
//! use tenantry_token::UnixTime;
//!
//! let (ada, ben) = (SecretKey::generate()?, SecretKey::generate()?);
//! let approved = ApprovedKeys::new([("ada", ada.public()), ("ben", ben.public())])?;
//! let draft = Draft::parse(
//!     r#"
//!     [[tenant]]
//!     id = "aaaaaaaa-0000-4000-8000-000000000001"
//!     name = "Contoso"
//!     kind = "home"
//!     user-type = "employee"
//!     guests = false
//!     "#,
//! )?;
//!
//! let now = UnixTime::from_secs(1_767_225_600);
//! let statement = Statement::new(None, draft.into_entries(), Term::days(now, 90, 7))?;
//! let proposed = Lock::propose(statement, &approved.signer(&ada)?)?;
//! assert_eq!(proposed.verify(&approved, now).unwrap_err().code(), "half_signed");
//!
//! let text = proposed.review(&approved.signer(&ben)?, now)?.to_string();
//! let list = Lock::parse(&text)?.verify(&approved, now)?;
//! assert_eq!((list.revision(), list.entries().len()), (1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod approved;
mod date;
mod difference;
mod digest;
mod draft;
mod entry;
mod fault;
mod lock;
mod locked_list;
mod parse;
mod public_key;
mod removal;
mod secret_key;
mod signature;
mod statement;
mod text;
mod verify;
mod wire;

pub use approved::{ApprovedKey, ApprovedKeys, Signer};
pub use date::rfc3339;
pub use difference::Difference;
pub use digest::{Digest, ParseDigestError};
pub use draft::Draft;
pub use entry::{Entry, EntryFault, TenantKind};
pub use fault::LockFault;
pub use lock::Lock;
pub use locked_list::{Head, LockedList};
pub use parse::ParseError;
pub use public_key::{KeyError, PublicKey};
pub use removal::Removal;
pub use secret_key::SecretKey;
pub use statement::{Statement, Term};
pub use text::TextFault;
