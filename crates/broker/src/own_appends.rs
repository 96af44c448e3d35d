use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use record::BatchView;
use replica::{Acks, AppendError, Appended, BatchFacts, Origin};
use storage::LaneState;
use transport::{Slab, SlabKey};

use crate::coordinator::Urgency;
use crate::partition::{AppendRequest, Partition, StepOutput};
use crate::ticket::Ticket;
use crate::{Broker, limits};

/// Told once what became of an append; must not wait for anything, and is called without any lock held.
pub(crate) type OnAppended = Box<dyn FnOnce(Result<Appended, AppendError>) + Send>;

/// Who is to be told of this broker's own appends: coordinators, whose replies leave when their records are committed.
#[derive(Default)]
pub(crate) struct OwnAppends(Mutex<Slab<OnAppended>>);

impl OwnAppends {
    /// `None`, and the call given back undone, when too many wait.
    pub(crate) fn insert(&self, done: OnAppended) -> Result<SlabKey, OnAppended> {
        let mut waiting = self.0.lock();
        if waiting.len() >= limits::OWN_APPEND_COUNT_MAX {
            return Err(done);
        }
        Ok(waiting.insert(done))
    }

    pub(crate) fn finish(&self, key: SlabKey, result: Result<Appended, AppendError>) {
        let done = self.0.lock().remove(key);
        if let Some(done) = done {
            done(result);
        }
    }
}

impl Broker {
    /// Appends a batch that this broker makes itself (a coordinator's), with base offset 0, and calls `done` once it is
    /// committed, or certainly not going to be heard of. `done` must not wait for anything; it is called without locks held,
    /// on any thread, possibly before this returns.
    pub fn append(
        &self,
        partition: &Arc<Partition>,
        batch: &[u8],
        origin: Origin,
        timeout: Duration,
        done: impl FnOnce(Result<Appended, AppendError>) + Send + 'static,
    ) {
        self.append_when(partition, batch, origin, Urgency::Now, timeout, done);
    }

    /// The same, committed perhaps with what comes next.
    pub(crate) fn append_when(
        &self,
        partition: &Arc<Partition>,
        batch: &[u8],
        origin: Origin,
        urgency: Urgency,
        timeout: Duration,
        done: impl FnOnce(Result<Appended, AppendError>) + Send + 'static,
    ) {
        if partition.dir().lane().state() != LaneState::Running {
            return done(Err(AppendError::Storage));
        }
        let facts = BatchView::parse(batch).ok().and_then(|view| BatchFacts::of_stored(&view).ok());
        let region = self.arena().reserved_region_of(batch);
        let (Some(facts), Ok(mut region)) = (facts, region) else {
            return done(Err(AppendError::Storage));
        };
        let key = match self.own_appends().insert(Box::new(done)) {
            Ok(key) => key,
            Err(done) => return done(Err(AppendError::TooManyWaiting)),
        };
        let now = self.now();
        let mut out = StepOutput::default();
        let request = AppendRequest {
            ticket: Ticket::Own(key),
            facts,
            acks: Acks::AllInSync,
            origin,
            range: 0..region.len(),
            region: &mut region,
            deadline: now.instant.plus(timeout),
        };
        partition.append(now, request, &mut out);
        self.run_write(partition, &mut out);
        if let Some((sequence, end)) = out.sequence.take() {
            let number = self.dir_number(partition.dir());
            if let Some(committer) = self.committers().get(number) {
                committer.append_by_other(sequence, Arc::clone(partition), end, urgency);
            }
        }
        self.deliver(&mut out);
    }
}
