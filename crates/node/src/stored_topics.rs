//! What the metadata says of topics, for the opening of their logs.

use std::sync::Arc;

use metadata::{ConfigResource, Image};
use model::{TopicId, TopicName, TopicPartition};
use settings::BrokerConfig;
use storage::{LogConfig, Topics};

/// The metadata as it was committed before this start.
pub(crate) struct StoredTopics {
    pub(crate) image: Arc<Image>,
    pub(crate) config: BrokerConfig,
}

impl Topics for StoredTopics {
    fn config(&self, name: &TopicPartition) -> Arc<LogConfig> {
        let own = self.image.config(&ConfigResource::topic(name.topic.as_str()));
        let settings = match own.map(|own| self.config.topic_settings(own)) {
            Some(Ok(settings)) => settings,
            Some(Err(invalid)) => {
                tracing::warn!(topic = %name.topic, %invalid, "ignore the topic's settings");
                Arc::clone(self.config.topic_defaults())
            }
            None => Arc::clone(self.config.topic_defaults()),
        };
        Arc::new(broker::log_config(&settings))
    }

    fn is_known(&self, topic: TopicId) -> bool {
        self.image.topic_by_id(topic).is_some()
    }

    fn id_of(&self, topic: &TopicName) -> Option<TopicId> {
        self.image.topic(topic.as_str()).map(|topic| topic.id)
    }
}
