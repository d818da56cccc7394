//! `gate init`: what it writes parses, and nothing is overwritten.

use tenantry_gate::Target;

use super::support::Folder;

#[test]
fn it_writes_once() {
    let folder = Folder::new();
    let args =
        ["gate", "init", "--preset", "spring", "--url", "http://127.0.0.1:8081", "--probe", "POST /orders"];
    folder.tenantry(&args).ends(0).says("gate run");
    let target = Target::parse(&folder.read("gate.toml")).unwrap();
    assert_eq!((target.url.as_str(), target.probes[0].method.as_str()), ("http://127.0.0.1:8081", "POST"));
    let before = folder.read("gate.toml");
    folder.tenantry(&["gate", "init", "--preset", "go"]).ends(1).says("--force");
    assert_eq!(folder.read("gate.toml"), before);
    folder.tenantry(&["gate", "init", "--preset", "go", "--force"]).ends(0);
    assert_ne!(folder.read("gate.toml"), before);
    folder.tenantry(&["gate", "init", "--preset", "go", "--out", "other.toml"]).ends(0);
    assert!(folder.has("other.toml"));
}

#[test]
fn without_a_terminal_it_has_to_be_told() {
    let folder = Folder::new();
    folder.tenantry(&["gate", "init"]).ends(1).says("--preset");
    folder.tenantry(&["gate", "init", "--preset", "cobol"]).ends(2).says("fastapi");
    folder
        .tenantry(&["gate", "init", "--preset", "go", "--url", "http://api.example.test"])
        .ends(1)
        .says("named-hosts");
    folder.tenantry(&["gate", "init", "--preset", "go", "--start", "api --port 1"]).ends(0);
    assert!(folder.has("gate.toml"));
}
