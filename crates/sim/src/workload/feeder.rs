use std::sync::Arc;

use model::{Instant, ProducerEpoch, ProducerId, SeededRandom, Sequence, Timestamp};
use record::{BatchBuilder, BatchStamp, Compressor, ProducerStamp};

use super::Key;
use super::broker::{Reply, Request};
use super::checker::Checker;
use super::copier::PATIENCE;
use crate::failure::Broken;

/// An idempotent producer of records to be copied, into one partition, one batch at a time.
#[derive(Debug)]
pub(super) struct Feeder {
    index: u8,
    random: SeededRandom,
    sequence: Sequence,
    /// Of the batch that is under way.
    number: u64,
    under_way: Option<(Arc<[u8]>, Vec<u64>, Instant)>,
    made: u64,
    acknowledged: u64,
}

impl Feeder {
    pub(super) fn new(index: u8, random: SeededRandom) -> Self {
        Self {
            index,
            random,
            sequence: Sequence::ZERO,
            number: 0,
            under_way: None,
            made: 0,
            acknowledged: 0,
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.under_way.is_none()
    }

    pub(super) fn acknowledged_count(&self) -> u64 {
        self.acknowledged
    }

    pub(super) fn next_request(
        &mut self,
        now: Instant,
        wall: Timestamp,
        feeds: bool,
    ) -> Option<(u64, Request)> {
        let key = Key::Input(self.index);
        if let Some((batch, _, sent_at)) = &mut self.under_way {
            if now.since(*sent_at) <= PATIENCE {
                return None;
            }
            *sent_at = now;
            return Some((self.number, Request::Feed { key, batch: Arc::clone(batch) }));
        }
        if !feeds || !self.random.one_in(40) {
            return None;
        }
        let (batch, ids) = self.make(wall)?;
        self.number += 1;
        self.under_way = Some((Arc::clone(&batch), ids, now));
        Some((self.number, Request::Feed { key, batch }))
    }

    fn make(&mut self, wall: Timestamp) -> Option<(Arc<[u8]>, Vec<u64>)> {
        let mut builder = BatchBuilder::new();
        let count = 1 + self.random.below(4);
        let mut ids = Vec::new();
        for _ in 0..count {
            self.made += 1;
            let id = (u64::from(self.index) << 32) + self.made;
            let mut value = id.to_be_bytes().to_vec();
            value.resize(8 + usize::try_from(self.random.below(800)).unwrap_or(0), 0);
            builder.append(Some(wall), None, Some(&value), &[]).ok()?;
            ids.push(id);
        }
        let producer = ProducerStamp {
            id: ProducerId::from_wire(i64::from(self.index))?,
            epoch: ProducerEpoch::ZERO,
            base_sequence: Some(self.sequence),
        };
        let stamp = BatchStamp { producer: Some(producer), ..BatchStamp::default() };
        let batch = builder.finish(&stamp, &mut Compressor::new()).ok()?.into();
        self.sequence = self.sequence.plus(u32::try_from(count).unwrap_or(0));
        Some((batch, ids))
    }

    pub(super) fn answered(
        &mut self,
        number: u64,
        reply: &Reply,
        checker: &mut Checker,
    ) -> Result<(), Broken> {
        if number != self.number {
            return Ok(());
        }
        match reply {
            Reply::Done => {
                if let Some((_, ids, _)) = self.under_way.take() {
                    self.acknowledged += ids.len() as u64;
                    ids.into_iter().for_each(|id| checker.acknowledged(id));
                }
                Ok(())
            }
            Reply::Later => Ok(()),
            other => {
                let text = format!("a producer's next batch is answered {other:?}");
                Err(Broken::correctness("producers_are_not_refused", text))
            }
        }
    }
}
