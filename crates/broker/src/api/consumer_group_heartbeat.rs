use std::sync::Arc;
use std::time::Duration;

use group::{
    Assignment, ConsumerHeartbeat, ConsumerHeartbeatReply, GroupError, GroupId, InstanceId,
    MemberId, Standing,
};
use model::{PartitionId, PartitionIndex, TopicId};
use wire::ErrorCode;
use wire::messages::consumer_group_heartbeat_request::TopicPartitions as OwnedTopic;
use wire::messages::consumer_group_heartbeat_response::{
    Assignment as WireAssignment, TopicPartitions,
};
use wire::messages::{ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse};

use crate::cluster_view::ClusterView;
use crate::coordinator::Unavailable;
use crate::error_map::{group_error, unavailable};
use crate::features::GROUP_VERSION;
use crate::{Broker, ReplyTo, Request};

/// From this version on clients make their ids themselves (KIP-1082).
const CLIENT_MEMBER_ID_VERSION_MIN: i16 = 1;

/// A member of a consumer group reports (KIP-848).
pub fn handle(
    broker: &Arc<Broker>,
    request: Request<ConsumerGroupHeartbeatRequest>,
    reply: ReplyTo,
) {
    if !are_served(broker) {
        let why = "consumer groups are not switched on";
        return reply.send(&refused(ErrorCode::UnsupportedVersion, why));
    }
    let group_id = request.message.group_id.clone();
    let heartbeat = match parse(request) {
        Ok(heartbeat) => heartbeat,
        Err(why) => return reply.send(&refused(ErrorCode::InvalidRequest, why)),
    };
    let config = broker.config();
    let known = &config.settings().groups.consumer.assignors;
    if heartbeat.assignor.as_deref().is_some_and(|name| !known.iter().any(|it| it == name)) {
        let error = GroupError::UnsupportedAssignor;
        return reply.send(&refused(group_error(&error), &error.to_string()));
    }
    let cluster = ClusterView::of(broker);
    broker.groups().decide(
        &group_id,
        |shard, soft, now| shard.consumer_heartbeat(soft, now, &cluster, &heartbeat),
        move |result| reply.send(&response(result)),
    );
}

/// Whether this cluster has consumer groups and this broker serves them.
pub(crate) fn are_served(broker: &Broker) -> bool {
    broker.config().settings().groups.consumer.enabled && broker.image().feature(GROUP_VERSION) >= 1
}

fn parse(
    request: Request<ConsumerGroupHeartbeatRequest>,
) -> Result<ConsumerHeartbeat, &'static str> {
    let Request { version, message, client } = request;
    let is_given = |text: &Option<String>| text.as_ref().is_none_or(|text| !text.trim().is_empty());
    let standing = Standing::from_wire(message.member_epoch);
    let has_own_id = version >= CLIENT_MEMBER_ID_VERSION_MIN || message.member_epoch != 0;
    if message.group_id.trim().is_empty() {
        return Err("the group id must not be empty");
    }
    if has_own_id && message.member_id.trim().is_empty() {
        return Err("the member id must not be empty");
    }
    if !is_given(&message.instance_id) {
        return Err("the instance id must not be empty");
    }
    if !is_given(&message.rack_id) {
        return Err("the rack id must not be empty");
    }
    let standing = standing.ok_or("the member epoch means nothing")?;
    match standing {
        Standing::Joining => check_join(&message)?,
        Standing::Pausing if message.instance_id.is_none() => {
            return Err("a member that pauses must have an instance id");
        }
        Standing::Pausing | Standing::Leaving | Standing::Member(_) => {}
    }
    let text = |text: Option<String>| text.map(Into::into);
    let owned = message.topic_partitions.map(|topics| topics.into_iter().flat_map(owned).collect());
    Ok(ConsumerHeartbeat {
        group: GroupId::new(&message.group_id).ok_or("the group id is too long")?,
        member: MemberId::new(&message.member_id),
        standing,
        instance: message.instance_id.as_deref().map(InstanceId::new),
        rack: text(message.rack_id),
        client: group::Client {
            host: client.host().into(),
            id: client.id.unwrap_or_default().into(),
        },
        rebalance_timeout: u64::try_from(message.rebalance_timeout_ms)
            .ok()
            .map(Duration::from_millis),
        topics: message
            .subscribed_topic_names
            .map(|names| names.into_iter().map(Into::into).collect()),
        pattern: text(message.subscribed_topic_regex),
        assignor: text(message.server_assignor),
        owned,
    })
}

/// Who joins says everything about itself, and holds nothing.
fn check_join(message: &ConsumerGroupHeartbeatRequest) -> Result<(), &'static str> {
    if message.rebalance_timeout_ms == -1 {
        return Err("a member that joins must give its rebalance timeout");
    }
    if message.topic_partitions.as_ref().is_none_or(|topics| !topics.is_empty()) {
        return Err("a member that joins must hold no partitions, and say so");
    }
    if message.subscribed_topic_names.is_none() && message.subscribed_topic_regex.is_none() {
        return Err("a member that joins must give names or a pattern of topics");
    }
    Ok(())
}

fn owned(topic: OwnedTopic) -> impl Iterator<Item = PartitionId> {
    let id = TopicId::new(topic.topic_id);
    topic.partitions.into_iter().filter_map(move |raw| {
        Some(PartitionId { topic: id?, partition: PartitionIndex::from_wire(raw)? })
    })
}

fn response(
    result: Result<Result<ConsumerHeartbeatReply, GroupError>, Unavailable>,
) -> ConsumerGroupHeartbeatResponse {
    match result {
        Ok(Ok(reply)) => ConsumerGroupHeartbeatResponse {
            member_id: Some(reply.member.as_str().to_owned()),
            member_epoch: reply.epoch,
            heartbeat_interval_ms: i32::try_from(reply.heartbeat_interval.as_millis())
                .unwrap_or(i32::MAX),
            assignment: reply.assignment.as_ref().map(assignment),
            error_message: None,
            ..ConsumerGroupHeartbeatResponse::default()
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

fn refused(error: ErrorCode, why: &str) -> ConsumerGroupHeartbeatResponse {
    ConsumerGroupHeartbeatResponse {
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        member_id: None,
        assignment: None,
        ..ConsumerGroupHeartbeatResponse::default()
    }
}
