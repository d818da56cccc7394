//! Which permission and which directory role each operation needs (Microsoft Graph, "Permissions" of each operation).
//!
//! `docs/reference/simulator-graph.md` shows the same table, and `tests/graph_permissions.rs` holds the two to it.

use super::auth::{Caller, CallerKind};
use super::error::GraphError;
use crate::world::{DirectoryRole, World};

use DirectoryRole::{
    ApplicationAdministrator, CloudApplicationAdministrator, GlobalAdministrator,
    PrivilegedRoleAdministrator, UserAdministrator,
};

/// What an operation asks of its caller.
#[derive(Debug)]
pub(super) struct Rule {
    /// Any of these in `scp`.
    delegated: &'static [&'static str],
    /// Any of these in `roles`.
    application: &'static [&'static str],
    /// Whether guests may not, whatever their token says.
    members_only: bool,
    /// Whether `Application.ReadWrite.OwnedBy` does for what the program owns.
    owned_by: bool,
    /// A person needs one of these, unless there are none, or they own the thing.
    roles: &'static [DirectoryRole],
}

/// How far a caller's permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Everything,
    /// Only what lists the caller among its owners.
    Owned,
}

const APPLICATION_ADMINISTRATORS: &[DirectoryRole] =
    &[GlobalAdministrator, ApplicationAdministrator, CloudApplicationAdministrator];
const READ_APPLICATIONS: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Directory.AccessAsUser.All",
];
const WRITE_APPLICATIONS: &[&str] =
    &["Application.ReadWrite.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All"];

pub(super) const APPLICATIONS_READ: Rule = Rule {
    delegated: READ_APPLICATIONS,
    application: READ_APPLICATIONS,
    owned_by: true,
    members_only: false,
    roles: &[],
};
/// People may register applications of their own, as is Entra's default.
pub(super) const APPLICATIONS_CREATE: Rule = Rule {
    delegated: WRITE_APPLICATIONS,
    application: WRITE_APPLICATIONS,
    owned_by: true,
    members_only: true,
    roles: &[],
};
pub(super) const APPLICATIONS_WRITE: Rule =
    Rule { members_only: false, roles: APPLICATION_ADMINISTRATORS, ..APPLICATIONS_CREATE };
