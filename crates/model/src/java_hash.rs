use std::num::NonZeroU32;

use crate::PartitionIndex;

/// Java's hash of a string, over its UTF-16 units. Java computes in `i32`; the bits are the same.
pub fn java_string_hash(text: &str) -> u32 {
    text.encode_utf16()
        .fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)))
}

/// The partition of `__consumer_offsets` or `__transaction_state` that keeps a group's or transactional id's state.
/// Every broker must compute it alike.
pub fn coordinator_partition(id: &str, partition_count: NonZeroU32) -> PartitionIndex {
    // The absolute value, not the sign cut off: and Kafka's absolute value of the smallest integer is 0.
    let hash = match java_string_hash(id) {
        0x8000_0000 => 0,
        hash if hash > 0x8000_0000 => hash.wrapping_neg(),
        hash => hash,
    };
    index(hash % partition_count)
}

/// The partition that Java's producer gives a record with this key.
pub fn key_partition(key: &[u8], partition_count: NonZeroU32) -> PartitionIndex {
    index((murmur2(key) & 0x7fff_ffff) % partition_count)
}

/// Both callers pass the remainder of a number below 2³¹.
fn index(index: u32) -> PartitionIndex {
    i32::try_from(index).ok().and_then(PartitionIndex::from_wire).unwrap_or(PartitionIndex::ZERO)
}

/// MurmurHash 2 as Kafka seeds it, by Austin Appleby's description of the algorithm: four bytes at a time, lowest first.
pub fn murmur2(data: &[u8]) -> u32 {
    const SEED: u32 = 0x9747_b28c;
    const MULTIPLIER: u32 = 0x5bd1_e995;
    const SHIFT: u32 = 24;

    // Java's lengths are 32 bits wide.
    let [a, b, c, d, ..] = data.len().to_le_bytes();
    let mut hash = SEED ^ u32::from_le_bytes([a, b, c, d]);
    let (words, rest) = data.as_chunks::<4>();
    for word in words {
        let mut word = u32::from_le_bytes(*word).wrapping_mul(MULTIPLIER);
        word ^= word >> SHIFT;
        hash = hash.wrapping_mul(MULTIPLIER) ^ word.wrapping_mul(MULTIPLIER);
    }
    if !rest.is_empty() {
        for (byte, place) in rest.iter().zip(0_u32..) {
            hash ^= u32::from(*byte) << (8 * place);
        }
        hash = hash.wrapping_mul(MULTIPLIER);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(MULTIPLIER);
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(count: u32) -> NonZeroU32 {
        NonZeroU32::new(count).unwrap()
    }

    #[test]
    fn keys_hash_and_go_to_partitions_as_with_java() {
        let answers = [
            ("", 275_646_681, 9),
            ("a", -1_563_381_124, 4),
            ("21", -973_932_308, 0),
            ("foobar", -790_332_482, 6),
            ("a-little-bit-long-string", -985_981_536, 8),
            ("a-little-bit-longer-string", -1_486_304_829, 11),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971, 5),
        ];
        for (key, hash, partition) in answers {
            assert_eq!(murmur2(key.as_bytes()).cast_signed(), hash, "{key}");
            let found = key_partition(key.as_bytes(), count(12));
            assert_eq!(found.to_wire(), partition, "{key}");
        }
    }

    #[test]
    fn group_ids_go_to_partitions_as_with_java() {
        let answers = [
            ("group-a", 293_427_347, 47),
            ("console-consumer-1", 35_782_224, 24),
            ("connect-cluster", 1_440_343_063, 13),
            ("tx-1", 3_572_520, 20),
            ("my-app", -1_061_206_400, 0),
        ];
        for (id, hash, partition) in answers {
            assert_eq!(java_string_hash(id).cast_signed(), hash, "{id}");
            assert_eq!(coordinator_partition(id, count(50)).to_wire(), partition, "{id}");
        }
    }

    #[test]
    fn the_hash_counts_utf_16_units() {
        // '😀' is the surrogate pair d83d de00.
        assert_eq!(java_string_hash("😀"), 0xd83d * 31 + 0xde00);
    }

    #[test]
    fn the_smallest_hash_goes_to_partition_zero() {
        let text = "polygenelubricants";
        assert_eq!(java_string_hash(text).cast_signed(), i32::MIN);
        assert_eq!(coordinator_partition(text, count(50)), PartitionIndex::ZERO);
        assert_eq!(coordinator_partition(text, count(7)), PartitionIndex::ZERO);
    }
}
