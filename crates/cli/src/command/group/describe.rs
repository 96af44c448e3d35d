//! `ottla group describe`: a group of any type, as people and programs want to see it.

mod document;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use client::{
    Client, CommittedOffset, GroupDescription, GroupKind, GroupMember, Isolation, OffsetQuery,
    ShareOffset,
};
use model::{Offset, TopicPartition};
use serde_json::Value;

use crate::command::say_leaderless;
use crate::error::Result;
use crate::output::{self, Format};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct DescribeArguments {
    /// The groups
    #[arg(required = true)]
    groups: Vec<String>,
    /// Show how far the group has read [what is shown when nothing else is asked for]; JSON always has all
    #[arg(long)]
    offsets: bool,
    /// Show type, state, assignor and epochs
    #[arg(long)]
    state: bool,
    /// Show the members with their epochs and assignments
    #[arg(long)]
    members: bool,
    /// Show what a streams group runs
    #[arg(long)]
    topology: bool,
    /// Show everything
    #[arg(long, conflicts_with_all = ["offsets", "state", "members", "topology"])]
    all: bool,
}

/// How far a group is, by its type.
enum Progress {
    Committed(BTreeMap<TopicPartition, CommittedOffset>),
    Share(BTreeMap<TopicPartition, ShareOffset>),
}

/// A partition that a group has to do with.
struct Row<'a> {
    partition: &'a TopicPartition,
    current: Option<Offset>,
    end: Option<Offset>,
    lag: Option<i64>,
    metadata: Option<&'a str>,
    /// The one that reads it; members of share groups share it.
    member: Option<&'a GroupMember>,
}

pub(super) async fn run(
    client: &Client,
    format: Format,
    arguments: DescribeArguments,
) -> Result<()> {
    let mut documents = Vec::new();
    for (index, group) in arguments.groups.iter().enumerate() {
        let described = client.describe_group(group).await?;
        let progress = match described.kind {
            GroupKind::Share => Progress::Share(client.share_offsets(group).await?),
            GroupKind::Classic | GroupKind::Consumer | GroupKind::Streams => {
                Progress::Committed(client.committed_offsets(group).await?)
            }
        };
        let (all, ends) = partitions(client, &described, &progress).await?;
        let rows: Vec<Row<'_>> =
            all.iter().map(|it| row(it, &described, &progress, &ends)).collect();
        match format {
            Format::Json => documents.push(document::of(&described, &rows)),
            Format::Table => {
                if index > 0 {
                    output::print("\n")?;
                }
                if described.members.is_empty() {
                    output::complain(&format!("Group {group} has no active members."));
                }
                output::print(&text(&arguments, &described, &rows))?;
            }
        }
    }
    if format == Format::Json { output::print_json(&Value::Array(documents)) } else { Ok(()) }
}

/// What was asked for, with an empty line between.
fn text(arguments: &DescribeArguments, group: &GroupDescription, rows: &[Row<'_>]) -> String {
    let DescribeArguments { offsets, state, members, topology, all, .. } = *arguments;
    let mut tables = Vec::new();
    if state || all {
        tables.push(tables::state(group));
    }
    if members || all {
        tables.push(tables::members(group));
    }
    if topology || (all && group.topology.is_some()) {
        tables.push(tables::topology(group));
    }
    if offsets || all || tables.is_empty() {
        tables.push(match group.kind {
            GroupKind::Share => tables::share_offsets(group, rows),
            GroupKind::Classic | GroupKind::Consumer | GroupKind::Streams => {
                tables::offsets(group, rows)
            }
        });
    }
    tables.iter().map(output::Table::render).collect::<Vec<_>>().join("\n")
}

/// The partitions that the group has committed or reads, and the ends of those that have a leader.
async fn partitions(
    client: &Client,
    group: &GroupDescription,
    progress: &Progress,
) -> Result<(BTreeSet<TopicPartition>, BTreeMap<TopicPartition, Offset>)> {
    let (mut all, is_share): (BTreeSet<TopicPartition>, bool) = match progress {
        Progress::Committed(committed) => (committed.keys().cloned().collect(), false),
        Progress::Share(starts) => (starts.keys().cloned().collect(), true),
    };
    if is_share {
        return Ok((all, BTreeMap::new()));
    }
    let read: BTreeSet<&TopicPartition> =
        group.members.iter().flat_map(|member| &member.assignment).collect();
    let wanted: BTreeSet<&TopicPartition> = all.iter().chain(read.iter().copied()).collect();
    let ends = ends(client, &wanted).await?;
    // A streams task reads of each topic the partition of its number, which not every one of them has.
    let exists = |it: &&&TopicPartition| {
        let (topic, index) = (it.topic.as_str(), it.partition.to_wire());
        group.kind != GroupKind::Streams
            || client.with_known(|known| known.partition(topic, index).is_some())
    };
    let read: Vec<TopicPartition> = read.iter().filter(exists).map(|it| (*it).clone()).collect();
    all.extend(read);
    Ok((all, ends))
}

/// Ends of the partitions that exist and have a leader; those without one are named on standard error.
pub(super) async fn ends(
    client: &Client,
    partitions: &BTreeSet<&TopicPartition>,
) -> Result<BTreeMap<TopicPartition, Offset>> {
    let metadata = client.all_topics().await?;
    let exists = |it: &&&TopicPartition| {
        metadata.partition(it.topic.as_str(), it.partition.to_wire()).is_some()
    };
    let there: Vec<TopicPartition> =
        partitions.iter().filter(exists).map(|it| (*it).clone()).collect();
    let queries: Vec<_> = there.iter().map(|it| (it.clone(), OffsetQuery::Latest)).collect();
    let listed = client.list_led_offsets(&queries, Isolation::Uncommitted).await?;
    say_leaderless(client, &there, "its end is not known");
    Ok(listed.into_iter().filter_map(|(it, listed)| Some((it, listed.offset?))).collect())
}

fn row<'a>(
    partition: &'a TopicPartition,
    group: &'a GroupDescription,
    progress: &'a Progress,
    ends: &BTreeMap<TopicPartition, Offset>,
) -> Row<'a> {
    let end = ends.get(partition).copied();
    match progress {
        Progress::Committed(committed) => {
            let committed = committed.get(partition);
            let current = committed.map(|it| it.offset);
            let behind =
                |(end, current): (Offset, Offset)| (end.to_wire() - current.to_wire()).max(0);
            Row {
                partition,
                current,
                end,
                lag: end.zip(current).map(behind),
                metadata: committed.map(|it| it.metadata.as_str()),
                member: group.members.iter().find(|it| it.assignment.contains(partition)),
            }
        }
        Progress::Share(starts) => {
            let at = starts.get(partition);
            let (current, lag) = (at.and_then(|it| it.start), at.and_then(|it| it.lag));
            Row { partition, current, end, lag, metadata: None, member: None }
        }
    }
}
