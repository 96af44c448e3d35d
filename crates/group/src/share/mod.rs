//! Share groups (KIP-932): members report, the coordinator assigns. Partitions are shared, so a member never has to let go
//! of one before another gets it, and takes over its target at once. All that a group is lies in the log.
//!
//! Before a partition is given to anybody its state is set up with the share coordinator. What stands where is
//! [`StatePartitions`]: a report names what is to be set up, [`crate::GroupShard::share_initialized`] says what was.

mod assignor;
mod change;
mod describe;
mod draft;
mod group;
mod heartbeat;
mod member;
mod offsets;
mod request;
mod settings;
mod soft;
mod state_partitions;
#[cfg(test)]
mod tests;

pub use change::ShareChange;
pub use describe::{ShareGroupDescription, ShareMemberDescription};
pub(crate) use group::ShareGroup;
pub use group::ShareState;
pub use member::{ShareCurrent, ShareMember};
pub use offsets::ShareOffset;
pub use request::{ShareHeartbeat, ShareHeartbeatReply, StateToInitialize};
pub use settings::ShareGroupSettings;
pub(crate) use soft::ShareSoft;
pub use state_partitions::StatePartitions;

use draft::Draft;
