use parking_lot::Mutex;
use replica::{AppendError, Appended};
use transport::{Slab, SlabKey};

use crate::limits;

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
