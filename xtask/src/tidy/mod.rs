//! Rules that neither the compiler nor clippy knows.

mod crates;
mod layers;
mod length;
mod machines;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

/// Checks every rule and names every breach.
pub fn run() -> Result<(), String> {
    let crates = crates::all()?;
    let files = files()?;
    let mut breaches = Vec::new();
    layers::check(&crates, &read("xtask/layers.toml")?, &mut breaches);
    machines::check(&crates, &read("xtask/layers.toml")?, &mut breaches);
    length::check(&files, &read("xtask/tidy.toml")?, &mut breaches);
    words::check(&files, &read("xtask/tidy.toml")?, &mut breaches);
    if breaches.is_empty() {
        println!("tidy: {} crates, {} files", crates.len(), files.len());
        return Ok(());
    }
    for breach in &breaches {
        println!("{breach}");
    }
    Err(format!("{} breaches", breaches.len()))
}

/// A text file of the repository.
struct File {
    /// From the root, with `/`.
    path: String,
    text: String,
}

impl File {
    /// Made by a program: not for people to keep short.
    fn is_generated(&self) -> bool {
        self.path.contains("/generated/")
    }

    /// Tests may be long, and may say what they refuse.
    fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.starts_with("tests/")
            || self.path.ends_with("/tests.rs")
    }
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(crate::root().join(path)).map_err(|error| format!("read {path}: {error}"))
}

/// Every file that git knows or would take, as text.
fn files() -> Result<Vec<File>, String> {
    let listed = std::process::Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(crate::root())
        .output()
        .map_err(|error| format!("run git: {error}"))?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let endings =
        ["rs", "md", "toml", "py", "java", "go", "mjs", "js", "sh", "yml", "spec", "properties"];
    let is_text = |path: &Path| {
        path.extension().is_none_or(|ending| endings.iter().any(|known| ending == *known))
    };
    let root = crate::root();
    let paths = listed.lines().map(PathBuf::from).filter(|path| is_text(path));
    // A file that was deleted and not yet committed is still listed.
    let read = |path: PathBuf| {
        let text = fs::read_to_string(root.join(&path)).ok()?;
        Some(File { path: path.to_string_lossy().into_owned(), text })
    };
    Ok(paths.filter_map(read).collect())
}
