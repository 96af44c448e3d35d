//! The transaction coordinator of one partition of `__transaction_state` (KIP-98, KIP-360, KIP-664, KIP-890). A pure
//! machine: it knows no clock, disk, socket or thread.
//!
//! Two kinds of state are kept apart:
//!
//! - [`TransactionShard`] is *hard*: what the log says. [`TransactionShard::replay`] is its only writer, at start-up and
//!   after a decision alike.
//! - [`Soft`] dies with the process: times, and what makes the retry of an InitProducerId harmless.
//!
//! Every request is a method of [`TransactionShard`] that borrows it and returns a [`Decision`]: records to append, a reply
//! that leaves once they are committed, and [`Completion`]s: transactions whose outcome is decided then, so that their
//! end is to be written to all their partitions. When it is, [`TransactionShard::complete`] closes them.
//!
//! Invariants:
//!
//! - an outcome, once committed, never changes: from `PrepareCommit` only `CompleteCommit` follows, from `PrepareAbort` only
//!   `CompleteAbort` (KIP-98);
//! - a producer id's epoch never goes back, and two producers never hold the same id and epoch of one transactional id
//!   unless the older one is refused (KIP-98);
//! - with transactions of version 2, no two transactions of a producer id have the same epoch (KIP-890);
//! - no partition joins a transaction after its outcome is decided.

mod add_partitions;
pub mod codec;
mod complete;
mod deadlines;
mod decision;
mod describe;
mod end;
mod error;
mod init_producer;
#[cfg(test)]
mod interleavings;
mod limits;
mod planted;
mod record;
mod record_size;
mod settings;
mod shard;
mod soft;
mod state;
#[cfg(test)]
mod test_world;
mod transaction;
mod transactional_id;
mod version;

pub use add_partitions::AddPartitions;
pub use decision::{Completion, Decision, Event, Now};
pub use describe::{Described, Filter, Listed};
pub use end::EndTransaction;
pub use error::TransactionError;
pub use init_producer::InitProducer;
pub use limits::*;
pub use planted::{Planted, PlantedBug};
pub use record::{Format, TransactionRecord};
pub use settings::TransactionSettings;
pub use shard::TransactionShard;
pub use soft::Soft;
pub use state::{Outcome, State};
pub use transaction::{PartitionKey, Producer, Transaction};
pub use transactional_id::TransactionalId;
pub use version::TransactionVersion;
