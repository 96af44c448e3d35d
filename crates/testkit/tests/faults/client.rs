//! A producer and a reader made of single requests, so that a test decides every byte.

use std::time::{Duration, Instant};

use bytes::Bytes;
use model::{ProducerEpoch, ProducerId, Sequence, Timestamp};
use record::{BatchBuilder, BatchStamp, Batches, Compressor, Decompressor, ProducerStamp};
use testkit::Ottla;
use testkit::compare::Side;
use wire::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::messages::produce_request::{PartitionProduceData, TopicProduceData};
use wire::messages::produce_response::PartitionProduceResponse;
use wire::messages::{
    CreateTopicsRequest, DeleteTopicsRequest, FetchRequest, InitProducerIdRequest, ProduceRequest,
    fetch_response,
};

/// Versions that name topics instead of giving their ids.
const PRODUCE_VERSION: i16 = 9;
const FETCH_VERSION: i16 = 12;

/// Enough for a topic's leader to be there, or a directory to be offline.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const NONE: i16 = 0;
pub(crate) const CORRUPT_MESSAGE: i16 = 2;
pub(crate) const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
pub(crate) const LEADER_NOT_AVAILABLE: i16 = 5;
pub(crate) const NOT_LEADER_OR_FOLLOWER: i16 = 6;
pub(crate) const MESSAGE_TOO_LARGE: i16 = 10;
pub(crate) const INVALID_TOPIC: i16 = 17;
pub(crate) const KAFKA_STORAGE_ERROR: i16 = 56;
pub(crate) const INVALID_RECORD: i16 = 87;

/// The broker of the tests that break no broker.
pub(crate) enum Target {
    Own(Ottla),
    Given(String),
}

impl Target {
    pub(crate) fn start() -> Self {
        match std::env::var("FAULTS_AT") {
            Ok(address) => Self::Given(address),
            Err(_) => Self::Own(Ottla::start(&[]).expect("Ottla")),
        }
    }

    pub(crate) fn address(&self) -> String {
        match self {
            Self::Own(ottla) => ottla.bootstrap(),
            Self::Given(address) => address.clone(),
        }
    }
}

