mod describe;
mod lag;
mod reset;
mod why;

use std::collections::BTreeSet;

use client::{Client, GroupDescription, GroupKind};
use serde_json::{Value, json};

use self::describe::DescribeArguments;
use self::reset::ResetArguments;
use crate::cluster::ClusterArguments;
use crate::error::{CliError, Result};
use crate::output::{self, Format, Table};

#[derive(Clone, Debug, clap::Args)]
pub struct GroupCommand {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    cluster: ClusterArguments,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Action {
    /// List groups
    List,
    /// Show how far a group of any type has read, and who reads what
    Describe(DescribeArguments),
    /// Show how far groups are behind, in records and in time
    Lag {
        /// All groups, if none is named
        groups: Vec<String>,
    },
    /// Show why a group rebalanced, who was slow, and whom it waits for (Ottla only)
    Why {
        /// The group
        group: String,
    },
    /// Move a group to another place; its members must be stopped
    #[command(alias = "reset-offsets")]
    Reset(ResetArguments),
    /// Delete groups with their offsets, or only the offsets of topics
    Delete {
        /// The groups to delete, or whose offsets to forget
        #[arg(required = true)]
        groups: Vec<String>,
        /// Forget only the offsets of this topic; may be repeated
        #[arg(long, value_name = "TOPIC")]
        topic: Vec<String>,
        /// Delete the changelog and repartition topics of streams groups, too
        #[arg(long, conflicts_with = "topic")]
        delete_all_internal_topics: bool,
    },
}

pub(crate) async fn run(command: GroupCommand) -> Result<()> {
    let format = command.cluster.output;
    let client = command.cluster.connect().await?;
    match command.action {
        Action::List => list(&client, format).await,
        Action::Describe(arguments) => describe::run(&client, format, arguments).await,
        Action::Lag { groups } => lag::run(&client, format, &groups).await,
        Action::Why { group } => why::run(&client, format, &group).await,
        Action::Reset(arguments) => reset::run(&client, format, arguments).await,
        Action::Delete { groups, topic, delete_all_internal_topics: false }
            if !topic.is_empty() =>
        {
            delete_offsets(&client, format, &groups, &topic).await
        }
        Action::Delete { groups, delete_all_internal_topics, .. } => {
            delete(&client, format, &groups, delete_all_internal_topics).await
        }
    }
}

async fn list(client: &Client, format: Format) -> Result<()> {
    let groups = client.list_groups().await?;
    let json = || {
        let group = |it: &client::GroupListing| json!({ "group": it.group, "type": it.kind, "protocol": it.protocol_type, "state": it.state });
        Value::Array(groups.iter().map(group).collect())
    };
    output::show(format, json, || {
        let mut table = Table::new(&["GROUP", "TYPE", "PROTOCOL", "STATE"]);
        let dash = |text: Option<&str>| text.filter(|it| !it.is_empty()).unwrap_or("-").to_owned();
        for it in &groups {
            let cells = [it.kind.as_deref(), Some(&*it.protocol_type), it.state.as_deref()];
            table.row(std::iter::once(it.group.clone()).chain(cells.map(dash)));
        }
        table
    })
}

async fn delete(
    client: &Client,
    format: Format,
    groups: &[String],
    with_topics: bool,
) -> Result<()> {
    let mut deleted = BTreeSet::new();
    for group in groups {
        // Once the group is gone nobody knows them.
        let described = match with_topics {
            true => Some(client.describe_group(group).await?),
            false => None,
        };
        let internal = described.as_ref().map(internal_topics).transpose()?.unwrap_or_default();
        client.delete_group(group).await?;
        delete_topics(client, &internal).await?;
        deleted.extend(internal.into_iter().map(str::to_owned));
    }
    let text = format!("deleted {}", groups.join(", "));
    output::done(format, &text, || json!({ "groups": groups, "topics": deleted }))
}

/// The topics that a streams group made for itself alone: they have its name in front.
fn internal_topics(group: &GroupDescription) -> Result<BTreeSet<&str>> {
    if group.kind != GroupKind::Streams {
        return Err(CliError::NotStreams(group.group.clone()));
    }
    let prefix = format!("{}-", group.group);
    let topics = group.topology.iter().flat_map(client::Topology::internal_topics);
    Ok(topics.filter(|topic| topic.starts_with(&prefix)).collect())
}

async fn delete_topics(client: &Client, topics: &BTreeSet<&str>) -> Result<()> {
    if topics.is_empty() {
        return Ok(());
    }
    let known = client.all_topics().await?;
    for topic in topics.iter().filter(|topic| known.topics.contains_key(**topic)) {
        client.delete_topic(topic).await?;
    }
    Ok(())
}

async fn delete_offsets(
    client: &Client,
    format: Format,
    groups: &[String],
    topics: &[String],
) -> Result<()> {
    for group in groups {
        let is_share = client.describe_group(group).await?.kind == GroupKind::Share;
        if is_share {
            let topics = topics.iter().map(String::as_str).collect();
            client.delete_share_offsets(group, &topics).await?;
            continue;
        }
        let committed = client.committed_offsets(group).await?;
        let of_topics = committed
            .into_keys()
            .filter(|it| topics.iter().any(|topic| topic == it.topic.as_str()));
        client.delete_offsets(group, &of_topics.collect::<Vec<_>>()).await?;
    }
    let text = format!("deleted offsets of {}", groups.join(", "));
    output::done(format, &text, || json!({ "groups": groups, "topics": topics }))
}
