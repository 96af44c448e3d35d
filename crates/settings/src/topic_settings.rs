//! The settings of one topic, resolved and typed.

use crate::InvalidValue;
use crate::values::Values;

/// What a topic's settings are, its own over its broker's. Times are in milliseconds, sizes in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicSettings {
    pub cleanup: CleanupPolicy,
    pub compression: Compression,
    pub durability: Durability,
    pub validation: Validation,
    pub null_values: NullValues,
    /// Share groups may put dead letters here (KIP-1191).
    pub takes_dead_letters: bool,

    /// Largest batch, as it was sent.
    pub max_message_bytes: u32,
    /// Largest size of one record when decompressed.
    pub max_decompressed_message_bytes: u32,
    pub min_insync_replicas: u32,
    pub unclean_leader_election: bool,

    pub timestamp_type: TimestampType,
    pub timestamp_before_max_ms: u64,
    pub timestamp_after_max_ms: u64,

    pub segment_bytes: u32,
    pub segment_ms: u64,
    pub segment_jitter_ms: u64,
    pub segment_index_bytes: u32,
    pub index_interval_bytes: u32,
    pub preallocate: bool,

    /// `None`: no limit.
    pub retention_bytes: Option<u64>,
    /// `None`: for ever.
    pub retention_ms: Option<u64>,
    pub file_delete_delay_ms: u64,

    /// Records after which a partition is synced; `i64::MAX` in effect never.
    pub flush_messages: u64,
    pub flush_ms: u64,

    pub delete_retention_ms: u64,
    pub min_cleanable_dirty_ratio: f64,
    pub min_compaction_lag_ms: u64,
    pub max_compaction_lag_ms: u64,
}

/// What becomes of records without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NullValues {
    Allow,
    Reject,
    /// Taken with a header that says that the deletion is meant.
    Header,
}

/// What happens to old records. Neither: they stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CleanupPolicy {
    pub delete: bool,
    pub compact: bool,
}

/// The codec that stored batches get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Batches stay as they came.
    Producer,
    Uncompressed,
    /// `None`: the codec's own choice of level.
    Gzip {
        level: Option<u8>,
    },
    Snappy,
    Lz4 {
        level: u8,
    },
    Zstd {
        level: i32,
    },
}

/// Whose time a record carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimestampType {
    CreateTime,
    LogAppendTime,
}

/// What must be true of a batch before its producer is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Durability {
    /// It is on disk.
    Fsync,
    /// The system has it and writes it in its own time: what Kafka does.
    Os,
}

/// How far arriving batches are looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Validation {
    /// Header, checksum, and the records where the log needs them.
    Normal,
    /// The records of compressed batches too.
    Strict,
}

impl TopicSettings {
    pub(crate) fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        let internal_segment_bytes = values.optional_whole("internal.segment.bytes");
        let segment_bytes = match internal_segment_bytes.and_then(|bytes| u32::try_from(bytes).ok())
        {
            Some(bytes) => bytes,
            None => values.number("segment.bytes")?,
        };
        let settings = Self {
            cleanup: CleanupPolicy::from_items(values.list("cleanup.policy")),
            compression: Compression::from_values(values)?,
            durability: durability(values)?,
            validation: if values.text("ottla.validate")? == "strict" {
                Validation::Strict
            } else {
                Validation::Normal
            },
            null_values: match values.text("ottla.null.value")? {
                "reject" => NullValues::Reject,
                "header" => NullValues::Header,
                _ => NullValues::Allow,
            },
            takes_dead_letters: values.flag("errors.deadletterqueue.group.enable")?,
            max_message_bytes: values.number("max.message.bytes")?,
            max_decompressed_message_bytes: values.number("max.decompressed.message.bytes")?,
            min_insync_replicas: values.number("min.insync.replicas")?,
            unclean_leader_election: values.flag("unclean.leader.election.enable")?,
            timestamp_type: if values.text("message.timestamp.type")? == "LogAppendTime" {
                TimestampType::LogAppendTime
            } else {
                TimestampType::CreateTime
            },
            timestamp_before_max_ms: values.number("message.timestamp.before.max.ms")?,
            timestamp_after_max_ms: values.number("message.timestamp.after.max.ms")?,
            segment_bytes,
            segment_ms: values.number("segment.ms")?,
            segment_jitter_ms: values.number("segment.jitter.ms")?,
            segment_index_bytes: values.number("segment.index.bytes")?,
            index_interval_bytes: values.number("index.interval.bytes")?,
            preallocate: values.flag("preallocate")?,
            retention_bytes: values.limit("retention.bytes")?,
            retention_ms: values.limit("retention.ms")?,
            file_delete_delay_ms: values.number("file.delete.delay.ms")?,
            flush_messages: values.number("flush.messages")?,
            flush_ms: values.number("flush.ms")?,
            delete_retention_ms: values.number("delete.retention.ms")?,
            min_cleanable_dirty_ratio: values.real("min.cleanable.dirty.ratio")?,
            min_compaction_lag_ms: values.number("min.compaction.lag.ms")?,
            max_compaction_lag_ms: values.number("max.compaction.lag.ms")?,
        };
        if settings.min_compaction_lag_ms > settings.max_compaction_lag_ms {
            return Err(InvalidValue::because(
                "min.compaction.lag.ms",
                settings.min_compaction_lag_ms,
                format!(
                    "at most max.compaction.lag.ms, which is {}",
                    settings.max_compaction_lag_ms
                ),
            ));
        }
        Ok(settings)
    }
}

/// `flush.messages=1` asks for each batch on disk before it is answered, whatever the durability says.
fn durability(values: &Values) -> Result<Durability, InvalidValue> {
    let each_batch = values.whole("flush.messages")? == 1;
    let fsync = each_batch || values.text("ottla.durability")? == "fsync";
    Ok(if fsync { Durability::Fsync } else { Durability::Os })
}

impl CleanupPolicy {
    fn from_items(items: &[String]) -> Self {
        let has = |word: &str| items.iter().any(|item| item == word);
        Self { delete: has("delete"), compact: has("compact") }
    }
}

impl Compression {
    fn from_values(values: &Values) -> Result<Self, InvalidValue> {
        let gzip_level = values.whole("compression.gzip.level")?;
        let zstd_level = values.number("compression.zstd.level");
        Ok(match values.text("compression.type")? {
            "uncompressed" => Self::Uncompressed,
            "gzip" => Self::Gzip { level: u8::try_from(gzip_level).ok() },
            "snappy" => Self::Snappy,
            "lz4" => Self::Lz4 { level: values.number("compression.lz4.level")? },
            "zstd" => Self::Zstd { level: zstd_level? },
            _ => Self::Producer,
        })
    }
}
