//! Which URIs a registration may hold (Entra, "Restrictions on identifier URIs of applications", "Redirect URI
//! restrictions").

use std::collections::HashSet;

use url::Url;

use super::super::error::GraphError;
use super::rules::{Limits, refused, shown};
use super::view::redirects;
use crate::world::{Application, Platform, Tenant, World};

pub(super) fn check_identifier_uris(
    world: &World,
    before: Option<&Application>,
    after: &Application,
) -> Result<(), GraphError> {
    let old = |uri: &String| before.is_some_and(|before| before.identifier_uris.contains(uri));
    let home = world.tenant_by_id(after.home_tenant).ok_or_else(GraphError::denied)?;
    let mut seen = HashSet::new();
    for uri in &after.identifier_uris {
        if !seen.insert(uri) {
            return Err(refused(
                "identifierUris",
                format!("Property identifierUris holds '{}' twice.", shown(uri)),
            ));
        }
        if old(uri) {
            continue;
        }
        check_identifier_uri(home, after, uri)?;
        if world.application(uri).is_some_and(|other| other.app_id != after.app_id) {
            return Err(GraphError::conflicting("identifierUris"));
        }
    }
    Ok(())
}

fn check_identifier_uri(home: &Tenant, after: &Application, uri: &str) -> Result<(), GraphError> {
    let limits = Limits::of(after.sign_in_audience);
    let wrong = |why: &str| {
        Err(refused(
            "identifierUris",
            format!("Invalid value '{}' in property identifierUris: {why}.", shown(uri)),
        ))
    };
    if uri.chars().count() > limits.identifier_uri {
        return wrong("it is too long");
    }
    if uri.ends_with('/') {
        return wrong("it must not end with a slash");
    }
    let Ok(url) = Url::parse(uri) else { return wrong("it is no absolute URI") };
    if url.fragment().is_some() || uri.contains(char::is_whitespace) {
        return wrong("fragments and spaces are not allowed");
    }
    match url.scheme() {
        "api" if is_tied(home, after, uri) || (after.token_version == 2 && !limits.personal) => Ok(()),
        "api" => Err(refused(
            "identifierUris",
            format!(
                "Failed to add identifier URI {}. All newly added URIs must contain a tenant verified domain, \
                tenant ID, or app ID, as per the default tenant policy.",
                shown(uri)
            ),
        )),
        "https" if url.host_str().is_some_and(|host| is_verified(home, host)) => Ok(()),
        _ => Err(GraphError::new(
            400,
            "HostNameNotOnVerifiedDomain",
            format!(
                "Values of identifierUris property must use a verified domain of the organization or its \
                subdomain: '{}'",
                shown(uri)
            ),
        )
        .detail("HostNameNotOnVerifiedDomain", "identifierUris")),
    }
}

/// `api://{appId}`, `api://{tid}/…`, `api://{text}/{appId}`, or with a verified domain.
fn is_tied(home: &Tenant, after: &Application, uri: &str) -> bool {
    let rest = uri.strip_prefix("api://").unwrap_or_default().to_ascii_lowercase();
    let app_id = after.app_id.to_string();
    let (first, last) =
        (rest.split('/').next().unwrap_or_default(), rest.rsplit('/').next().unwrap_or_default());
    first == app_id || last == app_id || first == home.id.to_string() || is_verified(home, first)
}

fn is_verified(home: &Tenant, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    home.domains.iter().any(|domain| {
        host == *domain || host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'))
    })
}

pub(super) fn check_redirect_uris(after: &Application, limits: Limits) -> Result<(), GraphError> {
    if after.redirect_uris.len() > limits.redirect_uris {
        let message = format!("An application takes at most {} redirect URIs.", limits.redirect_uris);
        return Err(refused("redirectUris", message));
    }
    let mut seen = HashSet::new();
    for (platform, property) in [
        (Platform::Web, "web.redirectUris"),
        (Platform::Spa, "spa.redirectUris"),
        (Platform::Native, "publicClient.redirectUris"),
    ] {
        for uri in redirects(after, platform) {
            if !seen.insert(uri) {
                let message = format!("The redirect URI '{}' is registered twice.", shown(uri));
                return Err(refused(property, message));
            }
            if let Some(why) = redirect_problem(uri, platform, limits) {
                let message =
                    format!("The redirect URI '{}' in property {property} is not valid: {why}.", shown(uri));
                return Err(refused(property, message));
            }
        }
    }
    Ok(())
}

fn redirect_problem(uri: &str, platform: Platform, limits: Limits) -> Option<&'static str> {
    let Ok(url) = Url::parse(uri) else { return Some("it is no absolute URI") };
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
    match url.scheme() {
        _ if uri.chars().count() > 256 => Some("it is longer than 256 characters"),
        _ if uri.contains(['!', '$', '\'', '(', ')', ',', ';', ' ']) => {
            Some("it holds an unsupported character")
        }
        _ if uri.contains('#') => Some("fragments are not allowed"),
        _ if uri.contains('*') && limits.personal => Some("wildcards are for organisations only"),
        _ if url.query().is_some() && limits.personal => Some("query strings are for organisations only"),
        "javascript" | "data" | "vbscript" => Some("its scheme is not allowed"),
        "https" => None,
        "http" if local => None,
        "http" if url.host_str() == Some("[::1]") => Some("the IPv6 loopback address is not supported"),
        "http" => Some("it must start with https, or with http for localhost"),
        _ if platform == Platform::Native => None,
        _ => Some("it must start with https, or with http for localhost"),
    }
}
