//! Which partition a record goes to that does not say it.
//!
//! | name | with a key | without |
//! |---|---|---|
//! | default (Java's, KIP-480 and KIP-794) | murmur2 of the key | one partition until a batch's bytes are full, then another |
//! | `round_robin` (Java's `RoundRobinPartitioner`) | each partition in turn | the same |
//! | `consistent`, `consistent_random` (librdkafka's; the second is its default) | CRC-32 of the key | partition of the empty key; as default |
//! | `murmur2`, `murmur2_random` (librdkafka's) | murmur2 of the key | partition of the empty key; as default |
//! | `fnv1a`, `fnv1a_random` (librdkafka's, and Sarama's) | FNV-1a of the key | partition of the empty key; as default |
//!
//! `consistent_random` takes an empty key for none, as librdkafka does.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;

use model::murmur2;

use super::NewRecord;

/// Chooses partitions.
#[derive(Clone, Default)]
pub enum Partitioner {
    /// What Apache Kafka's Java producer does.
    #[default]
    Default,
    /// Each partition in turn, whatever the key.
    RoundRobin,
    /// By a hash of the key.
    Hash(KeyHash, Keyless),
    /// The application's own. Its answer is taken modulo the count of partitions; `None` goes where a record without a key
    /// goes by default.
    Custom(Arc<CustomPartitioner>),
}

/// Gives the partition of a record for a topic with so many partitions.
pub type CustomPartitioner = dyn Fn(&NewRecord<'_>, NonZeroU32) -> Option<u32> + Send + Sync;

/// Hashes of keys that clients of Kafka use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyHash {
    Crc32,
    Murmur2,
    Fnv1a,
}

/// Where a record without a key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyless {
    /// All to the partition of the empty key.
    AsEmpty,
    /// One partition for a batch, then another.
    Sticky,
}

/// A text that names no partitioner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no partitioner: known are {names}", names = NAMES.join(", "))]
pub struct UnknownPartitioner(String);

const ROUND_ROBIN_CLASS: &str = "org.apache.kafka.clients.producer.RoundRobinPartitioner";

/// What [`Partitioner::from_str`] takes.
pub(crate) const NAMES: &[&str] = &[
    "round_robin",
    ROUND_ROBIN_CLASS,
    "consistent",
    "consistent_random",
    "murmur2",
    "murmur2_random",
    "fnv1a",
    "fnv1a_random",
];

impl FromStr for Partitioner {
    type Err = UnknownPartitioner;

    /// Takes Java's class, or librdkafka's name.
    fn from_str(text: &str) -> Result<Self, UnknownPartitioner> {
        Ok(match text {
            "round_robin" | ROUND_ROBIN_CLASS => Self::RoundRobin,
            "consistent" => Self::Hash(KeyHash::Crc32, Keyless::AsEmpty),
            "consistent_random" => Self::Hash(KeyHash::Crc32, Keyless::Sticky),
            "murmur2" => Self::Hash(KeyHash::Murmur2, Keyless::AsEmpty),
            "murmur2_random" => Self::Hash(KeyHash::Murmur2, Keyless::Sticky),
            "fnv1a" => Self::Hash(KeyHash::Fnv1a, Keyless::AsEmpty),
            "fnv1a_random" => Self::Hash(KeyHash::Fnv1a, Keyless::Sticky),
            other => return Err(UnknownPartitioner(other.to_owned())),
        })
    }
}

impl fmt::Debug for Partitioner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("Default"),
            Self::RoundRobin => formatter.write_str("RoundRobin"),
            Self::Hash(hash, keyless) => write!(formatter, "Hash({hash:?}, {keyless:?})"),
            Self::Custom(_) => formatter.write_str("Custom"),
        }
    }
}

/// Where a record goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Partition(u32),
    /// To the partition after the one that the last record of the topic went to.
    InTurn,
    /// Where the last record without a key went, until that batch is full.
    Sticky,
}

