use std::time::Instant;

use model::Uuid;
use record::Batches;
use wire::messages::FetchRequest;
use wire::messages::fetch_request::{FetchPartition, FetchTopic, ForgottenTopic};
use wire::messages::fetch_response::FetchResponse;

use crate::harness::*;

pub(crate) fn fetch(topic: &str, partitions: &[(i32, i64)]) -> FetchRequest {
    let partitions = partitions.iter().map(|(partition, fetch_offset)| FetchPartition {
        partition: *partition,
        fetch_offset: *fetch_offset,
        current_leader_epoch: -1,
        partition_max_bytes: 1 << 20,
        ..FetchPartition::default()
    });
    FetchRequest {
        max_wait_ms: 0,
        min_bytes: 1,
        max_bytes: 50 << 20,
        session_epoch: -1,
        replica_id: -1,
        topics: vec![FetchTopic {
            topic: topic.to_owned(),
            partitions: partitions.collect(),
            ..FetchTopic::default()
        }],
        ..FetchRequest::default()
    }
}

/// Everything that partition 0 has, by as many fetches as it takes.
pub(crate) fn fetch_all(client: &mut Client, topic: &str) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let next = offsets(&all).last().map_or(0, |_| next_offset(&all));
        let response: FetchResponse = client.call(12, &fetch(topic, &[(0, next)]));
        let partition = &response.responses[0].partitions[0];
        assert_eq!(partition.error_code, 0);
        all.extend_from_slice(partition.records.as_deref().unwrap_or_default());
        if partition.high_watermark == next_offset(&all) {
            return all;
        }
    }
}

fn next_offset(records: &[u8]) -> i64 {
    let last = Batches::checked(records).last();
    last.map_or(0, |batch| batch.unwrap().header().next_offset().to_wire())
}

fn offsets(records: &[u8]) -> Vec<i64> {
    let batches = Batches::checked(records).map(|batch| *batch.unwrap().header());
    batches.map(|header| header.base_offset().to_wire()).collect()
}

fn records(response: &FetchResponse) -> &[u8] {
    response.responses[0].partitions[0].records.as_deref().unwrap_or_default()
}

#[test]
fn what_was_produced_is_fetched_byte_for_byte_but_for_offset_and_epoch() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    let mut client = broker.connect();
    let first = batch(&[b"a", b"b"]);
    client.produce("t", 0, first.clone());
    client.produce("t", 0, batch(&[b"c"]));
    let fetched = fetch_all(&mut client, "t");
    assert_eq!(offsets(&fetched), [0, 2]);
    assert_eq!(fetched[16..first.len()], first[16..]);
    broker.stop();
}

#[test]
fn every_version_answers() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    let mut client = broker.connect();
    client.produce("t", 0, batch(&[b"a"]));
    for version in 4..=18 {
        let mut request = fetch("t", &[(0, 0)]);
        if version >= 13 {
            request.topics[0].topic = String::new();
            request.topics[0].topic_id = broker.topic_id("t");
        }
        let response: FetchResponse = client.call(version, &request);
        assert_eq!(response.responses[0].partitions[0].error_code, 0, "{version}");
        assert_eq!(response.responses[0].partitions[0].high_watermark, 1, "{version}");
        assert_eq!(offsets(records(&response)), [0], "{version}");
    }
    broker.stop();
}

#[test]
fn offsets_outside_of_the_log_and_unknown_places_are_errors_at_once() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    let mut client = broker.connect();
    let mut code = |topic: &str, partition, offset| {
        let mut request = fetch(topic, &[(partition, offset)]);
        request.max_wait_ms = 60_000;
        let response: FetchResponse = client.call(12, &request);
        response.responses[0].partitions[0].error_code
    };
    assert_eq!(code("t", 0, 1), 1);
    assert_eq!(code("t", 0, -5), 1);
    assert_eq!(code("t", 7, 0), 3);
    assert_eq!(code("none", 0, 0), 3);
    let mut request = fetch("", &[(0, 0)]);
    request.topics[0].topic_id = Uuid::from_bytes([5; 16]);
    let response: FetchResponse = client.call(13, &request);
    assert_eq!(response.responses[0].partitions[0].error_code, 100);
    let mut request = fetch("t", &[(0, 0)]);
    request.topics[0].partitions[0].current_leader_epoch = 1_000;
    let response: FetchResponse = client.call(12, &request);
    assert_eq!(response.responses[0].partitions[0].error_code, 75);
    broker.stop();
}

