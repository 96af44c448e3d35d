use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use parking_lot::Mutex;

use crate::limits;

type Job = Box<dyn FnOnce() + Send>;

/// One thread for what has to look into files on behalf of a request that is not urgent, so that no loop waits for a disk.
pub(crate) struct Blocking {
    /// `None` tells the thread to stop.
    jobs: SyncSender<Option<Job>>,
    /// Taken by the thread when it starts.
    queue: Mutex<Option<Receiver<Option<Job>>>>,
}

impl Blocking {
    pub(crate) fn new() -> Self {
        let (jobs, queue) = sync_channel(limits::BLOCKING_JOB_COUNT_MAX);
        Self { jobs, queue: Mutex::new(Some(queue)) }
    }

    /// Runs `job` on the thread, or here when too many wait: that pushes back on who asks.
    pub(crate) fn run(&self, job: impl FnOnce() + Send + 'static) {
        match self.jobs.try_send(Some(Box::new(job))) {
            Ok(()) => {}
            Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) => {
                if let Some(job) = job {
                    job();
                }
            }
        }
    }

    /// The thread, until [`Self::stop`].
    pub(crate) fn work(&self) {
        let Some(queue) = self.queue.lock().take() else { return };
        while let Ok(Some(job)) = queue.recv() {
            job();
        }
    }

    pub(crate) fn stop(&self) {
        // An error says that the thread is gone already.
        let _: Result<(), _> = self.jobs.send(None);
    }
}
