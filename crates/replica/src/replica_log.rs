use model::{LeaderEpoch, Offset};

use crate::leader_epochs::{EpochEnd, LeaderEpochs};
use crate::producer_states::ProducerStates;

/// What leader and follower know of their own log. It outlives a change of role.
///
/// Invariants, of Kafka's protocol:
/// - `log_start ≤ last_stable ≤ high_watermark ≤ log_end`;
/// - `durable_end ≤ log_end`: nothing is on disk that was not appended;
/// - leader epochs and their starts grow, and none begins after `log_end` (KIP-101);
/// - producer states have seen exactly the log up to `log_end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaLog {
    pub(crate) log_start: Offset,
    pub(crate) high_watermark: Offset,
    pub(crate) log_end: Offset,
    pub(crate) durable_end: Offset,
    pub(crate) epochs: LeaderEpochs,
    pub(crate) producers: ProducerStates,
}

impl ReplicaLog {
    /// An empty log that begins at `start`.
    pub fn empty(start: Offset) -> Self {
        Self {
            log_start: start,
            high_watermark: start,
            log_end: start,
            durable_end: start,
            epochs: LeaderEpochs::default(),
            producers: ProducerStates::new(start),
        }
    }

    /// A log as recovery found it: all of it is on disk. A high watermark from a checkpoint that does not lie in the
    /// log is moved into it. Epochs outside of the log are dropped, since a checkpoint may be older or newer than
    /// what recovery kept. `producers` must have replayed the log to its end.
    pub fn recovered(
        log_start: Offset,
        log_end: Offset,
        high_watermark: Offset,
        mut epochs: LeaderEpochs,
        mut producers: ProducerStates,
    ) -> Self {
        assert!(log_start <= log_end, "a log starts before it ends");
        epochs.end_at(log_start, log_end);
        epochs.start_at(log_start);
        producers.log_start_moved(log_start);
        let high_watermark = high_watermark.clamp(log_start, log_end);
        producers.high_watermark_moved(high_watermark);
        let log =
            Self { log_start, high_watermark, log_end, durable_end: log_end, epochs, producers };
        log.assert_invariants();
        log
    }

    pub fn log_start(&self) -> Offset {
        self.log_start
    }

    /// Below it, everything is on all in-sync replicas.
    pub fn high_watermark(&self) -> Offset {
        self.high_watermark
    }

    pub fn log_end(&self) -> Offset {
        self.log_end
    }

    /// Below it, everything is as durable here as the topic asks.
    pub fn durable_end(&self) -> Offset {
        self.durable_end
    }

    pub fn epochs(&self) -> &LeaderEpochs {
        &self.epochs
    }

    pub fn producers(&self) -> &ProducerStates {
        &self.producers
    }

    /// Below it no transaction is in doubt: `min(high watermark, first unstable offset)`, never below the log start.
    pub fn last_stable(&self) -> Offset {
        self.producers
            .first_unstable()
            .map_or(self.high_watermark, |first| first.min(self.high_watermark))
            .max(self.log_start)
    }

    /// The answer to OffsetForLeaderEpoch; `None` is (-1, -1) on the wire.
    pub fn end_of_epoch(&self, epoch: LeaderEpoch) -> Option<EpochEnd> {
        self.epochs.end_of(epoch, self.log_end)
    }

    /// Whether the high watermark moved: it never goes back here.
    pub(crate) fn raise_high_watermark(&mut self, to: Offset) -> bool {
        if to <= self.high_watermark {
            return false;
        }
        self.high_watermark = to;
        self.producers.high_watermark_moved(to);
        true
    }

    /// Whether the log start moved. It never goes back, nor beyond the high watermark.
    pub(crate) fn raise_log_start(&mut self, to: Offset) -> bool {
        assert!(to <= self.high_watermark, "only committed records are deleted from the start");
        if to <= self.log_start {
            return false;
        }
        self.log_start = to;
        self.epochs.start_at(to);
        self.producers.log_start_moved(to);
        true
    }

    pub(crate) fn raise_durable_end(&mut self, to: Offset) {
        assert!(to <= self.log_end, "no more is durable than was appended");
        self.durable_end = self.durable_end.max(to);
    }

    pub(crate) fn assert_invariants(&self) {
        let last_stable = self.last_stable();
        assert!(self.log_start <= last_stable, "log start is not above the last stable offset");
        assert!(last_stable <= self.high_watermark, "last stable is not above the high watermark");
        assert!(self.high_watermark <= self.log_end, "high watermark is not above the log end");
        assert!(self.durable_end <= self.log_end, "durable end is not above the log end");
        self.epochs.assert_invariants(self.log_end);
        self.producers.assert_invariants(self.log_end);
    }
}
