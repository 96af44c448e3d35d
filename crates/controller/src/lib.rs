//! What the cluster shall be: the active controller as a pure machine.
//!
//! Each request is an [`Operation`]: it looks at the [`Controller`], which it cannot change, and decides records and a
//! reply. [`Controller::replay`] is the only writer, the same for records just decided and for those read back at
//! start. The shell (`quorum`) writes the records, replays them, and lets the reply leave once they are committed.

mod activation;
mod alter_configs;
mod assign_directories;
mod brokers;
mod config_rules;
mod controller;
mod create_partitions;
mod create_topics;
mod delete_topics;
mod elect_leaders;
mod election;
mod features;
#[cfg(test)]
mod fixture;
mod leadership;
pub mod limits;
mod operation;
mod placement;
mod producer_ids;
mod reassignments;
mod refusal;
mod soft;

pub use activation::{Activate, RegisterController};
pub use alter_configs::{
    AlterConfigs, AlterConfigsReply, ConfigOp, GivenConfigs, IncrementalAlterConfigs,
};
pub use assign_directories::AssignDirectories;
pub use brokers::{
    BrokerHeartbeat, FenceSilentBrokers, HeartbeatReply, RegisterBroker, UnregisterBroker,
};
pub use config_rules::ConfigRules;
pub use controller::{Controller, ControllerSettings};
pub use create_partitions::{CreatePartitions, CreatePartitionsReply, GrownTopic};
pub use create_topics::{CreateTopics, CreateTopicsReply, CreatedTopic, Layout, NewTopic};
pub use delete_topics::{DeleteTopics, DeleteTopicsReply, TopicKey};
pub use elect_leaders::{ElectLeaders, ElectLeadersReply};
pub use election::Election;
pub use features::{FeatureMove, FeatureUpdate, UpdateFeatures};
pub use operation::{Context, Decision, Operation};
pub use producer_ids::{AllocateProducerIds, ProducerIdBlock};
pub use reassignments::{AlterPartitionReassignments, Reassignment, ReassignmentsReply};
pub use refusal::Refusal;
pub use soft::Soft;
