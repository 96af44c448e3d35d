//! What is wrong with partitions and the directories that they lie in.

use std::collections::BTreeMap;

use client::{Client, LogDirectory, Metadata};

use super::Finding;
use crate::error::Result;

/// A partition is told of when it holds so many times the mean of its topic …
const SKEW_FACTOR: i64 = 3;
/// … and at least so many bytes: small topics are never even.
const SKEW_BYTES_MIN: i64 = 64 << 20;
/// A file system is told of when less than one part in so many is left.
const FREE_SHARE_MIN: i64 = 20;

pub(super) async fn check(client: &Client, directories: &[LogDirectory]) -> Result<Vec<Finding>> {
    let mut findings = partitions(&client.all_topics().await?);
    findings.extend(directories.iter().filter_map(directory));
    findings.extend(skew(directories));
    Ok(findings)
}

fn partitions(metadata: &Metadata) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (topic, facts) in &metadata.topics {
        for it in &facts.partitions {
            let command = format!("ottla topic describe {topic}");
            let subject = format!("{topic}-{}", it.index);
            if it.leader.is_none() {
                let evidence =
                    format!("no leader; replicas {:?}, in sync {:?}", it.replicas, it.in_sync);
                findings.push(Finding { what: "offline partition", subject, evidence, command });
            } else if it.in_sync.len() < it.replicas.len() {
                let (in_sync, count) = (it.in_sync.len(), it.replicas.len());
                let evidence = format!("{in_sync} of {count} replicas are in sync");
                let what = "under-replicated partition";
                findings.push(Finding { what, subject, evidence, command });
            }
        }
    }
    findings
}

fn directory(it: &LogDirectory) -> Option<Finding> {
    let subject = format!("{} of broker {}", it.path, it.broker);
    if let Some(error) = &it.error {
        return Some(Finding {
            what: "offline directory",
            subject,
            evidence: error.to_string(),
            command: "look at the disk and the broker's log, then start the broker again"
                .to_owned(),
        });
    }
    let (total, usable) = (it.total_bytes?, it.usable_bytes?);
    (usable < total / FREE_SHARE_MIN).then(|| Finding {
        what: "full disk",
        subject,
        evidence: format!("{} of {} MB are left", usable >> 20, total >> 20),
        command: "lower retention with `ottla topic alter`, or add disk".to_owned(),
    })
}

/// Partitions that hold far more than others of their topic.
fn skew(directories: &[LogDirectory]) -> Vec<Finding> {
    let mut topics: BTreeMap<&str, BTreeMap<i32, i64>> = BTreeMap::new();
    for (partition, bytes) in directories.iter().flat_map(|it| &it.partitions) {
        let sizes = topics.entry(partition.topic.as_str()).or_default();
        let size = sizes.entry(partition.partition.to_wire()).or_default();
        *size = (*size).max(*bytes);
    }
    let mut findings = Vec::new();
    // Kafka's own topics are as uneven as the groups and producers are.
    for (topic, sizes) in topics.into_iter().filter(|(topic, _)| !topic.starts_with("__")) {
        let count = i64::try_from(sizes.len()).unwrap_or(i64::MAX);
        let mean = sizes.values().sum::<i64>() / count.max(1);
        for (index, size) in sizes {
            if size >= SKEW_BYTES_MIN && size > mean.saturating_mul(SKEW_FACTOR) {
                findings.push(Finding {
                    what: "partition skew",
                    subject: format!("{topic}-{index}"),
                    evidence: format!(
                        "{} MB, where the mean of {count} partitions is {} MB",
                        size >> 20,
                        mean >> 20
                    ),
                    command: format!(
                        "see which keys come often: ottla consume {topic} --partition {index} --with key"
                    ),
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{PartitionIndex, TopicName, TopicPartition};

    fn holding(topic: &str, megabytes: &[i64]) -> LogDirectory {
        let topic = TopicName::new(topic).unwrap();
        let place = |index| TopicPartition {
            topic: topic.clone(),
            partition: PartitionIndex::from_wire(index).unwrap(),
        };
        let sizes = megabytes.iter().map(|size| size << 20);
        LogDirectory {
            broker: 1,
            path: "/data".to_owned(),
            error: None,
            total_bytes: Some(1_000 << 20),
            usable_bytes: Some(60 << 20),
            partitions: (0..).map(place).zip(sizes).collect(),
        }
    }

    #[test]
    fn a_partition_is_skewed_when_it_is_large_and_far_above_the_mean() {
        let found = |topic: &str, megabytes: &[i64]| -> Vec<String> {
            skew(&[holding(topic, megabytes)]).into_iter().map(|it| it.subject).collect()
        };
        assert_eq!(found("orders", &[1, 2, 100, 1, 1]), ["orders-2"]);
        assert!(found("orders", &[1, 2, 60, 1, 1]).is_empty(), "small");
        assert!(found("orders", &[100, 100, 100]).is_empty(), "even");
        assert!(found("orders", &[100]).is_empty(), "alone");
        assert!(found("__consumer_offsets", &[0, 0, 0, 0, 500]).is_empty());
        let twice = [holding("orders", &[1, 1, 1, 1, 100]), holding("orders", &[1, 1, 1, 1, 100])];
        assert_eq!(skew(&twice).len(), 1, "replicas are one partition");
    }

    #[test]
    fn a_directory_is_told_of_when_it_failed_or_is_nearly_full() {
        let mut it = holding("orders", &[1]);
        assert!(directory(&it).is_none());
        it.usable_bytes = Some(40 << 20);
        let full = directory(&it).unwrap();
        assert_eq!((full.what, full.evidence.as_str()), ("full disk", "40 of 1000 MB are left"));
        it.error = client::Refused::check(56, || "/data".to_owned(), None).err();
        assert_eq!(directory(&it).unwrap().what, "offline directory");
    }
}
