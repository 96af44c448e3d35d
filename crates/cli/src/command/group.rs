mod lag;
mod why;

use std::collections::{BTreeMap, BTreeSet};

use client::{
    Client, CommittedOffset, GroupDescription, GroupMember, Isolation, OffsetQuery, Start,
};
use model::{Offset, PartitionIndex, TopicPartition};
use serde_json::{Value, json};

use super::{partitions, topic_name};
use crate::cluster::ClusterArguments;
use crate::error::{CliError, Result};
use crate::output::{self, Format, Table};
use crate::place::Place;

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
    /// Show how far a group has read, and who reads what
    Describe {
        #[arg(required = true)]
        groups: Vec<String>,
    },
    /// Show how far groups are behind, in records and in time
    Lag {
        /// All groups, if none is named
        groups: Vec<String>,
    },
    /// Show why a group rebalanced, who was slow, and whom it waits for (Ottla only)
    Why { group: String },
    /// Move a group to another place; its members must be stopped
    Reset {
        group: String,
        /// A topic, or TOPIC:PARTITION,…; may be repeated [default: all that the group has committed]
        #[arg(long, value_name = "TOPIC[:PARTITION,…]")]
        topic: Vec<String>,
        /// Where the group goes on: beginning, end, an offset, or a time such as 2026-01-31T12:00:00Z, @MILLISECONDS or -15m
        #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
        to: Place,
        /// Only show what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Delete groups with their offsets, or only the offsets of topics
    Delete {
        #[arg(required = true)]
        groups: Vec<String>,
        /// Forget only the offsets of this topic; may be repeated
        #[arg(long, value_name = "TOPIC")]
        topic: Vec<String>,
    },
}

pub(crate) async fn run(command: GroupCommand) -> Result<()> {
    let format = command.cluster.output;
    let client = command.cluster.connect().await?;
    match command.action {
        Action::List => list(&client, format).await,
        Action::Describe { groups } => describe(&client, format, &groups).await,
        Action::Lag { groups } => lag::run(&client, format, &groups).await,
        Action::Why { group } => why::run(&client, format, &group).await,
        Action::Reset { group, topic, to, dry_run } => {
            reset(&client, format, &group, &topic, to.0, dry_run).await
        }
        Action::Delete { groups, topic } => delete(&client, format, &groups, &topic).await,
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

/// A partition that a group has to do with.
struct Row<'a> {
    partition: &'a TopicPartition,
    current: Option<Offset>,
    end: Option<Offset>,
    member: Option<&'a GroupMember>,
}

impl Row<'_> {
    fn lag(&self) -> Option<i64> {
        Some((self.end?.to_wire() - self.current?.to_wire()).max(0))
    }
}

async fn describe(client: &Client, format: Format, groups: &[String]) -> Result<()> {
    let mut documents = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let description = client.describe_group(group).await?;
        let committed = client.committed_offsets(group).await?;
        let assigned = description.members.iter().flat_map(|member| &member.assignment);
        let all: BTreeSet<&TopicPartition> = committed.keys().chain(assigned).collect();
        let ends = ends(client, &all).await?;
        let rows: Vec<Row<'_>> = all
            .iter()
            .map(|partition| Row {
                partition,
                current: committed.get(*partition).map(|it| it.offset),
                end: ends.get(*partition).copied(),
                member: description.members.iter().find(|it| it.assignment.contains(*partition)),
            })
            .collect();
        match format {
            Format::Json => documents.push(describe_json(&description, &committed, &rows)),
            Format::Table => {
                if index > 0 {
                    output::print("\n")?;
                }
                if description.members.is_empty() {
                    output::complain(&format!("Group {group} has no active members."));
                }
                output::print(&describe_table(group, &description, &rows).render())?;
            }
        }
    }
    if format == Format::Json { output::print_json(&Value::Array(documents)) } else { Ok(()) }
}

