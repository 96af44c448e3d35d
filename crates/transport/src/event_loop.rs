use std::time::Duration;

use mio::event::Event;

use crate::connection::Arrival;
use crate::handler::{ConnectionKey, Handler};
use crate::inbox::Inbox;
use crate::input;
use crate::limits;
use crate::listener::Listeners;
use crate::loop_io::{LoopIo, Timer};
use crate::output::Sent;
use crate::slab::SlabKey;

/// The waker's token. Connections use the bits of their key, whose index never comes near the top.
pub(crate) const WAKER_TOKEN: mio::Token = mio::Token(usize::MAX);

/// One thread's loop: waits for the kernel, takes requests in, hands them over, sends answers.
pub(crate) struct EventLoop<H: Handler> {
    io: LoopIo<H::Message>,
    handler: H,
    inbox: Inbox<H::Message>,
    /// The connections of this round; swapped with the loop's queue, so that both keep their memory.
    round: Vec<ConnectionKey>,
    /// Only the first loop listens.
    listeners: Option<Listeners<H::Message>>,
}

impl<H: Handler> EventLoop<H> {
    pub(crate) fn new(
        io: LoopIo<H::Message>,
        handler: H,
        listeners: Option<Listeners<H::Message>>,
    ) -> Self {
        Self { io, handler, inbox: Inbox::default(), round: Vec::new(), listeners }
    }

    /// Runs until it is told to stop, then closes what is open.
    pub(crate) fn run(mut self) {
        let mut events = mio::Events::with_capacity(limits::EVENT_COUNT_MAX);
        let mut more = false;
        while !self.io.handle.is_stopping() {
            self.sleep(&mut events, more);
            for event in &events {
                self.event(event);
            }
            let noticed = self.collect();
            self.fire_timers();
            self.io.relieve_if_called();
            self.work_queue();
            // Most of what was handed over has been answered on this thread by now: those leave with this round too.
            let noticed = self.collect() | noticed;
            let idle = events.is_empty() && !noticed && self.io.has_nothing_to_do();
            more = self.handler.round_end(&mut self.io, idle);
            self.send_answers();
            self.tell_closed();
        }
        self.send_answers();
        for key in self.io.connections.keys().collect::<Vec<_>>() {
            self.io.close(key);
        }
        self.tell_closed();
    }

    /// Waits for the kernel, another thread or a timer; not at all when there is `more` to do.
    fn sleep(&mut self, events: &mut mio::Events, more: bool) {
        let handle = &self.io.handle;
        let busy = handle.fall_asleep() || more || !self.io.has_nothing_to_do();
        let timeout = if busy {
            Some(Duration::ZERO)
        } else {
            self.io
                .timers
                .next_timeout()
                .map(|at| self.io.clock.bounded(at.since(self.io.clock.now())))
        };
        // Whole milliseconds, rounded up: epoll would round down and spin until the timer's time.
        let timeout = timeout.map(|timeout| match timeout.subsec_nanos() % 1_000_000 {
            0 => timeout,
            nanos => timeout + Duration::from_nanos(u64::from(1_000_000 - nanos)),
        });
        if self.io.poll.poll(events, timeout).is_err() {
            // Interrupted by a signal: nothing has arrived.
            events.clear();
        }
        self.io.handle.awake();
        self.io.now = self.io.clock.now();
    }

    fn event(&mut self, event: &Event) {
        let token = event.token();
        if token == WAKER_TOKEN {
            return;
        }
        if let Some(listeners) = &mut self.listeners
            && listeners.owns(token)
        {
            return listeners.accept(&mut self.io);
        }
        let key = SlabKey::from_bits(token.0 as u64);
        let Some(connection) = self.io.connections.get_mut(key) else { return };
        if event.is_error() || event.is_write_closed() {
            return self.io.close(key);
        }
        connection.readable |= event.is_readable() || event.is_read_closed();
        connection.end_announced |= event.is_read_closed();
        if event.is_writable() && !connection.writable {
            connection.writable = true;
            self.io.send_soon(key);
        }
        if event.is_readable() || event.is_read_closed() {
            self.io.look_at(key);
        }
    }

    /// Takes what other threads left; false when nobody gave notice.
    fn collect(&mut self) -> bool {
        if !self.io.handle.collect(&mut self.inbox) {
            return false;
        }
        for (slot, answer) in self.inbox.answers.drain(..) {
            self.io.answer(slot, answer);
        }
        for arrival in self.inbox.arrivals.drain(..) {
            open(&mut self.io, &mut self.handler, arrival);
        }
        for message in self.inbox.messages.drain(..) {
            self.handler.message(&mut self.io, message);
        }
        if let Some(listeners) = &mut self.listeners
            && listeners.wants_another_try(&self.io)
        {
            listeners.accept(&mut self.io);
        }
        true
    }

    fn fire_timers(&mut self) {
        while let Some(timer) = self.io.timers.pop_expired(self.io.now) {
            match timer {
                Timer::Connection(key) => self.io.watch(key),
                Timer::Handler(token) => self.handler.timeout(&mut self.io, token),
                Timer::Starved => self.io.feed_starved(),
                Timer::Accept => {
                    if let Some(listeners) = &mut self.listeners {
                        listeners.accept_again(&mut self.io);
                    }
                }
            }
        }
    }

    /// Looks at each queued connection once.
    fn work_queue(&mut self) {
        std::mem::swap(&mut self.io.queue, &mut self.round);
        for key in self.round.drain(..) {
            if let Some(connection) = self.io.connections.get_mut(key) {
                connection.queued = false;
                input::take_in(&mut self.io, &mut self.handler, key);
            }
        }
    }

    /// Sends what this round made ready; a connection whose input waited for that is looked at again.
    fn send_answers(&mut self) {
        std::mem::swap(&mut self.io.to_send, &mut self.round);
        for key in self.round.drain(..) {
            if let Some(connection) = self.io.connections.get_mut(key) {
                connection.sending = false;
                match self.io.send_ready(key) {
                    Sent::Rests => self.io.after_sending(key),
                    Sent::TurnOver => self.io.send_soon(key),
                    Sent::Broken => self.io.close(key),
                }
            }
        }
    }

    fn tell_closed(&mut self) {
        while let Some((key, note)) = self.io.closed.pop() {
            self.handler.close(&mut self.io, key, note);
        }
    }
}

/// Takes a connection in and tells the handler.
fn open<H: Handler>(io: &mut LoopIo<H::Message>, handler: &mut H, arrival: Arrival) {
    if let Some(key) = io.admit(arrival) {
        handler.open(io, key);
    }
}
