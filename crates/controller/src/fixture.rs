//! What several tests of this crate start from.

use std::time::Duration;

use metadata::{
    BrokerRegistration, ConfigKind, ConfigResource, ConfigValues, Endpoint, FeatureRange, Image,
    MetadataRecord, SecurityProtocol,
};
use model::{BrokerEpoch, BrokerId, Instant, Offset, SeededRandom, Uuid};

use crate::config_rules::ConfigRules;
use crate::controller::{Controller, ControllerSettings};
use crate::operation::{Context, Operation};
use crate::refusal::Refusal;
use crate::soft::Soft;

pub(crate) const CLUSTER: &str = "test-cluster";
pub(crate) const SESSION: Duration = Duration::from_secs(9);

pub(crate) fn id(raw: i32) -> BrokerId {
    BrokerId::from_wire(raw).unwrap()
}

pub(crate) fn broker(raw: i32, epoch: i64) -> BrokerRegistration {
    let byte = u8::try_from(raw).unwrap();
    BrokerRegistration {
        id: id(raw),
        epoch: BrokerEpoch::from_wire(epoch).unwrap(),
        incarnation: Uuid::from_bytes([byte; 16]),
        endpoints: vec![Endpoint {
            name: "PLAINTEXT".to_owned(),
            host: "127.0.0.1".to_owned(),
            port: 9092,
            security: SecurityProtocol::Plaintext,
        }],
        features: [("metadata.version".to_owned(), FeatureRange { min: 7, max: 33 })].into(),
        rack: None,
        fenced: false,
        in_controlled_shutdown: false,
        log_dirs: vec![Uuid::from_bytes([100 + byte; 16])],
        cordoned_log_dirs: None,
    }
}

/// Settings whose name begins with `bad` are unknown; `cleanup.policy` is a list.
pub(crate) struct Rules;

impl ConfigRules for Rules {
    fn check(
        &self,
        _: &ConfigResource,
        _: &ConfigValues,
        after: &ConfigValues,
    ) -> Result<(), Refusal> {
        match after.keys().find(|name| name.starts_with("bad")) {
            Some(name) => Err(Refusal::InvalidConfig(format!("unknown topic config name: {name}"))),
            None => Ok(()),
        }
    }

    fn is_list(&self, _: ConfigKind, name: &str) -> bool {
        name == "cleanup.policy"
    }

    fn default_value(&self, _: ConfigKind, name: &str) -> Option<String> {
        (name == "cleanup.policy").then(|| "delete".to_owned())
    }
}

/// A controller with its surroundings: what is decided is replayed at once.
pub(crate) struct World {
    pub(crate) controller: Controller,
    pub(crate) soft: Soft,
    pub(crate) random: SeededRandom,
    pub(crate) now: Instant,
}

impl World {
    /// `count` live brokers, numbered from 1.
    pub(crate) fn new(count: i32) -> Self {
        let mut image = Image::default();
        let level = MetadataRecord::FeatureLevel { name: "metadata.version".to_owned(), level: 33 };
        image.replay(&level).unwrap();
        for raw in 1..=count {
            image.replay(&MetadataRecord::RegisterBroker(broker(raw, i64::from(raw)))).unwrap();
        }
        image.advance_to(Offset::from_wire(i64::from(count) + 1).unwrap());
        let now = Instant::from_millis(1_000);
        let soft = Soft::start(&image, now, None);
        let settings = ControllerSettings {
            cluster_id: CLUSTER.to_owned(),
            partition_count: 3,
            replication_factor: 1,
            session: SESSION,
            topic_deletion: true,
        };
        let controller = Controller::new(image, settings);
        Self { controller, soft, random: SeededRandom::new(1), now }
    }

    pub(crate) fn run<O: Operation>(&mut self, operation: &O) -> (O::Reply, Vec<MetadataRecord>) {
        let mut context = Context {
            now: self.now,
            next_offset: self.controller.image().end(),
            random: &mut self.random,
            rules: &Rules,
            soft: &mut self.soft,
        };
        let decision = operation.decide(&self.controller, &mut context);
        for record in &decision.records {
            self.controller.replay(record).unwrap();
            let end = self.controller.image().end().plus(1).unwrap();
            self.controller.advance_to(end);
        }
        (decision.reply, decision.records)
    }

    pub(crate) fn reply<O: Operation>(&mut self, operation: &O) -> O::Reply {
        self.run(operation).0
    }
}
