mod answer;
mod parse;

use std::sync::Arc;
use std::time::Duration;

use group::{GroupError, Status, StatusKind, StreamsHeartbeatReply};
use wire::ErrorCode;
use wire::messages::{StreamsGroupHeartbeatRequest, StreamsGroupHeartbeatResponse};

use crate::cluster_view::ClusterView;
use crate::coordinator::Unavailable;
use crate::error_map::{group_error, unavailable};
use crate::features::STREAMS_VERSION;
use crate::{Broker, ReplyTo, Request};

/// Failures named in a status; the rest are counted.
const NAMED_FAILURE_COUNT_MAX: usize = 3;

/// A failure to make a topic counts for so many heartbeat intervals, then it is tried again.
const FAILURE_REST_HEARTBEAT_COUNT: u32 = 2;

/// A member of a streams group reports (KIP-1071).
pub fn handle(
    broker: &Arc<Broker>,
    request: Request<StreamsGroupHeartbeatRequest>,
    reply: ReplyTo,
) {
    if !are_served(broker) {
        let why = "streams groups are not switched on";
        return reply.send(&refused(ErrorCode::UnsupportedVersion, why));
    }
    let heartbeat = match parse::parse(request) {
        Ok(heartbeat) => heartbeat,
        Err(parse::Refused { error, why }) => return reply.send(&refused(error, &why)),
    };
    let cluster = ClusterView::of(broker);
    let answering = Arc::clone(broker);
    broker.groups().decide(
        heartbeat.group.as_str(),
        |shard, soft, now| shard.streams_heartbeat(soft, now, &cluster, &heartbeat),
        move |result| reply.send(&response(&answering, result)),
    );
}

/// Whether this cluster has streams groups and this broker serves them.
pub(crate) fn are_served(broker: &Broker) -> bool {
    let enabled = broker.config().settings().groups.streams.enabled;
    enabled && broker.image().feature(STREAMS_VERSION) >= 1
}

fn response(
    broker: &Arc<Broker>,
    result: Result<Result<StreamsHeartbeatReply, GroupError>, Unavailable>,
) -> StreamsGroupHeartbeatResponse {
    match result {
        Ok(Ok(mut reply)) => {
            make_missing(broker, &mut reply);
            answer::answer(reply)
        }
        Ok(Err(error)) => refused(group_error(&error), &error.to_string()),
        Err(why) => refused(unavailable(&why), &why.to_string()),
    }
}

/// Has the group's topics made, and says in the status what could not be.
fn make_missing(broker: &Arc<Broker>, reply: &mut StreamsHeartbeatReply) {
    if reply.missing.is_empty() {
        return;
    }
    let interval = reply.config.as_ref().map_or(Duration::ZERO, |config| config.heartbeat_interval);
    let rest = interval.saturating_mul(FAILURE_REST_HEARTBEAT_COUNT);
    let failures = broker.internal_topics().make(broker, &reply.missing, rest);
    if failures.is_empty() {
        return;
    }
    let is_missing = |status: &&mut Status| status.kind == StatusKind::MissingInternalTopics;
    let Some(status) = reply.statuses.iter_mut().find(is_missing) else { return };
    let named = failures.iter().take(NAMED_FAILURE_COUNT_MAX);
    let named: Vec<String> = named.map(|(name, why)| format!("{name} ({why})")).collect();
    let mut text = named.join(", ");
    let more = failures.len().saturating_sub(NAMED_FAILURE_COUNT_MAX);
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    status.detail.push_str(&format!("; Creation failed: {text}."));
}

fn refused(error: ErrorCode, why: &str) -> StreamsGroupHeartbeatResponse {
    StreamsGroupHeartbeatResponse {
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        ..StreamsGroupHeartbeatResponse::default()
    }
}
