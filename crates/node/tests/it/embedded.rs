//! A node within the process of a test.

use std::time::{Duration, Instant};

use client::{
    Client, ClientConfig, Consumer, ConsumerConfig, NewRecord, NewTopic, OutOfRange, Producer,
    ProducerConfig, ServerAddress, Start,
};
use model::{PartitionIndex, TopicName, TopicPartition};
use node::Embedded;
use record::Decompressor;

async fn client(node: &Embedded) -> Client {
    let bootstrap = ServerAddress::parse_list(&node.bootstrap_servers()).expect("an address");
    Client::connect(ClientConfig::new(bootstrap)).await.expect("it listens")
}

fn producer(client: Client) -> Producer {
    Producer::new(client, ProducerConfig::default()).expect("the settings agree")
}

fn topic() -> TopicName {
    TopicName::new("t").expect("a name")
}

async fn create(client: &Client, configs: &[(&str, &str)]) {
    let configs = configs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let new = NewTopic {
        name: "t".to_owned(),
        partition_count: Some(1),
        replication_factor: None,
        configs: configs.collect(),
    };
    client.create_topic(&new, false).await.expect("it is new");
}

async fn send(producer: &Producer, value: &str) {
    let record = NewRecord {
        topic: &topic(),
        partition: PartitionIndex::from_wire(0),
        timestamp: None,
        key: None,
        value: Some(value.as_bytes()),
        headers: &[],
    };
    let delivery = producer.send(record).await.expect("there is room");
    producer.flush().await;
    delivery.wait().await.expect("it is acknowledged");
}

/// The first record that is left.
async fn first(client: &Client) -> String {
    // Records may go between the look for the first and its fetch.
    let config =
        ConsumerConfig { out_of_range: OutOfRange::Beginning, ..ConsumerConfig::default() };
    let mut consumer = Consumer::new(client.clone(), config);
    let partition =
        TopicPartition { topic: topic(), partition: PartitionIndex::from_wire(0).expect("one") };
    consumer.assign(&[(partition, Start::Beginning)]).await.expect("it is there");
    let fetched = consumer.next().await.expect("it is led");
    let mut found = None;
    let visited = fetched.visit(&mut Decompressor::new(), |record| {
        let value = record.value.unwrap_or_default();
        found.get_or_insert_with(|| String::from_utf8_lossy(value).into_owned());
        std::ops::ControlFlow::Continue(())
    });
    visited.expect("whole batches");
    found.expect("a record")
}

#[tokio::test]
async fn it_serves_clients_and_leaves_nothing_behind() {
    let began = Instant::now();
    let node = Embedded::start().expect("starts");
    println!("started in {:?}", began.elapsed());
    let data = node.data().to_owned();
    assert!(data.join("meta.properties").exists());
    let client = client(&node).await;
    create(&client, &[]).await;
    let producer = producer(client.clone());
    send(&producer, "one").await;
    assert_eq!(first(&client).await, "one");
    drop(node);
    assert!(!data.exists(), "{} is left", data.display());
}

#[tokio::test]
async fn records_grow_old_when_its_clock_is_moved_on() {
    let node = Embedded::builder().set("log.retention.check.interval.ms", "60000").start();
    let node = node.expect("starts");
    let client = client(&node).await;
    // By the node's clock, which the client's does not know of.
    let stamp = ("message.timestamp.type", "LogAppendTime");
    create(&client, &[("retention.ms", "3600000"), ("segment.ms", "60000"), stamp]).await;
    let producer = producer(client.clone());
    send(&producer, "old").await;
    assert_eq!(first(&client).await, "old");
    node.advance(Duration::from_secs(3_700));
    // Rolls the segment of the old one.
    send(&producer, "new").await;
    let until = Instant::now() + Duration::from_secs(20);
    while first(&client).await != "new" {
        assert!(Instant::now() < until, "the old record is never deleted");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn several_run_at_a_time_and_a_directory_that_was_chosen_stays() {
    let directory = tempfile::tempdir().expect("a directory");
    let other = Embedded::start().expect("starts");
    let start = || Embedded::builder().data(directory.path()).start().expect("starts");
    let node = start();
    assert_ne!(node.bootstrap_servers(), other.bootstrap_servers());
    let its_client = client(&node).await;
    create(&its_client, &[]).await;
    let producer = producer(its_client);
    send(&producer, "kept").await;
    node.stop().expect("stops clean");
    let again = start();
    assert_eq!(first(&client(&again).await).await, "kept");
}

#[test]
fn a_wrong_setting_is_an_error_that_names_it() {
    let started = Embedded::builder().set("num.partitions", "many").start();
    let error = started.err().expect("it does not start").to_string();
    assert!(error.contains("num.partitions"), "{error}");
}
