// Written by `cargo xtask codegen` from `crates/wire/spec`. Do not edit.

use crate::{AnyRecord, DecodeError, EncodeError, Message, Reader, Record, VersionRange};

pub mod abort_transaction_record;
pub mod access_control_entry_record;
pub mod begin_transaction_record;
pub mod broker_registration_change_record;
pub mod clear_elr_record;
pub mod client_quota_record;
pub mod config_record;
pub mod delegation_token_record;
pub mod end_transaction_record;
pub mod feature_level_record;
pub mod fence_broker_record;
pub mod no_op_record;
pub mod partition_change_record;
pub mod partition_record;
pub mod producer_ids_record;
pub mod register_broker_record;
pub mod register_controller_record;
pub mod remove_access_control_entry_record;
pub mod remove_delegation_token_record;
pub mod remove_topic_record;
pub mod remove_user_scram_credential_record;
pub mod topic_record;
pub mod unfence_broker_record;
pub mod unregister_broker_record;
pub mod unregister_controller_record;
pub mod user_scram_credential_record;
pub mod zk_migration_state_record;

pub use abort_transaction_record::AbortTransactionRecord;
pub use access_control_entry_record::AccessControlEntryRecord;
pub use begin_transaction_record::BeginTransactionRecord;
pub use broker_registration_change_record::BrokerRegistrationChangeRecord;
pub use clear_elr_record::ClearElrRecord;
pub use client_quota_record::ClientQuotaRecord;
pub use config_record::ConfigRecord;
pub use delegation_token_record::DelegationTokenRecord;
pub use end_transaction_record::EndTransactionRecord;
pub use feature_level_record::FeatureLevelRecord;
pub use fence_broker_record::FenceBrokerRecord;
pub use no_op_record::NoOpRecord;
pub use partition_change_record::PartitionChangeRecord;
pub use partition_record::PartitionRecord;
pub use producer_ids_record::ProducerIdsRecord;
pub use register_broker_record::RegisterBrokerRecord;
pub use register_controller_record::RegisterControllerRecord;
pub use remove_access_control_entry_record::RemoveAccessControlEntryRecord;
pub use remove_delegation_token_record::RemoveDelegationTokenRecord;
pub use remove_topic_record::RemoveTopicRecord;
pub use remove_user_scram_credential_record::RemoveUserScramCredentialRecord;
pub use topic_record::TopicRecord;
pub use unfence_broker_record::UnfenceBrokerRecord;
pub use unregister_broker_record::UnregisterBrokerRecord;
pub use unregister_controller_record::UnregisterControllerRecord;
pub use user_scram_credential_record::UserScramCredentialRecord;
pub use zk_migration_state_record::ZkMigrationStateRecord;

/// Any record of the `metadata` records.
#[derive(Clone, Debug, PartialEq)]
pub enum MetadataRecord {
    RegisterBroker(RegisterBrokerRecord),
    UnregisterBroker(UnregisterBrokerRecord),
    Topic(TopicRecord),
    Partition(PartitionRecord),
    Config(ConfigRecord),
    PartitionChange(PartitionChangeRecord),
    FenceBroker(FenceBrokerRecord),
    UnfenceBroker(UnfenceBrokerRecord),
    RemoveTopic(RemoveTopicRecord),
    DelegationToken(DelegationTokenRecord),
    UserScramCredential(UserScramCredentialRecord),
    FeatureLevel(FeatureLevelRecord),
    ClientQuota(ClientQuotaRecord),
    ProducerIds(ProducerIdsRecord),
    BrokerRegistrationChange(BrokerRegistrationChangeRecord),
    AccessControlEntry(AccessControlEntryRecord),
    RemoveAccessControlEntry(RemoveAccessControlEntryRecord),
    NoOp(NoOpRecord),
    ZkMigrationState(ZkMigrationStateRecord),
    RemoveUserScramCredential(RemoveUserScramCredentialRecord),
    BeginTransaction(BeginTransactionRecord),
    EndTransaction(EndTransactionRecord),
    AbortTransaction(AbortTransactionRecord),
    RemoveDelegationToken(RemoveDelegationTokenRecord),
    RegisterController(RegisterControllerRecord),
    ClearElr(ClearElrRecord),
    UnregisterController(UnregisterControllerRecord),
}

