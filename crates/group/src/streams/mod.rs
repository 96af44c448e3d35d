//! Streams groups (KIP-1071): members bring the topology of their application, the coordinator finds or makes its topics and
//! gives tasks out. All that a group is lies in the log, but for what members say of their state's offsets, and for the
//! wish that all of them stop.
//!
//! A report is decided about on a [`Draft`] of the group, as that of a consumer group's member is: what the member says of
//! itself is taken over, the topology is held against the cluster's topics ([`configure`]), the group's epoch grows when that
//! changes the work, the target is worked out for the new epoch ([`assignor`]), and the member goes a step towards it
//! ([`reconciliation`]). Invariants, checked after each decision, stand at [`StreamsGroup::is_sound`].

mod assignor;
mod change;
mod configure;
mod describe;
mod draft;
mod endpoints;
mod group;
mod heartbeat;
#[cfg(test)]
mod interleavings;
mod leave;
mod load;
mod member;
mod membership;
mod offsets;
mod partition_counts;
mod reconciliation;
mod reply;
mod report;
mod request;
mod settings;
mod soft;
mod status;
mod takeover;
mod target;
mod task;
#[cfg(test)]
pub(crate) mod test_topology;
#[cfg(test)]
mod tests;
mod topology;

pub use change::{DescriptionEpochs, StreamsChange, StreamsEpoch};
pub use configure::{
    ConfiguredSubtopology, ConfiguredTopic, ConfiguredTopology, InvalidTopology, MissingTopic,
};
pub use describe::{DescribedTopology, StreamsDescription, StreamsGroupDescription};
pub use endpoints::{EndpointPartitions, TopicPartitions};
pub(crate) use group::StreamsGroup;
pub use group::StreamsState;
pub use member::{CurrentTasks, Endpoint, StreamsMember, TaskOffsets};
pub(crate) use offsets::StreamsCommits;
pub use request::{StreamsHeartbeat, StreamsHeartbeatReply};
pub use settings::{StreamsGroupConfig, StreamsSettings};
pub(crate) use soft::StreamsSoft;
pub use status::{Status, StatusKind};
pub use task::{HeldTasks, TaskId, Tasks, by_subtopology};
pub use topology::{CopartitionGroup, InternalTopic, Subtopology, Topology, TopologyEpoch};

use draft::Draft;
