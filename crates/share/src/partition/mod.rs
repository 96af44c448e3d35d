mod acknowledge;
mod acquire;
mod dead_letters;
mod effects;
mod fetched;
mod locks;
mod open;
mod run;
mod runs;
mod share_partition;
#[cfg(test)]
mod tests;
mod writes;

pub use acknowledge::{AcknowledgeType, AcknowledgementBatch};
pub use acquire::{Acquire, AcquireMode, Acquired, AcquiredRecords};
pub use effects::{DeadLetter, DeadLetterCause, Effect, Effects, StateWrite, WriteError, WriteId};
pub use fetched::{AbortedTransaction, BatchKind, FetchedBatch};
pub use open::Opening;
pub use share_partition::SharePartition;
