//! Reads a world from TOML, strictly: a mistake is named with its line, never guessed around.

use std::fmt;

use super::locate::{Mistake, Place};
use super::{World, WorldError};

/// Why a world file was refused, and where. `Display` is meant for people: `name:line:column: problem`, then the line
/// with the culprit underlined. What looks like a real secret is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorldFileError {
    name: String,
    problem: String,
    help: Option<String>,
    place: Option<Place>,
}

impl WorldFileError {
    /// The same, about a file of that name. Default: `world`.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// The line, counted from 1; `None` when the problem belongs to no single one.
    pub fn line(&self) -> Option<usize> {
        self.place.as_ref().map(|place| place.line)
    }

    /// What is wrong, in one line, without file and place.
    pub fn problem(&self) -> &str {
        &self.problem
    }
}

impl fmt::Display for WorldFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{}:{}:{}: {}", self.name, place.line, place.column, self.problem)?,
            None => write!(f, "{}: {}", self.name, self.problem)?,
        }
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        self.place.as_ref().map_or(Ok(()), |place| write!(f, "\n{place}"))
    }
}

impl std::error::Error for WorldFileError {}

impl World {
    /// Reads a world file (`docs/reference/world-file.md`).
    ///
    /// # Errors
    /// [`WorldFileError`]: not TOML, an unknown key, a value of the wrong shape, or a [`WorldError`].
    pub fn from_toml(text: &str) -> Result<Self, WorldFileError> {
        let mut world: Self = toml::from_str(text).map_err(|error| unreadable(text, &error))?;
        world.settle().map_err(|error| contradictory(text, &error))?;
        Ok(world)
    }
}

fn unreadable(text: &str, error: &toml::de::Error) -> WorldFileError {
    let Mistake { problem, help } = Mistake::of(error.message());
    let place = error.span().map(|span| Place::of(text, &span));
    WorldFileError { name: "world".to_owned(), problem, help, place }
}

fn contradictory(text: &str, error: &WorldError) -> WorldFileError {
    let place = super::locate::culprit(text, error).map(|span| Place::of(text, &span));
    WorldFileError { name: "world".to_owned(), problem: error.to_string(), help: None, place }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "applications = []\n[[tenants]]\nid = 'c0000000-0000-4000-a000-00000000000f'\nname = 'A'\n";
    const APPLICATION: &str = "
[[applications]]
app_id = 'c0000000-0000-4000-8000-000000000001'
display_name = 'App'
home_tenant = 'c0000000-0000-4000-a000-00000000000f'
kind = 'web'
";

    fn refusal(rest: &str) -> String {
        World::from_toml(&format!("{HEAD}{rest}")).unwrap_err().to_string()
    }

    fn refusal_of_application(rest: &str) -> String {
        let head = HEAD.replace("applications = []\n", "");
        World::from_toml(&format!("{head}domains = ['a.example']\n{APPLICATION}{rest}"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_key() {
        let error = refusal("domains = ['a.example']\ncuontry = 'DE'");
        let expected =
            "world:6:1: unknown key `cuontry`; did you mean `country`?\n  |\n6 | cuontry = 'DE'\n  | ^^^^^^^";
        assert_eq!(error, expected);
        let error = refusal("domains = ['a.example']\nzzz = 1");
        assert!(error.contains("known are `id`, `name`"), "{error}");
    }

    #[test]
    fn wrong_values_are_named_in_words_of_the_file() {
        for (rest, line, named) in [
            ("domains = ['a.example']\nkind = 'workfroce'", 6, "did you mean `workforce`?"),
            ("domains = 'a.example'", 5, "expected a sequence"),
            ("domains = ['a.example'", 5, "array"),
            ("domains = ['a.example']\n[[tenants.users]]\nid = 'x'", 7, "UUID"),
            ("domains = ['a.example']\n[[tenants.users]]\nupn = 'x'", 6, "missing key `id`"),
        ] {
            let error = refusal(rest);
            assert!(error.starts_with(&format!("world:{line}:")) && error.contains(named), "{rest}: {error}");
        }
        for (rest, named) in [
            ("secrets = [{ txt = 's' }]", "a client secret: a text, or a table"),
            ("scopes = [{ name = 's' }]", "a scope: a text, or a table"),
            ("app_roles = [{ name = 's' }]", "an app role: a text, or a table"),
            ("redirect_uris = [{ url = 's' }]", "a redirect URI: a text, or a table"),
            ("pre_authorized = [{ id = 's' }]", "a pre-authorized client: its id, or a table"),
        ] {
            let error = refusal_of_application(rest);
            assert!(error.starts_with("world:11:") && error.contains(named), "{rest}: {error}");
        }
    }

    #[test]
    fn contradictions_are_shown_where_they_stand() {
        let guest =
            "[[tenants.users]]\nid = 'c0000000-0000-4000-a000-000000000001'\nupn = 'u'\ndisplay_name = 'U'\n";
        let principal = "[[tenants.service_principals]]\nid = 'c0000000-0000-4000-a000-000000000003'\napp_id = 'c0000000-0000-4000-a000-000000000004'";
        for (rest, start, named) in [
            ("domains = ['a.example', 'A.example']".to_owned(), "world:5:25:", "`a.example` is there twice"),
            ("domains = ['b.example', 'common']".to_owned(), "world:5:25:", "`common`"),
            (
                format!("domains = []\n{guest}home_tenant = 'c0000000-0000-4000-a000-00000000000e'"),
                "world:8:7:",
                "`home_user`",
            ),
            (
                format!(
                    "domains = []\n{guest}home_tenant = 'c0000000-0000-4000-a000-00000000000e'\nhome_user = 'c0000000-0000-4000-a000-000000000002'"
                ),
                "world:10:15:",
                "does not exist",
            ),
            (format!("domains = []\n{principal}"), "world:8:10:", "does not exist"),
            (format!("domains = []\n{guest}{guest}"), "world:11:6:", "is there twice"),
        ] {
            let error = refusal(&rest);
            assert!(error.starts_with(start) && error.contains(named), "{rest}: {error}");
        }
    }

    #[test]
    fn numbers_are_found_too() {
        let error = refusal_of_application("token_version = 3");
        assert!(error.starts_with("world:11:17: token version `3`"), "{error}");
    }

    #[test]
    fn an_error_knows_its_file() {
        let error = World::from_toml("tenants = 1").unwrap_err().named("my.toml");
        assert!(error.to_string().starts_with("my.toml:1:11: "), "{error}");
        assert_eq!(error.line(), Some(1));
    }

    #[test]
    fn a_small_world_is_accepted() {
        let world = World::from_toml(&format!("{HEAD}domains = ['A.example']")).unwrap();
        assert!(world.tenant("a.EXAMPLE").is_some());
        assert!(world.tenant("C0000000-0000-4000-A000-00000000000F").is_some());
        assert!(world.native_allow_list);
    }

    #[test]
    fn a_world_survives_being_written_down() {
        let world = World::builtin();
        let written = toml::to_string(&world).unwrap();
        let again = World::from_toml(&written).unwrap();
        assert_eq!(toml::to_string(&again).unwrap(), written);
        assert!(world.tenants().eq(again.tenants()) && world.applications().eq(again.applications()));
    }
}
