use std::sync::Arc;
use std::time::Duration;

use super::assignor::{self, Member, Subject};
use super::{
    ConfiguredTopology, Draft, StreamsChange, StreamsGroupConfig, StreamsSoft, TaskOffsets, Tasks,
};
use crate::consumer::View;
use crate::{MemberId, Now, TargetEpoch};

/// Whether a target may be worked out now: not sooner after the last than the group's interval, so that members that come one
/// by one do not each cost an assignment.
pub(super) fn is_due(draft: &Draft<'_>, now: Now, interval: Duration) -> bool {
    let Some(last) = draft.group().target.assigned_at else { return true };
    let past = now.wall.as_millis().saturating_sub(last.as_millis());
    // A clock that was set back must not hold a group up.
    u64::try_from(past).map_or(true, |past| u128::from(past) >= interval.as_millis())
}

/// Works out what each member shall have, for the group's newest epoch: nothing while its topics are not there.
pub(super) fn assign(
    draft: &mut Draft<'_>,
    view: View<'_>,
    configured: &ConfiguredTopology,
    config: &StreamsGroupConfig,
    soft: &StreamsSoft,
    news: (&MemberId, &TaskOffsets),
) {
    let group = draft.group();
    let ids: Vec<MemberId> = group.members.keys().cloned().collect();
    let targets = match configured.ready() {
        None => vec![Tasks::default(); ids.len()],
        Some(subtopologies) => {
            let offsets = |id: &MemberId| if id == news.0 { news.1 } else { soft.offsets_of(id) };
            let member = |id: &MemberId| Member {
                process: group.process_of(id).cloned().unwrap_or_else(|| "".into()),
                before: group.current(id).assigned.tasks(),
                offsets: offsets(id).offsets.clone(),
            };
            let members = ids.iter().map(member).collect();
            let subject = Subject { members, subtopologies, standby_count: config.standby_count };
            assignor::assign(&subject)
        }
    };
    for (id, target) in ids.into_iter().zip(targets) {
        let known = draft.group().targets.get(&id);
        if known.is_none_or(|known| **known != target) {
            draft.change(StreamsChange::Target(id, Some(Arc::new(target))));
        }
    }
    let epoch = draft.group().stored.epoch;
    let target = TargetEpoch { epoch, assigned_at: Some(view.now.wall) };
    draft.change(StreamsChange::TargetEpoch(Some(target)));
}
