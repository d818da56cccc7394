//! What the world lacks for a target is added to it by the simulator's controls: the API's registration, and tenants that only
//! `gate.toml` or a reviewed list knows.

use serde_json::{Value, json};

use super::{Directory, DirectoryTenant, Issuer};
use crate::scene::{self, guid};
use crate::{GateError, ReviewedTenant, Target};

impl Issuer {
    /// Adds the target's API and its tenants, as far as the world lacks them. Tells what was added, one line each.
    ///
    /// Tenants of `gate.toml` are added if they are named by id: nobody can guess a domain's.
    ///
    /// # Errors
    /// [`GateError::Simulator`] if a control refuses.
    pub async fn furnish(
        &self,
        target: &Target,
        reviewed: &[ReviewedTenant],
    ) -> Result<Vec<String>, GateError> {
        let mut added = Vec::new();
        let before = self.directory().await?;
        let role = target.api.role.as_deref();
        let guest = before.tenant(scene::unlisted(target)).and_then(|tenant| tenant.member(None));
        for tenant in missing(&before, &named(target, reviewed)) {
            let stranger = guest.map(|user| (user.home_tenant.as_str(), user.id.as_str()));
            self.post::<Value>("/sim/tenants", &tenant_of(tenant, role, stranger)).await?;
            added.push(format!("tenant {} ({})", tenant.id, tenant.name));
        }
        if !before.applications.iter().any(|app| app.app_id.eq_ignore_ascii_case(&target.api.client_id)) {
            let now = self.directory().await?;
            let home = now.tenant(scene::home(target)).map_or("", |tenant: &DirectoryTenant| &tenant.id);
            self.post::<Value>("/sim/applications", &registration(target, home)).await?;
            added.push(format!("API {} ({})", target.api.client_id, target.name));
        }
        Ok(added)
    }
}

/// The tenants that a list names, and those that `gate.toml` names by id.
fn named(target: &Target, reviewed: &[ReviewedTenant]) -> Vec<ReviewedTenant> {
    let tenants = &target.tenants;
    let by_id = tenants.listed.iter().chain(&tenants.unlisted).chain(&tenants.suspended);
    let by_id = by_id.filter(|name| is_guid(name)).map(|id| ReviewedTenant {
        id: id.to_ascii_lowercase(),
        name: format!("Tenant {}", &id[..8]),
        guests: true,
    });
    reviewed.iter().cloned().chain(by_id).collect()
}

fn missing<'t>(directory: &Directory, named: &'t [ReviewedTenant]) -> Vec<&'t ReviewedTenant> {
    let mut missing: Vec<&ReviewedTenant> =
        named.iter().filter(|tenant| directory.tenant(&tenant.id).is_none()).collect();
    missing.sort_by(|a, b| a.id.cmp(&b.id));
    missing.dedup_by(|a, b| a.id == b.id);
    missing
}

/// A tenant with a member, and with a guest if there is somebody to invite.
fn tenant_of(tenant: &ReviewedTenant, role: Option<&str>, stranger: Option<(&str, &str)>) -> Value {
    let domain = format!("{}.gate.example", tenant.id);
    let member = json!({
        "id": guid(&format!("member/{}", tenant.id)),
        "upn": format!("member@{domain}"),
        "display_name": format!("Member of {}", tenant.name),
        "password": "not-a-real-password",
        "roles": role.iter().collect::<Vec<_>>(),
    });
    let guest = stranger.map(|(home_tenant, home_user)| {
        json!({
            "id": guid(&format!("guest/{}", tenant.id)),
            "upn": format!("guest_elsewhere.example#EXT#@{domain}"),
            "display_name": format!("Guest of {}", tenant.name),
            "roles": role.iter().collect::<Vec<_>>(),
            "home_tenant": home_tenant,
            "home_user": home_user,
        })
    });
    let users: Vec<Value> = [Some(member), guest].into_iter().flatten().collect();
    json!({ "id": tenant.id, "name": tenant.name, "domains": [domain], "kind": "workforce", "users": users })
}

/// The API as its team would register it, with the claims by which guests and programs are told from members.
fn registration(target: &Target, home_tenant: &str) -> Value {
    let api = &target.api;
    json!({
        "app_id": api.client_id.to_ascii_lowercase(),
        "display_name": target.name,
        "home_tenant": home_tenant,
        "kind": "api",
        "sign_in_audience": "AzureADMultipleOrgs",
        "identifier_uris": [api.uri()],
        "scopes": api.scope.split_whitespace().collect::<Vec<_>>(),
        "app_roles": api.role.iter().collect::<Vec<_>>(),
        "token_version": api.version(),
        "optional_claims": ["acct", "idtyp"],
    })
}

/// Whether a text has the form of a tenant id, RFC 9562 §4.
fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = groups.iter().map(|group| group.len());
    lengths.eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::is_guid;

    #[test]
    fn domains_are_no_ids() {
        assert!(is_guid("C0000000-0000-4000-a000-000000000001"));
        for other in ["contoso.example", "", "c0000000-0000-4000-a000-00000000000g", "c0000000"] {
            assert!(!is_guid(other), "{other}");
        }
    }
}
