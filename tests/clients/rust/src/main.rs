//! rdkafka: librdkafka from Rust, with statically named admin calls and a threaded consumer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rdkafka::admin::{AdminClient, AdminOptions, NewPartitions, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::message::{Header, Headers, Message, OwnedHeaders, OwnedMessage};
use rdkafka::producer::{BaseRecord, DeliveryResult, Producer, ProducerContext, ThreadedProducer};
use rdkafka::{ClientContext, Offset, TopicPartitionList};

static PRODUCED: AtomicU64 = AtomicU64::new(0);
static CONSUMED: AtomicU64 = AtomicU64::new(0);
static REBALANCES: AtomicU64 = AtomicU64::new(0);

struct Delivered(Mutex<Vec<(Vec<u8>, i32)>>);

impl ClientContext for Delivered {}

impl ProducerContext for Delivered {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let message = result.as_ref().unwrap_or_else(|(error, _)| panic!("delivery refused: {error}"));
        self.0.lock().unwrap().push((message.key().unwrap_or_default().to_vec(), message.partition()));
        PRODUCED.fetch_add(1, Ordering::Relaxed);
    }
}

/// What a member owns, kept by the rebalance callbacks.
struct Owned(Mutex<BTreeSet<i32>>);

impl ClientContext for Owned {}

impl ConsumerContext for Owned {
    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let mut owned = self.0.lock().unwrap();
        match rebalance {
            Rebalance::Assign(list) => {
                REBALANCES.fetch_add(1, Ordering::Relaxed);
                owned.extend(list.elements().iter().map(|e| e.partition()));
            }
            Rebalance::Revoke(list) => {
                for element in list.elements() {
                    owned.remove(&element.partition());
                }
            }
            Rebalance::Error(error) => panic!("rebalance: {error}"),
        }
    }
}

struct Suite {
    servers: String,
    admin: AdminClient<DefaultClientContext>,
}

type Member = (BaseConsumer<Owned>, Vec<OwnedMessage>);

fn name(kind: &str) -> String {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    format!("{kind}-{nanos:x}")
}

/// Drives one of librdkafka's futures; they need no runtime.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let thread = std::thread::current();
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::sync::Arc::new(Unpark(thread)).into();
    let mut context = std::task::Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park_timeout(Duration::from_millis(100)),
        }
    }
}

fn until(words: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < end, "not within 60 s: {words}");
    }
}

fn owned_counts(members: &mut [Member]) -> Vec<usize> {
    let mut counts = Vec::new();
    for (consumer, records) in members {
        if let Some(message) = consumer.poll(Duration::from_millis(30)) {
            records.push(message.expect("read").detach());
            CONSUMED.fetch_add(1, Ordering::Relaxed);
        }
        counts.push(consumer.context().0.lock().unwrap().len());
    }
    counts.sort_unstable();
    counts
}

