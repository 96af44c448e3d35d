//! Files stay short; the few longer ones only get shorter.

use super::File;
use crate::toml;

/// Lines that a file of Rust may have.
const LINES_MAX: usize = 600;

pub fn check(files: &[File], tidy: &str, breaches: &mut Vec<String>) {
    let document = toml::parse(tidy);
    let empty = std::collections::BTreeMap::new();
    let larger = document.get("larger").unwrap_or(&empty);
    let allowed = |path: &str| larger.get(path).and_then(|lines| lines.parse::<usize>().ok());
    let sources = files.iter().filter(|file| file.path.ends_with(".rs"));
    for file in sources.filter(|file| !file.is_generated() && !file.is_test()) {
        let (path, lines) = (&file.path, file.text.lines().count());
        match allowed(path) {
            None if lines > LINES_MAX => {
                breaches.push(format!("{path} has {lines} lines, {LINES_MAX} are the limit"));
            }
            Some(most) if lines > most => {
                breaches
                    .push(format!("{path} has {lines} lines and may only get shorter than {most}"));
            }
            Some(_) if lines <= LINES_MAX => {
                breaches.push(format!("xtask/tidy.toml: {path} is short enough now: take it out"));
            }
            _ => {}
        }
    }
    for path in larger.keys().filter(|path| !files.iter().any(|file| &file.path == *path)) {
        breaches.push(format!("xtask/tidy.toml: {path} is not there"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, lines: usize, tidy: &str) -> usize {
        let mut breaches = Vec::new();
        check(&[File { path: path.to_owned(), text: "x\n".repeat(lines) }], tidy, &mut breaches);
        breaches.len()
    }

    #[test]
    fn long_files_are_named_and_listed_ones_only_shrink() {
        assert_eq!(breaches("crates/a/src/b.rs", 600, ""), 0);
        assert_eq!(breaches("crates/a/src/b.rs", 601, ""), 1);
        assert_eq!(breaches("crates/a/src/b/tests.rs", 601, ""), 0);
        assert_eq!(breaches("crates/a/src/generated/b.rs", 601, ""), 0);
        let listed = "[larger]\n\"crates/a/src/b.rs\" = 700\n";
        assert_eq!(breaches("crates/a/src/b.rs", 700, listed), 0);
        assert_eq!(breaches("crates/a/src/b.rs", 701, listed), 1);
        assert_eq!(breaches("crates/a/src/b.rs", 600, listed), 1);
        assert_eq!(breaches("crates/a/src/c.rs", 1, listed), 1);
    }
}
