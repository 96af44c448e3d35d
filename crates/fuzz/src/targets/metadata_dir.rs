//! The directory of `__cluster_metadata`: log, snapshot, `quorum-state`, `quorum-synced`.
#![allow(clippy::unwrap_used, reason = "a world that cannot be made is a bug of this file")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, mpsc};
use std::time::Duration;

use controller::{
    BrokerHeartbeat, ConfigRules, ControllerSettings, CreateTopics, Layout, NewTopic, Operation,
    Refusal, RegisterBroker,
};
use io::{Disk, Open, SimDisk, SystemClock};
use metadata::{
    ConfigKind, ConfigResource, ConfigValues, Endpoint, FeatureRange, MetadataRecord,
    SecurityProtocol,
};
use model::{BrokerId, SeededRandom, Timestamp, Uuid};
use quorum::{Format, MetadataLogOptions, Quorum, QuorumOptions};
use raft::{ReplicaKey, Voter, VoterSet};

use super::directory::{Damage, Damaged};
use crate::mutate::size;
use crate::seeds::{choice, mend_batches, prefix};
use crate::target::Verdict;

const DIR: &str = "/data";
const CLUSTER: &str = "MkU3OEVBNTcwNTJENDM2Qk";

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

fn own() -> ReplicaKey {
    ReplicaKey { id: BrokerId::from_wire(1).unwrap(), directory: Uuid::from_bytes([9; 16]) }
}

fn options(disk: &SimDisk) -> QuorumOptions {
    QuorumOptions {
        own: own(),
        log_dir: DIR.into(),
        static_voters: None,
        disk: Arc::new(disk.clone()),
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
        endpoints: Vec::new(),
        features: features(),
        // A snapshot comes soon.
        log: MetadataLogOptions {
            bytes_between_snapshots: 1_500,
            segment_bytes: 2_000,
            ..MetadataLogOptions::default()
        },
    }
}

fn ask<O: Operation>(quorum: &Quorum, operation: O) -> O::Reply {
    let (sender, receiver) = mpsc::channel();
    quorum.submit(operation, move |reply| drop(sender.send(reply)));
    receiver.recv().unwrap().unwrap()
}

/// A broker for the partitions.
fn join(quorum: &Quorum) {
    let endpoint = Endpoint {
        name: "PLAINTEXT".to_owned(),
        host: "127.0.0.1".to_owned(),
        port: 9092,
        security: SecurityProtocol::Plaintext,
    };
    let registration = RegisterBroker {
        cluster_id: CLUSTER.to_owned(),
        id: own().id,
        incarnation: Uuid::from_bytes([1; 16]),
        endpoints: vec![endpoint],
        features: features(),
        rack: None,
        log_dirs: vec![own().directory],
        cordoned_log_dirs: None,
        previous_epoch: None,
    };
    let epoch = ask(quorum, registration).unwrap();
    let heartbeat = BrokerHeartbeat {
        id: own().id,
        epoch,
        metadata_end: Some(quorum.image().end()),
        want_fence: false,
        want_shut_down: false,
        offline_log_dirs: Vec::new(),
    };
    assert!(!ask(quorum, heartbeat).unwrap().fenced, "the broker stays fenced");
}

fn features() -> BTreeMap<String, FeatureRange> {
    let range = |max| FeatureRange { min: 0, max };
    let optional = ["eligible.leader.replicas.version", "group.version", "streams.version"];
    let wider = ["share.version", "transaction.version"];
    let mut features: BTreeMap<_, _> =
        [("metadata.version".to_owned(), FeatureRange { min: 7, max: 33 })].into();
    features.extend(optional.map(|name| (name.to_owned(), range(1))));
    features.extend(wider.map(|name| (name.to_owned(), range(2))));
    features
}

/// The files of a quorum of one that made some topics, and the records of its image.
struct Image {
    files: BTreeMap<PathBuf, Vec<u8>>,
    records: Vec<MetadataRecord>,
}

