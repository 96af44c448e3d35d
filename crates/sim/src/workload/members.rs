//! The coordinator of the consumer group whose members the copiers may be.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use group::{
    Cluster, ConsumerHeartbeat, ConsumerTimes, GroupId, InvalidPattern, MemberEpoch,
    StreamsGroupConfig, TopicFacts,
};
use io::Clock;
use model::{Offset, TopicId, TopicName};
use replica::Origin;

use super::Key;
use super::broker::{Broker, Caller, Reply, Then, after, group_id};
use super::member::Named;
use crate::failure::Broken;
use crate::stop::Stop;

/// The topic that the members read.
pub(super) const INPUT: &str = "input";
pub(super) const SESSION_TIMEOUT: Duration = Duration::from_secs(1);
pub(super) const REBALANCE_TIMEOUT: Duration = Duration::from_secs(2);
pub(super) const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(100);
/// Deadlines carried out in one round.
const DEADLINES_MAX: usize = 16;

/// The metadata as the coordinator sees them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Topics {
    /// What the group knows of: a topic grows.
    pub(super) input_count: u32,
    pub(super) assignment_interval: Duration,
}

impl Cluster for Topics {
    fn version(&self) -> u64 {
        u64::from(self.input_count)
    }

    fn topic(&self, name: &str) -> Option<TopicFacts> {
        let id = Key::Input(0).id().topic;
        (name == INPUT).then_some(TopicFacts { id, partition_count: self.input_count })
    }

    fn topic_name(&self, id: TopicId) -> Option<TopicName> {
        let input = Key::Input(0);
        (id == input.id().topic).then(|| input.name().topic)
    }

    fn matching(&self, _: &str) -> Result<BTreeSet<Arc<str>>, InvalidPattern> {
        Err(InvalidPattern)
    }

    fn names_version(&self) -> u64 {
        1
    }

    fn consumer_times(&self, _: &GroupId) -> ConsumerTimes {
        ConsumerTimes {
            session_timeout: SESSION_TIMEOUT,
            heartbeat_interval: HEARTBEAT_INTERVAL,
            assignment_interval: self.assignment_interval,
        }
    }

    fn share_times(&self, group: &GroupId) -> ConsumerTimes {
        self.consumer_times(group)
    }

    fn streams_config(&self, _: &GroupId) -> StreamsGroupConfig {
        StreamsGroupConfig::default()
    }
}

impl Broker {
    pub(super) fn heartbeat(
        &mut self,
        caller: Caller,
        report: &ConsumerHeartbeat,
    ) -> Result<(), Stop> {
        let (now, soft) = (self.groups_now(), &mut self.groups_soft);
        let decision = self.groups.consumer_heartbeat(soft, now, &self.topics, report);
        let reply = Reply::Heartbeat(decision.reply.clone());
        let needed = self.write_groups(decision)?;
        self.once(Key::Offsets, needed, Then::Answer(caller, reply));
        self.release()
    }

    /// Whether the member may ask for the group's offsets; one who names nobody may.
    pub(super) fn may_fetch(&self, named: Option<&Named>) -> bool {
        let member = named.map(|named| &named.member);
        let epoch = named.and_then(|named| MemberEpoch::from_wire(named.epoch));
        self.groups.check_fetch(&group_id(), member, epoch).is_ok()
    }

    /// Carries out a decision that is no part of a transaction. Gives where the log must be committed for the reply to leave.
    pub(super) fn write_groups<R>(&mut self, decision: group::Decision<R>) -> Result<Offset, Stop> {
        let mut encoded = Vec::new();
        for record in &decision.records {
            let group::codec::KeyValue { key, value } =
                group::codec::encode(record).map_err(Broken::crash)?;
            encoded.push((key, value));
        }
        let needed = after(decision.seen);
        if encoded.is_empty() {
            return Ok(needed);
        }
        let batch = self.batch_of(&encoded, None)?;
        let base = self.write(Key::Offsets, &batch, Origin::COORDINATOR)?;
        let mut next = base.map_err(Broken::crash)?;
        for record in &decision.records {
            self.groups.replay(next, record);
            next = after(Some(next));
        }
        Ok(needed.max(next))
    }

    /// Members that are silent for too long.
    pub(super) fn tick_groups(&mut self) -> Result<(), Stop> {
        for _ in 0..DEADLINES_MAX {
            let next = self.groups_soft.next_timeout();
            if next.is_none_or(|at| at > self.clock.now()) {
                break;
            }
            let now = self.groups_now();
            let decision = self.groups.time_passed(&mut self.groups_soft, now);
            self.write_groups(decision)?;
        }
        Ok(())
    }
}
