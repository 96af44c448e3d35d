use wire::messages as m;
use wire::messages::produce_response::ProduceResponse;

use crate::harness::*;

fn result(response: &ProduceResponse) -> (i16, i64) {
    let partition = &response.responses[0].partition_responses[0];
    (partition.error_code, partition.base_offset)
}

#[test]
fn offsets_count_the_records_of_a_partition() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 2, &[]);
    let mut client = broker.connect();
    assert_eq!(client.produce("t", 0, batch(&[b"a", b"b"])), 0);
    assert_eq!(client.produce("t", 0, batch(&[b"c"])), 2);
    assert_eq!(client.produce("t", 1, batch(&[b"d"])), 0);
    broker.stop();
}

#[test]
fn every_version_and_kind_of_acknowledgement_is_served() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    let mut client = broker.connect();
    let mut expected = 0;
    for version in 3..=13 {
        for acks in [1, -1] {
            let mut request = produce("t", 0, acks, batch(&[b"a"]));
            request.topic_data[0].topic_id = broker.topic_id("t");
            if version >= 13 {
                request.topic_data[0].name = String::new();
            } else {
                request.topic_data[0].topic_id = model::Uuid::ZERO;
            }
            assert_eq!(result(&client.call(version, &request)), (0, expected), "{version} {acks}");
            expected += 1;
        }
    }
    // No answer comes to this one, and the next is answered.
    client.send(9, &produce("t", 0, 0, batch(&[b"a"])));
    assert_eq!(client.produce("t", 0, batch(&[b"b"])), expected + 1);
    broker.stop();
}

#[test]
fn what_cannot_be_written_is_refused_with_kafkas_codes() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[("max.message.bytes", "1000")]);
    broker.create_topic("compacted", 1, &[("cleanup.policy", "compact")]);
    broker.create_topic("__consumer_offsets", 1, &[]);
    let mut client = broker.connect();
    let mut flipped = batch(&[b"a"]);
    *flipped.last_mut().unwrap() ^= 1;
    let cases = [
        (produce("none", 0, 1, batch(&[b"a"])), 3),
        (produce("t", 1, 1, batch(&[b"a"])), 3),
        (produce("t", -1, 1, batch(&[b"a"])), 3),
        (produce("t", 0, 2, batch(&[b"a"])), 21),
        (produce("t", 0, 1, batch(&[&[7; 2000]])), 10),
        (produce("t", 0, 1, flipped), 2),
        (produce("t", 0, 1, vec![]), 87),
        (produce("t", 0, 1, vec![0; 30]), 2),
        (produce("__consumer_offsets", 0, 1, batch(&[b"a"])), 17),
    ];
    for (request, code) in cases {
        assert_eq!(result(&client.call(9, &request)), (code, -1), "{code}");
    }
    let mut by_id = produce("", 0, 1, batch(&[b"a"]));
    by_id.topic_data[0].topic_id = model::Uuid::from_bytes([3; 16]);
    assert_eq!(result(&client.call(13, &by_id)), (100, -1));
    // acks=0 tells of trouble by closing.
    client.send(9, &produce("none", 0, 0, batch(&[b"a"])));
    assert!(client.is_closed());
    broker.stop();
}

#[test]
fn a_record_without_a_value_is_refused_by_its_place_where_the_topic_says_so() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[("ottla.null.value", "header"), ("cleanup.policy", "compact")]);
    let mut client = broker.connect();
    let mut verdict = |header: Option<&[u8]>| {
        let mut builder = record::BatchBuilder::new();
        builder.append(None, Some(b"kept"), Some(b"value"), &[]).unwrap();
        let headers: Vec<_> =
            header.map(|key| record::HeaderView { key, value: None }).into_iter().collect();
        builder.append(None, Some(b"gone"), None, &headers).unwrap();
        let compression = record::Compression::Zstd(record::ZstdLevel::DEFAULT);
        let stamp = record::BatchStamp { compression, ..record::BatchStamp::default() };
        let batch = builder.finish(&stamp, &mut record::Compressor::new()).unwrap().to_vec();
        let response = client.call(9, &produce("t", 0, -1, batch));
        response.responses[0].partition_responses[0].clone()
    };
    assert_eq!(verdict(Some(b"ottla.delete")).error_code, 0);
    for header in [None, Some(&b"other"[..])] {
        let refused = verdict(header);
        assert_eq!(refused.error_code, 87);
        assert_eq!(refused.record_errors[0].batch_index, 1);
        let said = refused.record_errors[0].batch_index_error_message.clone().unwrap();
        assert!(said.starts_with("record 1 has no value"), "{said}");
        assert!(said.contains("ottla.null.value"), "{said}");
        assert_eq!(refused.error_message, Some(said));
    }
    broker.stop();
}

