//! A world in one thread, made from a seed: disks that lose what was not synced, a network that loses, doubles and
//! delays, a clock that moves when it is told to; and in it the real machines and the real log.
//!
//! The same seed gives the same run, to the last line of its [`Trace`]. A failing run prints its seed.
//!
//! Start reading at [`run`], then at a [`Scenario`].

mod clock;
mod failure;
mod history;
pub mod invariants;
pub mod limits;
mod network;
mod node;
mod power_cuts;
mod producer;
mod replication;
mod run;
mod store;
mod stored;
mod trace;

pub use clock::SimClock;
pub use failure::{Broken, Failure, FailureKind};
pub use history::History;
pub use network::{Address, Delivery, Network, NetworkConfig};
pub use node::{FetchAnswer, Node, NodeConfig, Proposal, Stop};
pub use power_cuts::{PowerCutOptions, PowerCutSummary};
pub use producer::{ModelProducer, Sent};
pub use replication::{ReplicationOptions, ReplicationSummary};
pub use run::{Scenario, Summary, run, run_all};
pub use store::{Store, StoreConfig};
pub use stored::{LogContents, StoredBatch, content};
pub use trace::Trace;
