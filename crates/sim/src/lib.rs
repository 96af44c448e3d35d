//! A world in one thread, made from a seed: disks that lose what was not synced, fail, fill and rot, a network that loses,
//! doubles and delays, a clock that moves when it is told to; and in it the real machines and the real log.
//!
//! The same seed gives the same run, to the last line of its [`Trace`]. A failing run prints its seed.
//!
//! Start reading at [`run`], then at a [`Scenario`].

mod clock;
mod counts;
mod failure;
mod faults;
mod history;
pub mod invariants;
pub mod limits;
mod network;
mod node;
mod planted;
mod power_cuts;
mod producer;
mod replication;
mod run;
mod segment_files;
mod stop;
mod store;
mod stored;
mod trace;
mod workload;

pub use clock::SimClock;
pub use failure::{Broken, Failure, FailureKind};
pub use faults::{FaultOptions, FaultSummary};
pub use history::History;
pub use network::{Address, Delivery, Network, NetworkConfig};
pub use node::{CutAway, FetchAnswer, Node, NodeConfig, Proposal};
pub use planted::Planted;
pub use power_cuts::{PowerCutOptions, PowerCutSummary};
pub use producer::{ModelProducer, Sent};
pub use replication::{ReplicationOptions, ReplicationSummary};
pub use run::{Scenario, Summary, Totals, run, run_all, run_each};
pub use segment_files::{SegmentFiles, read_segments};
pub use stop::{Reason, Refusal, Stop};
pub use store::{Store, StoreConfig, WrittenGroup};
pub use stored::{LogContents, StoredBatch, content};
pub use trace::Trace;
pub use workload::{
    AttemptId, Checker, Copied, Delivery as ShareDelivery, Given, MemberNumber, Owner, Page, Place,
    ShareRules, Told, WorkloadOptions, WorkloadSummary, read_committed,
};
