//! A topology held against the topics of the cluster: which are missing, how many partitions the internal ones have, and
//! how many tasks each subtopology makes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::partition_counts::{PartitionCounts, badly_partitioned};
use super::{InternalTopic, Status, StatusKind, Subtopology, Topology, TopologyEpoch};
use crate::Cluster;
use crate::consumer::MetadataHash;

/// Names in a status; the rest are counted.
const NAMED_TOPIC_COUNT_MAX: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredTopology {
    pub epoch: TopologyEpoch,
    /// Of the topics that it was held against.
    pub(crate) hash: i64,
    /// `None` while topics are missing that the application does not make, or have wrong numbers of partitions.
    pub subtopologies: Option<BTreeMap<Arc<str>, ConfiguredSubtopology>>,
    pub(crate) missing: Vec<MissingTopic>,
    /// Why the group cannot work; `None` when it can.
    pub(crate) problem: Option<Status>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredSubtopology {
    pub task_count: u32,
    pub source_topics: BTreeSet<Arc<str>>,
    pub repartition_sinks: BTreeSet<Arc<str>>,
    pub repartition_sources: BTreeMap<Arc<str>, ConfiguredTopic>,
    pub changelogs: BTreeMap<Arc<str>, ConfiguredTopic>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredTopic {
    pub partition_count: u32,
    /// `None`: the brokers' default.
    pub replication_factor: Option<i16>,
    pub configs: BTreeMap<Arc<str>, Arc<str>>,
}

/// An internal topic that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingTopic {
    pub name: Arc<str>,
    pub topic: ConfiguredTopic,
}

/// Why a topology cannot be worked with, whatever topics there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTopology {
    #[error(
        "Failed to compute number of partitions for all repartition topics. There may be loops in \
         the topology that cannot be resolved."
    )]
    Loop,
    #[error(
        "Failed to compute number of partitions for all repartition topics, because a repartition \
         source topic is never used as a sink topic."
    )]
    NeverWritten,
    #[error("No source topics found for a subtopology.")]
    NoSources,
    #[error("The number of partitions of a source topic is not known.")]
    UnknownPartitionCount,
    #[error("A copartition group names a source that does not exist.")]
    UnknownSource,
}

/// Why a topology cannot be worked with now.
pub(super) enum Unfit {
    Never(InvalidTopology),
    /// Not with these topics.
    Topics(Status),
}

impl From<InvalidTopology> for Unfit {
    fn from(invalid: InvalidTopology) -> Self {
        Self::Never(invalid)
    }
}

impl ConfiguredTopology {
    /// All topics are there, as they must be.
    pub fn is_ready(&self) -> bool {
        self.problem.is_none() && self.subtopologies.is_some()
    }

    /// The subtopologies, if all their topics are there.
    pub(crate) fn ready(&self) -> Option<&BTreeMap<Arc<str>, ConfiguredSubtopology>> {
        self.subtopologies.as_ref().filter(|_| self.problem.is_none())
    }
}

impl ConfiguredSubtopology {
    /// Its tasks have state that can be rebuilt.
    pub fn is_stateful(&self) -> bool {
        !self.changelogs.is_empty()
    }
}

pub(super) fn configure(
    topology: &Topology,
    hash: i64,
    cluster: &dyn Cluster,
) -> Result<ConfiguredTopology, InvalidTopology> {
    let unfit = |problem| ConfiguredTopology {
        epoch: topology.epoch,
        hash,
        subtopologies: None,
        missing: Vec::new(),
        problem: Some(problem),
    };
    match fit(topology, cluster) {
        Ok((subtopologies, missing)) => {
            let names = missing.iter().map(|missing| &missing.name);
            let problem = (!missing.is_empty()).then(|| {
                let names = summary(names.collect());
                let detail = format!("Internal topics are missing: {names}");
                StatusKind::MissingInternalTopics.because(detail)
            });
            let epoch = topology.epoch;
            let subtopologies = Some(subtopologies);
            Ok(ConfiguredTopology { epoch, hash, subtopologies, missing, problem })
        }
        Err(Unfit::Topics(problem)) => Ok(unfit(problem)),
        Err(Unfit::Never(invalid)) => Err(invalid),
    }
}

