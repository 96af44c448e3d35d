use std::borrow::Cow;
use std::sync::Arc;

use super::{StreamsChange, StreamsEpoch, StreamsGroup, StreamsMember};
use crate::decision::Outcome;
use crate::{Event, GroupId, GroupRecord, MemberId, TargetEpoch};

/// A streams group while a request is decided about: as the log has it, and what the decision has changed so far. A decision
/// that changes nothing copies nothing.
pub(super) struct Draft<'a> {
    group: Cow<'a, StreamsGroup>,
    changes: Vec<StreamsChange>,
}

impl<'a> Draft<'a> {
    pub(super) fn of(group: &'a StreamsGroup) -> Self {
        Self { group: Cow::Borrowed(group), changes: Vec::new() }
    }

    /// Of a group that is not there yet.
    pub(super) fn new() -> Self {
        Self { group: Cow::Owned(StreamsGroup::default()), changes: Vec::new() }
    }

    pub(super) fn group(&self) -> &StreamsGroup {
        &self.group
    }

    pub(super) fn change(&mut self, change: StreamsChange) {
        self.group.to_mut().replay(&change);
        self.changes.push(change);
    }

    pub(super) fn member(&self, id: &MemberId) -> Option<Arc<StreamsMember>> {
        self.group.members.get(id).cloned()
    }

    /// The group's epoch is older than its target.
    pub(super) fn is_assigning(&self) -> bool {
        self.group.stored.epoch > self.group.target.epoch
    }

    /// Something changed that the assignment rests on.
    pub(super) fn bump_epoch(&mut self, change: impl FnOnce(&mut StreamsEpoch)) {
        let mut stored = self.group.stored.clone();
        stored.epoch = stored.epoch.next();
        change(&mut stored);
        self.change(StreamsChange::Group(Some(stored)));
    }

    /// Takes a member out, with all that is written of it.
    pub(super) fn remove_member(&mut self, id: &MemberId) {
        if self.group.currents.contains_key(id) {
            self.change(StreamsChange::Current(id.clone(), None));
        }
        if self.group.targets.contains_key(id) {
            self.change(StreamsChange::Target(id.clone(), None));
        }
        self.change(StreamsChange::Member(id.clone(), None));
    }

    /// Nobody is left, so there is nothing to work out.
    pub(super) fn end_assigning(&mut self) {
        let epoch = self.group.stored.epoch;
        self.change(StreamsChange::TargetEpoch(Some(TargetEpoch { epoch, assigned_at: None })));
    }

    /// The decision's records.
    pub(super) fn finish(self, id: &GroupId, out: &mut Outcome) {
        if self.changes.is_empty() {
            return;
        }
        self.group.assert_invariants();
        let is_news = |change: &StreamsChange| {
            matches!(change, StreamsChange::Group(Some(_)) | StreamsChange::TargetEpoch(Some(_)))
        };
        if self.changes.iter().any(is_news) {
            out.events.push(Event::StreamsGroupChanged {
                group: id.clone(),
                epoch: self.group.stored.epoch,
                target_epoch: self.group.target.epoch,
                member_count: self.group.members.len(),
            });
        }
        let record = |change| GroupRecord::Streams { group: id.clone(), change };
        out.records.extend(self.changes.into_iter().map(record));
    }
}
