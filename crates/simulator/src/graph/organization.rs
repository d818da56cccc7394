//! `/organization`, and what one tenant may learn of another: `/tenantRelationships`.

use serde_json::{Value, json};

use super::call::{Call, Object, members};
use super::error::GraphError;
use super::odata::Kind;
use super::path::Key;
use super::permission::{ORGANIZATION_READ, TENANT_INFORMATION_READ};
use super::reply::Reply;
use super::{unknown_segment, wrong_method};
use crate::world::{Tenant, TenantKind};

const KIND: Kind = Kind {
    name: "organization",
    set: "organization",
    properties: &[
        "id",
        "deletedDateTime",
        "businessPhones",
        "city",
        "country",
        "countryLetterCode",
        "createdDateTime",
        "defaultUsageLocation",
        "displayName",
        "marketingNotificationEmails",
        "onPremisesSyncEnabled",
        "postalCode",
        "preferredLanguage",
        "securityComplianceNotificationMails",
        "state",
        "street",
        "technicalNotificationMails",
        "tenantType",
        "assignedPlans",
        "provisionedPlans",
        "verifiedDomains",
    ],
    on_request: &[],
};

/// Everything below `/organization`.
pub(super) fn route(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    if call.method != "GET" {
        return Err(wrong_method(call));
    }
    call.reach(&ORGANIZATION_READ)?;
    let tenant = call.tenant()?;
    match rest {
        [] => call.collection(&KIND, vec![view(tenant)]),
        [id] if *id == tenant.id.to_string() => call.entity(&KIND, view(tenant)),
        [id] => Err(GraphError::not_found(id)),
        [_, unknown, ..] => Err(unknown_segment(unknown)),
    }
}

fn view(tenant: &Tenant) -> Object {
    let domain = |(place, name): (usize, &String)| {
        json!({
            "name": name,
            "isDefault": place == 0,
            "isInitial": place == 0,
            "type": "Managed",
            "capabilities": "Email, OfficeCommunicationsOnline",
        })
    };
    members(json!({
        "id": tenant.id,
        "deletedDateTime": null,
        "businessPhones": [],
        "city": null,
        "country": null,
        "countryLetterCode": tenant.country,
        "createdDateTime": "2026-01-01T00:00:00Z",
        "defaultUsageLocation": tenant.country,
        "displayName": tenant.name,
        "marketingNotificationEmails": [],
        "onPremisesSyncEnabled": null,
        "postalCode": null,
        "preferredLanguage": "en",
        "securityComplianceNotificationMails": [],
        "state": null,
        "street": null,
        "technicalNotificationMails": [],
        "tenantType": if tenant.kind == TenantKind::External { "CIAM" } else { "AAD" },
        "assignedPlans": [],
        "provisionedPlans": [],
        "verifiedDomains": tenant.domains.iter().enumerate().map(domain).collect::<Vec<_>>(),
    }))
}

/// `findTenantInformationByTenantId(tenantId='…')`, `findTenantInformationByDomainName(domainName='…')`
pub(super) fn route_relationships(call: &Call<'_>, rest: &[&str]) -> Result<Reply, GraphError> {
    let (name, key) = match (rest, call.path.key(2)) {
        (["findtenantinformationbytenantid", _], Key::Named("tenantId", key)) => ("tenantId", key),
        (["findtenantinformationbydomainname", _], Key::Named("domainName", key)) => ("domainName", key),
        (rest, _) => return Err(unknown_segment(rest.first().unwrap_or(&""))),
    };
    if call.method != "GET" {
        return Err(wrong_method(call));
    }
    call.reach(&TENANT_INFORMATION_READ)?;
    let is_id = name == "tenantId";
    if is_id && key.parse::<crate::ids::TenantId>().is_err() {
        return Err(GraphError::bad("Invalid value specified for parameter 'tenantId'."));
    }
    let found = call.world.tenant(key).filter(|tenant| tenant.kind != TenantKind::Personal);
    let tenant = found.filter(|tenant| is_id == key.eq_ignore_ascii_case(&tenant.id.to_string()));
    let tenant = tenant.ok_or_else(|| GraphError::not_found(key))?;
    Ok(call.result("microsoft.graph.tenantInformation", members(information(tenant))))
}

fn information(tenant: &Tenant) -> Value {
    json!({
        "tenantId": tenant.id,
        "displayName": tenant.name,
        "defaultDomainName": tenant.domains.first(),
        "federationBrandName": null,
    })
}
