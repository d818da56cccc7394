//! `holes`: whose tasks somebody sees.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use support::{Answer, Api, config, simulator, token};
use tenantry_simulator::{TokenRequest, builtin};
use vulnerable::{Hole, Holes, Program};

/// The API with one task of Contoso's in it, and Fabrikam's administrator, who wants to see it.
struct Stage {
    api: Api,
    id: String,
    stranger: String,
}

async fn stage(hole: Option<Hole>) -> Stage {
    let holes = hole.iter().fold(Holes::default(), |holes, hole| holes.with(*hole));
    let api = Api::start(Program::Holes(holes), config(simulator())).await;
    let task = api.post("/api/tasks", &user(builtin::CONTOSO, builtin::CONTOSO_EDITOR), "canary").await;
    assert_eq!(task.status, 201, "{task:?}");
    let id = task.json()["id"].as_str().unwrap().to_owned();
    Stage { api, id, stranger: user(builtin::FABRIKAM, builtin::FABRIKAM_ADMIN) }
}

impl Stage {
    async fn ask(&self, hole: Hole) -> Answer {
        let (show, delete) =
            (format!("GET /api/tasks/{}", self.id), format!("DELETE /api/tasks/{}", self.id));
        let call = match hole {
            Hole::SearchesEveryTenant => "GET /api/tasks/search?q=canary",
            Hole::ExportsEveryTenant => "GET /api/tasks/export",
            Hole::OpensAnyId | Hole::TellsExistence => &show,
            Hole::DeletesAnyId => &delete,
            _ => "GET /api/tasks",
        };
        let request = self.api.request(call, &[format!("Bearer {}", self.stranger)]);
        let request = match hole {
            Hole::BelievesTenantHeader => request.header("x-tenant-id", builtin::CONTOSO),
            _ => request,
        };
        self.api.send(request).await
    }
}

fn user(tenant: &str, user: &str) -> String {
    token(&TokenRequest::for_user(tenant, user).audience(builtin::API))
}

/// T-140, T-144.
#[tokio::test]
async fn each_hole_shows_another_tenants_task_and_nothing_else_does() {
    let closed = stage(None).await;
    for hole in Hole::ALL.iter().copied().filter(|hole| hole.known().found_by.starts_with("isolation")) {
        let open = stage(Some(hole)).await;
        let (shut, leaked) = (closed.ask(hole).await, open.ask(hole).await);
        assert!(!shut.body.contains("canary"), "{hole:?}: {shut:?}");
        if hole == Hole::DeletesAnyId {
            assert_eq!((shut.status, leaked.status), (404, 204));
        } else {
            assert!(leaked.body.contains("canary"), "{hole:?}: {leaked:?}");
        }
    }
}

#[tokio::test]
async fn inside_a_tenant_everybody_sees_what_the_role_permits() {
    let Stage { api, id, .. } = stage(None).await;
    let call = async |call: &str, token: &str| api.call(call, token).await;
    let admin = user(builtin::CONTOSO, builtin::CONTOSO_ADMIN);
    let reader = user(builtin::CONTOSO, builtin::CONTOSO_READER);
    for path in ["/api/tasks", "/api/tasks/search?q=can", "/api/tasks/export"] {
        assert!(call(&format!("GET {path}"), &admin).await.body.contains("canary"), "{path}");
        assert!(!call(&format!("GET {path}"), &reader).await.body.contains("canary"), "{path}");
    }
    assert_eq!(call(&format!("GET /api/tasks/{id}"), &admin).await.status, 200);
    assert_eq!(call(&format!("GET /api/tasks/{id}"), &reader).await.status, 404);
    assert_eq!(call("GET /api/tasks/no-id", &admin).await.status, 404);
    assert_eq!(call(&format!("DELETE /api/tasks/{id}"), &reader).await.status, 403);
    assert_eq!(api.post("/api/tasks", &reader, "x").await.status, 403);
    assert_eq!(api.post("/api/tasks", &admin, "").await.status, 422);
    assert_eq!(call(&format!("DELETE /api/tasks/{id}"), &admin).await.status, 204);
}