impl AnyRecord for MetadataRecord {
    fn decode(key: i16, input: &mut Reader<'_>, version: i16) -> Result<Self, DecodeError> {
        match key {
            RegisterBrokerRecord::KEY => {
                RegisterBrokerRecord::decode(input, version).map(Self::RegisterBroker)
            }
            UnregisterBrokerRecord::KEY => {
                UnregisterBrokerRecord::decode(input, version).map(Self::UnregisterBroker)
            }
            TopicRecord::KEY => TopicRecord::decode(input, version).map(Self::Topic),
            PartitionRecord::KEY => PartitionRecord::decode(input, version).map(Self::Partition),
            ConfigRecord::KEY => ConfigRecord::decode(input, version).map(Self::Config),
            PartitionChangeRecord::KEY => {
                PartitionChangeRecord::decode(input, version).map(Self::PartitionChange)
            }
            FenceBrokerRecord::KEY => {
                FenceBrokerRecord::decode(input, version).map(Self::FenceBroker)
            }
            UnfenceBrokerRecord::KEY => {
                UnfenceBrokerRecord::decode(input, version).map(Self::UnfenceBroker)
            }
            RemoveTopicRecord::KEY => {
                RemoveTopicRecord::decode(input, version).map(Self::RemoveTopic)
            }
            DelegationTokenRecord::KEY => {
                DelegationTokenRecord::decode(input, version).map(Self::DelegationToken)
            }
            UserScramCredentialRecord::KEY => {
                UserScramCredentialRecord::decode(input, version).map(Self::UserScramCredential)
            }
            FeatureLevelRecord::KEY => {
                FeatureLevelRecord::decode(input, version).map(Self::FeatureLevel)
            }
            ClientQuotaRecord::KEY => {
                ClientQuotaRecord::decode(input, version).map(Self::ClientQuota)
            }
            ProducerIdsRecord::KEY => {
                ProducerIdsRecord::decode(input, version).map(Self::ProducerIds)
            }
            BrokerRegistrationChangeRecord::KEY => {
                BrokerRegistrationChangeRecord::decode(input, version)
                    .map(Self::BrokerRegistrationChange)
            }
            AccessControlEntryRecord::KEY => {
                AccessControlEntryRecord::decode(input, version).map(Self::AccessControlEntry)
            }
            RemoveAccessControlEntryRecord::KEY => {
                RemoveAccessControlEntryRecord::decode(input, version)
                    .map(Self::RemoveAccessControlEntry)
            }
            NoOpRecord::KEY => NoOpRecord::decode(input, version).map(Self::NoOp),
            ZkMigrationStateRecord::KEY => {
                ZkMigrationStateRecord::decode(input, version).map(Self::ZkMigrationState)
            }
            RemoveUserScramCredentialRecord::KEY => {
                RemoveUserScramCredentialRecord::decode(input, version)
                    .map(Self::RemoveUserScramCredential)
            }
            BeginTransactionRecord::KEY => {
                BeginTransactionRecord::decode(input, version).map(Self::BeginTransaction)
            }
            EndTransactionRecord::KEY => {
                EndTransactionRecord::decode(input, version).map(Self::EndTransaction)
            }
            AbortTransactionRecord::KEY => {
                AbortTransactionRecord::decode(input, version).map(Self::AbortTransaction)
            }
            RemoveDelegationTokenRecord::KEY => {
                RemoveDelegationTokenRecord::decode(input, version).map(Self::RemoveDelegationToken)
            }
            RegisterControllerRecord::KEY => {
                RegisterControllerRecord::decode(input, version).map(Self::RegisterController)
            }
            ClearElrRecord::KEY => ClearElrRecord::decode(input, version).map(Self::ClearElr),
            UnregisterControllerRecord::KEY => {
                UnregisterControllerRecord::decode(input, version).map(Self::UnregisterController)
            }

            _ => Err(DecodeError::RecordKey { group: "MetadataRecord", key }),
        }
    }

