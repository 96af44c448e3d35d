use std::time::Duration;

use metadata::{ConfigResource, ELR_VERSION, Image, MetadataRecord, ReplayError};
use model::{BrokerId, Offset, Uuid};

use crate::config_rules::ConfigRules;

/// What the active controller goes by, from the files of its node.
#[derive(Clone, Debug)]
pub struct ControllerSettings {
    pub cluster_id: String,
    /// `num.partitions`: for requests that ask for -1.
    pub partition_count: i32,
    /// `default.replication.factor`: for requests that ask for -1.
    pub replication_factor: i16,
    /// `broker.session.timeout.ms`: a broker that is silent for so long is fenced.
    pub session: Duration,
    /// `delete.topic.enable`.
    pub topic_deletion: bool,
}

/// The state that decisions are made from: the metadata up to the newest record written, committed or not.
///
/// [`Controller::replay`] is the only writer; deciding is done by each [`crate::Operation`] and borrows this.
#[derive(Clone, Debug)]
pub struct Controller {
    image: Image,
    settings: ControllerSettings,
}

impl Controller {
    /// Starts from what is committed.
    pub const fn new(image: Image, settings: ControllerSettings) -> Self {
        Self { image, settings }
    }

    pub const fn image(&self) -> &Image {
        &self.image
    }

    pub const fn settings(&self) -> &ControllerSettings {
        &self.settings
    }

    /// Applies a record that was written to the log. An error means that the log contradicts itself.
    pub fn replay(&mut self, record: &MetadataRecord) -> Result<(), ReplayError> {
        self.image.replay(record)
    }

    /// Says that every record below `end` has been replayed.
    pub fn advance_to(&mut self, end: Offset) {
        self.image.advance_to(end);
    }

    /// Goes back to what is committed, when records that were written here are lost with the leadership.
    pub fn reset_to(&mut self, committed: Image) {
        self.image = committed;
    }

    pub(crate) fn keeps_elr(&self) -> bool {
        self.image.feature(ELR_VERSION) > 0
    }

    /// `min.insync.replicas` as it holds for a topic: its own, that of all brokers, the default.
    pub(crate) fn min_isr(&self, topic: &str, rules: &dyn ConfigRules) -> usize {
        const NAME: &str = "min.insync.replicas";
        let own = self.image.config_value(&ConfigResource::topic(topic), NAME);
        let value = own
            .or_else(|| self.image.config_value(&ConfigResource::broker_default(), NAME))
            .map(str::to_owned)
            .or_else(|| rules.default_value(metadata::ConfigKind::Topic, NAME));
        value.and_then(|value| value.trim().parse().ok()).unwrap_or(1)
    }

    /// Whether a partition may choose a leader that may miss committed records.
    pub(crate) fn allows_unclean_election(&self, topic: &str, rules: &dyn ConfigRules) -> bool {
        const NAME: &str = "unclean.leader.election.enable";
        let own = self.image.config_value(&ConfigResource::topic(topic), NAME);
        let value = own
            .or_else(|| self.image.config_value(&ConfigResource::broker_default(), NAME))
            .map(str::to_owned)
            .or_else(|| rules.default_value(metadata::ConfigKind::Topic, NAME));
        value.is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }

    /// The directory that a new replica is put in: the broker's only one, else zero, which leaves the choice to the
    /// broker. A broker that never named its directories gets the uuid that says so.
    pub(crate) fn default_directory(&self, broker: BrokerId) -> Uuid {
        const MIGRATING: Uuid = Uuid::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
        let log_dirs = self.image.broker(broker).map_or(&[][..], |broker| &broker.log_dirs);
        match log_dirs {
            [] => MIGRATING,
            [only] => *only,
            _ => Uuid::ZERO,
        }
    }
}
