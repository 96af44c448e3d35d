//! What can be typed.

use clap::Subcommand;

use crate::command::{
    bench::BenchArguments, cluster::ClusterCommand, completion::CompletionArguments,
    config::ConfigCommand, consume::ConsumeArguments, doctor::DoctorArguments, group::GroupCommand,
    log::LogCommand, produce::ProduceArguments, topic::TopicCommand, txn::TxnCommand,
};

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
    /// Show what transactions hold back, and end one
    Txn(TxnCommand),
    /// Look for what is wrong with a cluster; the exit code is 3 when something is
    Doctor(DoctorArguments),
    /// Describe and alter settings of topics, brokers, loggers and groups
    Config(ConfigCommand),
    /// Describe the cluster
    Cluster(ClusterCommand),
    /// Read the files of a data directory
    Log(LogCommand),
    /// Measure a cluster: records, bytes and latencies
    Bench(BenchArguments),
    /// Print a completion script for a shell
    Completion(CompletionArguments),
}
