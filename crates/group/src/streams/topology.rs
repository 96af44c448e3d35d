use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::members_size::{MEMBER_OVERHEAD, NAME_OVERHEAD, names_size};

/// Counts the shapes that an application's topology has had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopologyEpoch(i32);

impl TopologyEpoch {
    /// `None` for a negative number: on the wire, -1 means "none".
    pub const fn from_wire(raw: i32) -> Option<Self> {
        if raw >= 0 { Some(Self(raw)) } else { None }
    }

    pub const fn to_wire(self) -> i32 {
        self.0
    }
}

impl fmt::Display for TopologyEpoch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What an application reads, keeps and passes on, as its members describe it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Topology {
    pub epoch: TopologyEpoch,
    pub subtopologies: BTreeMap<Arc<str>, Subtopology>,
}

/// A connected part of a topology; it is worked on in tasks, one for each partition number of its sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subtopology {
    pub source_topics: Vec<Arc<str>>,
    /// Kept as a log has them; members that send some are refused, as by Apache Kafka 4.4.
    pub source_patterns: Vec<Arc<str>>,
    pub changelogs: Vec<InternalTopic>,
    /// Repartition topics that it writes to.
    pub repartition_sinks: Vec<Arc<str>>,
    /// Repartition topics that it reads.
    pub repartition_sources: Vec<InternalTopic>,
    pub copartition_groups: Vec<CopartitionGroup>,
}

impl Subtopology {
    fn size(&self) -> usize {
        let topics = self.changelogs.iter().chain(&self.repartition_sources);
        let groups = self.copartition_groups.iter().map(CopartitionGroup::size);
        names_size(self.source_topics.iter().chain(&self.source_patterns))
            + names_size(&self.repartition_sinks)
            + topics.map(InternalTopic::size).sum::<usize>()
            + groups.sum::<usize>()
            + MEMBER_OVERHEAD
    }
}

/// A topic that the application has for itself, and that the coordinator makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InternalTopic {
    pub name: Arc<str>,
    /// `None`: it follows from the topics before it.
    pub partition_count: Option<u32>,
    /// `None`: the brokers' default.
    pub replication_factor: Option<i16>,
    pub configs: Vec<(Arc<str>, Arc<str>)>,
}

impl InternalTopic {
    fn size(&self) -> usize {
        let texts = self.configs.iter().flat_map(|(name, value)| [name, value]);
        NAME_OVERHEAD + names_size([&self.name]) + names_size(texts)
    }
}

/// Sources that must have as many partitions as each other, by their places in the lists of their subtopology.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopartitionGroup {
    pub source_topics: Vec<i16>,
    pub source_patterns: Vec<i16>,
    pub repartition_sources: Vec<i16>,
}

impl CopartitionGroup {
    fn size(&self) -> usize {
        let lists = [&self.source_topics, &self.source_patterns, &self.repartition_sources];
        NAME_OVERHEAD + lists.iter().map(|list| list.len() * size_of::<i16>()).sum::<usize>()
    }
}

impl Topology {
    /// Bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        self.subtopologies.iter().map(|(id, part)| NAME_OVERHEAD + id.len() + part.size()).sum()
    }

    /// The subtopology that reads a topic.
    pub(crate) fn reader_of(&self, topic: &str) -> Option<&Arc<str>> {
        let reads =
            |(_, part): &(&Arc<str>, &Subtopology)| part.reads().any(|name| **name == *topic);
        self.subtopologies.iter().find(reads).map(|(id, _)| id)
    }

    /// All topics that must be there, those that the coordinator makes too.
    pub(crate) fn required_topics(&self) -> impl Iterator<Item = &Arc<str>> {
        let parts = self.subtopologies.values();
        parts.flat_map(|part| part.reads().chain(part.changelogs.iter().map(|topic| &topic.name)))
    }
}

impl Subtopology {
    /// The topics that it reads, repartition topics too.
    pub(crate) fn reads(&self) -> impl Iterator<Item = &Arc<str>> {
        self.source_topics.iter().chain(self.repartition_sources.iter().map(|topic| &topic.name))
    }
}
