//! Ids of the built-in world, for tests that name things: see `builtin.toml` beside this file.
//!
//! All are GUIDs in lower case, the form tokens carry.

/// Tenant Contoso, `contoso.example`: home of the APIs.
pub const CONTOSO: &str = "c0000000-0000-4000-a000-000000000001";
/// Tenant Fabrikam, `fabrikam.example`: an allowed partner.
pub const FABRIKAM: &str = "fab00000-0000-4000-a000-000000000002";
/// Tenant Northwind, `northwind.example`: consented, and on nobody's allow-list.
pub const NORTHWIND: &str = "d0000000-0000-4000-a000-000000000003";
/// The tenant of personal accounts, the same as at Microsoft.
pub const PERSONAL_ACCOUNTS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// Alice Admin, `alice@contoso.example`, role Admin.
pub const CONTOSO_ADMIN: &str = "c0000000-0000-4000-b000-0000000000a1";
/// Edgar Editor, `edgar@contoso.example`, role Editor.
pub const CONTOSO_EDITOR: &str = "c0000000-0000-4000-b000-0000000000e1";
/// Rita Reader, `rita@contoso.example`, role Reader.
pub const CONTOSO_READER: &str = "c0000000-0000-4000-b000-0000000000f1";
/// Norman Norole, `norman@contoso.example`, without a role.
pub const CONTOSO_NO_ROLE: &str = "c0000000-0000-4000-b000-000000000001";
/// Amira Admin, `amira@fabrikam.example`, role Admin.
pub const FABRIKAM_ADMIN: &str = "fab00000-0000-4000-b000-0000000000a2";
/// Emil Editor, `emil@fabrikam.example`, role Editor.
pub const FABRIKAM_EDITOR: &str = "fab00000-0000-4000-b000-0000000000e2";
/// Ruben Reader, `ruben@fabrikam.example`, role Reader.
pub const FABRIKAM_READER: &str = "fab00000-0000-4000-b000-0000000000f2";
/// Nora Norole, `nora@fabrikam.example`, without a role.
pub const FABRIKAM_NO_ROLE: &str = "fab00000-0000-4000-b000-000000000002";
/// Anton Admin, `anton@northwind.example`, role Admin.
pub const NORTHWIND_ADMIN: &str = "d0000000-0000-4000-b000-0000000000a3";
/// Esther Editor, `esther@northwind.example`, role Editor.
pub const NORTHWIND_EDITOR: &str = "d0000000-0000-4000-b000-0000000000e3";
/// Rosa Reader, `rosa@northwind.example`, role Reader.
pub const NORTHWIND_READER: &str = "d0000000-0000-4000-b000-0000000000f3";
/// Nils Norole, `nils@northwind.example`, without a role.
pub const NORTHWIND_NO_ROLE: &str = "d0000000-0000-4000-b000-000000000003";
/// Emil of Fabrikam as a guest in Contoso, role Editor.
pub const FABRIKAM_GUEST_IN_CONTOSO: &str = "c0000000-0000-4000-b000-000000000071";
/// Esther of Northwind as a guest in Contoso, role Reader.
pub const NORTHWIND_GUEST_IN_CONTOSO: &str = "c0000000-0000-4000-b000-000000000072";
/// Casey, a personal account, as a guest in Contoso, role Reader.
pub const PERSONAL_GUEST_IN_CONTOSO: &str = "c0000000-0000-4000-b000-000000000073";
/// Casey, `casey@outlook.example`, at home.
pub const PERSONAL_USER: &str = "00000000-0000-4000-b000-0000000000c1";
/// The tasks API: version 2 tokens, scope `access_as_user`, native list Contoso and Fabrikam.
pub const API: &str = "a0000000-0000-4000-8000-000000000001";
/// The tasks API registered for version 1 tokens.
pub const API_V1: &str = "a0000000-0000-4000-8000-000000000002";
/// Another API, scope `invoices.read`.
pub const OTHER_API: &str = "a0000000-0000-4000-8000-000000000003";
/// An API that calls the tasks API on behalf of people; one consent covers both. There in Contoso only.
pub const REPORTS_API: &str = "a0000000-0000-4000-8000-000000000004";
/// An API whose tokens are signed with a key of its own. There in Contoso only.
pub const LEDGER_API: &str = "a0000000-0000-4000-8000-000000000005";
/// The API of the external tenant.
pub const SHOP_API: &str = "a0000000-0000-4000-8000-000000000006";
/// The single-page application of the external tenant.
pub const SHOP_SPA: &str = "a0000000-0000-4000-8000-000000000013";
/// The client of the reports API: a web application with hybrid flow and a front-channel logout page.
pub const REPORTS_WEB: &str = "a0000000-0000-4000-8000-000000000021";
/// A web application that is only for people who were assigned to it, in Contoso.
pub const PAYROLL: &str = "a0000000-0000-4000-8000-000000000022";
/// A program of Contoso that may manage registrations by Microsoft Graph.
pub const PROVISIONING: &str = "a0000000-0000-4000-8000-000000000044";
/// The external tenant, whose people are customers.
pub const CUSTOMERS: &str = "e0000000-0000-4000-a000-000000000004";
/// Carla, a customer of the external tenant.
pub const CUSTOMER: &str = "e0000000-0000-4000-b000-0000000000c2";
/// The multi-tenant single-page application, consented in all three organisations.
pub const SPA: &str = "a0000000-0000-4000-8000-000000000010";
/// Fabrikam's own single-page application, single-tenant.
pub const FABRIKAM_SPA: &str = "a0000000-0000-4000-8000-000000000011";
/// Northwind's own single-page application, single-tenant.
pub const NORTHWIND_SPA: &str = "a0000000-0000-4000-8000-000000000012";
/// The multi-tenant web application, with a secret.
pub const WEB: &str = "a0000000-0000-4000-8000-000000000020";
/// The command-line client: redirect `http://localhost`, any port.
pub const NATIVE: &str = "a0000000-0000-4000-8000-000000000030";
/// Contoso's daemon, app role Editor.
pub const CONTOSO_DAEMON: &str = "a0000000-0000-4000-8000-000000000040";
/// Fabrikam's daemon, app role Editor.
pub const FABRIKAM_DAEMON: &str = "a0000000-0000-4000-8000-000000000041";
/// Northwind's daemon, app role Editor.
pub const NORTHWIND_DAEMON: &str = "a0000000-0000-4000-8000-000000000042";
/// A daemon of Contoso that was granted nothing.
pub const DAEMON_WITHOUT_ROLE: &str = "a0000000-0000-4000-8000-000000000043";
/// A multi-tenant web application of Fabrikam without a service principal anywhere.
pub const UNCONSENTED: &str = "a0000000-0000-4000-8000-000000000050";
/// App ID URI of [`API`].
pub const API_URI: &str = "api://a0000000-0000-4000-8000-000000000001";
/// App ID URI of [`API_V1`].
pub const API_V1_URI: &str = "api://a0000000-0000-4000-8000-000000000002";
/// The delegated scope of [`API`] as clients ask for it.
pub const API_SCOPE: &str = "api://a0000000-0000-4000-8000-000000000001/access_as_user";
/// Secret of [`WEB`].
pub const WEB_SECRET: &str = "not-a-real-secret-tasks-web";
/// Secret of [`CONTOSO_DAEMON`].
pub const CONTOSO_DAEMON_SECRET: &str = "not-a-real-secret-contoso-daemon";
/// Secret of [`FABRIKAM_DAEMON`].
pub const FABRIKAM_DAEMON_SECRET: &str = "not-a-real-secret-fabrikam-daemon";
/// Secret of [`NORTHWIND_DAEMON`].
pub const NORTHWIND_DAEMON_SECRET: &str = "not-a-real-secret-northwind-daemon";
/// Secret of [`DAEMON_WITHOUT_ROLE`].
pub const DAEMON_WITHOUT_ROLE_SECRET: &str = "not-a-real-secret-idle-daemon";