/// A transactional id of clients before version 2 of transactions.
struct Paying {
    id: &'static str,
    topic: &'static str,
    producer: i64,
}

impl Paying {
    fn begin(client: &mut Client, id: &'static str, topic: &'static str) -> Self {
        let find = m::FindCoordinatorRequest {
            key_type: 1,
            coordinator_keys: vec![id.to_owned()],
            ..Default::default()
        };
        assert_eq!(client.call(4, &find).coordinators[0].error_code, 0);
        let init = m::InitProducerIdRequest {
            transactional_id: Some(id.to_owned()),
            transaction_timeout_ms: 60_000,
            ..Default::default()
        };
        let given = loop {
            let given = client.call(4, &init);
            // The coordinator's partition is made, led and loaded meanwhile.
            if ![14, 16].contains(&given.error_code) {
                break given;
            }
        };
        assert_eq!((given.error_code, given.producer_epoch), (0, 0));
        Self { id, topic, producer: given.producer_id }
    }

    fn join(&self, client: &mut Client) {
        assert_eq!(self.join_topics(client, &[self.topic]), [0]);
    }

    /// The first partitions of topics join: the code of each.
    fn join_topics(&self, client: &mut Client, topics: &[&str]) -> Vec<i16> {
        let add = m::AddPartitionsToTxnRequest {
            v3_and_below_transactional_id: self.id.to_owned(),
            v3_and_below_producer_id: self.producer,
            v3_and_below_producer_epoch: 0,
            v3_and_below_topics: topics.iter().map(first_of).collect(),
            ..Default::default()
        };
        let added = client.call(3, &add).results_by_topic_v3_and_below;
        added.iter().map(|topic| topic.results_by_partition[0].partition_error_code).collect()
    }

    fn end(&self, committed: bool) -> m::EndTxnRequest {
        m::EndTxnRequest {
            transactional_id: self.id.to_owned(),
            producer_id: self.producer,
            producer_epoch: 0,
            committed,
        }
    }

    /// One record, as that of another transactional id and producer if need be.
    fn batch_of(&self, id: Option<&str>, producer: i64, sequence: i32) -> m::ProduceRequest {
        let producer = Some(record::ProducerStamp {
            id: model::ProducerId::from_wire(producer).unwrap(),
            epoch: model::ProducerEpoch::from_wire(0).unwrap(),
            base_sequence: model::Sequence::from_wire(sequence),
        });
        let stamp = record::BatchStamp { producer, transactional: true, ..Default::default() };
        let mut request = produce(self.topic, 0, -1, batch_with(&[b"a"], &stamp));
        request.transactional_id = id.map(str::to_owned);
        request
    }

    fn batch(&self, sequence: i32) -> m::ProduceRequest {
        self.batch_of(Some(self.id), self.producer, sequence)
    }
}

fn first_of(topic: &&str) -> m::add_partitions_to_txn_request::AddPartitionsToTxnTopic {
    m::add_partitions_to_txn_request::AddPartitionsToTxnTopic {
        name: (*topic).to_owned(),
        partitions: vec![0],
    }
}

#[test]
fn a_batch_of_a_transaction_is_taken_only_while_the_coordinator_knows_of_it() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    let mut client = broker.connect();
    let paying = Paying::begin(&mut client, "pay", "t");
    let own = paying.producer;
    let mut try_one = |id, producer| result(&client.call(9, &paying.batch_of(id, producer, 0)));
    assert_eq!(try_one(None, own), (53, -1), "without its transactional id");
    assert_eq!(try_one(Some("pay"), own + 1), (49, -1), "of another producer");
    assert_eq!(try_one(Some("pay"), own), (48, -1), "the partition has not joined");
    paying.join(&mut client);
    assert_eq!(result(&client.call(9, &paying.batch(0))), (0, 0));
    let end = paying.end(true);
    assert_eq!(client.call(3, &end).error_code, 0);
    // The same end again, by a client that lost the answer and its connection.
    let mut other = broker.connect();
    let again = loop {
        let again = other.call(3, &end).error_code;
        // Partitions are being told.
        if again != 51 {
            break again;
        }
    };
    assert_eq!(again, 0);
    assert_eq!(result(&other.call(9, &paying.batch(1))), (48, -1), "it has ended");
    broker.stop();
}

