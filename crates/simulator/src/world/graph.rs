//! Microsoft Graph as a resource: in every tenant without consent, with the ids that everybody knows
//! (Microsoft Graph, "Permissions reference").

use std::sync::LazyLock;

use super::{AppRole, Application, ApplicationKind, OptionalClaim, RoleMembers, Scope, SignInAudience};

/// Application id of Microsoft Graph, the API behind `openid`, `profile` and scopes without a resource.
pub(crate) const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Delegated permissions: value, id, whether only an administrator may consent, and what the consent page says.
const SCOPES: [(&str, &str, bool, &str); 24] = [
    ("openid", "37f7f235-527c-4136-accd-4a02d197296e", false, "Sign you in"),
    ("profile", "14dad69e-099b-42c9-810b-d002981feec1", false, "See your name and user name"),
    ("email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", false, "See your e-mail address"),
    ("offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", false, "Stay signed in after you leave"),
    ("User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d", false, "Read your profile"),
    ("User.ReadBasic.All", "b340eb25-3456-403f-be2f-af7a0d370277", false, "Read everybody's names"),
    ("User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59", true, "Read everybody's full profile"),
    ("User.Invite.All", "63dd7cd9-b489-4adf-a28c-ac38b9a0f962", true, "Invite guests"),
    ("Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a", true, "Read the directory"),
    ("Application.Read.All", "c79f8feb-a9db-4090-85f9-90d820caa0eb", true, "Read registrations"),
    ("Application.ReadWrite.All", "bdfbf15f-ee85-4955-8675-146e8e5296b5", true, "Manage registrations"),
    (
        "AppRoleAssignment.ReadWrite.All",
        "84bccea3-f856-4a8a-967b-dbe0a3d53a64",
        true,
        "Assign app roles, and grant application permissions",
    ),
    (
        "DelegatedPermissionGrant.ReadWrite.All",
        "41ce6ca6-6826-4807-84f1-1c82854f7ee5",
        true,
        "Grant delegated permissions",
    ),
    (
        "CrossTenantInformation.ReadBasic.All",
        "cac97e40-6730-457d-ad8d-4852fddab7ad",
        true,
        "Look up other organisations",
    ),
    ("User.ReadWrite", "b4e74841-8e56-480b-be8b-910348b18b4c", false, "Change your profile"),
    ("User.ReadWrite.All", "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4", true, "Manage people"),
    ("Group.Read.All", "5f8c59db-677d-491f-a6b8-5f174b11ec1d", true, "Read groups"),
    ("Group.ReadWrite.All", "4e46008b-f24c-477d-8fff-7bb4ec7aafe0", true, "Manage groups"),
    ("GroupMember.Read.All", "bc024368-1153-4739-b217-4326f2e966d0", true, "Read who is in which group"),
    (
        "Organization.Read.All",
        "4908d5b9-3fb2-4b1e-9336-1888b7937185",
        true,
        "Read the organisation's details",
    ),
    ("Directory.ReadWrite.All", "c5366453-9fb0-48a5-a156-24f0c49a4b84", true, "Manage the directory"),
    ("Directory.AccessAsUser.All", "0e263e50-5827-48a4-b97c-d940288653c7", true, "Use the directory as you"),
    ("Mail.Read", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", false, "Read your mail"),
    ("Calendars.Read", "465a38f9-76ea-45b9-9f34-9e8b0d4b0b42", false, "Read your calendars"),
];

/// Application permissions: value and id.
const ROLES: [(&str, &str); 16] = [
    ("User.Read.All", "df021288-bdef-4463-88db-98f22de89214"),
    ("User.ReadWrite.All", "741f803b-c850-494e-b5df-cde7c675a1ca"),
    ("User.Invite.All", "09850681-111b-4a89-9bed-3f2cae46d706"),
    ("Group.Read.All", "5b567255-7703-4780-807c-7be8301ae99b"),
    ("GroupMember.Read.All", "98830695-27a2-44f7-8c18-0c3ebc9698f6"),
    ("Directory.Read.All", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
    ("Directory.ReadWrite.All", "19dbc75e-c2e2-444c-a770-ec69d8559fc7"),
    ("Organization.Read.All", "498476ce-e0fe-48b0-b801-37ba7e2685c6"),
    ("Application.Read.All", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
    ("Application.ReadWrite.All", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"),
    ("Application.ReadWrite.OwnedBy", "18a4783c-866b-4cc7-a460-3d5e5662c884"),
    ("AppRoleAssignment.ReadWrite.All", "06b708a9-e830-4db3-a914-8e69da51d44f"),
    ("DelegatedPermissionGrant.ReadWrite.All", "8e8e4742-1d95-4f68-9d56-6ee75648c72a"),
    ("CrossTenantInformation.ReadBasic.All", "cac88765-0581-4025-9725-5ebc13f729ee"),
    ("Group.ReadWrite.All", "62a82d76-70ea-41e2-9197-370581804d09"),
    ("Mail.Read", "810c84a8-4a9e-49e6-bf7d-12d183f40d01"),
];

/// Microsoft Graph's registration.
pub(crate) fn graph() -> &'static Application {
    static GRAPH_APPLICATION: LazyLock<Application> = LazyLock::new(|| Application {
        sign_in_audience: SignInAudience::OrgsAndPersonal,
        identifier_uris: vec!["https://graph.microsoft.com".to_owned()],
        scopes: SCOPES.iter().map(scope).collect(),
        app_roles: ROLES.iter().map(role).collect(),
        optional_claims: vec![OptionalClaim::Idtyp, OptionalClaim::XmsCc],
        continuous_access: true,
        ..Application::new(
            known(GRAPH),
            "Microsoft Graph (simulated)",
            known(super::builtin::PERSONAL_ACCOUNTS),
            ApplicationKind::Api,
        )
    });
    &GRAPH_APPLICATION
}

fn scope((value, id, admin_only, title): &(&str, &str, bool, &str)) -> Scope {
    Scope { id: known(id), admin_only: *admin_only, title: Some((*title).to_owned()), ..Scope::new(value) }
}

fn role((value, id): &(&str, &str)) -> AppRole {
    AppRole {
        value: (*value).to_owned(),
        id: known(id),
        members: RoleMembers::Applications,
        enabled: true,
        title: None,
        description: None,
    }
}

fn known<T: std::str::FromStr>(constant: &str) -> T {
    constant.parse().unwrap_or_else(|_| unreachable!("a constant GUID"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_constant_is_a_guid() {
        assert_eq!(super::graph().scopes.len() + super::graph().app_roles.len(), 40);
    }
}
