use std::sync::Arc;
use std::time::Duration;

use io::Clock;
use model::Instant;

use crate::answer::{Answer, AnswerKey, Answers};
use crate::arena::{ArenaWriter, Region};
use crate::config::Config;
use crate::connection::{Arrival, Connection, Peer};
use crate::counts::ConnectionCounts;
use crate::handler::ConnectionKey;
use crate::inbox::LoopHandle;
use crate::limits;
use crate::pressure::Pressure;
use crate::slab::{Slab, SlabKey};
use crate::timer_wheel::{TimerKey, TimerWheel};

/// What a loop's timers are for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Timer {
    Connection(ConnectionKey),
    /// The handler's own, with its token.
    Handler(u64),
    /// Connections wait for arena memory.
    Starved,
    /// Accepting failed or is held back.
    Accept,
}

/// Memory of earlier answers, for the next ones.
#[derive(Debug, Default)]
pub(crate) struct SpareAnswers(Vec<Answer>);

impl SpareAnswers {
    pub(crate) fn put(&mut self, answer: Answer) {
        let (bytes, parts) = answer.dismantle();
        if self.0.len() < limits::SPARE_BUFFER_COUNT_MAX
            && bytes.capacity() <= limits::SPARE_BUFFER_SIZE_MAX
        {
            self.0.push(Answer::reuse(bytes, parts));
        }
    }

    fn take(&mut self) -> Answer {
        self.0.pop().unwrap_or_default()
    }
}

/// A loop as its handler uses it: the time, answers, timers, connections.
pub struct LoopIo<M> {
    pub(crate) config: Arc<Config>,
    pub(crate) handle: LoopHandle<M>,
    pub(crate) poll: mio::Poll,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) now: Instant,
    pub(crate) arena: ArenaWriter,
    /// Frames handed over in this turn that nobody needs any more, back to back.
    pub(crate) freed: Option<Region>,
    /// Largest frame, without its length: what was configured, as far as the arena can hold it.
    pub(crate) frame_size_max: usize,
    pub(crate) connections: Slab<Connection>,
    pub(crate) answers: Answers,
    pub(crate) timers: TimerWheel<Timer>,
    pub(crate) spare_answers: SpareAnswers,
    pub(crate) spare_carries: SpareCarries,
    /// Connections whose input is looked at in the next round.
    pub(crate) queue: Vec<ConnectionKey>,
    /// Connections with answers to send in this round.
    pub(crate) to_send: Vec<ConnectionKey>,
    /// Connections that found no memory to read into.
    pub(crate) starved: Vec<ConnectionKey>,
    pub(crate) starved_timer: bool,
    pub(crate) pressure: Arc<Pressure>,
    /// Calls for relief that this loop has followed, and when it may follow the next.
    pub(crate) calls_heard: u64,
    pub(crate) next_relief: Instant,
    /// The other loops of the server.
    pub(crate) others: Vec<LoopHandle<M>>,
    /// Connections that are gone, of which the handler has not heard.
    pub(crate) closed: Vec<(ConnectionKey, Option<SlabKey>)>,
    pub(crate) counts: Arc<ConnectionCounts>,
}

/// Buffers of small unfinished input, for the next such input.
#[derive(Debug, Default)]
pub(crate) struct SpareCarries(Vec<Vec<u8>>);

impl SpareCarries {
    pub(crate) fn put(&mut self, mut bytes: Vec<u8>) {
        if self.0.len() < limits::SPARE_BUFFER_COUNT_MAX {
            bytes.clear();
            self.0.push(bytes);
        }
    }

    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.0.pop().unwrap_or_default()
    }
}

impl<M> LoopIo<M> {
    /// The time at which this round of the loop began.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The loop as other threads see it.
    pub fn handle(&self) -> &LoopHandle<M> {
        &self.handle
    }

    /// Takes back a frame that the handler needs no more and of which it shared nothing: its memory, still in the processor's
    /// cache, serves what is received next.
    pub fn release(&mut self, frame: Region) {
        self.freed = match self.freed.take() {
            // One that does not lie behind the others is on its own; their room is lost until the chunk is recycled.
            Some(mut freed) => match freed.append(frame) {
                Ok(()) => Some(freed),
                Err(frame) => Some(frame),
            },
            None => Some(frame),
        };
    }

    /// The arena that this loop reads into, for batches that the handler itself makes.
    pub fn arena(&mut self) -> &mut ArenaWriter {
        &mut self.arena
    }

    pub fn peer(&self, connection: ConnectionKey) -> Option<Peer> {
        self.connections.get(connection).map(|connection| connection.peer)
    }

    /// Remembers a mark of the handler's own with the connection, for when it closes.
    pub fn set_note(&mut self, connection: ConnectionKey, note: Option<SlabKey>) {
        if let Some(found) = self.connections.get_mut(connection) {
            found.note = note;
        }
    }

    /// An empty answer in recycled memory.
    pub fn answer_buffer(&mut self) -> Answer {
        self.spare_answers.take()
    }

    /// Gives back an answer that was not sent after all.
    pub fn recycle(&mut self, answer: Answer) {
        self.spare_answers.put(answer);
    }

