use std::collections::BTreeSet;
use std::time::Duration;

use group::{
    EndpointPartitions, Status, StreamsHeartbeatReply, TaskId, TopicPartitions, by_subtopology,
};
use wire::messages::StreamsGroupHeartbeatResponse;
use wire::messages::streams_group_heartbeat_response as response;

pub(super) fn answer(reply: StreamsHeartbeatReply) -> StreamsGroupHeartbeatResponse {
    let default = StreamsGroupHeartbeatResponse::default();
    let millis = |time: Duration| i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
    let config = reply.config.as_ref();
    let tasks = reply.tasks.as_ref();
    StreamsGroupHeartbeatResponse {
        member_id: reply.member.as_str().to_owned(),
        member_epoch: reply.epoch,
        heartbeat_interval_ms: config.map_or(0, |config| millis(config.heartbeat_interval)),
        task_offset_interval_ms: config.map_or(0, |config| millis(config.task_offset_interval)),
        acceptable_recovery_lag: config.map_or(-1, |config| config.acceptable_recovery_lag),
        status: Some(reply.statuses.into_iter().map(status).collect()),
        active_tasks: tasks.map(|tasks| task_ids(&tasks.active)),
        standby_tasks: tasks.map(|tasks| task_ids(&tasks.standby)),
        warmup_tasks: tasks.map(|tasks| task_ids(&tasks.warmup)),
        endpoint_information_epoch: reply.endpoint_epoch,
        partitions_by_user_endpoint: reply
            .endpoints
            .map(|endpoints| endpoints.into_iter().map(endpoint).collect()),
        error_message: None,
        ..default
    }
}

fn status(status: Status) -> response::Status {
    response::Status { status_code: status.kind.to_wire(), status_detail: status.detail }
}

fn task_ids(tasks: &BTreeSet<TaskId>) -> Vec<response::TaskIds> {
    let parts = by_subtopology(tasks).into_iter();
    let ids = parts.map(|(id, partitions)| response::TaskIds {
        subtopology_id: id.to_string(),
        partitions: partitions.iter().map(|index| index.to_wire()).collect(),
    });
    ids.collect()
}

fn endpoint(member: EndpointPartitions) -> response::EndpointToPartitions {
    response::EndpointToPartitions {
        user_endpoint: response::Endpoint {
            host: member.endpoint.host.to_string(),
            port: member.endpoint.port,
        },
        active_partitions: member.active.iter().map(topic).collect(),
        standby_partitions: member.standby.iter().map(topic).collect(),
    }
}

fn topic(topic: &TopicPartitions) -> response::TopicPartition {
    response::TopicPartition {
        topic: topic.topic.to_string(),
        partitions: topic.partitions.iter().map(|index| index.to_wire()).collect(),
    }
}
