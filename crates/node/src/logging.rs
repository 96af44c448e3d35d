//! Log lines as the settings want them.

use std::path::PathBuf;
use std::sync::Arc;

use settings::{BrokerConfig, Level};
use telemetry::log::{self, FileConfig, Format, Levels, LogConfig, LogError};

/// Starts writing log lines. Once in a process.
pub(crate) fn start(config: &BrokerConfig) -> Result<Arc<Levels>, LogError> {
    log::start(&wanted(config))
}

fn wanted(config: &BrokerConfig) -> LogConfig {
    let log = &config.settings().lines;
    LogConfig {
        format: if log.json { Format::Json } else { Format::Kafka },
        file: log.file.as_ref().map(|path| FileConfig {
            path: PathBuf::from(path),
            bytes_max: log.file_bytes_max,
            count_max: log.file_count_max,
        }),
        level: Level::parse(&log.level).unwrap_or(Level::Info),
    }
}
