//! Transactions: committed, aborted, dropped, fenced, and with the offsets of what they were made from.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use client::{
    Client, ClientError, Commit, ConsumerConfig, Delivery, Fetched, GroupConfig, GroupConsumer,
    Isolation, NewRecord, NewTopic, OffsetQuery, Polled, Producer, ProducerConfig, Refused, Remedy,
    Start, Target, Transaction, TransactionConfig, TransactionEnd, TransactionalProducer,
};
use model::{Offset, PartitionIndex, TopicName, TopicPartition};
use testkit::{ApacheKafka, Ottla};
use wire::ErrorCode;
use wire::messages::update_features_request::FeatureUpdateKey;
use wire::messages::{UpdateFeaturesRequest, UpdateFeaturesResponse};

use crate::{client_of, connect, create, partition, read, read_as, values};

const PATIENCE: Duration = Duration::from_secs(60);
const COMMITTED: ConsumerConfig = ConsumerConfig {
    isolation: Isolation::Committed,
    fetch_wait_max: Duration::from_millis(500),
    fetch_size_min: 1,
    fetch_size_max: 50 << 20,
    partition_fetch_size_max: 1 << 20,
    out_of_range: client::OutOfRange::End,
};

async fn producer(client: &Client, id: &str) -> client::Result<TransactionalProducer> {
    let config = ProducerConfig { linger: Duration::ZERO, ..ProducerConfig::default() };
    TransactionalProducer::new(client.clone(), config, TransactionConfig::new(id)).await
}

fn record<'a>(topic: &'a TopicName, index: i32, value: &'a str) -> NewRecord<'a> {
    let partition = PartitionIndex::from_wire(index);
    let value = Some(value.as_bytes());
    NewRecord { topic, partition, timestamp: None, key: None, value, headers: &[] }
}

async fn send(
    transaction: &Transaction<'_>,
    topic: &str,
    index: i32,
    value: &str,
) -> client::Result<Delivery> {
    let topic = TopicName::new(topic).unwrap();
    transaction.send(record(&topic, index, value)).await
}

/// Cluster-wide, before its clients connect.
async fn set_transaction_version(client: &Client, level: i16) {
    const UNSAFE_DOWNGRADE: i8 = 3;
    let request = UpdateFeaturesRequest {
        timeout_ms: 30_000,
        feature_updates: vec![FeatureUpdateKey {
            feature: "transaction.version".to_owned(),
            max_version_level: level,
            upgrade_type: UNSAFE_DOWNGRADE,
            ..FeatureUpdateKey::default()
        }],
        validate_only: false,
    };
    let code_of = |response: &UpdateFeaturesResponse| {
        let message = response.error_message.as_deref();
        Ok(Refused::check(response.error_code, || "features".to_owned(), message)?)
    };
    client.request(Target::Controller, &request, code_of).await.unwrap();
}

/// A cluster with transactions of a version.
async fn cluster(version: i16) -> (Ottla, Client) {
    let ottla = Ottla::start(&["group.initial.rebalance.delay.ms=0"]).unwrap();
    if version != 2 {
        set_transaction_version(&client_of(&ottla).await, version).await;
    }
    let client = client_of(&ottla).await;
    let level = client
        .connection(Target::Any)
        .await
        .unwrap()
        .versions()
        .feature_level("transaction.version");
    assert_eq!(level, version);
    (ottla, client)
}

#[tokio::test]
async fn readers_of_committed_records_see_no_aborted_one_and_no_marker() {
    for version in [1, 2] {
        let (_ottla, client) = cluster(version).await;
        create(&client, "t", 1, &[]).await;
        let mut writer = producer(&client, "writer").await.unwrap();
        let mut expected = Vec::new();
        for index in 0..20 {
            let transaction = writer.begin().await.unwrap();
            let mut last = None;
            for part in ["a", "b"] {
                let value = format!("{index}{part}");
                last = Some(send(&transaction, "t", 0, &value).await.unwrap());
            }
            match index % 4 {
                1 => {
                    last.unwrap().wait().await.unwrap();
                    transaction.abort().await.unwrap();
                }
                3 => drop(transaction),
                _ => {
                    transaction.commit().await.unwrap();
                    expected.extend(["a", "b"].map(|part| format!("{index}{part}")));
                }
            }
        }
        assert_eq!(writer.settle().await.unwrap(), Some(TransactionEnd::Aborted));
        // Records without a transaction between those of an open one wait for its end.
        let open = writer.begin().await.unwrap();
        let delivery = open.send(record(&TopicName::new("t").unwrap(), 0, "late")).await.unwrap();
        delivery.wait().await.unwrap();
        let plain = Producer::new(client.clone(), ProducerConfig::default()).unwrap();
        let topic = TopicName::new("t").unwrap();
        let sent = plain.send(record(&topic, 0, "plain")).await.unwrap();
        sent.wait().await.unwrap();
        let ends = [(partition("t", 0), OffsetQuery::Latest)];
        let stable = client.list_offsets(&ends, Isolation::Committed).await.unwrap();
        let all = client.list_offsets(&ends, Isolation::Uncommitted).await.unwrap();
        let end = |listed: &std::collections::HashMap<_, client::ListedOffset>| {
            listed.values().next().unwrap().offset.unwrap().to_wire()
        };
        assert_eq!(end(&all) - end(&stable), 2);
        assert_eq!(read_as(&client, COMMITTED, "t", 1, 20).await, [expected.clone()]);
        open.commit().await.unwrap();
        expected.extend(["late".to_owned(), "plain".to_owned()]);
        assert_eq!(read_as(&client, COMMITTED, "t", 1, 22).await, [expected]);
        let everything = read(&client, "t", 1, 32).await.remove(0);
        assert!(everything.contains(&"1a".to_owned()), "{everything:?}");
    }
}

