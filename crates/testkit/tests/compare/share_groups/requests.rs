//! What members and admins of share groups ask.

use std::time::Duration;

use bytes::Bytes;
use model::{Timestamp, Uuid};
use record::{BatchBuilder, BatchStamp, Compressor};
use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::share_acknowledge_request::{
    AcknowledgePartition, AcknowledgeTopic, AcknowledgementBatch as Acknowledgement,
};
use wire::messages::share_fetch_request::{AcknowledgementBatch, FetchPartition, FetchTopic};
use wire::messages::{
    DescribeShareGroupOffsetsRequest, DescribeShareGroupOffsetsResponse,
    IncrementalAlterConfigsRequest, ProduceRequest, ShareAcknowledgeRequest, ShareFetchRequest,
    ShareFetchResponse, ShareGroupDescribeRequest, ShareGroupHeartbeatRequest,
    describe_share_group_offsets_request as describe,
};

/// The kind of resource that a group's settings belong to.
pub(super) const GROUP: i8 = 32;

/// How long a fetch waits that finds nothing.
const WAIT_MS: i32 = 150;

/// Records in a row and what is said of them.
pub(super) type Said = (i64, i64, Vec<i8>);

pub(super) fn report(group: &str, member: &str, epoch: i32) -> ShareGroupHeartbeatRequest {
    ShareGroupHeartbeatRequest {
        group_id: group.into(),
        member_id: member.into(),
        member_epoch: epoch,
        ..Default::default()
    }
}

pub(super) fn join(group: &str, member: &str, topics: &[&str]) -> ShareGroupHeartbeatRequest {
    ShareGroupHeartbeatRequest {
        subscribed_topic_names: Some(topics.iter().map(ToString::to_string).collect()),
        ..report(group, member, 0)
    }
}

/// A fetch of one partition.
pub(super) fn fetch(
    group: &str,
    member: &str,
    epoch: i32,
    topic_id: Uuid,
    said: &[Said],
) -> ShareFetchRequest {
    let batch = |(first_offset, last_offset, types): &Said| AcknowledgementBatch {
        first_offset: *first_offset,
        last_offset: *last_offset,
        acknowledge_types: types.clone(),
    };
    let acknowledgement_batches = said.iter().map(batch).collect();
    let partitions = vec![FetchPartition { partition_index: 0, acknowledgement_batches }];
    ShareFetchRequest {
        group_id: Some(group.into()),
        member_id: Some(member.into()),
        share_session_epoch: epoch,
        max_wait_ms: WAIT_MS,
        min_bytes: 1,
        max_bytes: 1 << 20,
        max_records: 500,
        batch_size: 500,
        topics: vec![FetchTopic { topic_id, partitions }],
        ..Default::default()
    }
}

pub(super) fn acknowledge(
    group: &str,
    member: &str,
    epoch: i32,
    topic_id: Uuid,
    said: &[Said],
) -> ShareAcknowledgeRequest {
    let batch = |(first_offset, last_offset, types): &Said| Acknowledgement {
        first_offset: *first_offset,
        last_offset: *last_offset,
        acknowledge_types: types.clone(),
    };
    let acknowledgement_batches = said.iter().map(batch).collect();
    let partitions = vec![AcknowledgePartition { partition_index: 0, acknowledgement_batches }];
    ShareAcknowledgeRequest {
        group_id: Some(group.into()),
        member_id: Some(member.into()),
        share_session_epoch: epoch,
        is_renew_ack: said.iter().any(|(_, _, types)| types.contains(&4)),
        topics: vec![AcknowledgeTopic { topic_id, partitions }],
    }
}

pub(super) fn describe_group(group: &str) -> ShareGroupDescribeRequest {
    ShareGroupDescribeRequest { group_ids: vec![group.into()], include_authorized_operations: true }
}

/// Of these partitions, or of all.
pub(super) fn describe_offsets(
    group: &str,
    asked: Option<(&str, &[i32])>,
) -> DescribeShareGroupOffsetsRequest {
    let topic = |(name, partitions): (&str, &[i32])| {
        vec![describe::DescribeShareGroupOffsetsRequestTopic {
            topic_name: name.into(),
            partitions: partitions.to_vec(),
        }]
    };
    DescribeShareGroupOffsetsRequest {
        groups: vec![describe::DescribeShareGroupOffsetsRequestGroup {
            group_id: group.into(),
            topics: asked.map(topic),
        }],
    }
}

