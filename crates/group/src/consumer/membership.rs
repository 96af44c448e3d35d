use std::sync::Arc;

use super::settings::ConsumerSettings;
use super::{
    Assignment, ConsumerChange, ConsumerHeartbeat, CurrentAssignment, Draft, MemberEpoch,
    MemberMetadata, Standing,
};
use crate::{GroupError, InstanceId, MemberId, Soft};

/// Whom a report comes from.
pub(super) struct Found {
    pub(super) id: MemberId,
    /// What was known of it; `None` of a new member.
    pub(super) before: Option<Arc<MemberMetadata>>,
    /// The earlier life whose place it takes.
    pub(super) replaced: Option<MemberId>,
}

pub(super) fn check_room(
    draft: &Draft<'_>,
    settings: &ConsumerSettings,
    member: Option<&MemberId>,
) -> Result<(), GroupError> {
    let members = &draft.group().members;
    let is_known = member.is_some_and(|id| members.contains_key(id));
    if members.len() >= settings.member_count_max && !is_known {
        return Err(GroupError::GroupFull);
    }
    Ok(())
}

/// Finds the member that reports, or makes room for a new one. A static one that comes back under another id takes the place
/// of the one before.
pub(super) fn find(
    draft: &mut Draft<'_>,
    soft: &mut Soft,
    request: &ConsumerHeartbeat,
) -> Result<Found, GroupError> {
    let id = match &request.member {
        Some(id) => id.clone(),
        None => soft.new_consumer_member_id(),
    };
    let joins = request.standing == Standing::Joining;
    let Some(instance) = &request.instance else {
        let before = draft.member(&id);
        if before.is_none() && !joins {
            return Err(GroupError::UnknownMember);
        }
        if before.is_some() && !joins {
            check_epoch(&draft.group().current(&id), request.standing, request.owned.as_ref())?;
        }
        return Ok(Found { id, before, replaced: None });
    };
    let holder = draft.group().instances.get(instance).cloned();
    match holder {
        None if joins => Ok(Found { before: draft.member(&id), id, replaced: None }),
        None => Err(GroupError::UnknownMember),
        Some(holder) if !joins => {
            if holder != id {
                return Err(GroupError::FencedInstance);
            }
            check_epoch(&draft.group().current(&id), request.standing, request.owned.as_ref())?;
            Ok(Found { before: draft.member(&id), id, replaced: None })
        }
        Some(holder) => {
            let before = draft.member(&holder);
            // A member of the classic protocol cannot say that it is away.
            let is_classic = before.as_ref().is_some_and(|before| before.classic.is_some());
            if !is_classic && draft.group().current(&holder).epoch != MemberEpoch::AWAY {
                return Err(GroupError::UnreleasedInstance);
            }
            replace(draft, &holder, &id);
            Ok(Found { id, before, replaced: Some(holder) })
        }
    }
}

/// Gives the place of a static member to its next life: what it had and shall have is the new one's.
pub(super) fn replace(draft: &mut Draft<'_>, old: &MemberId, new: &MemberId) {
    let metadata = draft.member(old);
    let target = draft.target_of(old);
    let current = draft.group().current(old);
    let current = CurrentAssignment {
        epoch: MemberEpoch::JOINING,
        previous_epoch: MemberEpoch::JOINING,
        assigned: current.assigned.without_epochs(),
        ..(*current).clone()
    };
    if old != new {
        draft.change(ConsumerChange::Current(old.clone(), None));
        draft.change(ConsumerChange::Target(old.clone(), None));
        draft.change(ConsumerChange::Member(old.clone(), None));
    }
    draft.change(ConsumerChange::Member(new.clone(), metadata));
    draft.change(ConsumerChange::Target(new.clone(), Some(target)));
    draft.change(ConsumerChange::Current(new.clone(), Some(Arc::new(current))));
}

/// Fences earlier lives of a member. One that has not heard of its newest epoch comes with the one before; it is believed
/// as long as it holds nothing that it was not given.
fn check_epoch(
    current: &CurrentAssignment,
    standing: Standing,
    owned: Option<&Assignment>,
) -> Result<(), GroupError> {
    let said = match standing {
        Standing::Member(epoch) => epoch,
        Standing::Joining | Standing::Leaving | Standing::Pausing => MemberEpoch::JOINING,
    };
    if said == current.epoch {
        return Ok(());
    }
    let holds_only_its_own = owned.is_some_and(|owned| {
        owned.partitions().all(|partition| current.assigned.contains(partition))
    });
    if said < current.epoch && said == current.previous_epoch && holds_only_its_own {
        return Ok(());
    }
    Err(GroupError::FencedMemberEpoch)
}

/// The member that a leaving one names.
pub(super) fn find_leaving(
    draft: &Draft<'_>,
    member: Option<&MemberId>,
    instance: Option<&InstanceId>,
) -> Result<MemberId, GroupError> {
    let id = member.ok_or(GroupError::UnknownMember)?;
    let group = draft.group();
    if let Some(instance) = instance {
        let holder = group.instances.get(instance).ok_or(GroupError::UnknownMember)?;
        if holder != id {
            return Err(GroupError::FencedInstance);
        }
    }
    let (id, _) = group.members.get_key_value(id).ok_or(GroupError::UnknownMember)?;
    Ok(id.clone())
}
