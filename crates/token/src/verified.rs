//! Proof that a token went through all ten steps.

use crate::Principal;

/// The kind of token that was proven. Sealed.
pub trait TokenKind: sealed::Sealed {
    /// What a proven token of this kind says.
    type Content;
}

/// An access token for this resource: the only kind that opens an API. ID tokens never become one.
#[derive(Clone, Copy, Debug)]
pub enum AccessToken {}

impl TokenKind for AccessToken {
    type Content = Principal;
}

/// A proven token. Only [`crate::Verifier::verify`] builds one.
#[derive(Debug)]
pub struct Verified<K: TokenKind> {
    content: K::Content,
}

impl Verified<AccessToken> {
    /// To be called once, at the end of the ten steps.
    pub(crate) fn after_all_steps(principal: Principal) -> Self {
        Self { content: principal }
    }

    /// Who is calling.
    pub fn principal(&self) -> &Principal {
        &self.content
    }

    /// Who is calling, by value.
    pub fn into_principal(self) -> Principal {
        self.content
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::AccessToken {}
}
