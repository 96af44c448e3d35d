//! How long to wait before asking again.

use std::time::Duration;

use crate::limits::{ATTEMPTS_MAX, BACKOFF_MAX, BACKOFF_MIN};

/// Waits that double from [`BACKOFF_MIN`] to [`BACKOFF_MAX`], [`ATTEMPTS_MAX`] of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Backoff {
    attempts: u32,
}

/// The wait after `attempts` others, for what may be tried for as long as its caller likes.
pub(crate) fn wait_of(attempts: u32) -> Duration {
    BACKOFF_MIN.saturating_mul(1 << attempts.min(16)).min(BACKOFF_MAX)
}

impl Backoff {
    /// The wait before the next attempt; `None` when there were enough.
    pub(crate) fn next_wait(&mut self) -> Option<Duration> {
        if self.attempts >= ATTEMPTS_MAX {
            return None;
        }
        let wait = wait_of(self.attempts);
        self.attempts += 1;
        Some(wait)
    }

    /// Waits, or gives `error` back when there were enough attempts or another would not help.
    pub(crate) async fn after<E>(&mut self, error: E, is_retriable: bool) -> Result<(), E> {
        match self.next_wait() {
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

    #[test]
    fn waits_grow_to_their_bound_and_end() {
        let mut backoff = Backoff::default();
        let waits: Vec<Duration> = std::iter::from_fn(|| backoff.next_wait()).collect();
        assert_eq!(waits.len(), 30);
        assert_eq!(waits[..3], [50, 100, 200].map(Duration::from_millis));
        assert_eq!(waits[29], BACKOFF_MAX);
    }
}
