use std::sync::Arc;

use super::{CurrentTasks, Draft, HeldTasks, StreamsChange, StreamsHeartbeat, StreamsMember};
use crate::{GroupError, InstanceId, MemberEpoch, MemberId, Standing};

/// Whom a report comes from.
pub(super) struct Found {
    /// What was known of it; `None` of a new member.
    pub(super) before: Option<Arc<StreamsMember>>,
    /// The earlier life whose place it takes.
    pub(super) replaced: Option<MemberId>,
}

pub(super) fn check_room(
    draft: &Draft<'_>,
    member_count_max: usize,
    request: &StreamsHeartbeat,
) -> Result<(), GroupError> {
    let group = draft.group();
    let comes_back =
        request.instance.as_ref().is_some_and(|instance| group.instances.contains_key(instance));
    let is_known = comes_back || group.members.contains_key(&request.member);
    if group.members.len() >= member_count_max && !is_known {
        return Err(GroupError::GroupFull);
    }
    Ok(())
}

/// Finds the member that reports. A static one that comes back under another id takes the place of the one before.
pub(super) fn find(draft: &mut Draft<'_>, request: &StreamsHeartbeat) -> Result<Found, GroupError> {
    let id = &request.member;
    let joins = request.standing == Standing::Joining;
    let Some(instance) = &request.instance else {
        let before = draft.member(id);
        if !joins {
            before.as_ref().ok_or(GroupError::UnknownMember)?;
            check_epoch(draft, request)?;
        }
        return Ok(Found { before, replaced: None });
    };
    let holder = draft.group().instances.get(instance).cloned();
    match holder {
        None if joins => Ok(Found { before: draft.member(id), replaced: None }),
        None => Err(GroupError::UnknownMember),
        Some(holder) if !joins => {
            if holder != *id {
                return Err(GroupError::FencedInstance);
            }
            check_epoch(draft, request)?;
            Ok(Found { before: draft.member(id), replaced: None })
        }
        Some(holder) => {
            let before = draft.member(&holder);
            if draft.group().current(&holder).epoch != MemberEpoch::AWAY {
                return Err(GroupError::UnreleasedInstance);
            }
            replace(draft, &holder, id);
            Ok(Found { before, replaced: Some(holder) })
        }
    }
}

/// Gives the place of a static member to its next life: what it had and shall have is the new one's.
fn replace(draft: &mut Draft<'_>, old: &MemberId, new: &MemberId) {
    let metadata = draft.member(old);
    let target = draft.group().target_of(old);
    let current = CurrentTasks {
        epoch: MemberEpoch::JOINING,
        previous_epoch: MemberEpoch::JOINING,
        ..(*draft.group().current(old)).clone()
    };
    draft.remove_member(old);
    draft.change(StreamsChange::Member(new.clone(), metadata));
    draft.change(StreamsChange::Target(new.clone(), Some(target)));
    draft.change(StreamsChange::Current(new.clone(), Some(Arc::new(current))));
}

/// Fences earlier lives of a member. One that has not heard of its newest epoch comes with the one before; it is believed
/// as long as it holds nothing that it was not given.
fn check_epoch(draft: &Draft<'_>, request: &StreamsHeartbeat) -> Result<(), GroupError> {
    let current = draft.group().current(&request.member);
    let Standing::Member(said) = request.standing else { return Ok(()) };
    if said == current.epoch {
        return Ok(());
    }
    let holds_only_its_own =
        request.owned.as_ref().is_some_and(|owned| current.assigned.covers(owned));
    if said < current.epoch && said == current.previous_epoch && holds_only_its_own {
        return Ok(());
    }
    Err(GroupError::FencedMemberEpoch)
}

/// The member that a leaving one names.
pub(super) fn find_leaving(
    draft: &Draft<'_>,
    member: &MemberId,
    instance: Option<&InstanceId>,
) -> Result<(), GroupError> {
    let group = draft.group();
    if let Some(instance) = instance {
        let holder = group.instances.get(instance).ok_or(GroupError::UnknownMember)?;
        if holder != member {
            return Err(GroupError::FencedInstance);
        }
    }
    group.members.get(member).map(|_| ()).ok_or(GroupError::UnknownMember)
}

/// What a static member that pauses is remembered by. Its next life has heard of no epoch, so its commits count from now.
pub(super) fn away(current: &CurrentTasks) -> CurrentTasks {
    let mut assigned = current.assigned.clone();
    assigned.active.values_mut().for_each(|since| *since = MemberEpoch::JOINING);
    CurrentTasks {
        epoch: MemberEpoch::AWAY,
        previous_epoch: current.previous_epoch,
        state: current.state,
        assigned,
        revoking: HeldTasks::default(),
    }
}
