//! What is wrong with groups: those that rebalance again and again, and those that do not get on.

use std::collections::BTreeMap;

use client::{Client, GroupHistory, GroupLag, PartitionLag};
use model::Timestamp;

use super::Finding;
use crate::error::Result;
use crate::place::{now_millis, show_span};

/// So many rebalances …
const STORM_COUNT_MIN: usize = 5;
/// … within such a time are a storm: deployments make fewer.
const STORM_SPAN_MS: i64 = 10 * 60_000;
/// A group with members is stalled when records wait for it so long, and nothing was committed meanwhile.
const STALL_MS_MIN: i64 = 60_000;

/// `None` where the server is not Ottla.
pub(super) async fn check(client: &Client) -> Result<Option<Vec<Finding>>> {
    let Some(report) = client.group_lag(&[]).await? else { return Ok(None) };
    let now = now_millis();
    let mut findings = Vec::new();
    for group in &report.groups {
        findings.extend(stalled(group, now));
        // One that is gone meanwhile has nothing to tell.
        if group.state != "Empty"
            && let Ok(Some(history)) = client.group_history(&group.group).await
        {
            findings.extend(storm(&history, now));
        }
    }
    Ok(Some(findings))
}

fn storm(history: &GroupHistory, now: i64) -> Option<Finding> {
    let recent = history
        .rebalances
        .iter()
        .filter(|it| it.started.is_some_and(|started| now - started.as_millis() < STORM_SPAN_MS));
    let recent: Vec<_> = recent.collect();
    if recent.len() < STORM_COUNT_MIN {
        return None;
    }
    let mut causes: BTreeMap<&str, usize> = BTreeMap::new();
    recent.iter().for_each(|it| *causes.entry(&it.cause).or_default() += 1);
    let (cause, count) = causes.into_iter().max_by_key(|(_, count)| *count)?;
    let span = recent.last()?.started.map_or(0, |first| now - first.as_millis());
    Some(Finding {
        what: "rebalance storm",
        subject: format!("group {}", history.group),
        evidence: format!(
            "{} rebalances in {}, {count} of them because {cause}",
            recent.len(),
            show_span(span.max(0))
        ),
        command: format!("ottla group why {}", history.group),
    })
}

/// The partition in which a group with members waits longest.
fn stalled(group: &GroupLag, now: i64) -> Option<Finding> {
    let ago = |time: Option<Timestamp>| time.map_or(i64::MAX, |time| now - time.as_millis());
    let is_stalled = |it: &&PartitionLag| {
        it.member_id.is_some()
            && it.millis.is_some_and(|lag| lag >= STALL_MS_MIN)
            && ago(it.committed_at) >= STALL_MS_MIN
    };
    let worst = group.partitions.iter().filter(is_stalled).max_by_key(|it| it.millis)?;
    let (lag, records) = (worst.millis?, worst.records?);
    let fetched = match worst.position_at {
        Some(at) => format!("it fetched last {} ago", show_span((now - at.as_millis()).max(0))),
        None => "it was not seen to fetch".to_owned(),
    };
    Some(Finding {
        what: "stalled group",
        subject: format!("group {} in {}", group.group, worst.partition),
        evidence: format!(
            "{records} records wait, the first for {}, and nothing was committed for {}; {fetched}",
            show_span(lag),
            show_span(ago(worst.committed_at))
        ),
        command: format!("ottla group why {}", group.group),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use client::Rebalance;
    use model::{Offset, PartitionIndex, TopicName, TopicPartition};

    fn rebalance(started: i64, cause: &str) -> Rebalance {
        Rebalance {
            started: Timestamp::from_millis(started),
            ended: None,
            epoch: None,
            cause: cause.to_owned(),
            client_reason: None,
            member_id: String::new(),
            client_id: String::new(),
            host: String::new(),
            member_count: 1,
            slowest_member_id: None,
            slowest_client_id: None,
            slowest_host: None,
            slowest_step: None,
            slowest_millis: None,
        }
    }

    #[test]
    fn many_rebalances_in_a_short_time_are_a_storm() {
        let now = 10_000_000;
        let history = |starts: &[i64]| GroupHistory {
            group: "readers".to_owned(),
            kind: "classic".to_owned(),
            state: "Stable".to_owned(),
            epoch: 9,
            since: None,
            rebalance_count: 9,
            rebalances: starts.iter().map(|ago| rebalance(now - ago, "a member left")).collect(),
            members: Vec::new(),
        };
        let minutes = |count: i64| count * 60_000;
        let found = storm(&history(&[1, 2, 3, 4, minutes(5)]), now).unwrap();
        assert!(found.evidence.starts_with("5 rebalances in 5m 00s, 5 of them"), "{found:?}");
        assert!(storm(&history(&[1, 2, 3, minutes(5)]), now).is_none());
        assert!(storm(&history(&[1, 2, 3, 4, minutes(10)]), now).is_none());
    }

    #[test]
    fn a_group_is_stalled_when_records_wait_and_nothing_is_committed() {
        let now = 1_000_000;
        let check = |lag_ms: i64, committed_ago: i64, member: Option<&str>| {
            let partition = PartitionLag {
                partition: TopicPartition {
                    topic: TopicName::new("orders").unwrap(),
                    partition: PartitionIndex::ZERO,
                },
                committed: Some(Offset::ZERO),
                committed_at: Timestamp::from_millis(now - committed_ago),
                position: None,
                position_at: None,
                log_start: None,
                log_end: None,
                records: Some(7),
                unread: None,
                unread_at: None,
                millis: Some(lag_ms),
                member_id: member.map(str::to_owned),
                client_id: None,
                host: None,
            };
            let (group, kind) = ("readers".to_owned(), "classic".to_owned());
            let partitions = vec![partition];
            stalled(&GroupLag { group, kind, state: "Stable".to_owned(), partitions }, now)
        };
        let found = check(90_000, 80_000, Some("m")).unwrap();
        assert_eq!(found.subject, "group readers in orders-0");
        let said = "7 records wait, the first for 1m 30s, and nothing was committed for 1m 20s";
        assert!(found.evidence.starts_with(said), "{found:?}");
        assert!(check(59_000, 80_000, Some("m")).is_none(), "not long");
        assert!(check(90_000, 1_000, Some("m")).is_none(), "it gets on");
        assert!(check(90_000, 80_000, None).is_none(), "nobody reads");
    }
}
