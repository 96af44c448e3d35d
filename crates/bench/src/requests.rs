//! The requests of the tables beside the loads, one at a time.

use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

use bytes::Bytes;
use load::LoadError;
use load::frames::{self, BatchShape};
use model::Timestamp;
use record::Compression;
use testkit::Failed;
use testkit::compare::Side;
use wire::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::offset_fetch_request::OffsetFetchRequestTopic;
use wire::messages::produce_request::PartitionProduceData;
use wire::messages::{
    CreateTopicsRequest, DeleteTopicsRequest, FindCoordinatorRequest, ListOffsetsRequest,
    OffsetFetchRequest, ProduceRequest,
};

/// Who answers a produce: the leader alone, in all tables.
pub(crate) const ACKS: i16 = 1;

pub(crate) fn failed(error: LoadError) -> Failed {
    Failed(error.to_string())
}

/// Makes a topic; the answer may come before its leaders are there.
pub(crate) fn create(side: &mut Side, name: &str, partitions: i32) -> Result<(), Failed> {
    create_with(side, name, partitions, &[])
}

pub(crate) fn create_with(
    side: &mut Side,
    name: &str,
    partitions: i32,
    configs: &[(&str, &str)],
) -> Result<(), Failed> {
    let config = |(name, value): &(&str, &str)| CreatableTopicConfig {
        name: (*name).into(),
        value: Some((*value).into()),
    };
    let topic = CreatableTopic {
        name: name.into(),
        num_partitions: partitions,
        replication_factor: 1,
        configs: configs.iter().map(config).collect(),
        ..Default::default()
    };
    let request =
        CreateTopicsRequest { topics: vec![topic], timeout_ms: 30_000, ..Default::default() };
    let answer = side.call(&request, 5)?;
    let code = answer.and_then(|answer| answer.topics.first().map(|topic| topic.error_code));
    // A repeated attempt finds what the first one made.
    match code {
        Some(0 | 36) => Ok(()),
        other => Err(Failed(format!("create {name}: code {other:?}"))),
    }
}

/// Deletes a topic; its files may go later.
pub(crate) fn delete(side: &mut Side, name: &str) -> Result<(), Failed> {
    let request = DeleteTopicsRequest {
        topic_names: vec![name.into()],
        timeout_ms: 30_000,
        ..Default::default()
    };
    let answer = side.call(&request, 5)?;
    let code = answer.and_then(|answer| answer.responses.first().map(|topic| topic.error_code));
    match code {
        Some(0) => Ok(()),
        other => Err(Failed(format!("delete {name}: code {other:?}"))),
    }
}

/// A batch of `count` records with values of `size` bytes, as old as this moment.
pub(crate) fn batch(count: u64, size: usize) -> Result<Bytes, Failed> {
    Ok(batch_of(BatchShape::records(count, size))?.bytes)
}

pub(crate) fn batch_of(shape: BatchShape) -> Result<frames::Batch, Failed> {
    frames::batch(shape, Compression::default(), now()?).map_err(failed)
}

pub(crate) fn now() -> Result<Timestamp, Failed> {
    let now = UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis());
    let now = i64::try_from(now).ok().and_then(Timestamp::from_millis);
    now.ok_or_else(|| Failed("it is before 1970".into()))
}

/// Appends one batch to each of the first `count` partitions, in one request; how many took it.
pub(crate) fn produce_to_all(
    side: &mut Side,
    topic: &str,
    count: i32,
    records: &Bytes,
) -> Result<usize, Failed> {
    let mut request: ProduceRequest = frames::produce(topic, 0, records.clone(), ACKS);
    if let Some(topic) = request.topic_data.first_mut() {
        let data = |index| PartitionProduceData { index, records: Some(records.clone()) };
        topic.partition_data = (0..count).map(data).collect();
    }
    let answer = side.call(&request, frames::PRODUCE_VERSION)?;
    Ok(answer.map_or(0, |answer| {
        let partitions = answer.responses.iter().flat_map(|topic| &topic.partition_responses);
        partitions.filter(|partition| partition.error_code == 0).count()
    }))
}

/// Where a partition ends, or begins with `timestamp` -2.
fn offset(side: &mut Side, topic: &str, partition: i32, timestamp: i64) -> Result<i64, Failed> {
    let asked =
        ListOffsetsPartition { partition_index: partition, current_leader_epoch: -1, timestamp };
    let topics = vec![ListOffsetsTopic { name: topic.into(), partitions: vec![asked] }];
    let request = ListOffsetsRequest { replica_id: -1, topics, ..Default::default() };
    let answer = side.call(&request, 4)?;
    let offset = answer.and_then(|answer| Some(answer.topics.first()?.partitions.first()?.offset));
    offset.ok_or_else(|| Failed(format!("no offset of {topic} {partition}")))
}

pub(crate) fn end_offset(side: &mut Side, topic: &str, partition: i32) -> Result<i64, Failed> {
    offset(side, topic, partition, -1)
}

pub(crate) fn first_offset(side: &mut Side, topic: &str, partition: i32) -> Result<i64, Failed> {
    offset(side, topic, partition, -2)
}

/// What has a coordinator.
#[derive(Clone, Copy)]
pub(crate) enum Coordinated {
    Group,
    Transactions,
}

/// Waits until there is a coordinator, whose own topic is made when one is looked for first.
pub(crate) fn coordinator(side: &mut Side, of: Coordinated, key: &str) -> Result<(), Failed> {
    let key_type = match of {
        Coordinated::Group => 0,
        Coordinated::Transactions => 1,
    };
    let request = FindCoordinatorRequest {
        key_type,
        coordinator_keys: vec![key.into()],
        ..Default::default()
    };
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = side.call(&request, 4)?;
        let code = answer.and_then(|answer| answer.coordinators.first().map(|one| one.error_code));
        match code {
            Some(0) => return Ok(()),
            code if Instant::now() > end => {
                return Err(Failed(format!("no coordinator of {key}: code {code:?}")));
            }
            _ => thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// Whether a coordinator says that it is not there yet: then it is asked again.
pub(crate) const fn is_coming(code: i16) -> bool {
    const LOAD_IN_PROGRESS: i16 = 14;
    const NOT_AVAILABLE: i16 = 15;
    const NOT_COORDINATOR: i16 = 16;
    matches!(code, LOAD_IN_PROGRESS | NOT_AVAILABLE | NOT_COORDINATOR)
}

/// What a group committed of the first `count` partitions; nothing is the beginning.
pub(crate) fn committed(
    side: &mut Side,
    group: &str,
    topic: &str,
    count: i32,
) -> Result<Vec<i64>, Failed> {
    let topic =
        OffsetFetchRequestTopic { name: topic.into(), partition_indexes: (0..count).collect() };
    let request = OffsetFetchRequest {
        group_id: group.into(),
        topics: Some(vec![topic]),
        ..Default::default()
    };
    let answer = side.call(&request, 5)?;
    let partitions = answer.into_iter().flat_map(|answer| answer.topics);
    let partitions = partitions.flat_map(|topic| topic.partitions);
    Ok(partitions.map(|partition| partition.committed_offset.max(0)).collect())
}
