/// Requests that wait for the quorum's thread. Each holds one client's request; when full, further ones are refused
/// as by a controller that is too busy.
pub const QUEUED_REQUEST_COUNT_MAX: usize = 10_000;
