use std::sync::Arc;

use group::{Assignment, GroupShard, ShareGroupDescription, ShareMemberDescription};
use metadata::Image;
use wire::ErrorCode;
use wire::messages::share_group_describe_response::{
    Assignment as WireAssignment, DescribedGroup, Member, TopicPartitions,
};
use wire::messages::{ShareGroupDescribeRequest, ShareGroupDescribeResponse};

use crate::api::describe_each::{Describe, describe_each};
use crate::api::describe_groups::ALL_OPERATIONS;
use crate::shares::are_served;
use crate::{Broker, ReplyTo, Request};

/// The only assignor that there is.
const ASSIGNOR: &str = "simple";

pub fn handle(broker: &Arc<Broker>, request: Request<ShareGroupDescribeRequest>, reply: ReplyTo) {
    let message = request.message;
    let served = are_served(broker);
    let operations = message.include_authorized_operations.then_some(ALL_OPERATIONS);
    let how = Describe { served, find: GroupShard::describe_share_group, refused };
    let image = broker.image();
    let described = move |name, group| described(&image, name, operations, group);
    describe_each(broker, message.group_ids, how, described, move |groups| {
        let default = ShareGroupDescribeResponse::default();
        reply.send(&ShareGroupDescribeResponse { groups, ..default });
    });
}

fn described(
    image: &Image,
    group_id: String,
    operations: Option<i32>,
    group: ShareGroupDescription,
) -> DescribedGroup {
    let default = DescribedGroup::default();
    DescribedGroup {
        group_id,
        group_state: group.state.name().to_owned(),
        group_epoch: group.epoch.to_wire(),
        assignment_epoch: group.assignment_epoch.to_wire(),
        assignor_name: ASSIGNOR.to_owned(),
        members: group.members.into_iter().map(|member| described_member(image, member)).collect(),
        authorized_operations: operations.unwrap_or(default.authorized_operations),
        ..default
    }
}

fn described_member(image: &Image, described: ShareMemberDescription) -> Member {
    let text = |text: &Arc<str>| text.to_string();
    let member = &described.member;
    Member {
        member_id: described.id.as_str().to_owned(),
        rack_id: member.rack.as_ref().map(text),
        member_epoch: described.epoch.to_wire(),
        client_id: member.client.id.to_string(),
        client_host: member.client.host.to_string(),
        subscribed_topic_names: member.topics.iter().map(text).collect(),
        assignment: assignment(image, &described.assignment),
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
