use std::ops::ControlFlow;

use bytes::Bytes;
use model::{Offset, TopicPartition};
use record::{Batches, Decompressor, RecordView};

use super::acknowledgements::{Acknowledgements, Kind};
use super::session::Place;
use crate::error::CorruptBatch;
use crate::limits::DECOMPRESSED_SIZE_MAX;
use crate::{ClientError, Result};

/// Records of one partition that a share group has handed out to this member, within whole batches as they came.
#[derive(Clone, Debug)]
pub struct ShareFetched {
    pub partition: TopicPartition,
    pub(super) broker: i32,
    pub(super) place: Place,
    /// In the order of their offsets.
    pub(super) acquired: Vec<Acquired>,
    pub(super) batches: Bytes,
}

/// Offsets that were handed out, and how often by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Acquired {
    pub(super) first: Offset,
    pub(super) last: Offset,
    pub(super) delivery_count: i16,
}

impl ShareFetched {
    /// Shows each record with how often it was handed out, in order, until `visit` breaks. Gives what became of them: what was
    /// shown is accepted, the rest is given back for others.
    pub fn visit(
        &self,
        decompressor: &mut Decompressor,
        mut visit: impl FnMut(&RecordView<'_>, i16) -> ControlFlow<()>,
    ) -> Result<Acknowledgements> {
        let mut shown = Shown::default();
        'batches: for batch in Batches::checked(&self.batches) {
            let batch = match batch {
                Ok(batch) => batch,
                Err(stop) if stop.is_torn() => break,
                Err(stop) => return Err(self.corrupt(shown.end, stop.reason.into())),
            };
            let header = batch.header();
            let (base, next) = (header.base_offset(), header.next_offset());
            if !header.attributes().is_control() {
                let corrupt = |reason: record::RecordError| self.corrupt(base, reason.into());
                let records = batch.records(decompressor, DECOMPRESSED_SIZE_MAX);
                for record in records.map_err(corrupt)? {
                    let record = record.map_err(corrupt)?;
                    let Some(row) = self.row_of(record.offset) else { continue };
                    let flow = visit(&record, row.delivery_count);
                    shown.add(record.offset);
                    if flow.is_break() {
                        break 'batches;
                    }
                }
            }
            shown.end = shown.end.max(next);
        }
        Ok(shown.acknowledge(&self.acquired))
    }

    /// Gives all of it back for others.
    pub fn release(&self) -> Acknowledgements {
        Shown::default().acknowledge(&self.acquired)
    }

    fn row_of(&self, offset: Offset) -> Option<&Acquired> {
        let place = self.acquired.partition_point(|row| row.last < offset);
        self.acquired.get(place).filter(|row| row.first <= offset)
    }

    fn corrupt(&self, at: Offset, reason: CorruptBatch) -> ClientError {
        let partition = self.partition.clone();
        ClientError::CorruptBatch { partition, offset: at.to_wire(), reason }
    }
}

/// Which records were shown.
#[derive(Debug)]
struct Shown {
    /// First and last offsets.
    runs: Vec<(i64, i64)>,
    /// All before it was looked at.
    end: Offset,
}

impl Default for Shown {
    fn default() -> Self {
        Self { runs: Vec::new(), end: Offset::ZERO }
    }
}

