//! Questions that requests ask the world.

use super::{Application, SignInAudience, Tenant, TenantKind, User, World, graph};
use crate::ids::{ObjectId, TenantId};

/// What the first path segment of a request means.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Slot<'w> {
    /// One tenant, by id or domain.
    Tenant(&'w Tenant),
    /// `common`: any account.
    Common,
    /// `organizations`: any organisational account.
    Organizations,
    /// `consumers`: personal accounts, which is a tenant by another name.
    Consumers(&'w Tenant),
}

impl Slot<'_> {
    /// The path segment, rebuilt from what was recognised.
    pub(crate) fn segment(&self) -> String {
        match self {
            Self::Tenant(tenant) => tenant.id.to_string(),
            Self::Common => "common".to_owned(),
            Self::Organizations => "organizations".to_owned(),
            Self::Consumers(_) => "consumers".to_owned(),
        }
    }

    /// What people are told that they sign in to.
    pub(crate) fn place(&self) -> &str {
        match self {
            Self::Tenant(tenant) | Self::Consumers(tenant) => &tenant.name,
            Self::Common => "any organisation or personal account",
            Self::Organizations => "any organisation",
        }
    }
}

/// A person as seen in one tenant, with the account at home.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account<'w> {
    pub(crate) tenant: &'w Tenant,
    pub(crate) user: &'w User,
    pub(crate) home: &'w Tenant,
    pub(crate) home_user: &'w User,
}

impl Account<'_> {
    pub(crate) fn is_guest(&self) -> bool {
        self.tenant.id != self.home.id
    }

    /// The address in `email`.
    pub(crate) fn email(&self) -> &str {
        self.user.email.as_deref().or(self.home_user.email.as_deref()).unwrap_or(&self.home_user.upn)
    }

    /// Whether somebody proved to own the address's domain: said so, or a domain of the home tenant.
    pub(crate) fn email_is_verified(&self) -> bool {
        let said = self.user.email_verified.or(self.home_user.email_verified);
        said.unwrap_or_else(|| {
            let domain = self.email().rsplit_once('@').map_or("", |(_, domain)| domain);
            self.home.domains.iter().any(|known| known.eq_ignore_ascii_case(domain))
        })
    }

    /// Where the person is, two letters.
    pub(crate) fn country(&self) -> Option<&str> {
        self.user.country.as_deref().or(self.home_user.country.as_deref())
    }
}

impl World {
    /// A tenant by id or verified domain, without regard to letter case.
    pub fn tenant(&self, id_or_domain: &str) -> Option<&Tenant> {
        let name = id_or_domain.to_ascii_lowercase();
        match name.parse::<TenantId>() {
            Ok(id) => self.tenant_by_id(id),
            Err(_) => self.tenant_by_domain(&name),
        }
    }

    /// A registered application by client id or App ID URI.
    pub fn application(&self, id_or_uri: &str) -> Option<&Application> {
        let by_id = id_or_uri.parse().ok().and_then(|app_id| self.client(app_id));
        by_id.or_else(|| self.application_by_uri(id_or_uri))
    }

    /// A user of a tenant by object id, UPN, or, for a guest, the UPN or address at home.
    pub fn user(&self, tenant: &str, id_or_name: &str) -> Option<&User> {
        self.account(self.tenant(tenant)?, id_or_name).map(|account| account.user)
    }

    /// An API, Microsoft Graph included.
    pub(crate) fn resource(&self, name: &str) -> Option<&Application> {
        self.application(name).or_else(|| Some(graph()).filter(|graph| graph.is_named(name)))
    }

    pub(crate) fn personal(&self) -> Option<&Tenant> {
        self.tenants().find(|tenant| tenant.kind == TenantKind::Personal)
    }

    pub(crate) fn slot(&self, segment: &str) -> Option<Slot<'_>> {
        match segment.to_ascii_lowercase().as_str() {
            "common" => Some(Slot::Common),
            "organizations" => Some(Slot::Organizations),
            "consumers" => self.personal().map(Slot::Consumers),
            name => self.tenant(name).map(Slot::Tenant),
        }
    }

    /// The account that `name` means in `tenant`.
    pub(crate) fn account<'w>(&'w self, tenant: &'w Tenant, name: &str) -> Option<Account<'w>> {
        self.account_in(tenant, |account| account.answers_to(name))
    }

    /// The same account seen from `tenant`: at home, or as a guest there.
    pub(crate) fn seen_from<'w>(
        &'w self,
        tenant: &'w Tenant,
        home: TenantId,
        oid: ObjectId,
    ) -> Option<Account<'w>> {
        self.account_in(tenant, |account| account.home.id == home && account.home_user.id == oid)
    }

    /// The home account behind a name typed at sign-in: a UPN or address at home, or a guest's UPN elsewhere.
    pub(crate) fn home_account(&self, name: &str) -> Option<Account<'_>> {
        let domain = name.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase());
        // Nearly always the domain says where; the search through every tenant is for the odd addresses.
        let named = domain.and_then(|domain| self.tenant_by_domain(&domain));
        let at_home = named.and_then(|tenant| self.account_in(tenant, |account| account.is_home_of(name)));
        let found = at_home
            .or_else(|| {
                self.tenants().find_map(|one| self.account_in(one, |account| account.is_home_of(name)))
            })
            .or_else(|| {
                self.tenants().find_map(|one| self.account_in(one, |account| account.has_upn(name)))
            })?;
        Some(Account { tenant: found.home, user: found.home_user, ..found })
    }

    fn account_in<'w>(
        &'w self,
        tenant: &'w Tenant,
        fits: impl Fn(&Account<'w>) -> bool,
    ) -> Option<Account<'w>> {
        tenant.users.iter().filter_map(|user| self.account_of(tenant, user)).find(fits)
    }

    pub(crate) fn account_of<'w>(&'w self, tenant: &'w Tenant, user: &'w User) -> Option<Account<'w>> {
        let (home, home_user) = match (user.home_tenant, user.home_user) {
            (Some(home), Some(oid)) => {
                let home = self.tenant_by_id(home)?;
                (home, home.users.iter().find(|user| user.id == oid)?)
            }
            _ => (tenant, user),
        };
        Some(Account { tenant, user, home, home_user })
    }
}

impl Account<'_> {
    fn is_home_of(&self, name: &str) -> bool {
        !self.is_guest() && self.answers_to(name)
    }

    fn has_upn(&self, name: &str) -> bool {
        self.user.upn.eq_ignore_ascii_case(name)
    }

    fn answers_to(&self, name: &str) -> bool {
        name.parse() == Ok(self.user.id)
            || self.user.upn.eq_ignore_ascii_case(name)
            || self.home_user.upn.eq_ignore_ascii_case(name)
            || self.email().eq_ignore_ascii_case(name)
    }
}

impl Application {
    /// Whether accounts of `tenant` are among those that may sign in.
    pub(crate) fn admits(&self, tenant: &Tenant) -> bool {
        let personal = tenant.kind == TenantKind::Personal;
        match self.sign_in_audience {
            SignInAudience::MyOrg => tenant.id == self.home_tenant,
            SignInAudience::MultipleOrgs => {
                !personal && (tenant.kind != TenantKind::External || tenant.id == self.home_tenant)
            }
            SignInAudience::OrgsAndPersonal => true,
            SignInAudience::Personal => personal,
        }
    }

    /// Entra's own list: whether tokens may be issued for `tenant`.
    pub(crate) fn natively_allows(&self, tenant: TenantId) -> bool {
        self.allowed_tenants.as_ref().is_none_or(|list| tenant == self.home_tenant || list.contains(&tenant))
    }
}
