use super::group::InitialDelay;
use super::{ClassicGroup, State, Step};
use crate::history::SlowStep;
use crate::timers::TimerKey;
use crate::{Event, GroupError, MemberId, Ticket, Why};

impl ClassicGroup {
    /// Starts a rebalance, or if one is being prepared already, sees whether the last member has come.
    pub(super) fn rebalance_or_complete_join(
        &mut self,
        step: &mut Step<'_>,
        why: Why,
        client_reason: Option<Box<str>>,
    ) {
        match self.state {
            State::PreparingRebalance => self.complete_join_if_all_joined(step),
            State::Empty | State::CompletingRebalance | State::Stable => {
                self.begin_preparing(step, why, client_reason);
                self.wait_for_joins(step);
            }
        }
    }

    /// The same for a member that joins and from now on waits for the outcome.
    pub(super) fn rebalance_with_parked(
        &mut self,
        step: &mut Step<'_>,
        id: &MemberId,
        ticket: Ticket,
        why: Why,
        client_reason: Option<Box<str>>,
    ) {
        if self.state == State::PreparingRebalance {
            self.park_join(step, id, ticket);
            return self.complete_join_if_all_joined(step);
        }
        self.set_off_by = self.who(id);
        self.begin_preparing(step, why, client_reason);
        self.park_join(step, id, ticket);
        self.wait_for_joins(step);
    }

    /// Ends the generation: parked syncs learn that they must join again.
    fn begin_preparing(&mut self, step: &mut Step<'_>, why: Why, client_reason: Option<Box<str>>) {
        if self.state == State::CompletingRebalance {
            self.end_syncs_with_rebalance(step);
        }
        self.pending_sync.clear();
        step.timers.clear(&mut self.sync_timer, || TimerKey::Sync(self.id.clone()));
        if self.state == State::Empty {
            let delay = step.settings.initial_rebalance_delay;
            let remaining = self.rebalance_timeout().saturating_sub(delay);
            self.initial = Some(InitialDelay { delay, remaining, member_added: false });
        }
        self.enter(step, State::PreparingRebalance);
        let (reason, cause) = (client_reason.as_deref(), self.set_off_by.take());
        step.histories.entry(&self.id).begin(step.now, why, reason, cause);
        step.out.events.push(Event::Rebalancing {
            group: self.id.clone(),
            generation: self.generation,
            why,
            client_reason,
        });
    }

    fn wait_for_joins(&mut self, step: &mut Step<'_>) {
        let wait = match self.initial {
            Some(initial) => initial.delay,
            None if self.all_have_joined() => return self.complete_join(step),
            None => self.rebalance_timeout(),
        };
        self.set_join_timer(step, wait);
    }

    fn set_join_timer(&mut self, step: &mut Step<'_>, wait: std::time::Duration) {
        let deadline = step.now.instant.plus(wait);
        step.timers.set(&mut self.join_timer, deadline, || TimerKey::Join(self.id.clone()));
    }

    /// A first rebalance is left to its timer, however complete it looks.
    pub(super) fn complete_join_if_all_joined(&mut self, step: &mut Step<'_>) {
        let preparing = self.state == State::PreparingRebalance;
        if preparing && self.initial.is_none() && self.all_have_joined() {
            self.complete_join(step);
        }
    }

    /// The join phase has lasted long enough, unless a first rebalance may still grow.
    pub(crate) fn join_timer_fired(&mut self, step: &mut Step<'_>) {
        let key = TimerKey::Join(self.id.clone());
        if !step.timers.is_due(&mut self.join_timer, step.now.instant, key) {
            return;
        }
        if let Some(initial) = &mut self.initial
            && initial.member_added
            && !initial.remaining.is_zero()
        {
            let delay = step.settings.initial_rebalance_delay.min(initial.remaining);
            initial.member_added = false;
            initial.remaining = initial.remaining.saturating_sub(initial.delay);
            initial.delay = delay;
            return self.set_join_timer(step, delay);
        }
        self.complete_join(step);
    }

