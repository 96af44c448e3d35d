//! What the cluster is.
//!
//! The [`Image`] is immutable once published: brokers hold it behind an `Arc` and only read it. It changes by
//! [`Image::replay`], record by record, and a clone shares everything that did not change. [`MetadataRecord`] is one
//! record of `__cluster_metadata` in words of the domain; the `codec` module alone knows Kafka's bytes.

mod broker;
pub mod codec;
mod config;
mod image;
mod partition;
mod record;
mod replay;
mod security;
mod shared_map;
mod snapshot;

pub use broker::{
    BrokerRegistration, ControllerRegistration, Endpoint, FeatureRange, SecurityProtocol,
};
pub use config::{ConfigKind, ConfigResource};
pub use image::{ConfigValues, ELR_VERSION, Image, METADATA_VERSION};
pub use partition::{Partition, PartitionChange, RecoveryState, Topic};
pub use record::{BrokerChange, MetadataRecord};
pub use replay::ReplayError;
pub use security::{
    AccessControlEntry, DelegationToken, IdentifiedEntry, QuotaEntity, ScramCredential, ScramUser,
};
pub use shared_map::SharedMap;
