use std::collections::BTreeMap;

use model::ProducerId;

use super::{CommittedOffset, PartitionKey};
use crate::GroupId;

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionOutcome {
    Committed,
    Aborted,
}

type Undecided = BTreeMap<(GroupId, PartitionKey), CommittedOffset>;

/// Offsets committed in transactions that are still open.
#[derive(Debug, Default)]
pub(crate) struct Transactions(BTreeMap<ProducerId, Undecided>);

impl Transactions {
    pub(crate) fn put(
        &mut self,
        producer: ProducerId,
        group: GroupId,
        partition: PartitionKey,
        offset: CommittedOffset,
    ) {
        self.0.entry(producer).or_default().insert((group, partition), offset);
    }

    pub(crate) fn remove(
        &mut self,
        producer: ProducerId,
        group: &GroupId,
        partition: &PartitionKey,
    ) {
        if let Some(undecided) = self.0.get_mut(&producer) {
            undecided.remove(&(group.clone(), partition.clone()));
            if undecided.is_empty() {
                self.0.remove(&producer);
            }
        }
    }

    pub(crate) fn take(&mut self, producer: ProducerId) -> Undecided {
        self.0.remove(&producer).unwrap_or_default()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&GroupId, &PartitionKey, &CommittedOffset)> {
        self.0.values().flatten().map(|((group, partition), offset)| (group, partition, offset))
    }
}
