use bytes::Bytes;
use model::Uuid;
use record::Batches;
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::share_acknowledge_request::{
    AcknowledgePartition, AcknowledgeTopic, AcknowledgementBatch as Acknowledgement,
};
use wire::messages::share_fetch_request::{AcknowledgementBatch, FetchPartition, FetchTopic};
use wire::messages::share_fetch_response::PartitionData;
use wire::messages::{
    DeleteGroupsRequest, DescribeShareGroupOffsetsRequest, FindCoordinatorRequest,
    IncrementalAlterConfigsRequest, ListGroupsRequest, ReadShareGroupStateSummaryRequest,
    ShareAcknowledgeRequest, ShareFetchRequest, ShareFetchResponse, ShareGroupDescribeRequest,
    ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse,
    describe_share_group_offsets_request as describe_request,
    read_share_group_state_summary_request as summary_request,
};

use crate::harness::{Client, TestBroker, batch};

pub(crate) const GROUP: &str = "workers";
const SETTINGS: &[(&str, &str)] = &[
    ("offsets.topic.num.partitions", "3"),
    ("share.coordinator.state.topic.num.partitions", "3"),
    ("share.coordinator.state.topic.replication.factor", "1"),
    ("share.coordinator.state.topic.min.isr", "1"),
];
pub(crate) const NO_ERROR: i16 = 0;
const NOT_COORDINATOR: i16 = 16;
const LOADING: i16 = 14;
const SESSION_NOT_FOUND: i16 = 122;
const INVALID_SESSION_EPOCH: i16 = 123;
pub(crate) const ACCEPT: i8 = 1;
pub(crate) const RELEASE: i8 = 2;

pub(crate) fn started(data: &std::path::Path) -> (TestBroker, Client) {
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
    let config = AlterableConfig {
        name: "share.auto.offset.reset".to_owned(),
        config_operation: 0,
        value: Some("earliest".to_owned()),
    };
    let resource = AlterConfigsResource {
        resource_type: 32,
        resource_name: GROUP.to_owned(),
        configs: vec![config],
    };
    let request =
        IncrementalAlterConfigsRequest { resources: vec![resource], validate_only: false };
    assert_eq!(client.call(1, &request).responses[0].error_code, NO_ERROR);
    (broker, client)
}

pub(crate) fn join(client: &mut Client, member: &str, topic: &str) -> ShareGroupHeartbeatResponse {
    let response = client.call(
        1,
        &ShareGroupHeartbeatRequest {
            group_id: GROUP.to_owned(),
            member_id: member.to_owned(),
            member_epoch: 0,
            subscribed_topic_names: Some(vec![topic.to_owned()]),
            ..ShareGroupHeartbeatRequest::default()
        },
    );
    assert_eq!(response.error_code, NO_ERROR, "{:?}", response.error_message);
    response
}

pub(crate) fn fetch(
    member: &str,
    epoch: i32,
    topic: Uuid,
    partitions: &[i32],
) -> ShareFetchRequest {
    let partition =
        |index: &i32| FetchPartition { partition_index: *index, ..FetchPartition::default() };
    let topics =
        FetchTopic { topic_id: topic, partitions: partitions.iter().map(partition).collect() };
    ShareFetchRequest {
        group_id: Some(GROUP.to_owned()),
        member_id: Some(member.to_owned()),
        share_session_epoch: epoch,
        max_wait_ms: 10_000,
        min_bytes: 1,
        max_bytes: 1_000_000,
        max_records: 500,
        batch_size: 500,
        topics: vec![topics],
        ..ShareFetchRequest::default()
    }
}

/// The only partition of an answer.
pub(crate) fn only(response: &ShareFetchResponse) -> &PartitionData {
    assert_eq!(response.error_code, NO_ERROR, "{:?}", response.error_message);
    let partition = &response.responses[0].partitions[0];
    assert_eq!((partition.error_code, partition.acknowledge_error_code), (NO_ERROR, NO_ERROR));
    partition
}

/// Offsets and delivery counts that were given out.
pub(crate) fn acquired(partition: &PartitionData) -> Vec<(i64, i64, i16)> {
    let records = partition.acquired_records.iter();
    records.map(|it| (it.first_offset, it.last_offset, it.delivery_count)).collect()
}

