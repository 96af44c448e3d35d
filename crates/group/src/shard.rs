use std::collections::{BTreeMap, BTreeSet};

use model::{Offset, ProducerId};

use crate::classic::{ClassicGroup, State};
use crate::consumer::{Cluster, ConsumerChange, ConsumerGroup, View};
use crate::decision::Outcome;
use crate::offsets::{GroupOffsets, Transactions};
use crate::share::{ShareChange, ShareGroup};
use crate::streams::{StreamsChange, StreamsGroup};
use crate::timers::TimerKey;
use crate::{
    Decision, GroupError, GroupId, GroupRecord, Heartbeat, Join, Leave, Now, PartResults, Planted,
    PlantedBug, Protocol, Soft, StoredGroup, Sync,
};

/// The groups and offsets of one partition of `__consumer_offsets`, as its log has them.
#[derive(Debug, Default)]
pub struct GroupShard {
    pub(crate) groups: BTreeMap<GroupId, HardGroup>,
    pub(crate) transactions: Transactions,
    /// Bytes that the members of consumer, share and streams groups take.
    pub(crate) members_size: usize,
    /// Bytes that the members of classic groups take as they were recorded last: whoever says something else by now, or is gone,
    /// lies in memory twice.
    pub(crate) recorded_size: usize,
    /// The newest record replayed.
    pub(crate) newest: Option<Offset>,
    pub(crate) planted: Planted,
}

/// What the log says about one group.
#[derive(Debug, Default)]
pub(crate) struct HardGroup {
    /// `None` for a group that only stores offsets, and for one that was deleted while offsets are left.
    pub(crate) stored: Option<StoredGroup>,
    /// It was not deleted since something was last written about it.
    pub(crate) exists: bool,
    pub(crate) offsets: GroupOffsets,
    /// The consumer group of this name.
    pub(crate) consumer: Option<ConsumerGroup>,
    /// The share group of this name.
    pub(crate) share: Option<ShareGroup>,
    /// The streams group of this name.
    pub(crate) streams: Option<StreamsGroup>,
    /// The newest record about the group itself, and about its offsets.
    pub(crate) stored_at: Option<Offset>,
    pub(crate) newest: Option<Offset>,
}

impl HardGroup {
    /// Of a consumer group or a streams group; those of a classic one are not only in the log.
    pub(crate) fn has_members(&self) -> bool {
        self.consumer.as_ref().is_some_and(|consumer| !consumer.members.is_empty())
            || self.share.as_ref().is_some_and(|share| !share.members.is_empty())
            || self.streams.as_ref().is_some_and(|streams| !streams.members.is_empty())
    }

    fn recorded_size(&self) -> usize {
        self.stored.as_ref().map_or(0, StoredGroup::members_size)
    }

    fn members_size(&self) -> usize {
        self.consumer.as_ref().map_or(0, |consumer| consumer.members_size)
            + self.share.as_ref().map_or(0, |share| share.members_size)
            + self.streams.as_ref().map_or(0, |streams| streams.members_size)
    }

    pub(crate) const fn is_classic(&self) -> bool {
        self.consumer.is_none() && self.share.is_none() && self.streams.is_none()
    }

    /// Whether somebody may use the name for a group of another type. As in Apache Kafka a streams group without members
    /// gives way, and a share group does not.
    pub(crate) fn gives_way(&self) -> bool {
        let has_members = |streams: &StreamsGroup| !streams.members.is_empty();
        self.share.is_none() && !self.streams.as_ref().is_some_and(has_members)
    }

    /// What takes out the streams group of this name, if there is one.
    pub(crate) fn remove_streams(&self, group: &GroupId, records: &mut Vec<GroupRecord>) {
        let removal = self.streams.as_ref().map(StreamsGroup::removal).unwrap_or_default();
        let record = |change| GroupRecord::Streams { group: group.clone(), change };
        records.extend(removal.into_iter().map(record));
    }

