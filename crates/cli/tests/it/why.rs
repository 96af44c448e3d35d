//! What groups are behind, and what transactions hold back, on both brokers.

use std::time::Duration;

use client::{Client, ClientConfig, ServerAddress, Target};
use model::{ProducerEpoch, ProducerId, Sequence, Timestamp};
use record::{BatchBuilder, BatchStamp, Compressor, ProducerStamp};
use serde_json::Value;
use testkit::{ApacheKafka, Ottla};
use wire::messages::add_partitions_to_txn_request::AddPartitionsToTxnTopic;
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::{AddPartitionsToTxnRequest, InitProducerIdRequest, ProduceRequest};

use super::Cluster;

fn json(cluster: &Cluster, arguments: &[&str]) -> Value {
    serde_json::from_str(&cluster.run(&[arguments, &["--output", "json"]].concat())).unwrap()
}

/// Leaves a transaction open: one record in partition 0 of `t`.
async fn open_transaction(bootstrap: &str, id: &str) {
    let config = ClientConfig::new(ServerAddress::parse_list(bootstrap).unwrap());
    let client = Client::connect(config).await.unwrap();
    let init = InitProducerIdRequest {
        transactional_id: Some(id.to_owned()),
        transaction_timeout_ms: 600_000,
        ..InitProducerIdRequest::default()
    };
    let code = |code: i16| Ok(client::Refused::check(code, String::new, None)?);
    let target = Target::TransactionCoordinator(id);
    let producer = client.request(target, &init, |it| code(it.error_code)).await.unwrap();
    let connection = client.connection(target).await.unwrap();
    let add = AddPartitionsToTxnRequest {
        v3_and_below_transactional_id: id.to_owned(),
        v3_and_below_producer_id: producer.producer_id,
        v3_and_below_producer_epoch: producer.producer_epoch,
        v3_and_below_topics: vec![AddPartitionsToTxnTopic {
            name: "t".to_owned(),
            partitions: vec![0],
        }],
        ..AddPartitionsToTxnRequest::default()
    };
    let added = connection.request_at(&add, 3).await.unwrap();
    assert_eq!(
        added.results_by_topic_v3_and_below[0].results_by_partition[0].partition_error_code,
        0
    );
    let stamp = BatchStamp {
        producer: Some(ProducerStamp {
            id: ProducerId::from_wire(producer.producer_id).unwrap(),
            epoch: ProducerEpoch::from_wire(producer.producer_epoch).unwrap(),
            base_sequence: Some(Sequence::ZERO),
        }),
        transactional: true,
        ..BatchStamp::default()
    };
    let mut builder = BatchBuilder::new();
    let now = i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    builder.append(Timestamp::from_millis(now), None, Some(b"held back"), &[]).unwrap();
    let batch = builder.finish(&stamp, &mut Compressor::new()).unwrap().to_vec();
    let produce = ProduceRequest {
        transactional_id: Some(id.to_owned()),
        acks: -1,
        timeout_ms: 10_000,
        topic_data: vec![TopicProduceData {
            name: "t".to_owned(),
            partition_data: vec![PartitionProduceData { index: 0, records: Some(batch.into()) }],
            ..TopicProduceData::default()
        }],
    };
    let produced = connection.request_at(&produce, 9).await.unwrap();
    assert_eq!(produced.responses[0].partition_responses[0].error_code, 0);
}

fn open(bootstrap: &str, id: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(open_transaction(bootstrap, id));
}

fn transactions(cluster: &Cluster) {
    cluster.run(&["topic", "create", "t", "--partitions", "2"]);
    let nothing = cluster.output(&["txn", "why", "t"]);
    let said = String::from_utf8(nothing.stderr).unwrap();
    assert_eq!(said, "No transaction holds back t.\n");
    open(&cluster.0, "pay ments");
    let held = json(cluster, &["txn", "why", "t"]);
    let first = &held[0];
    assert_eq!(held.as_array().unwrap().len(), 1);
    assert_eq!(first["transactional_id"], "pay ments");
    assert_eq!(
        (first["last_stable_offset"].as_i64(), first["log_end_offset"].as_i64()),
        (Some(0), Some(1))
    );
    assert_eq!(
        (first["state"].as_str(), first["hanging"].as_bool()),
        (Some("Ongoing"), Some(false))
    );
    assert_eq!(first["remedy"], "ottla txn abort 'pay ments'");
    assert!(first["since_ms"].as_i64().unwrap() > 1_700_000_000_000);
    assert_eq!(json(cluster, &["txn", "why", "t", "1"]), Value::Array(Vec::new()));
    let refused = cluster.fail(&["txn", "abort", "payments"]);
    assert!(refused.contains("payments"), "{refused}");
    cluster.run(&["txn", "abort", "pay ments"]);
    // Nor did the first try make the id.
    cluster.fail(&["txn", "abort", "payments"]);
    assert_eq!(json(cluster, &["txn", "why", "t"]), Value::Array(Vec::new()));
    let missing =
        cluster.fail(&["txn", "abort", "--topic", "t", "--partition", "0", "--start-offset", "0"]);
    assert!(missing.contains("no transaction that began at offset 0"), "{missing}");
    // In the partition itself, as is done for one that hangs.
    open(&cluster.0, "hanging");
    let held = json(cluster, &["txn", "why", "t", "0"]);
    let start = held[0]["start_offset"].to_string();
    cluster.run(&["txn", "abort", "--topic", "t", "--partition", "0", "--start-offset", &start]);
    assert_eq!(json(cluster, &["txn", "why", "t"]), Value::Array(Vec::new()));
}

/// Gives the lag, and what was said on standard error.
fn lag(cluster: &Cluster) -> (Value, String) {
    cluster.run(&["topic", "create", "r", "--partitions", "1"]);
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("lines");
    std::fs::write(&file, "a\nb\nc\n").unwrap();
    cluster.run(&["produce", "r", "--file", file.to_str().unwrap()]);
    cluster.run(&["consume", "r", "--group", "readers", "--until-end"]);
    cluster.run(&["group", "reset", "readers", "--to", "1"]);
    std::thread::sleep(Duration::from_millis(20));
    let output = cluster.output(&["group", "lag", "readers", "--output", "json"]);
    let missing = cluster.fail(&["group", "lag", "nobody"]);
    assert!(missing.contains("nobody"), "{missing}");
    let row = serde_json::from_slice::<Value>(&output.stdout).unwrap()[0]["partitions"][0].clone();
    assert_eq!((row["current_offset"].as_i64(), row["lag"].as_i64()), (Some(1), Some(2)));
    (row, String::from_utf8(output.stderr).unwrap())
}

#[test]
fn ottla_tells_lag_in_time_and_what_holds_back_readers() {
    let ottla = Ottla::start(&[]).unwrap();
    let cluster = Cluster(ottla.bootstrap());
    let (row, said) = lag(&cluster);
    assert_eq!((row["unread_offset"].as_i64(), said.as_str()), (Some(1), ""));
    assert!(row["lag_ms"].as_i64().unwrap() >= 20, "{row}");
    transactions(&cluster);
}

#[test]
fn apache_kafka_tells_lag_in_records_and_what_holds_back_readers() {
    let kafka = ApacheKafka::start(&[]).unwrap();
    let cluster = Cluster(kafka.bootstrap());
    let (row, said) = lag(&cluster);
    assert!(row["lag_ms"].is_null());
    assert!(said.contains("the server is not Ottla"), "{said}");
    transactions(&cluster);
}
