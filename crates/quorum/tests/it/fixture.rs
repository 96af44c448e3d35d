use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use controller::{
    BrokerHeartbeat, ConfigRules, ControllerSettings, CreateTopics, Layout, NewTopic, Operation,
    Refusal, RegisterBroker,
};
use io::{Disk, SystemClock};
use metadata::{
    ConfigKind, ConfigResource, ConfigValues, Endpoint, FeatureRange, Image, SecurityProtocol,
};
use model::{BrokerEpoch, BrokerId, Timestamp, Uuid};
use quorum::{Format, MetadataLogOptions, Quorum, QuorumOptions, Unavailable};
use raft::{ReplicaKey, Voter, VoterEndpoint, VoterSet};

pub(crate) const CLUSTER: &str = "MkU3OEVBNTcwNTJENDM2Qk";

struct AnyConfig;

impl ConfigRules for AnyConfig {
    fn check(&self, _: &ConfigResource, _: &ConfigValues, _: &ConfigValues) -> Result<(), Refusal> {
        Ok(())
    }

    fn is_list(&self, _: ConfigKind, _: &str) -> bool {
        false
    }

    fn default_value(&self, _: ConfigKind, _: &str) -> Option<String> {
        None
    }
}

pub(crate) fn own() -> ReplicaKey {
    ReplicaKey { id: BrokerId::from_wire(1).unwrap(), directory: Uuid::from_bytes([0x25; 16]) }
}

pub(crate) fn voters() -> VoterSet {
    let endpoint = VoterEndpoint {
        listener: "CONTROLLER".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: 9093,
    };
    VoterSet::new([Voter {
        key: own(),
        endpoints: vec![endpoint],
        kraft_version_min: 0,
        kraft_version_max: 1,
    }])
}

pub(crate) fn format() -> Format {
    Format {
        voters: voters(),
        features: vec![("metadata.version".to_owned(), 33)],
        now: Timestamp::from_millis(1_795_460_306_701).unwrap(),
    }
}

pub(crate) fn options(disk: Arc<dyn Disk>, log_dir: &Path) -> QuorumOptions {
    QuorumOptions {
        own: own(),
        log_dir: log_dir.to_owned(),
        static_voters: None,
        disk,
        clock: Arc::new(SystemClock::new()),
        rules: Arc::new(AnyConfig),
        controller: ControllerSettings {
            cluster_id: CLUSTER.to_owned(),
            partition_count: 1,
            replication_factor: 1,
            session: Duration::from_secs(9),
            topic_deletion: true,
        },
        seed: 1,
        incarnation: Uuid::from_bytes([7; 16]),
        endpoints: vec![],
        features: features(),
        log: MetadataLogOptions::default(),
    }
}

fn features() -> std::collections::BTreeMap<String, FeatureRange> {
    let range = |min, max| FeatureRange { min, max };
    let optional = ["eligible.leader.replicas.version", "group.version", "streams.version"];
    let wider = ["share.version", "transaction.version"];
    let mut features: std::collections::BTreeMap<_, _> =
        [("metadata.version".to_owned(), range(7, 33))].into();
    features.extend(optional.map(|name| (name.to_owned(), range(0, 1))));
    features.extend(wider.map(|name| (name.to_owned(), range(0, 2))));
    features
}

/// Submits and waits.
pub(crate) fn ask<O: Operation>(quorum: &Quorum, operation: O) -> Result<O::Reply, Unavailable> {
    let (sender, receiver) = mpsc::channel();
    quorum.submit(operation, move |reply| drop(sender.send(reply)));
    receiver.recv().unwrap()
}

/// What broker 1 says of itself. `incarnation` differs for each life.
pub(crate) fn registration(incarnation: u8) -> RegisterBroker {
    RegisterBroker {
        cluster_id: CLUSTER.to_owned(),
        id: own().id,
        incarnation: Uuid::from_bytes([incarnation; 16]),
        endpoints: vec![Endpoint {
            name: "PLAINTEXT".to_owned(),
            host: "127.0.0.1".to_owned(),
            port: 9092,
            security: SecurityProtocol::Plaintext,
        }],
        features: features(),
        rack: None,
        log_dirs: vec![own().directory],
        cordoned_log_dirs: None,
        previous_epoch: None,
    }
}

/// Says that broker 1 has read all there is.
pub(crate) fn heartbeat(quorum: &Quorum, epoch: BrokerEpoch) -> BrokerHeartbeat {
    BrokerHeartbeat {
        id: own().id,
        epoch,
        metadata_end: Some(quorum.image().end()),
        want_fence: false,
        want_shut_down: false,
        offline_log_dirs: vec![],
    }
}

/// Registers broker 1 and unfences it.
pub(crate) fn join(quorum: &Quorum, incarnation: u8) -> BrokerEpoch {
    let epoch = ask(quorum, registration(incarnation)).unwrap().unwrap();
    assert!(!ask(quorum, heartbeat(quorum, epoch)).unwrap().unwrap().fenced);
    epoch
}

pub(crate) fn topic(name: &str, partitions: i32) -> CreateTopics {
    let layout = Layout::Counts { partitions, replicas: 1 };
    let configs = vec![("retention.ms".to_owned(), Some("1000".to_owned()))];
    let topics = vec![NewTopic { name: name.to_owned(), layout, configs }];
    CreateTopics { topics, validate_only: false }
}

/// What an image says, without the offset it says it at.
pub(crate) fn content(image: &Image) -> Vec<metadata::MetadataRecord> {
    image.to_records().collect()
}
