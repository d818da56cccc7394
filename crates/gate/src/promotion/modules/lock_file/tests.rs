//! What each reader finds, and what it refuses: malformed, hostile and look-alike files.

use super::modules_in;

fn found(file: &str, text: &str) -> Vec<String> {
    let modules = modules_in(file, text).unwrap();
    modules.iter().map(|module| format!("{} {}", module.name, module.version)).collect()
}

fn refused(file: &str, texts: &[&str]) {
    for text in texts {
        assert!(modules_in(file, text).is_err(), "{file}: {text}");
    }
}

#[test]
fn cargo() {
    let text = "version = 4\n[[package]]\nname = \"tenantry\"\nversion = \"0.1.0\"\nsource = \"registry+x\"\n\
        [[package]]\nname = \"tenantry\"\nversion = \"0.0.9\"\n";
    assert_eq!(found("Cargo.lock", text), ["tenantry 0.1.0", "tenantry 0.0.9"]);
    refused("Cargo.lock", &["", "<html>", "version = 2", "version = 4\n[[package]]\nname = \"a\"", "{}"]);
}

#[test]
fn npm() {
    let text = r#"{"lockfileVersion":3,"packages":{"":{"name":"app","version":"9"},
        "node_modules/@acme/auth":{"version":"1.2.0","resolved":"https://registry.example/a.tgz"},
        "node_modules/x/node_modules/@acme/auth":{"version":"1.1.0"},
        "node_modules/alias":{"name":"@acme/other","version":"3.0.0"},
        "node_modules/here":{"link":true}, "packages/here":{"version":"0.0.0"}}}"#;
    assert_eq!(
        found("package-lock.json", text),
        ["@acme/auth 1.2.0", "@acme/auth 1.1.0", "@acme/other 3.0.0"]
    );
    let doubled = r#"{"lockfileVersion":3,"packages":{"node_modules/a":{"version":"1"},"node_modules/a":{"version":"2"}}}"#;
    assert_eq!(found("package-lock.json", doubled), ["a 1", "a 2"], "the second must not hide the first");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    refused("package-lock.json", &["", "[]", "{}", r#"{"lockfileVersion":1,"dependencies":{}}"#, &deep]);
}

#[test]
fn pypi() {
    let text = "# made by pip-compile\n--index-url https://pypi.example\nAcme_Auth[web]==1.2.0 \\\n    --hash=sha256:aa \\\n    \
        --hash=sha256:bb\nother==2.0 ; python_version < \"4\"  # via x\nloose>=1\nnothing\ndirect @ https://x.example/y.whl#egg=z\n";
    assert_eq!(
        found("requirements.txt", text),
        [
            "Acme_Auth 1.2.0",
            "other 2.0",
            "loose (not pinned: `>=1`)",
            "nothing (not pinned: ``)",
            "direct (not pinned: `@ https://x.example/y.whl#egg=z`)"
        ]
    );
    assert_eq!(found("requirements.txt", "a===1.0"), ["a (not pinned: `===1.0`)"]);
    refused(
        "requirements.txt",
        &["-r other.txt", "-e .", "--requirement=x", "acme auth==1", "\u{0430}cme==1", "<html>"],
    );
}

#[test]
fn go() {
    let text = "example.test/auth v1.2.0 h1:aaaa=\nexample.test/auth v1.2.0/go.mod h1:bbbb=\n\
        example.test/old v0.9.0/go.mod h1:cccc=\n";
    assert_eq!(found("go.sum", text), ["example.test/auth v1.2.0"]);
    refused(
        "go.sum",
        &["example.test/auth v1.2.0", "a b c", "a v1 md5:x", "module example.test/auth", "a v1 h1:x more"],
    );
}

#[test]
fn maven() {
    let text = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><version>7</version>\
        <properties><auth.version>1.2.0</auth.version></properties>\
        <dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>m</artifactId>\
        <version>2.0</version></dependency></dependencies></dependencyManagement><dependencies>\
        <dependency><groupId>g</groupId><artifactId>auth</artifactId><version>${auth.version}</version></dependency>\
        <dependency><groupId>g</groupId><artifactId>m</artifactId></dependency>\
        <dependency><groupId>g</groupId><artifactId>parent</artifactId></dependency>\
        </dependencies></project>";
    assert_eq!(found("pom.xml", text), ["g:auth 1.2.0", "g:m 2.0", "g:parent (decided by a parent)"]);
    refused(
        "pom.xml",
        &[
            "",
            "<settings/>",
            "<project>",
            "<!DOCTYPE p [<!ENTITY a \"1.2.0\"><!ENTITY b \"&a;&a;&a;\">]><project><version>&b;</version></project>",
        ],
    );
    let circular = "<project><properties><a>${b}</a><b>${a}</b></properties><dependencies><dependency><groupId>g</groupId>\
        <artifactId>x</artifactId><version>${a}</version></dependency></dependencies></project>";
    assert_eq!(found("pom.xml", circular).len(), 1, "it ends");
}

#[test]
fn nuget() {
    let text = r#"{"version":1,"dependencies":{"net8.0":{"Acme.Auth":{"type":"Direct","requested":"[1.2.0, )","resolved":"1.2.0"},
        "mine":{"type":"Project"}},"net9.0":{"acme.auth":{"type":"Transitive","resolved":"1.1.0"}}}}"#;
    assert_eq!(found("packages.lock.json", text), ["Acme.Auth 1.2.0", "acme.auth 1.1.0"]);
    refused(
        "packages.lock.json",
        &["", "{}", r#"{"version":9,"dependencies":{}}"#, r#"{"version":1,"dependencies":[]}"#],
    );
}

#[test]
fn other_files_are_refused_by_name() {
    let error = modules_in("yarn.lock", "").unwrap_err().to_string();
    assert!(error.contains("package-lock.json"), "{error}");
}
