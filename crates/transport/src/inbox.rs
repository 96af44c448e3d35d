use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::answer::{Answer, AnswerKey};
use crate::connection::Arrival;

/// What other threads left for a loop. The loop swaps it whole for an empty one of its own, so both keep their memory.
#[derive(Debug)]
pub(crate) struct Inbox<M> {
    /// At most one per answer slot, so bounded by the requests in flight.
    pub(crate) answers: Vec<(AnswerKey, Option<Answer>)>,
    /// Bounded by the largest number of connections.
    pub(crate) arrivals: Vec<Arrival>,
    /// Bounded by what the handler parks: each parked thing sends a message once.
    pub(crate) messages: Vec<M>,
}

impl<M> Default for Inbox<M> {
    fn default() -> Self {
        Self { answers: Vec::new(), arrivals: Vec::new(), messages: Vec::new() }
    }
}

struct Shared<M> {
    number: usize,
    waker: mio::Waker,
    inbox: Mutex<Inbox<M>>,
    /// Something lies in the inbox, or the loop shall look around.
    notified: AtomicBool,
    /// The loop is about to sleep or sleeps: only then a notice costs a system call.
    asleep: AtomicBool,
    stopping: AtomicBool,
    connection_count: AtomicUsize,
}

/// A loop as other threads see it: something to leave answers and messages with. Cloning is cheap.
pub struct LoopHandle<M>(Arc<Shared<M>>);

impl<M> Clone for LoopHandle<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M> std::fmt::Debug for LoopHandle<M> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "loop {}", self.0.number)
    }
}

impl<M> LoopHandle<M> {
    pub(crate) fn new(number: usize, waker: mio::Waker) -> Self {
        Self(Arc::new(Shared {
            number,
            waker,
            inbox: Mutex::new(Inbox::default()),
            notified: AtomicBool::new(false),
            asleep: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            connection_count: AtomicUsize::new(0),
        }))
    }

    /// Which loop this is, from 0.
    pub fn number(&self) -> usize {
        self.0.number
    }

    /// Connections that the loop holds or is about to hold.
    pub fn connection_count(&self) -> usize {
        self.0.connection_count.load(Ordering::Relaxed)
    }

    /// Gives the loop a message; its handler gets it in order with others from this thread.
    pub fn send(&self, message: M) {
        self.0.inbox.lock().messages.push(message);
        self.notify();
    }

    /// Answers a request of one of the loop's connections; nothing happens when the connection is gone.
    /// `None` fills the slot without sending anything, for requests that want no answer.
    pub fn answer(&self, slot: AnswerKey, answer: Option<Answer>) {
        self.0.inbox.lock().answers.push((slot, answer));
        self.notify();
    }

    /// Makes the loop look at its inbox and call its handler's `round_end`. Many notices before the loop looks are one.
    pub fn notify(&self) {
        if !self.0.notified.swap(true, Ordering::SeqCst) && self.0.asleep.load(Ordering::SeqCst) {
            // A waker fails only when its poll is gone, and then nobody waits for the notice.
            let _: io::Result<()> = self.0.waker.wake();
        }
    }

    pub(crate) fn arrive(&self, arrival: Arrival) {
        self.0.connection_count.fetch_add(1, Ordering::Relaxed);
        self.0.inbox.lock().arrivals.push(arrival);
        self.notify();
    }

    pub(crate) fn connection_left(&self) {
        self.0.connection_count.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn stop(&self) {
        self.0.stopping.store(true, Ordering::SeqCst);
        self.notify();
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::SeqCst)
    }

    /// Says that the loop goes to sleep; true when it must not, because a notice came before.
    pub(crate) fn fall_asleep(&self) -> bool {
        self.0.asleep.store(true, Ordering::SeqCst);
        self.0.notified.load(Ordering::SeqCst)
    }

    pub(crate) fn awake(&self) {
        self.0.asleep.store(false, Ordering::SeqCst);
    }

    /// Takes the notice and what came with it; `empty` goes in its place. False when there was no notice.
    pub(crate) fn collect(&self, empty: &mut Inbox<M>) -> bool {
        if !self.0.notified.swap(false, Ordering::SeqCst) {
            return false;
        }
        std::mem::swap(&mut *self.0.inbox.lock(), empty);
        true
    }
}
