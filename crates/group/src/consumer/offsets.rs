//! Who may commit and fetch offsets of a consumer group.

use super::{ConsumerGroup, MemberEpoch};
use crate::streams::StreamsCommits;
use crate::{CommitOffsets, Generation, GroupError, GroupId, GroupShard, MemberId, OffsetToCommit};

impl ConsumerGroup {
    /// Whether a commit may be taken, as far as it does not depend on the partitions.
    pub(crate) fn check_commit<'a>(
        &'a self,
        request: &CommitOffsets,
    ) -> Result<Commits<'a>, GroupError> {
        if request.generation.is_none() && self.members.is_empty() {
            return Ok(Commits::All);
        }
        let id = request.member.as_ref().ok_or(GroupError::UnknownMember)?;
        let metadata = self.members.get(id).ok_or(GroupError::UnknownMember)?;
        let epoch = self.currents.get(id).map(|current| current.epoch).unwrap_or_default();
        let said = request.generation.map(Generation::to_wire);
        if said == Some(epoch.to_wire()) {
            if metadata.classic.is_none() && !request.knows_member_epochs {
                return Err(GroupError::VersionTooOld);
            }
            return Ok(Commits::All);
        }
        if metadata.classic.is_some() {
            return Err(GroupError::IllegalGeneration);
        }
        if !request.knows_member_epochs {
            return Err(GroupError::VersionTooOld);
        }
        let said = said.and_then(MemberEpoch::from_wire).ok_or(GroupError::StaleMemberEpoch)?;
        if said > epoch {
            return Err(GroupError::StaleMemberEpoch);
        }
        Ok(Commits::Since { group: self, member: id.clone(), said })
    }

    fn check_fetch(
        &self,
        member: Option<&MemberId>,
        epoch: Option<MemberEpoch>,
    ) -> Result<(), GroupError> {
        if member.is_none() && epoch.is_none() {
            return Ok(());
        }
        let id = member.ok_or(GroupError::UnknownMember)?;
        let metadata = self.members.get(id).ok_or(GroupError::UnknownMember)?;
        if epoch == Some(self.current(id).epoch) {
            return Ok(());
        }
        Err(match metadata.classic {
            Some(_) => GroupError::IllegalGeneration,
            None => GroupError::StaleMemberEpoch,
        })
    }
}

/// Which offsets of a commit are taken.
pub(crate) enum Commits<'a> {
    All,
    /// The member has not heard of its newest epoch. What it held without a break since before the epoch that it comes with
    /// is still its own (KIP-1251).
    Since {
        group: &'a ConsumerGroup,
        member: MemberId,
        said: MemberEpoch,
    },
    /// The same of a member of a streams group.
    OfStreams(StreamsCommits<'a>),
}

impl Commits<'_> {
    pub(crate) fn check(&self, to_commit: &OffsetToCommit) -> Result<(), GroupError> {
        match self {
            Self::All => Ok(()),
            Self::OfStreams(commits) => commits.check(&to_commit.partition),
            Self::Since { group, member, said } => {
                let partition = to_commit.partition_id();
                let current = group.current(member);
                let since = partition.and_then(|partition| {
                    current.assigned.since(partition).or_else(|| current.revoking.since(partition))
                });
                if since.is_some_and(|since| since <= *said) {
                    Ok(())
                } else {
                    Err(GroupError::StaleMemberEpoch)
                }
            }
        }
    }
}

impl GroupShard {
    /// Whether a member may fetch the group's offsets; requests that name none come from outside. Classic groups do not ask.
    pub fn check_fetch(
        &self,
        group: &GroupId,
        member: Option<&MemberId>,
        epoch: Option<MemberEpoch>,
    ) -> Result<(), GroupError> {
        if let Some(streams) = self.streams(group) {
            return streams.check_fetch(member, epoch);
        }
        self.consumer(group).map_or(Ok(()), |group| group.check_fetch(member, epoch))
    }
}
