use super::{ClassicGroup, State, Step};
use crate::timers::TimerKey;
use crate::{Event, MemberId, Why};

impl ClassicGroup {
    /// A member has been silent for its session timeout, or has not come back with the id it was given.
    pub(crate) fn session_timer_fired(&mut self, step: &mut Step<'_>, id: &MemberId) {
        let key = TimerKey::Session(self.id.clone(), id.clone());
        if let Some(timer) = self.pending.get_mut(id) {
            if step.timers.is_due(timer, step.now.instant, key) {
                self.remove(step, id);
                self.complete_join_without(step);
            }
            return;
        }
        let Some(member) = self.members.get_mut(id) else { return };
        if !step.timers.is_due(&mut member.session, step.now.instant, key)
            || member.is_excused_from_heartbeats()
        {
            // Whatever answers the waiting member starts its session anew.
            return;
        }
        self.remove(step, id);
        step.out.events.push(Event::MemberRemoved {
            group: self.id.clone(),
            member: id.clone(),
            why: Why::SessionExpired,
        });
        match self.state {
            State::Empty => {}
            State::PreparingRebalance => self.complete_join_without(step),
            State::CompletingRebalance | State::Stable => {
                self.rebalance_or_complete_join(step, Why::SessionExpired, None);
            }
        }
    }

    /// Unlike a join, an end of a session cuts even a first rebalance short.
    fn complete_join_without(&mut self, step: &mut Step<'_>) {
        if self.state == State::PreparingRebalance && self.all_have_joined() {
            self.complete_join(step);
        }
    }
}