/// Ends of the partitions that still exist.
async fn ends(
    client: &Client,
    partitions: &BTreeSet<&TopicPartition>,
) -> Result<BTreeMap<TopicPartition, Offset>> {
    let metadata = client.all_topics().await?;
    let exists = |it: &&&TopicPartition| {
        metadata.leader(it.topic.as_str(), it.partition.to_wire()).is_some()
    };
    let there = partitions.iter().filter(exists);
    let queries: Vec<_> = there.map(|it| ((*it).clone(), OffsetQuery::Latest)).collect();
    let listed = client.list_offsets(&queries, Isolation::Uncommitted).await?;
    Ok(listed.into_iter().filter_map(|(it, listed)| Some((it, listed.offset?))).collect())
}

fn describe_table(group: &str, description: &GroupDescription, rows: &[Row<'_>]) -> Table {
    // Kafka's columns first: scripts cut them out.
    let mut table = Table::new(&[
        "GROUP",
        "TOPIC",
        "PARTITION",
        "CURRENT-OFFSET",
        "LOG-END-OFFSET",
        "LAG",
        "CONSUMER-ID",
        "HOST",
        "CLIENT-ID",
    ]);
    let dash = || "-".to_owned();
    for row in rows {
        table.row([
            group.to_owned(),
            row.partition.topic.to_string(),
            row.partition.partition.to_string(),
            row.current.map_or_else(dash, |it| it.to_string()),
            row.end.map_or_else(dash, |it| it.to_string()),
            row.lag().map_or_else(dash, |it| it.to_string()),
            row.member.map_or_else(dash, |it| it.id.clone()),
            row.member.map_or_else(dash, |it| it.host.clone()),
            row.member.map_or_else(dash, |it| it.client_id.clone()),
        ]);
    }
    for idle in description.members.iter().filter(|member| member.assignment.is_empty()) {
        let mut cells = vec![group.to_owned()];
        cells.extend(std::iter::repeat_with(dash).take(5));
        cells.extend([idle.id.clone(), idle.host.clone(), idle.client_id.clone()]);
        table.row(cells);
    }
    table
}

fn describe_json(
    description: &GroupDescription,
    committed: &BTreeMap<TopicPartition, CommittedOffset>,
    rows: &[Row<'_>],
) -> Value {
    let offsets = rows.iter().map(|row| {
        json!({
            "topic": row.partition.topic.as_str(), "partition": row.partition.partition.to_wire(),
            "current_offset": row.current.map(Offset::to_wire),
            "log_end_offset": row.end.map(Offset::to_wire), "lag": row.lag(),
            "metadata": committed.get(row.partition).map(|it| it.metadata.as_str()),
            "consumer_id": row.member.map(|it| it.id.as_str()),
            "host": row.member.map(|it| it.host.as_str()),
            "client_id": row.member.map(|it| it.client_id.as_str()),
        })
    });
    let members = description.members.iter().map(|member| {
        let assignment: Vec<String> = member.assignment.iter().map(ToString::to_string).collect();
        json!({
            "consumer_id": member.id, "instance_id": member.instance_id, "host": member.host,
            "client_id": member.client_id, "assignment": assignment,
        })
    });
    json!({
        "group": description.group, "state": description.state,
        "protocol_type": description.protocol_type, "assignor": description.protocol,
        "coordinator": description.coordinator, "offsets": offsets.collect::<Vec<_>>(),
        "members": members.collect::<Vec<_>>(),
    })
}

/// The partitions that `TOPIC` or `TOPIC:0,1` names.
async fn named(client: &Client, text: &str) -> Result<Vec<TopicPartition>> {
    let (name, indexes) = match text.split_once(':') {
        Some((name, indexes)) => (name, Some(indexes)),
        None => (text, None),
    };
    let topic = topic_name(name)?;
    let metadata = client.topics(&[name], false).await?;
    let count = metadata.topics.get(name).map_or(0, |topic| topic.partitions.len());
    let all = partitions(&topic, count);
    let Some(indexes) = indexes else { return Ok(all) };
    let bad =
        CliError::Usage("partitions of --topic are numbers separated by commas, as in orders:0,2");
    let indexes: Option<Vec<PartitionIndex>> =
        indexes.split(',').map(|it| PartitionIndex::from_wire(it.trim().parse().ok()?)).collect();
    let indexes = indexes.ok_or(bad)?;
    if let Some(missing) = indexes.iter().find(|it| !all.iter().any(|one| one.partition == **it)) {
        let (topic, partition) = (name.to_owned(), missing.to_wire());
        return Err(client::ClientError::UnknownPartition { topic, partition, count }.into());
    }
    Ok(all.into_iter().filter(|it| indexes.contains(&it.partition)).collect())
}

async fn reset(
    client: &Client,
    format: Format,
    group: &str,
    topics: &[String],
    to: Start,
    dry_run: bool,
) -> Result<()> {
    let committed = client.committed_offsets(group).await?;
    let mut chosen = Vec::new();
    for text in topics {
        chosen.extend(named(client, text).await?);
    }
    if topics.is_empty() {
        chosen.extend(committed.keys().cloned());
    }
    if chosen.is_empty() {
        return Err(CliError::Usage(
            "the group has committed nothing; say which topic with --topic",
        ));
    }
    if let Ok(description) = client.describe_group(group).await
        && !dry_run
        && !description.members.is_empty()
    {
        let (group, state) = (group.to_owned(), description.state);
        return Err(CliError::GroupInUse { group, state });
    }
    let places = places(client, &chosen, to).await?;
    if !dry_run {
        client.set_offsets(group, &places).await?;
    }
    let json = || {
        let places = places.iter().map(|(partition, offset)| {
            json!({
                "topic": partition.topic.as_str(), "partition": partition.partition.to_wire(),
                "new_offset": offset.to_wire(),
                "old_offset": committed.get(partition).map(|it| it.offset.to_wire()),
            })
        });
        json!({ "group": group, "dry_run": dry_run, "offsets": places.collect::<Vec<_>>() })
    };
    output::show(format, json, || {
        let mut table = Table::new(&["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET", "OLD-OFFSET"]);
        for (partition, offset) in &places {
            let old = committed.get(partition).map(|it| it.offset.to_string());
            table.row([
                group.to_owned(),
                partition.topic.to_string(),
                partition.partition.to_string(),
                offset.to_string(),
                old.unwrap_or_else(|| "-".to_owned()),
            ]);
        }
        table
    })
}

/// The offsets to set, within what the partitions hold.
async fn places(
    client: &Client,
    chosen: &[TopicPartition],
    to: Start,
) -> Result<BTreeMap<TopicPartition, Offset>> {
    let list = async |query| {
        let queries: Vec<_> = chosen.iter().map(|partition| (partition.clone(), query)).collect();
        client.list_offsets(&queries, Isolation::Uncommitted).await
    };
    let (first, end) = (list(OffsetQuery::Earliest).await?, list(OffsetQuery::Latest).await?);
    let by_time = match to {
        Start::Time(time) => Some(list(OffsetQuery::Time(time)).await?),
        _ => None,
    };
    let place = |partition: &TopicPartition| {
        let first = first.get(partition)?.offset?;
        let end = end.get(partition)?.offset?;
        let offset = match to {
            Start::Beginning => first,
            Start::End => end,
            Start::At(offset) => offset.clamp(first, end),
            Start::Time(_) => {
                by_time.as_ref().and_then(|it| it.get(partition)?.offset).unwrap_or(end)
            }
        };
        Some((partition.clone(), offset))
    };
    Ok(chosen.iter().filter_map(place).collect())
}

async fn delete(
    client: &Client,
    format: Format,
    groups: &[String],
    topics: &[String],
) -> Result<()> {
    for group in groups {
        if topics.is_empty() {
            client.delete_group(group).await?;
            continue;
        }
        let committed = client.committed_offsets(group).await?;
        let of_topics = committed
            .into_keys()
            .filter(|it| topics.iter().any(|topic| topic == it.topic.as_str()));
        client.delete_offsets(group, &of_topics.collect::<Vec<_>>()).await?;
    }
    let what = if topics.is_empty() { "deleted" } else { "deleted offsets of" };
    let text = format!("{what} {}", groups.join(", "));
    output::done(format, &text, || json!({ "groups": groups, "topics": topics }))
}
