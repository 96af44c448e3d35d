use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use group::{
    ConfiguredSubtopology, ConfiguredTopic, DescribedTopology, GroupShard, InternalTopic,
    StreamsDescription, StreamsGroupDescription, Subtopology, TaskId, Tasks, TopologyEpoch,
    by_subtopology,
};
use wire::ErrorCode;
use wire::messages::streams_group_describe_response as response;
use wire::messages::{StreamsGroupDescribeRequest, StreamsGroupDescribeResponse};

use crate::api::describe_each::{Describe, describe_each};
use crate::api::describe_groups::ALL_OPERATIONS;
use crate::api::streams_group_heartbeat::are_served;
use crate::{Broker, ReplyTo, Request};

/// What is said about a topology's description (KIP-1331): nobody asked, or nobody keeps one.
const NOT_REQUESTED: i8 = 0;
const NOT_STORED: i8 = 1;

pub fn handle(broker: &Arc<Broker>, request: Request<StreamsGroupDescribeRequest>, reply: ReplyTo) {
    let message = request.message;
    let served = are_served(broker);
    let asked = Asked {
        operations: message.include_authorized_operations.then_some(ALL_OPERATIONS),
        description: if message.include_topology_description { NOT_STORED } else { NOT_REQUESTED },
    };
    let how = Describe { served, find: GroupShard::describe_streams_group, refused };
    let described = move |name, group| described(name, asked, group);
    describe_each(broker, message.group_ids, how, described, move |groups| {
        let default = StreamsGroupDescribeResponse::default();
        reply.send(&StreamsGroupDescribeResponse { groups, ..default });
    });
}

#[derive(Clone, Copy)]
struct Asked {
    operations: Option<i32>,
    description: i8,
}

fn described(
    group_id: String,
    asked: Asked,
    group: StreamsGroupDescription,
) -> response::DescribedGroup {
    let default = response::DescribedGroup::default();
    response::DescribedGroup {
        error_message: None,
        group_id,
        group_state: group.state.name().to_owned(),
        group_epoch: group.epoch.to_wire(),
        assignment_epoch: group.assignment_epoch.to_wire(),
        topology: group.topology.as_ref().map(topology),
        members: group.members.iter().map(member).collect(),
        authorized_operations: asked.operations.unwrap_or(default.authorized_operations),
        topology_description_status: asked.description,
        assignor_name: Some(group.assignor.to_owned()),
        ..default
    }
}

fn topology(topology: &DescribedTopology) -> response::Topology {
    let (epoch, parts): (TopologyEpoch, Vec<_>) = match topology {
        DescribedTopology::Said(said) => {
            (said.epoch, said.subtopologies.iter().map(|(id, part)| said_part(id, part)).collect())
        }
        DescribedTopology::Configured(configured) => {
            let parts = configured.subtopologies.iter().flatten();
            (configured.epoch, parts.map(|(id, part)| configured_part(id, part)).collect())
        }
    };
    response::Topology { epoch: epoch.to_wire(), subtopologies: Some(parts) }
}

fn said_part(id: &str, part: &Subtopology) -> response::Subtopology {
    let topics = |topics: &[InternalTopic]| {
        let by_name: BTreeMap<_, _> = topics.iter().map(|topic| (&topic.name, topic)).collect();
        let info = |(name, topic): (&Arc<str>, &InternalTopic)| response::TopicInfo {
            name: name.to_string(),
            partitions: topic.partition_count.map_or(0, |count| i32::try_from(count).unwrap_or(0)),
            replication_factor: topic.replication_factor.unwrap_or(0),
            topic_configs: topic.configs.iter().map(|(key, value)| setting(key, value)).collect(),
        };
        by_name.into_iter().map(info).collect()
    };
    response::Subtopology {
        subtopology_id: id.to_owned(),
        source_topics: sorted(&part.source_topics),
        repartition_sink_topics: sorted(&part.repartition_sinks),
        state_changelog_topics: topics(&part.changelogs),
        repartition_source_topics: topics(&part.repartition_sources),
    }
}

fn configured_part(id: &str, part: &ConfiguredSubtopology) -> response::Subtopology {
    let topics = |topics: &BTreeMap<Arc<str>, ConfiguredTopic>| {
        let info = |(name, topic): (&Arc<str>, &ConfiguredTopic)| response::TopicInfo {
            name: name.to_string(),
            partitions: i32::try_from(topic.partition_count).unwrap_or(i32::MAX),
            replication_factor: topic.replication_factor.unwrap_or(0),
            topic_configs: topic.configs.iter().map(|(key, value)| setting(key, value)).collect(),
        };
        topics.iter().map(info).collect()
    };
    response::Subtopology {
        subtopology_id: id.to_owned(),
        source_topics: sorted(&part.source_topics),
        repartition_sink_topics: sorted(&part.repartition_sinks),
        state_changelog_topics: topics(&part.changelogs),
        repartition_source_topics: topics(&part.repartition_sources),
    }
}

fn sorted<'a>(names: impl IntoIterator<Item = &'a Arc<str>>) -> Vec<String> {
    let names: BTreeSet<&Arc<str>> = names.into_iter().collect();
    names.into_iter().map(ToString::to_string).collect()
}

fn setting(key: &str, value: &str) -> response::KeyValue {
    response::KeyValue { key: key.to_owned(), value: value.to_owned() }
}

fn member(member: &StreamsDescription) -> response::Member {
    let metadata = &member.metadata;
    response::Member {
        member_id: member.id.as_str().to_owned(),
        member_epoch: member.epoch.to_wire(),
        instance_id: metadata.instance.as_ref().map(|id| id.as_str().to_owned()),
        rack_id: metadata.rack.as_ref().map(ToString::to_string),
        client_id: metadata.client.id.to_string(),
        client_host: metadata.client.host.to_string(),
        topology_epoch: metadata.topology_epoch.map_or(-1, TopologyEpoch::to_wire),
        process_id: metadata.process.to_string(),
        user_endpoint: metadata.endpoint.as_ref().map(|endpoint| response::Endpoint {
            host: endpoint.host.to_string(),
            port: endpoint.port,
        }),
        client_tags: metadata.tags.iter().map(|(key, value)| setting(key, value)).collect(),
        task_offsets: offsets(&member.offsets.offsets),
        task_end_offsets: offsets(&member.offsets.end_offsets),
        assignment: assignment(&member.assignment),
        target_assignment: assignment(&member.target),
        is_classic: false,
    }
}

fn offsets(offsets: &BTreeMap<TaskId, i64>) -> Vec<response::TaskOffset> {
    let offset = |(task, offset): (&TaskId, &i64)| response::TaskOffset {
        subtopology_id: task.subtopology.to_string(),
        partition: task.partition.to_wire(),
        offset: *offset,
    };
    offsets.iter().map(offset).collect()
}

fn assignment(tasks: &Tasks) -> response::Assignment {
    let ids = |tasks: &BTreeSet<TaskId>| {
        let parts = by_subtopology(tasks).into_iter();
        let ids = parts.map(|(id, partitions)| response::TaskIds {
            subtopology_id: id.to_string(),
            partitions: partitions.iter().map(|index| index.to_wire()).collect(),
        });
        ids.collect()
    };
    response::Assignment {
        active_tasks: ids(&tasks.active),
        standby_tasks: ids(&tasks.standby),
        warmup_tasks: ids(&tasks.warmup),
    }
}

fn refused(group_id: String, error: ErrorCode, why: &str) -> response::DescribedGroup {
    response::DescribedGroup {
        error_code: error.code(),
        error_message: Some(why.to_owned()),
        group_id,
        ..response::DescribedGroup::default()
    }
}
