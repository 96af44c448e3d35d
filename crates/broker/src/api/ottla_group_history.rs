use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use group::{Blocker, GroupError, GroupId, HistoryDescription, SlowStep, Who};
use metadata::Image;
use model::{PartitionId, Timestamp};
use wire::ErrorCode;
use wire::messages::ottla_group_history_response::{GroupHistory, MemberHistory, Rebalance};
use wire::messages::{OttlaGroupHistoryRequest, OttlaGroupHistoryResponse};

use crate::coordinator::Gather;
use crate::error_map::{group_error, unavailable};
use crate::outcome::shortened;
use crate::{Broker, ReplyTo, Request};

/// Why groups rebalanced, and whom they wait for. Ottla's own.
pub fn handle(broker: &Arc<Broker>, request: Request<OttlaGroupHistoryRequest>, reply: ReplyTo) {
    let time_ms = broker.clock().wall().as_millis();
    let gather = Gather::new(request.message.groups.len(), move |groups| {
        let throttle_time_ms = 0;
        reply.send(&OttlaGroupHistoryResponse { throttle_time_ms, time_ms, groups });
    });
    let image = broker.image();
    for (index, name) in request.message.groups.into_iter().enumerate() {
        let part = gather.part(index);
        let Some(group) = GroupId::new(&name).filter(|group| !group.is_empty()) else {
            part.give(refused(name, ErrorCode::InvalidGroupId));
            continue;
        };
        let image = Arc::clone(&image);
        broker.groups().decide(
            &name.clone(),
            move |shard, soft, now| shard.history(soft, now, &group),
            move |result| {
                part.give(match result {
                    Ok(Some(described)) => shown(&image, name, described),
                    Ok(None) => refused(name, group_error(&GroupError::GroupNotFound)),
                    Err(why) => refused(name, unavailable(&why)),
                });
            },
        );
    }
}

fn refused(group_id: String, error: ErrorCode) -> GroupHistory {
    GroupHistory { group_id, error_code: error.code(), ..GroupHistory::default() }
}

fn shown(image: &Image, group_id: String, described: HistoryDescription) -> GroupHistory {
    let HistoryDescription { state, epoch, since, history, members } = described;
    let member = |it: group::MemberHistory| MemberHistory {
        member_id: it.who.member.as_str().to_owned(),
        instance_id: it.instance.map(|instance| instance.as_str().to_owned()),
        client_id: it.who.client.id.to_string(),
        host: it.who.client.host.to_string(),
        session_timeout_ms: it.session_timeout.map_or(-1, |it| clamped(millis(it))),
        rebalance_timeout_ms: clamped(millis(it.rebalance_timeout)),
        join_ms: it.join_took.map_or(-1, millis),
        sync_ms: it.sync_took.map_or(-1, millis),
        since_heartbeat_ms: it.since_heartbeat.map_or(-1, millis),
        heartbeat_gap_max_ms: it.heartbeat_gap_max.map_or(-1, millis),
        blocks: it.blocks.map(|blocker| blocks(image, &blocker)),
    };
    GroupHistory {
        group_id,
        error_code: ErrorCode::None.code(),
        group_type: state.type_name().to_owned(),
        group_state: state.name().to_owned(),
        epoch,
        since_ms: since.map_or(-1, Timestamp::as_millis),
        rebalance_count: i64::try_from(history.count).unwrap_or(i64::MAX),
        rebalances: history.rebalances.into_iter().rev().map(rebalance).collect(),
        members: members.into_iter().map(member).collect(),
    }
}

fn rebalance(it: group::Rebalance) -> Rebalance {
    let text = |who: Option<&Who>, text: fn(&Who) -> &str| who.map(text).map(str::to_owned);
    let (cause, slow) = (it.cause.as_ref(), it.slowest.as_ref().map(|slowest| &slowest.who));
    let member: fn(&Who) -> &str = |who| who.member.as_str();
    let client: fn(&Who) -> &str = |who| &who.client.id;
    let host: fn(&Who) -> &str = |who| &who.client.host;
    Rebalance {
        started_ms: it.started_at.as_millis(),
        ended_ms: it.ended_at.map_or(-1, Timestamp::as_millis),
        epoch: it.epoch.unwrap_or(-1),
        cause: it.why.text().to_owned(),
        client_reason: it.client_reason.map(String::from),
        member_id: text(cause, member).unwrap_or_default(),
        client_id: text(cause, client).unwrap_or_default(),
        host: text(cause, host).unwrap_or_default(),
        member_count: i32::try_from(it.member_count).unwrap_or(i32::MAX),
        slowest_member_id: text(slow, member),
        slowest_client_id: text(slow, client),
        slowest_host: text(slow, host),
        slowest_step: it.slowest.as_ref().map(|slowest| step(slowest.step).to_owned()),
        slowest_ms: it.slowest.as_ref().map_or(-1, |slowest| millis(slowest.after)),
    }
}

const fn step(step: SlowStep) -> &'static str {
    match step {
        SlowStep::Join => "join",
        SlowStep::Sync => "sync",
        SlowStep::Reconcile => "reconcile",
    }
}

fn blocks(image: &Image, blocker: &Blocker) -> String {
    match blocker {
        Blocker::Join => "has not joined again".to_owned(),
        Blocker::Assignment => "leads, and owes the assignment".to_owned(),
        Blocker::Heartbeat => "has not taken up the newest assignment".to_owned(),
        Blocker::Revocation(partitions) => {
            shortened(format!("has not let go of {}", names(image, partitions)))
        }
    }
}

/// As `orders:0,3 returns:1`.
fn names(image: &Image, partitions: &[PartitionId]) -> String {
    let mut topics: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for partition in partitions {
        let name =
            image.topic_name(partition.topic).map_or("a deleted topic", |name| name.as_str());
        topics.entry(name).or_default().push(partition.partition.to_string());
    }
    let topic = |(name, indexes): (&str, Vec<String>)| format!("{name}:{}", indexes.join(","));
    topics.into_iter().map(topic).collect::<Vec<_>>().join(" ")
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

fn clamped(millis: i64) -> i32 {
    i32::try_from(millis).unwrap_or(i32::MAX)
}
