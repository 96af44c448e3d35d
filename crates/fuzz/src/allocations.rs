//! How much memory a piece of work holds at most. Counted for each thread, so that others do not disturb.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

/// The most bytes that `work` held at once beyond what was held before it.
pub(crate) fn peak_of<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = LIVE.with(Cell::get);
    PEAK.with(|peak| peak.set(before));
    let result = work();
    (PEAK.with(Cell::get).saturating_sub(before), result)
}

fn grew(size: usize) {
    LIVE.with(|live| {
        let now = live.get().saturating_add(size);
        live.set(now);
        PEAK.with(|peak| peak.set(peak.get().max(now)));
    });
}

/// What another thread allocated may be freed here.
fn shrank(size: usize) {
    LIVE.with(|live| live.set(live.get().saturating_sub(size)));
}

struct Counting;

#[allow(unsafe_code, reason = "only an allocator can count what is allocated")]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grew(layout.size());
        // SAFETY: the caller keeps the allocator's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grew(layout.size());
        // SAFETY: the caller keeps the allocator's contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        shrank(layout.size());
        // SAFETY: the caller keeps the allocator's contract.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        shrank(layout.size());
        grew(size);
        // SAFETY: the caller keeps the allocator's contract.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_that_was_held_counts_not_what_is_left() {
        let (peak, ()) = peak_of(|| {
            drop(std::hint::black_box(vec![1_u8; 1000]));
            drop(std::hint::black_box(vec![0_u8; 500]));
        });
        assert_eq!(peak, 1000);
    }
}
