//! `[[layer]]`: one layer of defence, and how a test build of the target goes without it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::start::check_placeholders;
use super::{TargetError, wrong};

/// Most layers in one file.
pub(crate) const LAYERS_MAX: usize = 6;

/// A layer that can be switched off, one at a time, in a target that the gate starts for that purpose.
///
/// The switch belongs in test builds only. The issuer's own list of tenants is a layer too; the gate switches that off by itself.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Layer {
    /// What people call it: "the auth module's gate". At most 100 characters.
    pub name: String,
    /// Environment variables that take it away, over those of `[start]`; an empty one is taken away itself.
    pub off: BTreeMap<String, String>,
}

impl Layer {
    pub(super) fn check(layers: &[Self], starts: bool) -> Result<(), TargetError> {
        if !layers.is_empty() && !starts {
            return Err(wrong("layer", "the gate starts the target once for each layer: write `[start]`"));
        }
        if layers.len() > LAYERS_MAX {
            return Err(wrong("layer", format!("at most {LAYERS_MAX}")));
        }
        for layer in layers {
            if layer.name.trim().is_empty() || layer.name.chars().count() > 100 {
                return Err(wrong("layer.name", "1 to 100 characters"));
            }
            if layer.off.is_empty() {
                return Err(wrong("layer.off", "the variables that take the layer away"));
            }
            layer.off.values().try_for_each(|value| check_placeholders("layer.off", value))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::Target;

    #[test]
    fn a_layer_needs_a_switch_and_a_target_to_start() {
        let read = |rest: &str| {
            let text = format!(
                "name = \"t\"\nurl = \"http://localhost\"\n[api]\nclient-id = \"a\"\n[[probe]]\npath = \"/\"\n{rest}"
            );
            Target::parse(&text).map(drop).map_err(|error| error.to_string())
        };
        let start = "[start]\ncommand = [\"api\", \"{port}\"]\n";
        let layer = "[[layer]]\nname = \"gate\"\noff = { ANY = \"true\" }\n";
        read(&format!("{start}{layer}")).unwrap();
        for (text, key) in [
            (layer.to_owned(), "`layer`"),
            (format!("{start}{}", layer.repeat(7)), "`layer`"),
            (format!("{start}[[layer]]\nname = \"gate\"\noff = {{}}\n"), "`layer.off`"),
            (format!("{start}[[layer]]\nname = \"\"\noff = {{ A = \"\" }}\n"), "`layer.name`"),
            (format!("{start}[[layer]]\nname = \"a\"\noff = {{ A = \"{{prot}}\" }}\n"), "`layer.off`"),
        ] {
            let why = read(&text).unwrap_err();
            assert!(why.starts_with(key), "{text}: {why}");
        }
    }
}
