//! One member's way to its target. Partitions are taken from it first, and given to others only when it has said that it
//! let go of them; it comes to the target's epoch once it owes nothing any more.

use model::PartitionId;

use super::{Assignment, CurrentAssignment, GroupEpoch, Held, MemberEpoch, MemberState};

/// What a step towards the target rests on.
pub(super) struct Aim<'a> {
    pub(super) epoch: GroupEpoch,
    pub(super) target: &'a Assignment,
    /// What the member says that it holds; `None` when it says nothing.
    pub(super) owned: Option<&'a Assignment>,
}

/// The member's next state. `is_subscribed` says of a partition whether the member still wants it: the target may be older
/// than the subscription. `is_free`: nobody else holds it.
pub(super) fn reconcile(
    current: &CurrentAssignment,
    aim: &Aim<'_>,
    is_subscribed: impl Fn(PartitionId) -> bool,
    is_free: impl Fn(PartitionId) -> bool,
) -> Option<CurrentAssignment> {
    let epoch = match current.state {
        MemberState::Stable
            if current.epoch.has_reached(aim.epoch)
                && current.assigned.partitions().all(&is_subscribed) =>
        {
            return None;
        }
        MemberState::UnrevokedPartitions if owns_any(aim.owned, &current.revoking) => return None,
        MemberState::UnrevokedPartitions => current.epoch.next_below(aim.epoch),
        MemberState::Stable | MemberState::UnreleasedPartitions => current.epoch,
    };
    let wanted = |partition| aim.target.contains(partition) && is_subscribed(partition);
    let (kept, revoking): (Vec<_>, Vec<_>) =
        current.assigned.iter().partition(|(partition, _)| wanted(*partition));
    let (mut assigned, revoking): (Held, Held) =
        (kept.into_iter().collect(), revoking.into_iter().collect());
    let previous_epoch = current.epoch;
    if owns_any(aim.owned, &revoking) {
        let state = MemberState::UnrevokedPartitions;
        return Some(CurrentAssignment { epoch, previous_epoch, state, assigned, revoking });
    }
    let reached = MemberEpoch::reached(aim.epoch);
    let mut state = MemberState::Stable;
    for partition in aim.target.partitions() {
        if !is_subscribed(partition) || assigned.contains(partition) {
            continue;
        }
        if is_free(partition) {
            assigned.insert(partition, reached);
        } else {
            state = MemberState::UnreleasedPartitions;
        }
    }
    let revoking = Held::default();
    let next = CurrentAssignment { epoch: reached, previous_epoch, state, assigned, revoking };
    let is_same = current.epoch == next.epoch
        && current.state == next.state
        && current.assigned == next.assigned;
    (!is_same).then_some(next)
}

/// Whether the member may still hold one of them. One that says nothing may.
fn owns_any(owned: Option<&Assignment>, partitions: &Held) -> bool {
    match owned {
        None => !partitions.is_empty(),
        Some(owned) => partitions.partitions().any(|partition| owned.contains(partition)),
    }
}
