//! Kafka's bytes of the records that the quorum writes about itself, and back.

use bytes::Bytes;
use model::{BrokerId, Timestamp};
use wire::records::control as w;
use wire::{DecodeError, EncodeError, Message};

use crate::effect::ControlRecord;
use crate::voters::{ReplicaKey, Voter, VoterEndpoint, VoterSet};

/// Why bytes are not a control record, or one has no bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error("read control record: {0}")]
    Decode(DecodeError),
    #[error("write control record: {0}")]
    Encode(EncodeError),
    #[error("voter {0} is negative")]
    Voter(i32),
}

impl From<DecodeError> for CodecError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<EncodeError> for CodecError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

/// The value of a control record; its key is the batch format's business.
pub fn encode(record: &ControlRecord) -> Result<Vec<u8>, CodecError> {
    let mut out = Vec::new();
    match record {
        ControlRecord::LeaderChange { leader, voters, granting } => {
            use w::leader_change_message::Voter;
            let list = |keys: &[ReplicaKey]| {
                let voters =
                    keys.iter().map(|key| Voter { voter_id: key.id.to_wire(), ..Voter::default() });
                voters.collect()
            };
            let message = w::LeaderChangeMessage {
                version: 0,
                leader_id: leader.to_wire(),
                voters: list(voters),
                granting_voters: list(granting),
            };
            message.encode(&mut out, 0)?;
        }
        ControlRecord::KRaftVersion(k_raft_version) => {
            let record = w::KRaftVersionRecord { version: 0, k_raft_version: *k_raft_version };
            record.encode(&mut out, 0)?;
        }
        ControlRecord::Voters(voters) => voters_record(voters).encode(&mut out, 0)?,
    }
    Ok(out)
}

fn voters_record(voters: &VoterSet) -> w::VotersRecord {
    use w::voters_record as v;
    let voters = voters.iter().map(|voter| v::Voter {
        voter_id: voter.key.id.to_wire(),
        voter_directory_id: voter.key.directory,
        endpoints: voter
            .endpoints
            .iter()
            .map(|endpoint| v::Endpoint {
                name: endpoint.listener.clone(),
                host: endpoint.host.clone(),
                port: endpoint.port,
            })
            .collect(),
        k_raft_version_feature: v::KRaftVersionFeature {
            min_supported_version: voter.kraft_version_min,
            max_supported_version: voter.kraft_version_max,
        },
    });
    w::VotersRecord { version: 0, voters: voters.collect() }
}

/// Reads the value of a voters record.
pub fn decode_voters(value: &[u8]) -> Result<VoterSet, CodecError> {
    let record = w::VotersRecord::decode_exact(&Bytes::copy_from_slice(value), 0)?;
    let voters = record.voters.into_iter().map(|voter| {
        let id = BrokerId::from_wire(voter.voter_id).ok_or(CodecError::Voter(voter.voter_id))?;
        let endpoints = voter.endpoints.into_iter().map(|endpoint| VoterEndpoint {
            listener: endpoint.name,
            host: endpoint.host,
            port: endpoint.port,
        });
        Ok(Voter {
            key: ReplicaKey { id, directory: voter.voter_directory_id },
            endpoints: endpoints.collect(),
            kraft_version_min: voter.k_raft_version_feature.min_supported_version,
            kraft_version_max: voter.k_raft_version_feature.max_supported_version,
        })
    });
    Ok(VoterSet::new(voters.collect::<Result<Vec<_>, CodecError>>()?))
}

/// Reads the value of a record that says the version of the quorum's rules.
pub fn decode_kraft_version(value: &[u8]) -> Result<i16, CodecError> {
    let record = w::KRaftVersionRecord::decode_exact(&Bytes::copy_from_slice(value), 0)?;
    Ok(record.k_raft_version)
}

/// The value of the first record of a snapshot: when the newest record in it was written.
pub fn encode_snapshot_header(newest: Timestamp) -> Result<Vec<u8>, CodecError> {
    let mut out = Vec::new();
    let last_contained_log_timestamp = newest.as_millis();
    w::SnapshotHeaderRecord { version: 0, last_contained_log_timestamp }.encode(&mut out, 0)?;
    Ok(out)
}

/// The value of the last record of a snapshot.
pub fn encode_snapshot_footer() -> Result<Vec<u8>, CodecError> {
    let mut out = Vec::new();
    w::SnapshotFooterRecord { version: 0 }.encode(&mut out, 0)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use model::Uuid;

    use super::*;

    #[test]
    fn voters_come_back_equal() {
        let id = BrokerId::from_wire(1).unwrap();
        let voters = VoterSet::new([Voter {
            key: ReplicaKey { id, directory: Uuid::from_bytes([3; 16]) },
            endpoints: vec![VoterEndpoint {
                listener: "CONTROLLER".to_owned(),
                host: "127.0.0.1".to_owned(),
                port: 39393,
            }],
            kraft_version_min: 0,
            kraft_version_max: 1,
        }]);
        let value = encode(&ControlRecord::Voters(voters.clone())).unwrap();
        // As long as Apache Kafka's for the same voter.
        assert_eq!(value.len(), 55);
        assert_eq!(decode_voters(&value), Ok(voters));
        assert!(decode_voters(&value[1..]).is_err());
    }

    #[test]
    fn a_leader_change_has_kafkas_size() {
        let id = BrokerId::from_wire(1).unwrap();
        let key = ReplicaKey { id, directory: Uuid::ONE };
        let record =
            ControlRecord::LeaderChange { leader: id, voters: vec![key], granting: vec![key] };
        assert_eq!(encode(&record).unwrap().len(), 19);
        assert_eq!(encode(&ControlRecord::KRaftVersion(1)), Ok(vec![0, 0, 0, 1, 0]));
    }
}