impl Shown {
    fn add(&mut self, offset: Offset) {
        let raw = offset.to_wire();
        match self.runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(raw) => *last = raw,
            _ => self.runs.push((raw, raw)),
        }
        self.end = offset.plus(1).unwrap_or(Offset::MAX);
    }

    fn acknowledge(&self, acquired: &[Acquired]) -> Acknowledgements {
        let mut said = Acknowledgements::default();
        for row in acquired {
            let (mut next, row_last) = (row.first.to_wire(), row.last.to_wire());
            let within = |(first, last): &(i64, i64)| *last >= next && *first <= row_last;
            for (first, last) in self.runs.iter().copied().filter(within).collect::<Vec<_>>() {
                let (first, last) = (first.max(next), last.min(row_last));
                said.push(next, first.saturating_sub(1), Kind::Gap);
                said.push(first, last, Kind::Accept);
                next = last.saturating_add(1);
            }
            let looked_at = row_last.min(self.end.to_wire().saturating_sub(1));
            said.push(next, looked_at, Kind::Gap);
            said.push(next.max(looked_at.saturating_add(1)), row_last, Kind::Release);
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use model::{PartitionIndex, TopicName, Uuid};
    use record::{BatchBuilder, BatchStamp, Compressor};

    use super::*;

    fn offset(raw: i64) -> Offset {
        Offset::from_wire(raw).unwrap()
    }

    /// Three records from `base` on.
    fn batch(base: i64) -> Vec<u8> {
        let mut builder = BatchBuilder::new();
        for value in ["a", "b", "c"] {
            builder.append(None, None, Some(value.as_bytes()), &[]).unwrap();
        }
        let stamp = BatchStamp { base_offset: offset(base), ..BatchStamp::default() };
        builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec()
    }

    fn fetched(acquired: &[(i64, i64, i16)], batches: Vec<u8>) -> ShareFetched {
        let row = |(first, last, delivery_count): &(i64, i64, i16)| Acquired {
            first: offset(*first),
            last: offset(*last),
            delivery_count: *delivery_count,
        };
        let topic = TopicName::new("t").unwrap();
        ShareFetched {
            partition: TopicPartition { topic, partition: PartitionIndex::ZERO },
            broker: 1,
            place: (Uuid::ONE, 0),
            acquired: acquired.iter().map(row).collect(),
            batches: batches.into(),
        }
    }

    fn visit(fetched: &ShareFetched, most: usize) -> (Vec<(i64, i16)>, Acknowledgements) {
        let mut seen = Vec::new();
        let said = fetched
            .visit(&mut Decompressor::new(), |record, count| {
                seen.push((record.offset.to_wire(), count));
                if seen.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .unwrap();
        (seen, said)
    }

    #[test]
    fn only_what_was_handed_out_is_shown_and_accepted() {
        let batches = [batch(0), batch(5)].concat();
        let (seen, said) = visit(&fetched(&[(1, 1, 2), (2, 7, 1)], batches), usize::MAX);
        assert_eq!(seen, [(1, 2), (2, 1), (5, 1), (6, 1), (7, 1)]);
        let wanted = [(1, 2, Kind::Accept), (3, 4, Kind::Gap), (5, 7, Kind::Accept)];
        assert_eq!(said, Acknowledgements::of(&wanted));
    }

    #[test]
    fn what_is_not_shown_is_given_back() {
        let batches = [batch(0), batch(5)].concat();
        let (seen, said) = visit(&fetched(&[(0, 2, 1), (5, 7, 1)], batches), 2);
        assert_eq!(seen, [(0, 1), (1, 1)]);
        let wanted = [(0, 1, Kind::Accept), (2, 2, Kind::Release), (5, 7, Kind::Release)];
        assert_eq!(said, Acknowledgements::of(&wanted));
    }

    #[test]
    fn what_did_not_come_whole_is_given_back() {
        let mut batches = [batch(0), batch(3)].concat();
        batches.truncate(batches.len() - 1);
        let (seen, said) = visit(&fetched(&[(0, 5, 1)], batches), usize::MAX);
        assert_eq!(seen.len(), 3);
        let wanted = [(0, 2, Kind::Accept), (3, 5, Kind::Release)];
        assert_eq!(said, Acknowledgements::of(&wanted));
    }

    #[test]
    fn damage_is_an_error() {
        let mut batches = batch(0);
        *batches.last_mut().unwrap() ^= 1;
        let fetched = fetched(&[(0, 2, 1)], batches);
        let found = fetched.visit(&mut Decompressor::new(), |_, _| ControlFlow::Continue(()));
        assert!(matches!(found, Err(ClientError::CorruptBatch { offset: 0, .. })), "{found:?}");
    }
}
