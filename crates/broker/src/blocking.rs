use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use parking_lot::Mutex;

type Job = Box<dyn FnOnce(Place) + Send>;

/// Where a job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On the thread, where it may wait for a disk.
    Thread,
    /// With who asked, because too many wait for the thread.
    Caller,
}

/// A thread for what has to look into files on behalf of a request that is not urgent, so that no loop waits for a disk.
pub(crate) struct Blocking {
    /// `None` tells the thread to stop.
    jobs: SyncSender<Option<Job>>,
    /// Taken by the thread when it starts.
    queue: Mutex<Option<Receiver<Option<Job>>>>,
}

impl Blocking {
    /// At most so many jobs wait.
    pub(crate) fn new(job_count_max: usize) -> Self {
        let (jobs, queue) = sync_channel(job_count_max);
        Self { jobs, queue: Mutex::new(Some(queue)) }
    }

    /// Runs `job` on the thread, or here when too many wait: that pushes back on who asks.
    pub(crate) fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.run_at(|_| job());
    }

    /// As [`Self::run`], for a job that does less where it must not wait.
    pub(crate) fn run_at(&self, job: impl FnOnce(Place) + Send + 'static) {
        match self.jobs.try_send(Some(Box::new(job))) {
            Ok(()) => {}
            Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) => {
                if let Some(job) = job {
                    job(Place::Caller);
                }
            }
        }
    }

    /// The thread, until [`Self::stop`].
    pub(crate) fn work(&self) {
        let Some(queue) = self.queue.lock().take() else { return };
        while let Ok(Some(job)) = queue.recv() {
            job(Place::Thread);
        }
    }

    pub(crate) fn stop(&self) {
        // An error says that the thread is gone already.
        let _: Result<(), _> = self.jobs.send(None);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn what_does_not_fit_is_done_by_who_asks_and_knows_it() {
        let blocking = Blocking::new(1);
        let (tell, told) = channel();
        for _ in 0..3 {
            let tell = tell.clone();
            blocking.run_at(move |place| tell.send(place).unwrap());
        }
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [Place::Caller, Place::Caller]);
        std::thread::scope(|scope| {
            scope.spawn(|| blocking.work());
            assert_eq!(told.recv(), Ok(Place::Thread));
            blocking.stop();
        });
    }
}
