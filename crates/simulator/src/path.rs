//! What a request's path means, before any routing: faults and the request log need to know.

use serde::{Deserialize, Serialize};

/// The kinds of endpoint that the log and the faults tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// OpenID Connect metadata, either version.
    Metadata,
    /// Key documents, either version.
    Keys,
    /// Token endpoint.
    Token,
    /// Where devices ask for a code.
    DeviceCode,
    /// Authorize endpoint.
    Authorize,
    /// The form behind the sign-in page.
    SignIn,
    /// The form behind the consent page.
    Consent,
    /// Admin consent, either version, and its forms.
    AdminConsent,
    /// Sign-out.
    Logout,
    /// Instance discovery.
    Instance,
    /// User realm.
    UserRealm,
    /// Microsoft Graph.
    Graph,
    /// Anything else.
    Other,
}

/// A path's endpoint and its first segment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestPath<'p> {
    pub(crate) endpoint: Endpoint,
    /// Tenant id, domain or alias as sent; empty when there is none.
    pub(crate) slot: &'p str,
}

impl<'p> RequestPath<'p> {
    pub(crate) fn parse(path: &'p str) -> Self {
        let trimmed = path.strip_prefix('/').unwrap_or(path);
        if is_graph(path) || path == "/oidc/userinfo" {
            return Self { endpoint: Endpoint::Graph, slot: "" };
        }
        let (slot, rest) = trimmed.split_once('/').unwrap_or((trimmed, ""));
        let endpoint = match rest {
            ".well-known/openid-configuration" | "v2.0/.well-known/openid-configuration" => {
                Endpoint::Metadata
            }
            "discovery/keys" | "discovery/v2.0/keys" => Endpoint::Keys,
            "oauth2/token" | "oauth2/v2.0/token" => Endpoint::Token,
            "oauth2/devicecode" | "oauth2/v2.0/devicecode" => Endpoint::DeviceCode,
            "oauth2/authorize" | "oauth2/v2.0/authorize" => Endpoint::Authorize,
            "oauth2/logout" | "oauth2/v2.0/logout" => Endpoint::Logout,
            "login" => Endpoint::SignIn,
            "consent" => Endpoint::Consent,
            "adminconsent" | "v2.0/adminconsent" => Endpoint::AdminConsent,
            "discovery/instance" => Endpoint::Instance,
            "openid/userinfo" => Endpoint::Graph,
            _ if rest.starts_with("userrealm/") => Endpoint::UserRealm,
            _ => Endpoint::Other,
        };
        Self { endpoint, slot }
    }

    pub(crate) fn is_instance_discovery(&self) -> bool {
        self.endpoint == Endpoint::Instance
    }

    /// Whether scripts of other origins may read the answer, as at Entra.
    pub(crate) fn is_readable_across_origins(&self) -> bool {
        matches!(
            self.endpoint,
            Endpoint::Metadata
                | Endpoint::Keys
                | Endpoint::Token
                | Endpoint::DeviceCode
                | Endpoint::Instance
                | Endpoint::Graph
        )
    }
}

/// Whether a path belongs to the simulator's own controls.
pub(crate) fn is_control(path: &str) -> bool {
    path == "/sim" || path.starts_with("/sim/")
}

/// Whether a path belongs to Microsoft Graph, whose tenant is the one of the token.
fn is_graph(path: &str) -> bool {
    path == "/graph" || path.starts_with("/graph/")
}