#[tokio::test]
async fn a_transaction_with_a_record_that_failed_is_aborted_and_the_next_one_works() {
    for version in [1, 2] {
        let (_ottla, client) = cluster(version).await;
        create(&client, "t", 2, &[("max.message.bytes", "1000")]).await;
        let mut writer = producer(&client, "writer").await.unwrap();
        let transaction = writer.begin().await.unwrap();
        send(&transaction, "t", 0, "lost").await.unwrap();
        send(&transaction, "t", 1, &"x".repeat(2_000)).await.unwrap();
        let error = transaction.commit().await.unwrap_err();
        let ClientError::TransactionAbortable { reason } = &error else { panic!("{error}") };
        assert_eq!(reason.code(), Some(ErrorCode::MessageTooLarge), "{error}");
        assert_eq!(error.remedy(), Remedy::Abort);
        for index in 0..3 {
            let transaction = writer.begin().await.unwrap();
            send(&transaction, "t", 0, &index.to_string()).await.unwrap();
            send(&transaction, "t", 1, &index.to_string()).await.unwrap();
            transaction.commit().await.unwrap();
        }
        let kept = ["0", "1", "2"].map(str::to_owned).to_vec();
        assert_eq!(read_as(&client, COMMITTED, "t", 2, 6).await, [kept.clone(), kept]);
    }
}

#[tokio::test]
async fn a_producer_whose_id_was_taken_over_is_fenced_for_good() {
    for version in [1, 2] {
        let (_ottla, client) = cluster(version).await;
        create(&client, "t", 1, &[]).await;
        let mut zombie = producer(&client, "writer").await.unwrap();
        let transaction = zombie.begin().await.unwrap();
        send(&transaction, "t", 0, "lost").await.unwrap().wait().await.unwrap();
        let mut heir = producer(&client, "writer").await.unwrap();
        // It has not heard of that yet.
        send(&transaction, "t", 0, "late").await.unwrap();
        let error = transaction.commit().await.unwrap_err();
        assert!(matches!(error, ClientError::ProducerFenced { .. }), "{error}");
        let error = zombie.begin().await.unwrap_err();
        assert!(matches!(error, ClientError::ProducerFenced { .. }), "{error}");
        assert_eq!(error.remedy(), Remedy::Restart);
        let transaction = heir.begin().await.unwrap();
        send(&transaction, "t", 0, "kept").await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(read_as(&client, COMMITTED, "t", 1, 1).await, [["kept".to_owned()]]);
    }
}

#[tokio::test]
async fn transactions_go_on_when_their_broker_is_killed() {
    let (mut ottla, client) = cluster(2).await;
    create(&client, "t", 1, &[]).await;
    let mut writer = producer(&client, "writer").await.unwrap();
    let mut kept = Vec::new();
    for index in 0..4 {
        let transaction = writer.begin().await.unwrap();
        let value = index.to_string();
        send(&transaction, "t", 0, &value).await.unwrap();
        ottla.kill().unwrap();
        ottla.restart().unwrap();
        match transaction.commit().await {
            Ok(()) => kept.push(value),
            // Whether a batch was written before the kill may not be known; then it is aborted.
            Err(error) => assert_eq!(error.remedy(), Remedy::Abort, "{error}"),
        }
    }
    assert!(!kept.is_empty());
    assert_eq!(read_as(&client, COMMITTED, "t", 1, kept.len()).await, [kept]);
}

const GROUP: &str = "copiers";
const PARTITION_COUNT: i32 = 2;
const COUNT: usize = 400;

/// One who copies records from `in` to `out`, each once.
struct Copier {
    client: Client,
    consumer: GroupConsumer,
    producer: TransactionalProducer,
}

impl Copier {
    async fn start(bootstrap: &str) -> Self {
        let client = connect(bootstrap).await;
        let group = GroupConfig {
            commit: Commit::Manual,
            start: Some(Start::Beginning),
            heartbeat_interval: Duration::from_millis(200),
            ..GroupConfig::new(GROUP, vec!["in".to_owned()])
        };
        // Several answers for each partition, and so several transactions.
        let config = ConsumerConfig { partition_fetch_size_max: 500, ..COMMITTED };
        let consumer = GroupConsumer::new(client.clone(), group, config).unwrap();
        let producer = producer(&client, "copier").await.unwrap();
        Self { client, consumer, producer }
    }

