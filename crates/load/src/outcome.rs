use std::time::Duration;

use hdrhistogram::Histogram;

use crate::error::{LoadError, Result};
use crate::limits::LATENCY_MICROS_MAX;

/// What came of a load.
#[derive(Debug)]
pub struct Outcome {
    pub sent_bytes: u64,
    pub received_bytes: u64,
    pub took: Duration,
    /// Requests that were answered, by connection.
    pub requests: Vec<u64>,
    /// Microseconds of each answer.
    pub latencies: Histogram<u64>,
}

impl Outcome {
    pub(crate) fn new(connections: usize) -> Result<Self> {
        let latencies = Histogram::new_with_bounds(1, LATENCY_MICROS_MAX, 3);
        let latencies = latencies.map_err(|_| LoadError::Empty)?;
        Ok(Self {
            sent_bytes: 0,
            received_bytes: 0,
            took: Duration::ZERO,
            requests: vec![0; connections],
            latencies,
        })
    }

    pub fn request_count(&self) -> u64 {
        self.requests.iter().sum()
    }

    /// Microseconds within which this share of the answers came.
    pub fn percentile_micros(&self, percent: f64) -> u64 {
        self.latencies.value_at_percentile(percent)
    }

    /// The same in milliseconds.
    pub fn percentile_ms(&self, percent: f64) -> f64 {
        Duration::from_micros(self.percentile_micros(percent)).as_secs_f64() * 1_000.0
    }

    pub(crate) fn answered(&mut self, connection: usize, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.latencies.saturating_record(micros.max(1));
        if let Some(count) = self.requests.get_mut(connection) {
            *count += 1;
        }
    }
}
