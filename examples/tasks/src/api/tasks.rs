//! `/api/tasks`: list, create, show, change, delete. Each asks the caller's own tenant's store and no other.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use tenantry::StatusCode;
use uuid::Uuid;

use super::Api;
use super::answer::{Answer, Refusal, invalid_query, no_such_task, unprocessable};
use super::body::{Body, NewTask, Shape, TaskChange};
use super::caller::Caller;
use crate::{Change, Cursor, Page, Task, Title};

/// `GET /api/tasks?limit=&after=`: oldest first; the field `Link` leads to the next page, if there may be one.
pub(super) async fn list(caller: Caller, page: ListPage) -> Answer<impl IntoResponse> {
    let tasks = caller.store().list(caller.reach(), &page.0).await?;
    let next = tasks.last().filter(|_| tasks.len() == usize::from(page.0.limit));
    Ok((next.map(|last| link_after(last, page.0.limit)), Json(tasks)))
}

/// `POST /api/tasks`
pub(super) async fn create(caller: Caller, Body(new): Body<NewTask>) -> Answer<impl IntoResponse> {
    let task = caller.store().create(&title(&new.title)?, new.completed.unwrap_or_default()).await?;
    let location = field(header::LOCATION, format!("/api/tasks/{}", task.id));
    Ok((StatusCode::CREATED, location, Json(task)))
}

/// `GET /api/tasks/{id}`
pub(super) async fn show(caller: Caller, TaskId(id): TaskId) -> Answer<Json<Task>> {
    found(caller.store().find(caller.reach(), id).await?)
}

/// `PATCH /api/tasks/{id}`
pub(super) async fn change(
    caller: Caller,
    TaskId(id): TaskId,
    Body(change): Body<TaskChange>,
) -> Answer<Json<Task>> {
    let title = change.title.as_deref().map(title).transpose()?;
    if title.is_none() && change.completed.is_none() {
        return Err(unprocessable(TaskChange::IN_WORDS).into());
    }
    let change = Change { title, completed: change.completed };
    found(caller.store().change(caller.reach(), id, &change).await?)
}

/// `DELETE /api/tasks/{id}`
pub(super) async fn delete(caller: Caller, TaskId(id): TaskId) -> Answer<StatusCode> {
    if caller.store().delete(id).await? { Ok(StatusCode::NO_CONTENT) } else { Err(no_such_task().into()) }
}

fn found(task: Option<Task>) -> Answer<Json<Task>> {
    task.map(Json).ok_or_else(|| no_such_task().into())
}

fn title(text: &str) -> Result<Title, Refusal> {
    text.parse().map_err(|why: crate::TitleError| unprocessable(&why.to_string()).into())
}

fn field(name: header::HeaderName, value: String) -> Option<HeaderMap> {
    let value = HeaderValue::try_from(value).ok()?;
    Some(HeaderMap::from_iter([(name, value)]))
}

/// RFC 8288.
fn link_after(last: &Task, limit: u8) -> Option<HeaderMap> {
    let after = Cursor::after(last);
    field(header::LINK, format!(r#"</api/tasks?limit={limit}&after={after}>; rel="next""#))
}

/// The id in the path. What is no id, in its one spelling, is an id that nobody has.
pub(super) struct TaskId(Uuid);

impl FromRequestParts<Arc<Api>> for TaskId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Answer<Self> {
        let path = Path::<String>::from_request_parts(parts, api).await;
        let id =
            path.ok().and_then(|Path(text)| text.parse::<Uuid>().ok().filter(|id| id.to_string() == text));
        id.map(Self).ok_or_else(|| no_such_task().into())
    }
}

/// `?limit=1..200&after=cursor`
pub(super) struct ListPage(Page);

#[derive(Deserialize)]
struct ListQuery {
    limit: Option<u8>,
    after: Option<String>,
}

impl FromRequestParts<Arc<Api>> for ListPage {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Answer<Self> {
        let advice =
            "`limit` is a number from 1 to 200; `after` comes from the `Link` field of the page before";
        let query: Result<Query<ListQuery>, QueryRejection> = Query::from_request_parts(parts, api).await;
        page(query.map(|Query(query)| query).ok()).map(Self).ok_or_else(|| invalid_query(advice).into())
    }
}

fn page(query: Option<ListQuery>) -> Option<Page> {
    let ListQuery { limit, after } = query?;
    let limit = limit.unwrap_or(Page::default().limit);
    let after = after.map(|cursor| cursor.parse()).transpose().ok()?;
    (1..=Page::LIMIT_MAX).contains(&limit).then_some(Page { limit, after })
}
