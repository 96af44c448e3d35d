use std::collections::BTreeMap;

use model::{Offset, TopicPartition};

use super::LogDir;
use crate::checkpoint::encode_offsets;
use crate::cleaner::CleanedOffsets;
use crate::error::Result;
use crate::file_name;
use crate::notice::Notice;
use crate::place::Place;
use crate::recovery::read_offsets;

/// How far each compacted log of the directory is clean: `cleaner-offset-checkpoint`.
impl LogDir {
    pub(crate) fn cleaned_to(&self, name: &TopicPartition) -> Option<Offset> {
        self.cleaned.lock().get(name)
    }

    /// A cleaning has come to its end, and its segments have their names. Blocks.
    pub fn note_cleaned(&self, name: &TopicPartition, to: Offset) -> Result<()> {
        self.cleaned.lock().set(name, to);
        self.write_cleaned()
    }

    /// The log was cut.
    pub(crate) fn lower_cleaned(&self, name: &TopicPartition, to: Offset) {
        self.cleaned.lock().lower(name, to);
    }

    pub(crate) fn forget_cleaned(&self, name: &TopicPartition) {
        self.cleaned.lock().remove(name);
    }

    /// Writes the file if it is not as it should be. Blocks.
    pub(super) fn write_cleaned(&self) -> Result<()> {
        let _one_at_a_time = self.writing_cleaned.lock();
        let Some(offsets) = self.cleaned.lock().take_changed() else { return Ok(()) };
        let entries = offsets.iter().map(|(name, offset)| (name, *offset));
        let written = self.replace(file_name::CLEANED_OFFSETS, &encode_offsets(entries));
        if written.is_err() {
            self.cleaned.lock().note_unwritten();
        }
        written
    }

    /// Random, and known to nobody outside.
    pub const fn salt(&self) -> u64 {
        self.salt
    }
}

/// What the file says of the logs that are `known`, each with the end below which it was never cut. What was said of an earlier
/// topic of a name, or of what was cut off, counts for nothing: too little only makes work.
pub(super) fn read_cleaned<'a>(
    place: &Place,
    known: impl Iterator<Item = (&'a TopicPartition, Offset)>,
    notices: &mut Vec<Notice>,
) -> Result<CleanedOffsets> {
    let said = read_offsets(place, file_name::CLEANED_OFFSETS, notices)?;
    let ends: BTreeMap<&TopicPartition, Offset> = known.collect();
    let is_within =
        |name: &TopicPartition, cleaned: Offset| ends.get(name).is_some_and(|end| cleaned <= *end);
    Ok(CleanedOffsets::new(said, is_within))
}
