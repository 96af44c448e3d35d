use crate::frame::{Action, Frame};

/// The chunks of the arena that durable frames hold until they are drained. A batch of a few bytes holds all of its chunk, so
/// where other requests pass through the arena as well, the bytes of the frames do not say how short memory is.
#[derive(Default)]
pub(super) struct HeldChunks {
    /// In the order in which they came: as many as the arena has, at most.
    numbers: Vec<u64>,
    size: u64,
}

impl HeldChunks {
    pub(super) fn note(&mut self, frame: &Frame) {
        let Action::Batch(batch) = &frame.action else { return };
        let number = batch.bytes.place().chunk();
        // From the end: nearly always it is one of those that the loops are filling.
        if !self.numbers.iter().rev().any(|held| *held == number) {
            self.numbers.push(number);
            self.size += batch.bytes.chunk_size() as u64;
        }
    }

    /// The frames were taken away. The list keeps its memory: appends push to it.
    pub(super) fn clear(&mut self) {
        self.numbers.clear();
        self.size = 0;
    }

    /// Bytes of these chunks.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }
}
