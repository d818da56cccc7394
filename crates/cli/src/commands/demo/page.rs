//! The demo's front page: who may sign in, what to try, and what must not work.

use std::sync::Arc;

use anyhow::Context;
use askama::Template;
use axum::{Router, http::header, response::IntoResponse, routing::get};
use tenantry::{AllowList, ListStatus};
use tenantry_simulator::{Simulator, Tenant, TenantKind, User, World, builtin};

/// What the page and the banner show.
pub(super) struct Stage {
    pub(super) front_door: String,
    pub(super) http: String,
    pub(super) https: String,
    pub(super) organisations: Vec<Organisation>,
    /// The locked list that it runs on, if it does.
    pub(super) list: Option<ListStatus>,
}

/// A tenant with the people who can sign in there.
pub(super) struct Organisation {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) standing: Standing,
    pub(super) people: Vec<Person>,
}

/// What the API makes of a tenant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Allowed,
    Refused,
}

/// Somebody to sign in as. A guest signs in with the account of the home tenant.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) sign_in: String,
    pub(super) password: String,
    pub(super) role: String,
    pub(super) is_guest: bool,
}

impl Stage {
    /// As things stand now: what changes on a locked list later is not shown.
    pub(super) fn new(simulator: &Simulator, tenants: &AllowList, front_door: &str) -> anyhow::Result<Self> {
        let world = simulator.world();
        let allowed: Vec<_> = tenants.tenants().iter().map(ToString::to_string).collect();
        let organisation = |tenant: &Tenant| Organisation {
            id: tenant.id.to_string(),
            name: tenant.name.clone(),
            standing: if allowed.contains(&tenant.id.to_string()) {
                Standing::Allowed
            } else {
                Standing::Refused
            },
            people: tenant.users.iter().filter_map(|user| Person::of(user, &world)).collect(),
        };
        let workforce = world.tenants().filter(|tenant| tenant.kind == TenantKind::Workforce);
        Ok(Self {
            front_door: front_door.to_owned(),
            http: simulator.http_base().context("no HTTP listener")?.to_owned(),
            https: simulator.https_base().context("no HTTPS listener")?.to_owned(),
            organisations: workforce.map(organisation).collect(),
            list: tenants.status(),
        })
    }
}

impl Person {
    fn of(user: &User, world: &World) -> Option<Self> {
        let account = match (user.home_tenant, user.home_user) {
            (Some(tenant), Some(home)) => world
                .tenants()
                .filter(|known| known.id == tenant)
                .flat_map(|known| &known.users)
                .find(|known| known.id == home)?,
            _ => user,
        };
        Some(Self {
            name: user.display_name.clone(),
            sign_in: account.upn.clone(),
            password: account.password.expose().to_owned(),
            role: user.roles.first().cloned().unwrap_or_else(|| "no role".to_owned()),
            is_guest: user.home_tenant.is_some(),
        })
    }
}

#[derive(Template)]
#[template(path = "demo.html")]
struct Page<'s> {
    stage: &'s Stage,
    api: &'static str,
    scope: &'static str,
    client: &'static str,
    editor: &'static str,
    contoso: &'static str,
    northwind: &'static str,
    northwind_editor: &'static str,
}

/// The page and its two files.
pub(super) fn router(stage: &Stage) -> anyhow::Result<Router> {
    let page: Arc<str> = render(stage)?.into();
    let policy: Arc<str> = content_security_policy(stage).into();
    Ok(Router::new()
        .route("/", get(async move || file(&page, "text/html; charset=utf-8", &policy)))
        .route(
            "/demo.css",
            get(async || file(include_str!("../../../templates/demo.css"), "text/css", "default-src 'none'")),
        )
        .route(
            "/demo.js",
            get(async || {
                file(include_str!("../../../templates/demo.js"), "text/javascript", "default-src 'none'")
            }),
        ))
}

fn render(stage: &Stage) -> anyhow::Result<String> {
    let page = Page {
        stage,
        api: builtin::API,
        scope: builtin::API_SCOPE,
        client: builtin::SPA,
        editor: builtin::CONTOSO_EDITOR,
        contoso: builtin::CONTOSO,
        northwind: builtin::NORTHWIND,
        northwind_editor: builtin::NORTHWIND_EDITOR,
    };
    Ok(page.render()?)
}

/// Own files only, and requests to this API and to the simulator's token endpoint (T-062).
fn content_security_policy(stage: &Stage) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {}; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        stage.http
    )
}

fn file(text: &str, content_type: &'static str, policy: &str) -> impl IntoResponse + use<> {
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, text.to_owned())
}
