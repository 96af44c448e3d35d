use model::SeededRandom;

use super::member::{protocols_size, size_of_new};
use super::{ClassicGroup, Join, Member, State, Step};
use crate::history::{Pulse, Who};
use crate::timers::{Timer, TimerKey};
use crate::{GroupError, MemberId, NEW_MEMBER_JOIN_TIMEOUT, PENDING_MEMBER_COUNT_MAX, Why};

impl ClassicGroup {
    /// A member asks to join. The answer is among this step's, or the join stays parked.
    pub(crate) fn join(&mut self, step: &mut Step<'_>, request: Join) {
        if !self.has_room_for(step, request.member.as_ref()) {
            step.out.refuse_join(request.ticket, None, GroupError::GroupFull);
            if let Some(member) = &request.member {
                self.remove(step, member);
                self.complete_join_if_all_joined(step);
            }
            return;
        }
        if !self.supports(&request.protocol_type, &request.protocols) {
            let (ticket, member) = (request.ticket, request.member);
            return step.out.refuse_join(ticket, member, GroupError::InconsistentProtocol);
        }
        // Whatever the others say, the group could never be written down with it.
        let largest = request.protocols.iter().map(|protocol| protocol.metadata.len()).max();
        if let Err(error) = step.record_size_max.check_bytes(largest.unwrap_or_default()) {
            return step.out.refuse_join(request.ticket, request.member, error);
        }
        if let Err(error) = self.check_size(step, &request) {
            return step.out.refuse_join(request.ticket, request.member, error);
        }
        match request.member.clone() {
            None => self.join_without_id(step, request),
            Some(member) if self.pending.contains_key(&member) => {
                self.join_with_pending_id(step, request, member);
            }
            Some(member) => match self.check_member(Some(&member), request.instance.as_ref()) {
                Ok(id) => self.join_again(step, request, id),
                Err(error) => step.out.refuse_join(request.ticket, Some(member), error),
            },
        }
    }

    /// While joins come in, those that wait count, not those that might come again: so a limit that was lowered
    /// throws out the last to rejoin.
    fn has_room_for(&self, step: &Step<'_>, member: Option<&MemberId>) -> bool {
        let known = member.and_then(|id| self.members.get(id));
        let member_count_max = step.settings.member_count_max;
        match self.state {
            State::Empty => true,
            State::PreparingRebalance => {
                known.is_some_and(|member| member.awaiting_join.is_some())
                    || self.awaiting_join_count < member_count_max
            }
            State::CompletingRebalance | State::Stable => {
                known.is_some() || self.members.len() < member_count_max
            }
        }
    }

    /// Who is in the group and has grown too large is refused, and stays what it was.
    fn check_size(&self, step: &Step<'_>, request: &Join) -> Result<(), GroupError> {
        let holder = || self.instances.get(request.instance.as_ref()?);
        let known = request.member.as_ref().or_else(holder);
        let after = match known.and_then(|id| self.members.get(id)) {
            Some(member) => {
                self.members_size - protocols_size(&member.protocols)
                    + protocols_size(&request.protocols)
            }
            // Nobody's id: refused for that.
            None if known.is_some_and(|id| !self.pending.contains_key(id)) => return Ok(()),
            None => self.members_size + size_of_new(request),
        };
        step.members_room.check(self.members_size, after)
    }

    fn join_without_id(&mut self, step: &mut Step<'_>, request: Join) {
        let prefix = match &request.instance {
            Some(instance) => instance.as_str(),
            None => &request.client.id,
        };
        let id = new_member_id(step.random, prefix);
        match &request.instance {
            Some(instance) => match self.instances.get(instance).cloned() {
                Some(holder) => self.replace_static_member(step, request, &holder, id),
                None => self.add_member(step, request, id),
            },
            None if request.knows_member_id_required => self.hand_out_id(step, &request, id),
            None => self.add_member(step, request, id),
        }
    }

    fn hand_out_id(&mut self, step: &mut Step<'_>, request: &Join, id: MemberId) {
        if self.pending.len() >= PENDING_MEMBER_COUNT_MAX {
            return step.out.refuse_join(request.ticket, None, GroupError::GroupFull);
        }
        let mut timer = Timer::default();
        let deadline = step.now.instant.plus(request.session_timeout);
        step.timers.set(&mut timer, deadline, || TimerKey::Session(self.id.clone(), id.clone()));
        self.pending.insert(id.clone(), timer);
        step.out.refuse_join(request.ticket, Some(id), GroupError::MemberIdRequired);
    }