impl Partitioner {
    pub(super) fn choose(
        &self,
        record: &NewRecord<'_>,
        count: NonZeroU32,
        ignores_keys: bool,
    ) -> Choice {
        let key = record.key.filter(|_| !ignores_keys);
        match self {
            Self::RoundRobin => Choice::InTurn,
            Self::Custom(custom) => {
                custom(record, count).map_or(Choice::Sticky, |it| Choice::Partition(it % count))
            }
            Self::Default => key
                .map_or(Choice::Sticky, |key| Choice::Partition(KeyHash::Murmur2.of(key) % count)),
            Self::Hash(hash, Keyless::AsEmpty) => {
                Choice::Partition(hash.of(key.unwrap_or_default()) % count)
            }
            Self::Hash(hash, Keyless::Sticky) => {
                let is_none = |key: &&[u8]| *hash == KeyHash::Crc32 && key.is_empty();
                key.filter(|key| !is_none(key))
                    .map_or(Choice::Sticky, |key| Choice::Partition(hash.of(key) % count))
            }
        }
    }
}

impl KeyHash {
    fn of(self, key: &[u8]) -> u32 {
        match self {
            Self::Murmur2 => murmur2(key) & 0x7fff_ffff,
            Self::Crc32 => crc32(key),
            Self::Fnv1a => fnv1a(key),
        }
    }
}

