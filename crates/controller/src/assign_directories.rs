use std::collections::BTreeMap;

use metadata::{MetadataRecord, PartitionChange};
use model::{BrokerEpoch, BrokerId, PartitionId, Uuid};

use crate::controller::Controller;
use crate::operation::{Context, Decision, Operation};
use crate::refusal::Refusal;

/// A broker says in which of its log directories replicas lie (KIP-858): so it is known what is lost with a directory.
#[derive(Clone, Debug)]
pub struct AssignDirectories {
    pub broker: BrokerId,
    pub epoch: BrokerEpoch,
    pub replicas: BTreeMap<PartitionId, Uuid>,
}

impl Operation for AssignDirectories {
    type Reply = Result<(), Refusal>;

    /// What names no replica of the broker is passed over: the topic may just have gone.
    fn decide(&self, controller: &Controller, _: &mut Context<'_>) -> Decision<Self::Reply> {
        let image = controller.image();
        let Some(broker) = image.broker(self.broker) else {
            return Decision::nothing(Err(Refusal::BrokerNotRegistered(self.broker)));
        };
        if broker.epoch != self.epoch {
            let (id, given) = (self.broker, self.epoch);
            return Decision::nothing(Err(Refusal::StaleBrokerEpoch { id, given }));
        }
        let records = self.replicas.iter().filter_map(|(id, directory)| {
            let partition = image.topic_by_id(id.topic)?.partitions.get(&id.partition)?;
            let place = partition.replicas.iter().position(|replica| *replica == self.broker)?;
            let mut directories = partition.directories.clone();
            let named = directories.get_mut(place)?;
            if named == directory {
                return None;
            }
            *named = *directory;
            let change =
                PartitionChange { directories: Some(directories), ..PartitionChange::default() };
            Some(MetadataRecord::PartitionChange { topic: id.topic, index: id.partition, change })
        });
        Decision { records: records.collect(), reply: Ok(()) }
    }
}