type Fit = (BTreeMap<Arc<str>, ConfiguredSubtopology>, Vec<MissingTopic>);

fn fit(topology: &Topology, cluster: &dyn Cluster) -> Result<Fit, Unfit> {
    let sources = topology.subtopologies.values().flat_map(|part| &part.source_topics);
    let missing: BTreeSet<_> = sources.filter(|name| cluster.topic(name).is_none()).collect();
    if !missing.is_empty() {
        let names = summary(missing.into_iter().collect());
        let detail = format!("Source topics {names} are missing.");
        return Err(Unfit::Topics(StatusKind::MissingSourceTopics.because(detail)));
    }
    let counts = PartitionCounts::decide(topology, cluster)?;
    let mut subtopologies = BTreeMap::new();
    for (id, part) in &topology.subtopologies {
        subtopologies.insert(id.clone(), configured_subtopology(part, &counts)?);
    }
    let internal = subtopologies.values().flat_map(|part: &ConfiguredSubtopology| {
        part.repartition_sources.iter().chain(&part.changelogs)
    });
    let internal: BTreeMap<_, _> = internal.collect();
    let mut missing = Vec::new();
    for (name, topic) in internal {
        match cluster.topic(name) {
            None => missing.push(MissingTopic { name: name.clone(), topic: topic.clone() }),
            Some(found) if found.partition_count != topic.partition_count => {
                return Err(badly_partitioned(format!(
                    "Existing topic {name} has different number of partitions: expected {}, found {}",
                    topic.partition_count, found.partition_count
                )));
            }
            Some(_) => {}
        }
    }
    Ok((subtopologies, missing))
}

fn configured_subtopology(
    part: &Subtopology,
    counts: &PartitionCounts<'_>,
) -> Result<ConfiguredSubtopology, InvalidTopology> {
    let configured = |topic: &InternalTopic| {
        let configured = ConfiguredTopic {
            partition_count: counts.wanted(topic)?,
            replication_factor: topic.replication_factor,
            configs: topic.configs.iter().cloned().collect(),
        };
        Ok((topic.name.clone(), configured))
    };
    Ok(ConfiguredSubtopology {
        task_count: counts.task_count(part)?,
        source_topics: part.source_topics.iter().cloned().collect(),
        repartition_sinks: part.repartition_sinks.iter().cloned().collect(),
        repartition_sources: part
            .repartition_sources
            .iter()
            .map(configured)
            .collect::<Result<_, _>>()?,
        changelogs: part.changelogs.iter().map(configured).collect::<Result<_, _>>()?,
    })
}

/// Of all topics of the topology that are there; 0 without any.
pub(super) fn metadata_hash(topology: &Topology, cluster: &dyn Cluster) -> i64 {
    let mut hash = MetadataHash::new();
    let mut any = false;
    let names: BTreeSet<_> = topology.required_topics().collect();
    for name in names {
        if let Some(topic) = cluster.topic(name) {
            any = true;
            hash.add(name.as_bytes());
            hash.add(topic.id.uuid().as_bytes());
            hash.add(&topic.partition_count.to_be_bytes());
        }
    }
    if any { hash.finish() } else { 0 }
}

/// The first names, and how many more.
fn summary(names: Vec<&Arc<str>>) -> String {
    let named: Vec<&str> = names.iter().take(NAMED_TOPIC_COUNT_MAX).map(|name| &***name).collect();
    let named = named.join(", ");
    match names.len().saturating_sub(NAMED_TOPIC_COUNT_MAX) {
        0 => named,
        more => format!("{named} and {more} additional topics"),
    }
}
