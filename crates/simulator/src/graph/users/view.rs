//! A person as Graph shows it.

use serde_json::{Value, json};

use crate::graph::call::{Object, members};
use crate::graph::odata::Kind;
use crate::world::Account;

pub(in crate::graph) const KIND: Kind = Kind {
    name: "user",
    set: "users",
    properties: &[
        "businessPhones",
        "displayName",
        "givenName",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "preferredLanguage",
        "surname",
        "userPrincipalName",
        "id",
    ],
    on_request: &[
        "accountEnabled",
        "ageGroup",
        "assignedLicenses",
        "city",
        "companyName",
        "country",
        "createdDateTime",
        "creationType",
        "deletedDateTime",
        "department",
        "employeeId",
        "employeeType",
        "externalUserState",
        "externalUserStateChangeDateTime",
        "faxNumber",
        "identities",
        "imAddresses",
        "mailNickname",
        "onPremisesSyncEnabled",
        "otherMails",
        "passwordPolicies",
        "passwordProfile",
        "postalCode",
        "proxyAddresses",
        "state",
        "streetAddress",
        "usageLocation",
        "userType",
        "securityIdentifier",
    ],
};

/// Properties that are only kept, with what they are before anybody sets them.
pub(super) fn kept_properties() -> [(&'static str, Value); 21] {
    [
        ("businessPhones", json!([])),
        ("jobTitle", Value::Null),
        ("mobilePhone", Value::Null),
        ("officeLocation", Value::Null),
        ("preferredLanguage", Value::Null),
        ("ageGroup", Value::Null),
        ("city", Value::Null),
        ("companyName", Value::Null),
        ("department", Value::Null),
        ("employeeId", Value::Null),
        ("employeeType", Value::Null),
        ("faxNumber", Value::Null),
        ("otherMails", json!([])),
        ("passwordPolicies", Value::Null),
        ("postalCode", Value::Null),
        ("state", Value::Null),
        ("streetAddress", Value::Null),
        ("usageLocation", Value::Null),
        ("givenName", Value::Null),
        ("surname", Value::Null),
        ("mailNickname", Value::Null),
    ]
}

pub(in crate::graph) fn view(account: &Account<'_>) -> Object {
    let user = account.user;
    let kept = |name: &str| user.graph.get(name).cloned();
    let (given, family) = user.display_name.split_once(' ').unwrap_or((&user.display_name, ""));
    let is_external = account.is_guest() || user.upn.contains("#EXT#");
    let state = kept("externalUserState").or(is_external.then(|| json!("Accepted")));
    let mut object = members(json!({
        "id": user.id,
        "displayName": user.display_name,
        "mail": account.email(),
        "userPrincipalName": user.upn,
        "accountEnabled": user.enabled,
        "country": kept("country").or(user.country.as_ref().map(|country| json!(country))),
        "createdDateTime": kept("createdDateTime").unwrap_or(json!("2026-01-01T00:00:00Z")),
        "creationType": is_external.then_some("Invitation"),
        "deletedDateTime": null,
        "externalUserState": state,
        "externalUserStateChangeDateTime": null,
        "assignedLicenses": [],
        "identities": [],
        "imAddresses": [],
        "onPremisesSyncEnabled": null,
        "passwordProfile": null,
        "proxyAddresses": [],
        "securityIdentifier": null,
        "userType": if is_external { "Guest" } else { "Member" },
    }));
    for (name, default) in kept_properties() {
        object.insert(name.to_owned(), kept(name).unwrap_or(default));
    }
    let derived = [
        ("givenName", given),
        ("surname", family),
        ("mailNickname", user.upn.split('@').next().unwrap_or_default()),
    ];
    for (name, value) in derived {
        if object.get(name).is_some_and(Value::is_null) && !value.is_empty() {
            object.insert(name.to_owned(), json!(value));
        }
    }
    object
}
