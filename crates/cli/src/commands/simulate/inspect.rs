//! `--check` and `--print-world`: looks at a world without starting anything.

use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use tenantry_simulator::{ShippedWorld, World, WorldFileError};

use crate::{exit::Exit, terminal};

/// A file that cannot be read, or one that is wrong.
#[derive(Debug)]
enum Unsound {
    Unreadable(anyhow::Error),
    Wrong(WorldFileError),
}

fn load(file: Option<&Path>, shipped: ShippedWorld) -> Result<World, Unsound> {
    let Some(path) = file else { return Ok(shipped.world()) };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()));
    let text = text.map_err(Unsound::Unreadable)?;
    World::from_toml(&text).map_err(|error| Unsound::Wrong(error.named(path.to_string_lossy())))
}

/// Says whether a world is sound.
pub(super) fn check(file: Option<&Path>, shipped: ShippedWorld, as_json: bool) -> Exit {
    let name = file.map_or(shipped.name().into(), Path::to_string_lossy);
    let checked = load(file, shipped);
    match (&checked, as_json) {
        (Ok(world), true) => println!("{}", sound(&name, world)),
        (Err(fault), true) => println!("{}", unsound(&name, fault)),
        (Ok(world), false) => {
            println!("{name} is sound: {}", world.counts());
            world.warnings().iter().for_each(|warning| println!("warning: {warning}"));
        }
        (Err(Unsound::Unreadable(fault)), false) => terminal::error(fault),
        (Err(Unsound::Wrong(fault)), false) => eprintln!("error: {fault}"),
    }
    if checked.is_ok() { Exit::Ok } else { Exit::Failed }
}

fn sound(name: &str, world: &World) -> Value {
    json!({ "sound": true, "world": name, "counts": world.counts(), "warnings": world.warnings() })
}

fn unsound(name: &str, fault: &Unsound) -> Value {
    let (line, reason) = match fault {
        Unsound::Unreadable(fault) => (None, format!("{fault:#}")),
        Unsound::Wrong(fault) => (fault.line(), fault.problem().to_owned()),
    };
    json!({ "sound": false, "world": name, "line": line, "reason": reason })
}

/// Prints a world as a file: a shipped one with its comments, one's own as it is understood, in full.
pub(super) fn print(file: Option<&Path>, shipped: ShippedWorld) -> anyhow::Result<Exit> {
    let text = match (file, load(file, shipped)) {
        (None, _) => shipped.toml(),
        (_, Ok(world)) => world.to_toml().into(),
        (_, Err(Unsound::Unreadable(fault))) => return Err(fault),
        (_, Err(Unsound::Wrong(fault))) => return Err(fault.into()),
    };
    // A pipe that was closed early, as by `head`, is no failure.
    let _written = std::io::Write::write_all(&mut std::io::stdout().lock(), text.as_bytes());
    Ok(Exit::Ok)
}
