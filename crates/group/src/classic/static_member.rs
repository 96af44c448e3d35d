use super::{ClassicGroup, Join, State, Step};
use crate::timers::{Timer, TimerKey};
use crate::{Event, GroupError, MemberId, Why};

impl ClassicGroup {
    /// A static member comes back without its id: it takes the place of the one that holds its instance id. A stable
    /// group stays as it is, as long as the protocol does.
    pub(super) fn replace_static_member(
        &mut self,
        step: &mut Step<'_>,
        request: Join,
        old: &MemberId,
        new: MemberId,
    ) {
        let leader_before = self.leader.clone();
        self.rename_member(step, old, new.clone());
        self.renew_session(step, &new);
        let (ticket, reason) = (request.ticket, request.reason.clone());
        let knows_skip_assignment = request.knows_skip_assignment;
        self.take_over(&new, request);
        let record = self.to_record();
        let keeps_generation = self.state == State::Stable
            && self.select_protocol() == self.protocol
            && step.record_size_max.check(&record).is_ok();
        if !keeps_generation {
            return self.rebalance_with_parked(
                step,
                &new,
                ticket,
                Why::StaticMemberReplaced,
                reason,
            );
        }
        let mut joined = self.joined(&new);
        if knows_skip_assignment {
            joined.skip_assignment = self.is_leader(&new);
        } else {
            // Told that it leads, it would assign anew, and nobody would take that up. Naming its old id keeps it from
            // believing so.
            joined.leader = leader_before;
            joined.members = Vec::new();
        }
        step.out.records.push(record);
        step.out.answer_join(ticket, Ok(joined));
    }

    /// Gives a member's place to a new id; the old one is fenced.
    fn rename_member(&mut self, step: &mut Step<'_>, old: &MemberId, new: MemberId) {
        self.answer_join_with_error(step, old, Some(old.clone()), GroupError::FencedInstance);
        let Some(mut member) = self.members.remove(old) else { return };
        if let Some(ticket) = member.awaiting_sync.take() {
            step.out.answer_sync(ticket, Err(GroupError::FencedInstance));
        }
        step.timers.clear(&mut member.session, || TimerKey::Session(self.id.clone(), old.clone()));
        member.session = Timer::default();
        member.is_new = false;
        if let Some(instance) = &member.instance {
            self.instances.insert(instance.clone(), new.clone());
        }
        if self.is_leader(old) {
            self.leader = Some(new.clone());
        }
        if self.pending_sync.remove(old) {
            self.pending_sync.insert(new.clone());
        }
        step.out.events.push(Event::MemberRemoved {
            group: self.id.clone(),
            member: old.clone(),
            why: Why::StaticMemberReplaced,
        });
        self.members.insert(new, member);
    }
}
