//! Directories: the names that programs see, those that a power cut leaves for sure, and the changes between the two.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::cut::Cut;

pub(super) type InodeNumber = u64;
pub(super) type Entries = BTreeMap<OsString, InodeNumber>;

pub(super) const ROOT: InodeNumber = 1;

/// When a change of a directory is durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameRule {
    /// As POSIX lets a file system do: once that directory is synced. Until then any change may survive without others.
    #[default]
    EachDirectory,
    /// As ext4 does in its default mode: changes reach the device in their order, and any sync takes all with it.
    Journal,
}

/// One atomic change: a name goes, a name comes, or both.
#[derive(Clone, Debug)]
struct Change {
    goes: Option<(InodeNumber, OsString)>,
    comes: Option<(InodeNumber, OsString, InodeNumber)>,
}

#[derive(Debug)]
pub(super) struct Names {
    rule: NameRule,
    seen: BTreeMap<InodeNumber, Entries>,
    durable: BTreeMap<InodeNumber, Entries>,
    unsynced: Vec<Change>,
}

impl Names {
    pub(super) fn new(rule: NameRule) -> Self {
        let root = BTreeMap::from([(ROOT, Entries::new())]);
        Self { rule, seen: root.clone(), durable: root, unsynced: Vec::new() }
    }

    pub(super) fn entries(&self, directory: InodeNumber) -> Option<&Entries> {
        self.seen.get(&directory)
    }

    pub(super) fn find(&self, directory: InodeNumber, name: &OsStr) -> Option<InodeNumber> {
        self.seen.get(&directory)?.get(name).copied()
    }

    /// A new directory, which has no name yet.
    pub(super) fn add_directory(&mut self, inode: InodeNumber) {
        self.seen.insert(inode, Entries::new());
        self.durable.insert(inode, Entries::new());
    }

    pub(super) fn put(&mut self, directory: InodeNumber, name: &OsStr, inode: InodeNumber) {
        self.change(Change { goes: None, comes: Some((directory, name.to_owned(), inode)) });
    }

    pub(super) fn remove(&mut self, directory: InodeNumber, name: &OsStr) {
        self.change(Change { goes: Some((directory, name.to_owned())), comes: None });
    }

    pub(super) fn rename(
        &mut self,
        from: (InodeNumber, &OsStr),
        to: (InodeNumber, &OsStr),
        inode: InodeNumber,
    ) {
        let goes = Some((from.0, from.1.to_owned()));
        self.change(Change { goes, comes: Some((to.0, to.1.to_owned(), inode)) });
    }

    fn change(&mut self, change: Change) {
        apply(&mut self.seen, &change);
        self.unsynced.push(change);
    }

    pub(super) fn sync_directory(&mut self, directory: InodeNumber) {
        let concerned = |change: &mut Change| {
            change.goes.as_ref().is_some_and(|(of, _)| *of == directory)
                || change.comes.as_ref().is_some_and(|(of, ..)| *of == directory)
        };
        match self.rule {
            NameRule::Journal => self.sync_all(),
            NameRule::EachDirectory => {
                for change in self.unsynced.extract_if(.., concerned) {
                    apply(&mut self.durable, &change);
                }
            }
        }
    }

    /// A file was synced.
    pub(super) fn file_synced(&mut self) {
        if self.rule == NameRule::Journal {
            self.sync_all();
        }
    }

    fn sync_all(&mut self) {
        for change in std::mem::take(&mut self.unsynced) {
            apply(&mut self.durable, &change);
        }
    }

    /// What is left once the power is back; gives the inodes that still have a name.
    pub(super) fn power_cut(&mut self, cut: &mut Cut) -> Vec<InodeNumber> {
        let changes = std::mem::take(&mut self.unsynced);
        let kept = match self.rule {
            NameRule::Journal => cut.prefix(changes.len()),
            NameRule::EachDirectory => changes.len(),
        };
        for change in changes.into_iter().take(kept) {
            if self.rule == NameRule::EachDirectory && !cut.keeps() {
                continue;
            }
            // A rename before this one may be lost: the inode is still under its older name then, and has only one.
            if let Some((.., inode)) = change.comes {
                for entries in self.durable.values_mut() {
                    entries.retain(|_, other| *other != inode);
                }
            }
            apply(&mut self.durable, &change);
        }
        let mut reached = vec![ROOT];
        let mut next = 0;
        while let Some(entries) = reached.get(next).map(|inode| self.durable.get(inode)) {
            reached.extend(entries.into_iter().flatten().map(|(_, inode)| *inode));
            next += 1;
        }
        self.durable.retain(|inode, _| reached.contains(inode));
        self.seen.clone_from(&self.durable);
        reached
    }
}

fn apply(directories: &mut BTreeMap<InodeNumber, Entries>, change: &Change) {
    if let Some((directory, name)) = &change.goes
        && let Some(entries) = directories.get_mut(directory)
    {
        entries.remove(name);
    }
    if let Some((directory, name, inode)) = &change.comes
        && let Some(entries) = directories.get_mut(directory)
    {
        entries.insert(name.clone(), *inode);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> &OsStr {
        OsStr::new(text)
    }

    /// What of three changes, of which the first is synced, cuts of many seeds leave.
    fn outcomes(rule: NameRule) -> std::collections::BTreeSet<Vec<OsString>> {
        let outcome = |seed| {
            let mut names = Names::new(rule);
            names.put(ROOT, name("first"), 2);
            names.sync_directory(ROOT);
            names.rename((ROOT, name("first")), (ROOT, name("second")), 2);
            names.put(ROOT, name("third"), 3);
            names.power_cut(&mut Cut::new(seed));
            names.entries(ROOT).into_iter().flatten().map(|(name, _)| name.clone()).collect()
        };
        (0..200).map(outcome).collect()
    }

    fn list(names: &[&str]) -> Vec<OsString> {
        names.iter().map(OsString::from).collect()
    }

    #[test]
    fn each_change_of_a_directory_survives_alone_until_it_is_synced() {
        let all = [&["first"][..], &["first", "third"], &["second"], &["second", "third"]];
        assert_eq!(outcomes(NameRule::EachDirectory), all.map(list).into());
    }

    #[test]
    fn a_journal_keeps_the_order_of_changes() {
        let all = [&["first"][..], &["second"], &["second", "third"]];
        assert_eq!(outcomes(NameRule::Journal), all.map(list).into());
    }

    #[test]
    fn a_file_has_one_name_though_a_rename_between_two_others_is_lost() {
        for seed in 0..200 {
            let mut names = Names::new(NameRule::EachDirectory);
            names.put(ROOT, name("a"), 2);
            names.sync_directory(ROOT);
            names.rename((ROOT, name("a")), (ROOT, name("b")), 2);
            names.rename((ROOT, name("b")), (ROOT, name("c")), 2);
            names.power_cut(&mut Cut::new(seed));
            assert_eq!(names.entries(ROOT).map(BTreeMap::len), Some(1), "seed {seed}");
        }
    }
}
