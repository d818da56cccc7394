//! The two walls that the store puts around a tenant's rows: each statement's own condition, and the database's.

#[cfg(feature = "test-layers")]
use super::LayersOff;

/// Which walls stand: both, in every build but one for tests that was told otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Walls {
    #[cfg(feature = "test-layers")]
    off: LayersOff,
}

impl Walls {
    /// `sql`, which names its tenant, as it is to be run.
    pub(super) fn statement(self, sql: &'static str) -> &'static str {
        #[cfg(feature = "test-layers")]
        if self.off.tenant_column {
            return super::layers_off::forgetting_the_tenant(sql);
        }
        sql
    }

    /// Whether the database's own wall stands: row-level security, or one file per tenant.
    pub(super) fn database(self) -> bool {
        #[cfg(feature = "test-layers")]
        return !self.off.database_wall;
        #[cfg(not(feature = "test-layers"))]
        true
    }
}

#[cfg(feature = "test-layers")]
impl From<LayersOff> for Walls {
    fn from(off: LayersOff) -> Self {
        Self { off }
    }
}
