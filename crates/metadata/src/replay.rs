use std::sync::Arc;

use model::{BrokerEpoch, BrokerId, Offset, PartitionIndex, TopicId, TopicName, Uuid};

use crate::broker::BrokerRegistration;
use crate::config::ConfigResource;
use crate::image::Image;
use crate::partition::{Partition, PartitionChange, Topic};
use crate::record::{BrokerChange, MetadataRecord};
use crate::security::QuotaEntity;

/// Why a record does not fit to what came before it. The log is then not one that a controller wrote, and nobody may
/// go on with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    #[error("no broker {id} is registered with epoch {epoch}")]
    UnknownBroker { id: BrokerId, epoch: BrokerEpoch },
    #[error("no topic has the id {0}")]
    UnknownTopic(TopicId),
    #[error("topic {topic} has no partition {index}")]
    UnknownPartition { topic: TopicId, index: PartitionIndex },
    #[error("topic {0} exists already")]
    TopicExists(TopicName),
    #[error("topic {name} has the id {id} of another")]
    TopicIdTaken { name: TopicName, id: TopicId },
    #[error("an epoch of partition {index} of topic {topic} has no next number")]
    EpochExhausted { topic: TopicId, index: PartitionIndex },
    #[error("no access control entry has the id {0}")]
    UnknownAcl(Uuid),
    #[error("a transaction begins inside of a transaction")]
    NestedTransaction,
    #[error("a transaction ends that never began")]
    NoTransaction,
}

impl Image {
    /// Applies one record. After an error the image is as it was before.
    pub fn replay(&mut self, record: &MetadataRecord) -> Result<(), ReplayError> {
        use MetadataRecord as R;
        match record {
            R::RegisterBroker(broker) => {
                self.brokers.insert(broker.id, Arc::new(broker.clone()));
            }
            R::UnregisterBroker { id, epoch } => {
                self.registered(*id, *epoch)?;
                self.brokers.remove(id);
            }
            R::BrokerRegistrationChange(change) => self.change_broker(change)?,
            R::FenceBroker { id, epoch } => self.set_fenced(*id, *epoch, true)?,
            R::UnfenceBroker { id, epoch } => self.set_fenced(*id, *epoch, false)?,
            R::RegisterController(controller) => {
                self.controllers.insert(controller.id, Arc::new(controller.clone()));
            }
            R::UnregisterController { id } => {
                self.controllers.remove(id);
            }
            R::Topic { name, id } => self.add_topic(name, *id)?,
            R::RemoveTopic { id } => self.remove_topic(*id)?,
            R::Partition { topic, index, partition } => {
                self.topic_mut(*topic)?.partitions.insert(*index, Arc::new(partition.clone()));
            }
            R::PartitionChange { topic, index, change } => {
                self.change_partition(*topic, *index, change)?;
            }
            R::ClearElr { topic } => self.clear_elr(topic.as_ref()),
            R::Config { resource, name, value } => self.set_config(resource, name, value.as_ref()),
            R::FeatureLevel { name, level: 0 } => {
                self.features.remove(name);
            }
            R::FeatureLevel { name, level } => {
                self.features.insert(name.clone(), *level);
            }
            R::ProducerIds { next, .. } => self.next_producer_id = Some(*next),
            R::ClientQuota { entity, key, value } => self.set_quota(entity, key, *value),
            R::BeginTransaction { .. }
            | R::EndTransaction
            | R::AbortTransaction { .. }
            | R::NoOp
            | R::ZkMigrationState(_) => self.replay_marker(record)?,
            R::AccessControlEntry(_)
            | R::RemoveAccessControlEntry { .. }
            | R::UserScramCredential { .. }
            | R::RemoveUserScramCredential { .. }
            | R::DelegationToken(_)
            | R::RemoveDelegationToken { .. } => self.replay_security(record)?,
        }
        Ok(())
    }

    /// Says that every record below `end` has been applied.
    pub fn advance_to(&mut self, end: Offset) {
        assert!(self.end <= end, "the image ends at {} and was told to end at {end}", self.end);
        self.end = end;
    }

    fn replay_marker(&mut self, record: &MetadataRecord) -> Result<(), ReplayError> {
        match record {
            MetadataRecord::BeginTransaction { .. } => {
                if self.is_in_transaction() {
                    return Err(ReplayError::NestedTransaction);
                }
                self.before_transaction = Some(Arc::new(self.clone()));
            }
            MetadataRecord::EndTransaction => {
                self.before_transaction.take().ok_or(ReplayError::NoTransaction)?;
            }
            MetadataRecord::AbortTransaction { .. } => {
                let before = self.before_transaction.take().ok_or(ReplayError::NoTransaction)?;
                let end = self.end;
                *self = Arc::unwrap_or_clone(before);
                self.end = end;
            }
            _ => {}
        }
        Ok(())
    }

    fn replay_security(&mut self, record: &MetadataRecord) -> Result<(), ReplayError> {
        use MetadataRecord as R;
        match record {
            R::AccessControlEntry(identified) => {
                self.acls.insert(identified.id, Arc::new(identified.entry.clone()));
            }
            R::RemoveAccessControlEntry { id } => {
                self.acls.remove(id).ok_or(ReplayError::UnknownAcl(*id))?;
            }
            R::UserScramCredential { user, credential } => {
                self.scram.insert(user.clone(), Arc::new(credential.clone()));
            }
            R::RemoveUserScramCredential { user } => {
                self.scram.remove(user);
            }
            R::DelegationToken(token) => {
                self.tokens.insert(token.token_id.clone(), Arc::new(token.clone()));
            }
            R::RemoveDelegationToken { token_id } => {
                self.tokens.remove(token_id);
            }
            _ => {}
        }
        Ok(())
    }

