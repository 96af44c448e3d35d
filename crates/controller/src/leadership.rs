use metadata::{MetadataRecord, Partition, Topic};
use model::{BrokerId, PartitionIndex, Uuid};

use crate::config_rules::ConfigRules;
use crate::controller::Controller;
use crate::election::{ChangeBuilder, Election};

/// Why partitions are looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The broker may not lead any more, and its replicas are no longer in sync.
    Gone(BrokerId),
    /// Likewise, and what it had not synced to disk is lost.
    UncleanShutdown(BrokerId),
    /// The broker may lead again.
    Back(BrokerId),
}

/// Directories of a broker that became unusable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LostDirectories<'a> {
    pub(crate) broker: BrokerId,
    pub(crate) directories: &'a [Uuid],
}

impl Controller {
    /// The changes of all partitions that a broker's coming or going touches.
    pub(crate) fn partition_updates(
        &self,
        cause: Cause,
        rules: &dyn ConfigRules,
        records: &mut Vec<MetadataRecord>,
    ) {
        for topic in self.image().topics() {
            let mut settings = None;
            for (index, partition) in topic.partitions.iter() {
                if !is_touched(cause, partition) {
                    continue;
                }
                let (election, elr) =
                    *settings.get_or_insert_with(|| self.election_settings(topic, rules));
                let change = self.update(cause, partition, election, elr);
                records.extend(change.map(|change| MetadataRecord::PartitionChange {
                    topic: topic.id,
                    index: *index,
                    change,
                }));
            }
        }
    }

    /// The change of one partition after a request to elect its leader.
    pub(crate) fn elect(
        &self,
        topic: &Topic,
        index: PartitionIndex,
        partition: &Partition,
        election: Election,
        rules: &dyn ConfigRules,
    ) -> Option<MetadataRecord> {
        let (_, elr) = self.election_settings(topic, rules);
        let may_lead =
            |id: BrokerId| self.image().is_active(id) && self.has_directory(partition, id);
        let change = ChangeBuilder::new(partition, &may_lead, election, elr).build()?;
        Some(MetadataRecord::PartitionChange { topic: topic.id, index, change })
    }

    /// The changes of all partitions whose replicas lie in directories that are lost: the broker does not lead them.
    pub(crate) fn directories_lost(
        &self,
        lost: LostDirectories<'_>,
        rules: &dyn ConfigRules,
        records: &mut Vec<MetadataRecord>,
    ) {
        for topic in self.image().topics() {
            for (index, partition) in topic.partitions.iter() {
                let directory = partition.directory(lost.broker);
                if !directory.is_some_and(|directory| lost.directories.contains(&directory)) {
                    continue;
                }
                let (election, elr) = self.election_settings(topic, rules);
                let may_lead = |id: BrokerId| id != lost.broker && self.image().is_active(id);
                let builder = ChangeBuilder::new(partition, &may_lead, election, elr);
                let change = builder.without(lost.broker).build();
                records.extend(change.map(|change| MetadataRecord::PartitionChange {
                    topic: topic.id,
                    index: *index,
                    change,
                }));
            }
        }
    }

    /// Whether the replica's directory is among those that the broker registered. One that was never named is taken to be
    /// well.
    fn has_directory(&self, partition: &Partition, broker: BrokerId) -> bool {
        const RESERVED_MAX: u128 = 100;
        let Some(directory) = partition.directory(broker) else { return true };
        let registered = self.image().broker(broker).map_or(&[][..], |broker| &broker.log_dirs);
        let is_reserved = u128::from_be_bytes(*directory.as_bytes()) < RESERVED_MAX;
        registered.is_empty() || is_reserved || registered.contains(&directory)
    }

    fn election_settings(
        &self,
        topic: &Topic,
        rules: &dyn ConfigRules,
    ) -> (Election, Option<usize>) {
        let name = topic.name.as_str();
        let unclean = self.allows_unclean_election(name, rules);
        let election = if unclean { Election::Unclean } else { Election::Clean };
        (election, self.keeps_elr().then(|| self.min_isr(name, rules)))
    }

    fn update(
        &self,
        cause: Cause,
        partition: &Partition,
        election: Election,
        elr: Option<usize>,
    ) -> Option<metadata::PartitionChange> {
        let may_lead = |id: BrokerId| match cause {
            Cause::Gone(gone) | Cause::UncleanShutdown(gone) if gone == id => false,
            Cause::Back(back) if back == id => self.has_directory(partition, id),
            _ => self.image().is_active(id) && self.has_directory(partition, id),
        };
        let builder = ChangeBuilder::new(partition, &may_lead, election, elr);
        match cause {
            Cause::Gone(gone) => builder.without(gone).build(),
            Cause::UncleanShutdown(gone) => builder.without_unclean(gone).build(),
            Cause::Back(_) => builder.build(),
        }
    }
}

fn is_touched(cause: Cause, partition: &Partition) -> bool {
    match cause {
        Cause::Gone(gone) => partition.isr.contains(&gone) || partition.leader == Some(gone),
        Cause::UncleanShutdown(gone) => {
            partition.isr.contains(&gone)
                || partition.elr.contains(&gone)
                || partition.leader == Some(gone)
        }
        Cause::Back(back) => partition.leader.is_none() && partition.replicas.contains(&back),
    }
}
