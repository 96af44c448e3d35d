//! Records about topics and partitions.

use model::{BrokerId, LeaderEpoch, PartitionEpoch, PartitionIndex, TopicId, Uuid};
use wire::Record;
use wire::records::metadata as w;

use super::{Body, CodecError, broker_id, put, topic_id, topic_name, value};
use crate::partition::{Partition, PartitionChange, RecoveryState};
use crate::record::MetadataRecord;

type Whole = w::PartitionRecord;
type Changed = w::PartitionChangeRecord;

/// Which version of the partition records a metadata.version allows: eligible leader replicas came with 23,
/// directories with 17.
const fn partition_version(metadata_version: i16) -> i16 {
    match metadata_version {
        23.. => 2,
        17.. => 1,
        _ => 0,
    }
}

pub(super) fn encode(
    record: &MetadataRecord,
    metadata_version: i16,
    out: &mut Vec<u8>,
) -> Result<(), CodecError> {
    use MetadataRecord as R;
    let version = partition_version(metadata_version);
    match record {
        R::Topic { name, id } => {
            put(&w::TopicRecord { name: name.to_string(), topic_id: id.uuid() }, 0, out)
        }
        R::RemoveTopic { id } => put(&w::RemoveTopicRecord { topic_id: id.uuid() }, 0, out),
        R::Partition { topic, index, partition } => {
            put(&whole(*topic, *index, partition, version), version, out)
        }
        R::PartitionChange { topic, index, change } => {
            put(&changed(*topic, *index, change, version), version, out)
        }
        R::ClearElr { topic } => {
            let topic_name = topic.as_ref().map(ToString::to_string).unwrap_or_default();
            put(&w::ClearElrRecord { topic_name }, 0, out)
        }
        // `codec::encode` sends no other here.
        _ => Ok(()),
    }
}

fn to_wire(brokers: &[BrokerId]) -> Vec<i32> {
    brokers.iter().map(|id| id.to_wire()).collect()
}

const fn recovery_to_wire(recovery: RecoveryState) -> i8 {
    match recovery {
        RecoveryState::Recovered => 0,
        RecoveryState::Recovering => 1,
    }
}

fn whole(topic: TopicId, index: PartitionIndex, partition: &Partition, version: i16) -> Whole {
    let eligible =
        |brokers: &[BrokerId]| (version >= 2 && !brokers.is_empty()).then(|| to_wire(brokers));
    Whole {
        partition_id: index.to_wire(),
        topic_id: topic.uuid(),
        replicas: to_wire(&partition.replicas),
        isr: to_wire(&partition.isr),
        removing_replicas: to_wire(&partition.removing),
        adding_replicas: to_wire(&partition.adding),
        leader: partition.leader.map_or(-1, BrokerId::to_wire),
        leader_recovery_state: recovery_to_wire(partition.recovery),
        leader_epoch: partition.leader_epoch.to_wire(),
        partition_epoch: partition.partition_epoch.to_wire(),
        directories: if version >= 1 { partition.directories.clone() } else { Vec::new() },
        eligible_leader_replicas: eligible(&partition.elr),
        last_known_elr: eligible(&partition.last_known_elr),
    }
}

fn changed(
    topic: TopicId,
    index: PartitionIndex,
    change: &PartitionChange,
    version: i16,
) -> Changed {
    let list = |brokers: &Option<Vec<BrokerId>>| brokers.as_deref().map(to_wire);
    Changed {
        partition_id: index.to_wire(),
        topic_id: topic.uuid(),
        isr: list(&change.isr),
        leader: change.leader.map_or(-2, |leader| leader.map_or(-1, BrokerId::to_wire)),
        replicas: list(&change.replicas),
        removing_replicas: list(&change.removing),
        adding_replicas: list(&change.adding),
        leader_recovery_state: change.recovery.map_or(-1, recovery_to_wire),
        directories: change.directories.clone().filter(|_| version >= 1),
        eligible_leader_replicas: list(&change.elr).filter(|_| version >= 2),
        last_known_elr: list(&change.last_known_elr).filter(|_| version >= 2),
    }
}

