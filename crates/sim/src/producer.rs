use std::collections::VecDeque;
use std::sync::Arc;

use model::{Offset, ProducerEpoch, ProducerId, SeededRandom, Sequence, Timestamp};
use record::{BatchBuilder, BatchStamp, BuildError, Compressor, ProducerStamp};
use replica::Acks;

use crate::history::History;
use crate::limits::IN_FLIGHT_MAX;

/// A batch that was sent and not yet answered.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Counts the batches of this producer: what an answer names.
    pub number: u64,
    pub acks: Acks,
    pub bytes: Arc<[u8]>,
}

/// A model of an idempotent producer: up to five batches in flight, in order, each sent again until it is answered.
/// What it has been told goes to the [`History`].
#[derive(Debug)]
pub struct ModelProducer {
    id: ProducerId,
    random: SeededRandom,
    sequence: Sequence,
    next_number: u64,
    in_flight: VecDeque<Sent>,
    builder: BatchBuilder,
    value: Vec<u8>,
}

impl ModelProducer {
    pub fn new(id: ProducerId, random: SeededRandom) -> Self {
        Self {
            id,
            random,
            sequence: Sequence::ZERO,
            next_number: 0,
            in_flight: VecDeque::new(),
            builder: BatchBuilder::new(),
            value: Vec::new(),
        }
    }

    pub fn id(&self) -> ProducerId {
        self.id
    }

    /// Batches not yet answered, oldest first.
    pub fn in_flight(&self) -> impl DoubleEndedIterator<Item = &Sent> {
        self.in_flight.iter()
    }

    /// Counted from the oldest one: answers come in order to a real producer.
    pub fn has_room(&self) -> bool {
        let oldest = self.in_flight.front().map_or(self.next_number, |sent| sent.number);
        self.next_number - oldest < IN_FLIGHT_MAX
    }

    /// Makes a batch of up to `size_max` bytes, of random records. `None` when five are in flight.
    pub fn make(
        &mut self,
        wall: Timestamp,
        acks: Acks,
        size_max: u64,
    ) -> Result<Option<&Sent>, BuildError> {
        if !self.has_room() {
            return Ok(None);
        }
        self.builder.clear();
        let count = 1 + u32::try_from(self.random.below(4)).unwrap_or(0);
        for _ in 0..count {
            let size = self.random.below(1 + size_max / u64::from(count));
            self.value.resize(usize::try_from(size).unwrap_or(0), 0);
            self.random.fill(&mut self.value);
            // Clocks of producers do not agree.
            let late = i64::try_from(self.random.below(3_000)).unwrap_or(0);
            let time = Timestamp::from_millis(wall.as_millis() - late);
            let appended = self.builder.append(time, None, Some(&self.value), &[]);
            assert!(appended.is_ok(), "a batch of a few records is never too large");
        }
        let producer = ProducerStamp {
            id: self.id,
            epoch: ProducerEpoch::ZERO,
            base_sequence: Some(self.sequence),
        };
        let stamp = BatchStamp { producer: Some(producer), ..BatchStamp::default() };
        let bytes: Arc<[u8]> = self.builder.finish(&stamp, &mut Compressor::new())?.into();
        self.sequence = self.sequence.plus(count);
        self.in_flight.push_back(Sent { number: self.next_number, acks, bytes });
        self.next_number += 1;
        Ok(self.in_flight.back())
    }

    /// The batch was accepted at `base`. Says whether it was waited for: an answer may come twice.
    pub fn acknowledged(&mut self, number: u64, base: Offset, history: &mut History) -> bool {
        let Some(index) = self.in_flight.iter().position(|sent| sent.number == number) else {
            return false;
        };
        if let Some(sent) = self.in_flight.remove(index)
            && base >= history.deleted_to
        {
            history.acknowledged.insert(base, sent.bytes);
        }
        true
    }
}
