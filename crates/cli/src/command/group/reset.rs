//! `ottla group reset`: where a group goes on.

use std::collections::{BTreeMap, BTreeSet};

use client::{Client, ClientError, GroupKind, Isolation, OffsetQuery, Start};
use model::{Offset, PartitionIndex, TopicPartition};
use serde_json::json;
use wire::ErrorCode;

use super::{delete_topics, internal_topics};
use crate::command::{partitions, topic_name};
use crate::error::{CliError, Result};
use crate::output::{self, Format, Table};
use crate::place::Place;

#[derive(Clone, Debug, clap::Args)]
pub(super) struct ResetArguments {
    /// The group
    group: String,
    /// A topic, or TOPIC:PARTITION,…; may be repeated [default: all that the group has committed]
    #[arg(long, value_name = "TOPIC[:PARTITION,…]")]
    topic: Vec<String>,
    /// Where the group goes on: beginning, end, an offset, or a time such as 2026-01-31T12:00:00Z, @MILLISECONDS or -15m
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    to: Place,
    /// Delete the changelog and repartition topics of a streams group, too
    #[arg(long)]
    delete_all_internal_topics: bool,
    /// Make a group that is not there yet a share group
    #[arg(long)]
    share: bool,
    /// Only show what would be done
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(client: &Client, format: Format, arguments: ResetArguments) -> Result<()> {
    let ResetArguments { group, topic, to, delete_all_internal_topics, share, dry_run } =
        &arguments;
    let described = match client.describe_group(group).await {
        Ok(described) => Some(described),
        // Offsets may be set before the first member comes.
        Err(error) if error.code() == Some(ErrorCode::GroupIdNotFound) => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(described) = described.as_ref().filter(|it| !it.members.is_empty() && !dry_run) {
        let (group, state) = (group.clone(), described.state.clone());
        return Err(CliError::GroupInUse { group, state });
    }
    let is_share = described.as_ref().map_or(*share, |it| it.kind == GroupKind::Share);
    if *share && !is_share {
        return Err(CliError::NotShare(group.clone()));
    }
    let old = match described {
        Some(_) => old(client, group, is_share).await?,
        None => BTreeMap::new(),
    };
    let internal = match (&described, delete_all_internal_topics) {
        (Some(described), true) => internal_topics(described)?,
        (None, true) => return Err(CliError::NotStreams(group.clone())),
        (_, false) => BTreeSet::new(),
    };
    let mut chosen = Vec::new();
    for text in topic {
        chosen.extend(named(client, text).await?);
    }
    if topic.is_empty() {
        chosen.extend(old.keys().filter(|it| !internal.contains(it.topic.as_str())).cloned());
    }
    if chosen.is_empty() {
        return Err(CliError::Usage(
            "the group has committed nothing; say which topic with --topic",
        ));
    }
    let places = places(client, &chosen, to.0).await?;
    if !dry_run {
        match is_share {
            true => client.set_share_offsets(group, &places).await?,
            false => client.set_offsets(group, &places).await?,
        }
        delete_topics(client, &internal).await?;
    }
    show(format, &arguments, &places, &old, &internal)
}

/// Where the group is now.
async fn old(
    client: &Client,
    group: &str,
    is_share: bool,
) -> Result<BTreeMap<TopicPartition, Offset>> {
    if !is_share {
        let committed = client.committed_offsets(group).await?;
        return Ok(committed.into_iter().map(|(it, committed)| (it, committed.offset)).collect());
    }
    let starts = client.share_offsets(group).await?;
    Ok(starts.into_iter().filter_map(|(it, at)| Some((it, at.start?))).collect())
}

fn show(
    format: Format,
    arguments: &ResetArguments,
    places: &BTreeMap<TopicPartition, Offset>,
    old: &BTreeMap<TopicPartition, Offset>,
    internal: &BTreeSet<&str>,
) -> Result<()> {
    let group = &arguments.group;
    let json = || {
        let places = places.iter().map(|(partition, offset)| {
            json!({
                "topic": partition.topic.as_str(), "partition": partition.partition.to_wire(),
                "new_offset": offset.to_wire(),
                "old_offset": old.get(partition).map(|it| it.to_wire()),
            })
        });
        json!({
            "group": group, "dry_run": arguments.dry_run,
            "offsets": places.collect::<Vec<_>>(), "deleted_topics": internal,
        })
    };
    output::show(format, json, || {
        let mut table = Table::new(&["GROUP", "TOPIC", "PARTITION", "NEW-OFFSET", "OLD-OFFSET"]);
        for (partition, offset) in places {
            let old = old.get(partition).map(ToString::to_string);
            table.row([
                group.clone(),
                partition.topic.to_string(),
                partition.partition.to_string(),
                offset.to_string(),
                old.unwrap_or_else(|| "-".to_owned()),
            ]);
        }
        table
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
        return Err(ClientError::UnknownPartition { topic, partition, count }.into());
    }
    Ok(all.into_iter().filter(|it| indexes.contains(&it.partition)).collect())
}

/// The offsets to set, within what the partitions hold.
async fn places(
    client: &Client,
    chosen: &[TopicPartition],
    to: Start,
) -> Result<BTreeMap<TopicPartition, Offset>> {
    let list = async |query| {
        let queries: Vec<_> = chosen.iter().map(|partition| (partition.clone(), query)).collect();
        client.list_led_offsets(&queries, Isolation::Uncommitted).await
    };
    let (first, end) = (list(OffsetQuery::Earliest).await?, list(OffsetQuery::Latest).await?);
    let by_time = match to {
        Start::Time(time) => Some(list(OffsetQuery::Time(time)).await?),
        Start::Ago(ago) => Some(list(OffsetQuery::ago(ago)).await?),
        _ => None,
    };
    // Of the others nobody knows what they hold: nothing is set rather than half of it.
    if let Some(without) =
        chosen.iter().find(|it| !first.contains_key(*it) || !end.contains_key(*it))
    {
        return Err(ClientError::NoLeader(without.clone()).into());
    }
    let place = |partition: &TopicPartition| {
        let first = first.get(partition)?.offset?;
        let end = end.get(partition)?.offset?;
        let offset = match to {
            Start::Beginning => first,
            Start::End => end,
            Start::At(offset) => offset.clamp(first, end),
            Start::Time(_) | Start::Ago(_) => {
                by_time.as_ref().and_then(|it| it.get(partition)?.offset).unwrap_or(end)
            }
        };
        Some((partition.clone(), offset))
    };
    Ok(chosen.iter().filter_map(place).collect())
}
