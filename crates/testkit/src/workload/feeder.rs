//! An idempotent producer of records to be copied, into one partition, one batch at a time.

use std::time::Duration;

use bytes::Bytes;
use model::SeededRandom;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{InitProducerIdRequest, ProduceRequest};

use super::batches::{Stamp, batch};
use super::calls::{
    DUPLICATE_SEQUENCE_NUMBER, NONE, OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID, patiently,
    surely, worst,
};
use super::setup::INPUT;
use super::world::{PAUSE, World};
use crate::Failed;
use crate::load::pipeline::{Pipeline, Trouble};

/// Topics by name.
const PRODUCE_VERSION: i16 = 9;

struct Feeder {
    partition: i32,
    random: SeededRandom,
    identity: Option<(i64, i16)>,
    made: u64,
    /// Sent, and not answered.
    open: Option<(Bytes, Vec<u64>)>,
}

pub(super) fn run(world: &World, partition: i32, random: SeededRandom) -> Result<(), Failed> {
    let mut feeder = Feeder { partition, random, identity: None, made: 0, open: None };
    world.live(|connection| feeder.live(world, connection))
}

impl Feeder {
    /// Until all is produced, or the broker is gone.
    fn live(&mut self, world: &World, connection: &mut Pipeline) -> Result<(), Trouble> {
        let identity = match self.identity {
            Some(identity) => identity,
            None => {
                let request = InitProducerIdRequest {
                    transactional_id: None,
                    transaction_timeout_ms: 60_000,
                    producer_id: -1,
                    producer_epoch: -1,
                    ..InitProducerIdRequest::default()
                };
                let answer = surely(world, connection, (&request, 4), |it| it.error_code)?;
                *self.identity.insert((answer.producer_id, answer.producer_epoch))
            }
        };
        while !world.is_stopped() {
            let (bytes, ids) = match self.open.take() {
                Some(open) => open,
                None if world.is_healed() => return Ok(()),
                None => self.make(identity)?,
            };
            self.open = Some((bytes.clone(), ids.clone()));
            let data = PartitionProduceData { index: self.partition, records: Some(bytes) };
            let topic = TopicProduceData {
                name: INPUT.into(),
                partition_data: vec![data],
                ..TopicProduceData::default()
            };
            let request = ProduceRequest {
                acks: -1,
                timeout_ms: 30_000,
                topic_data: vec![topic],
                ..ProduceRequest::default()
            };
            let (_, code) = patiently(world, connection, (&request, PRODUCE_VERSION), |answer| {
                let all = answer.responses.iter().flat_map(|topic| &topic.partition_responses);
                worst(all.map(|partition| partition.error_code))
            })?;
            match code {
                NONE | DUPLICATE_SEQUENCE_NUMBER => {
                    self.open = None;
                    world.add(ids.len() as u64, |counts| &counts.acknowledged);
                    world.judge(|checker| ids.iter().for_each(|id| checker.acknowledged(*id)));
                }
                OUT_OF_ORDER_SEQUENCE_NUMBER | UNKNOWN_PRODUCER_ID => {
                    let text = format!("a producer's next batch is answered with code {code}");
                    return Err(Failed(text).into());
                }
                _ => world.rest(PAUSE),
            }
            world.rest(Duration::from_millis(self.random.below(40)));
        }
        Ok(())
    }

    fn make(&mut self, (id, epoch): (i64, i16)) -> Result<(Bytes, Vec<u64>), Failed> {
        let base_sequence = i32::try_from(self.made).unwrap_or(i32::MAX);
        let (mut values, mut ids) = (Vec::new(), Vec::new());
        for _ in 0..=self.random.below(5) {
            self.made += 1;
            let number = (u64::try_from(self.partition).unwrap_or(0) << 32) + self.made;
            let mut value = number.to_be_bytes().to_vec();
            value.resize(8 + usize::try_from(self.random.below(2_000)).unwrap_or(0), 0);
            values.push(value);
            ids.push(number);
        }
        let stamp = Stamp { id, epoch, base_sequence, transactional: false };
        Ok((batch(&values, stamp)?, ids))
    }
}
