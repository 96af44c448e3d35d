//! Names that say nothing, marks of what is not done, and paths of one machine.

use super::File;
use crate::toml;

/// Marks of something that is not done. Pieced together, so that this list is not a breach of itself.
const STUBS: &[&[&str]] = &[
    &["to", "do!("],
    &["unimple", "mented!("],
    &["FIX", "ME"],
    &["XX", "X"],
    &["not yet imple", "mented"],
    &["not imple", "mented yet"],
];

/// Folders of whoever works on it, which nothing may need.
const PRIVATE: &[&[&str]] = &[
    &["/work", "/main"],
    &["/work", "/shared"],
    &["/tmp", "/kafka/"],
    &["/ro", "ot/"],
    &["/ho", "me/"],
];

pub fn check(files: &[File], tidy: &str, breaches: &mut Vec<String>) {
    let document = toml::parse(tidy);
    let modules = document.get("forbidden").and_then(|table| table.get("modules"));
    let modules = toml::texts(modules.map_or("", String::as_str));
    for file in files {
        if let Some(module) = forbidden_module(&file.path, &modules) {
            breaches.push(format!("{}: {module} says nothing; name the noun", file.path));
        }
        for (index, line) in file.text.lines().enumerate() {
            let place = format!("{}:{}", file.path, index + 1);
            check_line(file, line, &place, breaches);
        }
    }
}

fn check_line(file: &File, line: &str, place: &str, breaches: &mut Vec<String>) {
    let has = |pieces: &&&[&str]| line.contains(&pieces.concat());
    if let Some(path) = PRIVATE.iter().find(has) {
        breaches.push(format!("{place}: {} is a path of one machine", path.concat()));
    }
    if !file.path.ends_with(".rs") || file.is_generated() {
        return;
    }
    if let Some(stub) = STUBS.iter().find(has) {
        breaches.push(format!("{place}: {} marks what is not done", stub.concat()));
    }
    let task = ["TO", "DO"].concat();
    if line.contains(&task) && !line.contains(&format!("{task}(#")) {
        breaches.push(format!("{place}: {task} names no issue: write {task}(#N)"));
    }
}

fn forbidden_module<'a>(path: &str, modules: &[&'a str]) -> Option<&'a str> {
    let path = path.strip_suffix(".rs")?;
    let mut parts = path.rsplit('/');
    let module = parts.next().filter(|name| *name != "mod").or_else(|| parts.next())?;
    modules.iter().find(|forbidden| **forbidden == module).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, text: &str) -> usize {
        let mut breaches = Vec::new();
        let file = File { path: path.to_owned(), text: text.to_owned() };
        check(&[file], "[forbidden]\nmodules = [\"utils\"]\n", &mut breaches);
        breaches.len()
    }

    #[test]
    fn modules_are_nouns() {
        assert_eq!(breaches("crates/a/src/utils.rs", ""), 1);
        assert_eq!(breaches("crates/a/src/utils/mod.rs", ""), 1);
        assert_eq!(breaches("crates/a/src/futils.rs", ""), 0);
        assert_eq!(breaches("docs/utils.md", ""), 0);
    }

    #[test]
    fn what_is_not_done_is_not_left_behind() {
        let mark = |pieces: [&str; 2]| pieces.concat();
        assert_eq!(breaches("a.rs", &mark(["to", "do!()"])), 1);
        assert_eq!(breaches("a.rs", &mark(["// TO", "DO later"])), 1);
        assert_eq!(breaches("a.rs", &mark(["// TO", "DO(#12): later"])), 0);
        assert_eq!(breaches("a.md", &mark(["to", "do!()"])), 0);
    }

    #[test]
    fn no_path_of_one_machine_is_written_down() {
        assert_eq!(breaches("a.md", &["see /work", "/shared/x"].concat()), 1);
        assert_eq!(breaches("a.md", "see docs/x"), 0);
    }
}
