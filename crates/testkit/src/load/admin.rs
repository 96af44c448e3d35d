//! Somebody who deletes records, and makes and deletes topics, while others produce.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use model::SeededRandom;
use wire::messages::create_topics_request::CreatableTopic;
use wire::messages::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use wire::messages::metadata_request::MetadataRequestTopic;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{
    CreateTopicsRequest, DeleteRecordsRequest, DeleteTopicsRequest, MetadataRequest, ProduceRequest,
};

use super::found;
use super::pipeline::{Pipeline, Trouble, unless_gone};
use super::plan::TOPICS;
use super::producer::Signals;
use super::reader::Place;
use super::value::{self, RecordId};
use crate::Failed;

const NONE: i16 = 0;
const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
/// The topic that comes and goes, always under this name.
const PASSING: &str = "passing";
/// In values of its records, beyond all streams.
const PASSING_STREAM: u32 = u32::MAX;
/// Records that are left in a partition whose start is moved.
const LEFT_COUNT: i64 = 200;

/// How far the deletion of records has come in one partition.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Start {
    /// Acknowledged: the log begins here or later.
    pub(super) at_least: i64,
    /// Asked for: it begins here or before.
    pub(super) at_most: i64,
}

/// What is known of the topic that comes and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passing {
    Absent,
    /// Asked for, without an answer.
    Coming,
    There,
    /// Its deletion has no answer.
    Going,
}

#[derive(Debug)]
pub(super) struct Admin {
    pub(super) starts: BTreeMap<Place, Start>,
    passing: Passing,
    /// Of the topic that comes and goes: how often it was made, and its records.
    made: u32,
    sent: u32,
    acknowledged: u32,
    random: SeededRandom,
    /// Deletions of records and of topics that were acknowledged.
    pub(super) record_deletions: u64,
    pub(super) topic_deletions: u64,
}

