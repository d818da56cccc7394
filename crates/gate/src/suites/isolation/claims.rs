//! Saying to be another tenant, in other places than the token.

use serde_json::{Value, json};

use super::case;
use crate::GateError;
use crate::case::{Case, Expect, Observed, Severity};
use crate::isolation::{Canary, Ground, Sight, broken, leaked};
use crate::report::Finding;
use crate::target::Call;

/// Query parameters and header fields in which APIs have looked for the tenant.
const PARAMETERS: &[&str] = &["tenant", "tenantId", "tenant_id", "tid", "organization", "org_id"];
const FIELDS: &[&str] = &[
    "x-tenant-id",
    "x-tenant",
    "tenant-id",
    "x-organization-id",
    "x-org-id",
    "x-ms-client-principal-tenant",
    COOKIE,
];
/// The field whose value is several names with one value each.
const COOKIE: &str = "cookie";
/// Members of a body.
const MEMBERS: &[&str] = &["tenant_id", "tenantId", "tenant", "organization_id", "orgId"];

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("isolation/tenant-parameter", Severity::Critical)
            .says(
                "another tenant's person and Admin name the owner's tenant in the query",
                "the tenant is what the verified token says, and nothing that the caller adds",
            )
            .by("threat model T-011; seed 001", &["T-011", "T-101"])
            .script(Expect::Forbidden, |stage| {
                Box::pin(Ground::over(stage, |ground| Box::pin(parameter(ground))))
            }),
        case("isolation/tenant-header", Severity::Critical)
            .says(
                "another tenant's person and Admin name the owner's tenant in a header field, or a cookie",
                "fields that a gateway sets are fields that a caller can send",
            )
            .by("threat model T-011, T-034", &["T-011", "T-101"])
            .script(Expect::Forbidden, |stage| {
                Box::pin(Ground::over(stage, |ground| Box::pin(field(ground))))
            }),
        case("isolation/tenant-in-body", Severity::Critical)
            .says(
                "another tenant's person makes a thing and names the owner's tenant in the body",
                "what a caller may bind to a record must not be whose it is",
            )
            .by("OWASP API3:2023 (mass assignment); threat model T-103", &["T-011", "T-103"])
            .script(Expect::Forbidden, |stage| {
                Box::pin(Ground::over(stage, |ground| Box::pin(member(ground))))
            }),
    ]
}

/// How a request names a tenant.
enum Naming {
    Parameter(&'static str),
    Field(&'static str),
}

async fn parameter(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let namings: Vec<_> = PARAMETERS.iter().map(|name| Naming::Parameter(name)).collect();
    named(ground, &namings).await
}

async fn field(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let namings: Vec<_> = FIELDS.iter().map(|name| Naming::Field(name)).collect();
    named(ground, &namings).await
}

async fn named(ground: &Ground<'_>, namings: &[Naming]) -> Result<Observed, GateError> {
    let templates = ground.telling(&[ground.plan.lists(), ground.plan.by_id()].concat()).await?;
    if templates.is_empty() {
        return Ok(Observed::Unclear("the tenant itself does not find its own thing".to_owned()));
    }
    let strangers = [
        ("another tenant's person", ground.person(ground.stranger()).await?),
        ("another tenant's Admin", ground.admin(ground.stranger()).await?),
    ];
    let tenant = &ground.stage.scene().home.tenant;
    let mut requests = 0;
    for template in templates {
        for naming in namings {
            for (who, token) in &strangers {
                requests += 1;
                let (template, name) = (naming.template(template, tenant), naming.name());
                let shot = |canary: &Canary| naming.field(canary.get(&template).bearer(token), tenant);
                match ground.sight_of(&shot, &template).await? {
                    Sight::Canary => return Ok(leaked(who, &format!("GET {template}` with `{name}"))),
                    Sight::Broken(why) => return Ok(broken(&format!("GET {template}"), &why)),
                    Sight::Nothing(_) => {}
                }
            }
        }
    }
    Ok(Observed::AsExpected(format!("{requests} requests that named the owner's tenant showed nothing")))
}

impl Naming {
    fn name(&self) -> &'static str {
        match self {
            Self::Parameter(name) | Self::Field(name) => name,
        }
    }

    fn template(&self, template: &str, tenant: &str) -> String {
        match self {
            Self::Parameter(name) => {
                let separator = if template.contains('?') { '&' } else { '?' };
                format!("{template}{separator}{name}={tenant}")
            }
            Self::Field(_) => template.to_owned(),
        }
    }

    fn field(&self, shot: crate::Shot, tenant: &str) -> crate::Shot {
        match self {
            Self::Parameter(_) => shot,
            Self::Field(COOKIE) => {
                shot.field(COOKIE, format!("tenant={tenant}; tenant_id={tenant}; tid={tenant}"))
            }
            Self::Field(name) => shot.field(name, tenant),
        }
    }
}

async fn member(ground: &Ground<'_>) -> Result<Observed, GateError> {
    let stranger = ground.person(ground.stranger()).await?;
    let mut told = Vec::new();
    for member in MEMBERS {
        let Some(create) = naming(&ground.plan.create, member, &ground.stage.scene().home.tenant) else {
            return Ok(Observed::Unclear("what is made has no JSON object as its body".to_owned()));
        };
        let planted = Canary::planted_by(ground.stage, &create, &ground.plan, &stranger).await?;
        let Ok(canary) = planted else {
            told.push(format!("`{member}`: not made"));
            continue;
        };
        let seen = seen_at_home(ground, &canary).await?;
        ground.clean(&canary, ground.stranger()).await?;
        if seen {
            ground.clean(&canary, &ground.stage.scene().home).await?;
            let detail = format!("`{member}` in the body made it another tenant's");
            return Ok(Observed::Otherwise(Finding::Accepted, detail));
        }
        told.push(format!("`{member}`: ignored"));
    }
    Ok(Observed::AsExpected(told.join("; ")))
}

/// The request with one member more.
fn naming(create: &Call, member: &str, tenant: &str) -> Option<Call> {
    let mut create = create.clone();
    let Some(Value::Object(body)) = &mut create.body else { return None };
    body.insert(member.to_owned(), json!(tenant));
    Some(create)
}

/// Whether the home tenant's person or Admin sees a thing that the other tenant made.
async fn seen_at_home(ground: &Ground<'_>, canary: &Canary) -> Result<bool, GateError> {
    let home = &ground.stage.scene().home;
    let admin = ground.admin(home).await?;
    for token in [&ground.owner, &admin] {
        for template in ground.plan.reads.iter().filter(|template| !template.contains("{canary}")) {
            let answer = ground.stage.send(&canary.get(template).bearer(token)).await?;
            if answer.is_ok_and(|answer| answer.body.contains(&canary.marker)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
