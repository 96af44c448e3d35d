use replica::{AppendError, Appended};
use transport::ConnectionKey;

use crate::produce::Joined;
use crate::ticket::{FetchTicket, ProduceTicket};

/// What other threads tell an event loop, beside answers.
#[derive(Debug)]
pub struct LoopMessage(pub(crate) Kind);

#[derive(Debug)]
pub(crate) enum Kind {
    /// A request of this connection will never be answered.
    Close(ConnectionKey),
    /// A partition's part of a produce may be answered.
    Released(ProduceTicket, Result<Appended, AppendError>),
    /// The transaction coordinator has answered for batches that wait.
    Joined(Joined),
    /// A partition has something for a fetch.
    Woken(FetchTicket),
}
