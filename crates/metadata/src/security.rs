use std::collections::BTreeMap;

use model::{Timestamp, Uuid};

/// One access control entry. The numbers are Kafka's; the authoriser gives them meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessControlEntry {
    pub resource_type: i8,
    pub resource_name: String,
    pub pattern_type: i8,
    pub principal: String,
    pub host: String,
    pub operation: i8,
    pub permission_type: i8,
}

/// An access control entry with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifiedEntry {
    pub id: Uuid,
    pub entry: AccessControlEntry,
}

/// What a user proves a SCRAM password with (KIP-554). The mechanism is Kafka's number: 1 SHA-256, 2 SHA-512.
#[derive(Clone, PartialEq, Eq)]
pub struct ScramCredential {
    pub salt: Vec<u8>,
    pub stored_key: Vec<u8>,
    pub server_key: Vec<u8>,
    pub iterations: i32,
}

impl std::fmt::Debug for ScramCredential {
    /// Without the keys: an image may end up in a log line.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ScramCredential")
            .field("iterations", &self.iterations)
            .finish_non_exhaustive()
    }
}

/// Whose credential: user name and mechanism.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScramUser {
    pub name: String,
    pub mechanism: i8,
}

/// A delegation token (KIP-48).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationToken {
    pub token_id: String,
    pub owner: String,
    pub requester: String,
    pub renewers: Vec<String>,
    pub issued_at: Option<Timestamp>,
    pub max_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
}

/// Whom a client quota is for: entity type (`user`, `client-id`, `ip`) → name, `None` meaning the default.
pub type QuotaEntity = BTreeMap<String, Option<String>>;
