//! What one idempotent producer knows of its records in one partition.

use std::collections::VecDeque;

use bytes::Bytes;
use model::SeededRandom;

use super::plan::BatchSize;
use super::value::{self, RecordId};
use crate::Failed;

/// Batches of one producer and partition that a broker can tell from new ones.
const OPEN_COUNT_MAX: usize = 5;

/// A batch that has been sent and not been acknowledged: it may have happened.
#[derive(Clone, Debug)]
pub(super) struct OpenBatch {
    pub(super) first: u32,
    pub(super) count: u32,
    pub(super) bytes: Bytes,
}

/// Records whose place is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Acknowledged {
    pub(super) life: u32,
    pub(super) first: u32,
    pub(super) count: u32,
    /// `None` when the broker knew them for repeated, and not where they are.
    pub(super) offset: Option<i64>,
}

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) number: u32,
    /// Index of the topic's plan.
    pub(super) topic: usize,
    pub(super) partition: i32,
    pub(super) life: u32,
    /// Producer id and epoch; `None` before the first life, and after a loss.
    pub(super) identity: Option<(i64, i16)>,
    /// Records that were sent, of each life.
    pub(super) sent: Vec<u32>,
    pub(super) open: VecDeque<OpenBatch>,
    pub(super) acknowledged: Vec<Acknowledged>,
    pub(super) batches: BatchSize,
}

impl Stream {
    pub(super) fn new(number: u32, topic: usize, partition: i32, batches: BatchSize) -> Self {
        Self {
            number,
            topic,
            partition,
            life: 0,
            identity: None,
            sent: vec![0],
            open: VecDeque::new(),
            acknowledged: Vec::new(),
            batches,
        }
    }

    pub(super) fn may_send(&self) -> bool {
        self.open.len() < OPEN_COUNT_MAX
    }

    /// Makes the next batch, which is open from now on.
    pub(super) fn next_batch(&mut self, random: &mut SeededRandom) -> Result<OpenBatch, Failed> {
        let (count, size) = self.batches.draw(random);
        let sent = self.sent.last_mut().ok_or_else(|| Failed("a stream without a life".into()))?;
        let first = RecordId { stream: self.number, life: self.life, number: *sent };
        let bytes = value::batch(first, count, size, self.identity)?;
        *sent += count;
        let batch = OpenBatch { first: first.number, count, bytes };
        self.open.push_back(batch.clone());
        Ok(batch)
    }

    /// The batch that begins with `first` is done; gives how many records that are.
    pub(super) fn acknowledge(&mut self, first: u32, offset: Option<i64>) -> u32 {
        let Some(index) = self.open.iter().position(|batch| batch.first == first) else { return 0 };
        let count = self.open.remove(index).map_or(0, |batch| batch.count);
        self.acknowledged.push(Acknowledged { life: self.life, first, count, offset });
        count
    }

    /// Begins anew under another producer id: the broker has lost records that this one must not repeat.
    pub(super) fn begin_anew(&mut self) {
        self.open.clear();
        self.identity = None;
        self.life += 1;
        self.sent.push(0);
    }

    pub(super) fn open_records(&self) -> u64 {
        self.open.iter().map(|batch| u64::from(batch.count)).sum()
    }
}
