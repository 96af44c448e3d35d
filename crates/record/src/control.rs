//! Control records: what brokers and controllers write between the records of applications. A control batch has the
//! control bit; it takes offsets like any other and is never handed to an application.

use model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, Timestamp};

use crate::builder::{BatchBuilder, BatchStamp, BuildError};
use crate::codec::Compressor;
use crate::header::ProducerStamp;
use crate::limits::CONTROL_RECORD_COUNT_MAX;
use crate::records::RecordView;

/// What a control record says; its key names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ControlType {
    /// The transaction of the batch's producer ends; its records count for nothing.
    Abort,
    /// The transaction of the batch's producer ends; its records count.
    Commit,
    /// The metadata quorum has a new leader (KIP-595).
    LeaderChange,
    /// A snapshot begins (KIP-630).
    SnapshotHeader,
    /// A snapshot ends.
    SnapshotFooter,
    /// The version of the quorum's own rules (KIP-853).
    KRaftVersion,
    /// The voters of the quorum (KIP-853).
    KRaftVoters,
    /// A type of a later Kafka: to be stepped over.
    Unknown(i16),
}

/// Why a control record cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    #[error("control key is shorter than four bytes")]
    Key,
    #[error("version {0} is negative")]
    Version(i16),
    #[error("record is no end of a transaction")]
    NotEndTransaction,
    #[error("end of a transaction has no coordinator epoch")]
    EndTransactionValue,
    #[error("control batch would have {0} records")]
    Count(usize),
    #[error(transparent)]
    Build(#[from] BuildError),
}

impl ControlType {
    pub const fn from_wire(raw: i16) -> Self {
        match raw {
            0 => Self::Abort,
            1 => Self::Commit,
            2 => Self::LeaderChange,
            3 => Self::SnapshotHeader,
            4 => Self::SnapshotFooter,
            5 => Self::KRaftVersion,
            6 => Self::KRaftVoters,
            other => Self::Unknown(other),
        }
    }

    pub const fn to_wire(self) -> i16 {
        match self {
            Self::Abort => 0,
            Self::Commit => 1,
            Self::LeaderChange => 2,
            Self::SnapshotHeader => 3,
            Self::SnapshotFooter => 4,
            Self::KRaftVersion => 5,
            Self::KRaftVoters => 6,
            Self::Unknown(raw) => raw,
        }
    }

    /// Reads the key of a control record. Later versions of the key may be longer.
    pub fn parse_key(key: Option<&[u8]>) -> Result<Self, ControlError> {
        let [v0, v1, t0, t1] = *key.and_then(<[u8]>::first_chunk).ok_or(ControlError::Key)?;
        check_version(i16::from_be_bytes([v0, v1]))?;
        Ok(Self::from_wire(i16::from_be_bytes([t0, t1])))
    }

    /// The key of a control record of this type.
    pub const fn key(self) -> [u8; 4] {
        let [high, low] = self.to_wire().to_be_bytes();
        [0, 0, high, low]
    }
}

const fn check_version(version: i16) -> Result<(), ControlError> {
    if version < 0 { Err(ControlError::Version(version)) } else { Ok(()) }
}

/// Ends a transaction in one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EndTransactionMarker {
    pub committed: bool,
    /// Fences coordinators that lost their partition; 0 and up.
    pub coordinator_epoch: i32,
}

impl EndTransactionMarker {
    pub fn parse(record: &RecordView<'_>) -> Result<Self, ControlError> {
        let committed = match ControlType::parse_key(record.key)? {
            ControlType::Abort => false,
            ControlType::Commit => true,
            _ => return Err(ControlError::NotEndTransaction),
        };
        let value = record.value.and_then(<[u8]>::first_chunk::<6>);
        let [v0, v1, epoch @ ..] = *value.ok_or(ControlError::EndTransactionValue)?;
        check_version(i16::from_be_bytes([v0, v1]))?;
        Ok(Self { committed, coordinator_epoch: i32::from_be_bytes(epoch) })
    }

    pub const fn control_type(self) -> ControlType {
        if self.committed { ControlType::Commit } else { ControlType::Abort }
    }

    /// The value of the marker's record.
    pub const fn value(self) -> [u8; 6] {
        let [a, b, c, d] = self.coordinator_epoch.to_be_bytes();
        [0, 0, a, b, c, d]
    }
}

/// Where and when a control batch stands in its log.
#[derive(Clone, Copy, Debug)]
pub struct ControlStamp {
    pub base_offset: Offset,
    pub leader_epoch: Option<LeaderEpoch>,
    pub timestamp: Timestamp,
}

/// Appends to `out` a control batch of `records`: a type and a value each, as the metadata quorum and its snapshots write
/// them.
pub fn write_control_batch(
    stamp: ControlStamp,
    records: &[(ControlType, &[u8])],
    out: &mut Vec<u8>,
) -> Result<(), ControlError> {
    write(stamp, None, records, out)
}

/// Appends to `out` the batch that ends the transaction of a producer in a partition.
pub fn write_end_transaction_batch(
    stamp: ControlStamp,
    id: ProducerId,
    epoch: ProducerEpoch,
    marker: EndTransactionMarker,
    out: &mut Vec<u8>,
) -> Result<(), ControlError> {
    let producer = ProducerStamp { id, epoch, base_sequence: None };
    write(stamp, Some(producer), &[(marker.control_type(), &marker.value())], out)
}

fn write(
    stamp: ControlStamp,
    producer: Option<ProducerStamp>,
    records: &[(ControlType, &[u8])],
    out: &mut Vec<u8>,
) -> Result<(), ControlError> {
    if records.len() > CONTROL_RECORD_COUNT_MAX {
        return Err(ControlError::Count(records.len()));
    }
    let mut builder = BatchBuilder::new();
    for (control_type, value) in records {
        let key = control_type.key();
        builder
            .append(Some(stamp.timestamp), Some(&key), Some(value), &[])
            .map_err(|_| ControlError::Count(records.len()))?;
    }
    let stamp = BatchStamp {
        base_offset: stamp.base_offset,
        leader_epoch: stamp.leader_epoch,
        producer,
        transactional: producer.is_some(),
        control: true,
        ..BatchStamp::default()
    };
    out.extend_from_slice(builder.finish(&stamp, &mut Compressor::new())?);
    Ok(())
}
