use std::sync::Arc;

use super::{ConsumerChange, ConsumerGroup, GroupEpoch, MemberState, StoredEpoch};
use crate::decision::Outcome;
use crate::{Event, GroupId, GroupRecord, GroupShard, Now, Soft};

impl GroupShard {
    /// Members of consumer groups get a session to show that they are alive.
    pub(crate) fn load_consumers(&self, soft: &mut Soft, now: Now, out: &mut Outcome) {
        for (id, hard) in &self.groups {
            let Some(group) = &hard.consumer else { continue };
            for (member, metadata) in &group.members {
                let classic = metadata.classic.as_ref().map(|classic| classic.session_timeout);
                let session = classic.unwrap_or(soft.settings.consumer.session_timeout);
                soft.consumer_member_heard(now, id, member, session);
                let owes = group.current(member).state == MemberState::UnrevokedPartitions;
                let timeout = (owes && classic.is_none()).then_some(metadata.rebalance_timeout);
                soft.time_rebalance(now, id, member, timeout);
            }
            let changes = group.repair();
            if !changes.is_empty() {
                out.events.push(Event::Repaired { group: id.clone() });
            }
            out.records.extend(changes.into_iter().map(record_of(id)));
        }
    }
}

fn record_of(group: &GroupId) -> impl Fn(ConsumerChange) -> GroupRecord {
    move |change| GroupRecord::Consumer { group: group.clone(), change }
}

impl ConsumerGroup {
    /// What makes a group sound whose records contradict each other, as after damage: everybody joins afresh.
    fn repair(&self) -> Vec<ConsumerChange> {
        if self.is_sound() {
            return Vec::new();
        }
        let mut changes = Vec::new();
        changes.extend(self.currents.keys().map(|id| ConsumerChange::Current(id.clone(), None)));
        changes.extend(self.targets.keys().map(|id| ConsumerChange::Target(id.clone(), None)));
        let highest = self.stored.epoch.max(self.target.epoch).max(self.highest_member_epoch());
        changes.push(ConsumerChange::Group(Some(StoredEpoch {
            epoch: highest.next(),
            ..self.stored
        })));
        changes
    }

    fn highest_member_epoch(&self) -> GroupEpoch {
        let epochs = self.currents.values().map(|current: &Arc<_>| current.epoch.to_wire());
        epochs.max().and_then(GroupEpoch::from_wire).unwrap_or_default()
    }
}