#[test]
fn a_fetch_that_waits_is_woken_by_the_produce_it_waits_for() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 2, &[]);
    let mut consumer = broker.connect();
    let mut request = fetch("t", &[(0, 0), (1, 0)]);
    request.max_wait_ms = 60_000;
    let start = Instant::now();
    consumer.send(12, &request);
    let mut producer = broker.connect();
    producer.produce("t", 1, batch(&[b"a"]));
    let response = consumer.receive::<FetchRequest>(12, 0);
    assert!(start.elapsed().as_secs() < 50);
    let of_partition = |index: i32| {
        let partitions = &response.responses[0].partitions;
        let found = partitions.iter().find(|found| found.partition_index == index);
        offsets(found.unwrap().records.as_deref().unwrap_or_default())
    };
    assert!(of_partition(0).is_empty());
    assert_eq!(of_partition(1), [0]);
    broker.stop();
}

#[test]
fn a_fetch_waits_for_its_smallest_size_or_its_time() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    let mut client = broker.connect();
    client.produce("t", 0, batch(&[b"a"]));
    let mut request = fetch("t", &[(0, 0)]);
    (request.min_bytes, request.max_wait_ms) = (100_000, 200);
    let start = Instant::now();
    let response: FetchResponse = client.call(12, &request);
    assert!(start.elapsed().as_millis() >= 200);
    assert_eq!(offsets(records(&response)), [0]);

    request.max_wait_ms = 60_000;
    let mut consumer = broker.connect();
    consumer.send(12, &request);
    client.produce("t", 0, batch(&[&[1; 60_000]]));
    client.produce("t", 0, batch(&[&[2; 60_000]]));
    let response = consumer.receive::<FetchRequest>(12, 0);
    assert_eq!(offsets(records(&response)), [0, 1, 2]);
    broker.stop();
}

#[test]
fn the_first_batch_comes_even_if_it_is_larger_than_every_bound() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 2, &[]);
    let mut client = broker.connect();
    for partition in [0, 1] {
        client.produce("t", partition, batch(&[&[1; 10_000]]));
        client.produce("t", partition, batch(&[&[1; 10_000]]));
    }
    let mut request = fetch("t", &[(0, 0), (1, 0)]);
    request.max_bytes = 100;
    let response: FetchResponse = client.call(12, &request);
    let sizes = response.responses[0]
        .partitions
        .iter()
        .map(|partition| offsets(partition.records.as_deref().unwrap_or_default()).len());
    assert_eq!(sizes.collect::<Vec<_>>(), [1, 0]);
    let mut request = fetch("t", &[(0, 0)]);
    request.topics[0].partitions[0].partition_max_bytes = 15_000;
    let response: FetchResponse = client.call(12, &request);
    assert_eq!(offsets(records(&response)), [0]);
    broker.stop();
}

/// Who takes it slowly would hold that memory: the rest comes with the next fetches.
#[test]
fn an_answer_holds_a_bounded_part_of_memory_and_the_rest_follows() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 8, &[]);
    let mut client = broker.connect();
    let value = vec![7; 600_000];
    for partition in 0..8 {
        client.produce("t", partition, batch(&[&value]));
    }
    let partitions: Vec<(i32, i64)> = (0..8).map(|partition| (partition, 0)).collect();
    // More than memory gives: it must not wait for what cannot come.
    let request =
        FetchRequest { min_bytes: 4_000_000, max_wait_ms: 600_000, ..fetch("t", &partitions) };
    let response: FetchResponse = client.call(12, &request);
    let sizes = response.responses[0].partitions.iter().map(|partition| {
        assert_eq!(partition.error_code, 0);
        partition.records.as_ref().map_or(0, bytes::Bytes::len)
    });
    let sizes: Vec<usize> = sizes.collect();
    assert_eq!(sizes.iter().filter(|size| **size > 600_000).count(), 4, "{sizes:?}");
    for partition in 0..8 {
        let response: FetchResponse = client.call(12, &fetch("t", &[(partition, 0)]));
        assert!(records(&response).len() > 600_000);
    }
}

