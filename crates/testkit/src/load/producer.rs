//! Producers that keep several requests open until the broker is gone, and then send again what they do not know of.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use model::SeededRandom;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{InitProducerIdRequest, ProduceRequest};

use super::pipeline::{Pipeline, Trouble, unless_gone};
use super::plan::{PRODUCERS, TOPICS};
use super::stream::{OpenBatch, Stream};
use crate::Failed;

/// Topics by name.
const VERSION: i16 = 9;
const NONE: i16 = 0;
const OUT_OF_ORDER_SEQUENCE_NUMBER: i16 = 45;
const DUPLICATE_SEQUENCE_NUMBER: i16 = 46;
const UNKNOWN_PRODUCER_ID: i16 = 59;

/// What all threads of one life of the broker share.
#[derive(Debug, Default)]
pub(super) struct Signals {
    pub(super) stop: AtomicBool,
    /// Records acknowledged in this life.
    pub(super) acknowledged: AtomicU64,
}

#[derive(Debug)]
pub(super) struct Producer {
    plan: usize,
    pub(super) streams: Vec<Stream>,
    random: SeededRandom,
    /// Codes other than success, and how often.
    pub(super) refusals: BTreeMap<i16, u64>,
    /// Times that the broker did not know a producer it had acknowledged records of.
    pub(super) forgotten: u64,
}

/// A request that has no answer yet: the streams with the first record of each one's batch.
type Asked = Vec<(usize, u32)>;

impl Producer {
    pub(super) fn new(plan: usize, first_number: u32, seed: u64) -> Self {
        let mut streams = Vec::new();
        let kinds = PRODUCERS.get(plan).map_or(&[][..], |plan| plan.kinds);
        for (index, topic) in TOPICS.iter().enumerate().filter(|(_, t)| kinds.contains(&t.kind)) {
            for partition in 0..topic.partition_count {
                let number = first_number + u32::try_from(streams.len()).unwrap_or(0);
                streams.push(Stream::new(number, index, partition, topic.batches));
            }
        }
        Self {
            plan,
            streams,
            random: SeededRandom::new(seed),
            refusals: BTreeMap::new(),
            forgotten: 0,
        }
    }

    /// Sends until told to stop or until the broker is gone.
    pub(super) fn run(
        &mut self,
        address: &str,
        era: u32,
        signals: &Signals,
        patience: Duration,
    ) -> Result<(), Failed> {
        while !signals.stop.load(Ordering::Relaxed) {
            let Ok(mut connection) = Pipeline::connect(address, patience) else { break };
            match self.drive(&mut connection, era, signals) {
                Ok(()) => std::thread::sleep(Duration::from_millis(20)),
                gone_or_broken => return unless_gone(gone_or_broken),
            }
        }
        Ok(())
    }

    /// Until something is refused: then all that is open is to be sent again, in order.
    fn drive(
        &mut self,
        connection: &mut Pipeline,
        era: u32,
        signals: &Signals,
    ) -> Result<(), Trouble> {
        self.take_identities(connection)?;
        let Some(plan) = PRODUCERS.get(self.plan) else { return Ok(()) };
        let mut asked: VecDeque<Asked> = VecDeque::new();
        // What is open is sent again before anything new, one batch at a time and in order.
        for index in 0..self.streams.len() {
            for batch in self.streams[index].open.clone() {
                asked.push_back(vec![(index, batch.first)]);
                self.send(connection, plan.acks, era, &[(index, batch)])?;
                if !self.receive(connection, &mut asked, signals, true)? {
                    return Ok(());
                }
            }
        }
        let mut refused = false;
        loop {
            let may_send = !refused && !signals.stop.load(Ordering::Relaxed);
            let batches =
                if may_send && asked.len() < plan.window { self.compose()? } else { Vec::new() };
            if !batches.is_empty() {
                self.send(connection, plan.acks, era, &batches)?;
                asked.push_back(batches.iter().map(|(index, b)| (*index, b.first)).collect());
                let rest = self.random.below(plan.rest_ms * 1_000 + 1);
                std::thread::sleep(Duration::from_micros(rest));
            } else if asked.is_empty() {
                return Ok(());
            } else {
                refused |= !self.receive(connection, &mut asked, signals, false)?;
            }
        }
    }

