use std::collections::BTreeSet;

use model::TopicPartition;
use wire::messages::{
    ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, DescribeGroupsRequest,
    DescribeGroupsResponse, ShareGroupDescribeRequest, ShareGroupDescribeResponse,
    StreamsGroupDescribeRequest, StreamsGroupDescribeResponse,
    consumer_group_describe_response as consumer, describe_groups_response as classic,
    share_group_describe_response as share, streams_group_describe_response as streams,
};
use wire::{ErrorCode, Request};

use super::description::{
    GroupDescription, GroupKind, GroupMember, InternalTopic, StreamsMember, Subtopology, Tasks,
    Topology,
};
use super::{assignment, place, subject};
use crate::error_map::Refused;
use crate::{Client, Result, Target};

/// An answer that describes groups.
trait Describes {
    type Group: Into<GroupDescription>;

    /// What is told, each with its code and the broker's words.
    fn codes(&self) -> Vec<(i16, Option<&str>)>;
    fn into_first(self) -> Option<Self::Group>;
}

macro_rules! describes {
    ($($response:ty, $group:ty;)*) => {$(
        impl Describes for $response {
            type Group = $group;

            fn codes(&self) -> Vec<(i16, Option<&str>)> {
                self.groups.iter().map(|it| (it.error_code, it.error_message.as_deref())).collect()
            }

            fn into_first(self) -> Option<$group> {
                self.groups.into_iter().next()
            }
        }
    )*};
}

describes! {
    ConsumerGroupDescribeResponse, consumer::DescribedGroup;
    DescribeGroupsResponse, classic::DescribedGroup;
    ShareGroupDescribeResponse, share::DescribedGroup;
    StreamsGroupDescribeResponse, streams::DescribedGroup;
}

impl Client {
    /// A group of any kind with its members. That there is none of this name is an error.
    pub async fn describe_group(&self, group: &str) -> Result<GroupDescription> {
        let coordinator = self.led_coordinator(group).await?;
        let names = || vec![group.to_owned()];
        let consumer = ConsumerGroupDescribeRequest { group_ids: names(), ..Default::default() };
        let streams = StreamsGroupDescribeRequest { group_ids: names(), ..Default::default() };
        let share = ShareGroupDescribeRequest { group_ids: names(), ..Default::default() };
        let classic = DescribeGroupsRequest { groups: names(), ..Default::default() };
        let mut found = self.describe_as(group, &consumer).await?;
        if found.is_none() {
            found = self.describe_as(group, &streams).await?;
        }
        if found.is_none() {
            found = self.describe_as(group, &share).await?;
        }
        if found.is_none() {
            // Older brokers say `Dead` of a group that does not exist.
            let described = self.describe_as(group, &classic).await?;
            found = described.filter(|it| it.state != "Dead");
        }
        let missing = Refused::check(ErrorCode::GroupIdNotFound.code(), subject(group), None);
        let found =
            found.ok_or(()).or_else(|()| missing.map(|()| GroupDescription::none(group)))?;
        Ok(GroupDescription { coordinator, ..found })
    }

    /// `None` if the broker knows no such kind of groups, or this group is of another.
    async fn describe_as<R>(&self, group: &str, request: &R) -> Result<Option<GroupDescription>>
    where
        R: Request,
        R::Response: Describes,
    {
        let target = Target::Coordinator(group);
        if !self.offers::<R>(target).await? {
            return Ok(None);
        }
        let code_of = |response: &R::Response| {
            for (code, message) in response.codes() {
                Refused::check(code, subject(group), message)?;
            }
            Ok(())
        };
        match self.request(target, request, code_of).await {
            Ok(response) => Ok(response.into_first().map(Into::into)),
            Err(error) => match error.code() {
                Some(ErrorCode::GroupIdNotFound | ErrorCode::UnsupportedVersion) => Ok(None),
                _ => Err(error),
            },
        }
    }
}

impl GroupDescription {
    fn none(group: &str) -> Self {
        Self {
            group: group.to_owned(),
            kind: GroupKind::Classic,
            state: String::new(),
            protocol_type: String::new(),
            protocol: String::new(),
            coordinator: -1,
            epoch: None,
            assignment_epoch: None,
            topology: None,
            members: Vec::new(),
        }
    }
}

impl From<classic::DescribedGroup> for GroupDescription {
    fn from(it: classic::DescribedGroup) -> Self {
        let is_consumer = it.protocol_type == "consumer";
        let member = |it: classic::DescribedGroupMember| GroupMember {
            assignment: match is_consumer {
                true => assignment(&it.member_assignment).into_iter().collect(),
                false => BTreeSet::new(),
            },
            id: it.member_id,
            instance_id: it.group_instance_id,
            client_id: it.client_id,
            host: it.client_host,
            ..GroupMember::default()
        };
        Self {
            state: it.group_state,
            protocol_type: it.protocol_type,
            protocol: it.protocol_data,
            members: it.members.into_iter().map(member).collect(),
            ..Self::none(&it.group_id)
        }
    }
}