    async fn next(&mut self) -> Fetched {
        loop {
            let polled = tokio::time::timeout(PATIENCE, self.consumer.next()).await;
            match polled.expect("records").unwrap() {
                Polled::Fetched(fetched) => return fetched,
                Polled::Assigned(_) | Polled::Revoked(_) | Polled::Lost(_) => {}
            }
        }
    }

    /// Copies what was fetched; the transaction is open after that.
    async fn copy(&mut self, fetched: &Fetched) -> client::Result<Transaction<'_>> {
        let group = self.consumer.metadata();
        let transaction = self.producer.begin().await?;
        let index = fetched.partition.partition.to_wire();
        for value in values(fetched) {
            let copy = format!("copy of {value}");
            send(&transaction, "out", index, &copy).await?.wait().await?;
        }
        let offsets = BTreeMap::from([(fetched.partition.clone(), fetched.next)]);
        transaction.send_offsets(&group, &offsets).await?;
        Ok(transaction)
    }

    /// Goes back to what is committed, as the work since then is undone.
    async fn rewind(&mut self) {
        let committed = self.client.committed_offsets(GROUP).await.unwrap();
        for partition in self.consumer.assignment() {
            let to = committed.get(&partition).map_or(Offset::ZERO, |it| it.offset);
            assert!(self.consumer.seek(&partition, to));
        }
    }
}

/// Copies through aborts and a zombie, and looks at what readers of committed records see.
async fn copies_each_record_once(bootstrap: &str) {
    let client = connect(bootstrap).await;
    for name in ["in", "out"] {
        let topic = NewTopic {
            name: name.to_owned(),
            partition_count: Some(PARTITION_COUNT),
            replication_factor: Some(1),
            configs: BTreeMap::new(),
        };
        client.create_topic(&topic, false).await.unwrap();
    }
    let mut writer = producer(&client, "source").await.unwrap();
    let mut sent = 0;
    while sent < COUNT {
        let transaction = writer.begin().await.unwrap();
        for _ in 0..10 {
            let index = i32::try_from(sent).unwrap() % PARTITION_COUNT;
            send(&transaction, "in", index, &sent.to_string()).await.unwrap();
            sent += 1;
        }
        transaction.commit().await.unwrap();
    }

    let mut copied = BTreeSet::new();
    let mut aborted_count = 0;
    let mut copier = Copier::start(bootstrap).await;
    for round in 0.. {
        if copied.len() >= COUNT / 2 && aborted_count > 0 {
            break;
        }
        let fetched = copier.next().await;
        let transaction = copier.copy(&fetched).await.unwrap();
        if round % 3 == 1 {
            transaction.abort().await.unwrap();
            copier.rewind().await;
            aborted_count += 1;
        } else {
            transaction.commit().await.unwrap();
            copied.extend(values(&fetched));
        }
    }

    // Another one takes over while this one is in the middle of a transaction.
    let mut zombie = copier;
    let fetched = zombie.next().await;
    let transaction = zombie.copy(&fetched).await.unwrap();
    let heir = producer(&client, "copier").await.unwrap();
    let error = transaction.commit().await.unwrap_err();
    assert!(matches!(error, ClientError::ProducerFenced { .. }), "{error}");
    let Copier { client: its, consumer, producer: fenced } = zombie;
    drop(fenced);
    let mut copier = Copier { client: its, consumer, producer: heir };
    copier.rewind().await;
    while copied.len() < COUNT {
        let fetched = copier.next().await;
        copier.copy(&fetched).await.unwrap().commit().await.unwrap();
        copied.extend(values(&fetched));
    }
    let committed = client.committed_offsets(GROUP).await.unwrap();
    let positions = copier.consumer.positions();
    for index in 0..PARTITION_COUNT {
        let partition: TopicPartition = partition("in", index);
        assert!(committed[&partition].offset <= positions[&partition]);
    }
    copier.consumer.close().await.unwrap();

    let out = read_as(&client, COMMITTED, "out", PARTITION_COUNT, COUNT).await;
    for (held, first) in out.iter().zip(0..) {
        let step = usize::try_from(PARTITION_COUNT).unwrap();
        let expected: Vec<_> =
            (first..COUNT).step_by(step).map(|it| format!("copy of {it}")).collect();
        assert!(held == &expected, "partition {first}: {held:?}");
    }
    let everything = read(&client, "out", PARTITION_COUNT, COUNT + 1).await;
    assert!(everything.iter().map(Vec::len).sum::<usize>() > COUNT, "nothing was aborted");
}

#[tokio::test]
async fn a_copier_with_aborts_and_a_zombie_copies_each_record_once() {
    for version in [1, 2] {
        let (ottla, _client) = cluster(version).await;
        copies_each_record_once(&ottla.bootstrap()).await;
    }
}

#[tokio::test]
async fn a_copier_copies_each_record_once_with_apache_kafka_too() {
    let settings = ["group.initial.rebalance.delay.ms=0"];
    for release in [None, Some("3.9")] {
        let kafka = match release {
            None => ApacheKafka::start(&settings).unwrap(),
            Some(release) => ApacheKafka::start_at_release(release, &settings).unwrap(),
        };
        copies_each_record_once(&kafka.bootstrap()).await;
    }
}
