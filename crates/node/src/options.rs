//! What the command line of `ottla start` says.

use std::path::PathBuf;

/// Each part overrides the file and the environment.
#[derive(Clone, Debug, Default)]
pub struct StartOptions {
    /// A file of properties.
    pub config: Option<PathBuf>,
    /// The data directory.
    pub data: Option<PathBuf>,
    /// HOST:PORT for clients.
    pub listen: Option<String>,
    /// HOST:PORT for metrics and health, or `off`.
    pub http: Option<String>,
    /// NAME=VALUE each, the last of a name wins.
    pub set: Vec<String>,
    /// Data in a new temporary directory that goes at the end, free ports, no syncing.
    pub ephemeral: bool,
}
