//! Templates of `gate.toml`, one for each framework, and what is usual there.

use clap::ValueEnum;
use tenantry_simulator::builtin;

use super::answers::Answers;

/// A framework for which there is a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Preset {
    /// The tasks example of this repository
    Tasks,
    /// ASP.NET Core with Microsoft.Identity.Web
    Aspnet,
    /// Spring Boot with the OAuth 2.0 resource server
    Spring,
    /// Express with jose or express-oauth2-jwt-bearer
    Express,
    /// FastAPI with fastapi-azure-auth or PyJWT
    Fastapi,
    /// Go with golang-jwt or go-oidc
    Go,
}

/// What is usual for a framework.
pub(super) struct Usual {
    template: &'static str,
    url: &'static str,
    start: &'static str,
    env: &'static [(&'static str, &'static str)],
    role: &'static str,
    versions: &'static [u8],
    probes: &'static [&'static str],
}

const AUTHORITY: (&str, &str) = ("AUTHORITY", "{authority}");
const PORT: (&str, &str) = ("PORT", "{port}");

impl Preset {
    pub(super) const fn usual(self) -> Usual {
        let usual = Usual {
            template: "",
            url: "http://127.0.0.1:3000",
            start: "",
            env: &[PORT, AUTHORITY],
            role: "",
            versions: &[2],
            probes: &["/api/me"],
        };
        match self {
            Self::Tasks => Usual {
                template: include_str!("../../../../templates/gate/tasks.toml"),
                start: "target/release/tasks",
                env: TASKS_ENV,
                role: "Editor",
                versions: &[1, 2],
                probes: &["/api/tasks"],
                ..usual
            },
            Self::Aspnet => Usual {
                template: include_str!("../../../../templates/gate/aspnet.toml"),
                url: "http://127.0.0.1:5000",
                env: ASPNET_ENV,
                ..usual
            },
            Self::Spring => Usual {
                template: include_str!("../../../../templates/gate/spring.toml"),
                url: "http://127.0.0.1:8080",
                env: &[("SERVER_PORT", "{port}"), AUTHORITY],
                ..usual
            },
            Self::Express => {
                Usual { template: include_str!("../../../../templates/gate/express.toml"), ..usual }
            }
            Self::Fastapi => Usual {
                template: include_str!("../../../../templates/gate/fastapi.toml"),
                url: "http://127.0.0.1:8000",
                env: &[AUTHORITY],
                ..usual
            },
            Self::Go => Usual {
                template: include_str!("../../../../templates/gate/go.toml"),
                url: "http://127.0.0.1:8080",
                ..usual
            },
        }
    }

    /// What an answer is if nobody gives one.
    pub(super) fn answers(self) -> Answers {
        let usual = self.usual();
        Answers {
            name: "My API".to_owned(),
            url: usual.url.to_owned(),
            start: usual.start.to_owned(),
            client_id: builtin::API.to_owned(),
            scope: "access_as_user".to_owned(),
            role: usual.role.to_owned(),
            versions: usual.versions.to_vec(),
            probes: usual.probes.iter().map(|&probe| probe.to_owned()).collect(),
        }
    }
}

impl Usual {
    pub(super) const fn template(&self) -> &'static str {
        self.template
    }

    pub(super) const fn env(&self) -> &'static [(&'static str, &'static str)] {
        self.env
    }
}

const TASKS_ENV: &[(&str, &str)] = &[
    ("TASKS_LISTEN", "127.0.0.1:{port}"),
    ("AZURE_AUTHORITY_HOST", "{authority}"),
    ("AZURE_API_CLIENT_ID", "@client-id@"),
    ("ALLOWED_TENANT_IDS", "c0000000-0000-4000-a000-000000000001,fab00000-0000-4000-a000-000000000002"),
    ("DATABASE_URL", "sqlite::memory:"),
    ("TASKS_WELL_KNOWN", "true"),
];

const ASPNET_ENV: &[(&str, &str)] = &[
    ("ASPNETCORE_URLS", "http://127.0.0.1:{port}"),
    ("AzureAd__Instance", "{authority}/"),
    ("AzureAd__TenantId", "organizations"),
    ("AzureAd__ClientId", "@client-id@"),
    ("SSL_CERT_FILE", "{ca}"),
];
