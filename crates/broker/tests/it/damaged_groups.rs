//! Records in `__consumer_offsets` that nobody of sound mind wrote: they are stepped over, and never stop the coordinator.

use io::{Clock, SystemClock};
use model::Uuid;
use record::{BatchBuilder, BatchStamp, Compressor};
use wire::frame::{encode_coordinator_key, encode_coordinator_value};
use wire::messages::join_group_request::JoinGroupRequestProtocol;
use wire::messages::{
    ConsumerGroupDescribeRequest, ConsumerGroupHeartbeatRequest, DeleteGroupsRequest,
    FindCoordinatorRequest, JoinGroupRequest, ListGroupsRequest, ShareGroupDescribeRequest,
    StreamsGroupDescribeRequest, StreamsGroupHeartbeatRequest,
    streams_group_heartbeat_request as streams,
};
use wire::records::group::consumer_group_current_member_assignment_value::TopicPartitions;
use wire::records::group::streams_group_current_member_assignment_value::TaskIds;
use wire::records::group::*;

use crate::groups::{GROUP, commit, committed};
use crate::harness::{Client, TestBroker, produce};

const SETTINGS: &[(&str, &str)] = &[
    ("offsets.topic.num.partitions", "1"),
    ("share.coordinator.state.topic.num.partitions", "1"),
    ("group.initial.rebalance.delay.ms", "0"),
    ("group.streams.initial.rebalance.delay.ms", "0"),
];
const UNKNOWN_SERVER_ERROR: i16 = -1;
const NO_ERROR: i16 = 0;
const OFFSET_METADATA_TOO_LARGE: i16 = 12;
const LOADING: i16 = 14;
const NOT_COORDINATOR: i16 = 16;

type Pair = (Option<Vec<u8>>, Option<Vec<u8>>);

fn pair(key: impl Into<GroupKey>, value: impl Into<GroupValue>) -> Pair {
    let (mut key_bytes, mut value_bytes) = (Vec::new(), Vec::new());
    encode_coordinator_key(&key.into(), &mut key_bytes).unwrap();
    encode_coordinator_value(&value.into(), 0, &mut value_bytes).unwrap();
    (Some(key_bytes), Some(value_bytes))
}

/// Bytes that are no records of groups.
fn garbage() -> Vec<Pair> {
    let value = || Some(b"\0\0value".to_vec());
    let mut pairs: Vec<Pair> = vec![
        (None, value()),
        (Some(Vec::new()), value()),
        (Some(vec![0xff]), value()),
        (Some(b"\0\x02\0\xffreaders".to_vec()), value()),
        (Some(b"\0\x02\0\x07readers".to_vec()), Some(b"\0\x63".to_vec())),
        (Some(b"\0\x02\0\x07readers".to_vec()), Some(b"\0\x03\0\0\0\0".to_vec())),
        (Some(b"\0\x01\0\x07readers\0\x01/\0\0\0\0".to_vec()), value()),
        (Some(b"\x7f\xff".to_vec()), value()),
    ];
    // Each type of record with a value that ends too early, or has a length that is not there.
    for number in 3..=30_i16 {
        let key = [&number.to_be_bytes()[..], b"\0\x04torn\0\x01m"].concat();
        pairs.push((Some(key.clone()), Some(b"\0\0\xff\xff\xff\xff".to_vec())));
        pairs.push((Some(key), Some(b"\0\0\0\0\0\x01\x7f\xff\xff\xff".to_vec())));
    }
    pairs
}

fn id(text: &str) -> String {
    text.to_owned()
}

/// A partition that two members hold, one of them nobody knows, at epochs beyond the group's.
fn torn_consumer_group() -> Vec<Pair> {
    let group_id = || id("torn");
    let mut pairs = vec![
        pair(
            ConsumerGroupMetadataKey { group_id: group_id() },
            ConsumerGroupMetadataValue { epoch: 1, metadata_hash: 0 },
        ),
        pair(
            ConsumerGroupTargetAssignmentMetadataKey { group_id: group_id() },
            ConsumerGroupTargetAssignmentMetadataValue {
                assignment_epoch: 9,
                assignment_timestamp: -5,
            },
        ),
    ];
    for (member, is_known) in [("a", true), ("b", true), ("ghost", false)] {
        if is_known {
            pairs.push(pair(
                ConsumerGroupMemberMetadataKey { group_id: group_id(), member_id: id(member) },
                ConsumerGroupMemberMetadataValue {
                    instance_id: Some(id("one and the same")),
                    subscribed_topic_names: vec![id("orders"), id("/")],
                    subscribed_topic_regex: Some(id("((")),
                    rebalance_timeout_ms: -1,
                    ..ConsumerGroupMemberMetadataValue::default()
                },
            ));
        }
        let assigned = TopicPartitions {
            topic_id: Uuid::ONE,
            partitions: vec![0, 0],
            assignment_epochs: None,
        };
        pairs.push(pair(
            ConsumerGroupCurrentMemberAssignmentKey { group_id: group_id(), member_id: id(member) },
            ConsumerGroupCurrentMemberAssignmentValue {
                member_epoch: 7,
                previous_member_epoch: 9,
                state: 1,
                assigned_partitions: vec![assigned.clone()],
                partitions_pending_revocation: vec![assigned],
            },
        ));
    }
    pairs
}

