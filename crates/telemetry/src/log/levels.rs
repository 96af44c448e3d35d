//! Which lines are written: a level for each logger, changed while the node runs (KIP-412).

use std::sync::atomic::{AtomicU8, Ordering};

use settings::{LOGGERS, Level, ROOT_LOGGER};
use tracing::level_filters::LevelFilter;

/// The level of each logger. One without its own has the root's.
#[derive(Debug)]
pub struct Levels {
    /// One for each of `LOGGERS`, in that order: place in `Level::ALL`, or `INHERITED`.
    of_loggers: Vec<AtomicU8>,
}

/// No logger has that name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("Logger {0} does not exist!")]
pub struct UnknownLogger(pub String);

const INHERITED: u8 = u8::MAX;

impl Levels {
    pub(super) fn new(root: Level) -> Self {
        let levels =
            Self { of_loggers: LOGGERS.iter().map(|_| AtomicU8::new(INHERITED)).collect() };
        levels.store(ROOT_LOGGER, code(root));
        levels
    }

    /// The level that counts for a logger; `None` if there is no such logger.
    pub fn level(&self, logger: &str) -> Option<Level> {
        let index = LOGGERS.iter().position(|name| *name == logger)?;
        Some(self.load(index).unwrap_or_else(|| self.root()))
    }

    /// Every logger with the level that counts for it.
    pub fn all(&self) -> Vec<(&'static str, Level)> {
        LOGGERS.iter().filter_map(|name| Some((*name, self.level(name)?))).collect()
    }

    pub fn set(&self, logger: &str, level: Level) -> Result<(), UnknownLogger> {
        self.change(logger, code(level))
    }

    /// The logger has the root's level from now on.
    pub fn unset(&self, logger: &str) -> Result<(), UnknownLogger> {
        self.change(logger, INHERITED)
    }

    fn change(&self, logger: &str, code: u8) -> Result<(), UnknownLogger> {
        if !self.store(logger, code) {
            return Err(UnknownLogger(logger.to_owned()));
        }
        // Places in the code remember whether they write: they must ask again.
        tracing::callsite::rebuild_interest_cache();
        Ok(())
    }

    pub(super) fn is_enabled(&self, target: &str, level: tracing::Level) -> bool {
        let name = logger_of(target);
        let index = LOGGERS.iter().position(|logger| *logger == name);
        let limit = index.and_then(|index| self.load(index)).unwrap_or_else(|| self.root());
        rank(level) <= limit
    }

    /// The level of the logger that writes most.
    pub(super) fn widest(&self) -> LevelFilter {
        let widest = (0..LOGGERS.len()).filter_map(|index| self.load(index)).max();
        match widest.unwrap_or(Level::Info) {
            Level::Fatal | Level::Error => LevelFilter::ERROR,
            Level::Warn => LevelFilter::WARN,
            Level::Info => LevelFilter::INFO,
            Level::Debug => LevelFilter::DEBUG,
            Level::Trace => LevelFilter::TRACE,
        }
    }

    fn root(&self) -> Level {
        LOGGERS
            .iter()
            .position(|name| *name == ROOT_LOGGER)
            .and_then(|index| self.load(index))
            .unwrap_or(Level::Info)
    }

    fn load(&self, index: usize) -> Option<Level> {
        let code = self.of_loggers.get(index)?.load(Ordering::Relaxed);
        Level::ALL.get(usize::from(code)).copied()
    }

    fn store(&self, logger: &str, code: u8) -> bool {
        let index = LOGGERS.iter().position(|name| *name == logger);
        let cell = index.and_then(|index| self.of_loggers.get(index));
        cell.map(|cell| cell.store(code, Ordering::Relaxed)).is_some()
    }
}

/// The crate that a line comes from: the beginning of its target, without `ottla_`.
fn logger_of(target: &str) -> &str {
    let name = target.split("::").next().unwrap_or(target);
    name.strip_prefix("ottla_").unwrap_or(name)
}

fn code(level: Level) -> u8 {
    let place = Level::ALL.iter().position(|other| *other == level);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(INHERITED)
}

fn rank(level: tracing::Level) -> Level {
    match level {
        tracing::Level::ERROR => Level::Error,
        tracing::Level::WARN => Level::Warn,
        tracing::Level::INFO => Level::Info,
        tracing::Level::DEBUG => Level::Debug,
        tracing::Level::TRACE => Level::Trace,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logger_without_a_level_has_the_roots() {
        let levels = Levels::new(Level::Warn);
        assert_eq!(levels.level("storage"), Some(Level::Warn));
        assert!(!levels.is_enabled("storage::wal", tracing::Level::INFO));
        levels.set("storage", Level::Debug).expect("it exists");
        assert_eq!(levels.level("storage"), Some(Level::Debug));
        assert!(levels.is_enabled("storage::wal", tracing::Level::DEBUG));
        assert!(!levels.is_enabled("broker", tracing::Level::INFO));
        assert_eq!(levels.widest(), LevelFilter::DEBUG);
        levels.unset("storage").expect("it exists");
        assert_eq!(levels.level("storage"), Some(Level::Warn));
    }

    #[test]
    fn fatal_silences_errors_too() {
        let levels = Levels::new(Level::Fatal);
        assert!(!levels.is_enabled("broker", tracing::Level::ERROR));
    }

    #[test]
    fn a_logger_that_does_not_exist_is_refused() {
        let levels = Levels::new(Level::Info);
        assert_eq!(
            levels.set("kafka.server", Level::Info),
            Err(UnknownLogger("kafka.server".to_owned()))
        );
        assert_eq!(levels.level("kafka.server"), None);
        assert_eq!(levels.all().len(), LOGGERS.len());
    }
}
