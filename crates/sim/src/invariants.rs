//! What must always be true, one fact per file. Each is a function of what can be seen from outside: what clients
//! were told, and what logs hold.

mod acknowledged_survives;
mod batches_lie_end_to_end;
mod consumers_see_durable;
mod damage_is_found;
mod failed_stays_failed;
mod indexes_agree;
mod logs_agree_when_committed;
mod lookups_agree;
mod no_batch_twice;
mod producers_agree;
mod producers_survive;
mod seen_stays;
mod sequences_in_order;
mod truncated_stays_gone;

use crate::failure::Broken;
use crate::history::History;
use crate::stored::LogContents;

pub use acknowledged_survives::acknowledged_survives;
pub use batches_lie_end_to_end::batches_lie_end_to_end;
pub use consumers_see_durable::{consumers_see_durable, producers_hear_of_durable};
pub use damage_is_found::{damage_cuts_nothing, damage_is_not_served};
pub use failed_stays_failed::{all_are_refused, failed_writes_nothing, no_sync_is_tried_again};
pub use indexes_agree::indexes_agree;
pub use logs_agree_when_committed::logs_agree_when_committed;
pub use lookups_agree::{offsets_are_found, times_are_found};
pub use no_batch_twice::no_batch_twice;
pub use producers_agree::producers_agree;
pub use producers_survive::producers_survive;
pub use seen_stays::seen_stays;
pub use sequences_in_order::sequences_in_order;
pub use truncated_stays_gone::truncated_stays_gone;

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