/// The development password of a built-in user: `password("alice")` for `alice@contoso.example`.
pub fn password(first_name: &str) -> String {
    format!("not-a-real-password-{first_name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    #[test]
    fn the_constants_name_what_the_file_defines() {
        let world = World::builtin();
        for tenant in [CONTOSO, FABRIKAM, NORTHWIND, PERSONAL_ACCOUNTS, CUSTOMERS] {
            assert_eq!(world.tenant(tenant).unwrap().id.to_string(), tenant);
        }
        for (tenant, user) in [
            (CONTOSO, CONTOSO_ADMIN),
            (CONTOSO, CONTOSO_NO_ROLE),
            (CONTOSO, FABRIKAM_GUEST_IN_CONTOSO),
            (CONTOSO, PERSONAL_GUEST_IN_CONTOSO),
            (FABRIKAM, FABRIKAM_EDITOR),
            (NORTHWIND, NORTHWIND_READER),
            (PERSONAL_ACCOUNTS, PERSONAL_USER),
            (CUSTOMERS, CUSTOMER),
        ] {
            assert_eq!(world.user(tenant, user).unwrap().id.to_string(), user);
        }
        for application in [
            API,
            API_V1,
            OTHER_API,
            REPORTS_API,
            LEDGER_API,
            SHOP_API,
            SPA,
            SHOP_SPA,
            WEB,
            REPORTS_WEB,
            PAYROLL,
            NATIVE,
            CONTOSO_DAEMON,
            DAEMON_WITHOUT_ROLE,
            PROVISIONING,
            UNCONSENTED,
        ] {
            assert_eq!(world.application(application).unwrap().app_id.to_string(), application);
        }
        assert_eq!(world.application(API_URI).unwrap().app_id.to_string(), API);
    }
}
