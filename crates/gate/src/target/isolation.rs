//! `[isolation]`: how one tenant's data is made, found and changed, so that another can be seen to find none of it.

use serde::{Deserialize, Serialize};

use super::{TargetError, wrong};

/// Requests about things that belong to a tenant. `{canary}` stands for a text that exists nowhere else, `{id}` for the id of what was
/// made.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Isolation {
    /// An OpenAPI 3 document that says all of this: a path on the target where it begins with `/`, otherwise a file. Read where
    /// [`Isolation::create`] is absent.
    #[serde(default)]
    pub openapi: Option<String>,
    /// Makes one thing, with the canary in it.
    #[serde(default)]
    pub create: Option<Call>,
    /// JSON pointer (RFC 6901) to the new thing's id in the answer. Default `/id`; otherwise the end of the field `Location`.
    #[serde(default = "slash_id")]
    pub id: String,
    /// Paths that show things, by `GET`: a list, `/api/tasks/{id}`, `/api/tasks?search={canary}`.
    #[serde(default)]
    pub read: Vec<String>,
    /// Paths that show many things at once in another form, by `GET`.
    #[serde(default)]
    pub export: Vec<String>,
    /// Requests that change or delete the thing, by its id.
    #[serde(default)]
    pub change: Vec<Call>,
    /// App role of people who may do all of this with their own things. Default: `api.role`.
    #[serde(default)]
    pub role: Option<String>,
    /// App role of those who see everything of their own organisation, and of no other. Default `Admin`.
    #[serde(default = "admin")]
    pub admin_role: String,
    /// Whether things belong to one person, so that a colleague with the same role must not see them either. Default: no.
    #[serde(default)]
    pub personal: bool,
}

/// One request.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Call {
    /// HTTP method.
    pub method: String,
    /// Path with its query, from `/`.
    pub path: String,
    /// JSON body. Default: none.
    #[serde(default)]
    pub body: Option<serde_json::Value>,
}

impl Isolation {
    pub(super) fn check(&self) -> Result<(), TargetError> {
        let Some(create) = &self.create else {
            return match self.openapi {
                Some(_) => Ok(()),
                None => Err(wrong("isolation", "write `create`, or `openapi` with a document that has it")),
            };
        };
        let body = create.body.as_ref().map(ToString::to_string).unwrap_or_default();
        if !body.contains("{canary}") && !create.path.contains("{canary}") {
            return Err(wrong("isolation.create", "put `{canary}` into what is made, to find it again"));
        }
        if self.read.is_empty() {
            return Err(wrong(
                "isolation.read",
                "at least one path where the tenant itself finds what it made",
            ));
        }
        if self.change.iter().any(|call| !call.path.contains("{id}")) {
            return Err(wrong("isolation.change", "each path needs `{id}`, so that nothing else is changed"));
        }
        if !self.id.is_empty() && !self.id.starts_with('/') {
            return Err(wrong("isolation.id", "a JSON pointer such as `/id`"));
        }
        std::iter::once(create).chain(&self.change).try_for_each(Call::check)?;
        self.read.iter().chain(&self.export).try_for_each(|path| check_path(path))
    }
}

impl Call {
    fn check(&self) -> Result<(), TargetError> {
        if reqwest::Method::from_bytes(self.method.as_bytes()).is_err() {
            return Err(wrong("isolation", format!("`{}` is no HTTP method", self.method)));
        }
        check_path(&self.path)
    }
}

fn check_path(path: &str) -> Result<(), TargetError> {
    match path.starts_with('/') && !path.starts_with("//") {
        true => Ok(()),
        false => Err(wrong("isolation", format!("`{path}` must begin with one `/`"))),
    }
}

fn slash_id() -> String {
    "/id".to_owned()
}

fn admin() -> String {
    "Admin".to_owned()
}

#[cfg(test)]
mod tests {
    use crate::Target;

    fn read(isolation: &str) -> Result<(), String> {
        let text = format!(
            "name = \"t\"\nurl = \"http://localhost\"\n[api]\nclient-id = \"a\"\n[[probe]]\npath = \"/\"\n[isolation]\n{isolation}\n"
        );
        Target::parse(&text).map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn probes_that_would_show_nothing_are_refused() {
        let create = r#"create = { method = "POST", path = "/things", body = { name = "{canary}" } }"#;
        let good = format!("{create}\nread = [\"/things\"]");
        read(&good).unwrap();
        read("openapi = \"/openapi.json\"").unwrap();
        for (isolation, key) in [
            ("", "`isolation`"),
            (create, "`isolation.read`"),
            (&*good.replace("{canary}", "x"), "`isolation.create`"),
            (&*good.replace("\"/things\"]", "\"things\"]"), "`isolation`"),
            (&*format!("{good}\nid = \"id\""), "`isolation.id`"),
            (
                &*format!("{good}\nchange = [{{ method = \"DELETE\", path = \"/things\" }}]"),
                "`isolation.change`",
            ),
            (
                &*format!("{good}\nchange = [{{ method = \"DE LETE\", path = \"/things/{{id}}\" }}]"),
                "`isolation`",
            ),
        ] {
            let why = read(isolation).unwrap_err();
            assert!(why.starts_with(key), "{isolation}: {why}");
        }
    }
}
