use std::sync::Arc;

use io::Clock;
use model::{Offset, SeededRandom};
use record::BatchView;
use replica::{Acks, AppendError};

use super::{PRODUCER_COUNT, Ticket, World, raw};
use crate::failure::Broken;
use crate::invariants;
use crate::node::Node;
use crate::producer::ModelProducer;
use crate::stop::Stop;
use crate::stored::{StoredBatch, content};

/// A producer with what it knows of its connection.
#[derive(Debug)]
pub(super) struct Producer {
    model: ModelProducer,
    /// An answer is missing, or was an error: all that is in flight goes again before anything new.
    must_send_again: bool,
}

impl Producer {
    pub(super) fn new(model: ModelProducer) -> Self {
        Self { model, must_send_again: false }
    }

    pub(super) fn must_send_again(&mut self) {
        self.must_send_again = true;
    }
}

impl World<'_> {
    fn any_producer(&mut self) -> usize {
        usize::try_from(self.random.below(PRODUCER_COUNT as u64)).unwrap_or(0)
    }

    pub(super) fn produce(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let index = self.any_producer();
        if self.producers[index].must_send_again {
            return self.send_all_again(node, index);
        }
        let acks = if self.random.one_in(3) { Acks::Leader } else { Acks::AllInSync };
        let size_max = size_max(&mut self.random);
        let made = self.producers[index]
            .model
            .make(self.clock.wall(), acks, size_max)
            .map_err(|error| Broken::crash(format_args!("build a batch: {error}")))?;
        let Some(sent) = made.cloned() else { return Ok(()) };
        let view = BatchView::parse(&sent.bytes).map_err(Broken::crash)?;
        if let Some(producer) = view.header().producer() {
            let key = (producer.id, raw(producer.base_sequence));
            self.sent.insert(key, Arc::clone(&sent.bytes));
        }
        let size = sent.bytes.len();
        self.trace.line(format_args!("{index} produces {}: {size} bytes, {acks:?}", sent.number));
        self.send(node, index, sent.number, &sent.bytes, acks)?;
        Ok(())
    }

    /// Whether it was taken; if not, the producer hears an error.
    fn send(
        &mut self,
        node: &mut Node<Ticket>,
        index: usize,
        number: u64,
        bytes: &Arc<[u8]>,
        acks: Acks,
    ) -> Result<bool, Stop> {
        let done =
            if node.refuses() { Ok(false) } else { node.produce((index, number), bytes, acks) };
        let taken = match done {
            Ok(taken) => taken,
            Err(stop) => {
                self.producers[index].must_send_again();
                return Err(stop);
            }
        };
        if !taken {
            self.summary.refused += 1;
            self.trace.line(format_args!("{index} is refused {number}"));
            self.producers[index].must_send_again();
        }
        Ok(taken)
    }

    /// One producer's patience is over.
    pub(super) fn send_again(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let index = self.any_producer();
        self.send_all_again(node, index)
    }

    /// All producers.
    pub(super) fn send_all(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        (0..PRODUCER_COUNT).try_for_each(|index| self.send_all_again(node, index))
    }

    pub(super) fn in_flight_count(&self) -> usize {
        self.producers.iter().map(|producer| producer.model.in_flight().count()).sum()
    }

    fn send_all_again(&mut self, node: &mut Node<Ticket>, index: usize) -> Result<(), Stop> {
        self.producers[index].must_send_again = false;
        let waiting: Vec<_> = self.producers[index].model.in_flight().cloned().collect();
        for sent in waiting {
            self.summary.sent_again += 1;
            self.trace.line(format_args!("{index} sends {} again", sent.number));
            if !self.send(node, index, sent.number, &sent.bytes, sent.acks)? {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn answers(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let written_end = node.store().written_end();
        for ((index, number), result) in node.drain_released() {
            let producer = &mut self.producers[index];
            match result {
                Ok(appended) => {
                    invariants::producers_hear_of_durable(appended.end, written_end)?;
                    if self.random.one_in(15) {
                        self.summary.answers_lost += 1;
                        producer.must_send_again();
                        continue;
                    }
                    let base = appended.base;
                    if producer.model.acknowledged(number, base, &mut self.history) {
                        self.summary.acknowledged += 1;
                        self.trace.line(format_args!("{index} hears {number} is in at {base}"));
                    }
                }
                Err(
                    AppendError::TimedOut
                    | AppendError::NotLeader
                    | AppendError::Storage
                    | AppendError::TooManyWaiting,
                ) => {
                    self.summary.timed_out += u64::from(result == Err(AppendError::TimedOut));
                    producer.must_send_again();
                }
                Err(error) => {
                    let text = format!("producer {index}, batch {number}: {error}");
                    return Err(Broken::correctness("producers_are_not_refused", text).into());
                }
            }
        }
        Ok(())
    }

    /// The consumer that reads along.
    pub(super) fn consume(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let batches = self.read(node, self.reader)?;
        for batch in batches {
            self.reader = batch.end;
            self.summary.consumed += 1;
            if batch.base >= self.history.deleted_to {
                self.history.seen.insert(batch.base, batch);
            }
        }
        self.trace.line(format_args!("consumed to {}", self.reader));
        Ok(())
    }

    /// The consumer that begins at the log's start, over and over.
    pub(super) fn consume_from_start(&mut self, node: &mut Node<Ticket>) -> Result<(), Stop> {
        let from = self.late_reader.unwrap_or_else(|| node.log().log_start());
        let batches = self.read(node, from)?;
        self.late_reader = batches.last().map(|last| last.end);
        self.summary.consumed_again += batches.len() as u64;
        for batch in batches {
            let seen = self.history.seen.get(&batch.base);
            if seen.is_some_and(|seen| *seen != batch) {
                let text = format!("two consumers saw different batches at {}", batch.base);
                return Err(Broken::correctness("seen_stays", text).into());
            }
        }
        Ok(())
    }

    fn read(&mut self, node: &mut Node<Ticket>, from: Offset) -> Result<Vec<StoredBatch>, Stop> {
        let size_max = 1 + u32::try_from(self.random.below(6_000)).unwrap_or(0);
        let start = node.log().log_start();
        let batches = node.consume(from, size_max)?;
        if node.refuses() {
            self.summary.reads_when_full += batches.len() as u64;
        }
        invariants::consumers_see_durable(&batches, node.store().written_end())?;
        let mut next = from.max(start);
        for batch in &batches {
            self.check_sent(batch)?;
            // The first one holds the offset that was asked for, the others follow.
            if batch.base > next || batch.end <= next {
                let text = format!("asked for {next}, given {}..{}", batch.base, batch.end);
                return Err(Broken::correctness("nothing_is_left_out", text).into());
            }
            next = batch.end;
        }
        Ok(batches)
    }

    /// Nobody reads what nobody sent.
    pub(super) fn check_sent(&self, batch: &StoredBatch) -> Result<(), Broken> {
        let sent = batch.producer.and_then(|(id, sequence)| self.sent.get(&(id, raw(sequence))));
        if sent.is_some_and(|sent| content(sent) == batch.content()) {
            return Ok(());
        }
        let text = format!("nobody sent what lies at {}", batch.base);
        Err(Broken::correctness("seen_was_sent", text))
    }
}

fn size_max(random: &mut SeededRandom) -> u64 {
    if random.one_in(10) { 20_000 } else { 600 }
}