    /// What takes out the consumer group of this name, if there is one.
    pub(crate) fn remove_consumer(&self, group: &GroupId, records: &mut Vec<GroupRecord>) {
        let removal = self.consumer.as_ref().map(ConsumerGroup::removal).unwrap_or_default();
        let record = |change| GroupRecord::Consumer { group: group.clone(), change };
        records.extend(removal.into_iter().map(record));
    }

    /// What takes out the group of this name, of whatever type it is.
    pub(crate) fn remove_group(&self, group: &GroupId, records: &mut Vec<GroupRecord>) {
        if let Some(share) = &self.share {
            let record = |change| GroupRecord::Share { group: group.clone(), change };
            records.extend(share.removal().into_iter().map(record));
        } else if self.streams.is_some() {
            self.remove_streams(group, records);
        } else if self.consumer.is_some() {
            self.remove_consumer(group, records);
        } else {
            records.push(GroupRecord::GroupRemoved { group: group.clone() });
        }
    }
}

impl GroupShard {
    pub fn new() -> Self {
        Self::default()
    }

    /// For the tests that must notice a bug; see [`Planted`].
    pub fn plant(&mut self, planted: Planted) {
        self.planted = planted;
    }

    /// Takes over a record that is in the log at offset `at`. The only writer of this state.
    pub fn replay(&mut self, at: Offset, record: &GroupRecord) {
        self.newest = Some(at);
        match record {
            GroupRecord::Group { group, state } => {
                let hard = self.touch(group, at);
                let before = hard.recorded_size();
                hard.stored = Some(state.clone());
                hard.stored_at = Some(at);
                hard.exists = true;
                let after = hard.recorded_size();
                self.recorded_size = self.recorded_size - before + after;
            }
            GroupRecord::GroupRemoved { group } => {
                if let Some(hard) = self.groups.get_mut(group) {
                    self.recorded_size -= hard.recorded_size();
                    hard.stored = None;
                    hard.stored_at = Some(at);
                    hard.newest = Some(at);
                    hard.exists = false;
                }
                self.forget_if_gone(group);
            }
            GroupRecord::Offset { group, partition, offset, producer } => {
                let hard = self.touch(group, at);
                hard.exists = true;
                let offset = offset.clone().recorded_at(at);
                match producer {
                    None => hard.offsets.put(partition.clone(), offset),
                    Some(producer) => {
                        hard.offsets.open(partition.clone(), *producer);
                        self.transactions.put(*producer, group.clone(), partition.clone(), offset);
                    }
                }
            }
            GroupRecord::OffsetRemoved { group, partition } => {
                if let Some(hard) = self.groups.get_mut(group) {
                    hard.newest = Some(at);
                    hard.offsets.remove(partition);
                    for producer in hard.offsets.close_all(partition) {
                        self.transactions.remove(producer, group, partition);
                    }
                }
                self.forget_if_gone(group);
            }
            GroupRecord::Consumer { group, change } => {
                self.count_members(group, |shard| shard.replay_consumer(at, group, change));
            }
            GroupRecord::Share { group, change } => {
                self.count_members(group, |shard| shard.replay_share(at, group, change));
            }
            GroupRecord::Streams { group, change } => {
                self.count_members(group, |shard| shard.replay_streams(at, group, change));
            }
            GroupRecord::TransactionEnded { producer, outcome } => {
                self.end_transaction(at, *producer, *outcome);
            }
        }
    }

    /// Bytes that the members of the group take as the log has them.
    pub(crate) fn hard_members_size(&self, group: &GroupId) -> usize {
        self.groups.get(group).map_or(0, HardGroup::members_size)
    }

    fn count_members(&mut self, group: &GroupId, replay: impl FnOnce(&mut Self)) {
        let before = self.hard_members_size(group);
        replay(self);
        self.members_size = self.members_size - before + self.hard_members_size(group);
    }

