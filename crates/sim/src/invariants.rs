//! What must always be true, one fact per file. Each is a function of what can be seen from outside: what clients
//! were told, and what logs hold.

mod acknowledged_survives;
mod batches_lie_end_to_end;
mod logs_agree_when_committed;
mod no_batch_twice;
mod seen_stays;
mod sequences_in_order;

use crate::failure::Broken;
use crate::history::History;
use crate::stored::LogContents;

pub use acknowledged_survives::acknowledged_survives;
pub use batches_lie_end_to_end::batches_lie_end_to_end;
pub use logs_agree_when_committed::logs_agree_when_committed;
pub use no_batch_twice::no_batch_twice;
pub use seen_stays::seen_stays;
pub use sequences_in_order::sequences_in_order;

/// All facts about one log that has everything that was ever committed: that of a leader.
pub fn check_leader_log(history: &History, log: &LogContents) -> Result<(), Broken> {
    check_log(log)?;
    acknowledged_survives(history, log)?;
    seen_stays(history, log)
}

/// All facts about any log.
pub fn check_log(log: &LogContents) -> Result<(), Broken> {
    batches_lie_end_to_end(log)?;
    no_batch_twice(log)?;
    sequences_in_order(log)
}