    fn encode(&self, out: &mut Vec<u8>, version: i16) -> Result<(), EncodeError> {
        match self {
            Self::RegisterBroker(it) => it.encode(out, version),
            Self::UnregisterBroker(it) => it.encode(out, version),
            Self::Topic(it) => it.encode(out, version),
            Self::Partition(it) => it.encode(out, version),
            Self::Config(it) => it.encode(out, version),
            Self::PartitionChange(it) => it.encode(out, version),
            Self::FenceBroker(it) => it.encode(out, version),
            Self::UnfenceBroker(it) => it.encode(out, version),
            Self::RemoveTopic(it) => it.encode(out, version),
            Self::DelegationToken(it) => it.encode(out, version),
            Self::UserScramCredential(it) => it.encode(out, version),
            Self::FeatureLevel(it) => it.encode(out, version),
            Self::ClientQuota(it) => it.encode(out, version),
            Self::ProducerIds(it) => it.encode(out, version),
            Self::BrokerRegistrationChange(it) => it.encode(out, version),
            Self::AccessControlEntry(it) => it.encode(out, version),
            Self::RemoveAccessControlEntry(it) => it.encode(out, version),
            Self::NoOp(it) => it.encode(out, version),
            Self::ZkMigrationState(it) => it.encode(out, version),
            Self::RemoveUserScramCredential(it) => it.encode(out, version),
            Self::BeginTransaction(it) => it.encode(out, version),
            Self::EndTransaction(it) => it.encode(out, version),
            Self::AbortTransaction(it) => it.encode(out, version),
            Self::RemoveDelegationToken(it) => it.encode(out, version),
            Self::RegisterController(it) => it.encode(out, version),
            Self::ClearElr(it) => it.encode(out, version),
            Self::UnregisterController(it) => it.encode(out, version),
        }
    }

    fn key(&self) -> i16 {
        match self {
            Self::RegisterBroker(_) => RegisterBrokerRecord::KEY,
            Self::UnregisterBroker(_) => UnregisterBrokerRecord::KEY,
            Self::Topic(_) => TopicRecord::KEY,
            Self::Partition(_) => PartitionRecord::KEY,
            Self::Config(_) => ConfigRecord::KEY,
            Self::PartitionChange(_) => PartitionChangeRecord::KEY,
            Self::FenceBroker(_) => FenceBrokerRecord::KEY,
            Self::UnfenceBroker(_) => UnfenceBrokerRecord::KEY,
            Self::RemoveTopic(_) => RemoveTopicRecord::KEY,
            Self::DelegationToken(_) => DelegationTokenRecord::KEY,
            Self::UserScramCredential(_) => UserScramCredentialRecord::KEY,
            Self::FeatureLevel(_) => FeatureLevelRecord::KEY,
            Self::ClientQuota(_) => ClientQuotaRecord::KEY,
            Self::ProducerIds(_) => ProducerIdsRecord::KEY,
            Self::BrokerRegistrationChange(_) => BrokerRegistrationChangeRecord::KEY,
            Self::AccessControlEntry(_) => AccessControlEntryRecord::KEY,
            Self::RemoveAccessControlEntry(_) => RemoveAccessControlEntryRecord::KEY,
            Self::NoOp(_) => NoOpRecord::KEY,
            Self::ZkMigrationState(_) => ZkMigrationStateRecord::KEY,
            Self::RemoveUserScramCredential(_) => RemoveUserScramCredentialRecord::KEY,
            Self::BeginTransaction(_) => BeginTransactionRecord::KEY,
            Self::EndTransaction(_) => EndTransactionRecord::KEY,
            Self::AbortTransaction(_) => AbortTransactionRecord::KEY,
            Self::RemoveDelegationToken(_) => RemoveDelegationTokenRecord::KEY,
            Self::RegisterController(_) => RegisterControllerRecord::KEY,
            Self::ClearElr(_) => ClearElrRecord::KEY,
            Self::UnregisterController(_) => UnregisterControllerRecord::KEY,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::RegisterBroker(_) => RegisterBrokerRecord::NAME,
            Self::UnregisterBroker(_) => UnregisterBrokerRecord::NAME,
            Self::Topic(_) => TopicRecord::NAME,
            Self::Partition(_) => PartitionRecord::NAME,
            Self::Config(_) => ConfigRecord::NAME,
            Self::PartitionChange(_) => PartitionChangeRecord::NAME,
            Self::FenceBroker(_) => FenceBrokerRecord::NAME,
            Self::UnfenceBroker(_) => UnfenceBrokerRecord::NAME,
            Self::RemoveTopic(_) => RemoveTopicRecord::NAME,
            Self::DelegationToken(_) => DelegationTokenRecord::NAME,
            Self::UserScramCredential(_) => UserScramCredentialRecord::NAME,
            Self::FeatureLevel(_) => FeatureLevelRecord::NAME,
            Self::ClientQuota(_) => ClientQuotaRecord::NAME,
            Self::ProducerIds(_) => ProducerIdsRecord::NAME,
            Self::BrokerRegistrationChange(_) => BrokerRegistrationChangeRecord::NAME,
            Self::AccessControlEntry(_) => AccessControlEntryRecord::NAME,
            Self::RemoveAccessControlEntry(_) => RemoveAccessControlEntryRecord::NAME,
            Self::NoOp(_) => NoOpRecord::NAME,
            Self::ZkMigrationState(_) => ZkMigrationStateRecord::NAME,
            Self::RemoveUserScramCredential(_) => RemoveUserScramCredentialRecord::NAME,
            Self::BeginTransaction(_) => BeginTransactionRecord::NAME,
            Self::EndTransaction(_) => EndTransactionRecord::NAME,
            Self::AbortTransaction(_) => AbortTransactionRecord::NAME,
            Self::RemoveDelegationToken(_) => RemoveDelegationTokenRecord::NAME,
            Self::RegisterController(_) => RegisterControllerRecord::NAME,
            Self::ClearElr(_) => ClearElrRecord::NAME,
            Self::UnregisterController(_) => UnregisterControllerRecord::NAME,
        }
    }

