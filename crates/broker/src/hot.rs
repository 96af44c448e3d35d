use std::collections::VecDeque;
use std::sync::Arc;

use model::Offset;
use record::{Compressor, Decompressor};
use storage::{DurableEnd, LaneSequence};
use transport::{LoopIo, SlabKey};

use crate::fetch::ParkedFetches;
use crate::partition::{Now, Partition, StepOutput};
use crate::produce::PendingProduces;
use crate::ticket::Ticket;
use crate::topic_cache::TopicCache;
use crate::traffic::Requests;
use crate::{Broker, LoopMessage};

/// What the timers of a loop are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timer {
    Produce(SlabKey),
    Fetch(SlabKey),
    /// Produces wait for the log.
    Stall,
}

impl Timer {
    /// Keys of a slab leave the highest bit free.
    const FETCH_BIT: u64 = 1 << 63;
    const STALL: u64 = u64::MAX;

    pub(crate) fn to_token(self) -> u64 {
        match self {
            Self::Produce(key) => key.to_bits(),
            Self::Fetch(key) => key.to_bits() | Self::FETCH_BIT,
            Self::Stall => Self::STALL,
        }
    }

    pub(crate) fn from_token(token: u64) -> Self {
        if token == Self::STALL {
            return Self::Stall;
        }
        let key = SlabKey::from_bits(token & !Self::FETCH_BIT);
        if token & Self::FETCH_BIT == 0 { Self::Produce(key) } else { Self::Fetch(key) }
    }
}

/// What one event loop needs to serve Produce and Fetch without sharing or allocating: caches, parked requests, and
/// memory that is used again.
pub(crate) struct Hot {
    pub(crate) broker: Arc<Broker>,
    /// This loop's number, which tickets carry.
    pub(crate) home: u16,
    pub(crate) topics: TopicCache,
    pub(crate) produces: PendingProduces,
    pub(crate) fetches: ParkedFetches,
    pub(crate) out: StepOutput,
    pub(crate) compressor: Compressor,
    pub(crate) decompressor: Decompressor,
    /// A batch that is written anew.
    pub(crate) rebuilt: Vec<u8>,
    /// Appends of this loop that are not durable yet, by log directory, in the order of their lanes.
    pub(crate) appended: Vec<VecDeque<OwnAppend>>,
    /// Rounds in which something waited for a commit and the loop was busy.
    pub(crate) busy_rounds: u32,
    ends: Vec<DurableEnd>,
}

/// An append of this loop that is durable once its lane has come to `sequence`.
pub(crate) struct OwnAppend {
    pub(crate) sequence: LaneSequence,
    pub(crate) partition: Arc<Partition>,
    pub(crate) end: Offset,
}

impl Hot {
    pub(crate) fn new(broker: Arc<Broker>, home: u16) -> Self {
        let appended = broker.committers().iter().map(|_| VecDeque::new()).collect();
        Self {
            broker,
            home,
            topics: TopicCache::default(),
            produces: PendingProduces::default(),
            fetches: ParkedFetches::default(),
            out: StepOutput::default(),
            compressor: Compressor::default(),
            decompressor: Decompressor::default(),
            rebuilt: Vec::new(),
            appended,
            busy_rounds: 0,
            ends: Vec::new(),
        }
    }

    /// This loop's counts.
    pub(crate) fn requests(&self) -> &Requests {
        self.broker.requests(usize::from(self.home))
    }

    pub(crate) fn now(&self, io: &LoopIo<LoopMessage>) -> Now {
        Now { instant: io.now(), wall: self.broker.clock().wall() }
    }

    /// Carries out what steps came to: answers that wait here, and word to other loops and to this broker's own appends.
    pub(crate) fn deliver(&mut self, io: &mut LoopIo<LoopMessage>) {
        while let Some((ticket, result)) = self.out.released.pop() {
            match ticket {
                Ticket::Produce(ticket) if ticket.home == self.home => {
                    self.produce_released(io, ticket, &result);
                }
                ticket => self.broker.release((ticket, result)),
            }
        }
        while let Some(ticket) = self.out.woken.pop() {
            if ticket.home == self.home {
                self.fetches.wake(ticket);
            } else {
                self.broker.wake(ticket);
            }
        }
    }

    /// Takes up what has become durable, and sees to it that what has not will be. True when the loop should look again at
    /// once.
    pub(crate) fn commit(&mut self, io: &mut LoopIo<LoopMessage>, idle: bool) -> bool {
        let broker = Arc::clone(&self.broker);
        let mut waits = false;
        for number in 0..broker.committers().len() {
            waits |= self.take_durable(io, number);
        }
        if !waits {
            self.busy_rounds = 0;
            return false;
        }
        self.busy_rounds += 1;
        if idle {
            self.busy_rounds = 0;
            return self.commit_inline(io);
        }
        if self.busy_rounds == 1 {
            // Perhaps nothing else is ready: then this loop commits by itself, without waking anybody.
            return true;
        }
        for committer in broker.committers() {
            committer.kick();
        }
        false
    }

    /// Commits on this thread. True when more came meanwhile.
    fn commit_inline(&mut self, io: &mut LoopIo<LoopMessage>) -> bool {
        let broker = Arc::clone(&self.broker);
        let mut more = false;
        for (number, committer) in broker.committers().iter().enumerate() {
            let waits = self.appended.get(number).is_some_and(|queue| !queue.is_empty());
            if waits && committer.commit_inline(&broker, self.home, &mut self.ends) {
                more |= self.take_durable(io, number);
            }
        }
        more
    }

    /// Steps what has become durable into its partitions. Whether something still waits for its lane.
    fn take_durable(&mut self, io: &mut LoopIo<LoopMessage>, number: usize) -> bool {
        let broker = Arc::clone(&self.broker);
        let (Some(committer), Some(queue)) =
            (broker.committers().get(number), self.appended.get_mut(number))
        else {
            return false;
        };
        let now = Now { instant: io.now(), wall: broker.clock().wall() };
        loop {
            let durable = committer.durable();
            let Some(append) = queue.pop_front_if(|first| first.sequence <= durable) else {
                let oldest = queue.front().map(|append| append.sequence);
                committer.waits_for(self.home, oldest);
                if oldest.is_some_and(|oldest| oldest <= committer.durable()) {
                    continue;
                }
                break;
            };
            // Of neighbours of one partition only the last says something new.
            let superseded = queue.front().is_some_and(|next| {
                next.sequence <= durable && Arc::ptr_eq(&next.partition, &append.partition)
            });
            if !superseded {
                append.partition.durable(now, append.end, &mut self.out);
            }
        }
        let waits = !queue.is_empty();
        self.deliver(io);
        waits
    }
}
