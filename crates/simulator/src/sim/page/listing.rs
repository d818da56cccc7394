//! Tenants with their people, and applications: searched and paged.

use std::collections::HashMap;

use url::form_urlencoded::Serializer;

use super::Asked;
use crate::authority::Version;
use crate::ids::AppId;
use crate::pages::directory::{ApplicationView, Listing, PersonView, TenantView};
use crate::state::Context;
use crate::world::{
    Account, Application, ApplicationKind, RedirectUri, SignInAudience, Tenant, TenantKind, World,
};

const TENANTS_SHOWN: usize = 20;
const APPLICATIONS_SHOWN: usize = 20;
/// People shown of one tenant.
const PEOPLE_SHOWN: usize = 50;
/// Names of tenants where an application is consented to.
const CONSENTED_SHOWN: usize = 5;

pub(super) fn tenants(world: &World, context: &Context, asked: &Asked) -> Listing<TenantView> {
    let wanted = asked.q.trim().to_lowercase();
    let found: Vec<Found<'_>> = world.tenants().filter_map(|tenant| find(world, tenant, &wanted)).collect();
    // A few are shown open, many would hide each other.
    let few = found.len() <= 5;
    let shown = paged(found, TENANTS_SHOWN, ("tenants", &asked.tenants), &asked.q);
    shown.map(|found| tenant_view(context, found, few))
}

pub(super) fn applications(world: &World, asked: &Asked) -> Listing<ApplicationView> {
    let wanted = asked.q.trim().to_lowercase();
    let fits = |app: &&Application| {
        contains(&app.display_name, &wanted) || contains(&app.app_id.to_string(), &wanted)
    };
    let found: Vec<&Application> = world.applications().filter(fits).collect();
    let shown = paged(found, APPLICATIONS_SHOWN, ("applications", &asked.applications), &asked.q);
    let mut consents = consents(world, &shown.items);
    shown.map(|app| application_view(world, app, consents.remove(&app.app_id).unwrap_or_default()))
}

/// A tenant, and those of its people that are to be shown.
struct Found<'w> {
    tenant: &'w Tenant,
    people: Vec<Account<'w>>,
    people_total: usize,
}

/// All people of a tenant that fits by itself; otherwise those that fit.
fn find<'w>(world: &'w World, tenant: &'w Tenant, wanted: &str) -> Option<Found<'w>> {
    let itself = contains(&tenant.name, wanted)
        || contains(&tenant.id.to_string(), wanted)
        || tenant.domains.iter().any(|domain| contains(domain, wanted));
    let accounts = tenant.users.iter().filter_map(|user| world.account_of(tenant, user));
    let fitting = accounts.filter(|account| itself || person_fits(account, wanted));
    let (mut people, mut people_total) = (Vec::new(), 0);
    for account in fitting {
        people_total += 1;
        if people.len() < PEOPLE_SHOWN {
            people.push(account);
        }
    }
    (itself || people_total > 0).then_some(Found { tenant, people, people_total })
}

fn person_fits(account: &Account<'_>, wanted: &str) -> bool {
    contains(&account.user.display_name, wanted)
        || contains(&account.user.upn, wanted)
        || contains(&account.home_user.upn, wanted)
        || contains(&account.user.id.to_string(), wanted)
}

fn contains(text: &str, wanted_in_lower_case: &str) -> bool {
    wanted_in_lower_case.is_empty() || text.to_lowercase().contains(wanted_in_lower_case)
}

/// The screenful that was asked for, or the nearest there is.
fn paged<T>(all: Vec<T>, size: usize, (name, asked): (&str, &str), query: &str) -> Listing<T> {
    let total = all.len();
    let last = total.div_ceil(size).max(1);
    let number = asked.parse().unwrap_or(1).clamp(1, last);
    let address = |number: usize| {
        let pairs = [("q", query), (name, &number.to_string())];
        let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
        format!("/sim?{}#{name}", Serializer::new(String::new()).extend_pairs(pairs).finish())
    };
    Listing {
        items: all.into_iter().skip((number - 1) * size).take(size).collect(),
        total,
        from: (number - 1) * size + 1,
        previous: (number > 1).then(|| address(number - 1)),
        next: (number < last).then(|| address(number + 1)),
    }
}

fn tenant_view(context: &Context, found: Found<'_>, open: bool) -> TenantView {
    let Found { tenant, people, people_total } = found;
    TenantView {
        id: tenant.id.to_string(),
        name: tenant.name.clone(),
        domains: tenant.domains.clone(),
        kind: kind_of_tenant(tenant.kind),
        people_left_out: people_total - people.len(),
        people: people.iter().map(person_view).collect(),
        applications: tenant.service_principals.len(),
        metadata: super::configuration::face(&context.authority, tenant)
            .metadata(&tenant.id.to_string(), Version::V2),
        open,
    }
}

