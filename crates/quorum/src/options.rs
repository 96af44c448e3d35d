use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use controller::{ConfigRules, ControllerSettings};
use io::{Clock, Disk};
use metadata::{Endpoint, FeatureRange};
use model::Uuid;
use raft::{ReplicaKey, VoterSet};

/// What the quorum's thread needs to know and to hold.
#[derive(Clone)]
pub struct QuorumOptions {
    /// This node and the id of the directory that holds the metadata log.
    pub own: ReplicaKey,
    /// `metadata.log.dir`, or the first log directory.
    pub log_dir: PathBuf,
    /// `controller.quorum.voters`, for directories whose voters do not stand in the log.
    pub static_voters: Option<VoterSet>,
    pub disk: Arc<dyn Disk>,
    pub clock: Arc<dyn Clock>,
    pub rules: Arc<dyn ConfigRules>,
    pub controller: ControllerSettings,
    /// For election timeouts, topic ids and replica placement.
    pub seed: u64,
    /// What the controller says of itself (KIP-919): the incarnation differs at each start.
    pub incarnation: Uuid,
    pub endpoints: Vec<Endpoint>,
    pub features: BTreeMap<String, FeatureRange>,
    pub log: MetadataLogOptions,
}

/// Sizes and times of the metadata log, named after Kafka's settings.
#[derive(Clone, Copy, Debug)]
pub struct MetadataLogOptions {
    /// `metadata.log.segment.bytes`.
    pub segment_bytes: u64,
    /// `metadata.log.max.record.bytes.between.snapshots`.
    pub bytes_between_snapshots: u64,
    /// `metadata.log.max.snapshot.interval.ms`; `None` when 0.
    pub snapshot_interval: Option<Duration>,
    /// `metadata.max.retention.bytes`; `None` when there is no limit.
    pub retention_bytes: Option<u64>,
    /// `metadata.max.idle.interval.ms`; `None`, the default here, writes no such record: one node needs no sign of life,
    /// and each would cost a sync.
    pub idle_interval: Option<Duration>,
    /// `controller.quorum.election.timeout.ms`.
    pub election_timeout: Duration,
    /// `controller.quorum.fetch.timeout.ms`.
    pub fetch_timeout: Duration,
}

impl Default for MetadataLogOptions {
    fn default() -> Self {
        Self {
            segment_bytes: 1 << 30,
            bytes_between_snapshots: 20 << 20,
            snapshot_interval: Some(Duration::from_secs(3600)),
            retention_bytes: Some(100 << 20),
            idle_interval: None,
            election_timeout: Duration::from_secs(1),
            fetch_timeout: Duration::from_secs(2),
        }
    }
}
