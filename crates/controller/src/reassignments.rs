use model::PartitionIndex;

use crate::controller::Controller;
use crate::create_topics::check_manual;
use crate::operation::{Context, Decision, Operation};
use crate::refusal::Refusal;

/// Moves replicas between brokers (KIP-455).
///
/// Moving needs followers that copy, which a cluster of one broker has not: a request is checked, an assignment
/// that is in place already is accepted, and any other is refused.
#[derive(Clone, Debug)]
pub struct AlterPartitionReassignments {
    pub partitions: Vec<Reassignment>,
}

/// Where a partition shall lie; `None` cancels the move under way.
#[derive(Clone, Debug)]
pub struct Reassignment {
    pub topic: String,
    pub index: PartitionIndex,
    pub replicas: Option<Vec<i32>>,
}

/// What became of each partition, in the request's order.
pub type ReassignmentsReply = Vec<Result<(), Refusal>>;

impl Operation for AlterPartitionReassignments {
    type Reply = ReassignmentsReply;

    fn decide(&self, controller: &Controller, _: &mut Context<'_>) -> Decision<Self::Reply> {
        let reply = self.partitions.iter().map(|wanted| wanted.decide(controller)).collect();
        Decision::nothing(reply)
    }
}

impl Reassignment {
    fn decide(&self, controller: &Controller) -> Result<(), Refusal> {
        let topic = controller.image().topic(&self.topic);
        let partition = topic.and_then(|topic| topic.partitions.get(&self.index));
        let partition = partition.ok_or(Refusal::UnknownTopicOrPartition)?;
        let Some(replicas) = &self.replicas else {
            // Moves begun by another kind of controller are not taken back here either.
            return Err(Refusal::NoReassignmentInProgress);
        };
        let replicas = check_manual(controller, replicas, None)?;
        if replicas == partition.replicas && !partition.is_reassigning() {
            return Ok(());
        }
        let why = "moving replicas between brokers is not built yet".to_owned();
        Err(Refusal::InvalidReplicaAssignment(why))
    }
}
