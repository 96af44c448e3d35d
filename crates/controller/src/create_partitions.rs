use std::collections::{BTreeMap, BTreeSet};

use metadata::MetadataRecord;
use model::PartitionIndex;

use crate::controller::Controller;
use crate::create_topics::{Placed, all_fenced, check_manual, new_partition, with_isr};
use crate::limits::PARTITIONS_PER_REQUEST_MAX;
use crate::operation::{Context, Decision, Operation};
use crate::placement::place;
use crate::refusal::Refusal;

/// Adds partitions to topics. Each topic grows or is refused by itself.
#[derive(Clone, Debug)]
pub struct CreatePartitions {
    pub topics: Vec<GrownTopic>,
    pub validate_only: bool,
}

/// A topic and how many partitions it shall have.
#[derive(Clone, Debug)]
pub struct GrownTopic {
    pub name: String,
    pub count: i32,
    /// The brokers of each new partition; `None` leaves the choice to the controller.
    pub assignments: Option<Vec<Vec<i32>>>,
}

/// What became of each topic, in the request's order; a name that came twice is answered once.
pub type CreatePartitionsReply = Vec<(String, Result<(), Refusal>)>;

impl Operation for CreatePartitions {
    type Reply = CreatePartitionsReply;

    fn decide(&self, controller: &Controller, context: &mut Context<'_>) -> Decision<Self::Reply> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for topic in &self.topics {
            *counts.entry(&topic.name).or_default() += 1;
        }
        let mut records = Vec::new();
        let mut answered = BTreeSet::new();
        let mut reply = Vec::new();
        for topic in self.topics.iter().filter(|topic| answered.insert(topic.name.as_str())) {
            let repeated = counts.get(topic.name.as_str()).is_some_and(|count| *count > 1);
            let result = if repeated {
                Err(Refusal::InvalidRequest("duplicate topic name".to_owned()))
            } else {
                topic.decide(controller, context, &mut records)
            };
            reply.push((topic.name.clone(), result));
        }
        if self.validate_only {
            records.clear();
        }
        Decision { records, reply }
    }
}

impl GrownTopic {
    fn decide(
        &self,
        controller: &Controller,
        context: &mut Context<'_>,
        records: &mut Vec<MetadataRecord>,
    ) -> Result<(), Refusal> {
        let topic = controller.image().topic(&self.name);
        let topic = topic.ok_or(Refusal::UnknownTopicOrPartition)?;
        let present = topic.partitions.len();
        let wanted = usize::try_from(self.count).unwrap_or(0);
        if wanted == present {
            let why = format!("topic already has {present} partition(s)");
            return Err(Refusal::InvalidPartitions(why));
        }
        if wanted < present {
            let (name, count) = (&self.name, self.count);
            return Err(Refusal::InvalidPartitions(format!(
                "the topic {name} currently has {present} partition(s); {count} would not be an \
                 increase"
            )));
        }
        let additional = wanted - present;
        if additional > PARTITIONS_PER_REQUEST_MAX.saturating_sub(records.len()) {
            let why = "excessively large number of partitions per request".to_owned();
            return Err(Refusal::PolicyViolation(why));
        }
        let placed = match &self.assignments {
            Some(manual) => self.manual(controller, manual, present, additional)?,
            None => {
                let replicas = i16::try_from(topic.replication_factor()).map_err(|_| {
                    Refusal::InvalidReplicationFactor("the topic has too many replicas".to_owned())
                })?;
                let placed = place(controller.image(), context.random, additional, replicas)?;
                placed.into_iter().map(|replicas| with_isr(controller, replicas)).collect::<Result<
                    Vec<_>,
                    _,
                >>(
                )?
            }
        };
        let indexes = (present..).filter_map(|index| i32::try_from(index).ok());
        for (index, (replicas, isr)) in indexes.zip(placed) {
            let index = PartitionIndex::from_wire(index).unwrap_or(PartitionIndex::ZERO);
            let partition = new_partition(controller, replicas, isr);
            records.push(MetadataRecord::Partition { topic: topic.id, index, partition });
        }
        Ok(())
    }

    fn manual(
        &self,
        controller: &Controller,
        manual: &[Vec<i32>],
        present: usize,
        additional: usize,
    ) -> Result<Vec<Placed>, Refusal> {
        if manual.len() != additional {
            let given = manual.len();
            return Err(Refusal::InvalidReplicaAssignment(format!(
                "attempted to add {additional} additional partition(s), but only {given} \
                 assignment(s) were specified"
            )));
        }
        let topic = controller.image().topic(&self.name);
        let replicas = topic.map(|topic| topic.replication_factor());
        let first = i32::try_from(present).unwrap_or(i32::MAX);
        let placed = manual.iter().zip(first..).map(|(brokers, index)| {
            let brokers = check_manual(controller, brokers, replicas)?;
            with_isr(controller, brokers).map_err(|_| all_fenced(index))
        });
        placed.collect()
    }
}

#[cfg(test)]
mod tests {
    use model::BrokerId;

    use super::*;
    use crate::create_topics::{CreateTopics, Layout, NewTopic};
    use crate::fixture::World;

    fn world() -> World {
        let mut world = World::new(2);
        let topics = vec![NewTopic {
            name: "a".to_owned(),
            layout: Layout::Counts { partitions: 2, replicas: 2 },
            configs: vec![],
        }];
        world.reply(&CreateTopics { topics, validate_only: false });
        world
    }

    fn grow(
        world: &mut World,
        count: i32,
        assignments: Option<Vec<Vec<i32>>>,
    ) -> Result<(), Refusal> {
        let topic = GrownTopic { name: "a".to_owned(), count, assignments };
        let reply = world.reply(&CreatePartitions { topics: vec![topic], validate_only: false });
        reply.into_iter().next().unwrap().1
    }

    #[test]
    fn a_topic_grows_and_keeps_its_replication_factor() {
        let mut world = world();
        assert_eq!(grow(&mut world, 5, None), Ok(()));
        let topic = world.controller.image().topic("a").unwrap();
        assert_eq!(topic.partitions.len(), 5);
        assert!(topic.partitions.values().all(|partition| partition.replicas.len() == 2));
        assert_eq!(grow(&mut world, 6, Some(vec![vec![2, 1]])), Ok(()));
        let topic = world.controller.image().topic("a").unwrap();
        let last = topic.partitions.get(&PartitionIndex::from_wire(5).unwrap()).unwrap();
        assert_eq!(last.leader, BrokerId::from_wire(2));
    }

    #[test]
    fn a_topic_neither_stays_nor_shrinks() {
        let mut world = world();
        assert!(matches!(grow(&mut world, 2, None), Err(Refusal::InvalidPartitions(_))));
        assert!(matches!(grow(&mut world, 1, None), Err(Refusal::InvalidPartitions(_))));
        assert!(matches!(grow(&mut world, -1, None), Err(Refusal::InvalidPartitions(_))));
        assert_eq!(world.controller.image().topic("a").unwrap().partitions.len(), 2);
    }

    #[test]
    fn assignments_must_fit_in_number_and_size() {
        let mut world = world();
        let refused = |result| assert!(matches!(result, Err(Refusal::InvalidReplicaAssignment(_))));
        refused(grow(&mut world, 4, Some(vec![vec![1, 2]])));
        refused(grow(&mut world, 3, Some(vec![vec![1]])));
        refused(grow(&mut world, 3, Some(vec![vec![1, 9]])));
    }

    #[test]
    fn too_many_partitions_are_refused() {
        let mut world = world();
        assert!(matches!(grow(&mut world, 10_003, None), Err(Refusal::PolicyViolation(_))));
    }
}