fn image() -> &'static Image {
    static IMAGE: OnceLock<Image> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let disk = SimDisk::new(1);
        disk.create_dir_all(Path::new(DIR)).unwrap();
        let voter =
            Voter { key: own(), endpoints: Vec::new(), kraft_version_min: 0, kraft_version_max: 1 };
        let format = Format {
            voters: VoterSet::new([voter]),
            features: vec![("metadata.version".to_owned(), 33)],
            now: Timestamp::from_millis(1_795_460_306_701).unwrap(),
        };
        quorum::format(&disk, Path::new(DIR), &format).unwrap();
        let (quorum, thread) = quorum::start(options(&disk), |_| {}).unwrap();
        join(&quorum);
        for number in 0..25 {
            let configs = vec![("retention.ms".to_owned(), Some("1000".to_owned()))];
            let layout = Layout::Counts { partitions: 1, replicas: 1 };
            let topics = vec![NewTopic { name: format!("topic-{number}"), layout, configs }];
            drop(ask(&quorum, CreateTopics { topics, validate_only: false }));
        }
        let records = quorum.image().to_records().collect();
        thread.stop().unwrap();
        let dir = Path::new(DIR).join(quorum::METADATA_DIR);
        let entries = disk.list(&dir).unwrap();
        let files = entries.into_iter().filter(|entry| !entry.is_dir).map(|entry| {
            let path = dir.join(entry.name);
            let content = disk.read(&path).unwrap();
            (path, content)
        });
        Image { files: files.collect(), records }
    })
}

/// Which file, and the content that it gets.
pub(super) fn file_seed(random: &mut SeededRandom) -> Vec<u8> {
    let file = size(random.below(image().files.len() as u64));
    let content = image().files.values().nth(file).map_or(&[][..], Vec::as_slice);
    [&prefix(file)[..], content].concat()
}

pub(super) fn mend_file(input: &mut [u8]) {
    let file = choice(input, image().files.len());
    let path = file.and_then(|(file, _)| image().files.keys().nth(file));
    let is_log =
        path.and_then(|path| path.extension()).is_some_and(|it| it == "log" || it == "checkpoint");
    if is_log {
        mend_batches(&mut input[2..]);
    }
}

pub(super) fn one_file(input: &[u8]) -> Verdict {
    let Some((file, content)) = choice(input, image().files.len()) else { return Verdict::Refused };
    let Some(path) = image().files.keys().nth(file) else { return Verdict::Refused };
    let mut files = image().files.clone();
    files.insert(path.clone(), content.to_vec());
    match records_of(&files) {
        Ok(_) => Verdict::Taken,
        Err(_) => Verdict::Refused,
    }
}

pub(super) fn rot_seed(random: &mut SeededRandom) -> Vec<u8> {
    Damage::rot(random).to_bytes().to_vec()
}

/// One place of one file is not what was written: a start refuses it, or has the image that there was.
pub(super) fn rot(input: &[u8]) -> Verdict {
    let mut damaged = Damaged::of(image().files.clone());
    let Some(place) = damaged.apply_rot(Damage::from_bytes(input)) else { return Verdict::Taken };
    match records_of(&damaged.files) {
        Ok(records) => {
            assert_eq!(records, image().records, "another image after {place:?}");
            Verdict::Taken
        }
        Err(_) => Verdict::Refused,
    }
}

/// What a start says that the cluster is.
fn records_of(files: &BTreeMap<PathBuf, Vec<u8>>) -> Result<Vec<MetadataRecord>, String> {
    let disk = SimDisk::new(1);
    disk.create_dir_all(&Path::new(DIR).join(quorum::METADATA_DIR)).unwrap();
    for (path, content) in files {
        disk.open(path, Open::REPLACE).unwrap().write_at(content, 0).unwrap();
    }
    let (quorum, thread) =
        quorum::start(options(&disk), |_| {}).map_err(|error| error.to_string())?;
    let records = quorum.image().to_records().collect();
    thread.stop().map_err(|error| error.to_string())?;
    Ok(records)
}
