//! The last requests, latest first.

use time::OffsetDateTime;
use time::macros::format_description;

use crate::pages::directory::RequestView;
use crate::requests::RecordedRequest;
use crate::world::World;

pub(super) fn views(world: &World, requests: &[RecordedRequest]) -> Vec<RequestView> {
    requests.iter().rev().map(|request| view(world, request)).collect()
}

fn view(world: &World, request: &RecordedRequest) -> RequestView {
    let parameter = |name: &str| request.parameters.get(name).map(String::as_str);
    let client_id = parameter("client_id").unwrap_or_default();
    let client = client_id.parse().ok().and_then(|id| world.client(id));
    let detail = ["grant_type", "prompt", "response_type", "scope"].into_iter().find_map(parameter);
    RequestView {
        time: time_of_day(request.at),
        method: request.method.clone(),
        path: request.path.clone(),
        client: client.map_or(client_id, |client| &client.display_name).to_owned(),
        detail: detail.unwrap_or_default().to_owned(),
        status: request.status,
        code: request.code,
        fault: request.fault,
    }
}

fn time_of_day(unix_s: i64) -> String {
    let format = format_description!("[hour]:[minute]:[second]");
    let moment = OffsetDateTime::from_unix_timestamp(unix_s).ok();
    moment.and_then(|moment| moment.format(format).ok()).unwrap_or_default()
}
