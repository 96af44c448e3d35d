//! Records that a share group gives up, in its dead-letter topic (KIP-1191).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use model::Uuid;
use record::{Batches, Decompressor};
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::incremental_alter_configs_request::{AlterConfigsResource, AlterableConfig};
use wire::messages::{
    FetchRequest, IncrementalAlterConfigsRequest, ReadShareGroupStateRequest,
    ReadShareGroupStateSummaryRequest, WriteShareGroupStateRequest,
    read_share_group_state_request as read, read_share_group_state_summary_request as summary,
    write_share_group_state_request as write,
};

use crate::harness::{Client, TestBroker, batch};
use crate::share_groups::{
    GROUP, NO_ERROR, RELEASE, acknowledge, acknowledged, acquired, fetch, join, only, started,
};

const DEAD: &str = "dlq.orders";
const REJECT: i8 = 3;
const ARCHIVING: i8 = 3;
const OPEN: &[(&str, &str)] = &[("errors.deadletterqueue.group.enable", "true")];
const PATIENCE: Duration = Duration::from_secs(20);

/// Sets what a group (32), a topic (2) or all brokers (4, no name) go by.
fn set(client: &mut Client, kind: i8, name: &str, settings: &[(&str, &str)]) {
    let config = |(name, value): &(&str, &str)| AlterableConfig {
        name: (*name).to_owned(),
        config_operation: 0,
        value: Some((*value).to_owned()),
    };
    let resource = AlterConfigsResource {
        resource_type: kind,
        resource_name: name.to_owned(),
        configs: settings.iter().map(config).collect(),
    };
    let request =
        IncrementalAlterConfigsRequest { resources: vec![resource], validate_only: false };
    assert_eq!(client.call(1, &request).responses[0].error_code, NO_ERROR);
}

/// A record of the dead-letter topic: its value, and its headers by name.
type Letter = (Option<Vec<u8>>, BTreeMap<String, String>);

fn letters(client: &mut Client, partition: i32) -> Vec<Letter> {
    let partition =
        FetchPartition { partition, partition_max_bytes: 1 << 20, ..FetchPartition::default() };
    let topic =
        FetchTopic { topic: DEAD.to_owned(), partitions: vec![partition], ..FetchTopic::default() };
    let request =
        FetchRequest { max_bytes: 1 << 20, topics: vec![topic], ..FetchRequest::default() };
    let answer = client.call(12, &request);
    let bytes = answer.responses[0].partitions[0].records.clone().unwrap_or_default();
    let mut decompressor = Decompressor::new();
    let mut found = Vec::new();
    for batch in Batches::checked(&bytes) {
        for record in batch.unwrap().records(&mut decompressor, 1 << 20).unwrap() {
            let record = record.unwrap();
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let headers = record.headers.map(|it| (text(it.key), text(it.value.unwrap())));
            found.push((record.value.map(<[u8]>::to_vec), headers.collect()));
        }
    }
    found
}

fn wait_for(client: &mut Client, count: usize) -> Vec<Letter> {
    let began = Instant::now();
    loop {
        let found = letters(client, 0);
        if found.len() >= count {
            assert_eq!(found.len(), count);
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "only {} dead letters came", found.len());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn of<'a>(letters: &'a [Letter], name: &str) -> Vec<&'a str> {
    let name = format!("__dlq.errors.{name}");
    letters.iter().map(|(_, headers)| headers[&name].as_str()).collect()
}

