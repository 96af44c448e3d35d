/// Fetches of followers and observers that wait at the leader for new records. Beyond it a fetch is answered at once,
/// empty.
pub const PARKED_FETCH_COUNT_MAX: usize = 1_000;
