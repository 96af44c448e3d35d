use std::collections::BTreeMap;

use model::{Instant, ProducerEpoch, Timestamp};

use crate::record_size::RecordSizeMax;
use crate::{Now, TransactionSettings, TransactionalId};

/// What a shard knows beyond its log. It dies with the process, or with a failed write.
#[derive(Debug)]
pub struct Soft {
    pub(crate) settings: TransactionSettings,
    /// The time of the newest step: deadlines are wall times in the log, and the shell waits by the other clock.
    pub(crate) now: Now,
    /// The epoch that a producer had before it asked for the next one: it may ask again, because the answer was lost
    /// (KIP-360). As in Kafka, not kept over a restart.
    pub(crate) last_epochs: BTreeMap<TransactionalId, ProducerEpoch>,
    /// When the job that forgets idle ids runs next.
    pub(crate) next_expiry: Instant,
    pub(crate) record_size_max: RecordSizeMax,
}

impl Soft {
    pub fn new(settings: TransactionSettings) -> Self {
        let epoch = Timestamp::from_millis(0);
        let now = Now { instant: Instant::ZERO, wall: epoch.unwrap_or_else(|| unreachable!()) };
        Self {
            settings,
            now,
            last_epochs: BTreeMap::new(),
            next_expiry: Instant::ZERO,
            record_size_max: RecordSizeMax(usize::MAX),
        }
    }

    pub fn settings(&self) -> &TransactionSettings {
        &self.settings
    }

    /// For settings that may change while the broker runs.
    pub fn set_settings(&mut self, settings: TransactionSettings) {
        self.settings = settings;
    }

    /// Bytes of key and value that a record may have at most.
    pub fn set_record_size_max(&mut self, size_max: usize) {
        self.record_size_max = RecordSizeMax(size_max);
    }

    pub(crate) fn set_last_epoch(&mut self, id: &TransactionalId, epoch: Option<ProducerEpoch>) {
        match epoch {
            Some(epoch) => _ = self.last_epochs.insert(id.clone(), epoch),
            None => _ = self.last_epochs.remove(id),
        }
    }
}
