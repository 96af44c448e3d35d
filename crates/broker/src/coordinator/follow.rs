use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use metadata::Image;
use model::{LeaderEpoch, PartitionIndex, TopicId};

use super::machine::{GoneTopic, Machine};
use super::partition_log::PartitionLog;
use super::{Coordinator, CoordinatorLog};
use crate::Broker;

/// What the coordinator has taken over from the metadata.
#[derive(Default)]
pub(super) struct Followed {
    image: Arc<Image>,
    /// The partitions that it coordinates, by the life of their leadership.
    led: BTreeMap<PartitionIndex, (TopicId, LeaderEpoch)>,
}

impl<M: Machine> Coordinator<M> {
    /// Takes the next image over: which partitions this broker coordinates, and which topics are gone. Called in the order
    /// of images.
    pub(crate) fn follow(&self, broker: &Arc<Broker>, image: &Arc<Image>) {
        let mut followed = self.0.followed.lock();
        let topic = image.topic(M::TOPIC);
        let count = topic.map_or(0, |topic| topic.partitions.len());
        self.set_partition_count(u32::try_from(count).unwrap_or(u32::MAX));
        let mut led = BTreeMap::new();
        if let Some(topic) = topic {
            let own =
                topic.partitions.iter().filter(|(_, state)| state.leader == Some(broker.id()));
            led.extend(own.map(|(index, state)| (*index, (topic.id, state.leader_epoch))));
        }
        for index in followed.led.keys().filter(|index| !led.contains_key(index)) {
            self.resigned(*index);
        }
        for (index, life) in &led {
            if followed.led.get(index) != Some(life) {
                let log = PartitionLog::new(broker, self.clone(), *index);
                self.elected(*index, Arc::new(log) as Arc<dyn CoordinatorLog>);
            }
        }
        followed.led = led;
        let gone = deleted_topics(&followed.image, image);
        if !gone.is_empty() || followed.image.topic_count() != image.topic_count() {
            self.0.names_version.fetch_add(1, Ordering::AcqRel);
        }
        followed.image = Arc::clone(image);
        drop(followed);
        if !gone.is_empty() {
            self.topics_deleted(&gone);
        }
    }
}

/// The topics that were, and are no more. One that was made again under its name is another.
fn deleted_topics(before: &Image, after: &Image) -> Vec<GoneTopic> {
    let gone = before.topics().filter(|topic| after.topic_by_id(topic.id).is_none());
    gone.map(|topic| GoneTopic { name: topic.name.clone(), id: topic.id }).collect()
}
