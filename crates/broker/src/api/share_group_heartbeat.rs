use std::collections::BTreeMap;
use std::sync::Arc;

use group::{
    Assignment, GroupError, GroupId, MemberId, ShareHeartbeat, ShareHeartbeatReply, Standing,
    StateToInitialize,
};
use model::PartitionId;
use wire::ErrorCode;
use wire::messages::share_group_heartbeat_response::{
    Assignment as WireAssignment, TopicPartitions,
};
use wire::messages::{ShareGroupHeartbeatRequest, ShareGroupHeartbeatResponse};

use crate::cluster_view::ClusterView;
use crate::coordinator::Unavailable;
use crate::error_map::{group_error, unavailable};
use crate::shares::{are_served, initialize_states};
use crate::{Broker, ReplyTo, Request};

/// Members choose their ids themselves; Kafka takes as many bytes as a UUID in its long form has.
const MEMBER_ID_SIZE_MAX: usize = 36;

/// A member of a share group reports (KIP-932).
pub fn handle(broker: &Arc<Broker>, request: Request<ShareGroupHeartbeatRequest>, reply: ReplyTo) {
    if !are_served(broker) {
        let why = "share groups are not switched on";
        return reply.send(&refused(ErrorCode::UnsupportedVersion, why));
    }
    match parse(request) {
        Ok(heartbeat) => decide(broker, heartbeat, Asked::First, reply),
        Err(why) => reply.send(&refused(ErrorCode::InvalidRequest, why)),
    }
}

/// Whether partitions may be set up on behalf of this request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    First,
    Again,
}

/// Where a report has partitions set up it is decided once more after that, so that its member has something to read at
/// once and not with its next report.
fn decide(broker: &Arc<Broker>, heartbeat: ShareHeartbeat, asked: Asked, reply: ReplyTo) {
    let cluster = ClusterView::of(broker);
    let answering = Arc::clone(broker);
    let group = heartbeat.group.clone();
    let again = heartbeat.clone();
    broker.groups().decide(
        group.as_str(),
        move |shard, soft, now| shard.share_heartbeat(soft, now, &cluster, &heartbeat),
        move |result| match &result {
            Ok(Ok(ShareHeartbeatReply { to_initialize: Some(wanted), .. }))
                if asked == Asked::First =>
            {
                initialize(&answering, again, wanted, reply);
            }
            _ => reply.send(&response(result)),
        },
    );
}

fn initialize(
    broker: &Arc<Broker>,
    heartbeat: ShareHeartbeat,
    wanted: &StateToInitialize,
    reply: ReplyTo,
) {
    let answering = Arc::clone(broker);
    let group = heartbeat.group.clone();
    initialize_states(broker, &group, wanted, &BTreeMap::new(), move |results| {
        let set_up = results.into_iter().filter_map(|(partition, result)| match result {
            Ok(()) => Some(partition),
            Err(error) => {
                let PartitionId { topic, partition } = partition;
                let group = &heartbeat.group;
                tracing::warn!(%group, %topic, %partition, %error, "set up state of share group");
                None
            }
        });
        let set_up: Assignment = set_up.collect();
        let then = Arc::clone(&answering);
        answering.groups().decide(
            heartbeat.group.clone().as_str(),
            {
                let group = heartbeat.group.clone();
                move |shard, _, _| shard.share_initialized(&group, &set_up)
            },
            move |_| decide(&then, heartbeat, Asked::Again, reply),
        );
    });
}

fn parse(request: Request<ShareGroupHeartbeatRequest>) -> Result<ShareHeartbeat, &'static str> {
    let Request { message, client, .. } = request;
    if message.group_id.trim().is_empty() {
        return Err("the group id must not be empty");
    }
    let member = MemberId::new(&message.member_id).filter(|_| !message.member_id.trim().is_empty());
    if message.member_id.len() > MEMBER_ID_SIZE_MAX {
        return Err("the member id is too long");
    }
    if message.rack_id.as_ref().is_some_and(|rack| rack.trim().is_empty()) {
        return Err("the rack id must not be empty");
    }
    let standing = Standing::from_wire(message.member_epoch)
        .filter(|standing| *standing != Standing::Pausing)
        .ok_or("the member epoch means nothing")?;
    let names = message.subscribed_topic_names;
    if standing == Standing::Joining && names.as_ref().is_none_or(Vec::is_empty) {
        return Err("a member that joins must give names of topics");
    }
    Ok(ShareHeartbeat {
        group: GroupId::new(&message.group_id).ok_or("the group id is too long")?,
        member: member.ok_or("the member id must not be empty")?,
        standing,
        rack: message.rack_id.map(Into::into),
        client: group::Client {
            host: client.host().into(),
            id: client.id.unwrap_or_default().into(),
        },
        topics: names.map(|names| names.into_iter().map(Into::into).collect()),
    })
}

fn response(
    result: Result<Result<ShareHeartbeatReply, GroupError>, Unavailable>,
) -> ShareGroupHeartbeatResponse {
    match result {
        Ok(Ok(reply)) => ShareGroupHeartbeatResponse {
            member_id: Some(reply.member.as_str().to_owned()),
            member_epoch: reply.epoch,
            heartbeat_interval_ms: i32::try_from(reply.heartbeat_interval.as_millis())
                .unwrap_or(i32::MAX),
            assignment: reply.assignment.as_ref().map(assignment),
            ..ShareGroupHeartbeatResponse::default()
        },
        Ok(Err(error)) => refused(group_error(&error), &error.to_string()),
        Err(why) => refused(unavailable(&why), &why.to_string()),
    }
}

fn assignment(assignment: &Assignment) -> WireAssignment {
    let topics = assignment.topics().map(|(topic, indexes)| TopicPartitions {
        topic_id: topic.uuid(),
        partitions: indexes.iter().map(|index| index.to_wire()).collect(),
    });
    WireAssignment { topic_partitions: topics.collect() }
}

fn refused(error: ErrorCode, why: &str) -> ShareGroupHeartbeatResponse {
    ShareGroupHeartbeatResponse {
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        ..ShareGroupHeartbeatResponse::default()
    }
}
