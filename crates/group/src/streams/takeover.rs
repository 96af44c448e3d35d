//! How a name comes to belong to a streams group: it is new, or a classic group without members has it.

use super::{Draft, StreamsHeartbeat};
use crate::classic::ClassicGroup;
use crate::consumer::View;
use crate::decision::Outcome;
use crate::{GroupError, GroupId, GroupRecord, GroupShard, Soft, Standing, State};

/// What is to become of a classic group of the same name, once the request is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takeover {
    Nothing,
    OfEmpty,
}

impl GroupShard {
    /// The group that a report is about. One that joins makes it if need be.
    pub(super) fn streams_draft(
        &self,
        soft: &Soft,
        request: &StreamsHeartbeat,
        out: &mut Outcome,
    ) -> Result<(Draft<'_>, Takeover), GroupError> {
        let id = &request.group;
        if let Some(group) = self.streams(id) {
            return Ok((Draft::of(group), Takeover::Nothing));
        }
        let is_busy = soft.groups.get(id).is_some_and(|live| live.state() != State::Empty);
        if request.standing != Standing::Joining || is_busy || self.consumer(id).is_some() {
            return Err(GroupError::NotStreamsGroup);
        }
        if let Some(hard) = self.groups.get(id) {
            if hard.share.is_some() {
                return Err(GroupError::NotStreamsGroup);
            }
            if hard.stored.is_some() {
                out.records.push(GroupRecord::GroupRemoved { group: id.clone() });
            }
        }
        Ok((Draft::new(), Takeover::OfEmpty))
    }
}

impl Takeover {
    pub(super) fn carry_out(
        self,
        soft: &mut Soft,
        view: View<'_>,
        id: &GroupId,
        out: &mut Outcome,
    ) {
        if self == Self::OfEmpty {
            soft.step_group(view.now, id, out, ClassicGroup::dissolve);
        }
    }
}
