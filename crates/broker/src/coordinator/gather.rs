use std::sync::Arc;

use parking_lot::Mutex;

/// Collects the results of several parts that finish in any order, on any thread.
pub struct Gather<R>(Arc<Mutex<State<R>>>);

struct State<R> {
    parts: Vec<Option<R>>,
    missing: usize,
    done: Option<Box<dyn FnOnce(Vec<R>) + Send>>,
}

/// The place of one result.
pub struct Part<R> {
    gather: Gather<R>,
    index: usize,
}

impl<R> Clone for Gather<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<R: Send + 'static> Gather<R> {
    /// Calls `done` with all results in the order of their places; at once when there is none to wait for.
    pub fn new(count: usize, done: impl FnOnce(Vec<R>) + Send + 'static) -> Self {
        let mut state = State {
            parts: (0..count).map(|_| None).collect(),
            missing: count,
            done: Some(Box::new(done)),
        };
        if count == 0
            && let Some(done) = state.done.take()
        {
            done(Vec::new());
        }
        Self(Arc::new(Mutex::new(state)))
    }

    pub fn part(&self, index: usize) -> Part<R> {
        Part { gather: self.clone(), index }
    }
}

impl<R> Part<R> {
    pub fn give(self, result: R) {
        let mut state = self.gather.0.lock();
        let Some(place) = state.parts.get_mut(self.index) else { return };
        if place.replace(result).is_none() {
            state.missing -= 1;
        }
        if state.missing == 0
            && let Some(done) = state.done.take()
        {
            let results = state.parts.drain(..).flatten().collect();
            drop(state);
            done(results);
        }
    }
}
