use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::assignor::{Assigned, Member, Subject};
use super::heartbeat::View;
use super::settings::ConsumerSettings;
use super::{Assignor, ConsumerChange, Draft, TargetEpoch};
use crate::Now;

/// Whether a target for the newest epoch is missing and may be worked out now: not sooner after the last than the group's
/// interval (KIP-1263), so that members that come one by one do not each cost an assignment.
pub(super) fn is_due(draft: &Draft<'_>, now: Now, interval: Duration) -> bool {
    if !draft.is_assigning() {
        return false;
    }
    let Some(last) = draft.group().target.assigned_at else { return true };
    let past = now.wall.as_millis().saturating_sub(last.as_millis());
    // A clock that was set back must not hold a group up.
    u64::try_from(past).map_or(true, |past| u128::from(past) >= interval.as_millis())
}

/// Works out what each member shall have, for the group's newest epoch.
pub(super) fn assign(draft: &mut Draft<'_>, view: View<'_>, settings: &ConsumerSettings) {
    let assignor = preferred(draft, settings);
    let mut subject = Subject { members: Vec::new(), partition_counts: BTreeMap::new() };
    for (id, metadata) in &draft.group().members {
        let topics = draft.topics_by_id(metadata, view.cluster);
        subject.partition_counts.extend(&topics);
        subject.members.push(Member {
            id: id.clone(),
            instance: metadata.instance.clone(),
            topics: topics.into_keys().collect(),
            before: draft.target_of(id),
        });
    }
    let assigned: Assigned = assignor.assign(&subject);
    let ids: Vec<_> = draft.group().members.keys().cloned().collect();
    for (id, target) in ids.into_iter().zip(assigned) {
        let known = draft.group().targets.get(&id);
        if known.is_none_or(|known| **known != target) {
            draft.change(ConsumerChange::Target(id, Some(Arc::new(target))));
        }
    }
    let target =
        TargetEpoch { epoch: draft.group().stored.epoch, assigned_at: Some(view.now.wall) };
    draft.change(ConsumerChange::TargetEpoch(Some(target)));
}

/// The assignor that most members name; the broker's first if none does.
pub(super) fn preferred(draft: &Draft<'_>, settings: &ConsumerSettings) -> Assignor {
    let mut votes = BTreeMap::<Assignor, usize>::new();
    for metadata in draft.group().members.values() {
        let named = metadata.assignor.as_deref().and_then(Assignor::named);
        if let Some(assignor) = named.filter(|named| settings.assignors.contains(named)) {
            *votes.entry(assignor).or_default() += 1;
        }
    }
    let most = votes.into_iter().max_by_key(|(_, count)| *count).map(|(assignor, _)| assignor);
    most.or_else(|| settings.assignors.first().copied()).unwrap_or(Assignor::Uniform)
}
