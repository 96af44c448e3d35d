//! Work on many partitions in pieces, for who has threads to lend.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Result;
use crate::limits::{PIECE_SIZE_MIN, PIECES_PER_WORKER};

/// A part of a long work that depends on no other part.
pub type Piece<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Runs pieces of work. Storage starts no threads: whoever opens a directory lends it some, for as long as a call lasts.
pub trait Workers: Send + Sync {
    /// How many pieces can be under way at a time.
    fn count(&self) -> usize;

    /// Runs all of them to their end, in any order.
    fn run(&self, pieces: Vec<Piece<'_>>);
}

/// One piece after the other, by the caller himself.
#[derive(Clone, Copy, Debug, Default)]
pub struct InTurn;

impl Workers for InTurn {
    fn count(&self) -> usize {
        1
    }

    fn run(&self, pieces: Vec<Piece<'_>>) {
        pieces.into_iter().for_each(|piece| piece());
    }
}

/// Cuts `items` into pieces, as many as are worth it, and gives what `work` made of each, in the order of the items. When one
/// fails those that were not begun are left out, and the first error in that order is given.
pub(crate) fn in_pieces<T: Send, R: Send>(
    workers: &dyn Workers,
    mut items: Vec<T>,
    work: impl Fn(Vec<T>) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let worth = (items.len() / PIECE_SIZE_MIN).max(1);
    // One for each worker would have the others wait for the slowest.
    let count = match workers.count() {
        0 | 1 => 1,
        count => count.saturating_mul(PIECES_PER_WORKER).min(worth),
    };
    let size = items.len().div_ceil(count).max(1);
    let failed = AtomicBool::new(false);
    let mut results: Vec<Option<Result<R>>> = (0..count).map(|_| None).collect();
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(count);
    for result in &mut results {
        let rest = items.split_off(size.min(items.len()));
        let part = std::mem::replace(&mut items, rest);
        let (work, failed) = (&work, &failed);
        pieces.push(Box::new(move || {
            if !failed.load(Ordering::Acquire) {
                let done = work(part);
                failed.fetch_or(done.is_err(), Ordering::AcqRel);
                *result = Some(done);
            }
        }));
    }
    workers.run(pieces);
    let are_done = results.iter().all(Option::is_some);
    assert!(are_done || failed.into_inner(), "a piece was not run");
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use parking_lot::Mutex;

    use super::*;
    use crate::error::StorageError;

    /// The last piece first.
    struct Backwards(usize);

    impl Workers for Backwards {
        fn count(&self) -> usize {
            self.0
        }

        fn run(&self, pieces: Vec<Piece<'_>>) {
            pieces.into_iter().rev().for_each(|piece| piece());
        }
    }

    #[test]
    fn results_come_in_the_order_of_the_items_whoever_was_first() {
        for workers in 0..5 {
            for count in [0, 1, PIECE_SIZE_MIN, 2 * PIECE_SIZE_MIN + 1, 50 * PIECE_SIZE_MIN - 1] {
                let items: Vec<usize> = (0..count).collect();
                let pieces = in_pieces(&Backwards(workers), items.clone(), Ok).unwrap();
                let expected =
                    (count / PIECE_SIZE_MIN).clamp(1, PIECES_PER_WORKER * workers.max(1));
                let expected = if workers < 2 { 1 } else { expected };
                assert_eq!(pieces.len(), expected, "{workers} workers, {count} items");
                assert_eq!(pieces.concat(), items);
            }
        }
    }

    #[test]
    fn after_a_failure_no_piece_is_begun_and_its_error_is_given() {
        let items: Vec<usize> = (0..10 * PIECE_SIZE_MIN).collect();
        for (bad, first) in [(0, 0), (PIECE_SIZE_MIN, PIECE_SIZE_MIN)] {
            let begun = Mutex::new(Vec::new());
            let work = |part: Vec<usize>| {
                begun.lock().push(part[0]);
                if part.contains(&bad) { Err(StorageError::Offline) } else { Ok(part) }
            };
            let done = in_pieces(&Backwards(4), items.clone(), work);
            assert!(matches!(done, Err(StorageError::Offline)), "{done:?}");
            // From the last one on down to it.
            assert_eq!(begun.into_inner().last(), Some(&first));
        }
    }
}
