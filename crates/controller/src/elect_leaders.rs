use model::PartitionIndex;

use crate::controller::Controller;
use crate::election::Election;
use crate::operation::{Context, Decision, Operation};
use crate::refusal::Refusal;

/// Chooses leaders again (KIP-460).
#[derive(Clone, Debug)]
pub struct ElectLeaders {
    /// [`Election::Preferred`] or [`Election::Unclean`].
    pub election: Election,
    /// `None` asks for every partition; those that need no election are then left out of the answer.
    pub partitions: Option<Vec<(String, PartitionIndex)>>,
}

/// What became of each partition.
pub type ElectLeadersReply = Vec<(String, PartitionIndex, Result<(), Refusal>)>;

impl Operation for ElectLeaders {
    type Reply = ElectLeadersReply;

    fn decide(&self, controller: &Controller, context: &mut Context<'_>) -> Decision<Self::Reply> {
        let every = || {
            let topics = controller.image().topics();
            let partitions = topics.flat_map(|topic| {
                topic.partitions.keys().map(|index| (topic.name.to_string(), *index))
            });
            partitions.collect()
        };
        let wanted = self.partitions.clone().unwrap_or_else(every);
        let mut records = Vec::new();
        let mut reply = Vec::new();
        for (name, index) in wanted {
            let result = self.decide_one(controller, context, &name, index, &mut records);
            if self.partitions.is_some() || result != Err(Refusal::ElectionNotNeeded) {
                reply.push((name, index, result));
            }
        }
        Decision { records, reply }
    }
}

impl ElectLeaders {
    fn decide_one(
        &self,
        controller: &Controller,
        context: &Context<'_>,
        name: &str,
        index: PartitionIndex,
        records: &mut Vec<metadata::MetadataRecord>,
    ) -> Result<(), Refusal> {
        let topic = controller.image().topic(name).ok_or(Refusal::UnknownTopicOrPartition)?;
        let partition = topic.partitions.get(&index).ok_or(Refusal::UnknownTopicOrPartition)?;
        let not_needed = match self.election {
            Election::Preferred => partition.leader == partition.preferred_leader(),
            Election::Clean | Election::Unclean => partition.leader.is_some(),
        };
        if not_needed {
            return Err(Refusal::ElectionNotNeeded);
        }
        let unavailable = match self.election {
            Election::Preferred => Refusal::PreferredLeaderNotAvailable(index),
            Election::Clean | Election::Unclean => Refusal::EligibleLeadersNotAvailable(index),
        };
        let record = controller.elect(topic, index, partition, self.election, context.rules);
        let Some(record) = record else { return Err(unavailable) };
        let metadata::MetadataRecord::PartitionChange { change, .. } = &record else {
            return Err(unavailable);
        };
        let reached = match self.election {
            Election::Preferred => change.leader == Some(partition.preferred_leader()),
            Election::Clean | Election::Unclean => {
                change.leader.is_some_and(|leader| leader.is_some())
            }
        };
        if !reached {
            return Err(unavailable);
        }
        records.push(record);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::create_topics::{CreateTopics, Layout, NewTopic};
    use crate::fixture::World;

    fn world() -> World {
        let mut world = World::new(2);
        let assignments = vec![(0, vec![1, 2])];
        let topics = vec![NewTopic {
            name: "a".to_owned(),
            layout: Layout::Manual { assignments, partitions: -1, replicas: -1 },
            configs: vec![],
        }];
        world.reply(&CreateTopics { topics, validate_only: false });
        world
    }

    fn elect(world: &mut World, name: &str) -> Result<(), Refusal> {
        let partitions = Some(vec![(name.to_owned(), PartitionIndex::ZERO)]);
        let mut reply = world.reply(&ElectLeaders { election: Election::Preferred, partitions });
        reply.pop().unwrap().2
    }

    #[test]
    fn a_preferred_leader_that_leads_needs_no_election() {
        let mut world = world();
        assert_eq!(elect(&mut world, "a"), Err(Refusal::ElectionNotNeeded));
        assert_eq!(elect(&mut world, "b"), Err(Refusal::UnknownTopicOrPartition));
        let every = ElectLeaders { election: Election::Preferred, partitions: None };
        assert_eq!(world.reply(&every), vec![]);
    }
}
