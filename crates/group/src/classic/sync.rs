use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::{ClassicGroup, Member, State, Step, Sync, Synced};
use crate::history::SlowStep;
use crate::timers::TimerKey;
use crate::{Event, GroupError, MemberId, Ticket};

impl ClassicGroup {
    /// A member asks for its assignment; the leader brings all of them.
    pub(crate) fn sync(&mut self, step: &mut Step<'_>, request: Sync) {
        let ticket = request.ticket;
        let member = match self.check_sync(&request) {
            Ok(member) => member,
            Err(error) => return step.out.answer_sync(ticket, Err(error)),
        };
        match self.state {
            State::Empty => step.out.answer_sync(ticket, Err(GroupError::UnknownMember)),
            State::PreparingRebalance => {
                step.out.answer_sync(ticket, Err(GroupError::RebalanceInProgress));
            }
            State::CompletingRebalance => {
                self.park_sync(step, &member, ticket);
                self.sync_arrived(step, &member);
                if self.is_leader(&member) {
                    self.store_assignment(step, request.assignments);
                }
            }
            State::Stable => {
                self.sync_arrived(step, &member);
                let assignment = self.members.get(&member).map(|member| member.assignment.clone());
                step.out.answer_sync(ticket, Ok(self.synced(assignment.unwrap_or_default())));
            }
        }
    }

    fn check_sync(&self, request: &Sync) -> Result<MemberId, GroupError> {
        let member = self.check_member(request.member.as_ref(), request.instance.as_ref())?;
        if request.generation != Some(self.generation) {
            return Err(GroupError::IllegalGeneration);
        }
        let differs = |asked: &Option<Arc<str>>, own: &Option<Arc<str>>| {
            asked.is_some() && own.is_some() && asked != own
        };
        if differs(&request.protocol_type, &self.protocol_type)
            || differs(&request.protocol, &self.protocol)
        {
            return Err(GroupError::InconsistentProtocol);
        }
        Ok(member)
    }

    fn park_sync(&mut self, step: &mut Step<'_>, id: &MemberId, ticket: Ticket) {
        let given_up =
            self.members.get_mut(id).and_then(|member| member.awaiting_sync.replace(ticket));
        if let Some(given_up) = given_up {
            step.out.answer_sync(given_up, Err(GroupError::RebalanceInProgress));
        }
    }

    fn sync_arrived(&mut self, step: &mut Step<'_>, id: &MemberId) {
        if self.pending_sync.remove(id) {
            self.note_sync(step, id);
        }
        if self.pending_sync.is_empty() {
            step.timers.clear(&mut self.sync_timer, || TimerKey::Sync(self.id.clone()));
        }
    }

    /// The generation is whole: it is written down, and everybody who waits gets the own part when that is committed.
    fn store_assignment(&mut self, step: &mut Step<'_>, assignments: Vec<(MemberId, Bytes)>) {
        let mut assignments: BTreeMap<MemberId, Bytes> = assignments.into_iter().collect();
        self.enter(step, State::Stable);
        let mut waiting = Vec::new();
        for (id, member) in &mut self.members {
            member.assignment = assignments.remove(id).unwrap_or_default();
            if let Some(ticket) = member.awaiting_sync.take() {
                waiting.push((id.clone(), ticket, member.assignment.clone()));
            }
        }
        let before = self.members_size;
        self.count_size();
        let record = self.to_record();
        let fits = step.record_size_max.check(&record);
        if let Err(error) = fits.and_then(|()| step.members_room.check(before, self.members_size)) {
            return self.refuse_assignment(step, waiting, error);
        }
        for (id, ticket, assignment) in waiting {
            step.out.answer_sync(ticket, Ok(self.synced(assignment)));
            self.released(step, &id);
        }
        if let Some(history) = step.histories.known(&self.id) {
            history.end(step.now, self.generation.to_wire(), self.members.len());
        }
        step.out.records.push(record);
        step.out.events.push(Event::Assigned {
            group: self.id.clone(),
            generation: self.generation,
            member_count: self.members.len(),
        });
    }

