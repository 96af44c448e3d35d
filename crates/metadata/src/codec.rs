//! Kafka's bytes of a metadata record, and back: frame version 1, record key, record version, body. The first three
//! are unsigned varints. What a body of [`wire`] means is known here and nowhere else.

mod nodes;
mod topics;

use bytes::Bytes;
use model::{BrokerEpoch, BrokerId, ProducerId, Timestamp, TopicId, TopicName, Uuid};
use wire::records::metadata as w;
use wire::{DecodeError, EncodeError, Message, Reader, Record};

use crate::config::{ConfigKind, ConfigResource};
use crate::record::MetadataRecord;
use crate::security::{
    AccessControlEntry, DelegationToken, IdentifiedEntry, ScramCredential, ScramUser,
};

const FRAME_VERSION: u32 = 1;

/// Why bytes are not a metadata record, or a record has no bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error("frame version {0} is not 1")]
    FrameVersion(u32),
    /// Of a later Kafka: leaving it out would lose metadata.
    #[error("metadata record {key} in version {version} is not known")]
    UnknownRecord { key: u32, version: u32 },
    #[error("{field} of {record} cannot be {value}")]
    Value { record: &'static str, field: &'static str, value: String },
    #[error("read metadata record: {0}")]
    Decode(DecodeError),
    #[error("write metadata record: {0}")]
    Encode(EncodeError),
}

impl From<DecodeError> for CodecError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<EncodeError> for CodecError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

/// Appends the bytes of a record, in the version that `metadata_version` allows to write.
pub fn encode(
    record: &MetadataRecord,
    metadata_version: i16,
    out: &mut Vec<u8>,
) -> Result<(), CodecError> {
    use MetadataRecord as R;
    match record {
        R::RegisterBroker(_)
        | R::UnregisterBroker { .. }
        | R::BrokerRegistrationChange(_)
        | R::FenceBroker { .. }
        | R::UnfenceBroker { .. }
        | R::RegisterController(_)
        | R::UnregisterController { .. } => nodes::encode(record, metadata_version, out),
        R::Topic { .. }
        | R::RemoveTopic { .. }
        | R::Partition { .. }
        | R::PartitionChange { .. }
        | R::ClearElr { .. } => topics::encode(record, metadata_version, out),
        _ => encode_other(record, out),
    }
}

fn encode_other(record: &MetadataRecord, out: &mut Vec<u8>) -> Result<(), CodecError> {
    use MetadataRecord as R;
    match record {
        R::Config { resource, name, value } => {
            let (resource_type, resource_name) = (resource.kind.to_wire(), resource.name.clone());
            let (name, value) = (name.clone(), value.clone());
            put(&w::ConfigRecord { resource_type, resource_name, name, value }, 0, out)
        }
        R::FeatureLevel { name, level } => {
            let record = w::FeatureLevelRecord { name: name.clone(), feature_level: *level };
            put(&record, 0, out)
        }
        R::ProducerIds { broker, epoch, next } => {
            let broker_id = broker.map_or(-1, BrokerId::to_wire);
            let broker_epoch = epoch.map_or(-1, BrokerEpoch::to_wire);
            let next_producer_id = next.to_wire();
            put(&w::ProducerIdsRecord { broker_id, broker_epoch, next_producer_id }, 0, out)
        }
        R::ClientQuota { entity, key, value } => {
            let entity = entity.iter().map(|(entity_type, entity_name)| {
                let (entity_type, entity_name) = (entity_type.clone(), entity_name.clone());
                w::client_quota_record::EntityData { entity_type, entity_name }
            });
            let record = w::ClientQuotaRecord {
                entity: entity.collect(),
                key: key.clone(),
                value: value.unwrap_or(0.0),
                remove: value.is_none(),
            };
            put(&record, 0, out)
        }
        R::BeginTransaction { name } => {
            put(&w::BeginTransactionRecord { name: name.clone() }, 0, out)
        }
        R::EndTransaction => put(&w::EndTransactionRecord {}, 0, out),
        R::AbortTransaction { reason } => {
            put(&w::AbortTransactionRecord { reason: reason.clone() }, 0, out)
        }
        R::NoOp => put(&w::NoOpRecord {}, 0, out),
        R::ZkMigrationState(zk_migration_state) => {
            let zk_migration_state = *zk_migration_state;
            put(&w::ZkMigrationStateRecord { zk_migration_state }, 0, out)
        }
        _ => encode_security(record, out),
    }
}