#[test]
fn partitions_that_fit_in_no_record_of_the_transaction_are_refused_and_it_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("__transaction_state", 1, &[("max.message.bytes", "500")]);
    let (one, other) = ("o".repeat(200), "p".repeat(200));
    broker.create_topic("t", 1, &[]);
    broker.create_topic(&one, 1, &[]);
    broker.create_topic(&other, 1, &[]);
    let mut client = broker.connect();
    let paying = Paying::begin(&mut client, "pay", "t");
    assert_eq!(paying.join_topics(&mut client, &["t", &one]), [0, 0]);
    assert_eq!(paying.join_topics(&mut client, &["t", &other]), [-1, -1]);
    // The coordinator has loaded nothing anew, and knows what was in before.
    assert_eq!(paying.join_topics(&mut client, &["t", &one]), [0, 0]);
    assert_eq!(result(&client.call(9, &paying.batch(0))), (0, 0));
    assert_eq!(client.call(3, &paying.end(true)).error_code, 0);
    broker.stop();
}

#[test]
fn a_batch_refused_for_lack_of_memory_while_its_partition_joins_is_not_overtaken() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("t", 1, &[]);
    broker.create_topic("packed", 1, &[("compression.type", "zstd")]);
    let mut client = broker.connect();
    for topic in ["t", "packed"] {
        let paying = Paying::begin(&mut client, topic, topic);
        paying.join(&mut client);
        // What the loop reads into has room, and a batch that waits or is written anew needs memory of its own.
        let mut held = Vec::new();
        for size in [1 << 20, 64 << 10, 1 << 10, 64] {
            held.extend(std::iter::from_fn(|| broker.arena.copy_of(&vec![0; size]).ok()));
        }
        let mut send = |sequence| result(&client.call(9, &paying.batch(sequence)));
        assert_eq!(send(7), (7, -1), "{topic}: no memory");
        drop(held);
        assert_eq!(send(8), (45, -1), "{topic}: the one before comes again");
        assert_eq!(send(7), (0, 0), "{topic}");
        assert_eq!(send(8), (0, 1), "{topic}");
    }
    broker.stop();
}

#[test]
fn an_unknown_version_closes_the_connection_but_for_apiversions() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    let mut client = broker.connect();
    let mut bytes = frame(9, 7, &produce("t", 0, 1, vec![]));
    bytes[6..8].copy_from_slice(&2_i16.to_be_bytes());
    std::io::Write::write_all(&mut client.stream, &bytes).unwrap();
    assert!(client.is_closed());

    let mut client = broker.connect();
    let mut bytes = frame(3, 1, &wire::messages::ApiVersionsRequest::default());
    bytes[6..8].copy_from_slice(&99_i16.to_be_bytes());
    std::io::Write::write_all(&mut client.stream, &bytes).unwrap();
    let mut answer = [0; 20];
    std::io::Read::read_exact(&mut client.stream, &mut answer).unwrap();
    // Length 16, correlation 0x1, error 35, one API: key 18, versions 0 to 5.
    assert_eq!(answer[..4], 16_i32.to_be_bytes());
    assert_eq!(answer[8..10], 35_i16.to_be_bytes());
    assert_eq!(answer[14..16], 18_i16.to_be_bytes());
    broker.stop();
}

#[test]
fn the_topics_own_times_and_codec_replace_the_producers() {
    let data = tempfile::tempdir().unwrap();
    let broker = TestBroker::start(data.path(), &[]);
    broker.create_topic("timed", 1, &[("message.timestamp.type", "LogAppendTime")]);
    broker.create_topic("packed", 1, &[("compression.type", "zstd")]);
    let mut client = broker.connect();
    let response: ProduceResponse = client.call(9, &produce("timed", 0, -1, batch(&[b"a"])));
    assert!(response.responses[0].partition_responses[0].log_append_time_ms > 0);
    client.produce("packed", 0, batch(&[&[b'x'; 5000]]));
    let timed = crate::fetching::fetch_all(&mut client, "timed");
    let header = *record::BatchView::parse_checked(&timed).unwrap().header();
    assert_eq!(header.timestamp_type(), record::TimestampType::LogAppendTime);
    let packed = crate::fetching::fetch_all(&mut client, "packed");
    let header = *record::BatchView::parse_checked(&packed).unwrap().header();
    assert_eq!(header.attributes().codec(), Some(record::Codec::Zstd));
    assert!(packed.len() < 1000);
    broker.stop();
}
