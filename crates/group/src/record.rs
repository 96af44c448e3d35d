use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use model::{ProducerId, Timestamp};

use crate::consumer::ConsumerChange;
use crate::share::ShareChange;
use crate::streams::StreamsChange;
use crate::{
    CommittedOffset, Generation, GroupId, InstanceId, MemberId, PartitionKey, TransactionOutcome,
};

/// One change of a shard's hard state, as it lies in `__consumer_offsets`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupRecord {
    /// A group as it was when its assignment was stored, or when it became empty.
    Group { group: GroupId, state: StoredGroup },
    /// The group is gone.
    GroupRemoved { group: GroupId },
    /// An offset. With a producer it counts only once that producer's transaction is committed.
    Offset {
        group: GroupId,
        partition: PartitionKey,
        offset: CommittedOffset,
        producer: Option<ProducerId>,
    },
    /// The offset is gone, and what open transactions committed for the partition so far.
    OffsetRemoved { group: GroupId, partition: PartitionKey },
    /// Something about a consumer group.
    Consumer { group: GroupId, change: ConsumerChange },
    /// Something about a share group.
    Share { group: GroupId, change: ShareChange },
    /// Something about a streams group.
    Streams { group: GroupId, change: StreamsChange },
    /// The marker of a transaction: what the producer committed becomes visible, or is dropped.
    TransactionEnded { producer: ProducerId, outcome: TransactionOutcome },
}

/// What survives of a classic group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredGroup {
    /// `None` for a group that only stores offsets.
    pub protocol_type: Option<Arc<str>>,
    pub generation: Generation,
    /// `None` while the group is empty.
    pub protocol: Option<Arc<str>>,
    pub leader: Option<MemberId>,
    /// When the group came into its state; `None` in records of old versions.
    pub state_since: Option<Timestamp>,
    /// Empty means that the group is empty; otherwise it was stable.
    pub members: Vec<StoredMember>,
}

impl StoredGroup {
    /// Bytes that its members take.
    pub(crate) fn members_size(&self) -> usize {
        self.members.iter().map(StoredMember::size).sum()
    }
}

/// What survives of a member of a classic group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMember {
    pub id: MemberId,
    pub instance: Option<InstanceId>,
    pub client_id: Arc<str>,
    pub client_host: Arc<str>,
    pub rebalance_timeout: Duration,
    pub session_timeout: Duration,
    /// The member's metadata for the group's protocol.
    pub subscription: Bytes,
    pub assignment: Bytes,
}

impl StoredMember {
    fn size(&self) -> usize {
        let instance = self.instance.as_ref().map_or(0, |instance| instance.as_str().len());
        let texts = self.client_id.len() + self.client_host.len() + instance;
        size_of::<Self>() + texts + self.subscription.len() + self.assignment.len()
    }
}