    fn join_with_pending_id(&mut self, step: &mut Step<'_>, request: Join, id: MemberId) {
        if request.instance.is_some() {
            // Ids are handed out to dynamic members only, so this one is not the client's own.
            return step.out.refuse_join(request.ticket, Some(id), GroupError::UnknownMember);
        }
        if let Some(mut timer) = self.pending.remove(&id) {
            step.timers.clear(&mut timer, || TimerKey::Session(self.id.clone(), id.clone()));
        }
        self.add_member(step, request, id);
    }

    fn add_member(&mut self, step: &mut Step<'_>, request: Join, id: MemberId) {
        if let Some(initial) = &mut self.initial {
            initial.member_added = true;
        }
        if self.members.is_empty() {
            self.protocol_type = Some(request.protocol_type);
        }
        let joined_as = self.next_joined_as();
        let mut session = Timer::default();
        let deadline = step.now.instant.plus(NEW_MEMBER_JOIN_TIMEOUT);
        step.timers.set(&mut session, deadline, || TimerKey::Session(self.id.clone(), id.clone()));
        let member = Member {
            instance: request.instance,
            client: request.client,
            rebalance_timeout: request.rebalance_timeout,
            session_timeout: request.session_timeout,
            protocols: request.protocols,
            assignment: bytes::Bytes::new(),
            joined_as,
            is_new: true,
            awaiting_join: Some(request.ticket),
            awaiting_sync: None,
            session,
            pulse: Pulse::default(),
            came_at: Some(step.now.instant),
            join_took: None,
            sync_took: None,
        };
        self.set_off_by = Some(Who::new(&id, &member.client));
        self.insert(id, member);
        self.rebalance_or_complete_join(step, Why::NewMember, request.reason);
    }

    fn join_again(&mut self, step: &mut Step<'_>, request: Join, id: MemberId) {
        let changed =
            self.members.get(&id).is_some_and(|member| member.protocols != request.protocols);
        match self.state {
            State::PreparingRebalance => {
                self.update_member(step, request, id, Why::MetadataChanged)
            }
            State::Stable if self.is_leader(&id) => {
                // What the leader assigns may change without its own metadata: a topic grew, for example.
                self.update_member(step, request, id, Why::LeaderRejoined);
            }
            State::Stable | State::CompletingRebalance if changed => {
                self.update_member(step, request, id, Why::MetadataChanged);
            }
            // The answer to the last join may have been lost: give it again.
            State::Stable | State::CompletingRebalance => {
                step.out.answer_join(request.ticket, Ok(self.joined(&id)));
            }
            State::Empty => {
                step.out.refuse_join(request.ticket, Some(id), GroupError::UnknownMember)
            }
        }
    }

    fn update_member(&mut self, step: &mut Step<'_>, request: Join, id: MemberId, why: Why) {
        let (ticket, reason) = (request.ticket, request.reason.clone());
        self.take_over(&id, request);
        self.rebalance_with_parked(step, &id, ticket, why, reason);
    }

    /// Takes over what a member says about itself.
    pub(super) fn take_over(&mut self, id: &MemberId, request: Join) {
        let Some(member) = self.members.get_mut(id) else { return };
        let old = std::mem::replace(&mut member.protocols, request.protocols);
        let new = member.protocols.clone();
        self.members_size = self.members_size + protocols_size(&new) - protocols_size(&old);
        member.rebalance_timeout = request.rebalance_timeout;
        member.session_timeout = request.session_timeout;
        self.count_supporters(&old, false);
        self.count_supporters(&new, true);
    }
}

/// The client's or the instance's name, and a random uuid (version 4).
pub(crate) fn new_member_id(random: &mut SeededRandom, prefix: &str) -> MemberId {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    let bits = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
    let id = format!(
        "{prefix}-{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        bits >> 96,
        bits >> 80 & 0xffff,
        bits >> 64 & 0xffff,
        bits >> 48 & 0xffff,
        bits & 0xffff_ffff_ffff
    );
    MemberId::from_text(id)
}
