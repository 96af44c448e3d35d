use std::collections::BTreeSet;
use std::sync::Arc;

use model::{Offset, PartitionId, TopicId};

use super::{Draft, ShareState, StatePartitions, StateToInitialize};
use crate::decision::Outcome;
use crate::{
    Assignment, Cluster, Decision, DeletedTopic, GroupEpoch, GroupError, GroupId, GroupShard, Soft,
};

/// Where a group is to go on reading a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareOffset {
    pub partition: PartitionId,
    pub start: Offset,
}

/// Where groups go on is known to the share coordinator. The group's part is to say who may change it, and to note what is
/// being changed, so that a coordinator that dies in between knows where to go on.
impl GroupShard {
    /// The partitions of which the share coordinator has a group's state.
    pub fn share_partitions(
        &self,
        soft: &Soft,
        id: &GroupId,
    ) -> Decision<Result<Arc<StatePartitions>, GroupError>> {
        let found = self.find_share_group(soft, id).map(|group| group.partitions.clone());
        Outcome::default().decide(found, self.newest_of(id))
    }

    /// The share coordinator has no state of this partition. If the group has had it set up, it is lost: gives the epoch with
    /// which it is to be set up once more.
    pub fn share_state_lost(
        &self,
        soft: &Soft,
        id: &GroupId,
        partition: PartitionId,
    ) -> Decision<Option<GroupEpoch>> {
        let group = self.find_share_group(soft, id).ok();
        let had_it = group.filter(|group| group.partitions.initialized.contains(partition));
        let epoch = had_it.map(|group| group.stored.epoch);
        Outcome::default().decide(epoch, self.newest_of(id))
    }

    /// Offsets of a group without members are to be set; a group that is not there is made for it. [`Self::share_initialized`]
    /// says when they are.
    pub fn alter_share_offsets(
        &self,
        soft: &Soft,
        cluster: &dyn Cluster,
        id: &GroupId,
        offsets: &[ShareOffset],
    ) -> Decision<Result<StateToInitialize, GroupError>> {
        let mut out = Outcome::default();
        let draft = match self.find_empty_share_group(soft, id) {
            Ok(group) => Ok(Draft::of(group)),
            Err(GroupError::GroupNotFound) => Ok(Draft::new()),
            Err(error) => Err(error),
        };
        let reset = draft.map(|draft| set_offsets(draft, cluster, id, offsets, &mut out));
        out.decide(reset, self.newest_of(id))
    }

    /// The state of topics of a group without members is to be taken out: gives of which partitions, and notes that. `None`
    /// stands for all topics. [`Self::share_offsets_deleted`] says when it is.
    pub fn delete_share_offsets(
        &self,
        soft: &Soft,
        id: &GroupId,
        topics: Option<&BTreeSet<TopicId>>,
    ) -> Decision<Result<Assignment, GroupError>> {
        let mut out = Outcome::default();
        let partitions = self.find_empty_share_group(soft, id).map(|group| {
            let known = &group.partitions;
            let all: BTreeSet<TopicId> = known.names.keys().copied().collect();
            let topics: BTreeSet<TopicId> =
                topics.map_or_else(|| all.clone(), |topics| topics & &all);
            let partitions: Vec<PartitionId> = topics
                .iter()
                .flat_map(|topic| known.of_topic(*topic).partitions().collect::<Vec<_>>())
                .collect();
            let mut next = (**known).clone();
            next.delete(&topics);
            if next != **known {
                let mut draft = Draft::of(group);
                draft.set_partitions(next);
                draft.finish(id, &mut out);
            }
            partitions.into_iter().collect()
        });
        out.decide(partitions, self.newest_of(id))
    }

    /// The state of these topics is taken out.
    pub fn share_offsets_deleted(&self, id: &GroupId, topics: &BTreeSet<TopicId>) -> Decision<()> {
        let mut out = Outcome::default();
        self.forget_share_topics(id, topics, &mut out);
        out.decide((), self.stored_at(id))
    }

    /// Topics are gone, and with them what groups read of them; the share coordinator hears of it by itself.
    pub(crate) fn share_topics_deleted(&self, topics: &[DeletedTopic], out: &mut Outcome) {
        let gone: BTreeSet<TopicId> = topics.iter().map(|topic| topic.id).collect();
        for (id, hard) in &self.groups {
            let has_some =
                hard.share.as_ref().is_some_and(|group| has_any(&group.partitions, &gone));
            if has_some {
                self.forget_share_topics(id, &gone, out);
            }
        }
    }

    fn forget_share_topics(&self, id: &GroupId, topics: &BTreeSet<TopicId>, out: &mut Outcome) {
        let Some(group) = self.share(id).filter(|group| has_any(&group.partitions, topics)) else {
            return;
        };
        let mut next = (*group.partitions).clone();
        next.forget(topics);
        let mut draft = Draft::of(group);
        draft.set_partitions(next);
        draft.finish(id, out);
    }

    fn find_empty_share_group(
        &self,
        soft: &Soft,
        id: &GroupId,
    ) -> Result<&super::ShareGroup, GroupError> {
        let group = self.find_share_group(soft, id)?;
        match group.state() {
            ShareState::Empty => Ok(group),
            ShareState::Stable => Err(GroupError::NonEmptyGroup),
        }
    }
}

/// Notes that these offsets are being set. The state's epoch is the group's, which has grown since the last member left: who
/// still works on what members have read is fenced by that.
fn set_offsets(
    mut draft: Draft<'_>,
    cluster: &dyn Cluster,
    id: &GroupId,
    offsets: &[ShareOffset],
    out: &mut Outcome,
) -> StateToInitialize {
    // Of nothing no group is made.
    if !offsets.is_empty() {
        if draft.epoch() == GroupEpoch::ZERO {
            draft.bump_epoch(0);
            draft.end_assigning();
        }
        let mut known = (*draft.group().partitions).clone();
        for offset in offsets {
            let topic = offset.partition.topic;
            if let Some(name) = cluster.topic_name(topic) {
                known.names.insert(topic, name.as_str().into());
            }
            known.deleting.remove(&topic);
        }
        known.initialize(offsets.iter().map(|offset| offset.partition));
        draft.set_partitions(known);
    }
    let partitions = offsets.iter().map(|offset| offset.partition).collect();
    let to_initialize = StateToInitialize { partitions, epoch: draft.epoch() };
    draft.finish(id, out);
    to_initialize
}

fn has_any(partitions: &StatePartitions, topics: &BTreeSet<TopicId>) -> bool {
    let known = partitions.names.keys().chain(&partitions.deleting);
    known.copied().any(|topic| topics.contains(&topic))
}
