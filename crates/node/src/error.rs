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
    #[error(
        "transactions are open in {}, and transactions are not built yet: nobody would end them. Start Apache Kafka on the \
         directory again and let its producers end their transactions, or let them time out \
         (transaction.max.timeout.ms, 15 minutes by default); `kafka-transactions.sh --bootstrap-server HOST:PORT \
         find-hanging --broker-id ID` names those that nobody will end. Then stop it and start this one again",
        some_of(.0)
    )]
    OpenTransactions(Vec<String>),
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

/// The first few, for one line.
fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more partitions"),
    }
}
