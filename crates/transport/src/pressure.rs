use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// What the loops of a server share about memory for input, so that no client's half of a frame, and no answer that nobody
/// takes, keeps it from the others.
///
/// - A large frame is received only once it is *admitted*: then there will be room for all of it, so two half frames never
///   wait for each other. All admitted ones together take half of the arena at most.
/// - When a loop finds the arena full, it calls for *relief*: every loop copies what its connections hold there for long
///   (unfinished input, answers that their sockets do not take) into memory of its own, which is bounded too, and closes
///   those that have not moved for a while.
#[derive(Debug)]
pub(crate) struct Pressure {
    admitted: AtomicUsize,
    admitted_max: usize,
    copied: AtomicUsize,
    copied_max: usize,
    calls: AtomicU64,
}

impl Pressure {
    /// For an arena of `arena_size` bytes.
    pub(crate) fn new(arena_size: usize) -> Self {
        Self {
            admitted: AtomicUsize::new(0),
            admitted_max: arena_size / 2,
            copied: AtomicUsize::new(0),
            copied_max: arena_size,
            calls: AtomicU64::new(0),
        }
    }

    /// Lets a frame of `size` bytes be received, if not too many others are.
    pub(crate) fn admit(&self, size: usize) -> bool {
        take(&self.admitted, size, self.admitted_max)
    }

    /// An admitted frame is there whole, or will never be.
    pub(crate) fn leave(&self, size: usize) {
        self.admitted.fetch_sub(size, Ordering::AcqRel);
    }

    /// A copy of `bytes` outside of the arena; `None` when there is too much of that.
    pub(crate) fn copy(self: &Arc<Self>, bytes: &[u8]) -> Option<CopiedBytes> {
        take(&self.copied, bytes.len(), self.copied_max)
            .then(|| CopiedBytes { bytes: bytes.into(), pressure: Arc::clone(self) })
    }

    /// Asks all loops for relief. They must be woken besides.
    pub(crate) fn call(&self) {
        self.calls.fetch_add(1, Ordering::AcqRel);
    }

    /// Counts the calls for relief.
    pub(crate) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Acquire)
    }
}

fn take(number: &AtomicUsize, more: usize, max: usize) -> bool {
    let fits = |taken: usize| taken.checked_add(more).filter(|sum| *sum <= max);
    number.fetch_update(Ordering::AcqRel, Ordering::Acquire, fits).is_ok()
}

/// Bytes that were copied out of the arena, counted as long as they live.
#[derive(Debug)]
pub struct CopiedBytes {
    bytes: Box<[u8]>,
    pressure: Arc<Pressure>,
}

impl std::ops::Deref for CopiedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for CopiedBytes {
    fn drop(&mut self) {
        self.pressure.copied.fetch_sub(self.bytes.len(), Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_bounded_and_count_only_while_they_live() {
        let pressure = Arc::new(Pressure::new(100));
        let first = pressure.copy(&[1; 60]).unwrap();
        assert!(pressure.copy(&[2; 41]).is_none());
        assert_eq!(&*first, &[1; 60]);
        drop(first);
        assert!(pressure.copy(&[2; 41]).is_some());
    }

    #[test]
    fn frames_are_admitted_up_to_half_of_the_arena() {
        let pressure = Pressure::new(100);
        assert!(pressure.admit(30));
        assert!(!pressure.admit(21));
        pressure.leave(30);
        assert!(pressure.admit(50));
    }
}
