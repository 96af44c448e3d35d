use std::collections::BTreeMap;

use model::{Offset, TopicPartition};

/// `cleaner-offset-checkpoint`: up to where each compacted log of a directory is clean.
#[derive(Debug, Default)]
pub(crate) struct CleanedOffsets {
    offsets: BTreeMap<TopicPartition, Offset>,
    /// The file does not say so yet.
    changed: bool,
}

impl CleanedOffsets {
    /// As the file said, without those that count for nothing.
    pub(crate) fn new(
        mut offsets: BTreeMap<TopicPartition, Offset>,
        counts: impl Fn(&TopicPartition, Offset) -> bool,
    ) -> Self {
        let before = offsets.len();
        offsets.retain(|name, offset| counts(name, *offset));
        let changed = offsets.len() != before;
        Self { offsets, changed }
    }

    pub(crate) fn get(&self, name: &TopicPartition) -> Option<Offset> {
        self.offsets.get(name).copied()
    }

    pub(crate) fn set(&mut self, name: &TopicPartition, to: Offset) {
        self.changed |= self.offsets.insert(name.clone(), to) != Some(to);
    }

    /// The log was cut there: what comes from here on is new.
    pub(crate) fn lower(&mut self, name: &TopicPartition, to: Offset) {
        if let Some(offset) = self.offsets.get_mut(name)
            && *offset > to
        {
            *offset = to;
            self.changed = true;
        }
    }

    pub(crate) fn remove(&mut self, name: &TopicPartition) {
        self.changed |= self.offsets.remove(name).is_some();
    }

    /// All of them, if the file is to be written.
    pub(crate) fn take_changed(&mut self) -> Option<BTreeMap<TopicPartition, Offset>> {
        std::mem::take(&mut self.changed).then(|| self.offsets.clone())
    }

    /// The file could not be written.
    pub(crate) const fn note_unwritten(&mut self) {
        self.changed = true;
    }
}
