//! A consumer of committed records, as every client is one.

use std::collections::{BTreeSet, VecDeque};

use bytes::Bytes;
use model::{Offset, ProducerId};
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
pub struct Given {
    pub offset: Offset,
    pub value: Bytes,
}

impl Given {
    pub(super) fn of(record: RecordView<'_>) -> Self {
        let value = Bytes::copy_from_slice(record.value.unwrap_or_default());
        Self { offset: record.offset, value }
    }
}

/// Records of a partition from an offset on, some of them, and where to read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub given: Vec<Given>,
    pub next: Offset,
}

pub(super) fn read_from_log(logs: &Logs, key: Key, from: Offset) -> Result<Page, Stop> {
    let bytes = logs.read(key, from, Reader::Committed)?;
    let aborted = logs.aborted(key, from)?;
    let aborted = aborted.iter().map(|known| (known.first, known.producer)).collect();
    Ok(read_committed(&bytes, aborted, from)?)
}

/// Leaves out what was aborted, by the broker's list of it and the markers in the log.
pub fn read_committed(
    bytes: &[u8],
    mut aborted: Vec<(Offset, ProducerId)>,
    from: Offset,
) -> Result<Page, Broken> {
    aborted.sort_unstable();
    let mut aborted = VecDeque::from(aborted);
    let mut skipped = BTreeSet::new();
    let mut page = Page { given: Vec::new(), next: from };
    for batch in Batches::checked(bytes) {
        let batch = match batch {
            Ok(batch) => batch,
            // An answer may end within a batch.
            Err(stop) if stop.is_torn() && page.next > from => break,
            Err(stop) => {
                return Err(Broken::correctness("batches_are_whole", format_args!("{stop:?}")));
            }
        };
        let header = batch.header();
        let producer = header.producer().map(|producer| producer.id);
        while let Some((_, begun)) = aborted.pop_front_if(|(at, _)| *at <= header.last_offset()) {
            skipped.insert(begun);
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
            let given = records_of(&batch, Given::of)?;
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
