//! What is published is what the generator makes.

#[path = "../examples/make_vectors/suite/mod.rs"]
mod suite;

use std::{fs, path::Path};

/// RS256 and PS256 tokens come out the same each time; ES256 ones are kept as long as their content stays the same.
#[test]
fn published_vectors_are_the_generated_ones() {
    let folder = Path::new(suite::FOLDER);
    for (name, text) in suite::files(&suite::Previous::read(folder)) {
        let published = fs::read_to_string(folder.join(&name)).unwrap_or_default();
        assert!(
            published == text,
            "`vectors/{name}` is stale: run `cargo run -p tenantry-token --example make_vectors`"
        );
    }
}

#[test]
fn fuzzing_seeds_are_the_generated_ones() {
    let folder = Path::new(suite::FOLDER).join(suite::SEEDS);
    for (name, content) in suite::seeds::files() {
        assert!(fs::read(folder.join(&name)).unwrap_or_default() == content, "seed `{name}` is stale");
    }
}
