//! The answer to a consent page, of either kind: its form, its ticket, and what a yes writes down.

use super::aadsts::{Aadsts, NOT_RECORDED};
use super::parameters::Parameters;
use super::policy::Consent;
use crate::ids::TenantId;
use crate::sessions::SignedIn;
use crate::state::Context;
use crate::tickets::Tickets;
use crate::world::{Extent, Granting, World, WorldError};

/// What a consent form said.
pub(super) struct Decision {
    pub(super) accepted: bool,
    /// The box that offers to speak for everybody.
    pub(super) for_organization: bool,
    ticket: String,
}

impl Decision {
    pub(super) fn read(form: &Parameters) -> Self {
        Self {
            accepted: form.get("decision") == Some("accept"),
            for_organization: form.get("for_organization") == Some("true"),
            ticket: form.get("ticket").unwrap_or_default().to_owned(),
        }
    }

    pub(super) fn has_ticket(&self, tickets: &Tickets, shown: &[String]) -> bool {
        tickets.is_valid(&self.ticket, shown)
    }
}

/// Everything that an answer depends on: browser, account, tenant, request, and the permissions as they are now.
pub(super) fn shown_parts(
    (handle, signed_in): (&str, &SignedIn),
    tenant: TenantId,
    (kind, request): (&str, &str),
    consent: &Consent<'_>,
) -> Vec<String> {
    let fixed = [handle, kind, &signed_in.session_id, &tenant.to_string(), request].map(ToOwned::to_owned);
    let permissions = consent.permissions.iter().map(|wanted| format!("{:?}", wanted.names()));
    fixed.into_iter().chain(permissions).collect()
}

/// Writes a consent into the world.
pub(super) fn record(
    context: &Context,
    tenant: TenantId,
    granting: &Granting,
    extent: Extent,
) -> Result<(), Aadsts> {
    let accept = |world: &mut World| {
        if let Some(tenant) = world.tenant_mut(tenant) {
            tenant.accept(granting, extent);
        }
        Ok::<_, WorldError>(())
    };
    context.state.change(accept).map_err(|problem| NOT_RECORDED.because(problem.to_string()))
}

/// Host of a redirect URI, for people to read; the whole of it where it has none.
pub(super) fn host_of(redirect_uri: &str) -> String {
    let url = url::Url::parse(redirect_uri).ok();
    let host = url.as_ref().and_then(|url| {
        let host = url.host_str()?;
        Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    });
    host.unwrap_or_else(|| redirect_uri.to_owned())
}
