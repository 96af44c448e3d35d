use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use model::Offset;
use record::limits::DECOMPRESSED_SIZE_MAX;
use record::{BatchView, Batches, Decompressor};
use replica::{FetchFrom, Reader};
use share::OffsetRange;

use super::super::records::bytes_of;
use crate::Broker;
use crate::partition::Partition;

/// Bytes that are read of the log at a time, but for a batch that is larger: Kafka's own.
const READ_SIZE_MAX: u32 = 1024 * 1024;

/// Bytes of records that are kept at a time, but for one that is larger; what follows is read again.
const KEPT_SIZE_MAX: usize = 1024 * 1024;

/// Key and value of a record that is given up. Its headers stay behind, as in Kafka: the dead letter has its own.
pub(super) struct Original {
    pub(super) key: Option<Bytes>,
    pub(super) value: Option<Bytes>,
}

/// Records of a log, for whoever asks for one after the other.
pub(super) struct Originals<'a> {
    broker: &'a Broker,
    partition: &'a Arc<Partition>,
    /// All there are of these offsets are kept.
    known: Option<OffsetRange>,
    kept: BTreeMap<Offset, Original>,
    has_failed: bool,
}

impl<'a> Originals<'a> {
    pub(super) fn new(broker: &'a Broker, partition: &'a Arc<Partition>) -> Self {
        Self { broker, partition, known: None, kept: BTreeMap::new(), has_failed: false }
    }

    /// The record, if it is still there; `end` is how far others are wanted after it.
    pub(super) fn get(&mut self, offset: Offset, end: Offset) -> Option<&Original> {
        if self.known.is_none_or(|known| !known.contains(offset)) && !self.has_failed {
            self.kept.clear();
            self.known = self.read(OffsetRange::between(offset, end)?);
            self.has_failed = self.known.is_none();
        }
        self.kept.get(&offset)
    }

    /// Reads from the first of these on; of which offsets it now knows all. `None` when that is not to be read: the letters go
    /// without.
    fn read(&mut self, wanted: OffsetRange) -> Option<OffsetRange> {
        let from = FetchFrom {
            reader: Reader::Uncommitted,
            offset: wanted.first(),
            leader_epoch: None,
            last_fetched_epoch: None,
        };
        let log_start = self.partition.lock().replica_log().map(replica::ReplicaLog::log_start);
        if let Some(gone) = log_start.and_then(|log_start| wanted.before(log_start)) {
            return Some(gone);
        }
        let mut ranges = Vec::new();
        let read = self.partition.read(&from, READ_SIZE_MAX, true, &mut ranges, None);
        let read = read
            .map_err(|error| error.to_string())
            .and_then(|_| bytes_of(&ranges).map_err(|error| error.to_string()));
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => {
                let partition = self.partition.name();
                tracing::warn!(%partition, error, "read records for their dead letters");
                return None;
            }
        };
        let mut known_end = wanted.first();
        for batch in Batches::new(&bytes) {
            let Ok(batch) = batch else { break };
            if batch.header().base_offset() >= wanted.end() {
                known_end = wanted.end();
                break;
            }
            match self.keep(&batch, wanted) {
                Some(end) => {
                    known_end = end;
                    break;
                }
                None => known_end = batch.header().next_offset(),
            }
        }
        // The rest of what is wanted lies behind the end of the log, or is gone.
        let known_end = if known_end == wanted.first() { wanted.end() } else { known_end };
        OffsetRange::between(wanted.first(), known_end)
    }

    /// Keeps what is wanted of a batch. `Some` when that was enough for now: up to where.
    fn keep(&mut self, batch: &BatchView<'_>, wanted: OffsetRange) -> Option<Offset> {
        let size_max = self.size_max();
        let mut decompressor = Decompressor::new();
        let mut size: usize = self.kept.values().map(Original::size).sum();
        // What cannot be read is left out: the letter goes without.
        let Ok(records) = batch.records(&mut decompressor, size_max) else { return None };
        for record in records {
            let Ok(record) = record else { return None };
            if !wanted.contains(record.offset) {
                continue;
            }
            let copy = |bytes: Option<&[u8]>| bytes.map(Bytes::copy_from_slice);
            let original = Original { key: copy(record.key), value: copy(record.value) };
            size += original.size();
            if size > KEPT_SIZE_MAX && !self.kept.is_empty() {
                return Some(record.offset);
            }
            self.kept.insert(record.offset, original);
        }
        None
    }

    fn size_max(&self) -> usize {
        let image = self.broker.image();
        let settings = self.broker.topic_settings(&image, &self.partition.name().topic);
        (settings.max_decompressed_message_bytes as usize).clamp(1, DECOMPRESSED_SIZE_MAX)
    }
}

impl Original {
    fn size(&self) -> usize {
        let size = |bytes: &Option<Bytes>| bytes.as_ref().map_or(0, Bytes::len);
        size(&self.key) + size(&self.value)
    }
}