fn torn_streams_group() -> Vec<Pair> {
    let group_id = || id("torn-app");
    let tasks = || {
        vec![TaskIds { subtopology_id: id("9"), partitions: vec![3, 3], assignment_epochs: None }]
    };
    let mut pairs = vec![
        pair(
            StreamsGroupMetadataKey { group_id: group_id() },
            StreamsGroupMetadataValue { epoch: 1, ..StreamsGroupMetadataValue::default() },
        ),
        pair(
            StreamsGroupTargetAssignmentMetadataKey { group_id: group_id() },
            StreamsGroupTargetAssignmentMetadataValue {
                assignment_epoch: 8,
                assignment_timestamp: 0,
            },
        ),
    ];
    for member in ["a", "b"] {
        pairs.push(pair(
            StreamsGroupMemberMetadataKey { group_id: group_id(), member_id: id(member) },
            StreamsGroupMemberMetadataValue::default(),
        ));
        pairs.push(pair(
            StreamsGroupCurrentMemberAssignmentKey { group_id: group_id(), member_id: id(member) },
            StreamsGroupCurrentMemberAssignmentValue {
                member_epoch: 8,
                state: 2,
                active_tasks: tasks(),
                warmup_tasks: tasks(),
                ..StreamsGroupCurrentMemberAssignmentValue::default()
            },
        ));
    }
    pairs
}

fn torn_share_group() -> Vec<Pair> {
    let group_id = || id("torn-share");
    vec![
        pair(
            ShareGroupMetadataKey { group_id: group_id() },
            ShareGroupMetadataValue { epoch: 1, metadata_hash: 0 },
        ),
        pair(
            ShareGroupTargetAssignmentMetadataKey { group_id: group_id() },
            ShareGroupTargetAssignmentMetadataValue {
                assignment_epoch: 5,
                assignment_timestamp: 0,
            },
        ),
        pair(
            ShareGroupCurrentMemberAssignmentKey { group_id: group_id(), member_id: id("ghost") },
            ShareGroupCurrentMemberAssignmentValue {
                member_epoch: 5,
                ..ShareGroupCurrentMemberAssignmentValue::default()
            },
        ),
    ]
}

fn write(client: &mut Client, pairs: &[Pair]) {
    for (key, value) in pairs {
        let mut builder = BatchBuilder::new();
        let now = Some(SystemClock::new().wall());
        builder.append(now, key.as_deref(), value.as_deref(), &[]).unwrap();
        let stamp = BatchStamp::default();
        let batch = builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec();
        let request = produce("__consumer_offsets", 0, -1, batch);
        let written = client.call_as_admin(9, &request);
        let error = written.responses[0].partition_responses[0].error_code;
        // A compacted topic refuses records without a key; the others are taken.
        assert_eq!(error == NO_ERROR, key.is_some(), "{key:?}: {error}");
    }
}

fn start(data: &std::path::Path) -> (TestBroker, Client) {
    let broker = TestBroker::start(data, SETTINGS);
    let mut client = broker.connect();
    let request =
        FindCoordinatorRequest { key: GROUP.to_owned(), ..FindCoordinatorRequest::default() };
    assert_eq!(client.call(2, &request).error_code, NO_ERROR);
    loop {
        match client.call(5, &ListGroupsRequest::default()).error_code {
            LOADING | NOT_COORDINATOR => std::thread::yield_now(),
            error => break assert_eq!(error, NO_ERROR),
        }
    }
    (broker, client)
}

fn consumer(member: &str, epoch: i32) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        group_id: id("torn"),
        member_id: id(member),
        member_epoch: epoch,
        rebalance_timeout_ms: 60_000,
        subscribed_topic_names: Some(vec![id("orders")]),
        topic_partitions: Some(Vec::new()),
        ..ConsumerGroupHeartbeatRequest::default()
    }
}

fn streams_join(member: &str) -> StreamsGroupHeartbeatRequest {
    let subtopology = streams::Subtopology {
        subtopology_id: id("0"),
        source_topics: vec![id("orders")],
        ..streams::Subtopology::default()
    };
    StreamsGroupHeartbeatRequest {
        group_id: id("torn-app"),
        member_id: id(member),
        rebalance_timeout_ms: 60_000,
        topology: Some(streams::Topology { epoch: 0, subtopologies: vec![subtopology] }),
        active_tasks: Some(Vec::new()),
        standby_tasks: Some(Vec::new()),
        warmup_tasks: Some(Vec::new()),
        process_id: Some(id("process")),
        client_tags: Some(Vec::new()),
        ..StreamsGroupHeartbeatRequest::default()
    }
}