pub(super) const ASSIGNMENTS_READ: Rule = Rule {
    delegated: &[
        "AppRoleAssignment.ReadWrite.All",
        "Application.Read.All",
        "Application.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    application: &[
        "AppRoleAssignment.ReadWrite.All",
        "Application.Read.All",
        "Application.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    owned_by: false,
    members_only: false,
    roles: &[],
};
pub(super) const ASSIGNMENTS_WRITE: Rule = Rule {
    delegated: &["AppRoleAssignment.ReadWrite.All"],
    application: &["AppRoleAssignment.ReadWrite.All"],
    owned_by: false,
    members_only: false,
    roles: &[
        GlobalAdministrator,
        PrivilegedRoleAdministrator,
        ApplicationAdministrator,
        CloudApplicationAdministrator,
    ],
};
/// For application permissions of Microsoft Graph itself.
pub(super) const GRAPH_ROLES_WRITE: Rule =
    Rule { roles: &[GlobalAdministrator, PrivilegedRoleAdministrator], ..ASSIGNMENTS_WRITE };
pub(super) const GRANTS_READ: Rule = Rule {
    delegated: &["DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    application: &["DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    owned_by: false,
    members_only: false,
    roles: &[],
};
pub(super) const GRANTS_WRITE: Rule = Rule {
    delegated: &["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"],
    application: &["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"],
    owned_by: false,
    members_only: false,
    roles: ASSIGNMENTS_WRITE.roles,
};
pub(super) const ME_READ: Rule = Rule {
    delegated: &[
        "User.Read",
        "User.ReadWrite",
        "User.ReadBasic.All",
        "User.Read.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    application: &[],
    owned_by: false,
    members_only: false,
    roles: &[],
};
pub(super) const ME_WRITE: Rule =
    Rule { delegated: &["User.ReadWrite", "User.ReadWrite.All", "Directory.ReadWrite.All"], ..ME_READ };
pub(super) const USERS_READ: Rule = Rule {
    delegated: &[
        "User.ReadBasic.All",
        "User.Read.All",
        "User.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    application: &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    owned_by: false,
    members_only: false,
    roles: &[],
};
pub(super) const USERS_WRITE: Rule = Rule {
    delegated: &["User.ReadWrite.All", "Directory.ReadWrite.All"],
    application: &["User.ReadWrite.All", "Directory.ReadWrite.All"],
    owned_by: false,
    members_only: false,
    roles: &[GlobalAdministrator, UserAdministrator],
};
/// Members may invite, as is Entra's default.
pub(super) const INVITE: Rule = Rule {
    delegated: &["User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"],
    application: &["User.Invite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"],
    owned_by: false,
    members_only: true,
    roles: &[],
};
pub(super) const GROUPS_READ: Rule = Rule {
    delegated: &[
        "GroupMember.Read.All",
        "Group.Read.All",
        "Group.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    application: &[
        "GroupMember.Read.All",
        "Group.Read.All",
        "Group.ReadWrite.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    owned_by: false,
    members_only: false,
    roles: &[],
};
pub(super) const GROUPS_WRITE: Rule = Rule {
    delegated: &["Group.ReadWrite.All", "Directory.ReadWrite.All"],
    application: &["Group.ReadWrite.All", "Directory.ReadWrite.All"],
    owned_by: false,
    members_only: false,
    roles: &[GlobalAdministrator, UserAdministrator],
};
/// A person's memberships, their own also with what reads the own profile.
pub(super) const MEMBERSHIPS_READ: Rule = Rule {
    delegated: &[
        "User.Read.All",
        "GroupMember.Read.All",
        "Group.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    application: &[
        "User.Read.All",
        "GroupMember.Read.All",
        "Group.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ],
    owned_by: false,
    members_only: false,
    roles: &[],
};
pub(super) const DIRECTORY_READ: Rule = Rule {
    delegated: &["Directory.Read.All", "Directory.ReadWrite.All"],
    application: &["Directory.Read.All", "Directory.ReadWrite.All"],
    owned_by: false,
    members_only: false,
    roles: &[],
};
pub(super) const ORGANIZATION_READ: Rule = Rule {
    delegated: &["User.Read", "Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    application: &["Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    owned_by: false,
    members_only: false,
    roles: &[],
};
pub(super) const TENANT_INFORMATION_READ: Rule = Rule {
    delegated: &["CrossTenantInformation.ReadBasic.All"],
    application: &["CrossTenantInformation.ReadBasic.All"],
    owned_by: false,
    members_only: false,
    roles: &[],
};

impl Rule {
    /// How far the caller may go.
    ///
    /// # Errors
    /// 403: not at all.
    pub(super) fn reach(&self, caller: &Caller, world: &World) -> Result<Reach, GraphError> {
        let holds = |names: &[&str]| names.iter().any(|name| caller.permissions.contains(*name));
        match caller.kind {
            CallerKind::Program if holds(self.application) => Ok(Reach::Everything),
            CallerKind::Program if self.owned_by && holds(&["Application.ReadWrite.OwnedBy"]) => {
                Ok(Reach::Owned)
            }
            CallerKind::Person if holds(self.delegated) => self.reach_of_person(caller, world),
            _ => Err(GraphError::denied()),
        }
    }

    fn reach_of_person(&self, caller: &Caller, world: &World) -> Result<Reach, GraphError> {
        let tenant = world.tenant_by_id(caller.tenant);
        let person = tenant.and_then(|tenant| tenant.users.iter().find(|user| user.id == caller.object));
        let person = person.ok_or_else(GraphError::denied)?;
        if self.members_only && person.home_tenant.is_some() {
            return Err(GraphError::denied());
        }
        let has_role = person.directory_roles.iter().any(|role| self.roles.contains(role));
        match (self.roles.is_empty() || has_role, self.owned_by) {
            (true, _) => Ok(Reach::Everything),
            (false, true) => Ok(Reach::Owned),
            (false, false) => Err(GraphError::denied()),
        }
    }
}
