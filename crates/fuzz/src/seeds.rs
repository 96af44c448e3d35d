//! Valid pieces from which inputs are made.

use model::{LeaderEpoch, Offset, ProducerEpoch, ProducerId, SeededRandom, Sequence, Timestamp};
use record::{
    BatchBuilder, BatchStamp, Codec, Compression, Compressor, ControlStamp, EndTransactionMarker,
    HeaderView, ProducerStamp, crc32c, write_end_transaction_batch,
};

use crate::mutate::size;

/// Where the length of a batch stands, and where what its checksum covers begins.
const LENGTH_AT: usize = 8;
const CRC_AT: usize = 17;
const CHECKED_FROM: usize = 21;
const LENGTH_END: usize = 12;

/// As a producer sends it: base offset 0, one of the codecs, perhaps of an idempotent producer.
pub(crate) fn batch(random: &mut SeededRandom) -> Vec<u8> {
    batch_at(Offset::ZERO, random)
}

pub(crate) fn batch_at(base: Offset, random: &mut SeededRandom) -> Vec<u8> {
    let mut builder = BatchBuilder::new();
    let now = i64::try_from(random.below(1 << 40)).unwrap_or(0);
    for index in 0..=random.below(6) {
        let key = some_bytes(random, 12);
        let value = some_bytes(random, 200);
        let headers = [HeaderView { key: b"header", value: value.as_deref() }];
        let headers = if random.one_in(3) { &headers[..] } else { &[] };
        let time = Timestamp::from_millis(now + i64::try_from(index).unwrap_or(0));
        let time = time.filter(|_| !random.one_in(10));
        // A batch of so few records is never full.
        let _ = builder.append(time, key.as_deref(), value.as_deref(), headers);
    }
    let codecs = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];
    let codec = codecs.get(size(random.below(5))).copied().unwrap_or(Codec::None);
    let producer = random.one_in(2).then(|| producer(random)).flatten();
    let stamp = BatchStamp {
        base_offset: base,
        leader_epoch: LeaderEpoch::from_wire(3).filter(|_| base != Offset::ZERO),
        compression: Compression::with_default_level(codec),
        producer,
        transactional: producer.is_some() && random.one_in(2),
        ..BatchStamp::default()
    };
    builder
        .finish(&stamp, &mut Compressor::new())
        .map_or_else(|_| Vec::new(), |batch| batch.to_vec())
}

fn producer(random: &mut SeededRandom) -> Option<ProducerStamp> {
    Some(ProducerStamp {
        id: ProducerId::from_wire(i64::try_from(random.below(5)).ok()?)?,
        epoch: ProducerEpoch::from_wire(1)?,
        base_sequence: Sequence::from_wire(i32::try_from(random.below(100)).ok()?),
    })
}

/// The end of a transaction.
pub(crate) fn marker(base: Offset, random: &mut SeededRandom) -> Vec<u8> {
    let mut out = Vec::new();
    let leader_epoch = LeaderEpoch::from_wire(3);
    let Some(timestamp) = Timestamp::from_millis(5) else { return out };
    let stamp = ControlStamp { base_offset: base, leader_epoch, timestamp };
    let marker = EndTransactionMarker { committed: random.one_in(2), coordinator_epoch: 1 };
    if let (Some(id), Some(epoch)) = (ProducerId::from_wire(1), ProducerEpoch::from_wire(1)) {
        let _ = write_end_transaction_batch(stamp, id, epoch, marker, &mut out);
    }
    out
}

pub(crate) fn some_bytes(random: &mut SeededRandom, size_max: u64) -> Option<Vec<u8>> {
    if random.one_in(6) {
        return None;
    }
    let mut bytes = vec![0; size(random.below(size_max))];
    // Text that repeats, so that it can be compressed.
    let words = random.below(20) + 1;
    bytes.iter_mut().for_each(|byte| *byte = b'a' + random.below(words).to_be_bytes()[7]);
    Some(bytes)
}

/// Puts the checksum of each batch right, as far as lengths lead from one to the next.
pub(crate) fn mend_batches(mut bytes: &mut [u8]) {
    while let Some(field) = bytes.get(LENGTH_AT..LENGTH_END) {
        let length = field.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
        let end = bytes.len().min(length.saturating_add(LENGTH_END));
        let Some(checked) = bytes.get(CHECKED_FROM..end) else { return };
        let crc = crc32c(checked).to_be_bytes();
        bytes[CRC_AT..CHECKED_FROM].copy_from_slice(&crc);
        bytes = &mut bytes[end..];
    }
}

/// A number of `width` bytes below `bound` as a prefix that chooses a kind of input.
pub(crate) fn choice(input: &[u8], bound: usize) -> Option<(usize, &[u8])> {
    let (number, rest) = input.split_first_chunk::<2>()?;
    Some((usize::from(u16::from_be_bytes(*number)) % bound, rest))
}

/// The prefix that [`choice`] reads.
pub(crate) fn prefix(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(0).to_be_bytes()
}