    fn versions(&self) -> VersionRange {
        match self {
            Self::RegisterBroker(_) => RegisterBrokerRecord::VERSIONS,
            Self::UnregisterBroker(_) => UnregisterBrokerRecord::VERSIONS,
            Self::Topic(_) => TopicRecord::VERSIONS,
            Self::Partition(_) => PartitionRecord::VERSIONS,
            Self::Config(_) => ConfigRecord::VERSIONS,
            Self::PartitionChange(_) => PartitionChangeRecord::VERSIONS,
            Self::FenceBroker(_) => FenceBrokerRecord::VERSIONS,
            Self::UnfenceBroker(_) => UnfenceBrokerRecord::VERSIONS,
            Self::RemoveTopic(_) => RemoveTopicRecord::VERSIONS,
            Self::DelegationToken(_) => DelegationTokenRecord::VERSIONS,
            Self::UserScramCredential(_) => UserScramCredentialRecord::VERSIONS,
            Self::FeatureLevel(_) => FeatureLevelRecord::VERSIONS,
            Self::ClientQuota(_) => ClientQuotaRecord::VERSIONS,
            Self::ProducerIds(_) => ProducerIdsRecord::VERSIONS,
            Self::BrokerRegistrationChange(_) => BrokerRegistrationChangeRecord::VERSIONS,
            Self::AccessControlEntry(_) => AccessControlEntryRecord::VERSIONS,
            Self::RemoveAccessControlEntry(_) => RemoveAccessControlEntryRecord::VERSIONS,
            Self::NoOp(_) => NoOpRecord::VERSIONS,
            Self::ZkMigrationState(_) => ZkMigrationStateRecord::VERSIONS,
            Self::RemoveUserScramCredential(_) => RemoveUserScramCredentialRecord::VERSIONS,
            Self::BeginTransaction(_) => BeginTransactionRecord::VERSIONS,
            Self::EndTransaction(_) => EndTransactionRecord::VERSIONS,
            Self::AbortTransaction(_) => AbortTransactionRecord::VERSIONS,
            Self::RemoveDelegationToken(_) => RemoveDelegationTokenRecord::VERSIONS,
            Self::RegisterController(_) => RegisterControllerRecord::VERSIONS,
            Self::ClearElr(_) => ClearElrRecord::VERSIONS,
            Self::UnregisterController(_) => UnregisterControllerRecord::VERSIONS,
        }
    }
}

impl From<RegisterBrokerRecord> for MetadataRecord {
    fn from(it: RegisterBrokerRecord) -> Self {
        Self::RegisterBroker(it)
    }
}

impl From<UnregisterBrokerRecord> for MetadataRecord {
    fn from(it: UnregisterBrokerRecord) -> Self {
        Self::UnregisterBroker(it)
    }
}

impl From<TopicRecord> for MetadataRecord {
    fn from(it: TopicRecord) -> Self {
        Self::Topic(it)
    }
}

