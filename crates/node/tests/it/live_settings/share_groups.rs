//! Share groups (KIP-932). Each group is named as the topic that it reads; all is in the topic's first partition.

use std::thread;
use std::time::Duration;

use model::Uuid;
use wire::messages::delete_share_group_offsets_request::DeleteShareGroupOffsetsRequestTopic;
use wire::messages::share_acknowledge_request::{
    AcknowledgePartition, AcknowledgeTopic, AcknowledgementBatch,
};
use wire::messages::share_fetch_request::{FetchPartition, FetchTopic};
use wire::messages::{
    DeleteShareGroupOffsetsRequest, FindCoordinatorRequest, ShareAcknowledgeRequest,
    ShareFetchRequest, ShareGroupDescribeRequest, ShareGroupHeartbeatRequest,
    ShareGroupHeartbeatResponse,
};

use super::{Look, Patience, Probe, Suite, plain, wait};
use crate::protocol::{Resource, World};

/// Whoever comes second gets nothing for an hour, as long as nobody says otherwise.
pub(super) const SHARES: Suite = Suite {
    start: &[
        "ottla.durability=os",
        "offsets.topic.num.partitions=1",
        "share.coordinator.state.topic.num.partitions=1",
        "share.coordinator.state.topic.replication.factor=1",
        "share.coordinator.state.topic.min.isr=1",
        "group.share.assignment.interval.ms=3600000",
        "group.share.max.assignment.interval.ms=3600000",
        "group.share.heartbeat.interval.ms=100",
        "group.share.min.heartbeat.interval.ms=100",
        "group.share.min.session.timeout.ms=100",
        "group.share.min.record.lock.duration.ms=1000",
    ],
    probes: &[
        Probe {
            broker: Some("group.share.assignment.interval.ms"),
            ..of_group("share.assignment.interval.ms", "0", assigns_to_the_second)
        },
        of_group("share.heartbeat.interval.ms", "150", heartbeat_interval),
        of_group("share.session.timeout.ms", "200", misses_the_silent),
        of_group("share.auto.offset.reset", "earliest", reads_what_was_there),
        of_group("share.record.lock.duration.ms", "1500", lock_duration),
        of_group("share.delivery.count.limit", "2", deliveries),
        of_group("share.partition.max.record.locks", "100", records_at_a_time),
        of_group("share.renew.acknowledge.enable", "false", renews),
    ],
};

const fn of_group(group: &'static str, value: &'static str, look: Look) -> Probe {
    Probe { topic: None, group: Some(group), broker: None, value, own: &[], look }
}

/// Whether a member that joins when another has everything is given its part.
fn assigns_to_the_second(world: &mut World, name: &str, patience: Patience) -> String {
    join(world, name, "first");
    let mut second = join(world, name, "second");
    wait(patience, || {
        let assignment = second.assignment.take();
        if assignment.is_some_and(|assignment| !assignment.topic_partitions.is_empty()) {
            return true;
        }
        second = heartbeat(world, &report(name, "second", second.member_epoch));
        false
    })
    .to_string()
}

fn heartbeat_interval(world: &mut World, name: &str, _: Patience) -> String {
    join(world, name, "member").heartbeat_interval_ms.to_string()
}

/// Whether a member that says nothing any more is removed.
fn misses_the_silent(world: &mut World, name: &str, patience: Patience) -> String {
    join(world, name, "member");
    let request = ShareGroupDescribeRequest {
        group_ids: vec![name.to_owned()],
        include_authorized_operations: false,
    };
    wait(patience, || {
        let group = world.call(1, &request).groups.remove(0);
        assert_eq!(group.error_code, 0);
        group.members.is_empty()
    })
    .to_string()
}

/// Whether a group that is new to a partition is given what was there before it.
fn reads_what_was_there(world: &mut World, name: &str, _: Patience) -> String {
    assert_eq!(world.produce(name, 0, plain(b"record")).error_code, 0);
    join(world, name, "member");
    let found = fetch(world, name, 500).1;
    close(world, name);
    heartbeat(world, &report(name, "member", -1));
    let topic = DeleteShareGroupOffsetsRequestTopic { topic_name: name.to_owned() };
    let forget = DeleteShareGroupOffsetsRequest { group_id: name.to_owned(), topics: vec![topic] };
    assert_eq!(world.call(0, &forget).responses[0].error_code, 0);
    (!found.is_empty()).to_string()
}

fn lock_duration(world: &mut World, name: &str, _: Patience) -> String {
    begin(world, name, 1);
    let (lock_ms, _) = fetch(world, name, 10_000);
    close(world, name);
    lock_ms.to_string()
}

