//! Kafka's small files: text checkpoints, directory properties, the clean-shutdown marker, producer snapshots.

mod clean_shutdown;
mod meta_properties;
mod producer_snapshot;
mod text;

pub use clean_shutdown::CleanShutdown;
pub use meta_properties::MetaProperties;
pub(crate) use producer_snapshot::{decode_entry, encode_entry};
pub use producer_snapshot::{decode_producer_snapshot, encode_producer_snapshot};
pub use text::{
    decode_leader_epochs, decode_offsets, decode_partition_metadata, encode_leader_epochs,
    encode_offsets, encode_partition_metadata,
};

/// The content is not of the file's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file does not have its form")]
pub struct BadForm;
