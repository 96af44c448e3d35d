//! What is read of a partition's log for a share fetch.

use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use model::Offset;
use record::{BatchView, Batches, ControlType, Decompressor};
use replica::{FetchFrom, FetchRefused, Reader};
use share::{AbortedTransaction, BatchKind, FetchedBatch, OffsetRange};
use storage::{FileRange, LogRange};
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
    ranges: Vec<LogRange>,
    pub(super) batches: Vec<FetchedBatch>,
    /// Where each of them lies.
    places: Vec<Place>,
    pub(super) aborted: Vec<AbortedTransaction>,
    /// Nothing may be read from here on.
    pub(super) end: Offset,
}

/// Bytes of one of the ranges that were read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    range: usize,
    bytes: Range<usize>,
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
        self.places.iter().map(|place| place.bytes.len()).sum()
    }

    /// Of records and of what is left of them.
    pub(super) fn offset_count(&self) -> u64 {
        self.batches.iter().map(|batch| batch.range.count()).sum()
    }

    /// The batches from the first to the last that these records are in, where they lie.
    pub(super) fn ranges_of(&self, first: Offset, last: Offset) -> Vec<LogRange> {
        let touches =
            |batch: &&FetchedBatch| batch.range.first() <= last && first < batch.range.end();
        let places = self.batches.iter().zip(&self.places);
        let touched = places.filter(|(batch, _)| touches(batch)).map(|(_, place)| place);
        let mut joined: Vec<Place> = Vec::new();
        for place in touched {
            match joined.last_mut() {
                Some(last) if last.range == place.range && last.bytes.end == place.bytes.start => {
                    last.bytes.end = place.bytes.end;
                }
                _ => joined.push(place.clone()),
            }
        }
        joined.into_iter().filter_map(|place| self.part(place)).collect()
    }

    fn part(&self, Place { range, bytes }: Place) -> Option<LogRange> {
        Some(match self.ranges.get(range)? {
            LogRange::Memory(slice) => LogRange::Memory(slice.slice(bytes)),
            LogRange::File(range) => LogRange::File(FileRange {
                file: Arc::clone(&range.file),
                position: range.position + bytes.start as u64,
                size: u32::try_from(bytes.len()).ok()?,
            }),
        })
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
    let mut log = ReadLog::new(end);
    for range in ranges {
        // Records of a file are looked at here, and go to the socket from the file.
        let is_whole = match &range {
            LogRange::Memory(slice) => log.parse(slice),
            LogRange::File(file) => {
                let bytes = file.read().map_err(|error| {
                    tracing::warn!(partition = %partition.name(), %error, "read records for a share group");
                    ReadStop::Failed(ErrorCode::KafkaStorageError)
                })?;
                log.parse(&bytes)
            }
        };
        let goes_on = is_whole.ok_or(ReadStop::Failed(ErrorCode::CorruptMessage))?;
        log.ranges.push(range);
        if !goes_on {
            break;
        }
    }
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

pub(super) fn bytes_of(ranges: &[LogRange]) -> std::io::Result<Bytes> {
    let mut bytes = BytesMut::new();
    for range in ranges {
        match range {
            LogRange::Memory(slice) => bytes.extend_from_slice(slice),
            LogRange::File(range) => bytes.extend_from_slice(&range.read()?),
        }
    }
    Ok(bytes.freeze())
}

impl ReadLog {
    fn new(end: Offset) -> Self {
        let (ranges, batches, places) = (Vec::new(), Vec::new(), Vec::new());
        Self { ranges, batches, places, aborted: Vec::new(), end }
    }

    /// Takes the batches of the next range. False when what follows is left for the next read, as a batch that is cut at the
    /// end; `None` when the bytes are not batches.
    fn parse(&mut self, bytes: &[u8]) -> Option<bool> {
        let range_index = self.ranges.len();
        let mut position = 0;
        for batch in Batches::new(bytes) {
            let batch = match batch {
                Ok(batch) => batch,
                Err(stop) if stop.is_torn() && !self.batches.is_empty() => return Some(false),
                Err(_) => return None,
            };
            let header = batch.header();
            let range = OffsetRange::between(header.base_offset(), header.next_offset())?;
            let size = header.size();
            // What is not committed yet is nobody's.
            if range.end() > self.end {
                return Some(false);
            }
            self.batches.push(FetchedBatch { range, kind: kind_of(&batch)? });
            self.places.push(Place { range: range_index, bytes: position..position + size });
            position += size;
        }
        Some(true)
    }
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
