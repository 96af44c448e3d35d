//! The group coordinator of one partition of `__consumer_offsets`: classic groups (KIP-345, KIP-394, KIP-429,
//! KIP-559, KIP-800), consumer groups (KIP-848), the members of share groups (KIP-932), streams groups (KIP-1071) and
//! committed offsets. A pure machine: it knows no clock, disk, socket or thread.
//!
//! Two kinds of state are kept apart:
//!
//! - [`GroupShard`] is *hard*: what the log says. [`GroupShard::replay`] is its only writer, at start-up and after a
//!   decision alike.
//! - [`Soft`] dies with the process: who is joining, parked joins and syncs, session deadlines. In Kafka most of a
//!   classic group is of this kind: between two assignments nothing is written.
//!
//! Every request is a method of [`GroupShard`] that borrows it, changes [`Soft`] at most, and returns a
//! [`Decision`]: records to append, and replies that leave once those records are committed. When an append fails,
//! the shell throws both states away and loads the shard again from the log.

mod admin;
mod classic;
pub mod codec;
mod consumer;
mod decision;
mod error;
mod group_state;
mod history;
#[cfg(test)]
mod interleavings;
mod limits;
mod members_size;
mod name;
mod offsets;
mod planted;
mod record;
mod record_size;
mod settings;
mod shard;
mod share;
mod soft;
mod streams;
mod subscription;
#[cfg(test)]
mod test_world;
mod timers;

pub use admin::{GroupDescription, GroupListing, MemberDescription};
pub use classic::{
    Client, Heartbeat, Join, JoinRefused, Joined, JoinedMember, Leave, LeavingMember, Protocol,
    State, Sync, Synced,
};
pub use consumer::{
    Assignment, Assignor, ClassicFacts, Cluster, ConsumerChange, ConsumerDescription,
    ConsumerGroupDescription, ConsumerHeartbeat, ConsumerHeartbeatReply, ConsumerSettings,
    ConsumerState, ConsumerTimes, CurrentAssignment, GroupEpoch, Held, InvalidPattern, MemberEpoch,
    MemberMetadata, MemberState, MigrationPolicy, ResolvedPattern, Standing, StoredEpoch,
    TargetEpoch, TopicFacts,
};
pub use decision::{Answer, Decision, Event, Now, Reply, Ticket, Why};
pub use error::{GroupError, PartResults};
pub use group_state::GroupState;
pub use history::{
    Blocker, GroupHistory, HistoryDescription, MemberHistory, Rebalance, SlowStep, Slowest, Who,
};
pub use limits::*;
pub use members_size::MembersRoom;
pub use name::{Generation, GroupId, InstanceId, MemberId};
pub use offsets::{
    CommitOffsets, CommittedOffset, DeletedTopic, FetchedOffset, OffsetToCommit, PartitionKey,
    TransactionOutcome,
};
pub use planted::{Planted, PlantedBug};
pub use record::{GroupRecord, StoredGroup, StoredMember};
pub use settings::GroupSettings;
pub use shard::GroupShard;
pub use share::{
    ShareChange, ShareCurrent, ShareGroupDescription, ShareGroupSettings, ShareHeartbeat,
    ShareHeartbeatReply, ShareMember, ShareMemberDescription, ShareOffset, ShareState,
    StatePartitions, StateToInitialize,
};
pub use soft::{Parked, Soft};
pub use streams::{
    ConfiguredSubtopology, ConfiguredTopic, ConfiguredTopology, CopartitionGroup, CurrentTasks,
    DescribedTopology, DescriptionEpochs, Endpoint, EndpointPartitions, HeldTasks, InternalTopic,
    InvalidTopology, MissingTopic, Status, StatusKind, StreamsChange, StreamsDescription,
    StreamsEpoch, StreamsGroupConfig, StreamsGroupDescription, StreamsHeartbeat,
    StreamsHeartbeatReply, StreamsMember, StreamsSettings, StreamsState, Subtopology, TaskId,
    TaskOffsets, Tasks, TopicPartitions, Topology, TopologyEpoch, by_subtopology,
};
