//! An organisation and what is in it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::credential::Secret;
use super::{is_default, yes};
use crate::ids::{AppId, ObjectId, TenantId};

/// An organisation's directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// The `tid` of its tokens.
    pub id: TenantId,
    /// Display name.
    pub name: String,
    /// Verified domains, lower-case; each may stand for the id in a path. The first is the initial one.
    pub domains: Vec<String>,
    /// What sort of directory it is. Default `workforce`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: TenantKind,
    /// Of external tenants: the first label of the host that customers sign in at.
    #[serde(default, skip_serializing_if = "is_default")]
    pub subdomain: Option<String>,
    /// Whether people may consent for themselves. Default `allowed`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub user_consent: UserConsent,
    /// Where the organisation is, two letters: the `tenant_ctry` claim.
    #[serde(default, skip_serializing_if = "is_default")]
    pub country: Option<String>,
    /// People, guests included.
    #[serde(default, skip_serializing_if = "is_default")]
    pub users: Vec<User>,
    /// Groups of people.
    #[serde(default, skip_serializing_if = "is_default")]
    pub groups: Vec<Group>,
    /// Applications that were consented to here.
    #[serde(default, skip_serializing_if = "is_default")]
    pub service_principals: Vec<ServicePrincipal>,
}

/// What sort of directory a tenant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TenantKind {
    /// An organisation with its employees and guests.
    #[default]
    Workforce,
    /// The tenant of personal accounts; it has signing keys of its own, and there is at most one.
    Personal,
    /// A directory of customers (External ID): hosts and signing keys of its own, no `common`, nobody's home elsewhere.
    External,
}

/// Whether people may consent to what applications ask of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserConsent {
    /// Yes, to permissions that do not need an administrator.
    #[default]
    Allowed,
    /// No: an administrator must (90094).
    Disabled,
    /// No, but they may ask an administrator on the spot (90095).
    Request,
}

/// A person in one tenant. A guest is an object of the resource tenant that points to the home account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The `oid` claim; a guest's differs from the one at home.
    pub id: ObjectId,
    /// User principal name; of a guest the `name_home.example#EXT#@resource.example` form.
    pub upn: String,
    /// The `name` claim.
    pub display_name: String,
    /// A development password. Empty for guests: they use the one of their home account.
    #[serde(default, skip_serializing_if = "is_default")]
    pub password: Secret,
    /// Whether the account may sign in. Default `true`.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
    /// Address in the `email` claim. Default: the UPN of the home account.
    #[serde(default, skip_serializing_if = "is_default")]
    pub email: Option<String>,
    /// Whether the address belongs to a verified domain of the tenant: the `xms_edov` claim. Default: whether its domain is
    /// among the home tenant's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub email_verified: Option<bool>,
    /// Where the person is, two letters: the `ctry` claim.
    #[serde(default, skip_serializing_if = "is_default")]
    pub country: Option<String>,
    /// App roles the user was assigned; each counts at every API that defines it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub roles: Vec<String>,
    /// Roles over the directory itself: the `wids` claim, and who may consent for everybody.
    #[serde(default, skip_serializing_if = "is_default")]
    pub directory_roles: Vec<DirectoryRole>,
    /// Membership in that many further, made-up groups. With more than 200 the `groups` claim becomes a pointer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub more_groups: u16,
    /// Where the account lives. Absent for members.
    #[serde(default, skip_serializing_if = "is_default")]
    pub home_tenant: Option<TenantId>,
    /// The account's `oid` at home; goes with `home_tenant`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub home_user: Option<ObjectId>,
    /// Properties of Microsoft Graph that mean nothing to the simulator, such as `jobTitle`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub graph: Map<String, Value>,
}

impl Tenant {
    /// An organisation with nothing in it.
    pub(crate) fn new(id: TenantId, name: String) -> Self {
        Self {
            id,
            name,
            domains: Vec::new(),
            kind: TenantKind::default(),
            subdomain: None,
            user_consent: UserConsent::default(),
            country: None,
            users: Vec::new(),
            groups: Vec::new(),
            service_principals: Vec::new(),
        }
    }
}

impl User {
    /// A member who may sign in and has no role.
    pub(crate) fn new(id: ObjectId, upn: String, display_name: String) -> Self {
        Self {
            id,
            upn,
            display_name,
            password: Secret::default(),
            enabled: true,
            email: None,
            email_verified: None,
            country: None,
            roles: Vec::new(),
            directory_roles: Vec::new(),
            more_groups: 0,
            home_tenant: None,
            home_user: None,
            graph: Map::new(),
        }
    }
}

/// A role over a directory, as far as the simulator asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DirectoryRole {
    /// May do everything, consent to everything included.
    GlobalAdministrator,
    /// May consent to application permissions of Microsoft Graph as well.
    PrivilegedRoleAdministrator,
    /// May manage registrations and consent, except to application permissions of Microsoft Graph.
    ApplicationAdministrator,
    /// The same.
    CloudApplicationAdministrator,
    /// May manage people.
    UserAdministrator,
    /// May invite guests.
    GuestInviter,
    /// May read the directory.
    DirectoryReaders,
}

impl DirectoryRole {
    /// The role's template id, the same in every tenant (Entra, "Built-in roles").
    pub(crate) fn template_id(self) -> &'static str {
        match self {
            Self::GlobalAdministrator => "62e90394-69f5-4237-9190-012177145e10",
            Self::PrivilegedRoleAdministrator => "e8611ab8-c189-46e8-94e1-60213ab1f814",
            Self::ApplicationAdministrator => "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
            Self::CloudApplicationAdministrator => "158c047a-c907-4556-b7ef-446551a6b5f7",
            Self::UserAdministrator => "fe930be7-5e62-47db-91af-98c3a49a38b1",
            Self::GuestInviter => "95e79109-95c0-4d8e-aee3-d01accf2d47b",
            Self::DirectoryReaders => "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
        }
    }
}

/// A security group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What the `groups` claim holds.
    pub id: ObjectId,
    /// Display name.
    pub name: String,
    /// People and further groups of the same tenant.
    #[serde(default, skip_serializing_if = "is_default")]
    pub members: Vec<ObjectId>,
}

/// An application's local half: its presence means that the tenant consented.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicePrincipal {
    /// The `oid` of the application's own tokens in this tenant.
    pub id: ObjectId,
    /// The application.
    pub app_id: AppId,
    /// Whether it may be used here. Default `true`.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
    /// Whether only people and clients with an assignment get in. Default `false`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub assignment_required: bool,
    /// What the tenant granted to it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: Vec<Grant>,
    /// People and groups that were assigned to it, one by one; in addition to the `roles` of users.
    #[serde(default, skip_serializing_if = "is_default")]
    pub assignments: Vec<Assignment>,
    /// Properties of Microsoft Graph that mean nothing to the simulator, such as `tags`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub graph: Map<String, Value>,
}

/// Permissions of a client on one API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The API.
    pub resource: AppId,
    /// The person who consented for themselves. Absent: for everybody in the tenant.
    #[serde(default, skip_serializing_if = "is_default")]
    pub user: Option<ObjectId>,
    /// Delegated permissions: `scp` when a person signs in.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Application permissions: `roles` when the application signs in by itself. Only for everybody.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// A person or group that was assigned to an application, or a client that was let in without a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// A user, group or service principal of the tenant.
    pub principal: ObjectId,
    /// The app role. Absent: access without a role.
    #[serde(default, skip_serializing_if = "is_default")]
    pub role: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
fn is_true(value: &bool) -> bool {
    *value
}