    /// The assignment cannot be written down: everybody who waits is told so, and the group begins anew, as in Apache Kafka.
    fn refuse_assignment(
        &mut self,
        step: &mut Step<'_>,
        waiting: Vec<(MemberId, Ticket, Bytes)>,
        error: GroupError,
    ) {
        for (id, ticket, _) in waiting {
            step.out.answer_sync(ticket, Err(error));
            self.released(step, &id);
        }
        self.members.values_mut().for_each(|member| member.assignment = Bytes::new());
        self.count_size();
        self.rebalance_or_complete_join(step, crate::Why::AssignmentTooLarge, None);
    }

    fn synced(&self, assignment: Bytes) -> Synced {
        Synced {
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            assignment,
        }
    }

    /// Members that have not come for their assignment within the rebalance timeout are out.
    pub(crate) fn sync_timer_fired(&mut self, step: &mut Step<'_>) {
        let key = TimerKey::Sync(self.id.clone());
        if !step.timers.is_due(&mut self.sync_timer, step.now.instant, key)
            || self.pending_sync.is_empty()
        {
            return;
        }
        for id in std::mem::take(&mut self.pending_sync) {
            self.note_late(step, &id, SlowStep::Sync, self.joined_at);
            self.remove(step, &id);
            let (group, why) = (self.id.clone(), crate::Why::SyncTooLate);
            step.out.events.push(Event::MemberRemoved { group, member: id, why });
        }
        self.rebalance_or_complete_join(step, crate::Why::SyncTooLate, None);
    }

    /// Makes sure that members as loaded are alive; a group over a limit that was lowered rebalances, so that its
    /// members can commit their offsets before some are turned away.
    pub(crate) fn loaded(&mut self, step: &mut Step<'_>) {
        let ids: Vec<MemberId> = self.members.keys().cloned().collect();
        for id in &ids {
            self.renew_session(step, id);
        }
        if ids.len() > step.settings.member_count_max {
            self.rebalance_or_complete_join(step, crate::Why::OverCapacity, None);
        }
    }

    /// The group goes away while it is empty; ids handed out go with it.
    pub(crate) fn dissolve(&mut self, step: &mut Step<'_>) {
        let pending: Vec<MemberId> = self.pending.keys().cloned().collect();
        for id in pending {
            self.remove(step, &id);
        }
    }

    /// All members go over to a consumer group, where they will come again; so will those who wait.
    pub(crate) fn disband(&mut self, step: &mut Step<'_>) {
        self.dissolve(step);
        let ids: Vec<MemberId> = self.members.keys().cloned().collect();
        for id in &ids {
            self.answer_join_with_error(step, id, None, GroupError::RebalanceInProgress);
            let member = self.members.get_mut(id);
            if let Some(ticket) = member.and_then(|member| member.awaiting_sync.take()) {
                step.out.answer_sync(ticket, Err(GroupError::RebalanceInProgress));
            }
            self.remove(step, id);
        }
        step.timers.clear(&mut self.join_timer, || TimerKey::Join(self.id.clone()));
        step.timers.clear(&mut self.sync_timer, || TimerKey::Sync(self.id.clone()));
        self.initial = None;
        self.state = State::Empty;
    }

    /// The group was a consumer group until now: its members are to join as in a classic one.
    pub(crate) fn downgraded(&mut self, step: &mut Step<'_>) {
        let ids: Vec<MemberId> = self.members.keys().cloned().collect();
        ids.iter().for_each(|id| self.renew_session(step, id));
        self.rebalance_or_complete_join(step, crate::Why::Downgraded, None);
    }

    /// Everybody who waits; the shard is about to go away.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (Ticket, &MemberId, bool)> {
        let tickets = |(id, member)| -> [Option<(Ticket, &MemberId, bool)>; 2] {
            let (id, member): (&MemberId, &Member) = (id, member);
            [
                member.awaiting_join.map(|ticket| (ticket, id, true)),
                member.awaiting_sync.map(|ticket| (ticket, id, false)),
            ]
        };
        self.members.iter().flat_map(tickets).flatten()
    }
}
