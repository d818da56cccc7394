//! What the demo prints once it runs.

use serde_json::json;
use tenantry::{ListStatus, rfc3339};

use super::page::{Organisation, Person, Stage, Standing};
use crate::terminal::{BAD, BOLD, GOOD, LINK, QUIET, styled};

/// Addresses, sign-ins and what to try, for people.
pub(super) fn print(stage: &Stage) {
    anstream::println!(
        "{}",
        styled("Tenantry demo: one API, several Entra tenants, all on this machine", BOLD)
    );
    anstream::println!();
    anstream::println!("  start here        {}", styled(&stage.front_door, LINK));
    anstream::println!("  tasks API         {}/api/tasks", stage.front_door);
    anstream::println!("  simulated Entra   {}   {}", stage.https, stage.http);
    anstream::println!("  its CA for MSAL   {}/sim/ca.pem", stage.http);
    anstream::println!("  everything in it  {}/sim", stage.https);
    if let Some(ListStatus { revision, expires_at, .. }) = &stage.list {
        anstream::println!("  allow-list        revision {revision}, until {}", rfc3339(*expires_at));
    }
    stage.organisations.iter().for_each(print_organisation);
    anstream::println!();
    anstream::println!("Ctrl-C ends it. Nothing is kept.");
}

fn print_organisation(organisation: &Organisation) {
    let standing = match organisation.standing {
        Standing::Allowed => styled("on the API's allow-list", GOOD),
        Standing::Refused => styled("not on the allow-list: 401", BAD),
    };
    anstream::println!();
    anstream::println!("  {} {} {standing}", styled(&organisation.name, BOLD), organisation.id);
    organisation.people.iter().for_each(print_person);
}

fn print_person(person: &Person) {
    let role = if person.is_guest { format!("{}, guest", person.role) } else { person.role.clone() };
    anstream::println!("    {role:<14} {:<26} {}", person.sign_in, styled(&person.password, QUIET));
}

/// The addresses, for scripts.
pub(super) fn json(stage: &Stage) -> serde_json::Value {
    json!({
        "front_door": stage.front_door,
        "simulator": {"http": stage.http, "https": stage.https},
        "ca_pem": format!("{}/sim/ca.pem", stage.http),
        "directory": format!("{}/sim/directory", stage.http),
        "allow_list_revision": stage.list.as_ref().map(|list| list.revision),
    })
}
