use model::{BrokerId, LeaderEpoch, PartitionEpoch, PartitionIndex, TopicId, TopicName, Uuid};

use crate::SharedMap;

/// Whether the leader was chosen cleanly (KIP-704).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecoveryState {
    #[default]
    Recovered,
    /// Chosen although it may miss committed records; it must repair its log first.
    Recovering,
}

/// A partition as the controller last decided it.
///
/// Invariants: `directories` is as long as `replicas`; `isr`, `removing` and `adding` are subsets of `replicas`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// In the order of preference: the first is the preferred leader.
    pub replicas: Vec<BrokerId>,
    /// The log directory of each replica, in the order of `replicas`; zero where it is not chosen yet.
    pub directories: Vec<Uuid>,
    pub isr: Vec<BrokerId>,
    pub removing: Vec<BrokerId>,
    pub adding: Vec<BrokerId>,
    /// Eligible leader replicas: outside of the ISR, yet sure to hold every committed record (KIP-966).
    pub elr: Vec<BrokerId>,
    pub last_known_elr: Vec<BrokerId>,
    /// `None` while nobody may lead.
    pub leader: Option<BrokerId>,
    pub recovery: RecoveryState,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: PartitionEpoch,
}

impl Partition {
    /// The first replica of the assignment.
    pub fn preferred_leader(&self) -> Option<BrokerId> {
        self.replicas.first().copied()
    }

    /// The log directory of the replica on `broker`; `None` when it has no replica or none is chosen.
    pub fn directory(&self, broker: BrokerId) -> Option<Uuid> {
        let place = self.replicas.iter().position(|replica| *replica == broker)?;
        self.directories.get(place).copied().filter(|directory| !directory.is_zero())
    }

    pub fn is_reassigning(&self) -> bool {
        !self.removing.is_empty() || !self.adding.is_empty()
    }

    /// What this partition is after `change`. `None` when an epoch has no next number.
    ///
    /// Naming a leader always raises the leader epoch, even if it is the leader of before; any change raises the
    /// partition epoch.
    pub fn merge(&self, change: &PartitionChange) -> Option<Self> {
        let mut merged = self.clone();
        let replace = |place: &mut Vec<BrokerId>, new: &Option<Vec<BrokerId>>| {
            if let Some(new) = new {
                place.clone_from(new);
            }
        };
        replace(&mut merged.isr, &change.isr);
        replace(&mut merged.replicas, &change.replicas);
        replace(&mut merged.removing, &change.removing);
        replace(&mut merged.adding, &change.adding);
        replace(&mut merged.elr, &change.elr);
        replace(&mut merged.last_known_elr, &change.last_known_elr);
        if let Some(directories) = &change.directories {
            merged.directories.clone_from(directories);
        } else if let Some(replicas) = &change.replicas {
            // Records from before directories had ids: replicas that stay keep theirs.
            let kept = replicas.iter().map(|replica| self.directory(*replica).unwrap_or_default());
            merged.directories = kept.collect();
        }
        if let Some(recovery) = change.recovery {
            merged.recovery = recovery;
        }
        if let Some(leader) = change.leader {
            merged.leader = leader;
            merged.leader_epoch = self.leader_epoch.next()?;
        }
        merged.partition_epoch = self.partition_epoch.next()?;
        Some(merged)
    }
}

/// What becomes different about a partition; `None` leaves a part as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartitionChange {
    pub isr: Option<Vec<BrokerId>>,
    /// `Some(None)`: nobody leads any more.
    pub leader: Option<Option<BrokerId>>,
    pub replicas: Option<Vec<BrokerId>>,
    pub removing: Option<Vec<BrokerId>>,
    pub adding: Option<Vec<BrokerId>>,
    pub recovery: Option<RecoveryState>,
    pub directories: Option<Vec<Uuid>>,
    pub elr: Option<Vec<BrokerId>>,
    pub last_known_elr: Option<Vec<BrokerId>>,
}

impl PartitionChange {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A topic and its partitions.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    pub id: TopicId,
    pub name: TopicName,
    pub partitions: SharedMap<PartitionIndex, std::sync::Arc<Partition>>,
}

impl Topic {
    /// Replicas per partition, as Kafka counts them: those of partition 0.
    pub fn replication_factor(&self) -> usize {
        self.partitions.values().next().map_or(0, |partition| partition.replicas.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broker(id: i32) -> BrokerId {
        BrokerId::from_wire(id).unwrap()
    }

    fn partition() -> Partition {
        Partition {
            replicas: vec![broker(1), broker(2)],
            directories: vec![Uuid::from_bytes([7; 16]), Uuid::ZERO],
            isr: vec![broker(1), broker(2)],
            removing: vec![],
            adding: vec![],
            elr: vec![],
            last_known_elr: vec![],
            leader: Some(broker(1)),
            recovery: RecoveryState::Recovered,
            leader_epoch: LeaderEpoch::ZERO,
            partition_epoch: PartitionEpoch::ZERO,
        }
    }

    #[test]
    fn a_smaller_isr_raises_only_the_partition_epoch() {
        let change = PartitionChange { isr: Some(vec![broker(1)]), ..PartitionChange::default() };
        let merged = partition().merge(&change).unwrap();
        assert_eq!(merged.isr, [broker(1)]);
        assert_eq!(merged.leader_epoch.to_wire(), 0);
        assert_eq!(merged.partition_epoch.to_wire(), 1);
    }

    #[test]
    fn naming_a_leader_raises_both_epochs() {
        let change = PartitionChange { leader: Some(Some(broker(1))), ..Default::default() };
        let merged = partition().merge(&change).unwrap();
        assert_eq!(merged.leader, Some(broker(1)));
        assert_eq!(merged.leader_epoch.to_wire(), 1);
        assert_eq!(merged.partition_epoch.to_wire(), 1);
    }

    #[test]
    fn an_unchosen_directory_is_none() {
        assert_eq!(partition().directory(broker(1)), Some(Uuid::from_bytes([7; 16])));
        assert_eq!(partition().directory(broker(2)), None);
        assert_eq!(partition().directory(broker(3)), None);
    }
}
