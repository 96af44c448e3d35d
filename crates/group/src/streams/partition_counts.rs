//! How many partitions the internal topics of a topology have. A repartition topic without a number of its own gets that of
//! the largest topic read by who writes to it; topics that are joined get the same number; a changelog gets one partition
//! for each task.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::configure::Unfit;
use super::{CopartitionGroup, InternalTopic, InvalidTopology, StatusKind, Subtopology, Topology};
use crate::Cluster;

/// Numbers of partitions: those of topics that are there, and those decided for internal ones.
pub(super) struct PartitionCounts<'a> {
    cluster: &'a dyn Cluster,
    decided: BTreeMap<Arc<str>, u32>,
}

impl<'a> PartitionCounts<'a> {
    pub(super) fn decide(topology: &Topology, cluster: &'a dyn Cluster) -> Result<Self, Unfit> {
        let mut counts = Self { cluster, decided: BTreeMap::new() };
        counts.decide_repartition_topics(topology)?;
        for part in topology.subtopologies.values() {
            for group in &part.copartition_groups {
                counts.make_equal(topology, &members_of(part, group)?)?;
            }
        }
        for part in topology.subtopologies.values() {
            let largest = counts.task_count(part)?;
            for changelog in &part.changelogs {
                counts.decided.insert(changelog.name.clone(), largest);
            }
        }
        Ok(counts)
    }

    /// Of a topic that is there, or that will be.
    fn of(&self, topic: &str) -> Option<u32> {
        let existing = self.cluster.topic(topic).map(|facts| facts.partition_count);
        existing.or_else(|| self.decided.get(topic).copied())
    }

    /// What an internal topic shall have, whatever it has.
    pub(super) fn wanted(&self, topic: &InternalTopic) -> Result<u32, InvalidTopology> {
        let decided = || self.decided.get(&topic.name).copied();
        topic.partition_count.or_else(decided).ok_or(InvalidTopology::UnknownPartitionCount)
    }

    pub(super) fn task_count(&self, part: &Subtopology) -> Result<u32, InvalidTopology> {
        let mut largest = None;
        for topic in part.reads() {
            let count = self.of(topic).ok_or(InvalidTopology::UnknownPartitionCount)?;
            largest = largest.max(Some(count));
        }
        largest.ok_or(InvalidTopology::NoSources)
    }

    fn decide_repartition_topics(&mut self, topology: &Topology) -> Result<(), InvalidTopology> {
        let parts = topology.subtopologies.values();
        for topic in parts.clone().flat_map(|part| &part.repartition_sources) {
            if let Some(count) = topic.partition_count {
                self.decided.insert(topic.name.clone(), count);
            }
        }
        loop {
            let (mut is_open, mut has_moved) = (false, false);
            for part in parts.clone() {
                for sink in &part.repartition_sinks {
                    if self.decided.contains_key(sink) {
                        continue;
                    }
                    match self.largest_known(part) {
                        Some(count) => {
                            self.decided.insert(sink.clone(), count);
                            has_moved = true;
                        }
                        None => is_open = true,
                    }
                }
            }
            match (is_open, has_moved) {
                (false, _) => break,
                (true, true) => {}
                (true, false) => return Err(InvalidTopology::Loop),
            }
        }
        let mut sources = parts.flat_map(|part| &part.repartition_sources);
        if sources.any(|topic| !self.decided.contains_key(&topic.name)) {
            return Err(InvalidTopology::NeverWritten);
        }
        Ok(())
    }

    fn largest_known(&self, part: &Subtopology) -> Option<u32> {
        let inner = part.repartition_sources.iter();
        let inner = inner.filter_map(|topic| self.decided.get(&topic.name).copied());
        inner.chain(part.source_topics.iter().filter_map(|topic| self.of(topic))).max()
    }

    /// Brings topics that are joined to one number, or says that they cannot be.
    fn make_equal(
        &mut self,
        topology: &Topology,
        group: &BTreeSet<&Arc<str>>,
    ) -> Result<(), Unfit> {
        let parts = topology.subtopologies.values();
        let internal = parts.flat_map(|part| &part.repartition_sources);
        let fixed: BTreeMap<_, _> =
            internal.map(|topic| (&topic.name, topic.partition_count.is_some())).collect();
        let mut inside = BTreeMap::new();
        let mut outside = BTreeMap::new();
        for &name in group {
            let count = self.of(name).ok_or(InvalidTopology::UnknownPartitionCount)?;
            let side = if fixed.contains_key(name) { &mut inside } else { &mut outside };
            side.insert(name.clone(), count);
        }
        let is_fixed = |name: &Arc<str>| fixed.get(name) == Some(&true);
        let bound: BTreeMap<_, _> = inside
            .iter()
            .filter(|(name, _)| is_fixed(name))
            .map(|(name, count)| (name.clone(), *count))
            .collect();
        let common = if !outside.is_empty() {
            same(&outside)?
        } else if !bound.is_empty() {
            same(&bound)?
        } else {
            inside.values().copied().max()
        };
        let Some(common) = common else { return Ok(()) };
        for (name, count) in inside {
            if is_fixed(&name) && count != common {
                return Err(badly_partitioned(format!(
                    "Number of partitions [{count}] of repartition topic [{name}] doesn't match \
                     number of partitions [{common}] of the source topic."
                )));
            }
            self.decided.insert(name, common);
        }
        Ok(())
    }
}

/// The names that a group's numbers stand for.
fn members_of<'a>(
    part: &'a Subtopology,
    group: &CopartitionGroup,
) -> Result<BTreeSet<&'a Arc<str>>, InvalidTopology> {
    let at = |index: &i16| usize::try_from(*index).ok();
    let sources = group.source_topics.iter();
    let sources = sources.map(|index| part.source_topics.get(at(index)?));
    let inner = group.repartition_sources.iter();
    let inner =
        inner.map(|index| part.repartition_sources.get(at(index)?).map(|topic| &topic.name));
    let names: Option<BTreeSet<_>> = sources.chain(inner).collect();
    names.ok_or(InvalidTopology::UnknownSource)
}

/// The one number that all have; `None` of none.
fn same(counts: &BTreeMap<Arc<str>, u32>) -> Result<Option<u32>, Unfit> {
    let first = counts.values().next().copied();
    if counts.values().any(|count| Some(*count) != first) {
        let listed: Vec<String> =
            counts.iter().map(|(name, count)| format!("{name}={count}")).collect();
        return Err(badly_partitioned(format!(
            "Following topics do not have the same number of partitions: [{{{}}}]",
            listed.join(", ")
        )));
    }
    Ok(first)
}

pub(super) fn badly_partitioned(detail: String) -> Unfit {
    Unfit::Topics(StatusKind::IncorrectlyPartitionedTopics.because(detail))
}
