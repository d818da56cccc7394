//! Who tries: a program and a person of the rogue organisation, who ask the issuer as anybody would, and tokens as if it had failed.

use serde_json::{Value, json};

use crate::token::Recipe;
use crate::{GateError, Stage};

/// One who tries, and the token that the issuer gave, or its refusal.
pub(super) struct Rogue {
    pub(super) who: &'static str,
    pub(super) token: Result<String, String>,
}

/// All of them. Who is not in the world is left out.
pub(super) async fn all(stage: &Stage, admin_role: &str) -> Result<Vec<Rogue>, GateError> {
    let (scene, rogue) = (stage.scene(), &stage.scene().rogue);
    let mut all = Vec::new();
    if let Some(form) = program(stage).await? {
        all.push(Rogue { who: "program", token: asked(stage, &form).await? });
    }
    if let Some(form) = person(stage).await? {
        all.push(Rogue { who: "person", token: asked(stage, &form).await? });
    }
    let recipe = Recipe::of_member(scene, rogue);
    all.push(Rogue { who: "minted token", token: Ok(stage.token(&recipe).await?) });
    let recipe = Recipe::of_member(scene, rogue).asking("roles", json!([admin_role]));
    all.push(Rogue { who: "minted Admin's token", token: Ok(stage.token(&recipe).await?) });
    Ok(all)
}

type Form = Vec<(&'static str, String)>;

/// RFC 6749 §4.4: by the program's own secret.
async fn program(stage: &Stage) -> Result<Option<Form>, GateError> {
    let Some(id) = &stage.scene().rogue.program else { return Ok(None) };
    let directory = stage.issuer().directory().await?;
    let program = directory.applications.iter().find(|app| app.app_id == *id);
    let secret = program.and_then(|app| app.secrets.iter().find_map(|secret| secret_text(secret)));
    Ok(secret.map(|secret| {
        vec![
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", id.clone()),
            ("client_secret", secret.to_owned()),
            ("scope", format!("{}/.default", stage.scene().api.uri())),
        ]
    }))
}

fn secret_text(secret: &Value) -> Option<&str> {
    secret.as_str().or_else(|| secret["value"].as_str())
}

/// RFC 6749 §4.3: by name and password, in a client that needs no secret.
async fn person(stage: &Stage) -> Result<Option<Form>, GateError> {
    let rogue = &stage.scene().rogue;
    let Some((name, password)) = &rogue.sign_in else { return Ok(None) };
    let directory = stage.issuer().directory().await?;
    let is_there = |id: &str| {
        let tenant = directory.tenant(&rogue.tenant);
        tenant.is_some_and(|tenant| tenant.service_principals.iter().any(|principal| principal.app_id == id))
    };
    let client = directory.applications.iter().find(|app| app.kind == "native" && is_there(&app.app_id));
    let api = &stage.scene().api;
    let scope = if api.scope.is_empty() { ".default" } else { &*api.scope };
    Ok(client.map(|client| {
        vec![
            ("grant_type", "password".to_owned()),
            ("client_id", client.app_id.clone()),
            ("username", name.clone()),
            ("password", password.clone()),
            ("scope", format!("{}/{scope}", api.uri())),
        ]
    }))
}

/// What the token endpoint says: a token, or the code of its refusal.
async fn asked(stage: &Stage, form: &Form) -> Result<Result<String, String>, GateError> {
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = format!("/{}/oauth2/v2.0/token", stage.scene().rogue.tenant);
    let (status, answer) = stage.issuer().form(&path, &form).await?;
    Ok(match answer["access_token"].as_str() {
        Some(token) => Ok(token.to_owned()),
        None => Err(match answer["error_codes"][0].as_u64() {
            Some(code) => format!("AADSTS{code}"),
            None => format!("status {status}"),
        }),
    })
}