pub(super) fn alter(
    kind: i8,
    name: &str,
    settings: &[(&str, &str)],
) -> IncrementalAlterConfigsRequest {
    let config = |(name, value): &(&str, &str)| AlterableConfig {
        name: (*name).into(),
        config_operation: 0,
        value: Some((*value).into()),
    };
    IncrementalAlterConfigsRequest {
        resources: vec![AlterConfigsResource {
            resource_type: kind,
            resource_name: name.into(),
            configs: settings.iter().map(config).collect(),
        }],
        validate_only: false,
    }
}

/// Sets what a group goes by, on both sides, and waits until that is seen.
pub(super) fn set(
    c: &mut Comparison,
    group: &str,
    settings: &[(&str, &str)],
) -> Result<(), Failed> {
    c.case("settings of a group", 1, |_| alter(GROUP, group, settings))?;
    // Apache Kafka's broker takes changes over some time after it has answered.
    std::thread::sleep(Duration::from_millis(150));
    Ok(())
}

/// Takes out partitions of which nothing is told: whether they are named all the same differs, and means nothing. Records in
/// a row with the same count are one piece of news, in however many rows they are told.
pub(super) fn news(response: &mut ShareFetchResponse) {
    for topic in &mut response.responses {
        topic.partitions.retain(|it| {
            let has_error = it.error_code != 0 || it.acknowledge_error_code != 0;
            has_error || !it.acquired_records.is_empty()
        });
        for partition in &mut topic.partitions {
            partition.acquired_records.dedup_by(|next, last| {
                let joins = last.last_offset + 1 == next.first_offset
                    && last.delivery_count == next.delivery_count;
                if joins {
                    last.last_offset = next.last_offset;
                }
                joins
            });
        }
    }
    response.responses.retain(|topic| !topic.partitions.is_empty());
}

/// Takes out the start, which moves over decided records when the next decision is written: Ottla writes it down with the
/// decision itself.
pub(super) fn without_start(response: &mut DescribeShareGroupOffsetsResponse) {
    let topics = response.groups.iter_mut().flat_map(|group| &mut group.topics);
    topics.flat_map(|topic| &mut topic.partitions).for_each(|it| it.start_offset = 0);
}

/// A batch of `count` records whose first has this number in its value.
pub(super) fn batch(first: usize, count: usize) -> Bytes {
    let mut builder = BatchBuilder::new();
    for number in first..first + count {
        let value = format!("value {number}");
        let key = format!("key {number}");
        let time = Timestamp::from_millis(1_790_000_000_000);
        builder.append(time, Some(key.as_bytes()), Some(value.as_bytes()), &[]).expect("room");
    }
    let batch = builder.finish(&BatchStamp::default(), &mut Compressor::new());
    Bytes::copy_from_slice(batch.expect("a batch"))
}

pub(super) fn produce(topic: &str, index: i32, records: Bytes) -> ProduceRequest {
    let partition_data = vec![PartitionProduceData { index, records: Some(records) }];
    ProduceRequest {
        transactional_id: None,
        acks: -1,
        timeout_ms: 10_000,
        topic_data: vec![TopicProduceData {
            name: topic.into(),
            partition_data,
            ..Default::default()
        }],
    }
}

/// Joins on both sides, and reports until the member has this many partitions; gives the epochs.
pub(super) fn settle(
    c: &mut Comparison,
    group: &str,
    member: &str,
    topics: &[&str],
    count: usize,
) -> Result<(i32, i32), Failed> {
    let wanted = settled(&mut c.kafka, group, member, topics, count)?;
    let found = settled(&mut c.ottla, group, member, topics, count)?;
    Ok((wanted, found))
}

fn settled(
    side: &mut Side,
    group: &str,
    member: &str,
    topics: &[&str],
    count: usize,
) -> Result<i32, Failed> {
    let mut request = join(group, member, topics);
    let mut seen = String::new();
    for _ in 0..300 {
        let answer = side.call(&request, 1)?.ok_or_else(|| Failed("closed".into()))?;
        seen = format!("{answer:?}");
        if answer.error_code == 0 {
            // With its subscription said once more the assignment is told once more.
            request.member_epoch = answer.member_epoch;
            let topics = answer.assignment.iter().flat_map(|it| &it.topic_partitions);
            if topics.map(|topic| topic.partitions.len()).sum::<usize>() == count {
                return Ok(answer.member_epoch);
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(Failed(format!("{member} of {group} never had {count} partitions: {seen}")))
}
