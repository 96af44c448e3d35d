use std::time::{Duration, Instant};

use wire::messages::streams_group_heartbeat_request::{
    Endpoint, KeyValue, Subtopology, TaskIds, TopicInfo, Topology,
};
use wire::messages::update_features_request::FeatureUpdateKey;
use wire::messages::{
    DeleteGroupsRequest, FindCoordinatorRequest, ListGroupsRequest, StreamsGroupDescribeRequest,
    StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse, UpdateFeaturesRequest,
};

use crate::harness::{Client, TestBroker};

const GROUP: &str = "counters";
const REPARTITION: &str = "counters-words-repartition";
const CHANGELOG: &str = "counters-counts-changelog";
const SETTINGS: &[(&str, &str)] = &[
    ("offsets.topic.num.partitions", "3"),
    ("group.streams.assignment.interval.ms", "0"),
    ("group.streams.initial.rebalance.delay.ms", "0"),
];
const NO_ERROR: i16 = 0;
const LOADING: i16 = 14;
const NOT_COORDINATOR: i16 = 16;
const UNSUPPORTED_VERSION: i16 = 35;
const INVALID_REQUEST: i16 = 42;
const GROUP_ID_NOT_FOUND: i16 = 69;
const STREAMS_INVALID_TOPOLOGY: i16 = 130;
const MISSING_SOURCE_TOPICS: i8 = 1;
const MISSING_INTERNAL_TOPICS: i8 = 3;

