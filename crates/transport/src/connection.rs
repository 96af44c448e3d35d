use std::net::SocketAddr;

use model::Instant;

use crate::answer::AnswerQueue;
use crate::arena::Region;
use crate::limits;
use crate::pressure::{CopiedBytes, Turn};
use crate::slab::SlabKey;
use crate::stream::Stream;
use crate::timer_wheel::TimerKey;

/// Who is at the other end, and where they came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    pub address: SocketAddr,
    /// The address of ours that the client used.
    pub local: SocketAddr,
    /// Which listener took the connection, in the order they were given.
    pub listener: u8,
}

/// A connection on its way to its loop.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) stream: Stream,
    pub(crate) peer: Peer,
}

/// Input that was read and not taken in: an unfinished frame, or frames that wait for answers before them.
#[derive(Debug, Default)]
pub(crate) enum Carry {
    #[default]
    Nothing,
    /// Little enough to keep outside the arena.
    Small(Vec<u8>),
    /// A region of the connection's own.
    Region(Region),
    /// What was in a region when memory was short.
    Copied(CopiedBytes),
}

impl Carry {
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) stream: Stream,
    pub(crate) peer: Peer,
    pub(crate) carry: Carry,
    pub(crate) answers: AnswerQueue,
    /// Bytes of the first answer that have left.
    pub(crate) sent: usize,
    /// The kernel may have bytes for us. Edge-triggered: stays true until a read finds nothing.
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    /// The other side sends no more; what it asked for is still answered.
    pub(crate) input_ended: bool,
    /// The kernel said that the input ends: only a read that finds the end clears `readable`.
    pub(crate) end_announced: bool,
    /// Stands in the loop's list of connections to look at.
    pub(crate) queued: bool,
    /// Stands in the loop's list of connections to send to.
    pub(crate) sending: bool,
    /// Waits for arena memory.
    pub(crate) starved: bool,
    /// Size of the large frame that may be received here, its length included; 0 for none.
    pub(crate) admitted: u32,
    /// Its place among those that wait for that.
    pub(crate) turn: Option<Turn>,
    /// Quota: nothing is read until then.
    pub(crate) muted_until: Option<Instant>,
    /// When a byte last moved in either direction.
    pub(crate) last_moved: Instant,
    /// The one timer of a connection: idle, stalled or muted.
    pub(crate) timer: Option<TimerKey>,
    /// The handler's own mark.
    pub(crate) note: Option<SlabKey>,
}

impl Connection {
    pub(crate) fn new(arrival: Arrival, now: Instant) -> Self {
        Self {
            stream: arrival.stream,
            peer: arrival.peer,
            carry: Carry::Nothing,
            answers: AnswerQueue::default(),
            sent: 0,
            readable: false,
            writable: true,
            input_ended: false,
            end_announced: false,
            queued: false,
            sending: false,
            starved: false,
            admitted: 0,
            turn: None,
            muted_until: None,
            last_moved: now,
            timer: None,
            note: None,
        }
    }

    /// Whether further requests may be taken in: the bounds that push back on the client.
    pub(crate) fn takes_input(&self) -> bool {
        let answers = &self.answers;
        !answers.alone
            && answers.count < limits::REQUEST_COUNT_MAX
            && answers.unsent <= limits::UNSENT_SIZE_MAX
            && answers.files == 0
            && self.muted_until.is_none()
    }
}

/// An idle connection must not cost more than half a kilobyte.
const _: () = assert!(size_of::<Connection>() <= 400);
