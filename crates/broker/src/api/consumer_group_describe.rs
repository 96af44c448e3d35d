use std::sync::Arc;

use group::{Assignment, ConsumerDescription, ConsumerGroupDescription, GroupShard};
use metadata::Image;
use wire::ErrorCode;
use wire::messages::consumer_group_describe_response::{
    Assignment as WireAssignment, DescribedGroup, Member, TopicPartitions,
};
use wire::messages::{ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse};

use crate::api::consumer_group_heartbeat::are_served;
use crate::api::describe_each::{Describe, describe_each};
use crate::api::describe_groups::ALL_OPERATIONS;
use crate::{Broker, ReplyTo, Request};

/// How a member is called that speaks the classic protocol, and one that speaks the new one (KIP-1099).
const CLASSIC_MEMBER: i8 = 0;
const CONSUMER_MEMBER: i8 = 1;

pub fn handle(
    broker: &Arc<Broker>,
    request: Request<ConsumerGroupDescribeRequest>,
    reply: ReplyTo,
) {
    let message = request.message;
    let served = are_served(broker);
    let operations = message.include_authorized_operations.then_some(ALL_OPERATIONS);
    let how = Describe { served, find: GroupShard::describe_consumer_group, refused };
    let image = broker.image();
    let described = move |name, group| described(&image, name, operations, group);
    describe_each(broker, message.group_ids, how, described, move |groups| {
        let default = ConsumerGroupDescribeResponse::default();
        reply.send(&ConsumerGroupDescribeResponse { groups, ..default });
    });
}

fn described(
    image: &Image,
    group_id: String,
    operations: Option<i32>,
    group: ConsumerGroupDescription,
) -> DescribedGroup {
    let default = DescribedGroup::default();
    DescribedGroup {
        error_message: None,
        group_id,
        group_state: group.state.name().to_owned(),
        group_epoch: group.epoch.to_wire(),
        assignment_epoch: group.assignment_epoch.to_wire(),
        assignor_name: group.assignor.name().to_owned(),
        members: group.members.into_iter().map(|member| described_member(image, member)).collect(),
        authorized_operations: operations.unwrap_or(default.authorized_operations),
        ..default
    }
}

fn described_member(image: &Image, member: ConsumerDescription) -> Member {
    let text = |text: &Arc<str>| text.to_string();
    let metadata = &member.metadata;
    Member {
        member_id: member.id.as_str().to_owned(),
        instance_id: metadata.instance.as_ref().map(|id| id.as_str().to_owned()),
        rack_id: metadata.rack.as_ref().map(text),
        member_epoch: member.epoch.to_wire(),
        client_id: metadata.client.id.to_string(),
        client_host: metadata.client.host.to_string(),
        subscribed_topic_names: metadata.topics.iter().map(text).collect(),
        subscribed_topic_regex: metadata.pattern.as_ref().map(text),
        assignment: assignment(image, &member.assignment),
        target_assignment: assignment(image, &member.target),
        member_type: match metadata.classic {
            Some(_) => CLASSIC_MEMBER,
            None => CONSUMER_MEMBER,
        },
    }
}

/// A topic that is gone is left out: it has no name.
fn assignment(image: &Image, assignment: &Assignment) -> WireAssignment {
    let topics = assignment.topics().filter_map(|(topic, indexes)| {
        Some(TopicPartitions {
            topic_id: topic.uuid(),
            topic_name: image.topic_name(topic)?.as_str().to_owned(),
            partitions: indexes.iter().map(|index| index.to_wire()).collect(),
        })
    });
    WireAssignment { topic_partitions: topics.collect() }
}

fn refused(group_id: String, error: ErrorCode, why: &str) -> DescribedGroup {
    DescribedGroup {
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        group_id,
        ..DescribedGroup::default()
    }
}
