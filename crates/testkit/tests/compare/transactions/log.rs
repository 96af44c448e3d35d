//! What both coordinators wrote to `__transaction_state`, id by id.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use record::limits::DECOMPRESSED_SIZE_MAX;
use record::{Batches, Decompressor};
use testkit::Failed;
use testkit::compare::{Comparison, Side};
use wire::AnyRecord;
use wire::frame::{decode_coordinator_key, decode_coordinator_value};
use wire::messages::FetchRequest;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};
use wire::records::transaction::{TransactionKey, TransactionLogValue, TransactionValue};

const TOPIC: &str = "__transaction_state";
const PARTITIONS: i32 = 50;

/// As many records of an id end its history: those before them are alike, and many.
const LAST_COUNT: usize = 60;

type Histories = BTreeMap<String, History>;

/// What was written of an id, in words.
#[derive(Default)]
struct History {
    entries: Vec<String>,
    producers: Vec<i64>,
}

pub(super) fn compare(c: &mut Comparison) -> Result<(), Failed> {
    compare_from(c, usize::MAX, &[])
}

/// As [`compare`], of the last records of each id but these.
pub(super) fn compare_lasts(c: &mut Comparison, but: &[&str]) -> Result<(), Failed> {
    compare_from(c, LAST_COUNT, but)
}

fn compare_from(c: &mut Comparison, last_count: usize, but: &[&str]) -> Result<(), Failed> {
    let kafka = read(&mut c.kafka)?;
    let ottla = read(&mut c.ottla)?;
    let count = |histories: &Histories| {
        histories.values().map(|history| history.entries.len()).sum::<usize>()
    };
    println!(
        "compared {} records of {} transactional ids in {TOPIC} with {} of {}",
        count(&kafka),
        kafka.len(),
        count(&ottla),
        ottla.len()
    );
    let ids: BTreeSet<&String> = kafka.keys().chain(ottla.keys()).collect();
    for id in ids.into_iter().filter(|id| !but.contains(&id.as_str())) {
        let entries = |of: &Histories| {
            let entries = &of.get(id)?.entries;
            let lasts = entries.get(entries.len().saturating_sub(last_count)..)?;
            Some(lasts.join("\n    "))
        };
        let (wanted, found) = (entries(&kafka), entries(&ottla));
        c.note_text(
            &format!("records of {id}"),
            &wanted.unwrap_or_default(),
            &found.unwrap_or_default(),
        );
    }
    Ok(())
}

fn read(side: &mut Side) -> Result<Histories, Failed> {
    let mut histories = Histories::new();
    let topic_id = side.topic_id(TOPIC);
    for partition in 0..PARTITIONS {
        let mut offset = 0;
        loop {
            let request = FetchRequest {
                max_wait_ms: 0,
                max_bytes: 8 << 20,
                session_epoch: -1,
                topics: vec![FetchTopic {
                    topic_id,
                    partitions: vec![FetchPartition {
                        partition,
                        fetch_offset: offset,
                        partition_max_bytes: 8 << 20,
                        ..Default::default()
                    }],
                    ..Default::default()
                }],
                ..Default::default()
            };
            let answer = side.call(&request, 13)?;
            let parts = answer.map(|answer| answer.responses).unwrap_or_default();
            let part = parts.into_iter().flat_map(|topic| topic.partitions).next();
            let part = part.ok_or_else(|| Failed(format!("{TOPIC}-{partition}: no answer")))?;
            if part.error_code != 0 {
                return Err(Failed(format!("{TOPIC}-{partition}: error {}", part.error_code)));
            }
            let records = part.records.unwrap_or_default();
            let before = offset;
            offset = collect(partition, &records, offset, &mut histories)?;
            if offset == before {
                break;
            }
        }
    }
    Ok(histories)
}

/// Gives the offset to read on from.
fn collect(
    partition: i32,
    bytes: &[u8],
    from: i64,
    histories: &mut Histories,
) -> Result<i64, Failed> {
    let failed = |error: &dyn std::fmt::Display| Failed(format!("{TOPIC}-{partition}: {error}"));
    let mut next = from;
    for batch in Batches::checked(bytes) {
        let Ok(batch) = batch else { break };
        let mut decompressor = Decompressor::new();
        let records = batch.records(&mut decompressor, DECOMPRESSED_SIZE_MAX);
        for record in records.map_err(|error| failed(&error))? {
            let record = record.map_err(|error| failed(&error))?;
            let key = Bytes::copy_from_slice(record.key.unwrap_or_default());
            let key: TransactionKey = decode_coordinator_key(&key).map_err(|e| failed(&e))?;
            let number = key.key();
            let TransactionKey::TransactionLog(key) = key;
            let history = histories.entry(key.transactional_id).or_default();
            let value = record.value.map(Bytes::copy_from_slice);
            let words = match value {
                None => "removed".to_owned(),
                Some(bytes) => {
                    let value = decode_coordinator_value::<TransactionValue>(number, &bytes);
                    let (TransactionValue::TransactionLog(mut value), version) =
                        value.map_err(|error| failed(&error))?;
                    in_order(&mut value);
                    history.words(&value, version)
                }
            };
            history.entries.push(format!("partition {partition}: {words}"));
        }
        next = batch.header().next_offset().to_wire();
    }
    Ok(next)
}

/// Apache Kafka's order of topics and partitions is that of its hash tables.
fn in_order(value: &mut TransactionLogValue) {
    if let Some(topics) = &mut value.transaction_partitions {
        topics.sort_by_key(|topic| topic.topic.clone());
        topics.iter_mut().for_each(|topic| topic.partition_ids.sort_unstable());
    }
}

impl History {
    /// Producer ids by the order of their coming, times as whether there is one.
    fn words(&mut self, value: &TransactionLogValue, version: i16) -> String {
        let mut name = |id: i64| {
            if id < 0 {
                return "none".to_owned();
            }
            let known = self.producers.iter().position(|known| *known == id);
            let place = known.unwrap_or_else(|| {
                self.producers.push(id);
                self.producers.len() - 1
            });
            format!("P{place}")
        };
        let (own, previous, next) = (
            name(value.producer_id),
            name(value.previous_producer_id),
            name(value.next_producer_id),
        );
        format!(
            "v{version} {own} before {previous} next {next} epoch {} next epoch {} timeout {} status {} \
             partitions {:?} updated {} started {} client {}",
            value.producer_epoch,
            value.next_producer_epoch,
            value.transaction_timeout_ms,
            value.transaction_status,
            value.transaction_partitions,
            value.transaction_last_update_timestamp_ms.signum(),
            value.transaction_start_timestamp_ms.signum(),
            value.client_transaction_version,
        )
    }
}
