use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use record::BatchStamp;
use wire::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use wire::messages::share_acknowledge_request::{
    AcknowledgePartition, AcknowledgeTopic, AcknowledgementBatch,
};
use wire::messages::share_fetch_request::{FetchPartition, FetchTopic};
use wire::messages::{
    FindCoordinatorRequest, OffsetCommitRequest, ShareAcknowledgeRequest, ShareFetchRequest,
    ShareGroupHeartbeatRequest,
};

use crate::protocol::{Resource, World, batch, now_ms};

fn get(world: &World, path: &str) -> String {
    let address = world.node().http_address().expect("it is on");
    let mut stream = TcpStream::connect(address).expect("it is served");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer
}

#[test]
fn the_page_tells_of_traffic_partitions_requests_cluster_and_groups() {
    let mut world = World::start(&[]);
    world.create_topic("orders", 2, &[]);
    for _ in 0..3 {
        let batch = batch(now_ms(), Some(b"key"), b"value", &BatchStamp::default());
        assert_eq!(world.produce("orders", 1, batch).error_code, 0);
    }
    let page = get(&world, "/metrics");
    for line in [
        "kafka_server_brokertopicmetrics_messagesin_total{topic=\"orders\"} 3",
        "kafka_server_brokertopicmetrics_messagesin_total 3",
        "kafka_server_replicamanager_leadercount 2",
        "kafka_server_replicamanager_underminisrpartitioncount 0",
        "kafka_controller_kafkacontroller_activecontrollercount 1",
        "kafka_controller_kafkacontroller_offlinepartitionscount 0",
        "kafka_network_requestmetrics_requests_total{request=\"Produce\"} 3",
        "kafka_network_requestmetrics_totaltimems_count{request=\"Produce\"} 3",
        "kafka_log_log_logendoffset{topic=\"orders\",partition=\"1\"} 3",
        "kafka_topic_partition_current_offset{topic=\"orders\",partition=\"1\"} 3",
        "kafka_topic_partitions{topic=\"orders\"} 2",
        "kafka_brokers 1",
        "kafka_coordinator_group_groupmetadatamanager_numgroups 0",
        "kafka_server_raftmetrics_current_leader 1",
    ] {
        assert!(page.lines().any(|other| other == line), "{line}\n{page}");
    }
    world.stop();
}

#[test]
fn the_page_tells_of_share_groups() {
    let mut world = World::start(&[]);
    world.create_topic("orders", 1, &[]);
    world.create_topic("dlq.orders", 1, &[("errors.deadletterqueue.group.enable", "true")]);
    let group = Resource::Group("workers");
    world.alter(group, "share.auto.offset.reset", Some("earliest"));
    world.alter(group, "errors.deadletterqueue.topic.name", Some("dlq.orders"));
    for _ in 0..4 {
        let batch = batch(now_ms(), Some(b"key"), b"value", &BatchStamp::default());
        assert_eq!(world.produce("orders", 0, batch).error_code, 0);
    }
    let topic_id = world.topic_id("orders");
    let heartbeat = ShareGroupHeartbeatRequest {
        group_id: "workers".to_owned(),
        member_id: "a".to_owned(),
        subscribed_topic_names: Some(vec!["orders".to_owned()]),
        ..ShareGroupHeartbeatRequest::default()
    };
    // The first one who asks for a coordinator has the topic of groups made.
    let find = FindCoordinatorRequest { key: "workers".to_owned(), ..Default::default() };
    let began = Instant::now();
    while world.call(2, &find).error_code != 0 || world.call(1, &heartbeat).error_code != 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "there is no coordinator");
        std::thread::sleep(Duration::from_millis(20));
    }
    let partitions = vec![FetchPartition::default()];
    let fetch = ShareFetchRequest {
        group_id: Some("workers".to_owned()),
        member_id: Some("a".to_owned()),
        max_wait_ms: 10_000,
        min_bytes: 1,
        max_bytes: 1 << 20,
        max_records: 500,
        batch_size: 500,
        topics: vec![FetchTopic { topic_id, partitions }],
        ..ShareFetchRequest::default()
    };
    let fetched = world.call(2, &fetch);
    assert_eq!(fetched.responses[0].partitions[0].acquired_records.len(), 1, "{fetched:?}");
    let batch = |offset, kind| AcknowledgementBatch {
        first_offset: offset,
        last_offset: offset,
        acknowledge_types: vec![kind],
    };
    // Two are accepted, one is rejected, one is held.
    let acknowledgement_batches = vec![batch(0, 3), batch(2, 1), batch(3, 1)];
    let partitions = vec![AcknowledgePartition { partition_index: 0, acknowledgement_batches }];
    let acknowledge = ShareAcknowledgeRequest {
        group_id: Some("workers".to_owned()),
        member_id: Some("a".to_owned()),
        share_session_epoch: 1,
        is_renew_ack: false,
        topics: vec![AcknowledgeTopic { topic_id, partitions }],
    };
    assert_eq!(world.call(2, &acknowledge).responses[0].partitions[0].error_code, 0);
    let letter =
        "kafka_server_sharegroupmetrics_deadletterqueuerecordcount_total{group=\"workers\"} 1";
    let began = Instant::now();
    while !get(&world, "/metrics").contains(letter) {
        assert!(began.elapsed() < Duration::from_secs(20), "{}", get(&world, "/metrics"));
        std::thread::sleep(Duration::from_millis(20));
    }
    let page = get(&world, "/metrics");
    let of_partition = "{group=\"workers\",topic=\"orders\",partition=\"0\"}";
    for line in [
        "kafka_server_sharegroupmetrics_recordacknowledgements_total{group=\"workers\",ackType=\"ACCEPT\"} 2",
        "kafka_server_sharegroupmetrics_recordacknowledgements_total{group=\"workers\",ackType=\"REJECT\"} 1",
        "kafka_server_sharegroupmetrics_deadletterqueuetotalproducerequests_total{group=\"workers\"} 1",
        "kafka_server_sharegroupmetrics_deadletterqueuefailedproducerequests_total{group=\"workers\"} 0",
        "kafka_server_sharegroupmetrics_partitionloadtimems_count 1",
        "kafka_server_brokertopicmetrics_totalsharefetchrequests_total 1",
        "kafka_server_brokertopicmetrics_totalshareacknowledgementrequests_total 1",
        "kafka_server_brokertopicmetrics_failedshareacknowledgementrequests_total 0",
        "kafka_server_sharesessioncache_sharesessionscount 1",
        "kafka_server_sharesessioncache_sharepartitionscount 1",
        // The first is gone with its dead letter; the others lie behind the one that is held.
        &format!("kafka_server_sharepartitionmetrics_inflightmessagecount{of_partition} 3"),
    ] {
        assert!(page.lines().any(|other| other == line), "{line}\n{page}");
    }
    world.stop();
}

