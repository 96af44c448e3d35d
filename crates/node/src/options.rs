//! What the command line of `ottla start` says.

use std::path::PathBuf;

/// Each part overrides the file and the environment.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct StartOptions {
    /// File of settings, such as Kafka's server.properties
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Data directory, or several separated by commas; over log.dirs of file and environment [default: ./ottla-data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Address for clients [default: :9092]
    #[arg(long, value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// Address for metrics and health, or off [default: :8080]
    #[arg(long, value_name = "HOST:PORT")]
    pub http: Option<String>,
    /// A setting, over those of file and environment; may be given several times
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Data in a temporary directory that goes at the end, free ports, no waiting for the disk
    #[arg(long)]
    pub ephemeral: bool,
}
