//! Names of files and directories, as Kafka gives them.

use std::path::{Path, PathBuf};

use model::{Offset, PartitionIndex, TopicName, TopicPartition};

pub(crate) const LOG: &str = "log";
pub(crate) const INDEX: &str = "index";
pub(crate) const TIME_INDEX: &str = "timeindex";
pub(crate) const TRANSACTION_INDEX: &str = "txnindex";
pub(crate) const SNAPSHOT: &str = "snapshot";

pub(crate) const LEADER_EPOCHS: &str = "leader-epoch-checkpoint";
pub(crate) const PARTITION_METADATA: &str = "partition.metadata";
pub(crate) const RECOVERY_POINTS: &str = "recovery-point-offset-checkpoint";
pub(crate) const HIGH_WATERMARKS: &str = "replication-offset-checkpoint";
pub(crate) const LOG_STARTS: &str = "log-start-offset-checkpoint";
pub(crate) const META_PROPERTIES: &str = "meta.properties";
pub(crate) const CLEAN_SHUTDOWN: &str = ".kafka_cleanshutdown";
pub(crate) const LOCK: &str = ".lock";

/// While the write-ahead log holds what segments do not, this directory makes Apache Kafka refuse the place by name.
pub(crate) const GUARD: &str = "ottla.wal-not-drained";
/// In the guard: what this life mixes into the checksums of its frames.
pub(crate) const SALT: &str = "salt";
/// In the guard: which partitions there were when this life began.
pub(crate) const PRESENT: &str = "partitions";
pub(crate) const OWN_CHECKPOINT: &str = "ottla.checkpoint";
/// Left by a clean stop, too.
pub(crate) const PRODUCERS: &str = "ottla.producers";
const WAL_PREFIX: &str = "ottla.wal.";
/// How far each compacted log is clean.
pub(crate) const CLEANED_OFFSETS: &str = "cleaner-offset-checkpoint";

/// Ends the name of a file that the cleaner has not finished, or that is not to count yet: a start removes it.
pub(crate) const CLEANED: &str = ".cleaned";
/// Ends the name of a file of a cleaned segment that counts, though it does not have its name: a start gives it.
pub(crate) const SWAP: &str = ".swap";

pub(crate) const METADATA_TOPIC: &str = "__cluster_metadata";

pub(crate) fn wal_file(number: u64) -> String {
    format!("{WAL_PREFIX}{number:020}")
}

pub(crate) fn parse_wal_file(name: &str) -> Option<u64> {
    let digits = name.strip_prefix(WAL_PREFIX)?;
    if digits.len() == 20 { digits.parse().ok() } else { None }
}

/// `00000000000000000042.log`
pub(crate) fn segment_file(dir: &Path, base: Offset, extension: &str) -> PathBuf {
    dir.join(format!("{:020}.{extension}", base.to_wire()))
}

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Base offset and extension of a file of a partition's directory.
pub(crate) fn parse_segment_file(name: &str) -> Option<(Offset, &str)> {
    let (digits, extension) = name.split_once('.')?;
    if digits.len() != 20 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((Offset::from_wire(digits.parse().ok()?)?, extension))
}

/// `topic-7`. The index follows the last dash, since a topic's name may have dashes.
pub(crate) fn parse_partition_dir(name: &str) -> Option<TopicPartition> {
    let (topic, index) = name.rsplit_once('-')?;
    let canonical = index == "0" || !index.starts_with(['0', '+']);
    let partition = PartitionIndex::from_wire(index.parse().ok()?)?;
    canonical.then_some(TopicPartition { topic: TopicName::new(topic).ok()?, partition })
}

/// A partition that is being deleted: `topic-7.<32 hex digits>-delete`.
pub(crate) fn is_deleted_dir(name: &str) -> bool {
    is_set_aside(name, "-delete")
}

/// A partition that the metadata do not know: `topic-7.<32 hex digits>-stray`. Kept until somebody takes it away.
pub(crate) fn is_stray_dir(name: &str) -> bool {
    is_set_aside(name, "-stray")
}

fn is_set_aside(name: &str, suffix: &str) -> bool {
    let Some(rest) = name.strip_suffix(suffix) else { return false };
    let Some((partition, id)) = rest.rsplit_once('.') else { return false };
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && partition.contains('-')
}

/// The name under which a partition waits for its removal. `id` tells apart two deletions under one name.
pub(crate) fn deleted_dir(partition: &TopicPartition, id: u128) -> String {
    set_aside(partition, &format!(".{id:032x}-delete"))
}

/// The name of a partition that the metadata do not know.
pub(crate) fn stray_dir(partition: &TopicPartition, id: u128) -> String {
    set_aside(partition, &format!(".{id:032x}-stray"))
}

fn set_aside(partition: &TopicPartition, suffix: &str) -> String {
    let mut name = partition.to_string();
    // A file name has at most 255 bytes; topic names are ASCII.
    name.truncate(255 - suffix.len());
    name + suffix
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segment_names_have_twenty_digits() {
        let base = Offset::from_wire(42).unwrap();
        let path = segment_file(Path::new("/d"), base, LOG);
        assert_eq!(path, Path::new("/d/00000000000000000042.log"));
        assert_eq!(parse_segment_file("00000000000000000042.log"), Some((base, "log")));
        assert_eq!(parse_segment_file("42.log"), None);
        assert_eq!(parse_segment_file("+0000000000000000042.log"), None);
    }

    #[test]
    fn the_partition_follows_the_last_dash() {
        let parsed = parse_partition_dir("my-topic-12").unwrap();
        assert_eq!((parsed.topic.as_str(), parsed.partition.to_wire()), ("my-topic", 12));
        assert_eq!(parse_partition_dir("topic"), None);
        assert_eq!(parse_partition_dir(GUARD), None);
        assert_eq!(parse_partition_dir("t-007"), None);
    }

    #[test]
    fn a_deleted_name_fits_a_file_name() {
        let topic = TopicName::new(&"t".repeat(249)).unwrap();
        let name = deleted_dir(&TopicPartition { topic, partition: PartitionIndex::ZERO }, 7);
        assert_eq!(name.len(), 255);
        assert!(is_deleted_dir(&deleted_dir(&parse_partition_dir("a-1").unwrap(), 7)));
        assert!(!is_deleted_dir("a-1-delete"));
        assert!(!is_deleted_dir("a-1"));
        assert!(is_stray_dir(&stray_dir(&parse_partition_dir("a-1").unwrap(), 7)));
        assert!(!is_stray_dir(&deleted_dir(&parse_partition_dir("a-1").unwrap(), 7)));
    }

    #[test]
    fn wal_names_are_read_back() {
        assert_eq!(parse_wal_file(&wal_file(7)), Some(7));
        assert_eq!(parse_wal_file(GUARD), None);
    }
}