    fn replay_consumer(&mut self, at: Offset, group: &GroupId, change: &ConsumerChange) {
        if change.is_removal() {
            let Some(hard) = self.groups.get_mut(group) else { return };
            (hard.newest, hard.stored_at) = (Some(at), Some(at));
            if *change == ConsumerChange::Group(None) {
                hard.consumer = None;
                hard.exists = !hard.offsets.is_empty();
            } else if let Some(consumer) = &mut hard.consumer {
                consumer.replay(change);
            }
            return self.forget_if_gone(group);
        }
        let hard = self.touch(group, at);
        hard.stored_at = Some(at);
        hard.exists = true;
        hard.consumer.get_or_insert_default().replay(change);
    }

    fn replay_share(&mut self, at: Offset, group: &GroupId, change: &ShareChange) {
        if change.is_removal() {
            let Some(hard) = self.groups.get_mut(group) else { return };
            (hard.newest, hard.stored_at) = (Some(at), Some(at));
            if *change == ShareChange::Group(None) {
                hard.share = None;
                hard.exists = !hard.offsets.is_empty();
            } else if let Some(share) = &mut hard.share {
                share.replay(change);
            }
            return self.forget_if_gone(group);
        }
        let hard = self.touch(group, at);
        hard.stored_at = Some(at);
        hard.exists = true;
        hard.share.get_or_insert_default().replay(change);
    }

    fn replay_streams(&mut self, at: Offset, group: &GroupId, change: &StreamsChange) {
        if change.is_removal() {
            let Some(hard) = self.groups.get_mut(group) else { return };
            (hard.newest, hard.stored_at) = (Some(at), Some(at));
            if *change == StreamsChange::Group(None) {
                hard.streams = None;
                hard.exists = !hard.offsets.is_empty();
            } else if let Some(streams) = &mut hard.streams {
                streams.replay(change);
            }
            return self.forget_if_gone(group);
        }
        let hard = self.touch(group, at);
        hard.stored_at = Some(at);
        hard.exists = true;
        hard.streams.get_or_insert_default().replay(change);
    }

    fn touch(&mut self, group: &GroupId, at: Offset) -> &mut HardGroup {
        let hard = self.groups.entry(group.clone()).or_default();
        hard.newest = Some(at);
        hard
    }

    fn end_transaction(
        &mut self,
        at: Offset,
        producer: ProducerId,
        outcome: crate::TransactionOutcome,
    ) {
        let mut groups = BTreeSet::new();
        for ((group, partition), offset) in self.transactions.take(producer) {
            if let Some(hard) = self.groups.get_mut(&group) {
                hard.newest = Some(at);
                hard.offsets.close(&partition, producer);
                let keeps = self.planted.has(PlantedBug::KeepAbortedOffsets);
                if outcome == crate::TransactionOutcome::Committed || keeps {
                    hard.offsets.put_if_newer(partition, offset);
                }
            }
            groups.insert(group);
        }
        for group in groups {
            self.forget_if_gone(&group);
        }
    }

    fn forget_if_gone(&mut self, group: &GroupId) {
        let is_gone =
            |hard: &HardGroup| !hard.exists && hard.offsets.is_empty() && hard.is_classic();
        if self.groups.get(group).is_some_and(is_gone) {
            let gone = self.groups.remove(group);
            self.recorded_size -= gone.map_or(0, |gone| gone.recorded_size());
        }
    }

    /// To be called once when all of the log is replayed: members get a session to show that they are alive.
    pub fn loaded(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        let mut out = Outcome::default();
        soft.histories.since = Some(now.wall);
        for (id, hard) in &self.groups {
            let stored = hard.stored.as_ref().filter(|stored| !stored.members.is_empty());
            // Both can only be there when compaction has taken a removal: the newer type has the name.
            let Some(stored) = stored.filter(|_| hard.is_classic()) else { continue };
            soft.put_group(ClassicGroup::from_stored(id.clone(), stored));
            soft.step_group(now, id, &mut out, |group, step| group.loaded(step));
        }
        self.load_consumers(soft, now, &mut out);
        self.load_shares(soft, now, &mut out);
        self.load_streams(soft, now, &mut out);
        self.schedule_expiry(soft, now);
        out.decide((), self.newest)
    }

