//! What the values of records say: which producer made them, and which of its records they are.

use std::fmt::Write as _;
use std::sync::LazyLock;

use bytes::Bytes;
use model::{ProducerEpoch, ProducerId, SeededRandom, Sequence, Timestamp};
use record::{BatchBuilder, BatchStamp, Compressor, ProducerStamp};

use crate::Failed;

/// A record of one producer's to one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RecordId {
    /// Which producer and partition.
    pub(super) stream: u32,
    /// How often that producer has begun anew with a producer id of its own.
    pub(super) life: u32,
    /// From 0, in the order in which they are sent.
    pub(super) number: u32,
}

/// Longest value.
const SIZE_MAX: usize = 400_000;

/// Bytes that look like nothing else; a value is a piece of them behind its head.
static FILLING: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut bytes = vec![0; 2 * SIZE_MAX];
    SeededRandom::new(0x0b5e_55ed).fill(&mut bytes);
    bytes
});

fn filling(id: RecordId, size: usize) -> &'static [u8] {
    let mixed = id.number.wrapping_mul(0x9e37_79b1) ^ id.stream.wrapping_mul(0x85eb_ca6b) ^ id.life;
    let start = usize::try_from(mixed).unwrap_or(0) % SIZE_MAX;
    FILLING.get(start..start + size.min(SIZE_MAX)).unwrap_or_default()
}

/// The value of a record, `size` bytes long or as long as its head.
pub(super) fn write(id: RecordId, size: usize, into: &mut Vec<u8>) {
    let mut head = String::new();
    // Writing into a string cannot fail.
    let _ = write!(head, "{}.{}.{}|", id.stream, id.life, id.number);
    into.clear();
    into.extend_from_slice(head.as_bytes());
    into.extend_from_slice(filling(id, size.saturating_sub(head.len())));
}

/// Which record it is; `None` when nobody can have sent it.
pub(super) fn read(value: &[u8]) -> Option<RecordId> {
    let end = value.iter().position(|byte| *byte == b'|')?;
    let head = std::str::from_utf8(value.get(..end)?).ok()?;
    let mut numbers = head.split('.').map(str::parse);
    let mut next = || numbers.next()?.ok();
    let id = RecordId { stream: next()?, life: next()?, number: next()? };
    let rest = value.get(end + 1..)?;
    (rest == filling(id, rest.len())).then_some(id)
}

/// A batch of `count` records from `first` on.
pub(super) fn batch(
    first: RecordId,
    count: u32,
    size: usize,
    identity: Option<(i64, i16)>,
) -> Result<Bytes, Failed> {
    let failed = |error: &dyn std::fmt::Display| Failed(format!("build a batch: {error}"));
    let mut builder = BatchBuilder::new();
    let now = std::time::UNIX_EPOCH.elapsed().map_err(|error| failed(&error))?.as_millis();
    let now = i64::try_from(now).map_or(None, Timestamp::from_millis);
    let mut value = Vec::new();
    for number in first.number..first.number + count {
        write(RecordId { number, ..first }, size, &mut value);
        builder.append(now, None, Some(&value), &[]).map_err(|error| failed(&error))?;
    }
    let base_sequence = i32::try_from(first.number).ok().and_then(Sequence::from_wire);
    let producer = identity.and_then(|(id, epoch)| {
        let (id, epoch) = (ProducerId::from_wire(id)?, ProducerEpoch::from_wire(epoch)?);
        Some(ProducerStamp { id, epoch, base_sequence })
    });
    let stamp = BatchStamp { producer, ..BatchStamp::default() };
    let batch = builder.finish(&stamp, &mut Compressor::new()).map_err(|error| failed(&error))?;
    Ok(Bytes::copy_from_slice(batch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_says_which_record_it_is_and_a_changed_one_says_nothing() {
        let id = RecordId { stream: 3, life: 1, number: 77 };
        let mut value = Vec::new();
        for size in [0, 20, 100, SIZE_MAX] {
            write(id, size, &mut value);
            assert_eq!(read(&value), Some(id));
        }
        value[300] ^= 1;
        assert_eq!(read(&value), None);
        assert_eq!(read(b"packages"), None);
    }
}
