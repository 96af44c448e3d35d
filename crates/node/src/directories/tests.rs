use io::SimDisk;
use model::Timestamp;
use quorum::Format;
use raft::{ReplicaKey, Voter, VoterSet};

use super::*;

const OWN: BrokerId = match BrokerId::from_wire(1) {
    Some(own) => own,
    None => unreachable!(),
};

fn settings() -> std::sync::Arc<BrokerSettings> {
    let given = [("node.id", "1"), ("log.dirs", "/top/data,/top/more")];
    let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
    settings::BrokerConfig::new(given.into()).unwrap().settings().clone()
}

/// What a start does with new directories up to the first life of the quorum.
fn begin(disk: &SimDisk, seed: u64) -> Result<Directories, String> {
    let mut random = SeededRandom::new(seed);
    let prepared = Directories::prepare(disk, &settings(), OWN, None, &mut random);
    let prepared = prepared.map_err(|error| error.to_string())?;
    let dir = &prepared.metadata_dir;
    if !quorum::is_formatted(disk, dir).map_err(|error| error.to_string())? {
        if !prepared.is_new {
            return Err("no metadata".to_owned());
        }
        let key = ReplicaKey { id: OWN, directory: prepared.metadata_id.uuid() };
        let voter = Voter { key, endpoints: vec![], kraft_version_min: 0, kraft_version_max: 1 };
        let format = Format {
            voters: VoterSet::new([voter]),
            features: vec![("metadata.version".to_owned(), 33)],
            now: Timestamp::from_millis(1).unwrap(),
        };
        quorum::format(disk, dir, &format).map_err(|error| error.to_string())?;
    }
    Ok(prepared)
}

#[test]
fn a_first_start_can_be_cut_off_anywhere_and_tried_again() {
    let mut cut_off = 0;
    for seed in 0..8 {
        for operations in 1.. {
            let disk = SimDisk::new(seed);
            disk.crash_after(operations);
            let first = begin(&disk, 1);
            let crashed = disk.is_off();
            assert_eq!(first.is_err(), crashed, "seed {seed}, operation {operations}");
            disk.power_on();
            if crashed {
                cut_off += 1;
                let second = begin(&disk, 2);
                assert!(second.is_ok(), "seed {seed}, operation {operations}: {:?}", second.err());
                disk.power_on();
            }
            // Whatever a start said was ready is there after a power cut, and nothing is made anew.
            let ready = begin(&disk, 3).unwrap();
            disk.power_on();
            let again = begin(&disk, 4).unwrap();
            assert_eq!(ready.cluster_id, again.cluster_id);
            assert!(quorum::is_formatted(&disk, &again.metadata_dir).unwrap());
            if !crashed {
                let first = first.unwrap();
                assert_eq!(first.cluster_id, again.cluster_id, "the power cut took it");
                break;
            }
        }
    }
    assert!(cut_off > 100, "only {cut_off} starts were cut off");
}

#[test]
fn directories_in_which_a_broker_ran_are_not_new_without_metadata() {
    let disk = SimDisk::new(1);
    let ready = begin(&disk, 1).unwrap();
    assert!(ready.is_new);
    drop(ready);
    disk.remove_dir_all(Path::new("/top/data/__cluster_metadata-0")).unwrap();
    disk.create_dir_all(Path::new("/top/more/topic-0")).unwrap();
    assert_eq!(begin(&disk, 2).err(), Some("no metadata".to_owned()));
}