    /// A member joins, for the first time or again. The answer comes under the request's ticket.
    pub fn join(
        &self,
        soft: &mut Soft,
        now: Now,
        cluster: &dyn Cluster,
        mut request: Join,
    ) -> Decision<()> {
        let mut out = Outcome::default();
        let id = request.group.clone();
        let seen = self.stored_at(&id);
        let settings = &soft.settings;
        let refused = if id.is_empty() {
            Some(GroupError::InvalidGroupId)
        } else if request.session_timeout < settings.session_timeout_min
            || request.session_timeout > settings.session_timeout_max
        {
            Some(GroupError::InvalidSessionTimeout)
        } else if request.member.is_some() && !self.exists(soft, &id) {
            Some(GroupError::UnknownMember)
        } else if self.groups.get(&id).is_some_and(|hard| !hard.gives_way()) {
            Some(GroupError::InconsistentProtocol)
        } else {
            None
        };
        if let Some(error) = refused {
            out.refuse_join(request.ticket, request.member, error);
            return out.decide((), seen);
        }
        keep_first_of_each_name(&mut request.protocols);
        if let Some(consumer) = self.consumer(&id).filter(|group| !group.members.is_empty()) {
            let sizes = request.protocols.iter().map(|protocol| protocol.metadata.len());
            if let Err(error) = soft.record_size_max.check_bytes(sizes.sum()) {
                out.refuse_join(request.ticket, request.member, error);
                return out.decide((), seen);
            }
            let view = View { now, cluster };
            self.join_consumer_as_classic(soft, view, consumer, request, &mut out);
            return out.decide((), seen);
        }
        if let Some(hard) = self.groups.get(&id) {
            hard.remove_consumer(&id, &mut out.records);
            hard.remove_streams(&id, &mut out.records);
        }
        soft.forget_consumer_group(&id);
        soft.forget_streams_group(&id);
        self.wake(soft, &id);
        soft.step_group(now, &id, &mut out, |group, step| group.join(step, request));
        out.decide((), seen)
    }

    /// A member asks for its assignment. The answer comes under the request's ticket.
    pub fn sync(
        &self,
        soft: &mut Soft,
        now: Now,
        cluster: &dyn Cluster,
        request: Sync,
    ) -> Decision<()> {
        let mut out = Outcome::default();
        let id = request.group.clone();
        let ticket = request.ticket;
        if id.is_empty() {
            out.answer_sync(ticket, Err(GroupError::InvalidGroupId));
        } else if let Some(consumer) = self.consumer(&id) {
            let view = View { now, cluster };
            self.sync_consumer_as_classic(soft, view, consumer, &request, &mut out);
        } else if soft
            .step_group(now, &id, &mut out, |group, step| group.sync(step, request))
            .is_none()
        {
            out.answer_sync(ticket, Err(GroupError::UnknownMember));
        }
        out.decide((), self.stored_at(&id))
    }

    pub fn heartbeat(
        &self,
        soft: &mut Soft,
        now: Now,
        cluster: &dyn Cluster,
        request: &Heartbeat,
    ) -> Decision<Result<(), GroupError>> {
        let mut out = Outcome::default();
        let id = &request.group;
        if id.is_empty() {
            return out.decide(Err(GroupError::InvalidGroupId), None);
        }
        if let Some(consumer) = self.consumer(id) {
            let view = View { now, cluster };
            let reply = self.heartbeat_consumer_as_classic(soft, view, consumer, request, &mut out);
            return out.decide(reply, self.stored_at(id));
        }
        let reply =
            soft.renew_in_group(now, id, &mut out, |group, step| group.heartbeat(step, request));
        out.decide(reply.unwrap_or(Err(GroupError::UnknownMember)), self.stored_at(id))
    }