    /// Answers a request; it leaves when those before it have. Nothing happens when its connection is gone.
    /// `None` fills the slot of a request that wants no answer.
    pub fn answer(&mut self, slot: AnswerKey, answer: Option<Answer>) {
        let connection = self.answers.waiting_connection(slot);
        let Some((key, connection)) =
            connection.and_then(|key| self.connections.get_mut(key).map(|found| (key, found)))
        else {
            if let Some(answer) = answer {
                self.spare_answers.put(answer);
            }
            return;
        };
        self.answers.fill(&mut connection.answers, slot, answer);
        self.send_soon(key);
    }

    /// Whose request waits in `slot`; `None` when it is answered or its connection gone.
    pub fn connection_of(&self, slot: AnswerKey) -> Option<ConnectionKey> {
        self.answers.waiting_connection(slot)
    }

    /// Calls the handler's `timeout` with `token` at `deadline`, or soon after.
    pub fn set_timer(&mut self, deadline: Instant, token: u64) -> TimerKey {
        self.timers.set(deadline, Timer::Handler(token))
    }

    /// Takes a timer back; false when it has fired.
    pub fn cancel_timer(&mut self, key: TimerKey) -> bool {
        self.timers.cancel(key).is_some()
    }

    /// Reads nothing more from the connection for a while: the price of a quota exceeded. Answers still leave.
    pub fn mute(&mut self, connection: ConnectionKey, until: Instant) {
        let Some(found) = self.connections.get_mut(connection) else { return };
        found.muted_until = Some(until);
        if let Some(timer) = found.timer.take() {
            self.timers.cancel(timer);
        }
        found.timer = Some(self.timers.set(until, Timer::Connection(connection)));
    }

    /// Closes the connection now, with whatever it still waits for. The handler's `close` follows in this round.
    pub fn close(&mut self, key: ConnectionKey) {
        let Some(mut connection) = self.connections.remove(key) else { return };
        if let Some(timer) = connection.timer {
            self.timers.cancel(timer);
        }
        while connection.answers.count > 0 {
            if let Some(answer) = self.answers.pop(&mut connection.answers) {
                self.spare_answers.put(answer);
            }
        }
        // The descriptor goes with the stream; a failure only means that the kernel had forgotten it already.
        let _: std::io::Result<()> = self.poll.registry().deregister(connection.stream.tcp());
        if connection.admitted > 0 {
            self.pressure.leave(connection.admitted as usize);
        }
        self.counts.left(connection.peer.address.ip());
        self.handle.connection_left();
        self.closed.push((key, connection.note));
    }

    pub(crate) fn look_at(&mut self, key: ConnectionKey) {
        if let Some(connection) = self.connections.get_mut(key)
            && !connection.queued
        {
            connection.queued = true;
            self.queue.push(key);
        }
    }

    pub(crate) fn send_soon(&mut self, key: ConnectionKey) {
        if let Some(connection) = self.connections.get_mut(key)
            && !connection.sending
        {
            connection.sending = true;
            self.to_send.push(key);
        }
    }

    /// Whether no connection waits for this loop's attention.
    pub(crate) fn has_nothing_to_do(&self) -> bool {
        self.queue.is_empty() && self.to_send.is_empty()
    }

    /// Answers have left: input that waited for that may go on.
    pub(crate) fn after_sending(&mut self, key: ConnectionKey) {
        let Some(connection) = self.connections.get_mut(key) else { return };
        if (connection.readable || !connection.carry.is_empty()) && connection.takes_input() {
            self.look_at(key);
        } else if connection.input_ended && connection.answers.count == 0 {
            self.close(key);
        }
    }

    /// Takes a new connection in; `None` when the kernel does not watch it for us.
    pub(crate) fn admit(&mut self, arrival: Arrival) -> Option<ConnectionKey> {
        let ip = arrival.peer.address.ip();
        let key = self.connections.insert(Connection::new(arrival, self.now));
        let deadline = self.now.plus(self.watch_interval());
        let timer = self.timers.set(deadline, Timer::Connection(key));
        let connection = self.connections.get_mut(key)?;
        connection.timer = Some(timer);
        let token = mio::Token(usize::try_from(key.to_bits()).ok()?);
        let interest = mio::Interest::READABLE | mio::Interest::WRITABLE;
        if self.poll.registry().register(connection.stream.tcp(), token, interest).is_ok() {
            return Some(key);
        }
        self.timers.cancel(timer);
        self.connections.remove(key);
        self.counts.left(ip);
        self.handle.connection_left();
        None
    }

    /// How often a connection is looked at for having stopped moving.
    fn watch_interval(&self) -> Duration {
        self.config.idle_max.min(self.config.send_stall_max)
    }

    /// A connection's timer fired: unmute it, close it, or look again later.
    pub(crate) fn watch(&mut self, key: ConnectionKey) {
        let (now, interval) = (self.now, self.watch_interval());
        let Some(connection) = self.connections.get_mut(key) else { return };
        connection.timer = None;
        if connection.muted_until.is_some_and(|until| until <= now) {
            connection.muted_until = None;
        }
        let still = now.since(connection.last_moved);
        let answers = &connection.answers;
        let stalled = answers.unsent > 0 && still >= self.config.send_stall_max;
        let idle = answers.count == 0 && still >= self.config.idle_max;
        let half_open = connection.input_ended && still >= limits::HALF_OPEN_MAX;
        if stalled || idle || half_open {
            return self.close(key);
        }
        let next = connection.last_moved.plus(interval).max(now.plus(limits::WATCH_INTERVAL_MIN));
        let next = connection.muted_until.unwrap_or(next);
        connection.timer = Some(self.timers.set(next, Timer::Connection(key)));
        self.look_at(key);
    }
}
