//! A topic's settings as the log, the leader and the validator take them.

use std::time::Duration;

use model::Timestamp;
use record::{
    Compression, GzipLevel, InnerWalk, Lz4Level, NullValues, ProduceRules, TimestampBounds,
    ZstdLevel,
};
use replica::LeaderSettings;
use settings::{Durability, LogSettings, TimestampType, TopicSettings, Validation};
use storage::LogConfig;

/// The first version of Produce whose clients know zstd.
const ZSTD_VERSION_MIN: i16 = 7;

pub fn log_config(settings: &TopicSettings) -> LogConfig {
    LogConfig {
        segment_bytes: settings.segment_bytes,
        segment_ms: settings.segment_ms,
        segment_jitter_ms: settings.segment_jitter_ms,
        segment_index_bytes: settings.segment_index_bytes,
        index_interval_bytes: settings.index_interval_bytes,
        retention_ms: settings.retention_ms,
        retention_bytes: settings.retention_bytes,
        delete: settings.cleanup.delete,
        compact: settings.cleanup.compact,
        delete_retention_ms: settings.delete_retention_ms,
        min_cleanable_ratio: settings.min_cleanable_dirty_ratio,
        min_compaction_lag_ms: settings.min_compaction_lag_ms,
        max_compaction_lag_ms: Some(settings.max_compaction_lag_ms)
            .filter(|lag_ms| i64::try_from(*lag_ms).is_ok_and(|lag_ms| lag_ms < i64::MAX)),
        durability: match settings.durability {
            Durability::Fsync => storage::Durability::Fsync,
            Durability::Os => storage::Durability::Os,
        },
    }
}

pub(crate) fn leader_settings(settings: &TopicSettings, log: &LogSettings) -> LeaderSettings {
    LeaderSettings {
        in_sync_count_min: settings.min_insync_replicas as usize,
        producer_idle_max: Duration::from_millis(log.producer_id_expiration_ms),
        producer_check_interval: Duration::from_millis(log.producer_id_check_interval_ms),
        ..LeaderSettings::default()
    }
}

pub(crate) fn produce_rules(
    settings: &TopicSettings,
    version: i16,
    wall: Timestamp,
) -> ProduceRules {
    let timestamps = match settings.timestamp_type {
        TimestampType::CreateTime => Some(TimestampBounds::around(
            wall,
            i64::try_from(settings.timestamp_before_max_ms).unwrap_or(i64::MAX),
            i64::try_from(settings.timestamp_after_max_ms).unwrap_or(i64::MAX),
        )),
        TimestampType::LogAppendTime => None,
    };
    let walk = settings.validation == Validation::Strict || compression(settings).is_some();
    ProduceRules {
        batch_size_max: settings.max_message_bytes as usize,
        zstd_allowed: version >= ZSTD_VERSION_MIN,
        key_required: settings.cleanup.compact,
        null_values: match settings.null_values {
            settings::NullValues::Allow => NullValues::Allow,
            settings::NullValues::Reject => NullValues::Reject,
            settings::NullValues::Header => NullValues::Header,
        },
        timestamps,
        inner_walk: if walk { InnerWalk::Always } else { InnerWalk::IfNeeded },
        ..ProduceRules::default()
    }
}

/// The codec that the topic wants, whatever the producer chose; `None` leaves batches as they came.
pub(crate) fn compression(settings: &TopicSettings) -> Option<Compression> {
    Some(match settings.compression {
        settings::Compression::Producer => return None,
        settings::Compression::Uncompressed => Compression::None,
        settings::Compression::Gzip { level } => Compression::Gzip(
            level.and_then(|level| GzipLevel::new(i32::from(level))).unwrap_or(GzipLevel::DEFAULT),
        ),
        settings::Compression::Snappy => Compression::Snappy,
        settings::Compression::Lz4 { level } => {
            Compression::Lz4(Lz4Level::new(i32::from(level)).unwrap_or(Lz4Level::DEFAULT))
        }
        settings::Compression::Zstd { level } => {
            Compression::Zstd(ZstdLevel::new(level).unwrap_or(ZstdLevel::DEFAULT))
        }
    })
}