/// `None` for a record about something else.
pub(super) fn decode(key: i16, body: &mut Body<'_>) -> Result<Option<MetadataRecord>, CodecError> {
    Ok(Some(match key {
        w::TopicRecord::KEY => {
            type R = w::TopicRecord;
            let record: R = body.read()?;
            let id = topic_id::<R>(record.topic_id)?;
            MetadataRecord::Topic { name: topic_name::<R>(&record.name)?, id }
        }
        w::RemoveTopicRecord::KEY => {
            type R = w::RemoveTopicRecord;
            let record: R = body.read()?;
            MetadataRecord::RemoveTopic { id: topic_id::<R>(record.topic_id)? }
        }
        Whole::KEY => decode_whole(body.read()?)?,
        Changed::KEY => decode_changed(body.read()?)?,
        w::ClearElrRecord::KEY => {
            type R = w::ClearElrRecord;
            let record: R = body.read()?;
            let name = Some(record.topic_name.as_str()).filter(|name| !name.is_empty());
            MetadataRecord::ClearElr { topic: name.map(topic_name::<R>).transpose()? }
        }
        _ => return Ok(None),
    }))
}

fn brokers(raw: &[i32]) -> Result<Vec<BrokerId>, CodecError> {
    raw.iter().map(|raw| broker_id::<Whole>("Replicas", *raw)).collect()
}

fn optional_brokers(raw: Option<&Vec<i32>>) -> Result<Option<Vec<BrokerId>>, CodecError> {
    raw.map(|raw| brokers(raw)).transpose()
}

fn index(raw: i32) -> Result<PartitionIndex, CodecError> {
    PartitionIndex::from_wire(raw).ok_or_else(|| value::<Whole>("PartitionId", raw))
}

fn recovery(raw: i8) -> Result<RecoveryState, CodecError> {
    match raw {
        0 => Ok(RecoveryState::Recovered),
        1 => Ok(RecoveryState::Recovering),
        other => Err(value::<Whole>("LeaderRecoveryState", other)),
    }
}

fn leader(raw: i32) -> Result<Option<BrokerId>, CodecError> {
    match raw {
        -1 => Ok(None),
        raw => broker_id::<Whole>("Leader", raw).map(Some),
    }
}

/// A directory for each replica, as long as the assignment: records of older versions name none.
fn directories(named: Vec<Uuid>, replicas: usize) -> Result<Vec<Uuid>, CodecError> {
    /// Says that the broker never named its directories.
    const MIGRATING: Uuid = Uuid::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    if named.is_empty() {
        return Ok(vec![MIGRATING; replicas]);
    }
    if named.len() != replicas {
        return Err(value::<Whole>("Directories", format!("{named:?} for {replicas} replicas")));
    }
    Ok(named)
}

fn decode_whole(record: Whole) -> Result<MetadataRecord, CodecError> {
    let epoch = |raw| LeaderEpoch::from_wire(raw).ok_or_else(|| value::<Whole>("LeaderEpoch", raw));
    let partition_epoch = PartitionEpoch::from_wire(record.partition_epoch)
        .ok_or_else(|| value::<Whole>("PartitionEpoch", record.partition_epoch))?;
    let optional = |raw: Option<Vec<i32>>| brokers(&raw.unwrap_or_default());
    let partition = Partition {
        replicas: brokers(&record.replicas)?,
        directories: directories(record.directories, record.replicas.len())?,
        isr: brokers(&record.isr)?,
        removing: brokers(&record.removing_replicas)?,
        adding: brokers(&record.adding_replicas)?,
        elr: optional(record.eligible_leader_replicas)?,
        last_known_elr: optional(record.last_known_elr)?,
        leader: leader(record.leader)?,
        recovery: recovery(record.leader_recovery_state)?,
        leader_epoch: epoch(record.leader_epoch)?,
        partition_epoch,
    };
    let topic = topic_id::<Whole>(record.topic_id)?;
    Ok(MetadataRecord::Partition { topic, index: index(record.partition_id)?, partition })
}

fn decode_changed(record: Changed) -> Result<MetadataRecord, CodecError> {
    let change = PartitionChange {
        isr: optional_brokers(record.isr.as_ref())?,
        leader: match record.leader {
            -2 => None,
            raw => Some(leader(raw)?),
        },
        replicas: optional_brokers(record.replicas.as_ref())?,
        removing: optional_brokers(record.removing_replicas.as_ref())?,
        adding: optional_brokers(record.adding_replicas.as_ref())?,
        recovery: match record.leader_recovery_state {
            -1 => None,
            raw => Some(recovery(raw)?),
        },
        directories: record.directories,
        elr: optional_brokers(record.eligible_leader_replicas.as_ref())?,
        last_known_elr: optional_brokers(record.last_known_elr.as_ref())?,
    };
    let topic = topic_id::<Changed>(record.topic_id)?;
    Ok(MetadataRecord::PartitionChange { topic, index: index(record.partition_id)?, change })
}
