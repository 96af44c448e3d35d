//! Share groups (KIP-932, KIP-1191, KIP-1206, KIP-1222, KIP-1226) as machines that only decide. They know no clock,
//! disk, socket or thread.
//!
//! - [`SharePartition`]: the leader's side of one share-partition: which records are in flight, who holds them, what was
//!   decided about them. What it wants done comes out as [`Effect`]s.
//! - [`ShareShard`]: the share coordinator of one partition of `__share_group_state`: `decide` gives records, `replay`
//!   is the only writer.
//! - [`ShareSessions`]: which partitions the members fetch, so that a ShareFetch need not name them.
//!
//! The members of a share group and their assignment are the group coordinator's.

mod auto_offset_reset;
pub mod codec;
mod coordinator;
mod epoch;
mod error;
#[cfg(test)]
mod interleavings;
mod lag;
mod limits;
mod offset_range;
mod partition;
mod planted;
#[cfg(test)]
mod samples;
mod session;
mod settings;
mod state_batch;

pub use auto_offset_reset::{AutoOffsetReset, StartFrom};
pub use coordinator::{
    CoordinatorEffect, CoordinatorError, Decision, Read, ReadState, SharePartitionKey, ShareRecord,
    ShareShard, ShareState, ShareUpdate, Soft, StateBatches, StateSummary, Write,
};
pub use epoch::{SnapshotEpoch, StateEpoch};
pub use error::{AcknowledgeError, OpenError};
pub use lag::lag;
pub use limits::*;
pub use offset_range::OffsetRange;
pub use partition::{
    AbortedTransaction, AcknowledgeType, AcknowledgementBatch, Acquire, AcquireMode, Acquired,
    AcquiredRecords, BatchKind, DeadLetter, DeadLetterCause, Effect, Effects, FetchedBatch,
    Opening, SharePartition, StateWrite, WriteError, WriteId,
};
pub use planted::{Planted, PlantedBug};
pub use session::{
    ClosedSession, FetchKind, FetchRequest, NextEpoch, SessionEpoch, SessionError, SessionFetch,
    SessionKey, ShareSessions,
};
pub use settings::{CoordinatorSettings, ShareSettings};
pub use state_batch::{DeliveryState, StateBatch};