impl Admin {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            starts: BTreeMap::new(),
            passing: Passing::Absent,
            made: 0,
            sent: 0,
            acknowledged: 0,
            random: SeededRandom::new(seed),
            record_deletions: 0,
            topic_deletions: 0,
        }
    }

    /// Works until told to stop or until the broker is gone.
    pub(super) fn run(
        &mut self,
        address: &str,
        era: u32,
        signals: &Signals,
        patience: Duration,
    ) -> Result<(), Failed> {
        let Ok(mut connection) = Pipeline::connect(address, patience) else { return Ok(()) };
        while !signals.stop.load(Ordering::Relaxed) {
            let step = if self.random.one_in(2) {
                self.delete_records(&mut connection, era)
            } else {
                self.pass(&mut connection)
            };
            if step.is_err() {
                return unless_gone(step);
            }
            std::thread::sleep(Duration::from_millis(self.random.below(15)));
        }
        Ok(())
    }

    fn delete_records(&mut self, connection: &mut Pipeline, era: u32) -> Result<(), Trouble> {
        let trimmed: Vec<usize> =
            (0..TOPICS.len()).filter(|index| TOPICS[*index].is_trimmed).collect();
        let draw = usize::try_from(self.random.below(trimmed.len() as u64)).unwrap_or(0);
        let topic = trimmed[draw];
        let partition_count = u64::try_from(TOPICS[topic].partition_count).unwrap_or(1);
        let partition = i32::try_from(self.random.below(partition_count)).unwrap_or(0);
        let name = TOPICS[topic].name(era);
        let end = found::bound(connection, &name, partition, found::LATEST)?.unwrap_or(0);
        let left = if TOPICS[topic].kind == "bulk" { LEFT_COUNT / 10 } else { LEFT_COUNT };
        let start = self.starts.entry((topic, partition)).or_default();
        if end - left <= start.at_least {
            return Ok(());
        }
        start.at_most = start.at_most.max(end - left);
        let asked = DeleteRecordsPartition { partition_index: partition, offset: end - left };
        let topics = vec![DeleteRecordsTopic { name, partitions: vec![asked] }];
        let request = DeleteRecordsRequest { topics, timeout_ms: 10_000 };
        let answer = connection.call(&request, 2)?;
        let answers = answer.topics.iter().flat_map(|topic| &topic.partitions);
        for answer in answers.filter(|answer| answer.error_code == NONE) {
            start.at_least = start.at_least.max(answer.low_watermark);
            self.record_deletions += 1;
        }
        Ok(())
    }

    /// Makes the topic, or writes to it and deletes it.
    fn pass(&mut self, connection: &mut Pipeline) -> Result<(), Trouble> {
        if self.passing == Passing::Absent {
            self.passing = Passing::Coming;
            self.made += 1;
            (self.sent, self.acknowledged) = (0, 0);
            let topic = CreatableTopic {
                name: PASSING.into(),
                num_partitions: 1,
                replication_factor: 1,
                ..CreatableTopic::default()
            };
            if create(connection, vec![topic])? {
                self.passing = Passing::There;
            }
            return Ok(());
        }
        for _ in 0..self.random.below(4) {
            self.write(connection)?;
        }
        if self.passing == Passing::There && self.random.one_in(2) {
            self.passing = Passing::Going;
            if delete(connection, PASSING)? {
                self.passing = Passing::Absent;
                self.topic_deletions += 1;
            }
        }
        Ok(())
    }

    fn write(&mut self, connection: &mut Pipeline) -> Result<(), Trouble> {
        let id = RecordId { stream: PASSING_STREAM, life: self.made, number: self.sent };
        let records = Some(value::batch(id, 1, 20_000, None)?);
        let data = PartitionProduceData { index: 0, records };
        let topic = TopicProduceData {
            name: PASSING.into(),
            partition_data: vec![data],
            ..TopicProduceData::default()
        };
        let request = ProduceRequest {
            acks: -1,
            timeout_ms: 10_000,
            topic_data: vec![topic],
            ..ProduceRequest::default()
        };
        self.sent += 1;
        let answer = connection.call(&request, 9)?;
        let mut answers = answer.responses.iter().flat_map(|topic| &topic.partition_responses);
        if answers.all(|answer| answer.error_code == NONE) && self.acknowledged + 1 == self.sent {
            self.acknowledged = self.sent;
        }
        Ok(())
    }

    /// Compares the topic that comes and goes with what is known of it, and removes it; gives what is wrong, in words.
    pub(super) fn check_passing(
        &mut self,
        connection: &mut Pipeline,
    ) -> Result<Vec<String>, Trouble> {
        let there = exists(connection, PASSING)?;
        let mut wrong = Vec::new();
        match (self.passing, there) {
            (Passing::Absent, true) => wrong.push("a deleted topic is back".to_owned()),
            (Passing::There, false) => wrong.push("a topic that was made is gone".to_owned()),
            (Passing::Absent | Passing::Coming | Passing::Going, false)
            | (Passing::There | Passing::Coming | Passing::Going, true) => {}
        }
        if there {
            let found = found::read_all(connection, PASSING, 0)?;
            let ids: Vec<_> = found.records.iter().map(|(_, id)| *id).collect();
            let made = self.made;
            let own = |id: &&Option<RecordId>| {
                id.is_some_and(|id| id.stream == PASSING_STREAM && id.life == made)
            };
            if let Some(other) = ids.iter().find(|id| !own(id)) {
                wrong.push(format!(
                    "a topic that was {:?}, {made} under its name, holds {other:?} among {} records from {}",
                    self.passing,
                    ids.len(),
                    found.log_start
                ));
            }
            let numbers: Vec<u32> = ids.iter().flatten().map(|id| id.number).collect();
            let missing = (0..self.acknowledged).filter(|number| !numbers.contains(number)).count();
            if missing > 0 {
                wrong.push(format!(
                    "{missing} of {} records of a topic that was {:?} are gone",
                    self.acknowledged, self.passing
                ));
            }
            while !delete(connection, PASSING)? {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        self.passing = Passing::Absent;
        Ok(wrong)
    }
}

/// Whether all were made.
pub(super) fn create(
    connection: &mut Pipeline,
    topics: Vec<CreatableTopic>,
) -> Result<bool, Trouble> {
    let request =
        CreateTopicsRequest { topics, timeout_ms: 10_000, ..CreateTopicsRequest::default() };
    let answer = connection.call(&request, 7)?;
    Ok(answer.topics.iter().all(|topic| topic.error_code == NONE))
}

/// Whether it is gone, now or before.
pub(super) fn delete(connection: &mut Pipeline, topic: &str) -> Result<bool, Trouble> {
    let request = DeleteTopicsRequest {
        topic_names: vec![topic.into()],
        timeout_ms: 10_000,
        ..DeleteTopicsRequest::default()
    };
    let answer = connection.call(&request, 5)?;
    let gone = [NONE, UNKNOWN_TOPIC_OR_PARTITION];
    Ok(answer.responses.iter().all(|topic| gone.contains(&topic.error_code)))
}

fn exists(connection: &mut Pipeline, topic: &str) -> Result<bool, Trouble> {
    let topics =
        Some(vec![MetadataRequestTopic { name: Some(topic.into()), ..Default::default() }]);
    let request =
        MetadataRequest { topics, allow_auto_topic_creation: false, ..MetadataRequest::default() };
    let answer = connection.call(&request, 9)?;
    Ok(answer.topics.iter().any(|topic| topic.error_code != UNKNOWN_TOPIC_OR_PARTITION))
}
