use std::time::Duration;

use client::{
    Client, ClientConfig, ClientError, Delivery, Isolation, NewRecord, OffsetQuery, Producer,
    ProducerConfig, ServerAddress,
};
use model::{PartitionIndex, TopicName};
use testkit::Ottla;
use wire::ErrorCode;

use crate::{client_of, create, partition, read};

async fn send(
    producer: &Producer,
    topic: &str,
    partition: i32,
    value: &str,
) -> client::Result<Delivery> {
    let record = NewRecord {
        topic: &TopicName::new(topic).unwrap(),
        partition: PartitionIndex::from_wire(partition),
        timestamp: None,
        key: None,
        value: Some(value.as_bytes()),
        headers: &[],
    };
    producer.send(record).await
}

async fn end(client: &Client, topic: &str, index: i32) -> i64 {
    let queries = [(partition(topic, index), OffsetQuery::Latest)];
    let listed = client.list_offsets(&queries, Isolation::Uncommitted).await.unwrap();
    listed.values().next().unwrap().offset.unwrap().to_wire()
}

/// Each record a batch, and so several of each partition in flight.
fn single_records() -> ProducerConfig {
    ProducerConfig { linger: Duration::ZERO, batch_size: 1, ..ProducerConfig::default() }
}

#[tokio::test]
async fn records_of_a_producer_whose_broker_is_killed_are_there_once_and_in_order() {
    const COUNT: usize = 30_000;
    const KILL_EVERY: usize = 10_000;
    let mut ottla = Ottla::start(&[]).unwrap();
    let client = client_of(&ottla).await;
    create(&client, "killed", 2, &[]).await;
    let config = ProducerConfig { batch_size: 200, ..single_records() };
    let producer = Producer::new(client.clone(), config).unwrap();
    let mut deliveries = Vec::new();
    let mut undecided_at_kills = 0;
    for index in 0..COUNT {
        let to = i32::try_from(index % 2).unwrap();
        deliveries.push(send(&producer, "killed", to, &index.to_string()).await.unwrap());
        if index % 100 == 0 {
            tokio::task::yield_now().await;
        }
        if index % KILL_EVERY == KILL_EVERY / 2 {
            undecided_at_kills += deliveries.iter().filter(|it| !it.is_decided()).count();
            ottla.kill().unwrap();
            // Answers that never come, and connections that are refused.
            tokio::time::sleep(Duration::from_millis(200)).await;
            ottla.restart().unwrap();
        }
    }
    producer.flush().await;
    assert!(undecided_at_kills > 0, "nothing was on its way at any kill");
    for delivery in &deliveries {
        delivery.result().unwrap().unwrap();
    }
    assert_eq!(end(&client, "killed", 0).await + end(&client, "killed", 1).await, 30_000);
    for (held, first) in read(&client, "killed", 2, COUNT).await.iter().zip(0..) {
        let sent: Vec<String> = (first..COUNT).step_by(2).map(|it| it.to_string()).collect();
        assert!(held == &sent, "partition {first} differs");
    }
}

#[tokio::test]
async fn a_refused_record_among_many_in_flight_is_the_only_one_that_fails() {
    let ottla = Ottla::start(&[]).unwrap();
    let client = client_of(&ottla).await;
    create(&client, "small", 1, &[("max.message.bytes", "1000")]).await;
    let producer = Producer::new(client.clone(), single_records()).unwrap();
    let large = "x".repeat(2_000);
    let mut deliveries = Vec::new();
    for index in 0..200 {
        let value = if index % 50 == 25 { large.clone() } else { index.to_string() };
        deliveries.push(send(&producer, "small", 0, &value).await.unwrap());
    }
    producer.flush().await;
    let mut sent = Vec::new();
    for (delivery, index) in deliveries.iter().zip(0..) {
        match delivery.result().unwrap() {
            Ok(_) => sent.push(index.to_string()),
            Err(error) => {
                assert_eq!(error.code(), Some(ErrorCode::MessageTooLarge), "{error}");
                assert_eq!(index % 50, 25);
            }
        }
    }
    assert_eq!(sent.len(), 196);
    assert_eq!(read(&client, "small", 1, sent.len()).await, [sent]);
    assert_eq!(end(&client, "small", 0).await, 196);
}

#[tokio::test]
async fn without_a_broker_records_fail_at_their_time_and_say_why() {
    let mut ottla = Ottla::start(&[]).unwrap();
    let client = client_of(&ottla).await;
    create(&client, "gone", 1, &[]).await;
    let bootstrap = ServerAddress::parse_list(&ottla.bootstrap()).unwrap();
    let request_timeout = Duration::from_millis(900);
    let client_config = ClientConfig { request_timeout, ..ClientConfig::new(bootstrap) };
    let client = Client::connect(client_config).await.unwrap();
    let delivery_timeout = Duration::from_secs(1);
    let config = ProducerConfig { delivery_timeout, ..single_records() };
    let producer = Producer::new(client, config).unwrap();
    send(&producer, "gone", 0, "first").await.unwrap().wait().await.unwrap();
    ottla.kill().unwrap();
    let delivery = send(&producer, "gone", 0, "second").await.unwrap();
    producer.flush().await;
    match delivery.result() {
        Some(Err(ClientError::DeliveryTimedOut { reason, .. })) => {
            assert!(reason.is_retriable(), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    // It goes on when the broker is back.
    ottla.restart().unwrap();
    send(&producer, "gone", 0, "third").await.unwrap().wait().await.unwrap();
}

#[tokio::test]
async fn a_partition_that_the_topic_does_not_have_is_refused_at_once() {
    let ottla = Ottla::start(&[]).unwrap();
    let client = client_of(&ottla).await;
    create(&client, "two", 2, &[]).await;
    let producer = Producer::new(client.clone(), single_records()).unwrap();
    let refused = send(&producer, "two", 2, "x").await.unwrap_err();
    assert!(matches!(refused, ClientError::UnknownPartition { count: 2, .. }), "{refused}");
    client.create_partitions("two", 3).await.unwrap();
    send(&producer, "two", 2, "x").await.unwrap().wait().await.unwrap();
}