    /// One result for each member that is to leave, in the request's order.
    pub fn leave(
        &self,
        soft: &mut Soft,
        now: Now,
        cluster: &dyn Cluster,
        request: &Leave,
    ) -> Decision<PartResults> {
        let mut out = Outcome::default();
        let id = &request.group;
        if id.is_empty() {
            return out.decide(Err(GroupError::InvalidGroupId), None);
        }
        if let Some(consumer) = self.consumer(id) {
            let (view, leaving) = (View { now, cluster }, &request.members);
            let group = (id, consumer);
            let results = self.leave_consumer_as_classic(soft, view, group, leaving, &mut out);
            return out.decide(Ok(results), self.stored_at(id));
        }
        let reply =
            soft.step_group(now, id, &mut out, |group, step| group.leave(step, &request.members));
        let nobody = || vec![Err(GroupError::UnknownMember); request.members.len()];
        out.decide(Ok(reply.unwrap_or_else(nobody)), self.stored_at(id))
    }

    /// Carries out one deadline that is over; [`Soft::next_timeout`] says whether to call again.
    pub fn time_passed(&self, soft: &mut Soft, now: Now) -> Decision<()> {
        let mut out = Outcome::default();
        match soft.timers.pop(now.instant) {
            None => {}
            Some(TimerKey::Session(group, member)) => {
                soft.step_group(now, &group, &mut out, |group, step| {
                    group.session_timer_fired(step, &member)
                });
            }
            Some(TimerKey::Join(group)) => {
                soft.step_group(now, &group, &mut out, ClassicGroup::join_timer_fired);
            }
            Some(TimerKey::Sync(group)) => {
                soft.step_group(now, &group, &mut out, ClassicGroup::sync_timer_fired);
            }
            Some(key @ (TimerKey::ConsumerSession(..) | TimerKey::ConsumerRebalance(..))) => {
                self.consumer_timer_fired(soft, now, &key, &mut out);
            }
            Some(key @ TimerKey::ShareSession(..)) => {
                self.share_session_ended(soft, now, &key, &mut out);
            }
            Some(key @ (TimerKey::StreamsSession(..) | TimerKey::StreamsRebalance(..))) => {
                self.streams_timer_fired(soft, now, &key, &mut out);
            }
            Some(TimerKey::Expiry) => self.expiry_timer_fired(soft, now, &mut out),
        }
        out.decide((), self.newest)
    }

    /// Whether the group is there: in the log, or with somebody about to join.
    pub(crate) fn exists(&self, soft: &Soft, group: &GroupId) -> bool {
        soft.groups.contains_key(group) || self.groups.get(group).is_some_and(|hard| hard.exists)
    }

    pub(crate) fn state_of(soft: &Soft, group: &GroupId) -> State {
        soft.groups.get(group).map_or(State::Empty, ClassicGroup::state)
    }

    /// Gives the group a soft side, as the log has it or new.
    fn wake(&self, soft: &mut Soft, group: &GroupId) {
        if !soft.groups.contains_key(group) {
            let new = StoredGroup::default();
            let stored =
                self.groups.get(group).and_then(|hard| hard.stored.as_ref()).unwrap_or(&new);
            soft.put_group(ClassicGroup::from_stored(group.clone(), stored));
        }
    }

    pub(crate) fn consumer(&self, group: &GroupId) -> Option<&ConsumerGroup> {
        self.groups.get(group)?.consumer.as_ref()
    }

    pub(crate) fn share(&self, group: &GroupId) -> Option<&ShareGroup> {
        self.groups.get(group)?.share.as_ref()
    }

    pub(crate) fn streams(&self, group: &GroupId) -> Option<&StreamsGroup> {
        self.groups.get(group)?.streams.as_ref()
    }

    pub(crate) fn stored_at(&self, group: &GroupId) -> Option<Offset> {
        self.groups.get(group).and_then(|hard| hard.stored_at)
    }

    /// The newest record that a reader of the group's state rests on.
    pub(crate) fn newest_of(&self, group: &GroupId) -> Option<Offset> {
        self.groups.get(group).map_or(self.newest, |hard| hard.newest)
    }
}

/// Kafka counts a protocol named twice as two, and then no protocol is common to all; here the first one counts.
fn keep_first_of_each_name(protocols: &mut Vec<Protocol>) {
    let mut names = BTreeSet::new();
    protocols.retain(|protocol| names.insert(protocol.name.clone()));
}
