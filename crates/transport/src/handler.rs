use crate::answer::AnswerKey;
use crate::arena::Region;
use crate::loop_io::LoopIo;
use crate::slab::SlabKey;

/// Names a connection of one loop for as long as it lives.
pub type ConnectionKey = SlabKey;

/// How a request goes together with others of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pipelining {
    /// May be in hand at the same time as others of its kind. Answers still leave in order.
    Overlaps,
    /// Is taken in only when all earlier answers are on their way, and holds back those after it until its own is.
    Alone,
}

/// What the application does with what arrives. One per loop, made and run on the loop's thread, never shared.
///
/// Every method runs to its end without waiting for anything: what must be waited for is kept by the handler as data and
/// taken up again in `message`, `timeout` or `round_end`.
pub trait Handler {
    /// What other threads send to this loop.
    type Message: Send + 'static;

    /// A connection was opened.
    fn open(&mut self, io: &mut LoopIo<Self::Message>, connection: ConnectionKey);

    /// How the request in `frame` (without its length) overlaps with others. Looks at the frame's head only.
    fn pipelining(&self, frame: &[u8]) -> Pipelining;

    /// A whole request, without its length. Its one answer goes to `slot`, now or later, from here or another thread; the
    /// connection's later requests may wait for it, so a slot must not be forgotten: close the connection instead.
    fn frame(
        &mut self,
        io: &mut LoopIo<Self::Message>,
        connection: ConnectionKey,
        slot: AnswerKey,
        frame: Region,
    );

    /// The connection is about to be closed because its client announced a request of `length` bytes: what is taken has 1 to
    /// `length_max`.
    fn refused(
        &mut self,
        _io: &mut LoopIo<Self::Message>,
        _connection: ConnectionKey,
        _length: i32,
        _length_max: usize,
    ) {
    }

    /// A message from another thread.
    fn message(&mut self, io: &mut LoopIo<Self::Message>, message: Self::Message);

    /// A timer set with `LoopIo::set_timer` has expired.
    fn timeout(&mut self, io: &mut LoopIo<Self::Message>, token: u64);

    /// The connection is gone and its slots with it. Answers to them are ignored from now on. `note` is what
    /// `LoopIo::set_note` last said.
    fn close(
        &mut self,
        io: &mut LoopIo<Self::Message>,
        connection: ConnectionKey,
        note: Option<SlabKey>,
    );

    /// All that was ready has been looked at, before answers are sent. `idle` says that nothing else is known to wait, so
    /// that blocking work that others would do (a commit of the log) may be done here. True asks for another round at once.
    fn round_end(&mut self, io: &mut LoopIo<Self::Message>, idle: bool) -> bool;
}
