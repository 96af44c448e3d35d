//! The first record that somebody has not read.

use model::{Offset, Timestamp};
use record::limits::DECOMPRESSED_SIZE_MAX;
use record::{BatchView, Decompressor};
use replica::{FetchFrom, Reader};
use storage::{LogRange, StorageError};

use super::{Partition, ReadError};
use crate::limits;

/// A record where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FirstRecord {
    pub(crate) offset: Offset,
    /// `None` when its producer gave none.
    pub(crate) timestamp: Option<Timestamp>,
}

impl Partition {
    /// The first committed record at or after `from`, which must not be before the log's start; markers of transactions
    /// are none. `None` when there is none, or it lies behind too many batches without any. Looks into files.
    pub(crate) fn first_record(&self, from: Offset) -> Result<Option<FirstRecord>, ReadError> {
        let mut next = from;
        for _ in 0..limits::EMPTY_BATCHES_MAX {
            let fetch = FetchFrom {
                reader: Reader::Uncommitted,
                offset: next,
                leader_epoch: None,
                last_fetched_epoch: None,
            };
            let mut ranges = Vec::new();
            // So few bytes give the one batch that must be.
            self.read(&fetch, 1, true, &mut ranges, None)?;
            let looked = match ranges.first() {
                None => return Ok(None),
                Some(LogRange::Memory(slice)) => look(slice, from),
                Some(LogRange::File(range)) => match range.read() {
                    Ok(bytes) => look(&bytes, from),
                    Err(source) => {
                        let path = self.dir().path().to_path_buf();
                        return Err(StorageError::Io { verb: "read", path, source }.into());
                    }
                },
            };
            match looked {
                None => return Ok(None),
                Some(Looked::Found(record)) => return Ok(Some(record)),
                Some(Looked::GoOn(offset)) => next = offset,
            }
        }
        Ok(None)
    }
}

enum Looked {
    Found(FirstRecord),
    GoOn(Offset),
}

/// `None` for bytes that are no batch.
fn look(bytes: &[u8], from: Offset) -> Option<Looked> {
    let batch = BatchView::parse(bytes).ok()?;
    let header = batch.header();
    let behind = Looked::GoOn(header.next_offset());
    if header.attributes().is_control() || header.record_count() == 0 {
        return Some(behind);
    }
    let mut decompressor = Decompressor::new();
    let records = batch.records(&mut decompressor, DECOMPRESSED_SIZE_MAX).ok()?;
    let found = records.map_while(Result::ok).find(|record| record.offset >= from);
    Some(found.map_or(behind, |record| {
        Looked::Found(FirstRecord { offset: record.offset, timestamp: record.timestamp })
    }))
}
