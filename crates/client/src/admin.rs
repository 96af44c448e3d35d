//! Administrative calls, as methods of [`crate::Client`].

mod configs;
mod coordinators;
mod groups;
mod log_dirs;
mod offsets;
mod ottla;
mod topics;
mod transactions;

pub use configs::{AlterConfig, ConfigEntry, ConfigOperation, ConfigResource, ConfigResourceKind};
pub use groups::{
    CommittedOffset, GroupDescription, GroupKind, GroupListing, GroupMember, InternalTopic,
    ShareOffset, StreamsMember, Subtopology, Tasks, Topology,
};
pub(crate) use groups::{check_commit, commit_request, decode_assignment};
pub use log_dirs::LogDirectory;
pub use offsets::{ListedOffset, OffsetQuery};
pub use ottla::{GroupHistory, GroupLag, LagReport, MemberHistory, PartitionLag, Rebalance};
pub use topics::{ClusterDescription, NewTopic};
pub use transactions::{OpenTransaction, TransactionDescription};

use std::time::Duration;

/// How long brokers may take to carry out a change of metadata.
const CHANGE_TIMEOUT: Duration = Duration::from_secs(30);
const CHANGE_TIMEOUT_MS: i32 = 30_000;