fn encode_security(record: &MetadataRecord, out: &mut Vec<u8>) -> Result<(), CodecError> {
    use MetadataRecord as R;
    match record {
        R::AccessControlEntry(IdentifiedEntry { id, entry }) => {
            let record = w::AccessControlEntryRecord {
                id: *id,
                resource_type: entry.resource_type,
                resource_name: entry.resource_name.clone(),
                pattern_type: entry.pattern_type,
                principal: entry.principal.clone(),
                host: entry.host.clone(),
                operation: entry.operation,
                permission_type: entry.permission_type,
            };
            put(&record, 0, out)
        }
        R::RemoveAccessControlEntry { id } => {
            put(&w::RemoveAccessControlEntryRecord { id: *id }, 0, out)
        }
        R::UserScramCredential { user, credential } => {
            let record = w::UserScramCredentialRecord {
                name: user.name.clone(),
                mechanism: user.mechanism,
                salt: Bytes::copy_from_slice(&credential.salt),
                stored_key: Bytes::copy_from_slice(&credential.stored_key),
                server_key: Bytes::copy_from_slice(&credential.server_key),
                iterations: credential.iterations,
            };
            put(&record, 0, out)
        }
        R::RemoveUserScramCredential { user } => {
            let (name, mechanism) = (user.name.clone(), user.mechanism);
            put(&w::RemoveUserScramCredentialRecord { name, mechanism }, 0, out)
        }
        R::DelegationToken(token) => {
            let millis = |time: Option<Timestamp>| time.map_or(-1, Timestamp::as_millis);
            let record = w::DelegationTokenRecord {
                owner: token.owner.clone(),
                requester: token.requester.clone(),
                renewers: token.renewers.clone(),
                issue_timestamp: millis(token.issued_at),
                max_timestamp: millis(token.max_at),
                expiration_timestamp: millis(token.expires_at),
                token_id: token.token_id.clone(),
            };
            put(&record, 0, out)
        }
        R::RemoveDelegationToken { token_id } => {
            put(&w::RemoveDelegationTokenRecord { token_id: token_id.clone() }, 0, out)
        }
        // `encode` and `encode_other` sent all others elsewhere.
        _ => Ok(()),
    }
}

/// Reads the one record that `bytes` are.
pub fn decode(bytes: &[u8]) -> Result<MetadataRecord, CodecError> {
    let mut input = Reader::new(bytes);
    let frame_version = input.unsigned_varint()?;
    if frame_version != FRAME_VERSION {
        return Err(CodecError::FrameVersion(frame_version));
    }
    let key = input.unsigned_varint()?;
    let version = input.unsigned_varint()?;
    let unknown = CodecError::UnknownRecord { key, version };
    let (Ok(short_key), Ok(version)) = (i16::try_from(key), i16::try_from(version)) else {
        return Err(unknown);
    };
    let body = &mut Body { input, version };
    let record = match nodes::decode(short_key, body)? {
        Some(record) => Some(record),
        None => match topics::decode(short_key, body)? {
            Some(record) => Some(record),
            None => decode_other(short_key, body)?,
        },
    };
    let record = record.ok_or(unknown)?;
    body.input.finish()?;
    Ok(record)
}

fn decode_other(key: i16, body: &mut Body<'_>) -> Result<Option<MetadataRecord>, CodecError> {
    Ok(Some(match key {
        w::ConfigRecord::KEY => {
            let record: w::ConfigRecord = body.read()?;
            let kind = ConfigKind::from_wire(record.resource_type)
                .ok_or_else(|| value::<w::ConfigRecord>("ResourceType", record.resource_type))?;
            let resource = ConfigResource { kind, name: record.resource_name };
            MetadataRecord::Config { resource, name: record.name, value: record.value }
        }
        w::FeatureLevelRecord::KEY => {
            let record: w::FeatureLevelRecord = body.read()?;
            MetadataRecord::FeatureLevel { name: record.name, level: record.feature_level }
        }
        w::ProducerIdsRecord::KEY => {
            let record: w::ProducerIdsRecord = body.read()?;
            MetadataRecord::ProducerIds {
                broker: BrokerId::from_wire(record.broker_id),
                epoch: BrokerEpoch::from_wire(record.broker_epoch),
                next: ProducerId::from_wire(record.next_producer_id).ok_or_else(|| {
                    value::<w::ProducerIdsRecord>("NextProducerId", record.next_producer_id)
                })?,
            }
        }
        w::ClientQuotaRecord::KEY => {
            let record: w::ClientQuotaRecord = body.read()?;
            let entity = record.entity.into_iter();
            MetadataRecord::ClientQuota {
                entity: entity.map(|data| (data.entity_type, data.entity_name)).collect(),
                key: record.key,
                value: (!record.remove).then_some(record.value),
            }
        }
        w::BeginTransactionRecord::KEY => {
            let record: w::BeginTransactionRecord = body.read()?;
            MetadataRecord::BeginTransaction { name: record.name }
        }
        w::EndTransactionRecord::KEY => {
            body.read::<w::EndTransactionRecord>()?;
            MetadataRecord::EndTransaction
        }
        w::AbortTransactionRecord::KEY => {
            let record: w::AbortTransactionRecord = body.read()?;
            MetadataRecord::AbortTransaction { reason: record.reason }
        }
        w::NoOpRecord::KEY => {
            body.read::<w::NoOpRecord>()?;
            MetadataRecord::NoOp
        }
        w::ZkMigrationStateRecord::KEY => {
            let record: w::ZkMigrationStateRecord = body.read()?;
            MetadataRecord::ZkMigrationState(record.zk_migration_state)
        }
        _ => return decode_security(key, body),
    }))
}

