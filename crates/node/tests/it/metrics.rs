use std::io::{Read, Write};
use std::net::TcpStream;

use record::BatchStamp;

use crate::protocol::{World, batch, now_ms};

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
fn a_node_that_serves_is_ready() {
    let world = World::start(&[]);
    assert!(get(&world, "/health/ready").starts_with("HTTP/1.1 200"));
    world.stop();
}
