//! Who may commit and fetch offsets of a streams group.

use super::{StreamsGroup, TaskId};
use crate::offsets::PartitionKey;
use crate::{CommitOffsets, Generation, GroupError, MemberEpoch, MemberId};

/// The member has not heard of its newest epoch. What tasks that it held without a break since before the epoch that it comes
/// with read is still its own (KIP-1251).
pub(crate) struct StreamsCommits<'a> {
    group: &'a StreamsGroup,
    member: MemberId,
    said: MemberEpoch,
}

impl StreamsGroup {
    /// Whether a commit may be taken, as far as it does not depend on the partitions; `None`: of all of them.
    pub(crate) fn check_commit<'a>(
        &'a self,
        request: &CommitOffsets,
        in_transaction: bool,
    ) -> Result<Option<StreamsCommits<'a>>, GroupError> {
        if request.generation.is_none() && self.members.is_empty() {
            return Ok(None);
        }
        let id = request.member.as_ref().ok_or(GroupError::UnknownMember)?;
        self.members.get(id).ok_or(GroupError::UnknownMember)?;
        if !in_transaction && !request.knows_member_epochs {
            return Err(GroupError::VersionTooOld);
        }
        let epoch = self.current(id).epoch;
        let said = request.generation.map(Generation::to_wire).and_then(MemberEpoch::from_wire);
        match said {
            Some(said) if said == epoch => Ok(None),
            Some(said) if said < epoch => {
                Ok(Some(StreamsCommits { group: self, member: id.clone(), said }))
            }
            Some(_) | None => Err(GroupError::StaleMemberEpoch),
        }
    }

    pub(crate) fn check_fetch(
        &self,
        member: Option<&MemberId>,
        epoch: Option<MemberEpoch>,
    ) -> Result<(), GroupError> {
        if member.is_none() && epoch.is_none() {
            return Ok(());
        }
        let id = member.ok_or(GroupError::UnknownMember)?;
        self.members.get(id).ok_or(GroupError::UnknownMember)?;
        if epoch == Some(self.current(id).epoch) {
            return Ok(());
        }
        Err(GroupError::StaleMemberEpoch)
    }
}

impl StreamsCommits<'_> {
    pub(crate) fn check(&self, partition: &PartitionKey) -> Result<(), GroupError> {
        let topology = self.group.topology.as_ref();
        let reader = topology.and_then(|topology| topology.reader_of(partition.topic.as_str()));
        let reader = reader.ok_or(GroupError::StaleMemberEpoch)?;
        let task = TaskId { subtopology: reader.clone(), partition: partition.partition };
        let current = self.group.current(&self.member);
        let held = [&current.assigned, &current.revoking];
        let since = held.iter().find_map(|held| held.active.get(&task));
        match since {
            Some(since) if *since <= self.said => Ok(()),
            Some(_) | None => Err(GroupError::StaleMemberEpoch),
        }
    }
}