/// All requests about groups are answered, and new members get to work.
fn check(client: &mut Client) {
    assert_eq!(committed(client), 42);
    let listed = client.call(5, &ListGroupsRequest::default()).groups;
    for group in [GROUP, "torn", "torn-app", "torn-share"] {
        assert!(listed.iter().any(|it| it.group_id == group), "{group}: {listed:?}");
    }
    // Who held what nobody may hold joins afresh.
    for member in ["a", "b", "ghost"] {
        assert_ne!(client.call(1, &consumer(member, 7)).error_code, NO_ERROR, "{member}");
    }
    for member in ["a", "new"] {
        let joined = client.call(1, &consumer(member, 0));
        assert_eq!(joined.error_code, NO_ERROR, "{:?}", joined.error_message);
        let joined = client.call(1, &streams_join(member));
        assert_eq!(joined.error_code, NO_ERROR, "{:?}", joined.error_message);
    }
    let request =
        ConsumerGroupDescribeRequest { group_ids: vec![id("torn")], ..Default::default() };
    assert_eq!(client.call(1, &request).groups[0].error_code, NO_ERROR);
    let request =
        StreamsGroupDescribeRequest { group_ids: vec![id("torn-app")], ..Default::default() };
    assert_eq!(client.call(0, &request).groups[0].error_code, NO_ERROR);
    let request =
        ShareGroupDescribeRequest { group_ids: vec![id("torn-share")], ..Default::default() };
    assert_eq!(client.call(1, &request).groups[0].error_code, NO_ERROR);
    let request = DeleteGroupsRequest { groups_names: vec![id("torn"), id("nobody")] };
    assert!(client.call(2, &request).results.iter().all(|it| it.error_code != NO_ERROR));
}

#[test]
fn records_that_nobody_can_read_or_that_contradict_each_other_do_not_stop_the_coordinator() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = start(data.path());
    broker.create_topic("orders", 2, &[]);
    let answer = client.call(9, &commit(None, Uuid::ZERO, 42));
    assert_eq!(answer.topics[0].partitions[0].error_code, NO_ERROR);
    assert_eq!(committed(&mut client), 42);
    for torn in [garbage(), torn_consumer_group(), torn_streams_group(), torn_share_group()] {
        write(&mut client, &torn);
    }
    broker.stop();
    // The second start loads what the first repaired, and what came since.
    for _ in 0..2 {
        let (broker, mut client) = start(data.path());
        check(&mut client);
        broker.stop();
    }
}

/// More bytes than a record of a group may have.
fn many_names() -> Vec<String> {
    (0..40_000)
        .map(|number| format!("a-topic-with-a-name-of-fifty-characters-number-{number:05}"))
        .collect()
}

fn wait_until_loaded(client: &mut Client) {
    while client.call(5, &ListGroupsRequest::default()).error_code != NO_ERROR {
        std::thread::yield_now();
    }
}

fn classic_join(metadata: Vec<u8>) -> JoinGroupRequest {
    JoinGroupRequest {
        group_id: id("large"),
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 10_000,
        protocol_type: id("other"),
        protocols: vec![JoinGroupRequestProtocol { name: id("p"), metadata: metadata.into() }],
        ..JoinGroupRequest::default()
    }
}

#[test]
fn what_is_too_large_for_a_client_s_record_hinders_no_other_group() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = start(data.path());
    broker.create_topic("orders", 2, &[]);
    client.call(9, &commit(None, Uuid::ZERO, 42));
    let mut wordy = commit(None, Uuid::ZERO, 43);
    wordy.topics[0].partitions[0].committed_metadata = Some("x".repeat(5_000));
    let answer = client.call(9, &wordy);
    assert_eq!(answer.topics[0].partitions[0].error_code, OFFSET_METADATA_TOO_LARGE);

    // Larger than a record may be: refused, and nobody else hears of it.
    let mut large = consumer("m", 0);
    large.subscribed_topic_names = Some(many_names());
    assert_eq!(client.call(1, &large).error_code, UNKNOWN_SERVER_ERROR);
    wait_until_loaded(&mut client);
    let mut large = streams_join("m");
    large.topology.as_mut().unwrap().subtopologies[0].source_topics = many_names();
    assert_eq!(client.call(0, &large).error_code, UNKNOWN_SERVER_ERROR);
    wait_until_loaded(&mut client);
    let refused = client.call(3, &classic_join(vec![7; 2 << 20]));
    assert_eq!(refused.error_code, UNKNOWN_SERVER_ERROR);
    wait_until_loaded(&mut client);
    assert_eq!(committed(&mut client), 42);
    broker.stop();

    let (broker, mut client) = start(data.path());
    assert_eq!(committed(&mut client), 42);
    assert_eq!(client.call(1, &consumer("n", 0)).error_code, NO_ERROR);
    let mut other = streams_join("n");
    other.group_id = id("other-app");
    assert_eq!(client.call(0, &other).error_code, NO_ERROR);
    broker.stop();
}
