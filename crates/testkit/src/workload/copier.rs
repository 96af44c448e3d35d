//! A member of the consumer group: it reads records, copies them in transactions, and commits in these how far it has come.

use std::collections::{BTreeMap, BTreeSet};

use model::{Offset, SeededRandom};
use sim::{AttemptId, Copied};
use wire::messages::add_partitions_to_txn_request::AddPartitionsToTxnTopic;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::txn_offset_commit_request::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use wire::messages::{
    AddOffsetsToTxnRequest, AddPartitionsToTxnRequest, EndTxnRequest, InitProducerIdRequest,
    ProduceRequest, TxnOffsetCommitRequest,
};

use super::OUTPUT_COUNT;
use super::batches::{Stamp, batch};
use super::calls::{DUPLICATE_SEQUENCE_NUMBER, surely, worst};
use super::member::Member;
use super::reading::{committed, read};
use super::setup::{COPIERS, INPUT, OUTPUT, TRANSACTION_TIMEOUT_MS};
use super::world::{PAUSE, World};
use crate::Failed;
use crate::load::pipeline::{Pipeline, Trouble};

/// Records of one transaction from one partition.
const TAKEN_MAX: usize = 12;

/// How transactions are made: as clients before KIP-890 do, which name each partition first and keep their epoch, or as those since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    Old,
    New,
}

impl Protocol {
    /// Of Produce, TxnOffsetCommit and EndTxn.
    const fn versions(self) -> (i16, i16, i16) {
        match self {
            Self::Old => (11, 4, 4),
            Self::New => (12, 5, 5),
        }
    }
}

struct Copier {
    index: u32,
    life: u32,
    random: SeededRandom,
    protocol: Protocol,
}

/// One life of it: what dies with the process.
struct Life<'a> {
    world: &'a World,
    random: &'a mut SeededRandom,
    protocol: Protocol,
    transactional_id: String,
    producer: (i64, i16),
    /// Of the next batch, by output partition.
    sequences: BTreeMap<i32, i32>,
    member: Member,
}

pub(super) fn run(world: &World, index: u32, random: SeededRandom) -> Result<(), Failed> {
    let protocol = if index.is_multiple_of(2) { Protocol::New } else { Protocol::Old };
    let mut copier = Copier { index, life: 0, random, protocol };
    world.live(|connection| copier.live(world, connection))
}

impl Copier {
    fn live(&mut self, world: &World, connection: &mut Pipeline) -> Result<(), Trouble> {
        self.life += 1;
        let (index, life) = (self.index, self.life);
        let transactional_id = format!("copier-{index}");
        let request = InitProducerIdRequest {
            transactional_id: Some(transactional_id.clone()),
            transaction_timeout_ms: TRANSACTION_TIMEOUT_MS,
            producer_id: -1,
            producer_epoch: -1,
            ..InitProducerIdRequest::default()
        };
        let answer = surely(world, connection, (&request, 4), |it| it.error_code)?;
        let mut life = Life {
            world,
            random: &mut self.random,
            protocol: self.protocol,
            transactional_id,
            producer: (answer.producer_id, answer.producer_epoch),
            sequences: BTreeMap::new(),
            member: Member::new(format!("copier-{index}-{life}")),
        };
        while !world.is_stopped() {
            life.step(connection)?;
        }
        Ok(())
    }
}

