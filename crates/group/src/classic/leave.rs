use super::{ClassicGroup, LeavingMember, State, Step};
use crate::{Event, GroupError, MemberId, Why};

impl ClassicGroup {
    /// Takes members out at their own wish, or an administrator's; one result for each.
    pub(crate) fn leave(
        &mut self,
        step: &mut Step<'_>,
        leaving: &[LeavingMember],
    ) -> Vec<Result<(), GroupError>> {
        let mut results = Vec::with_capacity(leaving.len());
        let mut client_reason = None;
        for member in leaving {
            let found = self.find_leaving(member);
            if let Ok(id) = &found {
                self.remove(step, id);
                step.out.events.push(Event::MemberRemoved {
                    group: self.id.clone(),
                    member: id.clone(),
                    why: Why::MemberLeft,
                });
                client_reason = member.reason.clone();
            }
            results.push(found.map(|_| ()));
        }
        if results.iter().any(Result::is_ok) && self.state != State::Empty {
            self.rebalance_or_complete_join(step, Why::MemberLeft, client_reason);
        }
        results
    }

    fn find_leaving(&self, leaving: &LeavingMember) -> Result<MemberId, GroupError> {
        match (&leaving.member, &leaving.instance) {
            (None, Some(instance)) => {
                self.instances.get(instance).cloned().ok_or(GroupError::UnknownMember)
            }
            (Some(member), _) if self.pending.contains_key(member) => Ok(member.clone()),
            (member, instance) => self.check_member(member.as_ref(), instance.as_ref()),
        }
    }
}
