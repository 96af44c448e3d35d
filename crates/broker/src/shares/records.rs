//! What is read of a partition's log for a share fetch.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use model::Offset;
use record::{BatchView, Batches, ControlType, Decompressor};
use replica::{FetchFrom, FetchRefused, Reader};
use share::{AbortedTransaction, BatchKind, FetchedBatch, OffsetRange};
use storage::LogRange;
use wire::ErrorCode;

use crate::partition::{Partition, ReadError};
use crate::{Broker, error_map};

/// Most bytes that one attempt reads of one partition, but for a batch that is larger: a fetch takes a few hundred records,
/// and what it reads beyond them is read again for the next.
const READ_SIZE_MAX: u32 = 1024 * 1024;

/// How much a control record may unpack to.
const CONTROL_SIZE_MAX: usize = 4096;

/// Whole batches in the order of the log.
pub(super) struct ReadLog {
    bytes: Bytes,
    pub(super) batches: Vec<FetchedBatch>,
    /// Where each of them lies in `bytes`.
    places: Vec<Range<usize>>,
    pub(super) aborted: Vec<AbortedTransaction>,
    /// Nothing may be read from here on.
    pub(super) end: Offset,
}

/// Why nothing was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadStop {
    /// The log begins later.
    BeforeLogStart(Offset),
    /// It lies in files, and here nobody may wait for them.
    Blocks,
    Failed(ErrorCode),
}

impl ReadLog {
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Of records and of what is left of them.
    pub(super) fn offset_count(&self) -> u64 {
        self.batches.iter().map(|batch| batch.range.count()).sum()
    }

    /// The batches from the first to the last that these records are in.
    pub(super) fn bytes_of(&self, first: Offset, last: Offset) -> Bytes {
        let touches =
            |batch: &&FetchedBatch| batch.range.first() <= last && first < batch.range.end();
        let places = self.batches.iter().zip(&self.places);
        let mut touched = places.filter(|(batch, _)| touches(batch)).map(|(_, place)| place);
        let Some(begin) = touched.next() else { return Bytes::new() };
        let end = touched.next_back().unwrap_or(begin);
        self.bytes.slice(begin.start..end.end)
    }
}

pub(super) fn read(
    broker: &Broker,
    partition: &Partition,
    reader: Reader,
    offset: Offset,
    (size_max, may_block): (u32, bool),
) -> Result<ReadLog, ReadStop> {
    let from = FetchFrom { reader, offset, leader_epoch: None, last_fetched_epoch: None };
    let mut ranges = Vec::new();
    let read = partition.read(&from, size_max.min(READ_SIZE_MAX), true, &mut ranges, None);
    let end = match read {
        Ok(result) => result.end,
        Err(error) => return Err(stop(broker, partition, offset, &error)),
    };
    if !may_block && ranges.iter().any(|range| matches!(range, LogRange::File(_))) {
        return Err(ReadStop::Blocks);
    }
    let failed = |error: &ReadError| stop(broker, partition, offset, error);
    let bytes = bytes_of(&ranges).map_err(|error| {
        tracing::warn!(partition = %partition.name(), %error, "read records for a share group");
        ReadStop::Failed(ErrorCode::KafkaStorageError)
    })?;
    let mut log = parse(bytes, end).ok_or(ReadStop::Failed(ErrorCode::CorruptMessage))?;
    let has_transactions = |batch: &FetchedBatch| matches!(batch.kind, BatchKind::Transactional(_));
    if reader == Reader::Committed && log.batches.iter().any(has_transactions) {
        let found = partition.aborted_between(offset, end);
        let found = found.map_err(|error| failed(&error.into()))?;
        let aborted = |found: storage::AbortedTransaction| AbortedTransaction {
            first: found.first,
            producer: found.producer,
        };
        log.aborted = found.into_iter().map(aborted).collect();
    }
    Ok(log)
}

fn stop(broker: &Broker, partition: &Partition, offset: Offset, error: &ReadError) -> ReadStop {
    let code = match error {
        ReadError::Refused(FetchRefused::OutOfRange { .. }) => {
            let log_start = partition.lock().replica_log().map(replica::ReplicaLog::log_start);
            if let Some(log_start) = log_start.filter(|log_start| *log_start > offset) {
                return ReadStop::BeforeLogStart(log_start);
            }
            ErrorCode::OffsetOutOfRange
        }
        ReadError::Refused(refused) => error_map::fetch_refused(refused),
        ReadError::Partition(error) => error_map::partition_error(error),
        ReadError::Storage(error) => {
            broker.read_error(partition, error);
            error_map::storage_error(error)
        }
    };
    ReadStop::Failed(code)
}

fn bytes_of(ranges: &[LogRange]) -> std::io::Result<Bytes> {
    let mut bytes = BytesMut::new();
    for range in ranges {
        match range {
            LogRange::Memory(slice) => bytes.extend_from_slice(slice),
            LogRange::File(range) => bytes.extend_from_slice(&range.read()?),
        }
    }
    Ok(bytes.freeze())
}

/// `None` when the bytes are not batches. A batch that is cut at the end is left for the next read.
fn parse(bytes: Bytes, end: Offset) -> Option<ReadLog> {
    let (mut batches, mut places) = (Vec::new(), Vec::new());
    let mut position = 0;
    for batch in Batches::new(&bytes) {
        let batch = match batch {
            Ok(batch) => batch,
            Err(stop) if stop.is_torn() && position > 0 => break,
            Err(_) => return None,
        };
        let header = batch.header();
        let range = OffsetRange::between(header.base_offset(), header.next_offset())?;
        let size = header.size();
        // What is not committed yet is nobody's.
        if range.end() > end {
            break;
        }
        batches.push(FetchedBatch { range, kind: kind_of(&batch)? });
        places.push(position..position + size);
        position += size;
    }
    let bytes = bytes.slice(..position);
    Some(ReadLog { bytes, batches, places, aborted: Vec::new(), end })
}

fn kind_of(batch: &BatchView<'_>) -> Option<BatchKind> {
    let attributes = batch.header().attributes();
    let producer = batch.header().producer().map(|stamp| stamp.id);
    if !attributes.is_control() {
        let transactional = producer.filter(|_| attributes.is_transactional());
        return Some(transactional.map_or(BatchKind::Records, BatchKind::Transactional));
    }
    let mut decompressor = Decompressor::new();
    let mut records = batch.records(&mut decompressor, CONTROL_SIZE_MAX).ok()?;
    // An empty control batch is what compaction left of one.
    let Some(record) = records.next() else { return Some(BatchKind::Control) };
    let is_abort = matches!(ControlType::parse_key(record.ok()?.key), Ok(ControlType::Abort));
    Some(producer.filter(|_| is_abort).map_or(BatchKind::Control, BatchKind::AbortMarker))
}
