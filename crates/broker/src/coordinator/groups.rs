//! The group coordinator in the shell.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use group::codec::{self, CodecError, Decoded};
use group::{
    Assignor, ConsumerSettings, Decision, DeletedTopic, Event, GroupRecord, GroupSettings,
    GroupShard, MembersRoom, MigrationPolicy, Now, Reply, ShareGroupSettings, Soft,
    StreamsSettings, Ticket, TransactionOutcome,
};
use io::Clock;
use model::{Instant, Offset, ProducerId, SeededRandom, Timestamp};
use record::Codec;
use settings::{BrokerSettings, ConsumerGroupSettings};

use super::machine::{Decided, GoneTopic, KeyValue, Machine};
use super::{Coordinator, Settings, Unavailable};

/// The topic that holds groups and offsets.
pub const GROUP_TOPIC: &str = "__consumer_offsets";

/// The group coordinator of this broker.
pub type GroupCoordinator = Coordinator<GroupShard>;

impl GroupCoordinator {
    /// Of a broker whose arena has so many bytes; they bound what members take.
    pub(crate) fn of_broker(
        clock: Arc<dyn Clock>,
        settings: &BrokerSettings,
        random: SeededRandom,
        arena_size: usize,
    ) -> Self {
        let settings = Settings::of_groups(settings);
        let groups = Self::new(clock, settings, random, Arc::new(|_, effect| match effect {}));
        groups.bound_members_by(arena_size);
        groups
    }
}

impl Settings<GroupSettings> {
    pub fn of_groups(settings: &BrokerSettings) -> Self {
        let millis = |millis: u32| Duration::from_millis(u64::from(millis));
        let groups = &settings.groups;
        Self {
            machine: GroupSettings {
                session_timeout_min: millis(groups.session_timeout_min_ms),
                session_timeout_max: millis(groups.session_timeout_max_ms),
                initial_rebalance_delay: millis(groups.initial_rebalance_delay_ms),
                member_count_max: groups.member_count_max as usize,
                consumer: consumer_settings(&groups.consumer),
                share: ShareGroupSettings {
                    session_timeout: millis(groups.share.own.times.session_timeout_ms),
                    member_count_max: groups.share.member_count_max as usize,
                    initialize_retry_interval: millis(groups.share.initialize_retry_interval_ms),
                },
                streams: StreamsSettings {
                    session_timeout: millis(groups.streams.own.session_timeout_ms),
                    member_count_max: groups.streams.member_count_max as usize,
                },
                offset_metadata_size_max: groups.offset_metadata_bytes_max as usize,
                offsets_retention: Duration::from_millis(groups.offsets_retention_ms),
                offsets_retention_check_interval: Duration::from_millis(
                    groups.offsets_check_interval_ms,
                ),
            },
            commit_timeout: millis(groups.offsets_commit_timeout_ms),
            codec: Codec::from_wire(groups.offsets_codec).unwrap_or(Codec::None),
        }
    }
}

fn consumer_settings(settings: &ConsumerGroupSettings) -> ConsumerSettings {
    let millis = |millis: u32| Duration::from_millis(u64::from(millis));
    ConsumerSettings {
        session_timeout: millis(settings.times.session_timeout_ms),
        member_count_max: settings.member_count_max as usize,
        assignors: settings.assignors.iter().filter_map(|name| Assignor::named(name)).collect(),
        migration: MigrationPolicy {
            upgrade: settings.can_upgrade,
            downgrade: settings.can_downgrade,
        },
        regex_refresh_interval: millis(settings.regex_refresh_interval_ms),
    }
}

impl Machine for GroupShard {
    const TOPIC: &'static str = GROUP_TOPIC;
    const KIND: &'static str = "group";

    const HEEDS_RECORD_SIZE: bool = true;

    type Soft = Soft;
    type Settings = GroupSettings;
    type Now = Now;
    type Record = GroupRecord;
    type Ticket = Ticket;
    type Reply = Reply;
    type Effect = Infallible;
    type Event = Event;
    type Decision<R> = Decision<R>;

    fn now(instant: Instant, wall: Timestamp) -> Now {
        Now { instant, wall }
    }

    fn ticket(number: u64) -> Ticket {
        Ticket(number)
    }

    fn soft(settings: &GroupSettings, random: SeededRandom) -> Soft {
        Soft::new(settings.clone(), random)
    }