pub(crate) fn acknowledge(
    member: &str,
    epoch: i32,
    topic_id: Uuid,
    batches: &[(i64, i64, i8)],
) -> ShareAcknowledgeRequest {
    let batch = |(first, last, kind): &(i64, i64, i8)| Acknowledgement {
        first_offset: *first,
        last_offset: *last,
        acknowledge_types: vec![*kind],
    };
    let partition = AcknowledgePartition {
        partition_index: 0,
        acknowledgement_batches: batches.iter().map(batch).collect(),
    };
    ShareAcknowledgeRequest {
        group_id: Some(GROUP.to_owned()),
        member_id: Some(member.to_owned()),
        share_session_epoch: epoch,
        is_renew_ack: false,
        topics: vec![AcknowledgeTopic { topic_id, partitions: vec![partition] }],
    }
}

pub(crate) fn acknowledged(client: &mut Client, request: &ShareAcknowledgeRequest) -> i16 {
    let response = client.call(2, request);
    assert_eq!(response.error_code, NO_ERROR, "{:?}", response.error_message);
    response.responses[0].partitions[0].error_code
}

fn offsets(bytes: &Bytes) -> Vec<i64> {
    let bases = Batches::new(bytes).map(|batch| batch.unwrap().header().base_offset().to_wire());
    bases.collect()
}

#[test]
fn what_a_group_has_decided_outlives_a_crash_of_the_broker() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let topic = broker.topic_id("orders");
    for _ in 0..5 {
        client.produce("orders", 0, batch(&[b"value"]));
    }
    let joined = join(&mut client, "a", "orders");
    let assignment = joined.assignment.unwrap();
    assert_eq!(assignment.topic_partitions[0].partitions, [0], "at once, with the first answer");

    let response = client.call(2, &fetch("a", 0, topic, &[0]));
    assert_eq!(acquired(only(&response)), [(0, 4, 1)]);
    assert_eq!(offsets(only(&response).records.as_ref().unwrap()), [0, 1, 2, 3, 4]);
    let decided = [(0, 1, ACCEPT), (2, 2, RELEASE), (3, 3, ACCEPT)];
    assert_eq!(acknowledged(&mut client, &acknowledge("a", 1, topic, &decided)), NO_ERROR);

    // Record 4 is held, and nobody has said anything about it.
    broker.crash();
    let (broker, mut client) = started(data.path());
    join(&mut client, "b", "orders");
    let mut request = fetch("b", 0, topic, &[0]);
    request.max_wait_ms = 30_000;
    let response = client.call(2, &request);
    assert_eq!(acquired(only(&response)), [(2, 2, 2), (4, 4, 1)]);
    broker.stop();
}

#[test]
fn a_fetch_waits_for_records_and_for_what_others_give_back() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut first) = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let topic = broker.topic_id("orders");
    let mut second = broker.connect();
    join(&mut first, "a", "orders");
    join(&mut first, "b", "orders");
    let mut producer = broker.connect();
    let waiting = std::thread::spawn(move || {
        let response = first.call(2, &fetch("a", 0, topic, &[0]));
        (acquired(only(&response)), first)
    });
    std::thread::sleep(std::time::Duration::from_millis(100));
    producer.produce("orders", 0, batch(&[b"value"]));
    let (given, mut first) = waiting.join().unwrap();
    assert_eq!(given, [(0, 0, 1)]);

    let waiting =
        std::thread::spawn(move || acquired(only(&second.call(2, &fetch("b", 0, topic, &[0])))));
    std::thread::sleep(std::time::Duration::from_millis(100));
    let released = acknowledge("a", 1, topic, &[(0, 0, RELEASE)]);
    assert_eq!(acknowledged(&mut first, &released), NO_ERROR);
    assert_eq!(waiting.join().unwrap(), [(0, 0, 2)]);
    broker.stop();
}

#[test]
fn records_of_a_connection_that_is_gone_go_to_the_next() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let topic = broker.topic_id("orders");
    client.produce("orders", 0, batch(&[b"value"]));
    join(&mut client, "a", "orders");
    join(&mut client, "b", "orders");
    let mut doomed = broker.connect();
    assert_eq!(acquired(only(&doomed.call(2, &fetch("a", 0, topic, &[0])))), [(0, 0, 1)]);
    drop(doomed);
    assert_eq!(acquired(only(&client.call(2, &fetch("b", 0, topic, &[0])))), [(0, 0, 2)]);
    broker.stop();
}

