//! Every bound of this crate, with its reason. Bounds that an operator sets are in [`Config`](crate::Config).

use std::time::Duration;

/// Event loops of one process; a loop number fits in a byte wherever one is kept.
pub const LOOP_COUNT_MAX: usize = 256;

/// Readiness events taken from the kernel at once.
pub(crate) const EVENT_COUNT_MAX: usize = 256;

/// Bytes read from one socket in one call: enough that a bulk producer costs few calls, and what one loop keeps ready.
pub(crate) const READ_SIZE_MAX: usize = 256 * 1024;

/// Room that a read is worth making for. A smaller rest of an arena chunk is left behind.
pub(crate) const READ_SIZE_MIN: usize = 16 * 1024;

/// Bytes read from one connection before the others have their turn.
pub(crate) const TURN_READ_SIZE_MAX: usize = 1024 * 1024;

/// Bytes sent to one connection before the others have their turn.
pub(crate) const TURN_SEND_SIZE_MAX: usize = 1024 * 1024;

/// Requests of one connection whose answers have not left. A client that pipelines more is read later; librdkafka
/// pipelines without a bound of its own.
pub(crate) const REQUEST_COUNT_MAX: usize = 64;

/// Answer bytes that may wait for a connection's socket while its further requests are still taken in.
pub(crate) const UNSENT_SIZE_MAX: usize = 64 * 1024;

/// Unfinished input up to this size is kept in a buffer of its own, so that an idle connection pins no arena chunk.
pub(crate) const SMALL_CARRY_SIZE_MAX: usize = 4 * 1024;

/// Pieces given to one `writev`; Linux takes 1024, and answers that coalesce seldom have more than a few dozen.
pub(crate) const PIECE_COUNT_MAX: usize = 64;

/// Bytes of one `sendfile`: a full socket buffer, and not so much that a cold page holds up the loop for long.
pub(crate) const FILE_PIECE_SIZE_MAX: usize = 256 * 1024;

/// Connections accepted in one turn of the loop that holds the listener.
pub(crate) const ACCEPT_COUNT_MAX: usize = 64;

/// Answer buffers kept for the next answers, each of at most [`SPARE_BUFFER_SIZE_MAX`].
pub(crate) const SPARE_BUFFER_COUNT_MAX: usize = 256;

/// A larger buffer goes back to the allocator: it served an unusual answer.
pub(crate) const SPARE_BUFFER_SIZE_MAX: usize = 64 * 1024;

/// Most listeners of one process.
pub(crate) const LISTENER_COUNT_MAX: usize = 64;

/// Connections that the kernel completes before they are accepted, unless `socket.listen.backlog.size` says otherwise.
pub const BACKLOG_COUNT: u32 = 50;

/// How long a client that has ended its side may wait for answers. Most such clients are gone; a few, such as `nc`, listen on.
pub(crate) const HALF_OPEN_MAX: Duration = Duration::from_secs(5);

/// A connection is not looked at more often than this for having stopped moving.
pub(crate) const WATCH_INTERVAL_MIN: Duration = Duration::from_millis(100);

/// How long accepting rests when the process is out of file descriptors, or connections are at their bound.
pub(crate) const ACCEPT_REST: Duration = Duration::from_millis(100);

/// Input of a frame larger than [`READ_SIZE_MAX`] that must be there before room is kept for all of it: who only promises
/// a large frame gets no memory for it.
pub(crate) const ADMISSION_SIZE_MIN: usize = 64 * 1024;

/// While memory is short, a connection that holds some of it and on which nothing moved for so long is closed: an honest
/// client's half frame is on its way, and its socket takes what it asked for.
pub(crate) const SHORT_MEMORY_STALL_MAX: Duration = Duration::from_secs(3);

/// The same for one that waits for memory itself: so many clients send at once that not even their half frames find room.
pub(crate) const STARVED_MAX: Duration = Duration::from_secs(15);

/// Loops look for memory that they can free no more often than this.
pub(crate) const RELIEF_INTERVAL: Duration = Duration::from_millis(10);

/// A frame that waits to be admitted and has not asked for so long is passed over: those that wait ask each [`STARVED_REST`].
pub(crate) const TURN_KEPT_MAX: Duration = Duration::from_millis(100);

/// How long connections rest that found no arena memory to read into.
pub(crate) const STARVED_REST: Duration = Duration::from_millis(2);

/// Silence after which the kernel asks a peer whether it is still there.
pub(crate) const KEEPALIVE_TIME: Duration = Duration::from_secs(120);
