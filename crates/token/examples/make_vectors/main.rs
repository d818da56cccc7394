//! Writes `vectors/`: tokens, keys and expected verdicts as JSON, for any implementation.
//!
//! `cargo run -p tenantry-token --example make_vectors`. Knows nothing of the verdict's code: what to expect is stated
//! by hand in `suite/`. RS256 and PS256 tokens come out the same every time; ES256 ones are kept while their content
//! stays the same, because each new signature is another one.

mod suite;

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let folder = Path::new(suite::FOLDER);
    let files = suite::files(&suite::Previous::read(folder));
    for (name, text) in &files {
        fs::write(folder.join(name), text)?;
    }
    for (name, content) in suite::seeds::files() {
        let path = folder.join(suite::SEEDS).join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, content)?;
    }
    println!("{} files in {}", files.len(), folder.display());
    Ok(())
}
