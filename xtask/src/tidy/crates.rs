//! The crates of the workspace and what they depend on.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::toml;

/// One crate.
pub struct Crate {
    /// The folder's name, which other crates' `Cargo.toml` use.
    pub name: String,
    pub folder: PathBuf,
    /// Crates it is built from, ours and others'; those of tests are left out.
    pub dependencies: BTreeSet<String>,
}

/// Every crate, the root package among them.
pub fn all() -> Result<Vec<Crate>, String> {
    let root = crate::root();
    let mut folders =
        vec![("ottla".to_owned(), root.clone()), ("xtask".to_owned(), root.join("xtask"))];
    let crates =
        fs::read_dir(root.join("crates")).map_err(|error| format!("read crates: {error}"))?;
    for entry in crates {
        let entry = entry.map_err(|error| format!("read crates: {error}"))?;
        folders.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    folders.sort();
    folders.into_iter().map(|(name, folder)| read(name, folder)).collect()
}

fn read(name: String, folder: PathBuf) -> Result<Crate, String> {
    let path = folder.join("Cargo.toml");
    let text =
        fs::read_to_string(&path).map_err(|error| format!("read {}: {error}", path.display()))?;
    let document = toml::parse(&text);
    let tables = document.iter().filter(|(table, _)| {
        let is_platform = table.starts_with("target.");
        *table == "dependencies"
            || *table == "build-dependencies"
            || (is_platform && table.ends_with(".dependencies"))
    });
    let keys = tables.flat_map(|(_, keys)| keys.keys());
    // `x.workspace = true` or `x = { … }`.
    let dependencies = keys.map(|key| key.split('.').next().unwrap_or(key).to_owned()).collect();
    Ok(Crate { name, folder, dependencies })
}
