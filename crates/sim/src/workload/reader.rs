//! A consumer of committed records, as every client is one.

use std::collections::{BTreeSet, VecDeque};

use bytes::Bytes;
use model::Offset;
use record::{BatchView, Batches, ControlType, Decompressor, RecordView};
use replica::Reader;

use super::Key;
use super::logs::Logs;
use crate::failure::Broken;
use crate::stop::Stop;

/// What no batch of this world is larger than.
const BATCH_SIZE_MAX: usize = 1 << 20;

/// A record that an application was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) offset: Offset,
    pub(super) value: Bytes,
}

/// Records of a partition from an offset on, some of them, and where to read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) given: Vec<Given>,
    pub(super) next: Offset,
}

/// Leaves out what was aborted, by the broker's list of it and the markers in the log.
pub(super) fn read_committed(logs: &Logs, key: Key, from: Offset) -> Result<Page, Stop> {
    let bytes = logs.read(key, from, Reader::Committed)?;
    let mut aborted = logs.aborted(key, from)?;
    aborted.sort_unstable_by_key(|transaction| transaction.first);
    let mut aborted = VecDeque::from(aborted);
    let mut skipped = BTreeSet::new();
    let mut page = Page { given: Vec::new(), next: from };
    for batch in Batches::checked(&bytes) {
        let batch = batch
            .map_err(|stop| Broken::correctness("batches_are_whole", format_args!("{stop:?}")))?;
        let header = batch.header();
        let producer = header.producer().map(|producer| producer.id);
        while let Some(begun) = aborted.pop_front_if(|begun| begun.first <= header.last_offset()) {
            skipped.insert(begun.producer);
        }
        page.next = page.next.max(header.next_offset());
        let attributes = header.attributes();
        let is_skipped = producer.is_some_and(|producer| skipped.contains(&producer));
        if attributes.is_control() {
            let is_abort = |record: &RecordView<'_>| {
                ControlType::parse_key(record.key) == Ok(ControlType::Abort)
            };
            if let Some(producer) = producer
                && records_of(&batch, |record| is_abort(&record))?.contains(&true)
            {
                skipped.remove(&producer);
            }
        } else if !(attributes.is_transactional() && is_skipped) {
            let given = records_of(&batch, |record| Given {
                offset: record.offset,
                value: Bytes::copy_from_slice(record.value.unwrap_or_default()),
            })?;
            page.given.extend(given.into_iter().filter(|record| record.offset >= from));
        }
    }
    Ok(page)
}

pub(super) fn records_of<R>(
    batch: &BatchView<'_>,
    take: impl Fn(RecordView<'_>) -> R,
) -> Result<Vec<R>, Broken> {
    let bad = |error: String| Broken::correctness("batches_are_whole", error);
    let mut decompressor = Decompressor::new();
    let records = batch.records(&mut decompressor, BATCH_SIZE_MAX);
    let records = records.map_err(|error| bad(error.to_string()))?;
    records.map(|record| Ok(take(record.map_err(|error| bad(error.to_string()))?))).collect()
}
