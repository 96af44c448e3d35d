use model::{BrokerEpoch, BrokerId, PartitionIndex, ProducerId, TopicId, TopicName, Uuid};

use crate::broker::{BrokerRegistration, ControllerRegistration};
use crate::config::ConfigResource;
use crate::partition::{Partition, PartitionChange};
use crate::security::{DelegationToken, IdentifiedEntry, QuotaEntity, ScramCredential, ScramUser};

/// One record of `__cluster_metadata`, in words of the domain.
#[derive(Clone, Debug, PartialEq)]
pub enum MetadataRecord {
    RegisterBroker(BrokerRegistration),
    UnregisterBroker {
        id: BrokerId,
        epoch: BrokerEpoch,
    },
    BrokerRegistrationChange(BrokerChange),
    /// Written before [`MetadataRecord::BrokerRegistrationChange`] existed (metadata.version below 6).
    FenceBroker {
        id: BrokerId,
        epoch: BrokerEpoch,
    },
    UnfenceBroker {
        id: BrokerId,
        epoch: BrokerEpoch,
    },
    RegisterController(ControllerRegistration),
    UnregisterController {
        id: BrokerId,
    },
    Topic {
        name: TopicName,
        id: TopicId,
    },
    RemoveTopic {
        id: TopicId,
    },
    Partition {
        topic: TopicId,
        index: PartitionIndex,
        partition: Partition,
    },
    PartitionChange {
        topic: TopicId,
        index: PartitionIndex,
        change: PartitionChange,
    },
    /// Forgets the eligible leader replicas of one topic, or of all when `None`.
    ClearElr {
        topic: Option<TopicName>,
    },
    /// `None` takes the setting away.
    Config {
        resource: ConfigResource,
        name: String,
        value: Option<String>,
    },
    /// A level of 0 takes the feature away.
    FeatureLevel {
        name: String,
        level: i16,
    },
    /// Ids below `next` have been given out; the last block went to `broker`.
    ProducerIds {
        broker: Option<BrokerId>,
        epoch: Option<BrokerEpoch>,
        next: ProducerId,
    },
    /// `None` takes the quota away.
    ClientQuota {
        entity: QuotaEntity,
        key: String,
        value: Option<f64>,
    },
    AccessControlEntry(IdentifiedEntry),
    RemoveAccessControlEntry {
        id: Uuid,
    },
    UserScramCredential {
        user: ScramUser,
        credential: ScramCredential,
    },
    RemoveUserScramCredential {
        user: ScramUser,
    },
    DelegationToken(DelegationToken),
    RemoveDelegationToken {
        token_id: String,
    },
    /// The records up to `EndTransaction` count all or not at all (KIP-868).
    BeginTransaction {
        name: Option<String>,
    },
    EndTransaction,
    AbortTransaction {
        reason: Option<String>,
    },
    /// Moves the log's end and nothing else.
    NoOp,
    /// Left by clusters that came from ZooKeeper; has no meaning since Kafka 4.0.
    ZkMigrationState(i8),
}

/// What becomes different about a registered broker; `None` leaves a part as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerChange {
    pub id: BrokerId,
    pub epoch: BrokerEpoch,
    pub fenced: Option<bool>,
    /// Can only be entered: a new registration leaves it.
    pub enters_controlled_shutdown: bool,
    pub log_dirs: Option<Vec<Uuid>>,
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
}

impl BrokerChange {
    /// A change of nothing, to be filled in.
    pub const fn new(id: BrokerId, epoch: BrokerEpoch) -> Self {
        Self {
            id,
            epoch,
            fenced: None,
            enters_controlled_shutdown: false,
            log_dirs: None,
            cordoned_log_dirs: None,
        }
    }
}