/// One connection.
pub(crate) struct Client {
    pub(crate) side: Side,
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        Self { side: Side::new(address.to_owned()) }
    }

    /// Makes a topic of one partition and gives the code.
    pub(crate) fn create_code(&mut self, name: &str, settings: &[(&str, &str)]) -> i16 {
        let configs = settings.iter().map(|(name, value)| CreatableTopicConfig {
            name: (*name).into(),
            value: Some((*value).into()),
        });
        let topic = CreatableTopic {
            name: name.into(),
            num_partitions: 1,
            replication_factor: 1,
            configs: configs.collect(),
            ..Default::default()
        };
        let request =
            CreateTopicsRequest { topics: vec![topic], timeout_ms: 10_000, ..Default::default() };
        let answer = self.side.call(&request, 7).expect("create").expect("an answer");
        answer.topics[0].error_code
    }

    /// Makes a topic under a name of this run and waits for its leader.
    pub(crate) fn create(&mut self, kind: &str, settings: &[(&str, &str)]) -> String {
        let name = unique(kind);
        assert_eq!(self.create_code(&name, settings), NONE, "create {name}");
        let end = Instant::now() + PATIENCE;
        while self.produce(&name, -1, batch(&["first"], None)).map(|p| p.error_code) != Some(NONE) {
            assert!(Instant::now() < end, "no leader of {name}");
            std::thread::sleep(Duration::from_millis(20));
        }
        name
    }

    pub(crate) fn delete_code(&mut self, topic: &str) -> i16 {
        let request = DeleteTopicsRequest {
            topic_names: vec![topic.into()],
            timeout_ms: 10_000,
            ..Default::default()
        };
        let answer = self.side.call(&request, 5).expect("delete").expect("an answer");
        answer.responses[0].error_code
    }

    /// `None` when the broker closed the connection.
    pub(crate) fn produce(
        &mut self,
        topic: &str,
        acks: i16,
        records: Bytes,
    ) -> Option<PartitionProduceResponse> {
        let request = produce_request(topic, acks, records);
        let answer = self.side.call(&request, PRODUCE_VERSION).expect("produce")?;
        Some(answer.responses[0].partition_responses[0].clone())
    }

    pub(crate) fn produce_code(&mut self, topic: &str, records: Bytes) -> i16 {
        self.produce(topic, -1, records).expect("an answer").error_code
    }

    /// What a reader from the beginning gets: values in order, or the code that ended it.
    pub(crate) fn read(&mut self, topic: &str) -> Result<Vec<Vec<u8>>, i16> {
        let (mut values, mut offset) = (Vec::new(), 0);
        loop {
            let answer = self.fetch(topic, offset);
            if answer.error_code != NONE {
                return Err(answer.error_code);
            }
            let records = answer.records.unwrap_or_default();
            let before = offset;
            let mut decompressor = Decompressor::new();
            for batch in Batches::checked(&records) {
                let batch = match batch {
                    Ok(batch) => batch,
                    // An answer may end within a batch.
                    Err(stop) if stop.is_torn() => break,
                    Err(stop) => panic!("{topic} at offset {offset}: rot was served: {stop}"),
                };
                let inside = batch.records(&mut decompressor, 1 << 26).expect("records");
                for record in inside.map(|record| record.expect("a record")) {
                    if record.offset.to_wire() < offset {
                        continue;
                    }
                    assert_eq!(record.offset.to_wire(), offset, "a gap in {topic}");
                    offset += 1;
                    values.push(record.value.unwrap_or_default().to_vec());
                }
            }
            if offset == before {
                assert_eq!(offset, answer.high_watermark, "{topic} ends before its high watermark");
                return Ok(values);
            }
        }
    }

    pub(crate) fn fetch(&mut self, topic: &str, offset: i64) -> fetch_response::PartitionData {
        let partition = FetchPartition {
            partition: 0,
            current_leader_epoch: -1,
            fetch_offset: offset,
            last_fetched_epoch: -1,
            log_start_offset: -1,
            partition_max_bytes: 1 << 20,
            ..Default::default()
        };
        let request = FetchRequest {
            replica_id: -1,
            max_wait_ms: 100,
            min_bytes: 0,
            max_bytes: 8 << 20,
            session_epoch: -1,
            topics: vec![FetchTopic {
                topic: topic.into(),
                partitions: vec![partition],
                ..Default::default()
            }],
            ..Default::default()
        };
        let answer = self.side.call(&request, FETCH_VERSION).expect("fetch").expect("an answer");
        assert_eq!(answer.error_code, NONE, "fetch from {topic}");
        answer.responses[0].partitions[0].clone()
    }

    pub(crate) fn new_producer(&mut self) -> (i64, i16) {
        let request = InitProducerIdRequest {
            transactional_id: None,
            transaction_timeout_ms: 60_000,
            producer_id: -1,
            producer_epoch: -1,
            ..Default::default()
        };
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = self.side.call(&request, 4).expect("a producer id").expect("an answer");
            if answer.error_code == NONE {
                return (answer.producer_id, answer.producer_epoch);
            }
            assert!(Instant::now() < end, "no producer id: {}", answer.error_code);
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Another client's whole life on a connection of its own: it must notice nothing of what others do.
pub(crate) fn others_are_served(address: &str) {
    let mut client = Client::new(address);
    let topic = client.create("others", &[]);
    assert_eq!(client.produce_code(&topic, batch(&["a", "b"], None)), NONE);
    let values = client.read(&topic).expect("read");
    assert_eq!(values.last().map(Vec::as_slice), Some(b"b".as_slice()));
}

/// What the broker's process has in memory.
pub(crate) fn resident_kilobytes(ottla: &Ottla) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", ottla.pid())).expect("status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
}

pub(crate) fn unique(kind: &str) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_millis();
    format!("faults-{kind}-{now:x}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn produce_request(topic: &str, acks: i16, records: Bytes) -> ProduceRequest {
    let partition = PartitionProduceData { index: 0, records: Some(records) };
    let topic = TopicProduceData {
        name: topic.into(),
        partition_data: vec![partition],
        ..Default::default()
    };
    ProduceRequest { acks, timeout_ms: 30_000, topic_data: vec![topic], ..Default::default() }
}

/// One uncompressed batch; `producer` is id, epoch and first sequence.
pub(crate) fn batch<T: AsRef<[u8]>>(values: &[T], producer: Option<(i64, i16, i32)>) -> Bytes {
    let mut builder = BatchBuilder::new();
    let now = std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_millis();
    let now = Timestamp::from_millis(i64::try_from(now).expect("before the year 292 million"));
    for value in values {
        builder.append(now, None, Some(value.as_ref()), &[]).expect("append");
    }
    let producer = producer.map(|(id, epoch, sequence)| ProducerStamp {
        id: ProducerId::from_wire(id).expect("an id"),
        epoch: ProducerEpoch::from_wire(epoch).expect("an epoch"),
        base_sequence: Sequence::from_wire(sequence),
    });
    let stamp = BatchStamp { producer, ..Default::default() };
    Bytes::copy_from_slice(builder.finish(&stamp, &mut Compressor::new()).expect("a batch"))
}
