//! The record about the topology of a streams group.

use std::sync::Arc;

use wire::records::group::StreamsGroupTopologyValue;
use wire::records::group::streams_group_topology_value as value;

use crate::{CopartitionGroup, InternalTopic, Subtopology, Topology, TopologyEpoch};

pub(super) fn to_log(topology: &Topology) -> StreamsGroupTopologyValue {
    let texts = |texts: &[Arc<str>]| texts.iter().map(ToString::to_string).collect();
    let topics = |topics: &[InternalTopic]| topics.iter().map(topic_info).collect();
    let group = |group: &CopartitionGroup| value::CopartitionGroup {
        source_topics: group.source_topics.clone(),
        source_topic_regex: group.source_patterns.clone(),
        repartition_source_topics: group.repartition_sources.clone(),
    };
    let part = |(id, part): (&Arc<str>, &Subtopology)| value::Subtopology {
        subtopology_id: id.to_string(),
        source_topics: texts(&part.source_topics),
        source_topic_regex: texts(&part.source_patterns),
        state_changelog_topics: topics(&part.changelogs),
        repartition_sink_topics: texts(&part.repartition_sinks),
        repartition_source_topics: topics(&part.repartition_sources),
        copartition_groups: part.copartition_groups.iter().map(group).collect(),
    };
    StreamsGroupTopologyValue {
        epoch: topology.epoch.to_wire(),
        subtopologies: topology.subtopologies.iter().map(part).collect(),
    }
}

fn topic_info(topic: &InternalTopic) -> value::TopicInfo {
    let configs = topic.configs.iter();
    let config = |(key, value): &(Arc<str>, Arc<str>)| value::TopicConfig {
        key: key.to_string(),
        value: value.to_string(),
    };
    value::TopicInfo {
        name: topic.name.to_string(),
        partitions: topic.partition_count.map_or(0, |count| i32::try_from(count).unwrap_or(0)),
        replication_factor: topic.replication_factor.unwrap_or(0),
        topic_configs: configs.map(config).collect(),
    }
}

pub(super) fn from_log(value: StreamsGroupTopologyValue) -> Topology {
    let texts =
        |texts: Vec<String>| -> Vec<Arc<str>> { texts.into_iter().map(Into::into).collect() };
    let topics =
        |topics: Vec<value::TopicInfo>| topics.into_iter().map(internal_topic).collect::<Vec<_>>();
    let group = |group: value::CopartitionGroup| CopartitionGroup {
        source_topics: group.source_topics,
        source_patterns: group.source_topic_regex,
        repartition_sources: group.repartition_source_topics,
    };
    let part = |part: value::Subtopology| {
        let subtopology = Subtopology {
            source_topics: texts(part.source_topics),
            source_patterns: texts(part.source_topic_regex),
            changelogs: topics(part.state_changelog_topics),
            repartition_sinks: texts(part.repartition_sink_topics),
            repartition_sources: topics(part.repartition_source_topics),
            copartition_groups: part.copartition_groups.into_iter().map(group).collect(),
        };
        (part.subtopology_id.into(), subtopology)
    };
    Topology {
        epoch: TopologyEpoch::from_wire(value.epoch).unwrap_or_default(),
        subtopologies: value.subtopologies.into_iter().map(part).collect(),
    }
}

fn internal_topic(topic: value::TopicInfo) -> InternalTopic {
    let configs = topic.topic_configs.into_iter();
    InternalTopic {
        name: topic.name.into(),
        partition_count: u32::try_from(topic.partitions).ok().filter(|count| *count > 0),
        replication_factor: Some(topic.replication_factor).filter(|factor| *factor != 0),
        configs: configs.map(|config| (config.key.into(), config.value.into())).collect(),
    }
}
