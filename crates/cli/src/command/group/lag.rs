//! `ottla group lag`: how far groups are behind, in records and in time.

use client::{Client, GroupLag, LagReport, PartitionLag};
use model::{Offset, Timestamp};
use serde_json::{Value, json};

use super::describe::ends;
use crate::error::Result;
use crate::output::{self, Format, Table};
use crate::place::show_span;

/// What only Ottla tells, for others.
const NOT_OTTLA: &str = "the server is not Ottla: positions, and lag in time, are not known there";
const PARTIAL: &str =
    "some lags in time are missing, because finding them took too long; asking again gives more";

pub(super) async fn run(client: &Client, format: Format, groups: &[String]) -> Result<()> {
    let report = match client.group_lag(groups).await? {
        Some(report) => report,
        None => {
            output::complain(NOT_OTTLA);
            by_offsets(client, groups).await?
        }
    };
    if report.partial {
        output::complain(PARTIAL);
    }
    let json = || Value::Array(report.groups.iter().map(group_json).collect());
    output::show(format, json, || table(&report))
}

/// What every Kafka can tell.
async fn by_offsets(client: &Client, groups: &[String]) -> Result<LagReport> {
    let mut report = LagReport::default();
    for listed in client.list_groups().await? {
        let is_wanted = groups.is_empty() || groups.contains(&listed.group);
        // Share groups have no offsets of this kind.
        let kind = listed.kind.as_deref().unwrap_or("classic").to_lowercase();
        let has_offsets = matches!(kind.as_str(), "classic" | "consumer" | "streams");
        if !is_wanted || !has_offsets {
            continue;
        }
        let committed = client.committed_offsets(&listed.group).await?;
        let ends = ends(client, &committed.keys().collect()).await?;
        let partition = |(partition, committed): (&_, &client::CommittedOffset)| {
            let log_end: Option<Offset> = ends.get(partition).copied();
            let lag = |end: Offset| (end.to_wire() - committed.offset.to_wire()).max(0);
            PartitionLag {
                partition: model::TopicPartition::clone(partition),
                committed: Some(committed.offset),
                committed_at: None,
                position: None,
                position_at: None,
                log_start: None,
                log_end,
                records: log_end.map(lag),
                unread: None,
                unread_at: None,
                millis: log_end.map(lag).filter(|lag| *lag == 0),
                member_id: None,
                client_id: None,
                host: None,
            }
        };
        report.groups.push(GroupLag {
            kind,
            state: listed.state.unwrap_or_default(),
            partitions: committed.iter().map(partition).collect(),
            group: listed.group,
        });
    }
    for group in groups {
        if !report.groups.iter().any(|it| it.group == *group) {
            // Says that there is none of this name.
            client.describe_group(group).await?;
        }
    }
    Ok(report)
}

fn table(report: &LagReport) -> Table {
    let mut table = Table::new(&[
        "GROUP",
        "TOPIC",
        "PARTITION",
        "CURRENT-OFFSET",
        "POSITION",
        "LOG-END-OFFSET",
        "LAG",
        "LAG-TIME",
        "CONSUMER-ID",
        "HOST",
    ]);
    let dash = || "-".to_owned();
    let offset = |offset: Option<Offset>| offset.map_or_else(dash, |it| it.to_string());
    let text = |text: &Option<String>| text.clone().unwrap_or_else(dash);
    for group in &report.groups {
        for it in &group.partitions {
            table.row([
                group.group.clone(),
                it.partition.topic.to_string(),
                it.partition.partition.to_string(),
                offset(it.committed),
                offset(it.position),
                offset(it.log_end),
                it.records.map_or_else(dash, |it| it.to_string()),
                it.millis.map_or_else(dash, show_span),
                text(&it.member_id),
                text(&it.host),
            ]);
        }
    }
    table
}

fn group_json(group: &GroupLag) -> Value {
    let time = |time: Option<Timestamp>| time.map(Timestamp::as_millis);
    let offset = |offset: Option<Offset>| offset.map(Offset::to_wire);
    let partition = |it: &PartitionLag| {
        json!({
            "topic": it.partition.topic.as_str(), "partition": it.partition.partition.to_wire(),
            "current_offset": offset(it.committed), "committed_ms": time(it.committed_at),
            "position": offset(it.position), "position_ms": time(it.position_at),
            "log_start_offset": offset(it.log_start), "log_end_offset": offset(it.log_end),
            "lag": it.records, "lag_ms": it.millis,
            "unread_offset": offset(it.unread), "unread_ms": time(it.unread_at),
            "consumer_id": it.member_id, "client_id": it.client_id, "host": it.host,
        })
    };
    json!({
        "group": group.group, "type": group.kind, "state": group.state,
        "partitions": group.partitions.iter().map(partition).collect::<Vec<_>>(),
    })
}
