use std::sync::Arc;
use std::time::Duration;

use model::{LeaderEpoch, Offset, PartitionId, ProducerId, Timestamp, TopicId};

use super::{CommittedOffset, PartitionKey};
use crate::consumer::Commits;
use crate::decision::Outcome;
use crate::{
    Decision, Generation, GroupError, GroupId, GroupRecord, GroupShard, InstanceId, MemberId, Now,
    PartResults, PlantedBug, Soft,
};

/// Stores offsets for a group: from a member, or, without generation, from outside of an empty group.
#[derive(Clone, Debug)]
pub struct CommitOffsets {
    pub group: GroupId,
    pub member: Option<MemberId>,
    pub instance: Option<InstanceId>,
    /// Of a member of a consumer group or a streams group, its epoch.
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
    pub(crate) fn partition_id(&self) -> Option<PartitionId> {
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
        let seen = self.newest_of(&request.group);
        let commits = match self.check_commit(soft, now, &request, &mut out) {
            Ok(commits) => commits,
            Err(error) => return out.decide(Err(error), seen),
        };
        if let Err(error) = request.offsets.iter().try_for_each(|offset| commits.check(offset)) {
            return out.decide(Err(error), seen);
        }
        let results = store(soft, now, request, None, &mut out);
        out.decide(Ok(results), seen)
    }

    /// The same as part of a producer's transaction: the offsets count once it is committed (KIP-447).
    pub fn commit_offsets_in_transaction(
        &self,
        soft: &mut Soft,
        now: Now,
        request: CommitOffsets,
        producer: ProducerId,
    ) -> Decision<PartResults> {
        let mut out = Outcome::default();
        let seen = self.newest_of(&request.group);
        let checked = self.check_commit_in_transaction(soft, &request).and_then(|commits| {
            request.offsets.iter().try_for_each(|offset| commits.check(offset))
        });
        match checked {
            Ok(()) => {}
            // Producers know generations only.
            Err(GroupError::StaleMemberEpoch) => {
                return out.decide(Err(GroupError::IllegalGeneration), seen);
            }
            Err(error) => return out.decide(Err(error), seen),
        }
        let mut request = request;
        if self.planted.has(PlantedBug::SwapTwoOffsets)
            && let [first, second, ..] = &mut request.offsets[..]
        {
            std::mem::swap(&mut first.offset, &mut second.offset);
        }
        let results = store(soft, now, request, Some(producer), &mut out);
        out.decide(Ok(results), seen)
    }

    fn check_commit_in_transaction(
        &self,
        soft: &Soft,
        request: &CommitOffsets,
    ) -> Result<Commits<'_>, GroupError> {
        let group = &request.group;
        if self.share(group).is_some() {
            return Err(GroupError::NotConsumerGroup);
        }
        let names_nobody =
            request.member.is_none() && request.instance.is_none() && request.generation.is_none();
        if names_nobody || self.planted.has(PlantedBug::AcceptStaleMember) {
            // The producer fences by its epoch, so that the group need not (KIP-447).
            return Ok(Commits::All);
        }
        if let Some(streams) = self.streams(group) {
            let commits = streams.check_commit(request, true)?;
            return Ok(commits.map_or(Commits::All, Commits::OfStreams));
        }
        if let Some(consumer) = self.consumer(group) {
            return consumer.check_commit(request);
        }
        if !self.exists(soft, group) {
            return match request.generation {
                None => Ok(Commits::All),
                Some(_) => Err(GroupError::IllegalGeneration),
            };
        }
        let (member, instance) = (request.member.as_ref(), request.instance.as_ref());
        match soft.groups.get(group) {
            Some(group) => group
                .check_commit_in_transaction(member, instance, request.generation)
                .map(|()| Commits::All),
            None if request.generation.is_none() => Ok(Commits::All),
            None => Err(GroupError::UnknownMember),
        }
    }

    fn check_commit(
        &self,
        soft: &mut Soft,
        now: Now,
        request: &CommitOffsets,
        out: &mut Outcome,
    ) -> Result<Commits<'_>, GroupError> {
        let group = &request.group;
        if self.share(group).is_some() {
            return Err(GroupError::NotConsumerGroup);
        }
        if let Some(streams) = self.streams(group) {
            let commits = streams.check_commit(request, false)?;
            return Ok(commits.map_or(Commits::All, Commits::OfStreams));
        }
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

/// Makes the records of a commit that may be taken: one result for each offset.
fn store(
    soft: &Soft,
    now: Now,
    request: CommitOffsets,
    producer: Option<ProducerId>,
    out: &mut Outcome,
) -> Vec<Result<(), GroupError>> {
    let expires_at = request.retention.and_then(|retention| later(now.wall, retention));
    let mut results = Vec::with_capacity(request.offsets.len());
    for to_commit in request.offsets {
        if is_too_long(&to_commit.metadata, soft.settings.offset_metadata_size_max) {
            results.push(Err(GroupError::OffsetMetadataTooLarge));
            continue;
        }
        results.push(Ok(()));
        out.records.push(GroupRecord::Offset {
            group: request.group.clone(),
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
            producer,
        });
    }
    results
}

/// Kafka counts UTF-16 units, of which no text has more than bytes.
fn is_too_long(metadata: &str, size_max: usize) -> bool {
    metadata.len() > size_max && metadata.encode_utf16().count() > size_max
}

fn later(time: Timestamp, duration: Duration) -> Option<Timestamp> {
    let millis = i64::try_from(duration.as_millis()).ok()?;
    Timestamp::from_millis(time.as_millis().checked_add(millis)?)
}
