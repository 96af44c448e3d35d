//! One file per command.

pub(crate) mod bench;
pub(crate) mod cluster;
pub(crate) mod completion;
pub(crate) mod config;
pub(crate) mod consume;
pub(crate) mod doctor;
pub(crate) mod group;
pub(crate) mod log;
pub(crate) mod produce;
pub(crate) mod topic;
pub(crate) mod txn;

use client::Client;
use model::{PartitionIndex, TopicName, TopicPartition};

use crate::arguments::ClientCommand;
use crate::error::{CliError, Result};
use crate::output;

pub(crate) async fn run(command: ClientCommand, tree: clap::Command) -> Result<()> {
    match command {
        ClientCommand::Topic(command) => Box::pin(topic::run(command)).await,
        ClientCommand::Produce(arguments) => Box::pin(produce::run(arguments)).await,
        ClientCommand::Consume(arguments) => Box::pin(consume::run(arguments)).await,
        ClientCommand::Group(command) => Box::pin(group::run(command)).await,
        ClientCommand::Txn(command) => Box::pin(txn::run(command)).await,
        ClientCommand::Doctor(arguments) => Box::pin(doctor::run(arguments)).await,
        ClientCommand::Config(command) => Box::pin(config::run(command)).await,
        ClientCommand::Cluster(command) => Box::pin(cluster::run(command)).await,
        ClientCommand::Log(command) => log::run(command),
        ClientCommand::Bench(arguments) => Box::pin(bench::run(arguments)).await,
        ClientCommand::Completion(arguments) => completion::run(&arguments, tree),
    }
}

pub(crate) fn topic_name(text: &str) -> Result<TopicName> {
    TopicName::new(text).map_err(|source| CliError::TopicName { text: text.to_owned(), source })
}

/// The partitions of a topic, from 0.
pub(crate) fn partitions(topic: &TopicName, count: usize) -> Vec<TopicPartition> {
    let indexes = (0..).take(count).filter_map(PartitionIndex::from_wire);
    indexes.map(|partition| TopicPartition { topic: topic.clone(), partition }).collect()
}

/// Names on standard error the partitions that nobody leads, and `what` that means.
pub(crate) fn say_leaderless(client: &Client, partitions: &[TopicPartition], what: &str) {
    for partition in client.leaderless_of(partitions) {
        output::complain(&format!("{partition} has no leader: {what}"));
    }
}

/// Splits NAME=VALUE.
pub(crate) fn pair(text: &str) -> Result<(&str, &str)> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name, value)),
        _ => Err(CliError::NotAPair(text.to_owned())),
    }
}