/// Where the group stands in partition 0, once that is at `start`.
fn stands_at(client: &mut Client, topic_id: Uuid, start: i64) {
    let request = ReadShareGroupStateSummaryRequest {
        group_id: GROUP.to_owned(),
        topics: vec![summary::ReadStateSummaryData {
            topic_id,
            partitions: vec![summary::PartitionData { partition: 0, leader_epoch: -1 }],
        }],
    };
    let began = Instant::now();
    loop {
        let found = client.call(0, &request).results[0].partitions[0].start_offset;
        if found == start {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "the group stands at {found}, not {start}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn with_records(broker: &TestBroker, client: &mut Client, count: usize) -> Uuid {
    broker.create_topic("orders", 1, &[]);
    for number in 0..count {
        client.produce("orders", 0, batch(&[format!("order {number}").as_bytes()]));
    }
    join(client, "a", "orders");
    broker.topic_id("orders")
}

#[test]
fn what_is_rejected_or_delivered_too_often_is_written_with_where_it_was_and_why() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic(DEAD, 1, OPEN);
    let settings = [
        ("errors.deadletterqueue.topic.name", DEAD),
        ("errors.deadletterqueue.copy.record.enable", "true"),
        ("share.delivery.count.limit", "2"),
    ];
    set(&mut client, 32, GROUP, &settings);
    let topic = with_records(&broker, &mut client, 3);
    assert_eq!(acquired(only(&client.call(2, &fetch("a", 0, topic, &[0])))), [(0, 2, 1)]);
    let said = [(0, 0, REJECT), (1, 2, RELEASE)];
    assert_eq!(acknowledged(&mut client, &acknowledge("a", 1, topic, &said)), NO_ERROR);
    wait_for(&mut client, 1);
    assert_eq!(acquired(only(&client.call(2, &fetch("a", 2, topic, &[0])))), [(1, 2, 2)]);
    let said = [(1, 2, RELEASE)];
    assert_eq!(acknowledged(&mut client, &acknowledge("a", 3, topic, &said)), NO_ERROR);
    let found = wait_for(&mut client, 3);
    let values: Vec<&[u8]> = found.iter().map(|(value, _)| value.as_deref().unwrap()).collect();
    assert_eq!(values, [&b"order 0"[..], b"order 1", b"order 2"]);
    assert_eq!(of(&found, "topic"), ["orders"; 3]);
    assert_eq!(of(&found, "partition"), ["0"; 3]);
    assert_eq!(of(&found, "offset"), ["0", "1", "2"]);
    assert_eq!(of(&found, "group"), [GROUP; 3]);
    assert_eq!(of(&found, "delivery.count"), ["1", "2", "2"]);
    let too_often = "Offset delivery count exceeded the threshold.";
    assert_eq!(of(&found, "message"), ["Offset rejected by client.", too_often, too_often]);
    stands_at(&mut client, topic, 3);
    broker.stop();
}

#[test]
fn without_a_topic_that_takes_them_records_are_given_up_all_the_same() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    // There is one, but nobody said that it takes dead letters.
    broker.create_topic(DEAD, 1, &[]);
    set(&mut client, 32, GROUP, &[("errors.deadletterqueue.topic.name", DEAD)]);
    let topic = with_records(&broker, &mut client, 2);
    assert_eq!(acquired(only(&client.call(2, &fetch("a", 0, topic, &[0])))), [(0, 1, 1)]);
    let said = [(0, 0, REJECT)];
    assert_eq!(acknowledged(&mut client, &acknowledge("a", 1, topic, &said)), NO_ERROR);
    stands_at(&mut client, topic, 1);
    assert_eq!(letters(&mut client, 0), []);
    set(&mut client, 2, DEAD, OPEN);
    let said = [(1, 1, REJECT)];
    assert_eq!(acknowledged(&mut client, &acknowledge("a", 2, topic, &said)), NO_ERROR);
    let found = wait_for(&mut client, 1);
    assert_eq!((of(&found, "offset"), &found[0].0), (vec!["1"], &None), "only where it was");
    stands_at(&mut client, topic, 2);
    broker.stop();
}

#[test]
fn a_topic_that_is_missing_is_made_where_that_is_allowed() {
    const PREFIX: &str = "errors.deadletterqueue.topic.name.prefix";
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    set(&mut client, 32, GROUP, &[("errors.deadletterqueue.topic.name", DEAD)]);
    let allowed = ("errors.deadletterqueue.auto.create.topics.enable", "true");
    set(&mut client, 4, "", &[allowed, (PREFIX, "other.")]);
    let topic = with_records(&broker, &mut client, 2);
    assert_eq!(acquired(only(&client.call(2, &fetch("a", 0, topic, &[0])))), [(0, 1, 1)]);
    let said = [(0, 0, REJECT)];
    assert_eq!(acknowledged(&mut client, &acknowledge("a", 1, topic, &said)), NO_ERROR);
    stands_at(&mut client, topic, 1);
    // Its name begins as it should from here on.
    set(&mut client, 4, "", &[(PREFIX, "dlq.")]);
    let said = [(1, 1, REJECT)];
    assert_eq!(acknowledged(&mut client, &acknowledge("a", 2, topic, &said)), NO_ERROR);
    stands_at(&mut client, topic, 2);
    assert_eq!(broker.partition_count(DEAD), 1);
    assert_eq!(of(&wait_for(&mut client, 1), "offset"), ["1"]);
    broker.stop();
}

/// The earlier leader wrote down that they go there, and no more.
#[test]
fn what_an_earlier_leader_had_not_written_yet_is_written_by_the_next() {
    let data = tempfile::tempdir().unwrap();
    let (broker, mut client) = started(data.path());
    broker.create_topic(DEAD, 1, OPEN);
    set(&mut client, 32, GROUP, &[("errors.deadletterqueue.topic.name", DEAD)]);
    let topic_id = with_records(&broker, &mut client, 4);
    let reading = read::PartitionData { partition: 0, leader_epoch: 0 };
    let request = ReadShareGroupStateRequest {
        group_id: GROUP.to_owned(),
        topics: vec![read::ReadStateData { topic_id, partitions: vec![reading] }],
    };
    let state_epoch = client.call(0, &request).results[0].partitions[0].state_epoch;
    let batch = |first_offset, last_offset, delivery_count| write::StateBatch {
        first_offset,
        last_offset,
        delivery_state: ARCHIVING,
        delivery_count,
    };
    let partition = write::PartitionData {
        partition: 0,
        state_epoch,
        leader_epoch: 0,
        start_offset: 0,
        delivery_complete_count: 0,
        state_batches: vec![batch(0, 1, 5), batch(2, 2, 1)],
    };
    let request = WriteShareGroupStateRequest {
        group_id: GROUP.to_owned(),
        topics: vec![write::WriteStateData { topic_id, partitions: vec![partition] }],
    };
    assert_eq!(client.call(1, &request).results[0].partitions[0].error_code, NO_ERROR);
    assert_eq!(acquired(only(&client.call(2, &fetch("a", 0, topic_id, &[0])))), [(3, 3, 1)]);
    let found = wait_for(&mut client, 3);
    assert_eq!(of(&found, "offset"), ["0", "1", "2"]);
    let too_often = "Offset delivery count exceeded the threshold.";
    assert_eq!(of(&found, "message"), [too_often, too_often, "Offset rejected by client."]);
    stands_at(&mut client, topic_id, 3);
    broker.stop();
}