/// Without being a member of the group.
fn commit(world: &mut World, group: &str, offset: i64) {
    let partition = OffsetCommitRequestPartition {
        partition_index: 0,
        committed_offset: offset,
        ..OffsetCommitRequestPartition::default()
    };
    let request = OffsetCommitRequest {
        group_id: group.to_owned(),
        generation_id_or_member_epoch: -1,
        topics: vec![OffsetCommitRequestTopic {
            name: "orders".to_owned(),
            partitions: vec![partition],
            ..OffsetCommitRequestTopic::default()
        }],
        ..OffsetCommitRequest::default()
    };
    let find = FindCoordinatorRequest { key: group.to_owned(), ..Default::default() };
    let began = Instant::now();
    while world.call(2, &find).error_code != 0
        || world.call(8, &request).topics[0].partitions[0].error_code != 0
    {
        assert!(began.elapsed() < Duration::from_secs(20), "there is no coordinator");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn of_too_many_groups_the_page_shows_those_that_are_furthest_behind_and_counts_the_others() {
    let mut world = World::start(&["ottla.metrics.group.partitions.max=2"]);
    world.create_topic("orders", 1, &[]);
    for _ in 0..3 {
        let batch = batch(now_ms(), Some(b"key"), b"value", &BatchStamp::default());
        assert_eq!(world.produce("orders", 0, batch).error_code, 0);
    }
    let shown = |world: &World| -> (Vec<String>, Vec<String>) {
        let page = get(world, "/metrics");
        let lines = |start: &str| -> Vec<String> {
            page.lines().filter_map(|line| line.strip_prefix(start)).map(str::to_owned).collect()
        };
        let left_out = [
            lines("ottla_metrics_groups_left_out{kind=\"consumer\"} "),
            lines("ottla_metrics_group_partitions_left_out{kind=\"consumer\"} "),
            lines("kafka_coordinator_group_groupmetadatamanager_numgroups "),
        ];
        (lines("kafka_consumergroup_lag{consumergroup="), left_out.concat())
    };
    commit(&mut world, "a", 3);
    commit(&mut world, "slow", 0);
    let of = |group, lag| format!("\"{group}\",topic=\"orders\",partition=\"0\"}} {lag}");
    assert_eq!(shown(&world).0, [of("a", 0), of("slow", 3)]);
    assert_eq!(shown(&world).1, ["0", "0", "2"]);
    commit(&mut world, "b", 3);
    commit(&mut world, "late", 2);
    assert_eq!(shown(&world).0, [of("late", 1), of("slow", 3)]);
    assert_eq!(shown(&world).1, ["2", "2", "4"]);
    world.alter(Resource::AllBrokers, "ottla.metrics.group.partitions.max", Some("0"));
    assert_eq!(shown(&world).0, Vec::<String>::new());
    assert_eq!(shown(&world).1, ["4", "4", "4"]);
    world.stop();
}

#[test]
fn a_node_that_serves_is_ready() {
    let world = World::start(&[]);
    assert!(get(&world, "/health/ready").starts_with("HTTP/1.1 200"));
    world.stop();
}
