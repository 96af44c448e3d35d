//! A member of a consumer group, or of a share group, as its heartbeats make it one.

use model::Uuid;
use wire::messages::consumer_group_heartbeat_request::TopicPartitions;
use wire::messages::{ConsumerGroupHeartbeatRequest, ShareGroupHeartbeatRequest};

use super::calls::surely;
use super::setup::{COPIERS, INPUT, OUTPUT, SHARERS};
use super::world::World;
use crate::load::pipeline::{Pipeline, Trouble};

/// How long a member may take to give partitions back.
const REBALANCE_TIMEOUT_MS: i32 = 5_000;
/// Of both heartbeats: the client makes the member's id.
const VERSION: i16 = 1;

#[derive(Debug)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) epoch: i32,
    /// Partitions of the one topic that the group reads.
    pub(super) assigned: Vec<i32>,
}

impl Member {
    pub(super) const fn new(id: String) -> Self {
        Self { id, epoch: 0, assigned: Vec::new() }
    }

    /// As a member of the consumer group that reads the input. What is taken away is given back at once: this is called between
    /// transactions only.
    pub(super) fn beat(&mut self, world: &World, connection: &mut Pipeline) -> Result<(), Trouble> {
        loop {
            let owned = match self.assigned.is_empty() {
                true => Vec::new(),
                false => {
                    vec![TopicPartitions {
                        topic_id: world.input,
                        partitions: self.assigned.clone(),
                    }]
                }
            };
            let joins = self.epoch == 0;
            let request = ConsumerGroupHeartbeatRequest {
                group_id: COPIERS.into(),
                member_id: self.id.clone(),
                member_epoch: self.epoch,
                rebalance_timeout_ms: REBALANCE_TIMEOUT_MS,
                subscribed_topic_names: joins.then(|| vec![INPUT.into()]),
                topic_partitions: Some(owned),
                ..ConsumerGroupHeartbeatRequest::default()
            };
            let answer = surely(world, connection, (&request, VERSION), |it| it.error_code)?;
            self.epoch = answer.member_epoch;
            let Some(assignment) = answer.assignment else { return Ok(()) };
            let all = assignment.topic_partitions.into_iter();
            let new = of_topic(world.input, all.map(|it| (it.topic_id, it.partitions)));
            if new == self.assigned {
                return Ok(());
            }
            self.assigned = new;
        }
    }

    /// As a member of the share group that reads the output; gives whether the assignment is another one.
    pub(super) fn share_beat(
        &mut self,
        world: &World,
        connection: &mut Pipeline,
    ) -> Result<bool, Trouble> {
        let joins = self.epoch == 0;
        let request = ShareGroupHeartbeatRequest {
            group_id: SHARERS.into(),
            member_id: self.id.clone(),
            member_epoch: self.epoch,
            subscribed_topic_names: joins.then(|| vec![OUTPUT.into()]),
            ..ShareGroupHeartbeatRequest::default()
        };
        let answer = surely(world, connection, (&request, VERSION), |it| it.error_code)?;
        self.epoch = answer.member_epoch;
        let Some(assignment) = answer.assignment else { return Ok(false) };
        let all = assignment.topic_partitions.into_iter();
        let new = of_topic(world.output, all.map(|it| (it.topic_id, it.partitions)));
        let changed = new != self.assigned;
        self.assigned = new;
        Ok(changed)
    }
}

fn of_topic(topic: Uuid, all: impl Iterator<Item = (Uuid, Vec<i32>)>) -> Vec<i32> {
    let own = all.filter(|(id, _)| *id == topic);
    let mut partitions: Vec<i32> = own.flat_map(|(_, partitions)| partitions).collect();
    partitions.sort_unstable();
    partitions
}
