//! Records that are given up, and the dead-letter topics that they come to (KIP-1191).

use std::time::{Duration, Instant};

use bytes::Bytes;
use model::Timestamp;
use record::{BatchBuilder, BatchStamp, Codec, Compression, Compressor, HeaderView};
use testkit::Failed;
use testkit::compare::{Comparison, Side, masked};
use wire::messages::describe_configs_request::DescribeConfigsResource;
use wire::messages::{
    DescribeConfigsRequest, MetadataRequest, ShareFetchRequest, metadata_request,
};

use super::requests::{
    GROUP, acknowledge, alter, batch, describe_offsets, fetch, produce, set, settle, without_start,
};
use super::state;
use crate::topics::prepare;

const ACCEPT: i8 = 1;
const RELEASE: i8 = 2;
const REJECT: i8 = 3;
const TOPIC: i8 = 2;
const BROKER: i8 = 4;

/// How long dead letters may take, and how long is waited for such as must not come.
const PATIENCE: Duration = Duration::from_secs(20);
const NONE_PATIENCE: Duration = Duration::from_millis(1_500);

pub(super) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    rejected(c)?;
    given_up(c)?;
    copied(c)?;
    of_partitions(c)?;
    nowhere(c)?;
    too_large(c)?;
    made(c)
}

/// A group that reads `name` from its start and has this dead-letter topic.
fn begin(c: &mut Comparison, name: &str, dead: &str, more: &[(&str, &str)]) -> Result<(), Failed> {
    prepare(c, name, 1, &[])?;
    let own =
        [("share.auto.offset.reset", "earliest"), ("errors.deadletterqueue.topic.name", dead)];
    let own = [&own, more].concat();
    set(c, name, &own)?;
    settle(c, name, "a", &[name], 1)?;
    Ok(())
}

fn dead_letter_topic(c: &mut Comparison, name: &str, partitions: i32) -> Result<(), Failed> {
    prepare(c, name, partitions, &[("errors.deadletterqueue.group.enable", "true")])
}

