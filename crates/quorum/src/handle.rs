use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use controller::Operation;
use metadata::Image;
use model::{BrokerId, LeaderEpoch, Offset};
use parking_lot::{Condvar, Mutex, RwLock};
use raft::Voter;

use crate::job::{Job, Request, Unavailable};
use crate::limits::QUEUED_REQUEST_COUNT_MAX;

/// Called with each new image, in the order of the log, by the quorum's thread: it must not wait for anything.
pub type Watcher = Box<dyn Fn(&Arc<Image>) + Send + Sync>;

/// The way of everybody else to the quorum's thread. Cloning gives another way to the same thread.
#[derive(Clone)]
pub struct Quorum(pub(crate) Arc<Shared>);

/// What is known of the quorum from outside of its thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuorumStatus {
    pub leader: Option<BrokerId>,
    pub epoch: LeaderEpoch,
    /// Every record below it is on the disks of a majority.
    pub high_watermark: Offset,
    pub log_end: Offset,
    /// The voters and, while this node leads, the ends of their logs.
    pub voters: Vec<(Voter, Option<Offset>)>,
    /// The finalised level of `kraft.version`, which is not among the image's features; 0 when it is not finalised.
    pub kraft_version: i16,
}

pub(crate) struct Shared {
    queue: Mutex<Queue>,
    /// Told when the queue is no longer empty, or is closed.
    arrived: Condvar,
    image: RwLock<Arc<Image>>,
    status: RwLock<QuorumStatus>,
    watchers: Mutex<Vec<Watcher>>,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Box<dyn Job>>,
    closed: bool,
}

impl Quorum {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Shared {
            queue: Mutex::default(),
            arrived: Condvar::new(),
            image: RwLock::default(),
            status: RwLock::default(),
            watchers: Mutex::default(),
        }))
    }

    /// Hands an operation to the active controller. `done` is called once, from whatever thread, when the operation's
    /// records are committed and published, or when it is certain that they will not be looked at; it must not wait
    /// for anything.
    pub fn submit<O: Operation>(
        &self,
        operation: O,
        done: impl FnOnce(Result<O::Reply, Unavailable>) + Send + 'static,
    ) {
        let job: Box<dyn Job> = Box::new(Request::new(operation, done));
        let mut queue = self.0.queue.lock();
        let refusal = if queue.closed {
            Unavailable::NotActive
        } else if queue.jobs.len() >= QUEUED_REQUEST_COUNT_MAX {
            Unavailable::Busy
        } else {
            queue.jobs.push_back(job);
            drop(queue);
            self.0.arrived.notify_one();
            return;
        };
        drop(queue);
        job.finish(Err(refusal));
    }

    /// The newest committed metadata.
    pub fn image(&self) -> Arc<Image> {
        Arc::clone(&self.0.image.read())
    }

    pub fn status(&self) -> QuorumStatus {
        self.0.status.read().clone()
    }

    /// Calls `watcher` with the image of the moment, and from then on with each newer one.
    pub fn watch(&self, watcher: Watcher) {
        // Under the lock of the watchers, so that no image is published between the first call and the entry.
        let mut watchers = self.0.watchers.lock();
        watcher(&self.image());
        watchers.push(watcher);
    }
}

impl Shared {
    /// Makes a new image the one that everybody sees.
    pub(crate) fn publish(&self, image: Image) {
        let image = Arc::new(image);
        let watchers = self.watchers.lock();
        *self.image.write() = Arc::clone(&image);
        for watcher in watchers.iter() {
            watcher(&image);
        }
    }

    pub(crate) fn set_status(&self, status: QuorumStatus) {
        *self.status.write() = status;
    }

    /// Takes at most `count_max` waiting jobs. Waits for the first of them at most for `timeout`.
    pub(crate) fn take(
        &self,
        count_max: usize,
        timeout: Duration,
    ) -> (Vec<Box<dyn Job>>, IsClosed) {
        let mut queue = self.queue.lock();
        if queue.jobs.is_empty() && !queue.closed {
            // Waking too early does no harm: the caller asks again.
            self.arrived.wait_for(&mut queue, timeout);
        }
        let count = queue.jobs.len().min(count_max);
        (queue.jobs.drain(..count).collect(), IsClosed(queue.closed))
    }

    /// Lets no further job in and wakes the thread.
    pub(crate) fn close(&self) {
        self.queue.lock().closed = true;
        self.arrived.notify_all();
    }
}

/// Whether the queue takes no more jobs.
pub(crate) struct IsClosed(pub(crate) bool);
