//! `docs/reference/simulator-errors.md` lists every code that the simulator can raise, and no other (capability row 94).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use support::client;
use tenantry_simulator::Simulator;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// First cells of the table under a heading.
fn listed(heading: &str) -> BTreeSet<String> {
    let page = read("../../docs/reference/simulator-errors.md");
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.map(|row| row.split('|').next().unwrap().trim().trim_matches('`').to_owned());
    cells.filter(|cell| cell != "code").collect()
}

/// Numbers of the constants.
fn raised() -> BTreeSet<String> {
    let source = read("src/endpoints/aadsts.rs");
    let calls = source.split("cause(").chain(source.split("unauthorized("));
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    calls.map(number).filter(|number| !number.is_empty()).collect()
}

/// Texts behind the status in `GraphError::new(400, "…"`.
fn raised_by_graph() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/graph")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source: String = std::fs::read_to_string(path).unwrap().split_whitespace().collect();
            let calls = source.split("::new(").filter_map(|call| call.split_once(",\""));
            let named = calls.filter(|(status, _)| status.len() == 3 && status.parse::<u16>().is_ok());
            found.extend(named.map(|(_, rest)| rest.split('"').next().unwrap().to_owned()));
        }
    }
    found
}

#[test]
fn the_page_lists_every_code_and_no_other() {
    assert!(raised().len() > 60 && raised_by_graph().len() > 8, "the sources are not read any more");
    assert_eq!(listed("AADSTS codes"), raised());
    assert_eq!(listed("Microsoft Graph"), raised_by_graph());
}

#[tokio::test]
async fn the_error_page_explains_every_code() {
    let simulator = Simulator::start().await.unwrap();
    let page = async |code: &str| {
        let url = format!("{}/error?code={code}", simulator.base());
        client().get(url).send().await.unwrap().text().await.unwrap()
    };
    for code in raised() {
        let shown = page(&code).await;
        assert!(!shown.contains("Unknown code"), "{code} is missing in endpoints/explanations.rs");
        assert!(shown.contains(&format!("AADSTS{code}: ")), "{shown}");
    }
    for unknown in ["1", "", "x", "99999999999", "<script>"] {
        let shown = page(unknown).await;
        assert!(shown.contains("Unknown code") && !shown.contains("<script>"), "{shown}");
    }
}
