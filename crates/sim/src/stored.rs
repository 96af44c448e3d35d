use std::sync::Arc;

use model::{LeaderEpoch, Offset, ProducerId, Sequence, Timestamp};
use record::{BatchView, Batches};

use crate::failure::Broken;

/// A batch as a log holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBatch {
    pub base: Offset,
    /// One past its last offset.
    pub end: Offset,
    pub leader_epoch: Option<LeaderEpoch>,
    pub producer: Option<(ProducerId, Option<Sequence>)>,
    pub max_timestamp: Option<Timestamp>,
    pub bytes: Arc<[u8]>,
}

impl StoredBatch {
    /// Checks the batch, CRC too.
    pub fn parse(bytes: &[u8]) -> Result<Self, Broken> {
        let view = BatchView::parse_checked(bytes)
            .map_err(|error| Broken::correctness("batches_are_whole", error))?;
        let header = view.header();
        Ok(Self {
            base: header.base_offset(),
            end: header.next_offset(),
            leader_epoch: header.leader_epoch(),
            producer: header.producer().map(|producer| (producer.id, producer.base_sequence)),
            max_timestamp: header.max_timestamp(),
            bytes: view.bytes().into(),
        })
    }

    /// Batches that lie back to back.
    pub fn parse_all(bytes: &[u8]) -> Result<Vec<Self>, Broken> {
        Batches::new(bytes)
            .map(|batch| {
                let batch = batch.map_err(|stop| {
                    Broken::correctness("batches_are_whole", format_args!("{stop:?}"))
                })?;
                Self::parse(batch.bytes())
            })
            .collect()
    }

    /// The same batch at the same place, taken in by whatever leader.
    pub fn is_same_but_epoch(&self, other: &Self) -> bool {
        (self.base, self.end) == (other.base, other.end) && self.content() == other.content()
    }

    /// What a producer sent: all but the base offset and the leader epoch, which the leader writes.
    pub fn content(&self) -> &[u8] {
        content(&self.bytes)
    }
}

/// See [`StoredBatch::content`]: magic, CRC and all that the CRC covers.
pub fn content(batch: &[u8]) -> &[u8] {
    batch.get(16..).unwrap_or_default()
}

/// For keys of maps.
pub(crate) fn raw(sequence: Option<Sequence>) -> i32 {
    sequence.map_or(-1, Sequence::to_wire)
}

/// What one replica's log holds.
#[derive(Clone, Debug)]
pub struct LogContents {
    pub log_start: Offset,
    pub high_watermark: Offset,
    pub log_end: Offset,
    /// From the one that holds the log start, or a little before, to the end.
    pub batches: Vec<StoredBatch>,
}

impl LogContents {
    /// The part from the batch on that holds `start`.
    pub fn from(&self, start: Offset) -> Self {
        let log_start = self.log_start.max(start).min(self.log_end);
        let kept = self.batches.iter().filter(|batch| batch.end > log_start).cloned();
        let high_watermark = self.high_watermark.max(log_start);
        Self { log_start, high_watermark, log_end: self.log_end, batches: kept.collect() }
    }

    pub fn at(&self, base: Offset) -> Option<&StoredBatch> {
        let index = self.batches.binary_search_by_key(&base, |batch| batch.base).ok()?;
        self.batches.get(index)
    }
}