impl From<PartitionRecord> for MetadataRecord {
    fn from(it: PartitionRecord) -> Self {
        Self::Partition(it)
    }
}

impl From<ConfigRecord> for MetadataRecord {
    fn from(it: ConfigRecord) -> Self {
        Self::Config(it)
    }
}

impl From<PartitionChangeRecord> for MetadataRecord {
    fn from(it: PartitionChangeRecord) -> Self {
        Self::PartitionChange(it)
    }
}

impl From<FenceBrokerRecord> for MetadataRecord {
    fn from(it: FenceBrokerRecord) -> Self {
        Self::FenceBroker(it)
    }
}

impl From<UnfenceBrokerRecord> for MetadataRecord {
    fn from(it: UnfenceBrokerRecord) -> Self {
        Self::UnfenceBroker(it)
    }
}

impl From<RemoveTopicRecord> for MetadataRecord {
    fn from(it: RemoveTopicRecord) -> Self {
        Self::RemoveTopic(it)
    }
}

impl From<DelegationTokenRecord> for MetadataRecord {
    fn from(it: DelegationTokenRecord) -> Self {
        Self::DelegationToken(it)
    }
}

impl From<UserScramCredentialRecord> for MetadataRecord {
    fn from(it: UserScramCredentialRecord) -> Self {
        Self::UserScramCredential(it)
    }
}

impl From<FeatureLevelRecord> for MetadataRecord {
    fn from(it: FeatureLevelRecord) -> Self {
        Self::FeatureLevel(it)
    }
}

impl From<ClientQuotaRecord> for MetadataRecord {
    fn from(it: ClientQuotaRecord) -> Self {
        Self::ClientQuota(it)
    }
}

impl From<ProducerIdsRecord> for MetadataRecord {
    fn from(it: ProducerIdsRecord) -> Self {
        Self::ProducerIds(it)
    }
}

impl From<BrokerRegistrationChangeRecord> for MetadataRecord {
    fn from(it: BrokerRegistrationChangeRecord) -> Self {
        Self::BrokerRegistrationChange(it)
    }
}

impl From<AccessControlEntryRecord> for MetadataRecord {
    fn from(it: AccessControlEntryRecord) -> Self {
        Self::AccessControlEntry(it)
    }
}

impl From<RemoveAccessControlEntryRecord> for MetadataRecord {
    fn from(it: RemoveAccessControlEntryRecord) -> Self {
        Self::RemoveAccessControlEntry(it)
    }
}

impl From<NoOpRecord> for MetadataRecord {
    fn from(it: NoOpRecord) -> Self {
        Self::NoOp(it)
    }
}

impl From<ZkMigrationStateRecord> for MetadataRecord {
    fn from(it: ZkMigrationStateRecord) -> Self {
        Self::ZkMigrationState(it)
    }
}

impl From<RemoveUserScramCredentialRecord> for MetadataRecord {
    fn from(it: RemoveUserScramCredentialRecord) -> Self {
        Self::RemoveUserScramCredential(it)
    }
}

impl From<BeginTransactionRecord> for MetadataRecord {
    fn from(it: BeginTransactionRecord) -> Self {
        Self::BeginTransaction(it)
    }
}

impl From<EndTransactionRecord> for MetadataRecord {
    fn from(it: EndTransactionRecord) -> Self {
        Self::EndTransaction(it)
    }
}

impl From<AbortTransactionRecord> for MetadataRecord {
    fn from(it: AbortTransactionRecord) -> Self {
        Self::AbortTransaction(it)
    }
}

impl From<RemoveDelegationTokenRecord> for MetadataRecord {
    fn from(it: RemoveDelegationTokenRecord) -> Self {
        Self::RemoveDelegationToken(it)
    }
}

impl From<RegisterControllerRecord> for MetadataRecord {
    fn from(it: RegisterControllerRecord) -> Self {
        Self::RegisterController(it)
    }
}

impl From<ClearElrRecord> for MetadataRecord {
    fn from(it: ClearElrRecord) -> Self {
        Self::ClearElr(it)
    }
}

impl From<UnregisterControllerRecord> for MetadataRecord {
    fn from(it: UnregisterControllerRecord) -> Self {
        Self::UnregisterController(it)
    }
}