fn started(data: &std::path::Path) -> (TestBroker, Client) {
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

fn report(member: &str, epoch: i32) -> StreamsGroupHeartbeatRequest {
    StreamsGroupHeartbeatRequest {
        group_id: GROUP.to_owned(),
        member_id: member.to_owned(),
        member_epoch: epoch,
        ..StreamsGroupHeartbeatRequest::default()
    }
}

fn internal(name: &str, policy: &str, replication_factor: i16) -> TopicInfo {
    let policy = KeyValue { key: "cleanup.policy".to_owned(), value: policy.to_owned() };
    TopicInfo {
        name: name.to_owned(),
        partitions: 0,
        replication_factor,
        topic_configs: vec![policy],
    }
}

fn topology() -> Topology {
    let first = Subtopology {
        subtopology_id: "0".to_owned(),
        source_topics: vec!["lines".to_owned()],
        repartition_sink_topics: vec![REPARTITION.to_owned()],
        ..Subtopology::default()
    };
    let second = Subtopology {
        subtopology_id: "1".to_owned(),
        repartition_source_topics: vec![internal(REPARTITION, "delete", 0)],
        state_changelog_topics: vec![internal(CHANGELOG, "compact", 1)],
        ..Subtopology::default()
    };
    Topology { epoch: 0, subtopologies: vec![first, second] }
}

fn join(member: &str, process: &str) -> StreamsGroupHeartbeatRequest {
    StreamsGroupHeartbeatRequest {
        rebalance_timeout_ms: 60_000,
        topology: Some(topology()),
        active_tasks: Some(Vec::new()),
        standby_tasks: Some(Vec::new()),
        warmup_tasks: Some(Vec::new()),
        process_id: Some(process.to_owned()),
        user_endpoint: Some(Endpoint { host: "localhost".to_owned(), port: 8080 }),
        client_tags: Some(Vec::new()),
        ..report(member, 0)
    }
}

fn holding(member: &str, epoch: i32, parts: &[(&str, &[i32])]) -> StreamsGroupHeartbeatRequest {
    let ids = parts.iter().map(|(id, partitions)| TaskIds {
        subtopology_id: (*id).to_owned(),
        partitions: partitions.to_vec(),
    });
    StreamsGroupHeartbeatRequest {
        active_tasks: Some(ids.collect()),
        standby_tasks: Some(Vec::new()),
        warmup_tasks: Some(Vec::new()),
        ..report(member, epoch)
    }
}

fn active(response: &StreamsGroupHeartbeatResponse) -> Vec<(&str, Vec<i32>)> {
    assert_eq!(response.error_code, NO_ERROR, "{:?}", response.error_message);
    let parts = response.active_tasks.iter().flatten();
    parts.map(|part| (part.subtopology_id.as_str(), part.partitions.clone())).collect()
}

fn statuses(response: &StreamsGroupHeartbeatResponse) -> Vec<i8> {
    response.status.iter().flatten().map(|status| status.status_code).collect()
}

/// Reports until the group has all its topics.
fn until_ready(client: &mut Client, member: &str, epoch: i32) -> StreamsGroupHeartbeatResponse {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let response = client.call(1, &holding(member, epoch, &[]));
        if statuses(&response).is_empty() {
            return response;
        }
        assert!(Instant::now() < end, "{response:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn internal_topics_are_made_and_tasks_shared_over_a_crash_of_the_broker() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic("lines", 2, &[]);
    let first = client.call(1, &join("a", "p"));
    assert_eq!((first.error_code, statuses(&first)), (NO_ERROR, vec![MISSING_INTERNAL_TOPICS]));
    assert_eq!((first.heartbeat_interval_ms, first.task_offset_interval_ms), (5_000, 60_000));
    assert_eq!(first.acceptable_recovery_lag, 10_000);
    let given = until_ready(&mut client, "a", first.member_epoch);
    assert_eq!(active(&given), [("0", vec![0, 1]), ("1", vec![0, 1])]);
    let endpoints = given.partitions_by_user_endpoint.as_ref().unwrap();
    assert_eq!(endpoints[0].user_endpoint.port, 8080);
    assert_eq!(endpoints[0].active_partitions.len(), 2);
    assert_eq!(broker.partition_count(CHANGELOG), 2);
    assert_eq!(broker.partition_count(REPARTITION), 2);

    broker.crash();
    let (broker, mut client) = started(data.path());
    let epoch = given.member_epoch;
    let all: &[(&str, &[i32])] = &[("0", &[0, 1]), ("1", &[0, 1])];
    let quiet = client.call(1, &holding("a", epoch, all));
    assert_eq!((quiet.member_epoch, quiet.active_tasks), (epoch, None));
    let second = client.call(1, &join("b", "q"));
    assert_eq!((second.member_epoch, active(&second)), (epoch + 1, vec![]));
    let kept = client.call(1, &holding("a", epoch, all));
    let kept: Vec<(&str, Vec<i32>)> = active(&kept);
    assert_eq!(kept.iter().map(|(_, partitions)| partitions.len()).sum::<usize>(), 2);
    let kept: Vec<(&str, &[i32])> =
        kept.iter().map(|(id, partitions)| (*id, partitions.as_slice())).collect();
    assert_eq!(client.call(1, &holding("a", epoch, &kept)).member_epoch, epoch + 1);
    let given = client.call(1, &holding("b", epoch + 1, &[]));
    assert_eq!(active(&given).iter().map(|(_, indexes)| indexes.len()).sum::<usize>(), 2);

    let request = StreamsGroupDescribeRequest {
        group_ids: vec![GROUP.to_owned(), "nobody".to_owned()],
        include_topology_description: true,
        ..StreamsGroupDescribeRequest::default()
    };
    let described = client.call(1, &request).groups;
    let group = &described[0];
    assert_eq!((group.group_state.as_str(), group.group_epoch), ("Stable", epoch + 1));
    assert_eq!((group.assignor_name.as_deref(), group.members.len()), (Some("sticky"), 2));
    assert_eq!(group.topology_description_status, 1);
    let parts = group.topology.as_ref().unwrap().subtopologies.as_ref().unwrap();
    assert_eq!(parts[1].state_changelog_topics[0].partitions, 2);
    assert_eq!(described[1].error_code, GROUP_ID_NOT_FOUND);
    broker.stop();
}

#[test]
fn groups_are_listed_by_their_type_and_deleted_once_they_are_empty() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    let first = client.call(1, &join("a", "p"));
    assert_eq!(statuses(&first), [MISSING_SOURCE_TOPICS]);
    let types = |name: &str| ListGroupsRequest {
        types_filter: vec![name.to_owned()],
        ..ListGroupsRequest::default()
    };
    let listed = client.call(5, &types("Streams")).groups;
    let listed = listed.first().unwrap();
    assert_eq!((listed.group_id.as_str(), listed.group_state.as_str()), (GROUP, "NotReady"));
    assert_eq!((listed.group_type.as_str(), listed.protocol_type.as_str()), ("streams", "streams"));
    assert!(client.call(5, &types("consumer")).groups.is_empty());
    let delete = DeleteGroupsRequest { groups_names: vec![GROUP.to_owned()] };
    assert_eq!(client.call(2, &delete).results[0].error_code, 68);
    assert_eq!(client.call(1, &report("a", -1)).member_epoch, -1);
    assert_eq!(client.call(2, &delete).results[0].error_code, NO_ERROR);
    assert!(client.call(5, &ListGroupsRequest::default()).groups.is_empty());
    broker.stop();
}

#[test]
fn a_topic_that_cannot_be_made_is_named_with_the_reason() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic("lines", 2, &[]);
    let mut request = join("a", "p");
    let parts = &mut request.topology.as_mut().unwrap().subtopologies;
    parts[1].state_changelog_topics = vec![internal(CHANGELOG, "compact", 3)];
    let first = client.call(1, &request);
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let response = client.call(1, &holding("a", first.member_epoch, &[]));
        let detail = response.status.unwrap().remove(0).status_detail;
        if let Some((_, why)) = detail.split_once("; Creation failed: ") {
            assert!(why.starts_with(CHANGELOG), "{detail}");
            break;
        }
        assert!(Instant::now() < end, "{detail}");
        std::thread::sleep(Duration::from_millis(20));
    }
    broker.stop();
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    let with = |change: fn(&mut StreamsGroupHeartbeatRequest)| {
        let mut request = join("a", "p");
        change(&mut request);
        request
    };
    for (what, request, error) in [
        ("no topology", with(|request| request.topology = None), INVALID_REQUEST),
        ("no time-out", with(|request| request.rebalance_timeout_ms = -1), INVALID_REQUEST),
        ("some tasks", with(|request| request.warmup_tasks = None), INVALID_REQUEST),
        ("no member", with(|request| request.member_id.clear()), INVALID_REQUEST),
        ("an epoch", with(|request| request.member_epoch = -3), INVALID_REQUEST),
        (
            "a pattern",
            with(|request| {
                request.topology.as_mut().unwrap().subtopologies[0].source_topic_regex =
                    vec!["l.*".to_owned()];
            }),
            INVALID_REQUEST,
        ),
        (
            "an internal topic",
            with(|request| {
                request.topology.as_mut().unwrap().subtopologies[0].source_topics =
                    vec!["__consumer_offsets".to_owned()];
            }),
            STREAMS_INVALID_TOPOLOGY,
        ),
        (
            "no name",
            with(|request| {
                request.topology.as_mut().unwrap().subtopologies[0].source_topics =
                    vec!["a/b".to_owned()];
            }),
            STREAMS_INVALID_TOPOLOGY,
        ),
        (
            "a fixed changelog",
            with(|request| {
                let part = &mut request.topology.as_mut().unwrap().subtopologies[1];
                part.state_changelog_topics[0].partitions = 3;
            }),
            STREAMS_INVALID_TOPOLOGY,
        ),
        ("no group", report("a", 1), GROUP_ID_NOT_FOUND),
    ] {
        assert_eq!(client.call(1, &request).error_code, error, "{what}");
    }
    broker.stop();
}

#[test]
fn without_the_feature_nobody_is_served() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    let request = UpdateFeaturesRequest {
        feature_updates: vec![FeatureUpdateKey {
            feature: "streams.version".to_owned(),
            max_version_level: 0,
            upgrade_type: 3,
            ..FeatureUpdateKey::default()
        }],
        ..UpdateFeaturesRequest::default()
    };
    assert_eq!(client.call(1, &request).error_code, NO_ERROR);
    let end = Instant::now() + Duration::from_secs(60);
    while client.call(1, &join("a", "p")).error_code != UNSUPPORTED_VERSION {
        assert!(Instant::now() < end, "the broker has not heard of it");
        std::thread::sleep(Duration::from_millis(10));
    }
    broker.stop();
}