#[test]
fn sessions_take_each_request_once_and_in_order() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic("orders", 2, &[]);
    let topic = broker.topic_id("orders");
    join(&mut client, "a", "orders");
    let mut soon = |epoch: i32, partitions: &[i32]| {
        let request = ShareFetchRequest { max_wait_ms: 0, ..fetch("a", epoch, topic, partitions) };
        client.call(2, &request)
    };
    assert_eq!(soon(1, &[]).error_code, SESSION_NOT_FOUND);
    let opened = soon(0, &[0, 1]);
    assert_eq!(opened.responses[0].partitions.len(), 2, "the first answer names all");
    assert_eq!(soon(2, &[]).error_code, INVALID_SESSION_EPOCH);
    let next = soon(1, &[]);
    assert_eq!((next.error_code, next.responses.len()), (NO_ERROR, 0), "nothing is new");
    // Acknowledgements ride on the next fetch, and the last one closes the session.
    let mut last = fetch("a", -1, topic, &[0]);
    last.topics[0].partitions[0].acknowledgement_batches = vec![AcknowledgementBatch {
        first_offset: 7,
        last_offset: 7,
        acknowledge_types: vec![ACCEPT],
    }];
    let closed = client.call(2, &last);
    assert_eq!(closed.error_code, NO_ERROR);
    assert_ne!(closed.responses[0].partitions[0].acknowledge_error_code, NO_ERROR);
    let gone = client.call(2, &fetch("a", 2, topic, &[]));
    assert_eq!(gone.error_code, SESSION_NOT_FOUND);
    broker.stop();
}

#[test]
fn a_group_can_be_asked_about_and_is_gone_whole_when_it_is_deleted() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic("orders", 1, &[]);
    let topic = broker.topic_id("orders");
    for _ in 0..4 {
        client.produce("orders", 0, batch(&[b"value"]));
    }
    join(&mut client, "a", "orders");
    assert_eq!(acquired(only(&client.call(2, &fetch("a", 0, topic, &[0])))), [(0, 3, 1)]);
    let decided = [(1, 1, ACCEPT)];
    assert_eq!(acknowledged(&mut client, &acknowledge("a", 1, topic, &decided)), NO_ERROR);

    let describe = ShareGroupDescribeRequest {
        group_ids: vec![GROUP.to_owned(), "nobody".to_owned()],
        include_authorized_operations: false,
    };
    let described = client.call(1, &describe).groups;
    assert_eq!((described[0].group_state.as_str(), described[1].error_code), ("Stable", 69));
    assert_eq!(described[0].members[0].assignment.topic_partitions[0].topic_name, "orders");
    let asked = describe_request::DescribeShareGroupOffsetsRequestGroup {
        group_id: GROUP.to_owned(),
        topics: None,
    };
    let request = DescribeShareGroupOffsetsRequest { groups: vec![asked] };
    let stands = &client.call(1, &request).groups[0].topics[0].partitions[0];
    assert_eq!((stands.start_offset, stands.lag), (0, 3));

    let key = format!("{GROUP}:{topic}:0");
    let find = FindCoordinatorRequest {
        key_type: 2,
        coordinator_keys: vec![key.clone(), "no-key".to_owned()],
        ..FindCoordinatorRequest::default()
    };
    assert_eq!(client.call(6, &find).coordinators[0].error_code, 42);
    let find = FindCoordinatorRequest { coordinator_keys: vec![key], ..find };
    assert_eq!(client.call(6, &find).coordinators[0].error_code, NO_ERROR);

    let delete = DeleteGroupsRequest { groups_names: vec![GROUP.to_owned()] };
    assert_eq!(client.call(2, &delete).results[0].error_code, 68, "it has a member");
    let leave = ShareGroupHeartbeatRequest {
        group_id: GROUP.to_owned(),
        member_id: "a".to_owned(),
        member_epoch: -1,
        ..ShareGroupHeartbeatRequest::default()
    };
    assert_eq!(client.call(1, &leave).member_epoch, -1);
    assert_eq!(client.call(2, &delete).results[0].error_code, NO_ERROR);
    let summary = ReadShareGroupStateSummaryRequest {
        group_id: GROUP.to_owned(),
        topics: vec![summary_request::ReadStateSummaryData {
            topic_id: topic,
            partitions: vec![summary_request::PartitionData { partition: 0, leader_epoch: -1 }],
        }],
    };
    let state = &client.call(0, &summary).results[0].partitions[0];
    assert_eq!((state.error_code, state.start_offset), (NO_ERROR, -1), "its state is gone, too");
    broker.stop();
}
