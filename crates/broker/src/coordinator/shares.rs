//! The share coordinator in the shell.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use group::Now;
use model::{Instant, Offset, ProducerId, SeededRandom, Timestamp};
use record::Codec;
use settings::BrokerSettings;
use share::codec::{self, CodecError, Decoded};
use share::{CoordinatorEffect, CoordinatorSettings, Decision, ShareRecord, ShareShard, Soft};

use super::machine::{Decided, GoneTopic, KeyValue, Machine};
use super::{Coordinator, Settings, Unavailable};

/// The topic that holds what groups have read of share-partitions.
pub const SHARE_TOPIC: &str = "__share_group_state";

/// The share coordinator of this broker.
pub type ShareCoordinator = Coordinator<ShareShard>;

impl Settings<CoordinatorSettings> {
    pub fn of_shares(settings: &BrokerSettings) -> Self {
        let millis = |millis: u32| Duration::from_millis(u64::from(millis));
        let coordinator = &settings.groups.share.coordinator;
        Self {
            machine: CoordinatorSettings {
                updates_per_snapshot: coordinator.updates_per_snapshot,
                cold_snapshot_interval: millis(coordinator.cold_snapshot_interval_ms),
                prune_interval: millis(coordinator.prune_interval_ms),
            },
            commit_timeout: millis(coordinator.write_timeout_ms),
            codec: Codec::from_wire(coordinator.codec).unwrap_or(Codec::None),
        }
    }
}

impl Machine for ShareShard {
    const TOPIC: &'static str = SHARE_TOPIC;
    const KIND: &'static str = "share";
    /// What was decided in it comes again: records are delivered once more.
    const STEPS_OVER_DAMAGE: bool = true;

    type Soft = Soft;
    type Settings = CoordinatorSettings;
    type Now = Now;
    type Record = ShareRecord;
    type Ticket = u64;
    type Reply = Infallible;
    type Effect = CoordinatorEffect;
    type Event = Infallible;
    type Decision<R> = Decision<R>;

    fn now(instant: Instant, wall: Timestamp) -> Now {
        Now { instant, wall }
    }

    fn ticket(number: u64) -> u64 {
        number
    }

    fn soft(settings: &CoordinatorSettings, _random: SeededRandom) -> Soft {
        Soft::new(*settings)
    }

    fn set_settings(soft: &mut Soft, settings: &CoordinatorSettings) {
        soft.set_settings(*settings);
    }

    fn set_record_size_max(soft: &mut Soft, size_max: usize) {
        soft.set_record_size_max(size_max);
    }

    fn replay(&mut self, at: Offset, record: &ShareRecord) {
        Self::replay(self, at, record);
    }

    fn loaded(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        Self::loaded(self, soft, now)
    }

    fn time_passed(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        Self::time_passed(self, soft, now)
    }

    fn next_timeout(&self, soft: &Soft) -> Option<Instant> {
        soft.next_timeout()
    }

    fn topics_deleted(
        &self,
        soft: &mut Soft,
        now: Now,
        topics: &[GoneTopic],
    ) -> Option<Decision<()>> {
        Some(Self::topics_deleted(self, soft, now, topics.iter().map(|topic| topic.id)))
    }

    fn encode(record: &ShareRecord) -> Result<KeyValue, Unavailable> {
        match codec::encode(record) {
            Ok(codec::KeyValue { key, value }) => Ok(KeyValue { key, value }),
            Err(error) => {
                tracing::error!(%error, "encode share record");
                Err(encode_failure(&error))
            }
        }
    }

    fn decode(
        key: &Bytes,
        value: Option<&Bytes>,
        _producer: Option<ProducerId>,
    ) -> Result<Option<ShareRecord>, String> {
        match codec::decode(key, value) {
            Ok(Decoded::Record(record)) => Ok(Some(record)),
            Ok(Decoded::Other(_)) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn take_apart<R>(decision: Decision<R>) -> Decided<Self, R> {
        let Decision { records, reply, effects, seen } = decision;
        Decided { records, reply, answers: Vec::new(), effects, events: Vec::new(), seen }
    }

    fn say(event: &Infallible) {
        match *event {}
    }
}

fn encode_failure(error: &CodecError) -> Unavailable {
    match error {
        CodecError::Encode(_) => Unavailable::TooLarge,
        CodecError::Decode(_)
        | CodecError::GroupId(_)
        | CodecError::NoTopicId
        | CodecError::Partition(_)
        | CodecError::Number(..)
        | CodecError::Range { .. }
        | CodecError::DeliveryState(_)
        | CodecError::TooManyBatches(_) => Unavailable::NotCommitted,
    }
}
