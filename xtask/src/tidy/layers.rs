//! A crate depends only on layers that its own may know, or on a neighbour that is named.

use std::collections::BTreeMap;

use super::crates::Crate;
use crate::toml::{self, Document};

/// Names every dependency that no line of `layers` allows, and every line that allows what nobody needs.
pub fn check(crates: &[Crate], layers: &str, breaches: &mut Vec<String>) {
    let document = toml::parse(layers);
    let layer_of: BTreeMap<&str, &str> = table(&document, "layers")
        .flat_map(|(layer, crates)| crates.into_iter().map(move |name| (name, layer)))
        .collect();
    let of = |name: &str, key: &str| -> Vec<&str> {
        table(&document, name)
            .find(|(other, _)| *other == key)
            .map(|(_, list)| list)
            .unwrap_or_default()
    };
    for one in crates {
        let name = one.name.as_str();
        let Some(layer) = layer_of.get(name) else {
            breaches.push(format!("xtask/layers.toml: crate {name} is in no layer"));
            continue;
        };
        let (may_know, neighbours) = (of("may_know", layer), of("neighbours", name));
        let outside =
            table(&document, "outside").find(|(other, _)| other == layer).map(|(_, list)| list);
        for dependency in &one.dependencies {
            let allowed = match layer_of.get(dependency.as_str()) {
                Some(other) => {
                    may_know.contains(other) || neighbours.contains(&dependency.as_str())
                }
                None => outside.as_ref().is_none_or(|list| list.contains(&dependency.as_str())),
            };
            if !allowed {
                breaches.push(format!("crate {name} ({layer}) may not depend on {dependency}"));
            }
        }
        for neighbour in neighbours {
            if !one.dependencies.contains(neighbour) {
                breaches.push(format!(
                    "xtask/layers.toml: {name} does not depend on its neighbour {neighbour}"
                ));
            }
        }
    }
}

fn table<'a>(document: &'a Document, name: &str) -> impl Iterator<Item = (&'a str, Vec<&'a str>)> {
    let keys = document.get(name).into_iter().flatten();
    keys.map(|(key, list)| (key.as_str(), toml::texts(list)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYERS: &str = "[layers]\nwords = [\"model\"]\nmachines = [\"raft\", \"group\"]\n[may_know]\nmachines = [\"words\"]\n\
                          [neighbours]\nraft = [\"group\"]\n[outside]\nmachines = [\"bytes\"]\n";

    fn breaches(name: &str, dependencies: &[&str]) -> Vec<String> {
        let one = Crate {
            name: name.to_owned(),
            folder: ".".into(),
            dependencies: dependencies.iter().map(ToString::to_string).collect(),
        };
        let mut breaches = Vec::new();
        check(&[one], LAYERS, &mut breaches);
        breaches
    }

    #[test]
    fn a_crate_knows_the_layers_above_its_neighbours_and_what_is_named_of_others() {
        assert_eq!(breaches("raft", &["model", "group", "bytes"]), [""; 0]);
        assert_eq!(breaches("group", &["raft"]), ["crate group (machines) may not depend on raft"]);
        assert_eq!(
            breaches("group", &["tokio"]),
            ["crate group (machines) may not depend on tokio"]
        );
        assert_eq!(breaches("model", &["raft"]), ["crate model (words) may not depend on raft"]);
        assert_eq!(breaches("new", &[]), ["xtask/layers.toml: crate new is in no layer"]);
        assert_eq!(
            breaches("raft", &[]),
            ["xtask/layers.toml: raft does not depend on its neighbour group"]
        );
    }
}
