use super::{ClassicGroup, Heartbeat, State, Step};
use crate::{Generation, GroupError, InstanceId, MemberId};

impl ClassicGroup {
    pub(crate) fn heartbeat(
        &mut self,
        step: &mut Step<'_>,
        request: &Heartbeat,
    ) -> Result<(), GroupError> {
        let member = self.check_member(request.member.as_ref(), request.instance.as_ref())?;
        if request.generation != Some(self.generation) {
            return Err(GroupError::IllegalGeneration);
        }
        match self.state {
            State::Empty => Err(GroupError::UnknownMember),
            State::PreparingRebalance => {
                self.heard(step, &member);
                Err(GroupError::RebalanceInProgress)
            }
            State::CompletingRebalance | State::Stable => {
                self.heard(step, &member);
                Ok(())
            }
        }
    }

    /// Whether an offset commit may be taken; it keeps the member's session alive as a heartbeat does.
    pub(crate) fn check_commit(
        &mut self,
        step: &mut Step<'_>,
        member: Option<&MemberId>,
        instance: Option<&InstanceId>,
        generation: Option<Generation>,
    ) -> Result<(), GroupError> {
        if generation.is_none() && self.state == State::Empty {
            return Ok(());
        }
        // A commit without member and generation comes from outside of the group: not while it has members.
        let member = self.check_member(member, instance)?;
        if generation != Some(self.generation) {
            return Err(GroupError::IllegalGeneration);
        }
        match self.state {
            State::Empty => Err(GroupError::UnknownMember),
            // The member has the generation from its join, so let it finish the rebalance first.
            State::CompletingRebalance => Err(GroupError::RebalanceInProgress),
            State::PreparingRebalance | State::Stable => {
                self.heard(step, &member);
                Ok(())
            }
        }
    }

    /// Whether offsets may be committed in a transaction: in any state, for the producer waits for nobody.
    pub(crate) fn check_commit_in_transaction(
        &self,
        member: Option<&MemberId>,
        instance: Option<&InstanceId>,
        generation: Option<Generation>,
    ) -> Result<(), GroupError> {
        if generation.is_none() && self.state == State::Empty {
            return Ok(());
        }
        self.check_member(member, instance)?;
        if generation == Some(self.generation) {
            Ok(())
        } else {
            Err(GroupError::IllegalGeneration)
        }
    }
}
