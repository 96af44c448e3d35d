/// When requests are sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// So many are in flight on each connection.
    Closed { depth: usize },
    /// By the clock, over all connections in turn, whether or not earlier ones were answered; latencies count from when a
    /// request was due, so that a broker which stands still is not spared the requests that it kept from being sent.
    Open { per_second: f64 },
}
