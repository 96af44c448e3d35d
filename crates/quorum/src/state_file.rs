use std::path::{Path, PathBuf};

use io::Disk;
use model::{BrokerId, LeaderEpoch, Uuid};
use raft::{QuorumState, ReplicaKey};
use serde_json::{Map, Value, json};

use crate::error::{Doing, QuorumError, Result};

/// `quorum-state`: epoch, leader and vote, as Kafka's JSON.
#[derive(Clone, Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    /// 1 names the directory of the replica that was voted for; 0 is for quorums with kraft.version 0.
    version: i64,
    voter_ids: Vec<i32>,
}

impl StateFile {
    pub(crate) fn new(dir: &Path, kraft_version: i16, voter_ids: Vec<i32>) -> Self {
        let version = i64::from(kraft_version.clamp(0, 1));
        Self { path: dir.join("quorum-state"), version, voter_ids }
    }

    /// The state of before; the first state when there is no file.
    pub(crate) fn read(&self, disk: &dyn Disk) -> Result<QuorumState> {
        if disk.file_size(&self.path).doing("look for", &self.path)?.is_none() {
            return Ok(QuorumState::default());
        }
        let bytes = disk.read(&self.path).doing("read", &self.path)?;
        decode(&bytes).ok_or_else(|| QuorumError::Damaged {
            path: self.path.clone(),
            position: 0,
            reason: "not the JSON of a quorum state in version 0 or 1".to_owned(),
        })
    }

    /// Replaces the file, durably.
    pub(crate) fn write(&self, disk: &dyn Disk, state: &QuorumState) -> Result<()> {
        let bytes = self.encode(state);
        disk.replace(&self.path, &bytes).doing("write", &self.path)
    }

    fn encode(&self, state: &QuorumState) -> Vec<u8> {
        let leader = state.leader.map_or(-1, BrokerId::to_wire);
        let voted = state.voted.map_or(-1, |voted| voted.id.to_wire());
        let epoch = state.epoch.to_wire();
        let value = if self.version == 0 {
            let voters: Vec<Value> =
                self.voter_ids.iter().map(|id| json!({ "voterId": id })).collect();
            json!({
                "clusterId": "", "leaderId": leader, "leaderEpoch": epoch, "votedId": voted,
                "appliedOffset": 0, "currentVoters": voters, "data_version": 0,
            })
        } else {
            let directory = state.voted.map_or(Uuid::ZERO, |voted| voted.directory);
            json!({
                "leaderId": leader, "leaderEpoch": epoch, "votedId": voted,
                "votedDirectoryId": directory.to_string(), "data_version": 1,
            })
        };
        value.to_string().into_bytes()
    }
}

fn decode(bytes: &[u8]) -> Option<QuorumState> {
    let fields: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
    let number = |name: &str| i32::try_from(fields.get(name)?.as_i64()?).ok();
    let version = number("data_version")?;
    if !(0..=1).contains(&version) {
        return None;
    }
    let directory = match fields.get("votedDirectoryId") {
        Some(text) => text.as_str()?.parse().ok()?,
        None => Uuid::ZERO,
    };
    let voted = BrokerId::from_wire(number("votedId")?);
    Some(QuorumState {
        // -1 is in a file from before the first election.
        epoch: LeaderEpoch::from_wire(number("leaderEpoch")?).unwrap_or_default(),
        leader: BrokerId::from_wire(number("leaderId")?),
        voted: voted.map(|id| ReplicaKey { id, directory }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_kafka_wrote_is_read_and_written_alike() {
        let kafka = br#"{"leaderId":1,"leaderEpoch":2,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}"#;
        let state = decode(kafka).unwrap();
        assert_eq!((state.epoch.to_wire(), state.voted), (2, None));
        assert_eq!(state.leader, BrokerId::from_wire(1));
        let file = StateFile::new(Path::new("/d"), 1, vec![1]);
        let (ours, theirs): (Value, Value) = (
            serde_json::from_slice(&file.encode(&state)).unwrap(),
            serde_json::from_slice(kafka).unwrap(),
        );
        assert_eq!(ours, theirs);
    }

    #[test]
    fn the_older_version_names_the_voters() {
        let kafka = br#"{"clusterId":"","leaderId":-1,"leaderEpoch":7,"votedId":3,"appliedOffset":0,"currentVoters":[{"voterId":3}],"data_version":0}"#;
        let state = decode(kafka).unwrap();
        assert_eq!(state.voted.map(|voted| voted.id.to_wire()), Some(3));
        let file = StateFile::new(Path::new("/d"), 0, vec![3]);
        let ours: Value = serde_json::from_slice(&file.encode(&state)).unwrap();
        let theirs: Value = serde_json::from_slice(kafka).unwrap();
        assert_eq!(ours, theirs);
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(decode(b""), None);
        assert_eq!(decode(br#"{"leaderId":1}"#), None);
        assert_eq!(
            decode(br#"{"leaderId":1,"leaderEpoch":2,"votedId":-1,"data_version":9}"#),
            None
        );
    }
}
