use transport::ConnectionKey;

/// What other threads tell an event loop, beside answers.
#[derive(Debug)]
pub enum LoopMessage {
    /// A request of this connection will never be answered.
    Close(ConnectionKey),
}