impl Suite {
    fn config(&self, more: &[(&str, &str)]) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.servers);
        for (key, value) in more {
            config.set(*key, *value);
        }
        config
    }

    fn producer(&self, more: &[(&str, &str)]) -> ThreadedProducer<Delivered> {
        let mut config = self.config(&[("partitioner", "murmur2_random"), ("enable.idempotence", "true")]);
        for (key, value) in more {
            config.set(*key, *value);
        }
        config.create_with_context(Delivered(Mutex::default())).expect("producer")
    }

    fn member(&self, group: &str, topic: &str, assignor: &str) -> Member {
        let consumer: BaseConsumer<Owned> = self
            .config(&[
                ("group.id", group),
                ("auto.offset.reset", "earliest"),
                ("enable.auto.commit", "false"),
                ("session.timeout.ms", "6000"),
                ("heartbeat.interval.ms", "500"),
                ("topic.metadata.refresh.interval.ms", "1000"),
                ("partition.assignment.strategy", assignor),
            ])
            .create_with_context(Owned(Mutex::default()))
            .expect("consumer");
        consumer.subscribe(&[topic]).expect("subscribe");
        (consumer, Vec::new())
    }

    fn create(&self, topic: &str, partitions: i32, setting: Option<(&str, &str)>) -> Option<RDKafkaErrorCode> {
        let mut new = NewTopic::new(topic, partitions, TopicReplication::Fixed(1));
        if let Some((key, value)) = setting {
            new = new.set(key, value);
        }
        let answer = wait(self.admin.create_topics([&new], &AdminOptions::new())).expect("create");
        answer[0].as_ref().err().map(|(_, code)| *code)
    }

    fn grow(&self, topic: &str, partitions: usize) -> Option<RDKafkaErrorCode> {
        let answer = wait(self.admin.create_partitions([&NewPartitions::new(topic, partitions)], &AdminOptions::new()));
        answer.expect("grow")[0].as_ref().err().map(|(_, code)| *code)
    }

    fn administration(&self) {
        let topic = name("admin");
        assert_eq!(self.create(&topic, 4, Some(("retention.ms", "123456"))), None);
        assert_eq!(self.create(&topic, 1, None), Some(RDKafkaErrorCode::TopicAlreadyExists));
        until("setting described", || {
            let answer = wait(self.admin.describe_configs([&ResourceSpecifier::Topic(&topic)], &AdminOptions::new()));
            let Ok(resource) = &answer.expect("describe")[0] else { return false };
            let value = |key: &str| resource.get(key).and_then(|e| e.value.clone());
            value("retention.ms").as_deref() == Some("123456") && value("cleanup.policy").as_deref() == Some("delete")
        });
        assert_eq!(self.grow(&topic, 2), Some(RDKafkaErrorCode::InvalidPartitions));
        assert_eq!(self.grow(&topic, 6), None);
        let partitions = || {
            let metadata = self.admin.inner().fetch_metadata(Some(&topic), Duration::from_secs(10)).expect("metadata");
            metadata.topics()[0].partitions().len()
        };
        until("topic grew", || partitions() == 6);
        assert!(wait(self.admin.delete_topics(&[&topic], &AdminOptions::new())).expect("delete")[0].is_ok());
    }

    fn codecs(&self) {
        let topic = name("codecs");
        assert_eq!(self.create(&topic, 1, None), None);
        let mut sent = Vec::new();
        for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
            let producer = self.producer(&[("compression.type", codec), ("linger.ms", "50")]);
            for i in 0..200 {
                let (key, value) = (format!("{codec}-{i}"), format!("{codec} {i} ").repeat(20));
                let time = 1_700_000_000_000 + sent.len() as i64;
                let headers = OwnedHeaders::new()
                    .insert(Header { key: "codec", value: Some(codec) })
                    .insert(Header::<&str> { key: "none", value: None });
                let record = BaseRecord::to(&topic).key(&key).payload(&value).timestamp(time).headers(headers);
                producer.send(record).map_err(|(error, _)| error).expect("send");
                sent.push((key, value, time));
            }
            producer.flush(Duration::from_secs(60)).expect("flush");
        }
        let reader: BaseConsumer = self.config(&[("group.id", &name("g"))]).create().expect("consumer");
        let mut place = TopicPartitionList::new();
        place.add_partition_offset(&topic, 0, Offset::Beginning).expect("offset");
        reader.assign(&place).expect("assign");
        for (offset, (key, value, time)) in sent.iter().enumerate() {
            let message = reader.poll(Duration::from_secs(30)).expect("record").expect("read");
            assert_eq!((message.offset(), message.key()), (offset as i64, Some(key.as_bytes())));
            assert_eq!((message.payload(), message.timestamp().to_millis()), (Some(value.as_bytes()), Some(*time)));
            let headers = message.headers().expect("headers");
            assert_eq!((headers.count(), headers.get(1).value), (2, None));
            CONSUMED.fetch_add(1, Ordering::Relaxed);
        }
        let mut times = TopicPartitionList::new();
        times.add_partition_offset(&topic, 0, Offset::Offset(1_700_000_000_700)).expect("offset");
        let found = reader.offsets_for_times(times, Duration::from_secs(10)).expect("offsets for times");
        assert_eq!(found.elements()[0].offset(), Offset::Offset(700));
        reader.seek(&topic, 0, Offset::Offset(345), Duration::from_secs(10)).expect("seek");
        let sought = reader.poll(Duration::from_secs(30)).expect("record").expect("read");
        assert_eq!(sought.offset(), 345);
        let marks = reader.fetch_watermarks(&topic, 0, Duration::from_secs(10)).expect("watermarks");
        assert_eq!(marks, (0, sent.len() as i64));
    }

    fn partitions_as_java(&self) {
        let topic = name("keys");
        assert_eq!(self.create(&topic, 12, None), None);
        let wanted: BTreeMap<&[u8], i32> = [
            (b"a".as_slice(), 4),
            (b"21", 0),
            (b"foobar", 6),
            (b"a-little-bit-long-string", 8),
            (b"a-little-bit-longer-string", 11),
        ]
        .into();
        let producer = self.producer(&[]);
        for key in wanted.keys() {
            producer.send(BaseRecord::to(&topic).key(*key).payload("x")).map_err(|(e, _)| e).expect("send");
        }
        producer.flush(Duration::from_secs(30)).expect("flush");
        let delivered = producer.context().0.lock().unwrap();
        let found: BTreeMap<&[u8], i32> = delivered.iter().map(|(key, partition)| (key.as_slice(), *partition)).collect();
        assert_eq!(found, wanted);
    }

    fn groups(&self) {
        let (topic, group) = (name("group"), name("g"));
        assert_eq!(self.create(&topic, 4, None), None);
        let mut members = vec![self.member(&group, &topic, "range"), self.member(&group, &topic, "range")];
        until("two members own two each", || owned_counts(&mut members) == [2, 2]);
        let producer = self.producer(&[]);
        for i in 0..400 {
            let key = format!("k{i}");
            producer.send(BaseRecord::to(&topic).key(&key).payload("v")).map_err(|(e, _)| e).expect("send");
        }
        producer.flush(Duration::from_secs(60)).expect("flush");
        until("the group read all", || {
            owned_counts(&mut members);
            members.iter().map(|(_, records)| records.len()).sum::<usize>() == 400
        });
        for (consumer, _) in &members {
            consumer.commit_consumer_state(CommitMode::Sync).expect("commit");
        }
        let mut other = [self.member(&name("g"), &topic, "cooperative-sticky")];
        until("a second group reads its own copy", || {
            owned_counts(&mut other);
            other[0].1.len() == 400
        });
        members.extend((0..3).map(|_| self.member(&group, &topic, "range")));
        until("one of five is idle", || owned_counts(&mut members) == [0, 1, 1, 1, 1]);
        members.truncate(1);
        until("the last one owns all", || owned_counts(&mut members) == [4]);
        assert_eq!(self.grow(&topic, 8), None);
        until("grown topic picked up", || owned_counts(&mut members) == [8]);
        let listed = members[0].0.fetch_group_list(Some(&group), Duration::from_secs(10)).expect("group list");
        assert_eq!(listed.groups()[0].state(), "Stable");
        let committed = members[0].0.committed(Duration::from_secs(10)).expect("committed");
        let sum: i64 = committed.elements().iter().filter_map(|e| e.offset().to_raw()).filter(|o| *o > 0).sum();
        assert_eq!(sum, 400, "committed offsets");
    }
}

fn main() {
    let servers = std::env::args().nth(1).expect("usage: suite HOST:PORT");
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &servers);
    let suite = Suite { admin: config.create().expect("admin"), servers };
    suite.administration();
    suite.codecs();
    suite.partitions_as_java();
    suite.groups();
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let (produced, consumed) = (count(&PRODUCED), count(&CONSUMED));
    assert!(produced > 0 && consumed > 0, "the suite produced and consumed nothing");
    println!("SUITE rdkafka produced={produced} consumed={consumed} rebalances={}", count(&REBALANCES));
}
