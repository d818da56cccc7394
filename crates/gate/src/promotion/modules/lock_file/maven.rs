//! `pom.xml`: dependencies, with versions from properties and from `dependencyManagement` of the same file. What a parent
//! decides cannot be seen here, and is nobody's approved version: `mvn help:effective-pom` writes a file that says it.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

use super::Entry;

/// A dependency before its version is known.
struct Dependency<'a> {
    name: String,
    version: Option<&'a str>,
    is_managed: bool,
}

pub(super) fn read(text: &str) -> Result<Vec<Entry>, String> {
    // No document type declaration is allowed, and so no entity either.
    let document = Document::parse(text).map_err(|error| error.to_string())?;
    let root = document.root_element();
    if root.tag_name().name() != "project" {
        return Err("the root element is not `project`".to_owned());
    }
    let properties = properties(root);
    let all: Vec<_> = root
        .descendants()
        .filter(|node| node.has_tag_name_like("dependency"))
        .filter_map(dependency)
        .collect();
    let managed: BTreeMap<&str, &str> = all
        .iter()
        .filter(|dependency| dependency.is_managed)
        .filter_map(|dependency| Some((dependency.name.as_str(), dependency.version?)))
        .collect();
    let used = all.iter().filter(|dependency| !dependency.is_managed);
    Ok(used
        .map(|dependency| {
            let version = dependency.version.or_else(|| managed.get(dependency.name.as_str()).copied());
            let version = version.map(|version| resolved(version, &properties));
            let version = version.unwrap_or_else(|| "(decided by a parent)".to_owned());
            Entry { name: resolved(&dependency.name, &properties), version, source: None }
        })
        .collect())
}

fn properties<'a>(root: Node<'a, '_>) -> BTreeMap<String, &'a str> {
    let tables = root.children().filter(|node| node.has_tag_name_like("properties"));
    let all = tables.flat_map(|table| table.children()).filter(Node::is_element);
    let mut properties: BTreeMap<_, _> =
        all.filter_map(|node| Some((node.tag_name().name().to_owned(), node.text()?.trim()))).collect();
    if let Some(version) = child(root, "version") {
        properties.insert("project.version".to_owned(), version);
    }
    properties
}

fn dependency<'a>(node: Node<'a, '_>) -> Option<Dependency<'a>> {
    let name = format!("{}:{}", child(node, "groupId")?, child(node, "artifactId")?);
    let is_managed = node.ancestors().any(|above| above.has_tag_name_like("dependencyManagement"));
    Some(Dependency { name, version: child(node, "version"), is_managed })
}

fn child<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children().find(|child| child.has_tag_name_like(name))?.text().map(str::trim)
}

/// `${name}` alone, or in a text; one step, so that no property can go in circles.
fn resolved(text: &str, properties: &BTreeMap<String, &str>) -> String {
    let mut resolved = text.to_owned();
    for (name, value) in properties {
        resolved = resolved.replace(&format!("${{{name}}}"), value);
    }
    resolved
}

/// Names without their namespace: poms are written with it and without.
trait Named {
    fn has_tag_name_like(&self, name: &str) -> bool;
}

impl Named for Node<'_, '_> {
    fn has_tag_name_like(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}
