//! Worlds that differ from the built-in one in a few places.

use tenantry_simulator::World;

/// The built-in world with changes to its TOML form.
pub fn changed_world(change: impl Fn(&mut toml::Table)) -> World {
    World::from_toml(&changed_text(change)).unwrap()
}

/// The same, as the text of a world file.
pub fn changed_text(change: impl Fn(&mut toml::Table)) -> String {
    let mut world: toml::Table = toml::from_str(&toml::to_string(&World::builtin()).unwrap()).unwrap();
    change(&mut world);
    toml::to_string(&world).unwrap()
}

/// The entry of a list of tables that has `key = value`.
pub fn entry<'t>(table: &'t mut toml::Table, list: &str, (key, value): (&str, &str)) -> &'t mut toml::Table {
    let entries = table[list].as_array_mut().unwrap();
    let mut tables = entries.iter_mut().map(|entry| entry.as_table_mut().unwrap());
    tables.find(|table| table[key].as_str() == Some(value)).unwrap_or_else(|| panic!("no {list} {value}"))
}

/// A service principal of a tenant.
pub fn principal<'t>(world: &'t mut toml::Table, tenant: &str, app_id: &str) -> &'t mut toml::Table {
    entry(entry(world, "tenants", ("id", tenant)), "service_principals", ("app_id", app_id))
}
