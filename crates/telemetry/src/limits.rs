//! Bounds of what telemetry keeps and says.

use std::time::Duration;

/// Lines on one page of metrics. A cluster of 100,000 partitions with ten numbers each fits; more would make every
/// scrape a burden. What is above is left out, and counted.
pub(crate) const SAMPLE_COUNT_MAX: usize = 2_000_000;

/// Log lines a second. A flood of the same complaint must not fill the disk or slow the loops; errors pass.
pub(crate) const LOG_LINES_PER_SECOND_MAX: u32 = 2_000;

/// Bytes of one log line; a longer one is cut.
pub(crate) const LOG_LINE_BYTES_MAX: usize = 16 * 1024;

/// Connections for HTTP at a time: a few scrapers, probes and people. More would take files from the logs.
pub(crate) const HTTP_CONNECTION_COUNT_MAX: usize = 32;

/// A connection for HTTP on which nothing moved for so long is closed. Scrapers that come more rarely connect again.
pub(crate) const HTTP_IDLE_MAX: Duration = Duration::from_secs(30);