/// A dead letter as text, without its time.
fn letters(side: &mut Side, topic: &str, partition: i32) -> Result<Vec<String>, Failed> {
    // One that is not there has none.
    if side.topic_id(topic).is_zero() {
        return Ok(Vec::new());
    }
    let text = |bytes: &Option<Bytes>| {
        bytes.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    let records = state::read_topic(side, topic, partition)?;
    let line = |it: &state::Plain| {
        let headers = it.headers.iter().map(|(key, value)| format!("{key}={:?}", text(value)));
        let headers: Vec<String> = headers.collect();
        format!(
            "{} key {:?} value {:?} {}",
            it.offset,
            text(&it.key),
            text(&it.value),
            headers.join(" ")
        )
    };
    Ok(records.iter().map(line).collect())
}

/// Waits for as many dead letters on each side, and compares them.
fn written(c: &mut Comparison, topic: &str, partition: i32, count: usize) -> Result<(), Failed> {
    let wanted = letters_of(&mut c.kafka, topic, partition, count)?;
    let found = letters_of(&mut c.ottla, topic, partition, count)?;
    c.note(&format!("dead letters in {topic}-{partition}"), &wanted, &found);
    c.note(&format!("count of dead letters in {topic}-{partition}"), &count, &wanted.len());
    Ok(())
}

fn letters_of(
    side: &mut Side,
    topic: &str,
    partition: i32,
    count: usize,
) -> Result<Vec<String>, Failed> {
    let began = Instant::now();
    let patience = if count == 0 { NONE_PATIENCE } else { PATIENCE };
    loop {
        let found = letters(side, topic, partition)?;
        let is_enough = count > 0 && found.len() >= count;
        if is_enough || began.elapsed() > patience {
            return Ok(found);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The group stands at the same place, and the same is written down of it.
fn stands(c: &mut Comparison, group: &str) -> Result<(), Failed> {
    // A record is given up when its dead letter is written, and that is written down a little later.
    let asked = |side: &mut Side| {
        let mut answer = side.call(&describe_offsets(group, None), 1)?;
        answer.iter_mut().for_each(without_start);
        Ok::<_, Failed>(masked(&format!("{answer:#?}")))
    };
    let began = Instant::now();
    while began.elapsed() < PATIENCE && asked(&mut c.kafka)? != asked(&mut c.ottla)? {
        std::thread::sleep(Duration::from_millis(50));
    }
    c.case_tidied("where it stands", 1, |_| describe_offsets(group, None), without_start)?;
    state::compare_group(c, group)
}

fn rejected(c: &mut Comparison) -> Result<(), Failed> {
    let (g, dead) = ("gives-up", "dlq.gives-up");
    dead_letter_topic(c, dead, 2)?;
    begin(c, g, dead, &[])?;
    c.case("six records", 7, |_| produce(g, 0, batch(0, 6)))?;
    c.case("takes them", 2, |s| fetch(g, "a", 0, s.topic_id(g), &[]))?;
    c.case("rejects three", 2, |s| {
        let said = [
            (0, 0, vec![ACCEPT]),
            (1, 2, vec![REJECT]),
            (3, 3, vec![RELEASE]),
            (5, 5, vec![REJECT]),
        ];
        acknowledge(g, "a", 1, s.topic_id(g), &said)
    })?;
    written(c, dead, 0, 3)?;
    written(c, dead, 1, 0)?;
    stands(c, g)?;
    c.case("takes the released one", 2, |s| fetch(g, "a", 2, s.topic_id(g), &[]))?;
    c.case("rejects it and another", 2, |s| {
        acknowledge(g, "a", 3, s.topic_id(g), &[(3, 4, vec![REJECT])])
    })?;
    written(c, dead, 0, 5)?;
    stands(c, g)
}

/// Delivered too often: released, or locked for too long.
fn given_up(c: &mut Comparison) -> Result<(), Failed> {
    let (g, dead) = ("too-often", "dlq.too-often");
    dead_letter_topic(c, dead, 1)?;
    let more = [("share.delivery.count.limit", "2"), ("share.record.lock.duration.ms", "1000")];
    begin(c, g, dead, &more)?;
    c.case("three records", 7, |_| produce(g, 0, batch(0, 3)))?;
    c.case("takes them", 2, |s| fetch(g, "a", 0, s.topic_id(g), &[]))?;
    c.case("releases them", 2, |s| {
        acknowledge(g, "a", 1, s.topic_id(g), &[(0, 2, vec![RELEASE])])
    })?;
    c.case("takes them again", 2, |s| fetch(g, "a", 2, s.topic_id(g), &[]))?;
    c.case("releases one", 2, |s| acknowledge(g, "a", 3, s.topic_id(g), &[(0, 0, vec![RELEASE])]))?;
    written(c, dead, 0, 3)?;
    stands(c, g)
}

/// The record itself comes along.
fn copied(c: &mut Comparison) -> Result<(), Failed> {
    let (g, dead) = ("copies", "dlq.copies");
    dead_letter_topic(c, dead, 1)?;
    begin(c, g, dead, &[("errors.deadletterqueue.copy.record.enable", "true")])?;
    for codec in [Codec::None, Codec::Zstd, Codec::Gzip] {
        c.case("records with headers", 7, |_| produce(g, 0, with_headers(codec)))?;
    }
    c.case("takes them", 2, |s| fetch(g, "a", 0, s.topic_id(g), &[]))?;
    c.case("rejects them", 2, |s| acknowledge(g, "a", 1, s.topic_id(g), &[(0, 8, vec![REJECT])]))?;
    written(c, dead, 0, 9)?;
    stands(c, g)
}

/// Three records: with all there is, without a key, without a value.
fn with_headers(codec: Codec) -> Bytes {
    let mut builder = BatchBuilder::new();
    let time = Timestamp::from_millis(1_790_000_000_000);
    let headers = [
        HeaderView { key: b"trace", value: Some(b"1") },
        HeaderView { key: b"empty", value: None },
        HeaderView { key: b"__dlq.errors.topic", value: Some(b"its own") },
    ];
    builder.append(time, Some(b"key"), Some(b"value"), &headers).expect("room");
    builder.append(time, None, Some(b"only a value"), &[]).expect("room");
    builder.append(time, Some(b"only a key"), None, &headers[..1]).expect("room");
    let compression = Compression::with_default_level(codec);
    let stamp = BatchStamp { compression, ..Default::default() };
    let batch = builder.finish(&stamp, &mut Compressor::new());
    Bytes::copy_from_slice(batch.expect("a batch"))
}

/// Each partition has its place in the dead-letter topic.
fn of_partitions(c: &mut Comparison) -> Result<(), Failed> {
    let (g, dead) = ("spread", "dlq.spread");
    dead_letter_topic(c, dead, 2)?;
    prepare(c, g, 3, &[])?;
    let own =
        [("share.auto.offset.reset", "earliest"), ("errors.deadletterqueue.topic.name", dead)];
    set(c, g, &own)?;
    settle(c, g, "a", &[g], 3)?;
    let mut epoch = 0;
    for index in [0, 1, 2] {
        c.case("a record", 7, |_| produce(g, index, batch(0, 1)))?;
        let of = |mut request: ShareFetchRequest| {
            request.topics[0].partitions[0].partition_index = index;
            request
        };
        c.case("takes it", 2, |s| of(fetch(g, "a", epoch, s.topic_id(g), &[])))?;
        c.case("rejects it", 2, |s| {
            let mut request =
                acknowledge(g, "a", epoch + 1, s.topic_id(g), &[(0, 0, vec![REJECT])]);
            request.topics[0].partitions[0].partition_index = index;
            request
        })?;
        // Which one is written first is not said.
        written(c, dead, index % 2, if index == 2 { 2 } else { 1 })?;
        epoch += 2;
    }
    Ok(())
}

/// No topic that may take dead letters: the records are given up all the same.
fn nowhere(c: &mut Comparison) -> Result<(), Failed> {
    prepare(c, "dlq.closed", 1, &[])?;
    prepare(c, "other.name", 1, &[("errors.deadletterqueue.group.enable", "true")])?;
    let cases = [
        ("nowhere-missing", "dlq.not-there"),
        ("nowhere-closed", "dlq.closed"),
        ("nowhere-named", "other.name"),
    ];
    for (g, dead) in cases {
        begin(c, g, dead, &[])?;
        c.case("two records", 7, |_| produce(g, 0, batch(0, 2)))?;
        c.case("takes them", 2, |s| fetch(g, "a", 0, s.topic_id(g), &[]))?;
        c.case("rejects one", 2, |s| {
            acknowledge(g, "a", 1, s.topic_id(g), &[(0, 0, vec![REJECT])])
        })?;
        written(c, dead, 0, 0)?;
        stands(c, g)?;
    }
    // While it runs: a topic that opens, a group that has none any more.
    let (g, dead) = cases[1];
    c.case("the topic opens", 1, |_| {
        alter(TOPIC, dead, &[("errors.deadletterqueue.group.enable", "true")])
    })?;
    c.case("two more", 7, |_| produce(g, 0, batch(2, 2)))?;
    std::thread::sleep(Duration::from_millis(200));
    c.case("takes them", 2, |s| fetch(g, "a", 2, s.topic_id(g), &[]))?;
    c.case("rejects one", 2, |s| acknowledge(g, "a", 3, s.topic_id(g), &[(1, 1, vec![REJECT])]))?;
    written(c, dead, 0, 1)?;
    c.case("without any", 1, |_| alter(GROUP, g, &[("errors.deadletterqueue.topic.name", "")]))?;
    std::thread::sleep(Duration::from_millis(200));
    c.case("rejects another", 2, |s| {
        acknowledge(g, "a", 4, s.topic_id(g), &[(2, 2, vec![REJECT])])
    })?;
    stands(c, g)
}

/// The record does not fit into the dead-letter topic.
fn too_large(c: &mut Comparison) -> Result<(), Failed> {
    let (g, dead) = ("large", "dlq.large");
    let configs = [("errors.deadletterqueue.group.enable", "true"), ("max.message.bytes", "600")];
    prepare(c, dead, 1, &configs)?;
    begin(c, g, dead, &[("errors.deadletterqueue.copy.record.enable", "true")])?;
    let mut builder = BatchBuilder::new();
    let time = Timestamp::from_millis(1_790_000_000_000);
    for size in [10, 200, 3_000, 20, 200, 200] {
        builder.append(time, Some(b"k"), Some(&vec![b'x'; size]), &[]).expect("room");
    }
    let records = builder.finish(&BatchStamp::default(), &mut Compressor::new());
    let records = Bytes::copy_from_slice(records.expect("a batch"));
    c.case("six records", 7, |_| produce(g, 0, records.clone()))?;
    c.case("takes them", 2, |s| fetch(g, "a", 0, s.topic_id(g), &[]))?;
    c.case("rejects them", 2, |s| acknowledge(g, "a", 1, s.topic_id(g), &[(0, 5, vec![REJECT])]))?;
    written(c, dead, 0, 6)?;
    stands(c, g)
}

/// A topic that is not there is made where the cluster lets it.
fn made(c: &mut Comparison) -> Result<(), Failed> {
    let (g, dead) = ("makes", "dlq.makes");
    let enable = [("errors.deadletterqueue.auto.create.topics.enable", "true")];
    c.case("topics are made", 1, |_| alter(BROKER, "", &enable))?;
    begin(c, g, dead, &[])?;
    c.case("two records", 7, |_| produce(g, 0, batch(0, 2)))?;
    c.case("takes them", 2, |s| fetch(g, "a", 0, s.topic_id(g), &[]))?;
    c.case("rejects them", 2, |s| acknowledge(g, "a", 1, s.topic_id(g), &[(0, 1, vec![REJECT])]))?;
    written(c, dead, 0, 2)?;
    c.case("what was made", 12, |_| MetadataRequest {
        topics: Some(vec![metadata_request::MetadataRequestTopic {
            name: Some(dead.into()),
            ..Default::default()
        }]),
        ..Default::default()
    })?;
    let ask = |_: &mut Side| DescribeConfigsRequest {
        resources: vec![DescribeConfigsResource {
            resource_type: TOPIC,
            resource_name: dead.into(),
            configuration_keys: Some(vec![
                "errors.deadletterqueue.group.enable".into(),
                "message.timestamp.type".into(),
                "cleanup.policy".into(),
            ]),
        }],
        include_synonyms: false,
        include_documentation: false,
    };
    c.case_tidied("its settings", 4, ask, |response| {
        response.results.iter_mut().for_each(|it| it.configs.sort_by(|a, b| a.name.cmp(&b.name)));
    })?;
    stands(c, g)
}
