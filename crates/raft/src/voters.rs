use std::collections::BTreeMap;
use std::fmt;

use model::{BrokerId, Uuid};

/// One life of one replica of the metadata log: a node whose disk was replaced is another replica (KIP-853).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReplicaKey {
    pub id: BrokerId,
    /// Zero when it is not known, as in quorums with kraft.version 0.
    pub directory: Uuid,
}

impl ReplicaKey {
    /// Whether both may be the same replica: an unknown directory fits to any.
    pub fn fits(&self, other: &Self) -> bool {
        self.id == other.id
            && (self.directory == other.directory
                || self.directory.is_zero()
                || other.directory.is_zero())
    }
}

impl fmt::Display for ReplicaKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}@{}", self.id, self.directory)
    }
}

/// Where a controller listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoterEndpoint {
    pub listener: String,
    pub host: String,
    pub port: u16,
}

/// A replica whose vote counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voter {
    pub key: ReplicaKey,
    pub endpoints: Vec<VoterEndpoint>,
    /// The levels of kraft.version it can work with.
    pub kraft_version_min: i16,
    pub kraft_version_max: i16,
}

/// The replicas whose votes count. Never empty in a quorum that works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoterSet(BTreeMap<BrokerId, Voter>);

impl VoterSet {
    pub fn new(voters: impl IntoIterator<Item = Voter>) -> Self {
        Self(voters.into_iter().map(|voter| (voter.key.id, voter)).collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Voter> {
        self.0.values()
    }

    pub fn get(&self, id: BrokerId) -> Option<&Voter> {
        self.0.get(&id)
    }

    pub fn contains(&self, key: &ReplicaKey) -> bool {
        self.get(key.id).is_some_and(|voter| voter.key.fits(key))
    }

    pub fn is_only(&self, key: &ReplicaKey) -> bool {
        self.0.len() == 1 && self.contains(key)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many votes decide.
    pub fn majority(&self) -> usize {
        self.0.len() / 2 + 1
    }

    pub(crate) fn others(&self, own: BrokerId) -> impl Iterator<Item = BrokerId> + '_ {
        self.0.keys().copied().filter(move |id| *id != own)
    }
}
