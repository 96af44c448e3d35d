use bytes::Bytes;
use model::{Offset, ProducerEpoch, ProducerId};
use replica::{Guard, Origin, ProducerError};
use storage::{LogDir, PastDamage};

/// The log of one partition, as its leader hands it to a coordinator.
pub trait CoordinatorLog: Send + Sync {
    /// Appends one batch of `record_count` records and gives the offset of the first. Waits for nothing. The coordinator
    /// holds its shard's lock; [`super::Coordinator::committed`] may be called meanwhile, nothing else of it.
    fn append(
        &self,
        batch: &[u8],
        record_count: u32,
        origin: Origin,
        urgency: Urgency,
    ) -> Result<Offset, AppendRefused>;

    /// Whether nothing that is appended to a partition of `dir` from now on becomes durable, or visible, before what was
    /// appended here: both go through one write-ahead log, and no other replica has a say.
    fn goes_before(&self, dir: &LogDir) -> bool;

    /// What a producer needs to write here in a transaction, see [`replica::Leader::guard_for`].
    fn guard_for(
        &self,
        producer: ProducerId,
        epoch: ProducerEpoch,
    ) -> Result<Option<Guard>, AppendRefused>;

    /// Whole batches from the one that holds `from` on, at least one if there is any; none at the end. Reads from the
    /// disk: only the coordinator's own thread may call it.
    fn read(&self, from: Offset, size_max: usize) -> Result<Bytes, LogUnreadable>;

    /// Where [`Self::read`] fails because of damage: what is whole from there on, and where to read on. `None` where it fails for
    /// another reason. As slow as a log is long, and for the coordinator's own thread too.
    fn past_damage(
        &self,
        _from: Offset,
        _size_max: usize,
    ) -> Result<Option<PastDamage>, LogUnreadable> {
        Ok(None)
    }

    fn log_start(&self) -> Offset;

    /// Everything below it is committed.
    fn high_watermark(&self) -> Offset;

    /// The largest batch that the topic takes, in bytes.
    fn batch_size_max(&self) -> usize;
}

/// When an append is to be committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    Now,
    /// With what the caller is about to append to the same directory, and has committed.
    WithNext,
}

/// Why a batch was not appended; nothing of it is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendRefused {
    #[error("this broker does not lead the partition")]
    NotLeader,
    #[error("too few replicas are in sync")]
    NotEnoughReplicas,
    #[error("the batch is too large")]
    TooLarge,
    #[error("the log directory is offline")]
    Storage,
    /// It was made in the name of a producer that may not write so now.
    #[error(transparent)]
    Producer(#[from] ProducerError),
}

/// The log cannot be read; why is said where it was found.
#[derive(Debug, thiserror::Error)]
#[error("read the coordinator's log: {0}")]
pub struct LogUnreadable(pub String);
