//! The tenants that a configuration lets in.

use std::sync::Arc;

use tenantry::{AllowList, TenantDirectory, TenantId, TenantPolicy};

use super::AuthConfig;

/// Every organisation there is. Personal accounts are none, as in `tenantry::AuthBuilder::open_to_every_tenant`.
struct EveryOrganisation;

impl TenantDirectory for EveryOrganisation {
    fn admit(&self, tenant: TenantId) -> Option<TenantPolicy> {
        (tenant != TenantId::PERSONAL_ACCOUNTS).then(TenantPolicy::default)
    }
}

impl AuthConfig {
    /// The listed tenants, or every organisation where the file says so.
    pub(crate) fn directory(&self) -> Arc<dyn TenantDirectory> {
        match &self.open_to_every_tenant {
            Some(_) => Arc::new(EveryOrganisation),
            None => Arc::new(AllowList::new(self.tenants.iter().copied())),
        }
    }
}