    /// The next batches of some of the streams that may send.
    fn compose(&mut self) -> Result<Vec<(usize, OpenBatch)>, Failed> {
        let mut ready: Vec<usize> =
            (0..self.streams.len()).filter(|index| self.streams[*index].may_send()).collect();
        let count = self.random.below(3) + 1;
        let mut batches = Vec::new();
        for _ in 0..count.min(ready.len() as u64) {
            let place = usize::try_from(self.random.below(ready.len() as u64)).unwrap_or(0);
            let index = ready.swap_remove(place);
            batches.push((index, self.streams[index].next_batch(&mut self.random)?));
        }
        Ok(batches)
    }

    fn send(
        &self,
        connection: &mut Pipeline,
        acks: i16,
        era: u32,
        batches: &[(usize, OpenBatch)],
    ) -> Result<(), Trouble> {
        let mut topics: BTreeMap<usize, Vec<PartitionProduceData>> = BTreeMap::new();
        for (index, batch) in batches {
            let stream = &self.streams[*index];
            let records = Some(batch.bytes.clone());
            let data = PartitionProduceData { index: stream.partition, records };
            topics.entry(stream.topic).or_default().push(data);
        }
        let topic_data = topics.into_iter().map(|(topic, partition_data)| TopicProduceData {
            name: TOPICS.get(topic).map_or_else(String::new, |plan| plan.name(era)),
            partition_data,
            ..TopicProduceData::default()
        });
        let topic_data = topic_data.collect();
        let request =
            ProduceRequest { acks, timeout_ms: 30_000, topic_data, ..ProduceRequest::default() };
        connection.send(&request, VERSION)
    }

    /// Takes the oldest answer; gives whether all in it was a success.
    fn receive(
        &mut self,
        connection: &mut Pipeline,
        asked: &mut VecDeque<Asked>,
        signals: &Signals,
        again: bool,
    ) -> Result<bool, Trouble> {
        let Some(batches) = asked.pop_front() else { return Ok(true) };
        let answer = connection.receive::<ProduceRequest>(VERSION)?;
        let mut answers = BTreeMap::new();
        for topic in &answer.responses {
            for partition in &topic.partition_responses {
                let kind = topic.name.split('-').next().unwrap_or_default().to_owned();
                let place = (kind, partition.index);
                answers.insert(place, (partition.error_code, partition.base_offset));
            }
        }
        let mut all = true;
        for (index, first) in batches {
            let stream = &mut self.streams[index];
            let kind = TOPICS.get(stream.topic).map_or("", |plan| plan.kind).to_owned();
            match answers.get(&(kind, stream.partition)) {
                Some((NONE | DUPLICATE_SEQUENCE_NUMBER, offset)) => {
                    let count = stream.acknowledge(first, (*offset >= 0).then_some(*offset));
                    signals.acknowledged.fetch_add(u64::from(count), Ordering::Relaxed);
                }
                Some((code, _)) => {
                    all = false;
                    *self.refusals.entry(*code).or_default() += 1;
                    let lost = [OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID].contains(code);
                    // The first that is sent again follows what was acknowledged, so it is in order.
                    if again && lost {
                        self.forgotten += 1;
                        stream.begin_anew();
                    }
                }
                None => return Err(Failed("a produce answer without a partition".into()).into()),
            }
        }
        Ok(all)
    }

    /// A producer id for each stream that has none.
    fn take_identities(&mut self, connection: &mut Pipeline) -> Result<(), Trouble> {
        for stream in self.streams.iter_mut().filter(|stream| stream.identity.is_none()) {
            let request = InitProducerIdRequest {
                transactional_id: None,
                transaction_timeout_ms: 60_000,
                producer_id: -1,
                producer_epoch: -1,
                ..InitProducerIdRequest::default()
            };
            loop {
                let answer = connection.call(&request, 4)?;
                if answer.error_code == NONE {
                    stream.identity = Some((answer.producer_id, answer.producer_epoch));
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        Ok(())
    }
}