    fn registered(&self, id: BrokerId, epoch: BrokerEpoch) -> Result<(), ReplayError> {
        match self.broker(id) {
            Some(broker) if broker.epoch == epoch => Ok(()),
            _ => Err(ReplayError::UnknownBroker { id, epoch }),
        }
    }

    fn broker_mut(
        &mut self,
        id: BrokerId,
        epoch: BrokerEpoch,
    ) -> Result<&mut BrokerRegistration, ReplayError> {
        self.registered(id, epoch)?;
        let broker = self.brokers.get_mut(&id).ok_or(ReplayError::UnknownBroker { id, epoch })?;
        Ok(Arc::make_mut(broker))
    }

    fn set_fenced(
        &mut self,
        id: BrokerId,
        epoch: BrokerEpoch,
        fenced: bool,
    ) -> Result<(), ReplayError> {
        self.broker_mut(id, epoch)?.fenced = fenced;
        Ok(())
    }

    fn change_broker(&mut self, change: &BrokerChange) -> Result<(), ReplayError> {
        let broker = self.broker_mut(change.id, change.epoch)?;
        if let Some(fenced) = change.fenced {
            broker.fenced = fenced;
        }
        if change.enters_controlled_shutdown {
            broker.in_controlled_shutdown = true;
        }
        if let Some(log_dirs) = &change.log_dirs {
            broker.log_dirs.clone_from(log_dirs);
        }
        if let Some(cordoned) = &change.cordoned_log_dirs {
            broker.cordoned_log_dirs = Some(cordoned.clone());
        }
        Ok(())
    }

    fn topic_mut(&mut self, id: TopicId) -> Result<&mut Topic, ReplayError> {
        let name = self.topic_names.get(&id).ok_or(ReplayError::UnknownTopic(id))?;
        let topic = self.topics.get_mut(name).ok_or(ReplayError::UnknownTopic(id))?;
        Ok(Arc::make_mut(topic))
    }

    fn add_topic(&mut self, name: &TopicName, id: TopicId) -> Result<(), ReplayError> {
        if self.topics.contains_key(name) {
            return Err(ReplayError::TopicExists(name.clone()));
        }
        if self.topic_names.contains_key(&id) {
            return Err(ReplayError::TopicIdTaken { name: name.clone(), id });
        }
        let topic = Topic { id, name: name.clone(), partitions: Default::default() };
        self.topics.insert(name.clone(), Arc::new(topic));
        self.topic_names.insert(id, name.clone());
        Ok(())
    }

    /// The topic's settings go with it.
    fn remove_topic(&mut self, id: TopicId) -> Result<(), ReplayError> {
        let name = self.topic_names.remove(&id).ok_or(ReplayError::UnknownTopic(id))?;
        self.topics.remove(&name);
        self.configs.remove(&ConfigResource::topic(name.as_str()));
        Ok(())
    }

    fn change_partition(
        &mut self,
        topic: TopicId,
        index: PartitionIndex,
        change: &PartitionChange,
    ) -> Result<(), ReplayError> {
        let partitions = &mut self.topic_mut(topic)?.partitions;
        let unknown = ReplayError::UnknownPartition { topic, index };
        let partition = partitions.get_mut(&index).ok_or(unknown)?;
        let merged = partition.merge(change).ok_or(ReplayError::EpochExhausted { topic, index })?;
        *partition = Arc::new(merged);
        Ok(())
    }

    fn clear_elr(&mut self, only: Option<&TopicName>) {
        let has_elr = |p: &Partition| !p.elr.is_empty() || !p.last_known_elr.is_empty();
        let places: Vec<(TopicName, PartitionIndex)> = self
            .topics()
            .filter(|topic| only.is_none_or(|name| *name == topic.name))
            .flat_map(|topic| {
                let with_elr = topic.partitions.iter().filter(|(_, p)| has_elr(p));
                with_elr.map(|(index, _)| (topic.name.clone(), *index))
            })
            .collect();
        for (name, index) in places {
            let topic = self.topics.get_mut(&name).map(Arc::make_mut);
            if let Some(partition) = topic.and_then(|topic| topic.partitions.get_mut(&index)) {
                let partition = Arc::make_mut(partition);
                partition.elr.clear();
                partition.last_known_elr.clear();
            }
        }
    }

    fn set_config(&mut self, resource: &ConfigResource, name: &str, value: Option<&String>) {
        let mut values = self.configs.get(resource).map(|v| v.as_ref().clone()).unwrap_or_default();
        match value {
            Some(value) => values.insert(name.to_owned(), value.clone()),
            None => values.remove(name),
        };
        if values.is_empty() {
            self.configs.remove(resource);
        } else {
            self.configs.insert(resource.clone(), Arc::new(values));
        }
    }

    fn set_quota(&mut self, entity: &QuotaEntity, key: &str, value: Option<f64>) {
        let mut quotas = self.quotas.get(entity).map(|q| q.as_ref().clone()).unwrap_or_default();
        match value {
            Some(value) => quotas.insert(key.to_owned(), value),
            None => quotas.remove(key),
        };
        if quotas.is_empty() {
            self.quotas.remove(entity);
        } else {
            self.quotas.insert(entity.clone(), Arc::new(quotas));
        }
    }
}

#[cfg(test)]
mod tests;