fn kind_of_tenant(kind: TenantKind) -> &'static str {
    match kind {
        TenantKind::Workforce => "organisation",
        TenantKind::Personal => "personal accounts",
        TenantKind::External => "customers",
    }
}

/// A guest signs in with name and password from home.
fn person_view(account: &Account<'_>) -> PersonView {
    let directory_roles = account.user.directory_roles.iter().map(|role| {
        // The name in the world file.
        serde_json::to_value(role)
            .ok()
            .and_then(|name| name.as_str().map(ToOwned::to_owned))
            .unwrap_or_default()
    });
    PersonView {
        name: account.user.display_name.clone(),
        user_name: account.home_user.upn.clone(),
        password: account.home_user.password.expose().to_owned(),
        roles: account.user.roles.iter().cloned().chain(directory_roles).collect(),
        home: account.is_guest().then(|| account.home.name.clone()),
        enabled: account.user.enabled && account.home_user.enabled,
    }
}

/// Names of the first tenants that know an application, and how many do.
#[derive(Default)]
struct Consents {
    names: Vec<String>,
    total: usize,
}

/// One walk through the world for all applications of the screenful.
fn consents(world: &World, shown: &[&Application]) -> HashMap<AppId, Consents> {
    let mut consents: HashMap<AppId, Consents> =
        shown.iter().map(|app| (app.app_id, Consents::default())).collect();
    for tenant in world.tenants() {
        for principal in &tenant.service_principals {
            if let Some(found) = consents.get_mut(&principal.app_id) {
                found.total += 1;
                if found.names.len() < CONSENTED_SHOWN {
                    found.names.push(tenant.name.clone());
                }
            }
        }
    }
    consents
}

fn application_view(world: &World, app: &Application, consents: Consents) -> ApplicationView {
    let configurable = super::choice::client_kind(app).is_some();
    ApplicationView {
        id: app.app_id.to_string(),
        name: app.display_name.clone(),
        kind: kind_of_application(app.kind),
        home: world.tenant_by_id(app.home_tenant).map_or_else(String::new, |home| home.name.clone()),
        audience: audience(app.sign_in_audience),
        redirect_uris: app.redirect_uris.iter().map(RedirectUri::uri).map(ToOwned::to_owned).collect(),
        identifier_uris: app.identifier_uris.clone(),
        scopes: app.scopes.iter().map(|scope| scope.value.clone()).collect(),
        roles: app.app_roles.iter().map(|role| role.value.clone()).collect(),
        secrets: app.secrets.iter().map(|secret| secret.text.expose().to_owned()).collect(),
        consented: consents.names,
        consented_total: consents.total,
        configure: configurable.then(|| format!("/sim?app={}#configuration", app.app_id)),
    }
}

fn kind_of_application(kind: ApplicationKind) -> &'static str {
    match kind {
        ApplicationKind::Api => "API",
        ApplicationKind::Spa => "single-page application",
        ApplicationKind::Web => "web application",
        ApplicationKind::Native => "native application",
        ApplicationKind::Daemon => "daemon",
    }
}

fn audience(audience: SignInAudience) -> &'static str {
    match audience {
        SignInAudience::MyOrg => "its own tenant",
        SignInAudience::MultipleOrgs => "any organisation",
        SignInAudience::OrgsAndPersonal => "any organisation and personal accounts",
        SignInAudience::Personal => "personal accounts",
    }
}

impl<T> Listing<T> {
    fn map<U>(self, view: impl FnMut(T) -> U) -> Listing<U> {
        Listing {
            items: self.items.into_iter().map(view).collect(),
            total: self.total,
            from: self.from,
            previous: self.previous,
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_number_that_makes_no_sense_shows_the_nearest_screenful() {
        for (asked, from, shown) in [
            ("", 1, 20),
            ("2", 21, 20),
            ("3", 41, 5),
            ("99", 41, 5),
            ("0", 1, 20),
            ("-1", 1, 20),
            ("x", 1, 20),
        ] {
            let listing = paged((0..45).collect(), 20, ("tenants", asked), "a&b");
            assert_eq!((listing.from, listing.items.len(), listing.total), (from, shown, 45), "{asked}");
            assert!(listing.next.is_none_or(|url| url.starts_with("/sim?q=a%26b&tenants=")), "{asked}");
        }
        assert_eq!(paged(Vec::<u8>::new(), 20, ("tenants", "7"), "").items.len(), 0);
    }

    #[test]
    fn a_search_finds_tenants_by_their_people_and_shows_only_these() {
        let world = World::builtin();
        let fabrikam = world.tenant("fabrikam.example").unwrap();
        let found = find(&world, fabrikam, "amira").unwrap();
        assert_eq!((found.people.len(), found.people_total), (1, 1));
        assert_eq!(find(&world, fabrikam, "fabrik").unwrap().people.len(), fabrikam.users.len());
        assert!(find(&world, fabrikam, "alice").is_none());
    }
}
