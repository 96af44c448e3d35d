//! Batches of the metadata log: records of the domain in Kafka's batch format, and back.

use metadata::MetadataRecord;
use model::{LeaderEpoch, Offset, Timestamp};
use raft::{ControlRecord, VoterSet};
use record::{
    BatchBuilder, BatchStamp, BatchView, Compressor, ControlStamp, ControlType, Decompressor,
    RecordView, write_control_batch,
};

use crate::limits::{BATCH_RECORD_COUNT_MAX, BATCH_SIZE_MAX};

/// One batch as it was read.
#[derive(Clone, Debug)]
pub(crate) struct LogBatch {
    /// The offset after its last record.
    pub(crate) end: Offset,
    pub(crate) epoch: LeaderEpoch,
    pub(crate) timestamp: Option<Timestamp>,
    pub(crate) content: Content,
}

/// What a batch says.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Metadata(Vec<MetadataRecord>),
    Control(Vec<Control>),
}

/// A control record, as far as it means something to a reader.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Control {
    SnapshotHeader,
    SnapshotFooter,
    KRaftVersion(i16),
    Voters(VoterSet),
    /// A leader change, or a type of a later Kafka.
    Other,
}

/// Records that are encoded and wait for their place in the log.
pub(crate) struct Encoder {
    builder: BatchBuilder,
    compressor: Compressor,
    value: Vec<u8>,
}

impl Encoder {
    pub(crate) fn new() -> Self {
        let (builder, compressor) = (BatchBuilder::new(), Compressor::new());
        Self { builder, compressor, value: Vec::new() }
    }

    /// Encodes as many of `records` as fit into one batch, at least one. Answers how many they were.
    pub(crate) fn encode(
        &mut self,
        records: &[MetadataRecord],
        metadata_version: i16,
        stamp: &BatchStamp,
        timestamp: Timestamp,
        out: &mut Vec<u8>,
    ) -> Result<usize, String> {
        self.builder.clear();
        for record in records.iter().take(BATCH_RECORD_COUNT_MAX) {
            self.value.clear();
            metadata::codec::encode(record, metadata_version, &mut self.value)
                .map_err(|error| error.to_string())?;
            let added = BatchBuilder::record_size_max(None, Some(&self.value), &[]);
            if !self.builder.is_empty() && self.builder.size() + added > BATCH_SIZE_MAX {
                break;
            }
            self.builder
                .append(Some(timestamp), None, Some(&self.value), &[])
                .map_err(|error| error.to_string())?;
        }
        let bytes = self.builder.finish(stamp, &mut self.compressor);
        out.extend_from_slice(bytes.map_err(|error| error.to_string())?);
        usize::try_from(self.builder.record_count()).map_err(|error| error.to_string())
    }
}

/// Appends a batch of control records.
pub(crate) fn encode_control(
    records: &[ControlRecord],
    stamp: ControlStamp,
    out: &mut Vec<u8>,
) -> Result<(), String> {
    let mut values = Vec::with_capacity(records.len());
    for record in records {
        let control_type = match record {
            ControlRecord::LeaderChange { .. } => ControlType::LeaderChange,
            ControlRecord::KRaftVersion(_) => ControlType::KRaftVersion,
            ControlRecord::Voters(_) => ControlType::KRaftVoters,
        };
        let value = raft::codec::encode(record).map_err(|error| error.to_string())?;
        values.push((control_type, value));
    }
    let records: Vec<_> = values.iter().map(|(kind, value)| (*kind, value.as_slice())).collect();
    write_control_batch(stamp, &records, out).map_err(|error| error.to_string())
}

/// Reads a whole batch whose CRC has been checked.
pub(crate) fn decode(
    batch: &BatchView<'_>,
    decompressor: &mut Decompressor,
) -> Result<LogBatch, String> {
    let header = batch.header();
    let records = batch
        .records(decompressor, record::limits::DECOMPRESSED_SIZE_MAX)
        .map_err(|error| error.to_string())?;
    let is_control = header.attributes().is_control();
    let mut metadata = Vec::new();
    let mut control = Vec::new();
    for record in records {
        let record = record.map_err(|error| error.to_string())?;
        if is_control {
            control.push(decode_control(&record)?);
        } else {
            let value = record.value.ok_or("a metadata record has no value")?;
            metadata.push(metadata::codec::decode(value).map_err(|error| error.to_string())?);
        }
    }
    Ok(LogBatch {
        end: header.next_offset(),
        epoch: header.leader_epoch().ok_or("a batch has no leader epoch")?,
        timestamp: header.max_timestamp(),
        content: if is_control { Content::Control(control) } else { Content::Metadata(metadata) },
    })
}

fn decode_control(record: &RecordView<'_>) -> Result<Control, String> {
    let control_type = ControlType::parse_key(record.key).map_err(|error| error.to_string())?;
    let value = record.value.unwrap_or_default();
    Ok(match control_type {
        ControlType::SnapshotHeader => Control::SnapshotHeader,
        ControlType::SnapshotFooter => Control::SnapshotFooter,
        ControlType::KRaftVersion => Control::KRaftVersion(
            raft::codec::decode_kraft_version(value).map_err(|error| error.to_string())?,
        ),
        ControlType::KRaftVoters => {
            Control::Voters(raft::codec::decode_voters(value).map_err(|error| error.to_string())?)
        }
        _ => Control::Other,
    })
}
