//! Consumer groups (KIP-848): members report, the coordinator assigns. All that a group is lies in the log.
//!
//! A report is decided about on a [`Draft`] of the group: the member is found or made, what it says of itself is taken over,
//! the group's epoch grows when that changes the work, the target is worked out for the new epoch, and the member goes a
//! step towards it ([`reconciliation`]). Invariants, checked after each decision, stand at [`ConsumerGroup::is_sound`].
//!
//! Share groups and streams groups stand beside this module, on the same shard, timers and decisions.

mod assignment;
mod assignor;
mod change;
mod classic_members;
mod classic_protocol;
mod describe;
mod downgrade;
mod draft;
mod epoch;
mod group;
mod hash;
mod heartbeat;
#[cfg(test)]
mod interleavings;
mod leave;
mod load;
mod member;
mod membership;
#[cfg(test)]
mod migration_tests;
mod offsets;
mod patterns;
mod reconciliation;
mod request;
mod settings;
mod soft;
mod takeover;
mod target;
#[cfg(test)]
pub(crate) mod test_cluster;
#[cfg(test)]
mod tests;
mod topics;
mod upgrade;

pub use assignment::{Assignment, Held};
pub use assignor::Assignor;
pub use change::{ConsumerChange, ResolvedPattern, StoredEpoch, TargetEpoch};
pub use describe::{ConsumerDescription, ConsumerGroupDescription};
pub use epoch::{GroupEpoch, MemberEpoch};
pub(crate) use group::ConsumerGroup;
pub use group::ConsumerState;
pub(crate) use hash::MetadataHash;
pub(crate) use heartbeat::View;
pub use member::{ClassicFacts, CurrentAssignment, MemberMetadata, MemberState};
pub(crate) use offsets::Commits;
pub use request::{ConsumerHeartbeat, ConsumerHeartbeatReply, Standing};
pub use settings::{ConsumerSettings, MigrationPolicy};
pub(crate) use soft::ConsumerSoft;
pub use topics::{Cluster, ConsumerTimes, InvalidPattern, TopicFacts};

use draft::Draft;
