//! Every `gate.toml` and `approved-modules.toml` in the documentation parses (T-043).

use std::path::PathBuf;

use tenantry_gate::{ApprovedModules, Target};

fn documents() -> Vec<(PathBuf, String)> {
    let docs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let folders = ["guide", "reference"].map(|folder| docs.join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let files = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("gate"));
    files.map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// Blocks marked `toml`.
fn samples(text: &str) -> Vec<&str> {
    text.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn samples_in_the_documentation_parse() {
    let mut found = 0;
    for (path, text) in documents() {
        for sample in samples(&text) {
            let parsed = match sample.contains("[[module]]") {
                true => ApprovedModules::parse(sample).map(drop).map_err(|error| error.to_string()),
                false => Target::parse(sample).map(drop).map_err(|error| error.to_string()),
            };
            parsed.unwrap_or_else(|error| panic!("{}: {error}\n{sample}", path.display()));
            found += 1;
        }
    }
    assert!(found >= 4, "{found} samples: they are gone, or are no longer marked `toml`");
}

#[test]
fn the_examples_parse_and_start_what_they_attack() {
    let examples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for name in [
        "tasks/gate.toml",
        "vulnerable/gate/tenant-peek.toml",
        "vulnerable/gate/two-tenants.toml",
        "vulnerable/gate/holes.toml",
    ] {
        let target = Target::parse(&std::fs::read_to_string(examples.join(name)).unwrap());
        assert!(target.unwrap_or_else(|error| panic!("{name}: {error}")).starts());
    }
}
