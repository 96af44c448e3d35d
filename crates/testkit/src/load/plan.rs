//! Which topics there are, and what is sent to them.

use model::SeededRandom;
use wire::messages::create_topics_request::{CreatableTopic, CreatableTopicConfig};

/// How large the batches of a topic are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BatchSize {
    /// A few records of some hundred bytes.
    Small,
    /// Some ten kilobytes, which go through a write-ahead log but fill it quickly.
    Medium,
    /// More than 256 KB: Ottla writes such a batch to its segment at once.
    Bulk,
}

impl BatchSize {
    /// A count of records and the bytes of each.
    pub(super) fn draw(self, random: &mut SeededRandom) -> (u32, usize) {
        let mut between = |low: u64, high: u64| low + random.below(high - low);
        let (count, size) = match self {
            Self::Small => (between(1, 12), between(20, 300)),
            Self::Medium => (between(8, 40), between(1_000, 2_500)),
            Self::Bulk => (between(1, 3), between(270_000, 390_000)),
        };
        (u32::try_from(count).unwrap_or(1), usize::try_from(size).unwrap_or(0))
    }
}

/// One topic.
#[derive(Clone, Copy, Debug)]
pub(super) struct TopicPlan {
    pub(super) kind: &'static str,
    pub(super) partition_count: i32,
    /// Acknowledged means on the disk. What is not may be lost in a power cut, from some record on to the end.
    pub(super) durable: bool,
    pub(super) batches: BatchSize,
    segment_bytes: &'static str,
    /// Records are deleted from its start, so that it stays small.
    pub(super) is_trimmed: bool,
}

pub(super) const TOPICS: &[TopicPlan] = &[
    TopicPlan {
        kind: "small",
        partition_count: 3,
        durable: true,
        batches: BatchSize::Small,
        segment_bytes: "1048576",
        is_trimmed: false,
    },
    TopicPlan {
        kind: "medium",
        partition_count: 2,
        durable: true,
        batches: BatchSize::Medium,
        segment_bytes: "4194304",
        is_trimmed: true,
    },
    TopicPlan {
        kind: "bulk",
        partition_count: 2,
        durable: true,
        batches: BatchSize::Bulk,
        segment_bytes: "8388608",
        is_trimmed: true,
    },
    TopicPlan {
        kind: "os",
        partition_count: 2,
        durable: false,
        batches: BatchSize::Small,
        segment_bytes: "1048576",
        is_trimmed: false,
    },
];

/// What one producer does: its acks, how many requests it has open, and the topics it sends to.
pub(super) struct ProducerPlan {
    pub(super) acks: i16,
    pub(super) window: usize,
    pub(super) kinds: &'static [&'static str],
    /// Milliseconds at most that it rests between two requests.
    pub(super) rest_ms: u64,
}

pub(super) const PRODUCERS: &[ProducerPlan] = &[
    ProducerPlan { acks: -1, window: 5, kinds: &["small", "os"], rest_ms: 2 },
    ProducerPlan { acks: 1, window: 3, kinds: &["small", "medium"], rest_ms: 2 },
    ProducerPlan { acks: -1, window: 5, kinds: &["medium"], rest_ms: 0 },
    ProducerPlan { acks: -1, window: 3, kinds: &["bulk", "small"], rest_ms: 4 },
    ProducerPlan { acks: 1, window: 1, kinds: &["bulk", "os"], rest_ms: 4 },
];

impl TopicPlan {
    /// Under a name that `era` makes new.
    pub(super) fn name(&self, era: u32) -> String {
        format!("{}-{era}", self.kind)
    }

    pub(super) fn creatable(&self, era: u32, ottla: bool) -> CreatableTopic {
        let own = [("ottla.durability", "os")];
        let own = own.into_iter().filter(|_| ottla && !self.durable);
        let settings = [("segment.bytes", self.segment_bytes)].into_iter().chain(own);
        let configs = settings.map(|(name, value)| CreatableTopicConfig {
            name: name.into(),
            value: Some(value.into()),
        });
        CreatableTopic {
            name: self.name(era),
            num_partitions: self.partition_count,
            replication_factor: 1,
            configs: configs.collect(),
            ..CreatableTopic::default()
        }
    }
}
