//! The task that keeps a member alive while its application works.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::membership::{Beat, Membership};

/// Heartbeats until this is dropped.
#[derive(Debug)]
pub(super) struct Beats {
    task: AbortHandle,
    news: mpsc::Receiver<Beat>,
}

/// Since when the application has not called `next`; `None` while it waits in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Away(Arc<Mutex<Option<Instant>>>);

impl Away {
    pub(super) fn is_longer_than(&self, max: Duration) -> bool {
        self.0.lock().is_some_and(|since| since.elapsed() >= max)
    }
}

/// The application waits in `next` until this is dropped.
pub(super) struct Here(Away);

impl Here {
    pub(super) fn new(away: &Away) -> Self {
        *away.0.lock() = None;
        Self(away.clone())
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        *self.0.0.lock() = Some(Instant::now());
    }
}

impl Drop for Beats {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Beats {
    /// The member leaves when the application is away for `away_max`.
    pub(super) fn start(
        mut membership: Membership,
        interval: Duration,
        away: Away,
        away_max: Duration,
    ) -> Self {
        let (sender, news) = mpsc::channel(1);
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(interval).await;
                let beat = if away.is_longer_than(away_max) {
                    // The session ends anyway if this does not arrive.
                    let _ = membership.leave().await;
                    Beat::Lost { id_too: true }
                } else {
                    membership.beat().await
                };
                match beat {
                    Beat::Alive | Beat::Given(_) => {}
                    // Said once; the beats go on until the application comes and joins.
                    Beat::Rejoin => {
                        let _ = sender.try_send(Beat::Rejoin);
                    }
                    Beat::Lost { .. } | Beat::Failed(_) => {
                        // The consumer may be gone.
                        let _ = sender.send(beat).await;
                        return;
                    }
                }
            }
        });
        Self { task: task.abort_handle(), news }
    }

    /// What the last beats brought, if it wants something done. Cancel-safe.
    pub(super) async fn next(&mut self) -> Beat {
        match self.news.recv().await {
            Some(beat) => beat,
            // The task ended after its last word, which was heard: there is no more.
            None => std::future::pending().await,
        }
    }
}
