//! Threads for work that storage cuts into pieces.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread;

use storage::{Piece, Workers};

/// Threads that live as long as the work does; the caller's own is one of them.
pub(crate) struct ScopedThreads {
    pub(crate) count: usize,
}

impl Workers for ScopedThreads {
    fn count(&self) -> usize {
        self.count
    }

    fn run(&self, pieces: Vec<Piece<'_>>) {
        self.run_in(pieces, thread::Builder::new);
    }
}

impl ScopedThreads {
    fn run_in(&self, pieces: Vec<Piece<'_>>, builder: impl Fn() -> thread::Builder) {
        let helpers = self.count.min(pieces.len()).saturating_sub(1);
        let waiting = Mutex::new(pieces.into_iter());
        // Not held while the piece runs.
        let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || {
            let _others_stop = WhenPanicking(|| while next().is_some() {});
            while let Some(piece) = next() {
                piece();
            }
        };
        thread::scope(|scope| {
            for _ in 0..helpers {
                let thread = builder().name("load-logs".to_owned());
                // Where the system has no more threads the others do the work.
                if let Err(error) = thread.spawn_scoped(scope, work) {
                    tracing::warn!(%error, "open logs in fewer threads");
                    break;
                }
            }
            work();
        });
    }
}

/// The panic comes to the caller when the other threads are done: they are not to begin anything more.
struct WhenPanicking<F: Fn()>(F);

impl<F: Fn()> Drop for WhenPanicking<F> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn all_pieces_are_run_and_as_many_at_a_time_as_there_are_threads() {
        for (count, pieces) in [(1, 5), (2, 2), (3, 9), (4, 0)] {
            let seen = Mutex::new(BTreeSet::new());
            // Each piece waits until every thread has one.
            let barrier = Barrier::new(count);
            let work = |piece: usize| {
                barrier.wait();
                seen.lock().unwrap().insert(piece);
            };
            let work = &work;
            let all = (0..pieces).map(|piece| Box::new(move || work(piece)) as Piece<'_>).collect();
            ScopedThreads { count }.run(all);
            assert_eq!(seen.into_inner().unwrap(), (0..pieces).collect());
        }
    }

    #[test]
    fn without_more_threads_the_caller_does_all() {
        let done = AtomicUsize::new(0);
        let piece = || {
            done.fetch_add(1, Ordering::Relaxed);
        };
        let all = (0..9).map(|_| Box::new(piece) as Piece<'_>).collect();
        // No address space has so much.
        ScopedThreads { count: 4 }.run_in(all, || thread::Builder::new().stack_size(1 << 62));
        assert_eq!(done.into_inner(), 9);
    }

    #[test]
    fn a_panic_reaches_the_caller_and_nothing_more_is_begun() {
        let begun = AtomicUsize::new(0);
        let piece = |number| {
            begun.fetch_add(1, Ordering::Relaxed);
            assert!(number > 0, "as planned");
            thread::sleep(Duration::from_millis(20));
        };
        let piece = &piece;
        let all = (0..1_000).map(|number| Box::new(move || piece(number)) as Piece<'_>).collect();
        let run = || ScopedThreads { count: 2 }.run(all);
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        assert!(begun.into_inner() < 500, "the others went on");
    }
}
