//! How long to wait before asking again.

use std::time::Duration;

use tokio::time::Instant;

use crate::ClientConfig;

/// Pauses that double from the shortest to the longest. Where the shortest is longer than the longest, the longest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackoffRange {
    pub min: Duration,
    pub max: Duration,
}

impl BackoffRange {
    /// Apache Kafka's default between attempts of a request.
    pub const RETRY: Self = Self { min: Duration::from_millis(100), max: Duration::from_secs(1) };
    /// Apache Kafka's default between attempts to connect.
    pub const RECONNECT: Self =
        Self { min: Duration::from_millis(50), max: Duration::from_secs(1) };

    /// The pause after `attempts` others.
    pub fn wait_of(self, attempts: u32) -> Duration {
        self.min.saturating_mul(1 << attempts.min(16)).min(self.max)
    }
}

/// The attempts of one call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    range: BackoffRange,
    attempts: u32,
    retries: u32,
    timeout: Duration,
    /// `None` until the first failure, where time counts from there.
    deadline: Option<Instant>,
}

impl Backoff {
    /// For a call that begins now and may take [`ClientConfig::api_timeout`].
    pub(crate) fn of_call(config: &ClientConfig) -> Self {
        let deadline = Instant::now().checked_add(config.api_timeout);
        Self { deadline, ..Self::of_outage(config) }
    }

    /// For what may take long when all is well: the time counts from its first failure.
    pub(crate) fn of_outage(config: &ClientConfig) -> Self {
        Self {
            range: config.retry_backoff,
            attempts: 0,
            retries: config.retries,
            timeout: config.api_timeout,
            deadline: None,
        }
    }

    /// The wait before the next attempt; `None` when there were enough, or there is no time for another.
    pub(crate) fn next_wait(&mut self, now: Instant) -> Option<Duration> {
        let wait = self.range.wait_of(self.attempts);
        let deadline = match self.deadline {
            Some(deadline) => Some(deadline),
            None => now.checked_add(self.timeout),
        };
        self.deadline = deadline;
        let is_late = deadline.is_some_and(|deadline| now + wait >= deadline);
        if self.attempts >= self.retries || is_late {
            return None;
        }
        self.attempts += 1;
        Some(wait)
    }

    /// Waits, or gives `error` back when there were enough attempts or another would not help.
    pub(crate) async fn after<E>(&mut self, error: E, is_retriable: bool) -> Result<(), E> {
        match self.next_wait(Instant::now()) {
            Some(wait) if is_retriable => {
                tokio::time::sleep(wait).await;
                Ok(())
            }
            _ => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> ClientConfig {
        ClientConfig::new(Vec::new())
    }

    fn waits(mut backoff: Backoff) -> (Vec<u128>, Duration) {
        let start = Instant::now();
        let mut now = start;
        let mut waits = Vec::new();
        while let Some(wait) = backoff.next_wait(now) {
            now += wait;
            waits.push(wait.as_millis());
        }
        (waits, now - start)
    }

    #[test]
    fn waits_double_to_their_bound_and_end_with_the_time_of_the_call() {
        let (waits, total) = waits(Backoff::of_outage(&config()));
        assert_eq!(waits[..6], [100, 200, 400, 800, 1_000, 1_000]);
        assert!(total < Duration::from_secs(60), "{total:?}");
        assert!(total >= Duration::from_secs(58), "{total:?}");
    }

    #[test]
    fn waits_end_with_the_number_of_retries() {
        let config = ClientConfig { retries: 2, ..config() };
        assert_eq!(waits(Backoff::of_outage(&config)).0, [100, 200]);
        let config = ClientConfig { retries: 0, ..config };
        assert!(waits(Backoff::of_outage(&config)).0.is_empty());
    }

    #[test]
    fn a_shortest_wait_above_the_longest_is_the_longest() {
        let range = BackoffRange { min: Duration::from_secs(5), max: Duration::from_secs(2) };
        assert_eq!(range.wait_of(0), Duration::from_secs(2));
        assert_eq!(range.wait_of(1_000), Duration::from_secs(2));
    }
}
