//! One partition's replica as machines that only decide: [`Leader`] and [`Follower`].
//!
//! They do not know that a disk, a clock, a socket or a thread exists. Time comes in, what they want done goes out
//! as [`Effect`]s in order. The bytes of batches pass through as `B`, who waits for an answer as `T`.
//!
//! Start reading at [`Leader::step`].

mod batch_facts;
mod effects;
mod fetch_waiters;
mod follower;
mod in_sync;
mod leader;
mod leader_epochs;
pub mod limits;
mod membership;
mod parked_produces;
mod planted;
mod producer_state;
mod producer_states;
mod read;
mod replica_log;
#[cfg(test)]
mod samples;
mod transactions;

pub use batch_facts::{
    BatchFacts, EndMarker, MarkerEpochRule, Origin, Outcome, ProducerFacts, UnknownProducer,
    UnreadableMarker,
};
pub use effects::{
    Acks, AppendError, Appended, DeleteRecordsError, Effect, Effects, Novelty, Once,
};
pub use fetch_waiters::{FetchWaiter, FetchWaiters};
pub use follower::{FetchRequest, FetchedRefused, Follower, FollowerInput};
pub use in_sync::{FollowerFetched, FollowerProgress, LeaderTerm};
pub use leader::{Append, Input, Leader, LeaderSettings, Progress};
pub use leader_epochs::{EpochEnd, EpochStart, LeaderEpochs};
pub use membership::{Guard, Membership};
pub use parked_produces::{ParkedProduce, ParkedProduces, Released};
pub use planted::{Planted, PlantedBug};
pub use producer_state::{ProducerError, ProducerSnapshotEntry, ProducerState, WrittenBatch};
pub use producer_states::ProducerStates;
pub use read::{FetchFrom, FetchRefused, FetchVerdict, Reader, check_leader_epoch};
pub use replica_log::ReplicaLog;
pub use transactions::EndedTransaction;
