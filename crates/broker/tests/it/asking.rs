use model::{ProducerEpoch, ProducerId, Sequence};
use record::{BatchStamp, ProducerStamp};
use wire::messages::delete_records_request::{DeleteRecordsPartition, DeleteRecordsTopic};
use wire::messages::describe_producers_request::TopicRequest;
use wire::messages::list_offsets_request::{ListOffsetsPartition, ListOffsetsTopic};
use wire::messages::offset_for_leader_epoch_request::{
    OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use wire::messages::{
    DeleteRecordsRequest, DescribeLogDirsRequest, DescribeProducersRequest, ListOffsetsRequest,
    OffsetForLeaderEpochRequest,
};

use crate::harness::*;

fn list(client: &mut Client, version: i16, topic: &str, timestamp: i64) -> (i16, i64, i64) {
    let partition =
        ListOffsetsPartition { partition_index: 0, current_leader_epoch: -1, timestamp };
    let topics = vec![ListOffsetsTopic { name: topic.to_owned(), partitions: vec![partition] }];
    let request = ListOffsetsRequest { replica_id: -1, topics, ..ListOffsetsRequest::default() };
    let response = client.call(version, &request);
    let partition = &response.topics[0].partitions[0];
    (partition.error_code, partition.offset, partition.timestamp)
}

fn delete(client: &mut Client, topic: &str, offset: i64) -> (i16, i64) {
    let partitions = vec![DeleteRecordsPartition { partition_index: 0, offset }];
    let topics = vec![DeleteRecordsTopic { name: topic.to_owned(), partitions }];
    let response = client.call(2, &DeleteRecordsRequest { topics, timeout_ms: 1000 });
    let partition = &response.topics[0].partitions[0];
    (partition.error_code, partition.low_watermark)
}

#[test]
fn offsets_are_found_by_every_kind_of_time() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    let mut client = broker.connect();
    assert_eq!(list(&mut client, 7, "t", -3), (0, -1, -1));
    let early = batch(&[b"a", b"b"]);
    let time = record::BatchView::parse(&early).unwrap().header().max_timestamp().unwrap();
    client.produce("t", 0, early);
    std::thread::sleep(std::time::Duration::from_millis(5));
    client.produce("t", 0, batch(&[b"c"]));
    for version in 1..=11 {
        assert_eq!(list(&mut client, version, "t", -1), (0, 3, -1), "{version}");
        assert_eq!(list(&mut client, version, "t", -2), (0, 0, -1), "{version}");
        let found = list(&mut client, version, "t", time.as_millis() + 1);
        assert_eq!((found.0, found.1), (0, 2), "{version}");
    }
    assert_eq!(list(&mut client, 11, "t", time.as_millis()), (0, 0, time.as_millis()));
    assert_eq!(list(&mut client, 7, "t", -3).1, 2);
    assert_eq!(list(&mut client, 6, "t", -3).0, 35);
    assert_eq!(list(&mut client, 8, "t", -4), (0, 0, -1));
    assert_eq!(list(&mut client, 9, "t", -5), (0, -1, -1));
    assert_eq!(list(&mut client, 11, "t", -6), (0, -1, -1));
    assert_eq!(list(&mut client, 11, "t", i64::MAX), (0, -1, -1));
    assert_eq!(list(&mut client, 11, "none", -1).0, 3);
    broker.stop();
}

#[test]
fn deleted_records_are_gone_and_stay_gone() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    broker.create_topic("compacted", 1, &[("cleanup.policy", "compact")]);
    let mut client = broker.connect();
    for _ in 0..5 {
        client.produce("t", 0, batch(&[b"a"]));
    }
    assert_eq!(delete(&mut client, "t", 3), (0, 3));
    assert_eq!(list(&mut client, 7, "t", -2), (0, 3, -1));
    assert_eq!(delete(&mut client, "t", 6), (1, -1));
    assert_eq!(delete(&mut client, "t", -1), (0, 5));
    assert_eq!(delete(&mut client, "t", 4), (0, 5));
    assert_eq!(delete(&mut client, "none", 4).0, 3);
    assert_eq!(delete(&mut client, "compacted", 0).0, 44);
    broker.stop();
    let broker = TestBroker::start(data.path(), &[]);
    let mut client = broker.connect();
    assert_eq!(list(&mut client, 7, "t", -2), (0, 5, -1));
    assert_eq!(client.produce("t", 0, batch(&[b"a"])), 5);
    broker.stop();
}

#[test]
fn an_epoch_ends_where_the_next_begins() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    let mut client = broker.connect();
    client.produce("t", 0, batch(&[b"a", b"b"]));
    let mut end_of = |leader_epoch: i32, current_leader_epoch: i32| {
        let partition =
            OffsetForLeaderPartition { partition: 0, current_leader_epoch, leader_epoch };
        let topics =
            vec![OffsetForLeaderTopic { topic: "t".to_owned(), partitions: vec![partition] }];
        let response = client.call(4, &OffsetForLeaderEpochRequest { replica_id: -1, topics });
        let partition = &response.topics[0].partitions[0];
        (partition.error_code, partition.leader_epoch, partition.end_offset)
    };
    assert_eq!(end_of(0, -1), (0, 0, 2));
    assert_eq!(end_of(1000, -1), (0, -1, -1));
    assert_eq!(end_of(0, 1000).0, 75);
    broker.stop();
}

#[test]
fn log_directories_and_producers_are_described() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    let mut client = broker.connect();
    let producer = ProducerStamp {
        id: ProducerId::from_wire(7).unwrap(),
        epoch: ProducerEpoch::ZERO,
        base_sequence: Some(Sequence::ZERO),
    };
    let stamp = BatchStamp { producer: Some(producer), ..BatchStamp::default() };
    let sent = batch_with(&[b"a", b"b"], &stamp);
    let size = i64::try_from(sent.len()).unwrap();
    assert_eq!(client.produce("t", 0, sent.clone()), 0);
    // Sent again it is known, and not written again.
    assert_eq!(client.produce("t", 0, sent), 0);
    let response = client.call(4, &DescribeLogDirsRequest { topics: None });
    let result = &response.results[0];
    assert_eq!(result.log_dir, data.path().to_str().unwrap());
    assert_eq!(result.topics[0].partitions[0].partition_size, size);
    assert!(result.total_bytes > 0);
    broker.create_topic("unused", 2, &[]);
    let response = client.call(4, &DescribeLogDirsRequest { topics: None });
    let topics = &response.results[0].topics;
    let names: Vec<&str> = topics.iter().map(|topic| topic.name.as_str()).collect();
    assert_eq!(names, ["t", "unused"]);
    let sizes = topics[1].partitions.iter().map(|it| (it.partition_index, it.partition_size));
    assert_eq!(sizes.collect::<Vec<_>>(), [(0, 0), (1, 0)]);
    let topics = vec![TopicRequest { name: "t".to_owned(), partition_indexes: vec![0, 1] }];
    let response = client.call(0, &DescribeProducersRequest { topics });
    let found = &response.topics[0].partitions[0].active_producers[0];
    assert_eq!((found.producer_id, found.last_sequence), (7, 1));
    assert_eq!(response.topics[0].partitions[1].error_code, 3);
    broker.stop();
}