    /// Ends the join phase: who has not come again is out (static members stay until their session ends), the others
    /// get the next generation.
    pub(super) fn complete_join(&mut self, step: &mut Step<'_>) {
        step.timers.clear(&mut self.join_timer, || TimerKey::Join(self.id.clone()));
        let absent = |(_, member): &(&MemberId, &super::Member)| {
            member.awaiting_join.is_none() && member.instance.is_none()
        };
        let absent: Vec<MemberId> =
            self.members.iter().filter(absent).map(|(id, _)| id.clone()).collect();
        for id in absent {
            let began = self.began(step);
            self.note_late(step, &id, SlowStep::Join, began);
            self.remove(step, &id);
            step.out.events.push(Event::MemberRemoved {
                group: self.id.clone(),
                member: id,
                why: Why::JoinTooLate,
            });
        }
        if !self.members.is_empty() && !self.elect_leader() {
            // Only static members are left, and none has come: wait until their sessions tell who is alive.
            self.initial =
                self.initial.map(|initial| InitialDelay { member_added: false, ..initial });
            let wait = self.rebalance_timeout();
            return self.set_join_timer(step, wait);
        }
        self.begin_generation(step);
    }

    /// The leader keeps its place if it has joined; else the first of those that have. `false` if nobody has.
    fn elect_leader(&mut self) -> bool {
        let has_joined = |id: &MemberId| {
            self.members.get(id).is_some_and(|member| member.awaiting_join.is_some())
        };
        if self.leader.as_ref().is_some_and(has_joined) {
            return true;
        }
        let joined = self.members.iter().filter(|(_, member)| member.awaiting_join.is_some());
        let Some((first, _)) = joined.min_by_key(|(_, member)| member.joined_as) else {
            return false;
        };
        self.leader = Some(first.clone());
        true
    }

    fn begin_generation(&mut self, step: &mut Step<'_>) {
        self.generation = self.generation.next();
        self.initial = None;
        self.set_off_by = None;
        self.pending_sync.clear();
        self.note_joins(step);
        self.protocol = self.select_protocol();
        self.subscribed = self.compute_subscribed();
        if self.members.is_empty() {
            self.enter(step, State::Empty);
            step.out.records.push(self.to_record());
            if let Some(history) = step.histories.known(&self.id) {
                history.end(step.now, self.generation.to_wire(), 0);
            }
            let (group, generation) = (self.id.clone(), self.generation);
            return step.out.events.push(Event::Emptied { group, generation });
        }
        self.enter(step, State::CompletingRebalance);
        let ids: Vec<MemberId> = self.members.keys().cloned().collect();
        for id in ids {
            if let Some(ticket) = self.take_join(&id) {
                step.out.answer_join(ticket, Ok(self.joined(&id)));
            }
            if let Some(member) = self.members.get_mut(&id) {
                member.is_new = false;
            }
            self.released(step, &id);
            self.pending_sync.insert(id);
        }
        let deadline = step.now.instant.plus(self.rebalance_timeout());
        step.timers.set(&mut self.sync_timer, deadline, || TimerKey::Sync(self.id.clone()));
        step.out.events.push(Event::Joined {
            group: self.id.clone(),
            generation: self.generation,
            member_count: self.members.len(),
        });
    }

    fn end_syncs_with_rebalance(&mut self, step: &mut Step<'_>) {
        let mut interrupted = Vec::new();
        for (id, member) in &mut self.members {
            member.assignment = bytes::Bytes::new();
            if let Some(ticket) = member.awaiting_sync.take() {
                step.out.answer_sync(ticket, Err(GroupError::RebalanceInProgress));
                interrupted.push(id.clone());
            }
        }
        self.count_size();
        for id in interrupted {
            self.released(step, &id);
        }
    }
}
