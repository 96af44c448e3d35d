use super::{StreamsChange, StreamsEpoch, StreamsGroup};
use crate::decision::Outcome;
use crate::{Event, GroupEpoch, GroupRecord, GroupShard, MemberState, Now, Soft};

impl GroupShard {
    /// Members of streams groups get a session to show that they are alive.
    pub(crate) fn load_streams(&self, soft: &mut Soft, now: Now, out: &mut Outcome) {
        for (id, hard) in &self.groups {
            let Some(group) = &hard.streams else { continue };
            for (member, metadata) in &group.members {
                let session = soft.settings.streams.session_timeout;
                soft.streams_member_heard(now, id, member, session);
                if group.current(member).state == MemberState::UnrevokedPartitions {
                    let timeout = metadata.rebalance_timeout;
                    soft.time_streams_revocation(now, id, member, timeout);
                }
            }
            let record = |change| GroupRecord::Streams { group: id.clone(), change };
            let changes = group.repair();
            if !changes.is_empty() {
                out.events.push(Event::Repaired { group: id.clone() });
            }
            out.records.extend(changes.into_iter().map(record));
        }
    }
}

impl StreamsGroup {
    /// What makes a group sound whose records contradict each other, as after damage: everybody joins afresh.
    fn repair(&self) -> Vec<StreamsChange> {
        if self.is_sound() {
            return Vec::new();
        }
        let mut changes = Vec::new();
        changes.extend(self.currents.keys().map(|id| StreamsChange::Current(id.clone(), None)));
        changes.extend(self.targets.keys().map(|id| StreamsChange::Target(id.clone(), None)));
        let epochs = self.currents.values().map(|current| current.epoch.to_wire());
        let highest = epochs.max().and_then(GroupEpoch::from_wire).unwrap_or_default();
        let highest = highest.max(self.stored.epoch).max(self.target.epoch);
        let epoch = highest.next();
        changes.push(StreamsChange::Group(Some(StreamsEpoch { epoch, ..self.stored.clone() })));
        changes
    }
}
