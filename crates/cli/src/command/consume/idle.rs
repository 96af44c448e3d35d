//! How long nothing has come.

use std::time::Duration;

use tokio::time::Instant;

pub(super) struct Idle {
    most: Option<Duration>,
    /// When it has been long enough; `None` before it counts, or where it never is.
    over_at: Option<Instant>,
}

impl Idle {
    /// After so many seconds it has been long enough; it does not count yet.
    pub(super) fn new(seconds: Option<u64>) -> Self {
        Self { most: seconds.map(Duration::from_secs), over_at: None }
    }

    /// Counts from now on, anew.
    pub(super) fn begin(&mut self) {
        self.over_at = self.most.and_then(|most| Instant::now().checked_add(most));
    }

    /// Waits until it has been long enough. Cancel-safe.
    pub(super) async fn is_over(&self) {
        match self.over_at {
            Some(at) => tokio::time::sleep_until(at).await,
            None => std::future::pending().await,
        }
    }
}
