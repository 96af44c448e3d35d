use model::{PartitionIndex, TopicId, TopicName};

use super::CommittedOffset;
use crate::decision::Outcome;
use crate::{Decision, GroupError, GroupId, GroupShard};

/// An offset as a group asks for it; `None` when there is none.
pub type FetchedOffset<'a> = Result<Option<&'a CommittedOffset>, GroupError>;

impl GroupShard {
    /// What the group committed for some partitions, in the order asked. A group that does not exist has nothing.
    /// `require_stable` (KIP-447) refuses offsets that an open transaction may change.
    pub fn fetch_offsets<'a>(
        &'a self,
        group: &GroupId,
        partitions: impl IntoIterator<Item = (&'a TopicName, Option<TopicId>, PartitionIndex)>,
        require_stable: bool,
    ) -> Decision<Vec<FetchedOffset<'a>>> {
        let hard = self.groups.get(group).filter(|hard| hard.exists);
        let fetch =
            |(topic, topic_id, partition): (&TopicName, Option<TopicId>, PartitionIndex)| {
                let Some(hard) = hard else { return Ok(None) };
                if require_stable && hard.offsets.is_open(topic, partition) {
                    return Err(GroupError::UnstableOffset);
                }
                Ok(hard.offsets.get(topic, partition).filter(|offset| offset.is_of(topic_id)))
            };
        let fetched = partitions.into_iter().map(fetch).collect();
        Outcome::default().decide(fetched, self.newest_of(group))
    }

    /// All that the group committed.
    pub fn fetch_all_offsets<'a>(
        &'a self,
        group: &GroupId,
        require_stable: bool,
    ) -> Decision<Vec<(&'a TopicName, PartitionIndex, FetchedOffset<'a>)>> {
        let mut fetched = Vec::new();
        if let Some(hard) = self.groups.get(group).filter(|hard| hard.exists) {
            for (topic, partitions) in hard.offsets.topics() {
                for (&partition, offset) in partitions {
                    let unstable = require_stable && hard.offsets.is_open(topic, partition);
                    let result =
                        if unstable { Err(GroupError::UnstableOffset) } else { Ok(Some(offset)) };
                    fetched.push((topic, partition, result));
                }
            }
        }
        Outcome::default().decide(fetched, self.newest_of(group))
    }
}