impl Life<'_> {
    /// One transaction, if there is something to copy.
    fn step(&mut self, connection: &mut Pipeline) -> Result<(), Trouble> {
        let world = self.world;
        self.member.beat(world, connection)?;
        world.danger(self.random)?;
        let assigned = &self.member.assigned;
        let from = match assigned.is_empty() {
            true => None,
            false => committed(world, connection, Some(&self.member), assigned)?,
        };
        let Some(from) = from else {
            world.rest(PAUSE);
            return Ok(());
        };
        let mut offsets = BTreeMap::new();
        let mut taken = Vec::new();
        for (partition, page) in read(world, connection, INPUT, &from)? {
            let mut next = page.next;
            for (index, given) in page.given.iter().enumerate() {
                if index == TAKEN_MAX {
                    next = given.offset;
                    break;
                }
                let id = given.value.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
                taken.push((partition, given.offset, id));
            }
            offsets.insert(partition, next);
        }
        if taken.is_empty() {
            world.rest(PAUSE);
            return Ok(());
        }
        self.copy(connection, &taken, &offsets)
    }

    fn copy(
        &mut self,
        connection: &mut Pipeline,
        taken: &[(i32, Offset, u64)],
        offsets: &BTreeMap<i32, Offset>,
    ) -> Result<(), Trouble> {
        let world = self.world;
        let attempt = world.next_attempt();
        let ids: BTreeSet<u64> = taken.iter().map(|(_, _, id)| *id).collect();
        world.judge(|checker| checker.begun(attempt, ids));
        self.produce(connection, attempt, taken)?;
        world.danger(self.random)?;
        self.commit_offsets(connection, offsets)?;
        world.danger(self.random)?;
        self.end(connection, attempt)
    }

    fn produce(
        &mut self,
        connection: &mut Pipeline,
        attempt: AttemptId,
        taken: &[(i32, Offset, u64)],
    ) -> Result<(), Trouble> {
        let mut values: BTreeMap<i32, Vec<Vec<u8>>> = BTreeMap::new();
        for (partition, offset, id) in taken {
            let source = (u32::try_from(*partition).unwrap_or(u32::MAX), offset.to_wire());
            let mut value = Copied { attempt, source, id: *id }.encode();
            let padding = usize::try_from(self.random.below(600)).unwrap_or(0);
            value.resize(value.len() + padding, 0);
            let output = i32::try_from(id % u64::try_from(OUTPUT_COUNT).unwrap_or(1)).unwrap_or(0);
            values.entry(output).or_default().push(value);
        }
        let (id, epoch) = self.producer;
        let mut partition_data = Vec::new();
        for (output, values) in &values {
            let sequence = self.sequences.entry(*output).or_default();
            let stamp = Stamp { id, epoch, base_sequence: *sequence, transactional: true };
            let records = Some(batch(values, stamp)?);
            *sequence += i32::try_from(values.len()).unwrap_or(0);
            partition_data.push(PartitionProduceData { index: *output, records });
        }
        if self.protocol == Protocol::Old {
            self.add_partitions(connection, values.keys().copied().collect())?;
        }
        let (version, ..) = self.protocol.versions();
        let topic = TopicProduceData { name: OUTPUT.into(), partition_data, ..Default::default() };
        let request = ProduceRequest {
            transactional_id: Some(self.transactional_id.clone()),
            acks: -1,
            timeout_ms: 30_000,
            topic_data: vec![topic],
        };
        surely(self.world, connection, (&request, version), |answer| {
            let all = answer.responses.iter().flat_map(|topic| &topic.partition_responses);
            // Of two partitions one may have taken its batch the first time.
            worst(all.map(|it| it.error_code).filter(|code| *code != DUPLICATE_SEQUENCE_NUMBER))
        })?;
        Ok(())
    }

    fn add_partitions(
        &self,
        connection: &mut Pipeline,
        partitions: Vec<i32>,
    ) -> Result<(), Trouble> {
        let (id, epoch) = self.producer;
        let request = AddPartitionsToTxnRequest {
            v3_and_below_transactional_id: self.transactional_id.clone(),
            v3_and_below_producer_id: id,
            v3_and_below_producer_epoch: epoch,
            v3_and_below_topics: vec![AddPartitionsToTxnTopic { name: OUTPUT.into(), partitions }],
            ..AddPartitionsToTxnRequest::default()
        };
        surely(self.world, connection, (&request, 3), |answer| {
            let topics = answer.results_by_topic_v3_and_below.iter();
            let all = topics.flat_map(|topic| &topic.results_by_partition);
            worst(all.map(|partition| partition.partition_error_code))
        })?;
        let request = AddOffsetsToTxnRequest {
            transactional_id: self.transactional_id.clone(),
            producer_id: id,
            producer_epoch: epoch,
            group_id: COPIERS.into(),
        };
        surely(self.world, connection, (&request, 3), |it| it.error_code)?;
        Ok(())
    }

    fn commit_offsets(
        &self,
        connection: &mut Pipeline,
        offsets: &BTreeMap<i32, Offset>,
    ) -> Result<(), Trouble> {
        let partitions =
            offsets.iter().map(|(partition, offset)| TxnOffsetCommitRequestPartition {
                partition_index: *partition,
                committed_offset: offset.to_wire(),
                committed_leader_epoch: -1,
                committed_metadata: Some(String::new()),
            });
        let topic = TxnOffsetCommitRequestTopic {
            name: INPUT.into(),
            partitions: partitions.collect(),
            ..TxnOffsetCommitRequestTopic::default()
        };
        let (producer_id, producer_epoch) = self.producer;
        let request = TxnOffsetCommitRequest {
            transactional_id: self.transactional_id.clone(),
            group_id: COPIERS.into(),
            producer_id,
            producer_epoch,
            generation_id_or_member_epoch: self.member.epoch,
            member_id: self.member.id.clone(),
            group_instance_id: None,
            topics: vec![topic],
        };
        let (_, version, _) = self.protocol.versions();
        surely(self.world, connection, (&request, version), |answer| {
            let all = answer.topics.iter().flat_map(|topic| &topic.partitions);
            worst(all.map(|partition| partition.error_code))
        })?;
        Ok(())
    }

    fn end(&mut self, connection: &mut Pipeline, attempt: AttemptId) -> Result<(), Trouble> {
        let world = self.world;
        let committed = !self.random.one_in(5);
        if committed {
            world.judge(|checker| checker.commit_asked(attempt));
        }
        let (producer_id, producer_epoch) = self.producer;
        let request = EndTxnRequest {
            transactional_id: self.transactional_id.clone(),
            producer_id,
            producer_epoch,
            committed,
        };
        let (.., version) = self.protocol.versions();
        let answer = surely(world, connection, (&request, version), |it| it.error_code)?;
        if self.protocol == Protocol::New {
            if answer.producer_id < 0 {
                return Err(Failed("an ended transaction gives no next epoch".into()).into());
            }
            self.producer = (answer.producer_id, answer.producer_epoch);
            self.sequences.clear();
        }
        if committed {
            world.judge(|checker| checker.committed(attempt));
            world.count(|counts| &counts.committed);
        } else {
            world.count(|counts| &counts.aborted);
        }
        Ok(())
    }
}
