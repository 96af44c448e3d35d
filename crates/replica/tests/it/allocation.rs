use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use model::{
    BrokerId, Instant, LeaderEpoch, Offset, PartitionEpoch, ProducerEpoch, ProducerId, Sequence,
    Timestamp,
};
use replica::{
    Acks, Append, BatchFacts, Effect, Effects, FetchWaiter, FetchWaiters, Input, Leader,
    LeaderSettings, LeaderTerm, Origin, ParkedProduces, ProducerFacts, Reader, ReplicaLog,
};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

#[allow(unsafe_code, reason = "only an allocator can count allocations")]
// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the allocator's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the allocator's contract.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Shell {
    leader: Leader,
    effects: Effects<u32, ()>,
    parked: ParkedProduces<u32>,
    released: Vec<replica::Released<u32>>,
    waiters: FetchWaiters<u32>,
    woken: Vec<u32>,
}

impl Shell {
    fn new() -> Self {
        let me = BrokerId::from_wire(0).unwrap();
        let term = LeaderTerm {
            me,
            leader_epoch: LeaderEpoch::ZERO,
            partition_epoch: PartitionEpoch::ZERO,
            replicas: vec![me],
            in_sync: vec![me],
        };
        let mut effects = Effects::new();
        let log = ReplicaLog::empty(Offset::ZERO);
        let leader = Leader::new(Instant::ZERO, log, term, LeaderSettings::default(), &mut effects);
        Self {
            leader,
            effects,
            parked: ParkedProduces::new(),
            released: Vec::new(),
            waiters: FetchWaiters::new(),
            woken: Vec::new(),
        }
    }

    /// Five batches in flight of one producer, with a consumer waiting, and their commit: what the data path does all
    /// day.
    fn round(&mut self, round: i32) {
        let now = Instant::from_millis(1);
        let wall = Timestamp::from_millis(1).unwrap();
        let from = self.leader.log().high_watermark();
        let waiter = FetchWaiter {
            waiter: 1,
            reader: Reader::Committed,
            from,
            size_bytes_min: 1,
            deadline: Some(now),
        };
        self.waiters.park(waiter).unwrap();
        for batch in 0..5 {
            let facts = BatchFacts {
                offset_count: 10,
                size_bytes: 1_000,
                max_timestamp: Some(wall),
                producer: Some(ProducerFacts {
                    id: ProducerId::from_wire(1).unwrap(),
                    epoch: ProducerEpoch::ZERO,
                    base_sequence: Sequence::from_wire((round * 5 + batch) * 10),
                }),
                transactional: false,
                control: false,
                marker: None,
            };
            let acks = if batch % 2 == 0 { Acks::AllInSync } else { Acks::Leader };
            let append = Append { ticket: 0, facts, batch: (), acks, origin: Origin::CLIENT };
            self.leader.step(now, wall, Input::Append(append), &mut self.effects);
            self.carry_out(now);
        }
        assert!(self.released.is_empty());
        let end = self.leader.log().log_end();
        self.leader.step(now, wall, Input::DurableEnd(end), &mut self.effects);
        self.carry_out(now);
        assert_eq!(self.released.len(), 5);
        assert_eq!(self.woken.len(), 1);
        self.released.clear();
        self.woken.clear();
    }

    fn carry_out(&mut self, now: Instant) {
        let progress = self.leader.progress();
        for effect in self.effects.drain() {
            match effect {
                Effect::Answer { ticket, result, once } => {
                    self.parked.park(ticket, result, once, now, &progress, &mut self.released);
                }
                Effect::HighWatermarkMoved(_) => self.parked.release(&progress, &mut self.released),
                Effect::LastStableMoved(_) => {
                    self.waiters.wake(self.leader.log(), |_, _| 0, &mut self.woken);
                }
                _ => {}
            }
        }
    }
}

#[test]
fn append_commit_answer_and_wake_allocate_nothing_once_warm() {
    let mut shell = Shell::new();
    shell.round(0);
    let before = ALLOCATIONS.with(Cell::get);
    for round in 1..1_000 {
        shell.round(round);
    }
    assert_eq!(ALLOCATIONS.with(Cell::get) - before, 0);
    assert!(before > 0, "the counter counts");
}
