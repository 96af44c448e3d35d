//! Real input that every Debian machine has: the packages it holds and each of their files, as keyed lines of JSON.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Failed;

const DATABASE: &str = "/var/lib/dpkg";
/// What stands between key and value in a line.
pub const KEY_SEPARATOR: char = '\t';

/// Lines of key and value. The key is a package, so that each key has some hundreds of records whose order can be told.
pub struct PackageRecords {
    text: String,
    count: usize,
}

impl PackageRecords {
    /// As many as asked for: the machine's database is gone through again when it has fewer. No two lines are equal.
    pub fn read(count: usize) -> Result<Self, Failed> {
        let entries = entries()?;
        if entries.is_empty() {
            return Err(Failed(format!("{DATABASE} names no files of packages")));
        }
        let mut text = String::with_capacity(count * 120);
        for (index, (package, file)) in entries.iter().cycle().take(count).enumerate() {
            let value = serde_json::json!({ "index": index, "file": file });
            text.push_str(&format!("{package}{KEY_SEPARATOR}{value}\n"));
        }
        Ok(Self { text, count })
    }

    pub const fn count(&self) -> usize {
        self.count
    }

    pub fn write(&self, path: &Path) -> Result<(), Failed> {
        fs::write(path, &self.text)
            .map_err(|error| Failed(format!("write {}: {error}", path.display())))
    }

    /// Whether lines that came back are these: all of them, once, and per key in their order.
    pub fn compare(&self, back: &str) -> Result<(), Failed> {
        let came = back.lines().count();
        if came != self.count {
            return Err(Failed(format!("{came} records came back of {}", self.count)));
        }
        let (sent, back) = (by_key(&self.text)?, by_key(back)?);
        if sent.len() != back.len() {
            return Err(Failed(format!("{} keys came back of {}", back.len(), sent.len())));
        }
        for (key, sent) in &sent {
            let back = back.get(key).map_or(&[][..], Vec::as_slice);
            if let Some(at) = (0..sent.len()).find(|at| back.get(*at) != sent.get(*at)) {
                let (sent, back) = (sent.get(at), back.get(at));
                return Err(Failed(format!("{key}, record {at}: sent {sent:?}, got {back:?}")));
            }
            if sent.len() != back.len() {
                return Err(Failed(format!("{key}: {} came of {}", back.len(), sent.len())));
            }
        }
        Ok(())
    }
}

/// Values by key, in the order in which they stand.
fn by_key(text: &str) -> Result<BTreeMap<&str, Vec<&str>>, Failed> {
    let mut by_key: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in text.lines() {
        let (key, value) = line
            .split_once(KEY_SEPARATOR)
            .ok_or_else(|| Failed(format!("a line without a key: {line}")))?;
        by_key.entry(key).or_default().push(value);
    }
    Ok(by_key)
}

/// Package and file. The packages are gone through side by side, as events of many customers come.
fn entries() -> Result<Vec<(String, String)>, Failed> {
    let folder = PathBuf::from(DATABASE).join("info");
    let failed = |path: &Path, error| Failed(format!("read {}: {error}", path.display()));
    let mut lists = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| failed(&folder, error))? {
        let path = entry.map_err(|error| failed(&folder, error))?.path();
        let is_list = path.extension().is_some_and(|it| it == "list" || it == "md5sums");
        if let (true, Some(package)) = (is_list, path.file_stem()) {
            let text = fs::read(&path).map_err(|error| failed(&path, error))?;
            let package = package.to_string_lossy().into_owned();
            lists.push((package, String::from_utf8_lossy(&text).into_owned()));
        }
    }
    lists.sort();
    let mut lines: Vec<_> = lists.iter().map(|(package, text)| (package, text.lines())).collect();
    let mut entries = Vec::new();
    while !lines.is_empty() {
        lines.retain_mut(|(package, lines)| match lines.next() {
            Some(line) => {
                entries.push(((*package).clone(), line.to_owned()));
                true
            }
            None => false,
        });
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> (PackageRecords, Vec<String>) {
        let text = "a\t1\nb\t2\na\t3\n";
        let lines = text.lines().map(str::to_owned).collect();
        (PackageRecords { text: text.to_owned(), count: 3 }, lines)
    }

    fn is_equal(lines: &[&str]) -> bool {
        records().0.compare(&lines.join("\n")).is_ok()
    }

    #[test]
    fn only_the_order_within_a_key_counts() {
        assert!(is_equal(&["b\t2", "a\t1", "a\t3"]));
        assert!(!is_equal(&["b\t2", "a\t3", "a\t1"]));
    }

    #[test]
    fn lost_doubled_and_changed_records_are_seen() {
        assert!(!is_equal(&["a\t1", "b\t2"]));
        assert!(!is_equal(&["a\t1", "a\t1", "b\t2"]));
        assert!(!is_equal(&["a\t1", "b\t2", "a\t3", "a\t3"]));
        assert!(!is_equal(&["a\t1", "b\t2", "b\t3"]));
        assert!(!is_equal(&["a\t1", "b\t2", "a\t4"]));
    }

    #[test]
    fn the_machines_own_records_have_keys_and_differ_from_each_other() {
        let records = PackageRecords::read(2_000).unwrap();
        let lines: std::collections::BTreeSet<&str> = records.text.lines().collect();
        assert_eq!((lines.len(), records.count()), (2_000, 2_000));
        assert!(by_key(&records.text).unwrap().len() > 1);
        records.compare(&records.text).unwrap();
    }
}