/// CRC-32 of Ethernet and zip, bit by bit: keys are short.
fn crc32(data: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (POLYNOMIAL & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

/// FNV-1a of 32 bits, taken for a signed number whose sign is dropped, as Sarama does.
fn fnv1a(data: &[u8]) -> u32 {
    const OFFSET: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    let hash = data.iter().fold(OFFSET, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(PRIME));
    hash.cast_signed().unsigned_abs()
}

/// The next partition for records without a key: at random, and the less likely the more of its batches wait, so that a
/// slow broker gets fewer (KIP-794). Those without a leader are passed over while any has one. `loads` says how many batches
/// of each partition wait, `None` without a leader; `random` is any number.
pub(super) fn next_sticky(loads: &[Option<usize>], adaptive: bool, random: u64) -> u32 {
    let most = loads.iter().flatten().max().copied().unwrap_or(0);
    let weight = |load: &Option<usize>| match load {
        None => 0,
        Some(_) if !adaptive => 1,
        Some(load) => u64::try_from(most - load).unwrap_or(0) + 1,
    };
    let total: u64 = loads.iter().map(weight).sum();
    let count = u64::try_from(loads.len()).unwrap_or(1).max(1);
    if total == 0 {
        return u32::try_from(random % count).unwrap_or(0);
    }
    let mut left = random % total;
    for (load, place) in loads.iter().zip(0..) {
        let weight = weight(load);
        if left < weight {
            return place;
        }
        left -= weight;
    }
    0
}

/// The next of a row of numbers without a pattern (SplitMix64).
pub(super) fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut number = *state;
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use model::TopicName;

    use super::*;

    fn choose(partitioner: &Partitioner, key: Option<&str>, ignores_keys: bool) -> Choice {
        let topic = TopicName::new("t").unwrap();
        let record = NewRecord {
            topic: &topic,
            partition: None,
            timestamp: None,
            key: key.map(str::as_bytes),
            value: None,
            headers: &[],
        };
        partitioner.choose(&record, NonZeroU32::new(12).unwrap(), ignores_keys)
    }

    fn named(name: &str) -> Partitioner {
        name.parse().unwrap()
    }

    #[test]
    fn crc32_has_its_check_value() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
        assert_eq!(crc32(b"The quick brown fox jumps over the lazy dog"), 0x414f_a339);
    }

    #[test]
    fn fnv1a_has_the_values_of_its_authors_without_the_sign() {
        assert_eq!(fnv1a(b"a"), 0xe40c_292c_u32.wrapping_neg());
        assert_eq!(fnv1a(b"foobar"), 0xbf9c_f968_u32.wrapping_neg());
        assert_eq!(fnv1a(b""), 0x811c_9dc5_u32.wrapping_neg());
        assert_eq!(fnv1a(b"fo"), 0x6222_e842);
    }

    #[test]
    fn keys_choose_by_their_hash() {
        for (name, hash) in [
            ("consistent", crc32(b"orders")),
            ("consistent_random", crc32(b"orders")),
            ("murmur2", murmur2(b"orders") & 0x7fff_ffff),
            ("murmur2_random", murmur2(b"orders") & 0x7fff_ffff),
            ("fnv1a", fnv1a(b"orders")),
            ("fnv1a_random", fnv1a(b"orders")),
        ] {
            let expected = Choice::Partition(hash % 12);
            assert_eq!(choose(&named(name), Some("orders"), false), expected, "{name}");
        }
        let java = model::key_partition(b"orders", NonZeroU32::new(12).unwrap()).to_wire();
        let java = Choice::Partition(java.unsigned_abs());
        assert_eq!(choose(&Partitioner::Default, Some("orders"), false), java);
    }

    #[test]
    fn records_without_a_key_go_where_the_name_says() {
        for (name, expected) in [
            ("consistent", Choice::Partition(0)),
            ("consistent_random", Choice::Sticky),
            ("murmur2", Choice::Partition((murmur2(b"") & 0x7fff_ffff) % 12)),
            ("murmur2_random", Choice::Sticky),
            ("fnv1a", Choice::Partition(fnv1a(b"") % 12)),
            ("fnv1a_random", Choice::Sticky),
            ("round_robin", Choice::InTurn),
        ] {
            assert_eq!(choose(&named(name), None, false), expected, "{name}");
        }
        assert_eq!(choose(&Partitioner::Default, None, false), Choice::Sticky);
        assert_eq!(choose(&named("consistent_random"), Some(""), false), Choice::Sticky);
        assert_ne!(choose(&named("murmur2_random"), Some(""), false), Choice::Sticky);
    }

    #[test]
    fn keys_that_are_ignored_choose_nothing() {
        assert_eq!(choose(&Partitioner::Default, Some("orders"), true), Choice::Sticky);
        assert_eq!(choose(&named(ROUND_ROBIN_CLASS), Some("orders"), true), Choice::InTurn);
    }

    #[test]
    fn an_own_partitioner_is_held_within_the_topic() {
        let own: Arc<CustomPartitioner> = Arc::new(|record, _| record.key.map(|_| 25));
        let own = Partitioner::Custom(own);
        assert_eq!(choose(&own, Some("k"), false), Choice::Partition(1));
        assert_eq!(choose(&own, None, false), Choice::Sticky);
    }

    fn drawn(loads: &[Option<usize>], adaptive: bool) -> Vec<usize> {
        let mut counts = vec![0; loads.len()];
        let mut state = 1;
        for _ in 0..30_000 {
            let next = next_sticky(loads, adaptive, next_random(&mut state));
            counts[usize::try_from(next).unwrap()] += 1;
        }
        counts
    }

    fn is_near(found: &[usize], expected: &[usize]) -> bool {
        found.iter().zip(expected).all(|(found, expected)| found.abs_diff(*expected) < 600)
    }

    #[test]
    fn a_partition_whose_batches_wait_is_chosen_less_often() {
        let found = drawn(&[Some(0), Some(3), Some(1)], true);
        // Weights 4, 1 and 3.
        assert!(is_near(&found, &[15_000, 3_750, 11_250]), "{found:?}");
        let found = drawn(&[Some(0), Some(3), Some(1)], false);
        assert!(is_near(&found, &[10_000, 10_000, 10_000]), "{found:?}");
    }

    #[test]
    fn partitions_without_a_leader_are_chosen_only_when_none_has_one() {
        let found = drawn(&[Some(0), None, Some(0)], true);
        assert!(is_near(&found, &[15_000, 0, 15_000]), "{found:?}");
        assert_eq!(found[1], 0);
        let found = drawn(&[None, None, None], true);
        assert!(is_near(&found, &[10_000, 10_000, 10_000]), "{found:?}");
    }
}