fn decode_security(key: i16, body: &mut Body<'_>) -> Result<Option<MetadataRecord>, CodecError> {
    Ok(Some(match key {
        w::AccessControlEntryRecord::KEY => {
            let record: w::AccessControlEntryRecord = body.read()?;
            let entry = AccessControlEntry {
                resource_type: record.resource_type,
                resource_name: record.resource_name,
                pattern_type: record.pattern_type,
                principal: record.principal,
                host: record.host,
                operation: record.operation,
                permission_type: record.permission_type,
            };
            MetadataRecord::AccessControlEntry(IdentifiedEntry { id: record.id, entry })
        }
        w::RemoveAccessControlEntryRecord::KEY => {
            let record: w::RemoveAccessControlEntryRecord = body.read()?;
            MetadataRecord::RemoveAccessControlEntry { id: record.id }
        }
        w::UserScramCredentialRecord::KEY => {
            let record: w::UserScramCredentialRecord = body.read()?;
            MetadataRecord::UserScramCredential {
                user: ScramUser { name: record.name, mechanism: record.mechanism },
                credential: ScramCredential {
                    salt: record.salt.to_vec(),
                    stored_key: record.stored_key.to_vec(),
                    server_key: record.server_key.to_vec(),
                    iterations: record.iterations,
                },
            }
        }
        w::RemoveUserScramCredentialRecord::KEY => {
            let record: w::RemoveUserScramCredentialRecord = body.read()?;
            let user = ScramUser { name: record.name, mechanism: record.mechanism };
            MetadataRecord::RemoveUserScramCredential { user }
        }
        w::DelegationTokenRecord::KEY => {
            let record: w::DelegationTokenRecord = body.read()?;
            MetadataRecord::DelegationToken(DelegationToken {
                token_id: record.token_id,
                owner: record.owner,
                requester: record.requester,
                renewers: record.renewers,
                issued_at: Timestamp::from_millis(record.issue_timestamp),
                max_at: Timestamp::from_millis(record.max_timestamp),
                expires_at: Timestamp::from_millis(record.expiration_timestamp),
            })
        }
        w::RemoveDelegationTokenRecord::KEY => {
            let record: w::RemoveDelegationTokenRecord = body.read()?;
            MetadataRecord::RemoveDelegationToken { token_id: record.token_id }
        }
        _ => return Ok(None),
    }))
}

/// Where the body of a record begins, and its version.
struct Body<'a> {
    input: Reader<'a>,
    version: i16,
}

impl Body<'_> {
    fn read<R: Message>(&mut self) -> Result<R, CodecError> {
        Ok(R::decode(&mut self.input, self.version)?)
    }
}

/// Appends frame and body of a record.
fn put<R: Record>(record: &R, version: i16, out: &mut Vec<u8>) -> Result<(), CodecError> {
    let mut header = wire::Writer::new(out, true);
    header.unsigned_varint(FRAME_VERSION);
    header.unsigned_varint(R::KEY.unsigned_abs().into());
    header.unsigned_varint(version.unsigned_abs().into());
    Ok(record.encode(out, version)?)
}

/// The error for a value that the domain does not have.
fn value<R: Message>(field: &'static str, value: impl ToString) -> CodecError {
    CodecError::Value { record: R::NAME, field, value: value.to_string() }
}

fn broker_id<R: Message>(field: &'static str, raw: i32) -> Result<BrokerId, CodecError> {
    BrokerId::from_wire(raw).ok_or_else(|| value::<R>(field, raw))
}

fn broker_epoch<R: Message>(raw: i64) -> Result<BrokerEpoch, CodecError> {
    BrokerEpoch::from_wire(raw).ok_or_else(|| value::<R>("BrokerEpoch", raw))
}

fn topic_id<R: Message>(raw: Uuid) -> Result<TopicId, CodecError> {
    TopicId::new(raw).ok_or_else(|| value::<R>("TopicId", raw))
}

fn topic_name<R: Message>(raw: &str) -> Result<TopicName, CodecError> {
    TopicName::new(raw).map_err(|_| value::<R>("Name", raw))
}

#[cfg(test)]
mod tests;
