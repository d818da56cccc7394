//! `/invitations`: a person from elsewhere becomes a guest.

use serde_json::{Value, json};

use super::call::{Call, members};
use super::error::GraphError;
use super::permission::INVITE;
use super::reply::Reply;
use super::users::nobody;
use super::wrong_method;
use crate::graph::applications::keep;
use crate::ids::{ObjectId, TenantId};
use crate::world::{User, World};

/// `POST /invitations`. The guest may sign in at once, if the address is somebody's in this world.
pub(super) fn route(call: &Call<'_>) -> Result<Reply, GraphError> {
    if call.method != "POST" {
        return Err(wrong_method(call));
    }
    call.reach(&INVITE)?;
    let body = call.json()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let missing = |name: &str| {
        let message = format!("A value is required for property '{name}' of resource 'Invitation'.");
        GraphError::bad(message).detail("MissingValue", name)
    };
    let address = text("invitedUserEmailAddress").ok_or_else(|| missing("invitedUserEmailAddress"))?;
    let redirect = text("inviteRedirectUrl").ok_or_else(|| missing("inviteRedirectUrl"))?;
    let (local, domain) = address.rsplit_once('@').unwrap_or_default();
    if local.is_empty() || domain.is_empty() || address.contains(char::is_whitespace) {
        return Err(GraphError::bad("The invited user email address is not valid.")
            .detail("InvalidValue", "invitedUserEmailAddress"));
    }
    let name = text("invitedUserDisplayName").unwrap_or(local);
    let (guest, state) = call.change(|world| invite(call, world, address, name))?;
    call.made(&guest.to_string());
    let mut answer = members(json!({
        "id": call.context.state.random.guid().to_string(),
        "inviteRedeemUrl": format!("{}/?redeem={guest}", call.context.authority.base()),
        "invitedUserDisplayName": name,
        "invitedUserType": "Guest",
        "invitedUserEmailAddress": address,
        "sendInvitationMessage": body.get("sendInvitationMessage") == Some(&Value::Bool(true)),
        "resetRedemption": false,
        "inviteRedirectUrl": redirect,
        "status": state,
        "invitedUserMessageInfo": { "messageLanguage": null, "customizedMessageBody": null, "ccRecipients": [] },
        "invitedUser": { "id": guest },
    }));
    answer.remove("@odata.context");
    let mut reply = call.result("invitations/$entity", answer);
    reply.status = 201;
    Ok(reply)
}

/// The guest's object, and how far the invitation is. An address that is a guest already keeps its object.
fn invite(
    call: &Call<'_>,
    world: &mut World,
    address: &str,
    name: &str,
) -> Result<(ObjectId, &'static str), GraphError> {
    let here = world.tenant_by_id(call.caller.tenant).ok_or_else(GraphError::denied)?;
    let home = world.home_account(address).filter(|account| account.home.id != here.id);
    let home: Option<(TenantId, ObjectId)> = home.map(|account| (account.home.id, account.home_user.id));
    let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()).unwrap_or_default();
    if here.domains.contains(&domain) {
        let message = "The invited user already exists in the directory as object of a verified domain of this organization.";
        return Err(GraphError::bad(message).detail("InvalidValue", "invitedUserEmailAddress"));
    }
    let initial = here.domains.first().map(String::as_str).unwrap_or_default();
    let upn = format!("{}#EXT#@{initial}", address.replace('@', "_"));
    let is_it = |user: &&User| match home {
        Some((tenant, id)) => user.home_tenant == Some(tenant) && user.home_user == Some(id),
        None => user.upn.eq_ignore_ascii_case(&upn),
    };
    let state = if home.is_some() { "Completed" } else { "PendingAcceptance" };
    if let Some(guest) = here.users.iter().find(is_it) {
        return Ok((guest.id, state));
    }
    let id: ObjectId =
        call.context.state.random.guid().to_string().parse().map_err(|_| GraphError::denied())?;
    let mut guest = User {
        upn,
        display_name: name.to_owned(),
        email: home.is_none().then(|| address.to_owned()),
        home_tenant: home.map(|(tenant, _)| tenant),
        home_user: home.map(|(_, user)| user),
        ..nobody(id)
    };
    keep(&mut guest.graph, "createdDateTime", &json!(call.now_text()));
    if home.is_none() {
        keep(&mut guest.graph, "externalUserState", &json!("PendingAcceptance"));
    }
    let tenant = world.tenant_mut(call.caller.tenant).ok_or_else(GraphError::denied)?;
    tenant.users.push(guest);
    Ok((id, state))
}
