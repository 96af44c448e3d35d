//! Counts what the loops allocate while they serve: nothing, once they are warm.
//!
//! A binary of its own: it counts by thread, and other tests have loops of the same names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot go on has failed"
)]

#[path = "it/harness.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the other tests")]
mod harness;

use std::io::{Read, Write};

use counting::{allocations_of_loops, tell_where};
use harness::*;
use storage::LaneConfig;
use wire::messages::FetchRequest;
use wire::messages::fetch_request::{FetchPartition, FetchTopic};

/// Enough to use each chunk of the small arena, to drain and to checkpoint several times.
const WARM_UP_COUNT: usize = 6_000;
const REQUEST_COUNT: usize = 10_000;
/// The loops are warm when so many requests in a row allocate nothing.
const QUIET_COUNT: usize = 2_000;
const QUIET_ROUND_COUNT_MAX: usize = 10;
const ROUND_COUNT_MAX: usize = 3;
/// Queues that double in the same round.
const GROWTH_COUNT_MAX: u64 = 3;
const ARENA_SIZE: usize = 8 << 20;

/// Sends the same frame again and again and reads the whole of each answer.
fn repeat(client: &mut Client, frame: &[u8], count: usize) {
    let mut answer = vec![0; 1 << 20];
    for _ in 0..count {
        client.stream.write_all(frame).unwrap();
        let mut length = [0; 4];
        client.stream.read_exact(&mut length).unwrap();
        let size = usize::try_from(i32::from_be_bytes(length)).unwrap();
        client.stream.read_exact(&mut answer[..size]).unwrap();
    }
}

fn fetch(topic: &str, fetch_offset: i64, max_wait_ms: i32) -> FetchRequest {
    let partition = FetchPartition {
        fetch_offset,
        current_leader_epoch: -1,
        partition_max_bytes: 1 << 20,
        ..FetchPartition::default()
    };
    let partitions = vec![partition];
    FetchRequest {
        max_wait_ms,
        min_bytes: 1,
        max_bytes: 1 << 20,
        session_epoch: -1,
        replica_id: -1,
        topics: vec![FetchTopic { topic: topic.to_owned(), partitions, ..FetchTopic::default() }],
        ..FetchRequest::default()
    }
}

/// Allocations of the loops while they serve ten thousand requests, once they are warm. A queue that a slow disk lengthens may
/// double just then: that is seldom and bounded, so another round must be without. What is allocated again and again, be it
/// once in thousands of requests, is too much for any round.
fn allocations_of(client: &mut Client, frame: &[u8]) -> u64 {
    repeat(client, frame, WARM_UP_COUNT);
    assert!(allocations_of_loops() > 0, "the loops are counted");
    let is_warm = (0..QUIET_ROUND_COUNT_MAX).any(|_| {
        let before = allocations_of_loops();
        repeat(client, frame, QUIET_COUNT);
        allocations_of_loops() == before
    });
    assert!(is_warm, "each round of {QUIET_COUNT} requests allocates");
    let mut fewest = u64::MAX;
    for _ in 0..ROUND_COUNT_MAX {
        let before = allocations_of_loops();
        tell_where(true);
        repeat(client, frame, REQUEST_COUNT);
        tell_where(false);
        let count = allocations_of_loops() - before;
        assert!(count <= GROWTH_COUNT_MAX, "{count} allocations in {REQUEST_COUNT} requests");
        fewest = fewest.min(count);
        if fewest == 0 {
            break;
        }
    }
    fewest
}