#[test]
fn a_session_answers_only_what_is_new() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 3, &[]);
    let mut client = broker.connect();
    client.produce("t", 1, batch(&[b"a"]));
    let mut request = fetch("t", &[(0, 0), (1, 0), (2, 0)]);
    request.session_epoch = 0;
    let response: FetchResponse = client.call(12, &request);
    let session_id = response.session_id;
    assert!(session_id > 0);
    assert_eq!(response.responses[0].partitions.len(), 3);

    let next = |epoch: i32, partitions: &[(i32, i64)]| {
        let mut request = fetch("t", partitions);
        (request.session_id, request.session_epoch) = (session_id, epoch);
        if partitions.is_empty() {
            request.topics.clear();
        }
        request
    };
    let response: FetchResponse = client.call(12, &next(1, &[(1, 1)]));
    assert_eq!(response.responses.len(), 0);
    client.produce("t", 2, batch(&[b"b"]));
    let response: FetchResponse = client.call(12, &next(2, &[]));
    assert_eq!(response.responses[0].partitions.len(), 1);
    assert_eq!(response.responses[0].partitions[0].partition_index, 2);

    let mut forget = next(3, &[(2, 1)]);
    forget.forgotten_topics_data = vec![ForgottenTopic {
        topic: "t".to_owned(),
        partitions: vec![0, 1],
        ..ForgottenTopic::default()
    }];
    client.produce("t", 0, batch(&[b"c"]));
    let response: FetchResponse = client.call(12, &forget);
    assert_eq!(response.responses.len(), 0);

    let response: FetchResponse = client.call(12, &next(9, &[]));
    assert_eq!(response.error_code, 71);
    let mut unknown = next(1, &[]);
    unknown.session_id = session_id.wrapping_add(1).max(1);
    let response: FetchResponse = client.call(12, &unknown);
    assert_eq!(response.error_code, 70);
    broker.stop();
}

#[test]
fn a_log_larger_than_memory_is_read_from_its_files() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[("segment.bytes", "5000000")]);
    let mut client = broker.connect();
    let value = vec![3; 500_000];
    let count = 120;
    for offset in 0..count {
        assert_eq!(client.produce("t", 0, batch(&[&value])), offset);
    }
    let mut next = 0;
    while next < count {
        let mut request = fetch("t", &[(0, next)]);
        request.topics[0].partitions[0].partition_max_bytes = 2_000_000;
        let response: FetchResponse = client.call(12, &request);
        let found = offsets(records(&response));
        assert_eq!(found[0], next);
        next = found.last().unwrap() + 1;
    }
    assert_eq!(next, count);
    broker.stop();
}

#[test]
fn a_log_that_is_not_in_the_page_cache_is_read_ahead_and_answered_at_once() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    let mut client = broker.connect();
    let value = vec![3; 500_000];
    for offset in 0..150 {
        assert_eq!(client.produce("t", 0, batch(&[&value])), offset);
    }
    let log = data.path().join("t-0/00000000000000000000.log");
    let file = std::fs::File::open(log).unwrap();
    file.sync_all().unwrap();
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).unwrap();
    // The very first may lie in memory that nothing else has wanted since.
    let mut request = fetch("t", &[(0, 10)]);
    // Who waits for the time and not for the data would wait ten minutes.
    request.max_wait_ms = 600_000;
    request.topics[0].partitions[0].partition_max_bytes = 2_000_000;
    let response: FetchResponse = client.call(12, &request);
    assert_eq!(offsets(records(&response)), [10, 11, 12]);
    broker.stop();
}