    fn set_settings(soft: &mut Soft, settings: &GroupSettings) {
        soft.set_settings(settings.clone());
    }

    fn set_record_size_max(soft: &mut Soft, size_max: usize) {
        soft.set_record_size_max(size_max);
    }

    fn set_members_room(soft: &mut Soft, room: MembersRoom) {
        soft.set_members_room(room);
    }

    fn members_size(&self, soft: &Soft) -> usize {
        Self::members_size(self, soft)
    }

    fn replay(&mut self, at: Offset, record: &GroupRecord) {
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
        _soft: &mut Soft,
        _now: Now,
        topics: &[GoneTopic],
    ) -> Option<Decision<()>> {
        let gone = |topic: &GoneTopic| DeletedTopic { name: topic.name.clone(), id: topic.id };
        Some(Self::topics_deleted(self, &topics.iter().map(gone).collect::<Vec<_>>()))
    }

    fn encode(record: &GroupRecord) -> Result<KeyValue, Unavailable> {
        match codec::encode(record) {
            Ok(codec::KeyValue { key, value }) => Ok(KeyValue { key, value }),
            Err(error) => {
                tracing::error!(%error, "encode group record");
                Err(encode_failure(&error))
            }
        }
    }

    fn decode(
        key: &Bytes,
        value: Option<&Bytes>,
        producer: Option<ProducerId>,
    ) -> Result<Option<GroupRecord>, String> {
        match codec::decode(key, value, producer) {
            Ok(Decoded::Record(record)) => Ok(Some(record)),
            Ok(Decoded::OtherGroupType(_)) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn transaction_ended(producer: ProducerId, committed: bool) -> Option<GroupRecord> {
        let outcome = match committed {
            true => TransactionOutcome::Committed,
            false => TransactionOutcome::Aborted,
        };
        Some(GroupRecord::TransactionEnded { producer, outcome })
    }

    fn take_apart<R>(decision: Decision<R>) -> Decided<Self, R> {
        let Decision { records, reply, answers, events, seen } = decision;
        let answers = answers.into_iter().map(|answer| (answer.ticket, answer.reply)).collect();
        Decided { records, reply, answers, effects: Vec::new(), events, seen }
    }

    fn say(event: &Event) {
        say(event);
    }
}

/// A client may send texts that fit in a request and not in a record.
fn encode_failure(error: &CodecError) -> Unavailable {
    match error {
        CodecError::Encode(_) | CodecError::GroupId(_) => Unavailable::TooLarge,
        CodecError::Decode(_)
        | CodecError::TopicName(_)
        | CodecError::Partition(_)
        | CodecError::TransactionEnd
        | CodecError::OtherType => Unavailable::NotCommitted,
    }
}

/// What operators know from Kafka's own log.
fn say(event: &Event) {
    match event {
        Event::Rebalancing { group, generation, why, client_reason } => {
            tracing::info!(%group, %generation, ?why, ?client_reason, "prepare to rebalance group");
        }
        Event::Joined { group, generation, member_count } => {
            tracing::info!(%group, %generation, member_count, "members joined group");
        }
        Event::Assigned { group, generation, member_count } => {
            tracing::info!(%group, %generation, member_count, "stabilized group");
        }
        Event::Emptied { group, generation } => {
            tracing::info!(%group, %generation, "group is now empty");
        }
        Event::MemberRemoved { group, member, why } => {
            tracing::info!(%group, %member, ?why, "member removed from group");
        }
        Event::ConsumerGroupChanged { group, epoch, target_epoch, member_count } => {
            tracing::info!(%group, %epoch, %target_epoch, member_count, "consumer group changed");
        }
        Event::ShareGroupChanged { group, epoch, target_epoch, member_count } => {
            tracing::info!(%group, %epoch, %target_epoch, member_count, "share group changed");
        }
        Event::StreamsGroupChanged { group, epoch, target_epoch, member_count } => {
            tracing::info!(%group, %epoch, %target_epoch, member_count, "streams group changed");
        }
        Event::Repaired { group } => {
            tracing::warn!(%group, "records of group contradict each other: its members join afresh");
        }
        Event::OffsetsExpired { group_count, offset_count } => {
            tracing::info!(group_count, offset_count, "removed expired groups and offsets");
        }
    }
}
