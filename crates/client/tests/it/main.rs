//! The client against a real broker, which is killed. Slow: processes are started.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails so")]

mod group;
mod producer;
mod transactions;

use std::collections::BTreeMap;

use client::{Client, ClientConfig, Consumer, ConsumerConfig, NewTopic, ServerAddress, Start};
use model::{PartitionIndex, TopicName, TopicPartition};
use record::Decompressor;
use testkit::Ottla;

async fn client_of(ottla: &Ottla) -> Client {
    connect(&ottla.bootstrap()).await
}

async fn connect(bootstrap: &str) -> Client {
    let bootstrap = ServerAddress::parse_list(bootstrap).unwrap();
    Client::connect(ClientConfig::new(bootstrap)).await.unwrap()
}

async fn create(client: &Client, name: &str, partition_count: i32, configs: &[(&str, &str)]) {
    let configs = configs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let topic = NewTopic {
        name: name.to_owned(),
        partition_count: Some(partition_count),
        replication_factor: None,
        configs: configs.collect(),
    };
    client.create_topic(&topic, false).await.unwrap();
}

fn partition(topic: &str, index: i32) -> TopicPartition {
    let partition = PartitionIndex::from_wire(index).unwrap();
    TopicPartition { topic: TopicName::new(topic).unwrap(), partition }
}

fn values(fetched: &client::Fetched) -> Vec<String> {
    let mut values = Vec::new();
    let mut decompressor = Decompressor::new();
    fetched
        .visit(&mut decompressor, |record| {
            values.push(String::from_utf8(record.value.unwrap().to_vec()).unwrap());
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    values
}

/// Everything that the partitions hold, once `count` records are there.
async fn read(client: &Client, topic: &str, partitions: i32, count: usize) -> Vec<Vec<String>> {
    read_as(client, ConsumerConfig::default(), topic, partitions, count).await
}

/// As [`read`], by a consumer with these settings.
async fn read_as(
    client: &Client,
    config: ConsumerConfig,
    topic: &str,
    partitions: i32,
    count: usize,
) -> Vec<Vec<String>> {
    let mut consumer = Consumer::new(client.clone(), config);
    let starts: Vec<_> =
        (0..partitions).map(|index| (partition(topic, index), Start::Beginning)).collect();
    consumer.assign(&starts).await.unwrap();
    let mut held: BTreeMap<i32, Vec<String>> = (0..partitions).map(|it| (it, vec![])).collect();
    while held.values().map(Vec::len).sum::<usize>() < count {
        let fetched = consumer.next().await.unwrap();
        let index = fetched.partition.partition.to_wire();
        held.entry(index).or_default().extend(values(&fetched));
    }
    held.into_values().collect()
}
