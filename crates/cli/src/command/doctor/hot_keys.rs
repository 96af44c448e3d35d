//! Keys that come far more often than others. Looked for in the newest records of the largest partitions, when somebody asks:
//! the brokers count nothing.

mod sketch;

use std::ops::ControlFlow;

use client::{
    Client, Consumer, ConsumerConfig, Isolation, LogDirectory, OffsetQuery, OutOfRange, Start,
};
use model::{Offset, TopicPartition};
use record::Decompressor;

use self::sketch::Sketch;
use super::Finding;
use crate::error::Result;
use crate::limits::{FETCH_SIZE_MAX, SAMPLE_PARTITIONS_MAX, SAMPLE_PATIENCE, SAMPLE_RECORDS_MAX};

/// Fewer records say nothing.
const SAMPLE_RECORDS_MIN: u64 = 1_000;
/// A key is hot when it has at least one record in so many.
const HOT_SHARE: u64 = 5;

pub(super) async fn check(client: &Client, directories: &[LogDirectory]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for partition in largest(directories) {
        let sketch = sample(client, &partition).await?;
        findings.extend(hot_key(&partition, &sketch));
    }
    Ok(findings)
}

/// The largest partitions of topics with several: where there is one only, its keys are not spread anyway.
fn largest(directories: &[LogDirectory]) -> Vec<TopicPartition> {
    let all = || directories.iter().flat_map(|it| &it.partitions);
    let is_spread = |one: &TopicPartition| {
        let other = |(it, _): &(TopicPartition, i64)| it.topic == one.topic && it != one;
        !one.topic.as_str().starts_with("__") && all().any(other)
    };
    let mut sized: Vec<(i64, &TopicPartition)> = all()
        .filter(|(it, size)| *size > 0 && is_spread(it))
        .map(|(it, size)| (*size, it))
        .collect();
    sized.sort_by(|left, right| right.cmp(left));
    sized.dedup_by(|left, right| left.1 == right.1);
    sized.into_iter().take(SAMPLE_PARTITIONS_MAX).map(|(_, it)| it.clone()).collect()
}

/// Counts the keys of the newest records.
async fn sample(client: &Client, partition: &TopicPartition) -> Result<Sketch> {
    let list = async |query| {
        // Of one without a leader nothing is sampled.
        let listed =
            client.list_led_offsets(&[(partition.clone(), query)], Isolation::Committed).await?;
        let offset = listed.get(partition).and_then(|listed| listed.offset);
        Result::Ok(offset.unwrap_or(Offset::ZERO))
    };
    let (first, end) = (list(OffsetQuery::Earliest).await?, list(OffsetQuery::Latest).await?);
    let mut sketch = Sketch::default();
    let from = Offset::from_wire(end.to_wire() - SAMPLE_RECORDS_MAX).unwrap_or(first).max(first);
    if from >= end {
        return Ok(sketch);
    }
    let config = ConsumerConfig {
        isolation: Isolation::Committed,
        fetch_size_max: FETCH_SIZE_MAX,
        out_of_range: OutOfRange::End,
        ..ConsumerConfig::default()
    };
    let mut consumer = Consumer::new(client.clone(), config);
    consumer.assign(&[(partition.clone(), Start::At(from))]).await?;
    let mut decompressor = Decompressor::new();
    // What was compacted away, or is slow to come, is not waited for: fewer records are a sample too.
    while let Ok(fetched) = tokio::time::timeout(SAMPLE_PATIENCE, consumer.next()).await {
        let next = fetched?.visit(&mut decompressor, |record| {
            sketch.count(record.key);
            if record.offset >= end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if next >= end {
            break;
        }
    }
    Ok(sketch)
}

fn hot_key(partition: &TopicPartition, sketch: &Sketch) -> Option<Finding> {
    let (key, at_least) = sketch.most_frequent()?;
    let total = sketch.total();
    if total < SAMPLE_RECORDS_MIN || at_least * HOT_SHARE < total {
        return None;
    }
    let shown: String = String::from_utf8_lossy(key).chars().take(SHOWN_KEY_LENGTH_MAX).collect();
    let (topic, index) = (&partition.topic, partition.partition);
    Some(Finding {
        what: "hot key",
        subject: partition.to_string(),
        evidence: format!(
            "{shown:?} is the key of at least {} % of the newest {total} records",
            at_least * 100 / total
        ),
        command: format!("ottla consume {topic} --partition {index} --with key"),
    })
}

/// Characters of a key that are printed.
const SHOWN_KEY_LENGTH_MAX: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;
    use model::{PartitionIndex, TopicName};

    fn place(topic: &str, index: i32) -> TopicPartition {
        let topic = TopicName::new(topic).unwrap();
        TopicPartition { topic, partition: PartitionIndex::from_wire(index).unwrap() }
    }

    #[test]
    fn the_largest_partitions_of_spread_topics_are_looked_into() {
        let sizes = [
            ("a", 0, 5),
            ("a", 1, 9),
            ("lone", 0, 99),
            ("__consumer_offsets", 0, 7),
            ("__consumer_offsets", 1, 7),
            ("b", 0, 0),
            ("b", 1, 3),
        ];
        let partitions = sizes.map(|(topic, index, size)| (place(topic, index), size)).to_vec();
        let directory = LogDirectory {
            broker: 1,
            path: String::new(),
            error: None,
            total_bytes: None,
            usable_bytes: None,
            partitions,
        };
        let found = largest(&[directory.clone(), directory]);
        assert_eq!(found, [place("a", 1), place("a", 0), place("b", 1)]);
    }

    #[test]
    fn a_key_with_a_fifth_of_many_records_is_hot() {
        let check = |hot: u64, others: u64| {
            let mut sketch = Sketch::default();
            (0..others).for_each(|number| sketch.count(Some(number.to_string().as_bytes())));
            (0..hot).for_each(|_| sketch.count(Some(b"hot")));
            hot_key(&place("a", 1), &sketch)
        };
        let found = check(1_000, 2_000).unwrap();
        assert!(found.evidence.starts_with("\"hot\" is the key of at least 3"), "{found:?}");
        assert!(found.evidence.ends_with("of the newest 3000 records"), "{found:?}");
        assert!(check(100, 2_000).is_none(), "not a fifth");
        assert!(check(500, 100).is_none(), "not many");
    }
}
