//! Log lines: Kafka's layout or JSON, to standard output or a file that is set aside when it is full, with levels that
//! change while the node runs.

mod levels;
mod line;
mod sink;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

pub use levels::{Levels, UnknownLogger};
use line::Line;
use settings::Level;
use sink::Sink;
use tracing::subscriber::SetGlobalDefaultError;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;

/// How lines are written, and where.
#[derive(Clone, Debug)]
pub struct LogConfig {
    pub format: Format,
    /// `None`: standard output.
    pub file: Option<FileConfig>,
    pub level: Level,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `[2026-11-23 18:00:00,123] INFO message (logger)`, in UTC.
    Kafka,
    /// One object a line.
    Json,
}

/// A file for lines: at `bytes_max` it is set aside as `NAME.1`, that one as `NAME.2`, and so on.
#[derive(Clone, Debug)]
pub struct FileConfig {
    pub path: PathBuf,
    pub bytes_max: u64,
    /// Files kept, the current one among them.
    pub count_max: u32,
}

/// Why lines cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("open the log file {path}: {source}")]
    Open { path: PathBuf, source: io::Error },
    #[error("log lines already go somewhere: {0}")]
    AlreadyStarted(#[from] SetGlobalDefaultError),
}

/// Lets log lines of the whole process go where `config` says. Once in a process.
pub fn start(config: &LogConfig) -> Result<Arc<Levels>, LogError> {
    let sink = Sink::open(config.file.as_ref())?;
    let levels = Arc::new(Levels::new(config.level));
    let layer = Lines { levels: Arc::clone(&levels), format: config.format, sink };
    tracing::subscriber::set_global_default(Registry::default().with(layer))?;
    Ok(levels)
}

struct Lines {
    levels: Arc<Levels>,
    format: Format,
    sink: Sink,
}

impl<S: Subscriber> Layer<S> for Lines {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        // Spans cost and are not shown.
        metadata.is_event() && self.levels.is_enabled(metadata.target(), *metadata.level())
    }

    fn max_level_hint(&self) -> Option<tracing::level_filters::LevelFilter> {
        Some(self.levels.widest())
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let is_error = *event.metadata().level() == tracing::Level::ERROR;
        let now = line::now();
        match self.sink.admit(now.seconds, is_error) {
            sink::Admission::Yes => {}
            sink::Admission::No => return,
            sink::Admission::AfterFlood(count) => {
                self.sink.write(&Line::flood(now, count).render(self.format));
            }
        }
        self.sink.write(&Line::of(now, event).render(self.format));
    }
}
