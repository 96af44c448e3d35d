//! `ottla txn`: what transactions hold back, and how to end one.

mod why;

#[cfg(test)]
pub(super) use why::tests;
pub(super) use why::{Held, held_back};

use client::Client;
use model::{Offset, PartitionIndex, TopicPartition};
use serde_json::json;

use super::topic_name;
use crate::cluster::ClusterArguments;
use crate::error::{CliError, Result};
use crate::output::{self, Format};

#[derive(Clone, Debug, clap::Args)]
pub struct TxnCommand {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    cluster: ClusterArguments,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Action {
    /// Show which transaction holds back the last stable offset, and what ends it
    Why {
        /// The topic whose readers wait
        topic: String,
        /// One of its partitions [default: all partitions]
        partition: Option<i32>,
    },
    /// End a transaction: that of a transactional id, whose producer is fenced, or a hanging one in a partition
    Abort {
        /// Its open transaction is aborted, and its producer can write no more
        #[arg(required_unless_present = "topic", conflicts_with = "topic")]
        transactional_id: Option<String>,
        /// Where a transaction hangs that its coordinator knows nothing of
        #[arg(long, requires_all = ["partition", "start_offset"])]
        topic: Option<String>,
        /// Its partition where the transaction hangs
        #[arg(long, requires = "topic")]
        partition: Option<i32>,
        /// The first offset of the transaction, as `txn why` shows it
        #[arg(long, requires = "topic")]
        start_offset: Option<i64>,
    },
}

pub(crate) async fn run(command: TxnCommand) -> Result<()> {
    let format = command.cluster.output;
    let client = command.cluster.connect().await?;
    match command.action {
        Action::Why { topic, partition } => why::run(&client, format, &topic, partition).await,
        Action::Abort { transactional_id: Some(id), .. } => {
            // Fencing would make an id that does not exist.
            client.describe_transaction(&id).await?;
            client.fence_producer(&id).await?;
            let text = format!("aborted the transaction of {id}, and fenced its producer");
            output::done(format, &text, || json!({ "transactional_id": id }))
        }
        Action::Abort { topic, partition, start_offset, .. } => {
            let topic = topic_name(&topic.unwrap_or_default())?;
            let partition = partition.and_then(PartitionIndex::from_wire);
            let start = start_offset.and_then(Offset::from_wire);
            let (Some(partition), Some(start)) = (partition, start) else {
                return Err(CliError::Usage("--partition and --start-offset count from 0"));
            };
            abort(&client, format, &TopicPartition { topic, partition }, start).await
        }
    }
}

async fn abort(
    client: &Client,
    format: Format,
    partition: &TopicPartition,
    start: Offset,
) -> Result<()> {
    let open = client.open_transactions(std::slice::from_ref(partition)).await?;
    if let Some(leaderless) = client.leaderless_of(std::slice::from_ref(partition)).pop() {
        return Err(client::ClientError::NoLeader(leaderless).into());
    }
    let open = open.into_values().flatten().find(|it| it.start == start);
    let partition_name = partition.to_string();
    let Some(open) = open else {
        let (partition, start) = (partition_name, start.to_wire());
        return Err(CliError::NoSuchTransaction { partition, start });
    };
    client.abort_in_partition(partition, &open).await?;
    let text = format!("aborted the transaction at {start} of {partition}");
    output::done(format, &text, || {
        json!({
            "topic": partition.topic.as_str(), "partition": partition.partition.to_wire(),
            "start_offset": start.to_wire(), "producer_id": open.producer_id,
        })
    })
}
