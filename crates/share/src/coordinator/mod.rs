mod jobs;
mod record;
mod record_size;
mod request;
mod shard;
mod share_state;
mod soft;
mod state_batches;
#[cfg(test)]
mod tests;

pub use record::{SharePartitionKey, ShareRecord, ShareUpdate};
pub use request::{
    CoordinatorEffect, CoordinatorError, Decision, Read, ReadState, StateSummary, Write,
};
pub use shard::ShareShard;
pub(crate) use share_state::EPOCH;
pub use share_state::ShareState;
pub use soft::Soft;
pub use state_batches::StateBatches;