/// How often a record is handed out whose consumers give it back.
fn deliveries(world: &mut World, name: &str, _: Patience) -> String {
    begin(world, name, 1);
    let mut count = 0;
    while let Some((first, last)) = fetch(world, name, 500).1.pop() {
        count += 1;
        assert_eq!(acknowledge(world, name, (first, last), 2), 0);
        assert!(count < 20, "there is a limit");
    }
    count.to_string()
}

fn records_at_a_time(world: &mut World, name: &str, _: Patience) -> String {
    begin(world, name, 150);
    let found = fetch(world, name, 10_000).1;
    close(world, name);
    found.iter().map(|(first, last)| last - first + 1).sum::<i64>().to_string()
}

fn renews(world: &mut World, name: &str, _: Patience) -> String {
    begin(world, name, 1);
    let (first, last) = fetch(world, name, 10_000).1.remove(0);
    let error = acknowledge(world, name, (first, last), 4);
    close(world, name);
    error.to_string()
}

/// The group begins at the start of its topic, which gets so many records.
fn begin(world: &mut World, name: &str, count: usize) {
    world.alter(Resource::Group(name), "share.auto.offset.reset", Some("earliest"));
    for _ in 0..count {
        assert_eq!(world.produce(name, 0, plain(b"record")).error_code, 0);
    }
    join(world, name, "member");
}

fn report(group: &str, member: &str, epoch: i32) -> ShareGroupHeartbeatRequest {
    ShareGroupHeartbeatRequest {
        group_id: group.to_owned(),
        member_id: member.to_owned(),
        member_epoch: epoch,
        ..ShareGroupHeartbeatRequest::default()
    }
}

fn join(world: &mut World, group: &str, member: &str) -> ShareGroupHeartbeatResponse {
    let find =
        FindCoordinatorRequest { key: group.to_owned(), ..FindCoordinatorRequest::default() };
    // The first time it makes the topic of committed offsets.
    world.call(2, &find);
    let request = ShareGroupHeartbeatRequest {
        subscribed_topic_names: Some(vec![group.to_owned()]),
        ..report(group, member, 0)
    };
    heartbeat(world, &request)
}

/// Repeats what is answered with "the coordinator is loading", "not available" or "not coordinator".
fn heartbeat(
    world: &mut World,
    request: &ShareGroupHeartbeatRequest,
) -> ShareGroupHeartbeatResponse {
    loop {
        let response = world.call(1, request);
        if !(14..=16).contains(&response.error_code) {
            assert_eq!(response.error_code, 0, "{:?}", response.error_message);
            return response;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

fn fetch_request(topic_id: Uuid, group: &str, epoch: i32, wait_ms: i32) -> ShareFetchRequest {
    let partitions = vec![FetchPartition { partition_index: 0, ..FetchPartition::default() }];
    ShareFetchRequest {
        group_id: Some(group.to_owned()),
        member_id: Some("member".to_owned()),
        share_session_epoch: epoch,
        max_wait_ms: wait_ms,
        min_bytes: 1,
        max_bytes: 1 << 20,
        max_records: 500,
        batch_size: 500,
        // No more records than asked for.
        share_acquire_mode: 1,
        topics: vec![FetchTopic { topic_id, partitions }],
        ..ShareFetchRequest::default()
    }
}

/// Opens a session; how long locks last, and what was handed out.
fn fetch(world: &mut World, name: &str, wait_ms: i32) -> (i32, Vec<(i64, i64)>) {
    let request = fetch_request(world.topic_id(name), name, 0, wait_ms);
    let response = world.call(2, &request);
    assert_eq!(response.error_code, 0, "{:?}", response.error_message);
    let partition = &response.responses[0].partitions[0];
    assert_eq!(partition.error_code, 0);
    let records = partition.acquired_records.iter();
    let ranges = records.map(|records| (records.first_offset, records.last_offset));
    (response.acquisition_lock_timeout_ms, ranges.collect())
}

/// Ends the session; what it held is given back.
fn close(world: &mut World, name: &str) {
    let mut request = fetch_request(world.topic_id(name), name, -1, 0);
    request.topics.clear();
    assert_eq!(world.call(2, &request).error_code, 0);
}

fn acknowledge(world: &mut World, name: &str, (first, last): (i64, i64), kind: i8) -> i16 {
    let batch = AcknowledgementBatch {
        first_offset: first,
        last_offset: last,
        acknowledge_types: vec![kind],
    };
    let partition =
        AcknowledgePartition { partition_index: 0, acknowledgement_batches: vec![batch] };
    let topic = AcknowledgeTopic { topic_id: world.topic_id(name), partitions: vec![partition] };
    let request = ShareAcknowledgeRequest {
        group_id: Some(name.to_owned()),
        member_id: Some("member".to_owned()),
        share_session_epoch: 1,
        is_renew_ack: kind == 4,
        topics: vec![topic],
    };
    let response = world.call(2, &request);
    assert_eq!(response.error_code, 0, "{:?}", response.error_message);
    response.responses[0].partitions[0].error_code
}
