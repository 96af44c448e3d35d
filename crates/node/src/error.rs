//! Why a node does not start, or does not stop in order.

use std::path::PathBuf;

use storage::StorageError;

use crate::ConfigurationError;
use crate::directories::DirectoryError;
use crate::endpoints::EndpointError;
use crate::registration::RegistrationError;

/// One line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    #[error(transparent)]
    Log(#[from] telemetry::log::LogError),
    #[error(transparent)]
    Http(#[from] telemetry::HttpError),
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    #[error("{0}: {source}", source = .0.source)]
    Bind(#[from] transport::BindError),
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    #[error(transparent)]
    Quorum(#[from] quorum::QuorumError),
    #[error(transparent)]
    Registration(#[from] RegistrationError),
    #[error("process.roles: only broker,controller in one node is built yet")]
    RolesApart,
    #[error(
        "authorizer.class.name is set, and access control is not built yet: whoever reaches a listener may do everything. \
         Take the setting out to have it so"
    )]
    Authorizer,
    #[error("node.id {0} is larger than Kafka's protocol can say")]
    NodeId(u32),
    #[error(
        "{0} belongs to a cluster, but holds no metadata log: controllers elsewhere are not built yet"
    )]
    NoMetadata(PathBuf),
    #[error("no data directory could be opened; the lines above say why")]
    NoDirectory,
    #[error("read random numbers from the system: {0}")]
    Random(std::io::Error),
    #[error("start threads: {0}")]
    Threads(std::io::Error),
    #[error("make a temporary directory: {0}")]
    Temporary(std::io::Error),
    #[error("listen for signals: {0}")]
    Signals(std::io::Error),
    #[error("a data directory could not be left clean, the next start recovers it: {0}")]
    Unclean(StorageError),
    #[error("{0}")]
    Failed(&'static str),
}
