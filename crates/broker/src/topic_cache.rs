use std::collections::HashMap;
use std::sync::Arc;

use model::{PartitionIndex, TopicId, TopicName, Uuid};
use settings::TopicSettings;

use crate::Broker;
use crate::image_cell::CachedImage;
use crate::partition::Partition;
use crate::partition_error::PartitionError;

/// A topic as one loop knows it: its place in the image, its settings, and the partitions that were asked for.
pub(crate) struct CachedTopic {
    pub(crate) topic: Arc<metadata::Topic>,
    pub(crate) settings: Arc<TopicSettings>,
    partitions: Vec<Option<Arc<Partition>>>,
}

/// Place of a topic in a loop's cache, until the next refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TopicPlace(usize);

/// What one loop remembers of topics and partitions, so that a request takes no lock that others share. Forgotten
/// whenever there is a newer image.
#[derive(Default)]
pub(crate) struct TopicCache {
    image: CachedImage,
    topics: Vec<CachedTopic>,
    by_name: HashMap<TopicName, TopicPlace>,
    by_id: HashMap<TopicId, TopicPlace>,
}

impl TopicCache {
    /// Takes the newest image. Places from before are then worth nothing.
    pub(crate) fn refresh(&mut self, broker: &Broker) {
        if broker.image_cell().refresh(&mut self.image) {
            self.topics.clear();
            self.by_name.clear();
            self.by_id.clear();
        }
    }

    /// Counts the images that were taken.
    pub(crate) fn generation(&self) -> u64 {
        self.image.number()
    }

    pub(crate) fn get(&self, place: TopicPlace) -> Option<&CachedTopic> {
        self.topics.get(place.0)
    }

    pub(crate) fn by_name(&mut self, broker: &Broker, name: &str) -> Option<TopicPlace> {
        if let Some(place) = self.by_name.get(name) {
            return Some(*place);
        }
        let topic = Arc::clone(self.image.image.topic(name)?);
        Some(self.insert(broker, topic))
    }

    pub(crate) fn by_id(&mut self, broker: &Broker, id: Uuid) -> Option<TopicPlace> {
        let id = TopicId::new(id)?;
        if let Some(place) = self.by_id.get(&id) {
            return Some(*place);
        }
        let topic = Arc::clone(self.image.image.topic_by_id(id)?);
        Some(self.insert(broker, topic))
    }

    fn insert(&mut self, broker: &Broker, topic: Arc<metadata::Topic>) -> TopicPlace {
        let place = TopicPlace(self.topics.len());
        self.by_name.insert(topic.name.clone(), place);
        self.by_id.insert(topic.id, place);
        let settings = broker.topic_settings(&self.image.image, &topic.name);
        self.topics.push(CachedTopic { topic, settings, partitions: Vec::new() });
        place
    }

    /// The partition, if this broker leads it and its directory is well.
    pub(crate) fn partition(
        &mut self,
        broker: &Broker,
        place: TopicPlace,
        index: i32,
    ) -> Result<&Arc<Partition>, PartitionError> {
        let unknown = PartitionError::UnknownPartition;
        let topic = self.topics.get_mut(place.0).ok_or(unknown)?;
        let index = PartitionIndex::from_wire(index).ok_or(unknown)?;
        let position = usize::try_from(index.to_wire()).map_err(|_| unknown)?;
        if position >= topic.partitions.len() {
            // The index is checked before memory is taken for it.
            topic.topic.partitions.get(&index).ok_or(unknown)?;
            topic.partitions.resize(position + 1, None);
        }
        let slot = topic.partitions.get_mut(position).ok_or(unknown)?;
        if slot.is_none() {
            *slot = Some(broker.partition(&topic.topic, index, &topic.settings)?);
        }
        slot.as_ref().ok_or(unknown)
    }
}
