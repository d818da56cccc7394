//! Reads an admin consent request, and takes its answer back: always by query, with `admin_consent=True`.

use axum::body::Body;
use axum::http::Response;

use crate::authority::Version;
use crate::endpoints::aadsts::{Aadsts, NO_REPLY_ADDRESS, TENANT_NEEDED};
use crate::endpoints::authorize::respond::{append, described, redirect};
use crate::endpoints::authorize::{missing, unregistered};
use crate::endpoints::parameters::Parameters;
use crate::endpoints::policy::Policy;
use crate::endpoints::scope::Scope;
use crate::ids::TenantId;
use crate::state::Context;
use crate::world::{Application, RedirectUri, Slot};

/// A request of a known client, with an address that is registered for it.
#[derive(Debug, Clone)]
pub(super) struct AdminRequest<'w> {
    pub(super) client: &'w Application,
    pub(super) redirect_uri: String,
    version: Version,
    scope: Option<Scope>,
    state: Option<String>,
}

/// What is to be granted.
#[derive(Debug, Clone, Copy)]
pub(in crate::endpoints) enum Wish<'a> {
    /// What the registration lists.
    Static,
    /// What a scope parameter says; `/.default` in it means the same.
    Scope(&'a Scope),
}

/// Client and redirect URI. A refusal is shown, never redirected.
pub(super) fn read<'w>(
    policy: &Policy<'w>,
    parameters: &Parameters,
    version: Version,
) -> Result<AdminRequest<'w>, Aadsts> {
    let client = policy.client(parameters.get("client_id").ok_or_else(|| missing("client_id"))?)?;
    let registered = client.redirect_uris.first().map(RedirectUri::uri);
    let redirect_uri = parameters.get("redirect_uri").or(registered).ok_or_else(|| {
        NO_REPLY_ADDRESS
            .because(format!("No reply address provided, and none is registered for '{}'.", client.app_id))
    })?;
    client.platform_of(redirect_uri).ok_or_else(|| unregistered(client, redirect_uri))?;
    Ok(AdminRequest {
        client,
        redirect_uri: redirect_uri.to_owned(),
        version,
        scope: parameters.get("scope").map(Scope::parse),
        state: parameters.get("state").map(ToOwned::to_owned),
    })
}

impl AdminRequest<'_> {
    /// Personal accounts have no administrators, and version 2 does not know `common`.
    pub(super) fn check_place(&self, slot: Slot<'_>) -> Result<(), Aadsts> {
        match (slot, self.version) {
            (Slot::Consumers(_), _) | (Slot::Common, Version::V2) => {
                Err(TENANT_NEEDED
                    .because("Admin consent needs a tenant-specific endpoint or /organizations."))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn wish(&self) -> Result<Wish<'_>, Aadsts> {
        match (self.version, &self.scope) {
            (Version::V1, _) => Ok(Wish::Static),
            (Version::V2, Some(scope)) => Ok(Wish::Scope(scope)),
            (Version::V2, None) => Err(missing("scope")),
        }
    }

    /// The words of the scope parameter that were asked for as they stand.
    pub(super) fn asked_defaults(&self) -> impl Iterator<Item = String> {
        let asked = self.scope.iter().flat_map(|scope| scope.resources());
        asked.filter(|asked| asked.default).map(|asked| format!("{}/.default", asked.resource))
    }

    /// Tells the application that it was let in.
    pub(super) fn granted(&self, tenant: TenantId, scope: String) -> Response<Body> {
        let mut fields = vec![("admin_consent", "True".to_owned()), ("tenant", tenant.to_string())];
        if self.version == Version::V2 {
            fields.push(("scope", scope));
        }
        self.send(fields)
    }

    /// Tells the application why not.
    pub(super) fn refuse(&self, context: &Context, refusal: &Aadsts) -> Response<Body> {
        refusal.noted(self.send(self.refused(context, refusal)))
    }

    /// The address that a refusal goes to.
    pub(super) fn way_back(&self, context: &Context, refusal: &Aadsts) -> String {
        self.address(self.refused(context, refusal))
    }

    fn refused(&self, context: &Context, refusal: &Aadsts) -> Vec<(&'static str, String)> {
        let error = match (self.version, refusal.cause.error) {
            (Version::V1, _) => "permission_denied",
            // What is an invalid grant at the token endpoint is a person without access here.
            (Version::V2, "invalid_grant") => "access_denied",
            (Version::V2, error) => error,
        };
        vec![
            ("error", error.to_owned()),
            ("error_description", described(context, refusal)),
            ("error_uri", context.authority.error_page(refusal.cause.code)),
            ("admin_consent", "True".to_owned()),
        ]
    }

    fn send(&self, fields: Vec<(&'static str, String)>) -> Response<Body> {
        redirect(&self.address(fields))
    }

    fn address(&self, mut fields: Vec<(&'static str, String)>) -> String {
        fields.extend(self.state.clone().map(|state| ("state", state)));
        append(&self.redirect_uri, '?', &fields)
    }
}
