use std::collections::BTreeMap;
use std::sync::Arc;

use model::{BrokerId, Offset, PartitionIndex, ProducerId, TopicId, TopicName, Uuid};

use crate::broker::{BrokerRegistration, ControllerRegistration};
use crate::config::ConfigResource;
use crate::partition::{Partition, Topic};
use crate::security::{
    AccessControlEntry, DelegationToken, QuotaEntity, ScramCredential, ScramUser,
};
use crate::shared_map::SharedMap;

/// The name of the feature that says which metadata records may be written.
pub const METADATA_VERSION: &str = "metadata.version";
/// The feature under which eligible leader replicas are kept (KIP-966).
pub const ELR_VERSION: &str = "eligible.leader.replicas.version";

/// Settings of one resource.
pub type ConfigValues = BTreeMap<String, String>;

/// Everything the metadata log says, up to one offset. Cloning is cheap and shares all that does not change later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Image {
    /// The offset after the last record that this image knows.
    pub(crate) end: Offset,
    pub(crate) features: BTreeMap<String, i16>,
    pub(crate) brokers: SharedMap<BrokerId, Arc<BrokerRegistration>>,
    pub(crate) controllers: SharedMap<BrokerId, Arc<ControllerRegistration>>,
    pub(crate) topics: SharedMap<TopicName, Arc<Topic>>,
    pub(crate) topic_names: SharedMap<TopicId, TopicName>,
    pub(crate) configs: SharedMap<ConfigResource, Arc<ConfigValues>>,
    pub(crate) next_producer_id: Option<ProducerId>,
    pub(crate) quotas: SharedMap<QuotaEntity, Arc<BTreeMap<String, f64>>>,
    pub(crate) acls: SharedMap<Uuid, Arc<AccessControlEntry>>,
    pub(crate) scram: SharedMap<ScramUser, Arc<ScramCredential>>,
    pub(crate) tokens: SharedMap<String, Arc<DelegationToken>>,
    /// What to go back to if the open transaction is aborted; `None` outside of one.
    pub(crate) before_transaction: Option<Arc<Self>>,
}

impl Image {
    /// The offset after the last record that this image knows.
    pub const fn end(&self) -> Offset {
        self.end
    }

    /// The finalised level of a feature; 0 when it is not finalised.
    pub fn feature(&self, name: &str) -> i16 {
        self.features.get(name).copied().unwrap_or(0)
    }

    /// All finalised features with their levels.
    pub const fn features(&self) -> &BTreeMap<String, i16> {
        &self.features
    }

    pub fn broker(&self, id: BrokerId) -> Option<&BrokerRegistration> {
        self.brokers.get(&id).map(Arc::as_ref)
    }

    /// All registered brokers, fenced ones too, by id.
    pub fn brokers(&self) -> impl DoubleEndedIterator<Item = &BrokerRegistration> {
        self.brokers.values().map(Arc::as_ref)
    }

    /// Brokers that are neither fenced nor stopping.
    pub fn active_brokers(&self) -> impl DoubleEndedIterator<Item = &BrokerRegistration> {
        self.brokers().filter(|broker| broker.is_active())
    }

    /// Whether the broker is registered, not fenced and not stopping.
    pub fn is_active(&self, id: BrokerId) -> bool {
        self.broker(id).is_some_and(BrokerRegistration::is_active)
    }

    pub fn controllers(&self) -> impl Iterator<Item = &ControllerRegistration> {
        self.controllers.values().map(Arc::as_ref)
    }

    pub fn topic(&self, name: &str) -> Option<&Arc<Topic>> {
        self.topics.get(name)
    }

    pub fn topic_by_id(&self, id: TopicId) -> Option<&Arc<Topic>> {
        self.topics.get(self.topic_names.get(&id)?)
    }

    pub fn topic_name(&self, id: TopicId) -> Option<&TopicName> {
        self.topic_names.get(&id)
    }

    /// All topics by name.
    pub fn topics(&self) -> impl DoubleEndedIterator<Item = &Arc<Topic>> {
        self.topics.values()
    }

    /// Topics by name, from the first that is not less than `start`.
    pub fn topics_from<'a>(&'a self, start: &str) -> impl Iterator<Item = &'a Arc<Topic>> {
        self.topics.range_from(start).map(|(_, topic)| topic)
    }

    pub fn topic_count(&self) -> usize {
        self.topics.len()
    }

    pub fn partition(&self, topic: TopicId, index: PartitionIndex) -> Option<&Arc<Partition>> {
        self.topic_by_id(topic)?.partitions.get(&index)
    }

    /// The settings that were given to a resource; `None` when there are none. Defaults are not among them.
    pub fn config(&self, resource: &ConfigResource) -> Option<&ConfigValues> {
        self.configs.get(resource).map(Arc::as_ref)
    }

    pub fn config_value(&self, resource: &ConfigResource, name: &str) -> Option<&str> {
        self.config(resource)?.get(name).map(String::as_str)
    }

    /// All resources that have settings of their own.
    pub fn configs(&self) -> impl Iterator<Item = (&ConfigResource, &ConfigValues)> {
        self.configs.iter().map(|(resource, values)| (resource, values.as_ref()))
    }

    /// The first producer id that no broker was given yet.
    pub const fn next_producer_id(&self) -> Option<ProducerId> {
        self.next_producer_id
    }

    pub fn quotas(&self) -> impl Iterator<Item = (&QuotaEntity, &BTreeMap<String, f64>)> {
        self.quotas.iter().map(|(entity, quotas)| (entity, quotas.as_ref()))
    }

    pub fn acls(&self) -> impl Iterator<Item = (Uuid, &AccessControlEntry)> {
        self.acls.iter().map(|(id, entry)| (*id, entry.as_ref()))
    }

    pub fn scram(&self) -> impl Iterator<Item = (&ScramUser, &ScramCredential)> {
        self.scram.iter().map(|(user, credential)| (user, credential.as_ref()))
    }

    pub fn delegation_tokens(&self) -> impl Iterator<Item = &DelegationToken> {
        self.tokens.values().map(Arc::as_ref)
    }

    /// Whether a transaction of metadata records is open: then this image is not to be published.
    pub const fn is_in_transaction(&self) -> bool {
        self.before_transaction.is_some()
    }
}
