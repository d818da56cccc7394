//! Who may use a route, as a value that is attached to it.

use tenantry_token::{ClientId, Principal, PrincipalKind};

/// What a caller needs for one route. There is no "anybody with a token": a user needs a scope, an application an app
/// role, so a token with neither opens nothing (T-018).
///
/// A condition on users cannot be put on a permission for applications, where it would silently do nothing:
///
/// ```compile_fail,E0599
/// tenantry::Permission::applications_with_role(["Export"]).and_role(["Admin"]);
/// ```
///
/// All comparisons are exact and case-sensitive. Source: Entra, "Scopes and permissions", "App roles".
///
/// ```
/// use tenantry::Permission;
///
/// let read = Permission::users_with_scope("access_as_user")
///     .and_role(["Admin", "Editor", "Reader"])
///     .or_applications_with_role(["Reader"]);
/// let nightly_job = Permission::applications_with_role(["Tasks.Export"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Permission {
    users: Option<UserRule>,
    application_roles: Vec<Box<str>>,
    clients: Option<Vec<ClientId>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct UserRule {
    scopes: Vec<Box<str>>,
    roles: Option<RoleRule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct RoleRule {
    any_of: Vec<Box<str>>,
    callers_without: CallersWithoutRole,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CallersWithoutRole {
    Refused,
    Allowed,
}

/// A permission for users, to which conditions on users can be added. Routes take it as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct UserPermission(UserRule);

impl Permission {
    /// Users whose client was granted delegated scope `scope` (claim `scp`).
    pub fn users_with_scope(scope: &str) -> UserPermission {
        Self::users_with_any_scope([scope])
    }

    /// Users whose client was granted at least one of `scopes`.
    pub fn users_with_any_scope<'a>(scopes: impl IntoIterator<Item = &'a str>) -> UserPermission {
        UserPermission(UserRule { scopes: owned(scopes), roles: None })
    }

    /// Applications, calling for themselves, that hold at least one of `roles` (claim `roles`).
    pub fn applications_with_role<'a>(roles: impl IntoIterator<Item = &'a str>) -> Self {
        Self { users: None, application_roles: owned(roles), clients: None }
    }

    /// Only calls that come through one of these client applications (claim `azp` or `appid`).
    pub fn from_clients(self, clients: impl IntoIterator<Item = ClientId>) -> Self {
        Self { clients: Some(clients.into_iter().collect()), ..self }
    }

    /// Whether `principal` has it.
    pub fn allows(&self, principal: &Principal) -> bool {
        let client_may = self.clients.as_ref().is_none_or(|clients| clients.contains(principal.client_id()));
        client_may
            && match principal.kind() {
                PrincipalKind::User => self.users.as_ref().is_some_and(|rule| rule.allows(principal)),
                PrincipalKind::Application => holds_any(principal, &self.application_roles),
            }
    }

    /// The scopes to name in a challenge, separated by spaces (RFC 6750 §3).
    pub(crate) fn scopes(&self) -> String {
        self.users.as_ref().map(|rule| rule.scopes.join(" ")).unwrap_or_default()
    }
}

impl UserPermission {
    /// Users must hold at least one of `roles` as well.
    pub fn and_role<'a>(self, roles: impl IntoIterator<Item = &'a str>) -> Self {
        self.with_roles(RoleRule { any_of: owned(roles), callers_without: CallersWithoutRole::Refused })
    }

    /// Users must hold at least one of `roles`, or no app role at all: for APIs that give such users a default role.
    pub fn and_role_or_none<'a>(self, roles: impl IntoIterator<Item = &'a str>) -> Self {
        self.with_roles(RoleRule { any_of: owned(roles), callers_without: CallersWithoutRole::Allowed })
    }

    /// Applications that hold at least one of `roles` may call too.
    pub fn or_applications_with_role<'a>(self, roles: impl IntoIterator<Item = &'a str>) -> Permission {
        Permission { application_roles: owned(roles), ..self.into() }
    }

    /// Only calls that come through one of these client applications (claim `azp` or `appid`).
    pub fn from_clients(self, clients: impl IntoIterator<Item = ClientId>) -> Permission {
        Permission::from(self).from_clients(clients)
    }

    fn with_roles(self, roles: RoleRule) -> Self {
        Self(UserRule { roles: Some(roles), ..self.0 })
    }
}

impl From<UserPermission> for Permission {
    fn from(users: UserPermission) -> Self {
        Self { users: Some(users.0), application_roles: Vec::new(), clients: None }
    }
}

impl UserRule {
    fn allows(&self, principal: &Principal) -> bool {
        let has_scope = self.scopes.iter().any(|scope| principal.has_scope(scope));
        has_scope && self.roles.as_ref().is_none_or(|rule| rule.allows(principal))
    }
}

impl RoleRule {
    fn allows(&self, principal: &Principal) -> bool {
        let without_is_fine = self.callers_without == CallersWithoutRole::Allowed;
        holds_any(principal, &self.any_of) || (without_is_fine && principal.roles().next().is_none())
    }
}

fn holds_any(principal: &Principal, roles: &[Box<str>]) -> bool {
    roles.iter().any(|role| principal.has_role(role))
}

fn owned<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Box<str>> {
    texts.into_iter().map(Into::into).collect()
}
