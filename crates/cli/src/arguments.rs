//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::command::{
    cluster::ClusterCommand, completion::CompletionArguments,
    config::ConfigCommand, consume::ConsumeArguments, group::GroupCommand,
    produce::ProduceArguments, topic::TopicCommand,
};

/// Event streaming that every Kafka client uses unchanged. Without a command, `ottla` starts a node.
#[derive(Debug, Parser)]
#[command(name = "ottla", version, max_term_width = 100)]
pub(crate) struct Root {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a node: data in ./ottla-data and Kafka's port 9092 if nothing else is said
    Start(StartArguments),
    #[command(flatten)]
    Client(ClientCommand),
}

/// Options of `ottla start`; each overrides the file and the environment.
#[derive(Clone, Debug, Default, Args)]
pub struct StartArguments {
    /// Read settings from a file, such as a server.properties of Apache Kafka
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Keep data here [default: ./ottla-data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Listen for clients here [default: every address, port 9092]
    #[arg(long, value_name = "HOST:PORT")]
    pub listen: Option<String>,
    /// Serve metrics and health here, or 'off' [default: port 8080]
    #[arg(long, value_name = "HOST:PORT")]
    pub http: Option<String>,
    /// Change a setting; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Keep nothing: data in a temporary directory that goes at the end, free ports, no syncing
    #[arg(long)]
    pub ephemeral: bool,
}

/// Commands that talk to a cluster, or read its files.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Create, list, describe, alter and delete topics
    Topic(TopicCommand),
    /// Send records to a topic: one per line of standard input or a file
    Produce(ProduceArguments),
    /// Print the records of a topic
    Consume(ConsumeArguments),
    /// List, describe, reset and delete consumer groups
    Group(GroupCommand),
    /// Describe and alter settings of topics, brokers, loggers and groups
    Config(ConfigCommand),
    /// Describe the cluster
    Cluster(ClusterCommand),
    /// Print a completion script for a shell
    Completion(CompletionArguments),
}
