//! How a name comes to belong to a consumer group: it is new, or a classic group has it.

use super::heartbeat::View;
use super::upgrade::upgrade;
use super::{ConsumerGroup, ConsumerHeartbeat, Draft, Standing};
use crate::classic::ClassicGroup;
use crate::decision::Outcome;
use crate::{GroupError, GroupId, GroupRecord, GroupShard, Soft, State};

/// What is to become of a classic group of the same name, once the request is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takeover {
    Nothing,
    /// A classic group without members goes.
    OfEmpty,
    /// The members of a classic group go over.
    OfMembers,
}

impl GroupShard {
    /// The group that a report is about. One that joins makes it if need be.
    pub(super) fn consumer_draft(
        &self,
        soft: &Soft,
        view: View<'_>,
        request: &ConsumerHeartbeat,
        out: &mut Outcome,
    ) -> Result<(Draft<'_>, Takeover), GroupError> {
        let id = &request.group;
        if let Some(group) = self.consumer(id) {
            return Ok((Draft::of(group), Takeover::Nothing));
        }
        if request.standing != Standing::Joining {
            return Err(GroupError::NotConsumerGroup);
        }
        let (draft, takeover) = match soft.groups.get(id) {
            Some(live) if live.state() != State::Empty => {
                let draft = upgrade(soft, live, view.cluster);
                (draft.ok_or(GroupError::NotConsumerGroup)?, Takeover::OfMembers)
            }
            Some(_) | None => (Draft::new(), Takeover::OfEmpty),
        };
        if let Some(hard) = self.groups.get(id) {
            if !hard.gives_way() || hard.streams.is_some() {
                return Err(GroupError::NotConsumerGroup);
            }
            if hard.stored.is_some() {
                out.records.push(GroupRecord::GroupRemoved { group: id.clone() });
            }
        }
        Ok((draft, takeover))
    }
}

impl Takeover {
    pub(super) fn carry_out(
        self,
        soft: &mut Soft,
        view: View<'_>,
        id: &GroupId,
        group: &ConsumerGroup,
        out: &mut Outcome,
    ) {
        match self {
            Self::Nothing => {}
            Self::OfEmpty => {
                soft.step_group(view.now, id, out, ClassicGroup::dissolve);
            }
            Self::OfMembers => {
                soft.step_group(view.now, id, out, ClassicGroup::disband);
                for (member, metadata) in &group.members {
                    if let Some(facts) = &metadata.classic {
                        soft.consumer_member_heard(view.now, id, member, facts.session_timeout);
                    }
                }
            }
        }
    }
}