impl From<consumer::DescribedGroup> for GroupDescription {
    fn from(it: consumer::DescribedGroup) -> Self {
        let places = |it: consumer::Assignment| {
            let topics = it.topic_partitions.into_iter();
            places(topics.map(|topic| (topic.topic_name, topic.partitions)))
        };
        let member = |it: consumer::Member| GroupMember {
            id: it.member_id,
            instance_id: it.instance_id,
            rack_id: it.rack_id,
            client_id: it.client_id,
            host: it.client_host,
            epoch: Some(it.member_epoch),
            is_classic: it.member_type == 0,
            topics: it.subscribed_topic_names,
            pattern: it.subscribed_topic_regex.filter(|pattern| !pattern.is_empty()),
            assignment: places(it.assignment),
            target: places(it.target_assignment),
            streams: None,
        };
        Self {
            kind: GroupKind::Consumer,
            state: it.group_state,
            protocol_type: "consumer".to_owned(),
            protocol: it.assignor_name,
            epoch: Some(it.group_epoch),
            assignment_epoch: Some(it.assignment_epoch),
            members: it.members.into_iter().map(member).collect(),
            ..Self::none(&it.group_id)
        }
    }
}

impl From<share::DescribedGroup> for GroupDescription {
    fn from(it: share::DescribedGroup) -> Self {
        let places = |it: share::Assignment| {
            let topics = it.topic_partitions.into_iter();
            places(topics.map(|topic| (topic.topic_name, topic.partitions)))
        };
        let member = |it: share::Member| GroupMember {
            id: it.member_id,
            rack_id: it.rack_id,
            client_id: it.client_id,
            host: it.client_host,
            epoch: Some(it.member_epoch),
            topics: it.subscribed_topic_names,
            assignment: places(it.assignment),
            ..GroupMember::default()
        };
        Self {
            kind: GroupKind::Share,
            state: it.group_state,
            protocol_type: "share".to_owned(),
            protocol: it.assignor_name,
            epoch: Some(it.group_epoch),
            assignment_epoch: Some(it.assignment_epoch),
            members: it.members.into_iter().map(member).collect(),
            ..Self::none(&it.group_id)
        }
    }
}

impl From<streams::DescribedGroup> for GroupDescription {
    fn from(it: streams::DescribedGroup) -> Self {
        let topology = it.topology.map(topology);
        let members = it.members.into_iter().map(|it| streams_member(it, topology.as_ref()));
        Self {
            kind: GroupKind::Streams,
            state: it.group_state,
            protocol_type: "streams".to_owned(),
            protocol: it.assignor_name.unwrap_or_default(),
            epoch: Some(it.group_epoch),
            assignment_epoch: Some(it.assignment_epoch),
            members: members.collect(),
            topology,
            ..Self::none(&it.group_id)
        }
    }
}

fn places(topics: impl Iterator<Item = (String, Vec<i32>)>) -> BTreeSet<TopicPartition> {
    topics
        .flat_map(|(topic, partitions)| {
            partitions.into_iter().filter_map(move |index| place(&topic, index))
        })
        .collect()
}

fn topology(it: streams::Topology) -> Topology {
    let topic = |it: streams::TopicInfo| InternalTopic {
        name: it.name,
        partition_count: (it.partitions > 0).then_some(it.partitions),
        replication_factor: (it.replication_factor > 0).then_some(it.replication_factor),
    };
    let subtopology = |it: streams::Subtopology| Subtopology {
        id: it.subtopology_id,
        source_topics: it.source_topics,
        repartition_sink_topics: it.repartition_sink_topics,
        changelog_topics: it.state_changelog_topics.into_iter().map(topic).collect(),
        repartition_source_topics: it.repartition_source_topics.into_iter().map(topic).collect(),
    };
    let subtopologies = it.subtopologies.unwrap_or_default();
    Topology {
        epoch: it.epoch,
        subtopologies: subtopologies.into_iter().map(subtopology).collect(),
    }
}

fn streams_member(it: streams::Member, topology: Option<&Topology>) -> GroupMember {
    let (tasks, target_tasks) = (tasks(it.assignment), tasks(it.target_assignment));
    let read = |tasks: &Tasks| topology.map(|it| it.read_by(tasks)).unwrap_or_default();
    GroupMember {
        id: it.member_id,
        instance_id: it.instance_id,
        rack_id: it.rack_id,
        client_id: it.client_id,
        host: it.client_host,
        epoch: Some(it.member_epoch),
        is_classic: it.is_classic,
        assignment: read(&tasks),
        target: read(&target_tasks),
        streams: Some(StreamsMember {
            topology_epoch: it.topology_epoch,
            process_id: it.process_id,
            user_endpoint: it.user_endpoint.map(|it| format!("{}:{}", it.host, it.port)),
            client_tags: it.client_tags.into_iter().map(|tag| (tag.key, tag.value)).collect(),
            tasks,
            target_tasks,
        }),
        ..GroupMember::default()
    }
}

fn tasks(it: streams::Assignment) -> Tasks {
    let role = |tasks: Vec<streams::TaskIds>| {
        tasks.into_iter().map(|it| (it.subtopology_id, it.partitions)).collect()
    };
    Tasks {
        active: role(it.active_tasks),
        standby: role(it.standby_tasks),
        warmup: role(it.warmup_tasks),
    }
}

impl Topology {
    /// What active tasks read. Of a topic with fewer partitions than its subtopology has tasks some do not exist.
    fn read_by(&self, tasks: &Tasks) -> BTreeSet<TopicPartition> {
        let of = |(id, indexes): (&String, &Vec<i32>)| {
            let subtopology = self.subtopologies.iter().find(|it| it.id == *id);
            let topics = subtopology.map(Subtopology::read_topics).unwrap_or_default();
            let named = topics.into_iter().map(|topic| (topic.to_owned(), indexes.clone()));
            places(named)
        };
        tasks.active.iter().flat_map(of).collect()
    }
}
