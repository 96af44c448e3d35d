//! Batches as the clients of the workload make them.

use bytes::Bytes;
use model::{ProducerEpoch, ProducerId, Sequence, Timestamp};
use record::{BatchBuilder, BatchStamp, Compressor, ProducerStamp};

use crate::Failed;

/// Who writes a batch, and where it comes in his order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp {
    pub(super) id: i64,
    pub(super) epoch: i16,
    pub(super) base_sequence: i32,
    pub(super) transactional: bool,
}

pub(super) fn batch(values: &[Vec<u8>], stamp: Stamp) -> Result<Bytes, Failed> {
    let failed = |error: &dyn std::fmt::Display| Failed(format!("build a batch: {error}"));
    let mut builder = BatchBuilder::new();
    let now = std::time::UNIX_EPOCH.elapsed().map_err(|error| failed(&error))?.as_millis();
    let now = i64::try_from(now).map_or(None, Timestamp::from_millis);
    for value in values {
        builder.append(now, None, Some(value), &[]).map_err(|error| failed(&error))?;
    }
    let producer = || {
        let (id, epoch) =
            (ProducerId::from_wire(stamp.id)?, ProducerEpoch::from_wire(stamp.epoch)?);
        let base_sequence = Some(Sequence::from_wire(stamp.base_sequence)?);
        Some(ProducerStamp { id, epoch, base_sequence })
    };
    let producer = producer().ok_or_else(|| failed(&"no such producer"))?;
    let stamp = BatchStamp {
        producer: Some(producer),
        transactional: stamp.transactional,
        ..BatchStamp::default()
    };
    let batch = builder.finish(&stamp, &mut Compressor::new()).map_err(|error| failed(&error))?;
    Ok(Bytes::copy_from_slice(batch))
}
