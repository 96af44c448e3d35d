use std::collections::BTreeMap;

use model::{BrokerEpoch, BrokerId, Uuid};

/// Where a listener can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The listener's name, such as `PLAINTEXT` or `CONTROLLER`.
    pub name: String,
    pub host: String,
    pub port: u16,
    pub security: SecurityProtocol,
}

/// How a listener is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityProtocol {
    Plaintext,
    Ssl,
    SaslPlaintext,
    SaslSsl,
}

impl SecurityProtocol {
    /// `None` for a number that Kafka does not use.
    pub const fn from_wire(raw: i16) -> Option<Self> {
        match raw {
            0 => Some(Self::Plaintext),
            1 => Some(Self::Ssl),
            2 => Some(Self::SaslPlaintext),
            3 => Some(Self::SaslSsl),
            _ => None,
        }
    }

    pub const fn to_wire(self) -> i16 {
        match self {
            Self::Plaintext => 0,
            Self::Ssl => 1,
            Self::SaslPlaintext => 2,
            Self::SaslSsl => 3,
        }
    }
}

/// The levels of a feature that a node can work with, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureRange {
    pub min: i16,
    pub max: i16,
}

impl FeatureRange {
    pub const fn contains(self, level: i16) -> bool {
        self.min <= level && level <= self.max
    }
}

/// A broker as it registered itself, and whether it may lead now (KIP-631).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerRegistration {
    pub id: BrokerId,
    /// The offset of the registration record: separates two lives of the broker.
    pub epoch: BrokerEpoch,
    /// Chosen at random by each start of the process.
    pub incarnation: Uuid,
    pub endpoints: Vec<Endpoint>,
    pub features: BTreeMap<String, FeatureRange>,
    pub rack: Option<String>,
    /// A fenced broker leads nothing and is not named to clients.
    pub fenced: bool,
    /// Set while the broker waits for its partitions to be led elsewhere before it stops.
    pub in_controlled_shutdown: bool,
    /// Ids of its online log directories (KIP-858).
    pub log_dirs: Vec<Uuid>,
    /// Directories that take no new replica (KIP-1066); `None` when the broker said nothing about it.
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
}

impl BrokerRegistration {
    /// Whether it may lead partitions and be in their in-sync replicas.
    pub const fn is_active(&self) -> bool {
        !self.fenced && !self.in_controlled_shutdown
    }

    pub fn endpoint(&self, listener: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.name == listener)
    }
}

/// A controller as it registered itself (KIP-919).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControllerRegistration {
    pub id: BrokerId,
    pub incarnation: Uuid,
    pub zk_migration_ready: bool,
    pub endpoints: Vec<Endpoint>,
    pub features: BTreeMap<String, FeatureRange>,
}
