//! `ottla group why`: why a group rebalanced, who was slow, and whom it waits for.

use client::{Client, GroupHistory, MemberHistory, Rebalance};
use model::Timestamp;
use serde_json::{Value, json};

use crate::error::{CliError, Result};
use crate::output::{self, Format, Table};
use crate::place::{show_span, show_time};

pub(super) async fn run(client: &Client, format: Format, group: &str) -> Result<()> {
    let Some(history) = client.group_history(group).await? else {
        return Err(CliError::NotOttla("why groups rebalance"));
    };
    if format == Format::Json {
        return output::print_json(&history_json(&history));
    }
    output::print(&summary(&history))?;
    if !history.rebalances.is_empty() {
        output::print(&format!("\n{}", rebalances(&history).render()))?;
    }
    if !history.members.is_empty() {
        output::print(&format!("\n{}", members(&history).render()))?;
    }
    Ok(())
}

fn time(time: Option<Timestamp>) -> String {
    time.map_or_else(|| "-".to_owned(), show_time)
}

fn span(millis: Option<i64>) -> String {
    millis.map_or_else(|| "-".to_owned(), show_span)
}

/// What a person wants to know first.
fn summary(history: &GroupHistory) -> String {
    let GroupHistory { group, kind, state, epoch, .. } = history;
    let mut text = format!("Group {group} ({kind}) is {state}, at epoch {epoch}.\n");
    match history.rebalances.first() {
        None => text.push_str("It has not rebalanced"),
        Some(last) => {
            let (started, cause) = (time(last.started), &last.cause);
            text.push_str(&match last.ended {
                Some(_) => format!("It rebalanced last at {started}: {cause}"),
                None => format!("It rebalances since {started}: {cause}"),
            });
            if !last.member_id.is_empty() {
                text.push_str(&format!(", {} at {}", last.member_id, last.host));
            }
            if let Some(reason) = &last.client_reason {
                text.push_str(&format!(" ({reason})"));
            }
            if let (Some(member), Some(step)) = (&last.slowest_member_id, &last.slowest_step) {
                let took = span(last.slowest_millis);
                text.push_str(&format!(".\nThe slowest was {member}: {took} to {step}"));
            }
            let count = history.rebalance_count;
            let noun = if count == 1 { "rebalance" } else { "rebalances" };
            text.push_str(&format!(".\n{count} {noun}"));
        }
    }
    text.push_str(&format!(" since {}, when its coordinator began.\n", time(history.since)));
    for member in &history.members {
        if let Some(blocks) = &member.blocks {
            let (id, host) = (&member.member_id, &member.host);
            text.push_str(&format!("It waits for {id} at {host}, which {blocks}.\n"));
        }
    }
    text
}

fn rebalances(history: &GroupHistory) -> Table {
    let mut table = Table::new(&[
        "STARTED",
        "TOOK",
        "EPOCH",
        "MEMBERS",
        "CAUSE",
        "CONSUMER-ID",
        "HOST",
        "SLOWEST",
        "STEP",
        "AFTER",
    ]);
    let text = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
    let or_dash = |it: &Option<String>| it.clone().unwrap_or_else(|| "-".to_owned());
    for it in &history.rebalances {
        table.row([
            time(it.started),
            span(took(it)),
            it.epoch.map_or_else(|| "-".to_owned(), |epoch| epoch.to_string()),
            it.ended.map_or_else(|| "-".to_owned(), |_| it.member_count.to_string()),
            it.cause.clone(),
            text(&it.member_id),
            text(&it.host),
            or_dash(&it.slowest_member_id),
            or_dash(&it.slowest_step),
            span(it.slowest_millis),
        ]);
    }
    table
}

fn took(it: &Rebalance) -> Option<i64> {
    Some(it.ended?.as_millis() - it.started?.as_millis())
}

fn members(history: &GroupHistory) -> Table {
    let mut table = Table::new(&[
        "CONSUMER-ID",
        "CLIENT-ID",
        "HOST",
        "JOIN",
        "SYNC",
        "LAST-HEARTBEAT",
        "LONGEST-GAP",
        "SESSION",
        "BLOCKS",
    ]);
    for it in &history.members {
        table.row([
            it.member_id.clone(),
            it.client_id.clone(),
            it.host.clone(),
            span(it.join_millis),
            span(it.sync_millis),
            span(it.since_heartbeat_millis),
            span(it.heartbeat_gap_max_millis),
            span(it.session_timeout_millis),
            if it.blocks.is_some() { "yes" } else { "-" }.to_owned(),
        ]);
    }
    table
}

pub(crate) fn history_json(history: &GroupHistory) -> Value {
    let millis = |time: Option<Timestamp>| time.map(Timestamp::as_millis);
    let rebalance = |it: &Rebalance| {
        json!({
            "started_ms": millis(it.started), "ended_ms": millis(it.ended), "epoch": it.epoch,
            "cause": it.cause, "client_reason": it.client_reason, "consumer_id": it.member_id,
            "client_id": it.client_id, "host": it.host, "members": it.member_count,
            "slowest": {
                "consumer_id": it.slowest_member_id, "client_id": it.slowest_client_id,
                "host": it.slowest_host, "step": it.slowest_step, "after_ms": it.slowest_millis,
            },
        })
    };
    let member = |it: &MemberHistory| {
        json!({
            "consumer_id": it.member_id, "instance_id": it.instance_id, "client_id": it.client_id,
            "host": it.host, "join_ms": it.join_millis, "sync_ms": it.sync_millis,
            "since_heartbeat_ms": it.since_heartbeat_millis,
            "heartbeat_gap_max_ms": it.heartbeat_gap_max_millis,
            "session_timeout_ms": it.session_timeout_millis,
            "rebalance_timeout_ms": it.rebalance_timeout_millis, "blocks": it.blocks,
        })
    };
    json!({
        "group": history.group, "type": history.kind, "state": history.state,
        "epoch": history.epoch, "since_ms": millis(history.since),
        "rebalance_count": history.rebalance_count,
        "rebalances": history.rebalances.iter().map(rebalance).collect::<Vec<_>>(),
        "members": history.members.iter().map(member).collect::<Vec<_>>(),
    })
}