#[test]
fn ten_thousand_produces_and_fetches_allocate_nothing() {
    let data = tempfile::tempdir().unwrap();
    let lane =
        LaneConfig { unsynced_size_max: 16 << 20, ..LaneConfig::for_arena(ARENA_SIZE as u64) };
    let broker = TestBroker::start_sized(data.path(), &[], ARENA_SIZE, lane);
    broker.create_topic("t", 1, &[]);

    let mut producer = broker.connect();
    let produced = frame(9, 1, &produce("t", 0, -1, batch(&[&[7; 2000], &[8; 2000]])));
    assert_eq!(allocations_of(&mut producer, &produced), 0, "produce");

    let mut consumer = broker.connect();
    // Where a consumer reads that follows: from memory.
    let newest = producer.produce("t", 0, batch(&[b"last"]));
    let fetched = frame(12, 1, &fetch("t", newest - 10, 0));
    assert_eq!(allocations_of(&mut consumer, &fetched), 0, "fetch");
    broker.stop();
}

mod counting {
    #![allow(unsafe_code, reason = "an allocator is unsafe to write; this one only counts")]

    use std::alloc::{GlobalAlloc, Layout, System};
    use std::cell::Cell;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    const THREAD_COUNT_MAX: usize = 256;

    /// Allocations by thread, in the order in which threads first allocated, and the system's number of each thread.
    static COUNTS: [AtomicU64; THREAD_COUNT_MAX] = [const { AtomicU64::new(0) }; THREAD_COUNT_MAX];
    static THREADS: [AtomicU64; THREAD_COUNT_MAX] = [const { AtomicU64::new(0) }; THREAD_COUNT_MAX];
    static NEXT: AtomicU64 = AtomicU64::new(0);
    static TELL: AtomicBool = AtomicBool::new(false);

    thread_local! {
        static PLACE: Cell<usize> = const { Cell::new(usize::MAX) };
        static TELLING: Cell<bool> = const { Cell::new(false) };
    }

    struct Counting;

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;

    fn count() {
        let _ = PLACE.try_with(|place| {
            if place.get() == usize::MAX {
                let next = usize::try_from(NEXT.fetch_add(1, Ordering::Relaxed)).unwrap_or(0);
                place.set(next % THREAD_COUNT_MAX);
                let thread = rustix::thread::gettid().as_raw_nonzero().get();
                THREADS[place.get()].store(u64::from(thread.unsigned_abs()), Ordering::Relaxed);
            }
            COUNTS[place.get()].fetch_add(1, Ordering::Relaxed);
            tell();
        });
    }

    /// With `OTTLA_TELL_ALLOCATIONS` set, where a loop allocates is written to the error output.
    fn tell() {
        if !TELL.load(Ordering::Relaxed) {
            return;
        }
        let _ = TELLING.try_with(|telling| {
            if telling.replace(true) {
                return;
            }
            if std::thread::current().name().is_some_and(|name| name.starts_with("loop-")) {
                eprintln!("{}", std::backtrace::Backtrace::force_capture());
            }
            telling.set(false);
        });
    }

    pub(crate) fn tell_where(on: bool) {
        TELL.store(on && std::env::var_os("OTTLA_TELL_ALLOCATIONS").is_some(), Ordering::Relaxed);
    }

    /// What all loops of this process have allocated so far.
    pub(crate) fn allocations_of_loops() -> u64 {
        let mut total = 0;
        for entry in std::fs::read_dir("/proc/self/task").unwrap() {
            let path = entry.unwrap().path();
            let name = std::fs::read_to_string(path.join("comm")).unwrap_or_default();
            if !name.starts_with("loop-") {
                continue;
            }
            let thread: u64 = path.file_name().unwrap().to_str().unwrap().parse().unwrap();
            let place = THREADS.iter().position(|known| known.load(Ordering::Relaxed) == thread);
            total += place.map_or(0, |place| COUNTS[place].load(Ordering::Relaxed));
        }
        total
    }

    // SAFETY: every call goes to the system's allocator as it came; counting allocates nothing.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            count();
            // SAFETY: as the caller promises.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
            // SAFETY: as the caller promises.
            unsafe { System.dealloc(pointer, layout) }
        }

        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            count();
            // SAFETY: as the caller promises.
            unsafe { System.alloc_zeroed(layout) }
        }

        unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            count();
            // SAFETY: as the caller promises.
            unsafe { System.realloc(pointer, layout, size) }
        }
    }
}
