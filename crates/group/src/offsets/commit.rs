use std::sync::Arc;
use std::time::Duration;

use model::{LeaderEpoch, Offset, PartitionId, Timestamp, TopicId};

use super::{CommittedOffset, PartitionKey};
use crate::consumer::Commits;
use crate::decision::Outcome;
use crate::{
    Decision, Generation, GroupError, GroupId, GroupRecord, GroupShard, InstanceId, MemberId, Now,
    PartResults, Soft,
};

/// Stores offsets for a group: from a member, or, without generation, from outside of an empty group.
#[derive(Clone, Debug)]
pub struct CommitOffsets {
    pub group: GroupId,
    pub member: Option<MemberId>,
    pub instance: Option<InstanceId>,
    /// Of a member of a consumer group, its epoch.
    pub generation: Option<Generation>,
    /// The request's version carries member epochs (KIP-848).
    pub knows_member_epochs: bool,
    /// How long to keep the offsets, if the client says so (versions 2 to 4).
    pub retention: Option<Duration>,
    pub offsets: Vec<OffsetToCommit>,
}

#[derive(Clone, Debug)]
pub struct OffsetToCommit {
    pub partition: PartitionKey,
    pub topic_id: Option<TopicId>,
    pub offset: Option<Offset>,
    pub leader_epoch: Option<LeaderEpoch>,
    pub metadata: Arc<str>,
}

impl OffsetToCommit {
    fn partition_id(&self) -> Option<PartitionId> {
        Some(PartitionId { topic: self.topic_id?, partition: self.partition.partition })
    }
}

impl GroupShard {
    /// One result for each offset, in the request's order. [`GroupError::GroupNotFound`] is news to clients before
    /// version 9 of the request: they understand [`GroupError::IllegalGeneration`].
    pub fn commit_offsets(
        &self,
        soft: &mut Soft,
        now: Now,
        request: CommitOffsets,
    ) -> Decision<PartResults> {
        let mut out = Outcome::default();
        let group = &request.group;
        let seen = self.newest_of(group);
        let commits = match self.check_commit(soft, now, &request, &mut out) {
            Ok(commits) => commits,
            Err(error) => return out.decide(Err(error), seen),
        };
        let check = |to_commit: &OffsetToCommit| commits.check(to_commit.partition_id());
        if let Err(error) = request.offsets.iter().try_for_each(check) {
            return out.decide(Err(error), seen);
        }
        let expires_at = request.retention.and_then(|retention| later(now.wall, retention));
        let mut results = Vec::with_capacity(request.offsets.len());
        for to_commit in request.offsets {
            if is_too_long(&to_commit.metadata, soft.settings.offset_metadata_size_max) {
                results.push(Err(GroupError::OffsetMetadataTooLarge));
                continue;
            }
            results.push(Ok(()));
            out.records.push(GroupRecord::Offset {
                group: group.clone(),
                partition: to_commit.partition,
                offset: CommittedOffset {
                    offset: to_commit.offset,
                    leader_epoch: to_commit.leader_epoch,
                    metadata: to_commit.metadata,
                    committed_at: now.wall,
                    expires_at,
                    topic_id: to_commit.topic_id,
                    record_offset: None,
                },
                producer: None,
            });
        }
        out.decide(Ok(results), seen)
    }

    fn check_commit(
        &self,
        soft: &mut Soft,
        now: Now,
        request: &CommitOffsets,
        out: &mut Outcome,
    ) -> Result<Commits<'_>, GroupError> {
        let group = &request.group;
        if let Some(consumer) = self.consumer(group) {
            return consumer.check_commit(request);
        }
        if !self.exists(soft, group) {
            // A consumer that assigns its partitions itself makes the group by its first commit.
            return if request.generation.is_none() {
                Ok(Commits::All)
            } else {
                Err(GroupError::GroupNotFound)
            };
        }
        let (member, instance) = (request.member.as_ref(), request.instance.as_ref());
        let checked = soft.renew_in_group(now, group, out, |group, step| {
            group.check_commit(step, member, instance, request.generation)
        });
        match checked {
            Some(result) => result.map(|()| Commits::All),
            None if request.generation.is_none() => Ok(Commits::All),
            None => Err(GroupError::UnknownMember),
        }
    }
}

/// Kafka counts UTF-16 units, of which no text has more than bytes.
fn is_too_long(metadata: &str, size_max: usize) -> bool {
    metadata.len() > size_max && metadata.encode_utf16().count() > size_max
}

fn later(time: Timestamp, duration: Duration) -> Option<Timestamp> {
    let millis = i64::try_from(duration.as_millis()).ok()?;
    Timestamp::from_millis(time.as_millis().checked_add(millis)?)
}
