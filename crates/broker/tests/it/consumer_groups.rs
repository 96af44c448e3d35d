use model::Uuid;
use wire::messages::consumer_group_heartbeat_request::TopicPartitions;
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::update_features_request::FeatureUpdateKey;
use wire::messages::{
    ConsumerGroupDescribeRequest, ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse,
    FindCoordinatorRequest, IncrementalAlterConfigsRequest, ListGroupsRequest,
    UpdateFeaturesRequest,
};

use crate::harness::{Client, TestBroker};

const GROUP: &str = "reporters";
const SETTINGS: &[(&str, &str)] = &[
    ("offsets.topic.num.partitions", "3"),
    ("group.consumer.assignment.interval.ms", "0"),
    ("group.consumer.min.heartbeat.interval.ms", "100"),
];
const NO_ERROR: i16 = 0;
const LOADING: i16 = 14;
const NOT_COORDINATOR: i16 = 16;
const UNSUPPORTED_VERSION: i16 = 35;
const INVALID_REGULAR_EXPRESSION: i16 = 128;

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

fn report(member: &str, epoch: i32) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        group_id: GROUP.to_owned(),
        member_id: member.to_owned(),
        member_epoch: epoch,
        ..ConsumerGroupHeartbeatRequest::default()
    }
}

fn join(member: &str, topics: &[&str]) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        rebalance_timeout_ms: 60_000,
        subscribed_topic_names: Some(topics.iter().map(ToString::to_string).collect()),
        topic_partitions: Some(Vec::new()),
        ..report(member, 0)
    }
}

/// Of each topic's assigned partitions, in the order of topics' ids.
fn assigned(response: &ConsumerGroupHeartbeatResponse) -> Vec<(Uuid, Vec<i32>)> {
    assert_eq!(response.error_code, NO_ERROR, "{:?}", response.error_message);
    let topics = response.assignment.iter().flat_map(|assignment| &assignment.topic_partitions);
    topics.map(|topic| (topic.topic_id, topic.partitions.clone())).collect()
}

#[test]
fn members_share_a_topic_and_their_group_outlives_a_crash_of_the_broker() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic("orders", 4, &[]);
    let topic_id = broker.topic_id("orders");
    let first = client.call(1, &join("a", &["orders"]));
    assert_eq!(assigned(&first), [(topic_id, vec![0, 1, 2, 3])]);
    let second = client.call(1, &join("b", &["orders"]));
    assert_eq!((second.member_epoch, assigned(&second)), (3, vec![]));
    assert_eq!(assigned(&client.call(1, &report("a", 2))), [(topic_id, vec![0, 1])]);

    broker.crash();
    let (broker, mut client) = started(data.path());
    let owned = Some(vec![TopicPartitions { topic_id, partitions: vec![0, 1] }]);
    let request = ConsumerGroupHeartbeatRequest { topic_partitions: owned, ..report("a", 2) };
    assert_eq!(client.call(1, &request).member_epoch, 3);
    assert_eq!(assigned(&client.call(1, &report("b", 3))), [(topic_id, vec![2, 3])]);
    let request = ConsumerGroupDescribeRequest {
        group_ids: vec![GROUP.to_owned(), "nobody".to_owned()],
        include_authorized_operations: false,
    };
    let described = client.call(1, &request).groups;
    assert_eq!((described[0].group_state.as_str(), described[0].group_epoch), ("Stable", 3));
    assert_eq!(described[0].members[1].assignment.topic_partitions[0].topic_name, "orders");
    assert_eq!(described[1].error_code, 69);
    broker.stop();
}

#[test]
fn a_pattern_follows_topics_as_they_come_and_go() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic("logs-a", 1, &[]);
    let pattern = |text: &str, request| ConsumerGroupHeartbeatRequest {
        subscribed_topic_names: None,
        subscribed_topic_regex: Some(text.to_owned()),
        ..request
    };
    for wrong in ["logs-(", "a)|(b"] {
        let refused = client.call(1, &pattern(wrong, join("a", &[])));
        assert_eq!(refused.error_code, INVALID_REGULAR_EXPRESSION, "{wrong}");
    }
    let mut response = client.call(1, &pattern("logs-[ab]", join("a", &[])));
    assert_eq!(assigned(&response), [(broker.topic_id("logs-a"), vec![0])]);
    broker.create_topic("more-logs-b", 1, &[]);
    broker.create_topic("logs-b", 2, &[]);
    let wanted = broker.topic_id("logs-b");
    for _ in 0..200 {
        response = client.call(1, &report("a", response.member_epoch));
        if response.assignment.is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let assigned = assigned(&response);
    assert_eq!(assigned.len(), 2);
    assert!(assigned.contains(&(wanted, vec![0, 1])));
    broker.stop();
}

#[test]
fn a_group_has_its_own_interval_of_heartbeats() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic("orders", 1, &[]);
    assert_eq!(client.call(1, &join("a", &["orders"])).heartbeat_interval_ms, 5_000);
    let config = AlterableConfig {
        name: "consumer.heartbeat.interval.ms".to_owned(),
        config_operation: 0,
        value: Some("700".to_owned()),
    };
    let resource = AlterConfigsResource {
        resource_type: 32,
        resource_name: GROUP.to_owned(),
        configs: vec![config],
    };
    let request =
        IncrementalAlterConfigsRequest { resources: vec![resource], validate_only: false };
    assert_eq!(client.call(1, &request).responses[0].error_code, NO_ERROR);
    let mut interval = 0;
    for _ in 0..200 {
        interval = client.call(1, &report("a", 2)).heartbeat_interval_ms;
        if interval == 700 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(interval, 700);
    broker.stop();
}

#[test]
fn without_the_feature_there_are_no_consumer_groups() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    let mut level = |level: i16, upgrade_type: i8| {
        let update = FeatureUpdateKey {
            feature: "group.version".to_owned(),
            max_version_level: level,
            upgrade_type,
            ..FeatureUpdateKey::default()
        };
        let request = UpdateFeaturesRequest {
            timeout_ms: 10_000,
            feature_updates: vec![update],
            validate_only: false,
        };
        assert_eq!(client.call(1, &request).error_code, NO_ERROR);
        let mut error = -1;
        for _ in 0..200 {
            error = client.call(1, &join("a", &["orders"])).error_code;
            if (error == UNSUPPORTED_VERSION) == (level == 0) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        error
    };
    assert_eq!(level(0, 2), UNSUPPORTED_VERSION);
    assert_eq!(level(1, 1), NO_ERROR);
    broker.stop();
}
