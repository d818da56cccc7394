//! The verified caller as handlers see it.

use std::{ops::Deref, sync::Arc};

use tenantry_token::TenantId;

/// The verified caller of this request. Cheap to clone; reads like [`tenantry_token::Principal`].
///
/// As an extractor it is there on every route with a [`crate::Permission`], and refuses elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal(pub(crate) Arc<tenantry_token::Principal>);

impl Principal {
    /// The caller's tenant, as a proof to ask for data with.
    pub fn verified_tenant(&self) -> Tenant {
        Tenant(self.0.tenant())
    }
}

impl Deref for Principal {
    type Target = tenantry_token::Principal;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// The tenant of a verified caller: only a [`Principal`] makes one, so what takes a `Tenant` cannot be asked in the name
/// of an id from a path, a header or a form (row 40, T-140).
///
/// ```compile_fail
/// // An id is not a proof.
/// let id: tenantry::TenantId = "aaaaaaaa-0000-4000-8000-000000000001".parse().unwrap();
/// let forged = tenantry::Tenant(id);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tenant(TenantId);

impl Tenant {
    /// Its id.
    pub fn id(&self) -> TenantId {
        self.0
    }
}

/// A person calls. As an extractor it answers applications with 403.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User(pub(crate) Principal);

/// An application calls for itself. As an extractor it answers people with 403.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application(pub(crate) Principal);

macro_rules! derefs_to_principal {
    ($($name:ident),*) => {$(
        impl Deref for $name {
            type Target = Principal;

            fn deref(&self) -> &Principal {
                &self.0
            }
        }
    )*};
}
derefs_to_principal!(User, Application);
