use std::fmt;

use model::{BrokerId, Instant, LeaderEpoch, PartitionEpoch};

use super::{BROKER_COUNT, all_brokers, broker_id, index_of};
use crate::node::Proposal;

/// What the controller has decided of the partition, and which life of each broker it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClusterState {
    pub(super) leader: BrokerId,
    pub(super) leader_epoch: LeaderEpoch,
    pub(super) partition_epoch: PartitionEpoch,
    pub(super) in_sync: Vec<BrokerId>,
    pub(super) incarnations: [u64; BROKER_COUNT],
}

impl fmt::Display for ClusterState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { leader, leader_epoch, partition_epoch, in_sync, .. } = self;
        let in_sync: Vec<i32> = in_sync.iter().map(|id| id.to_wire()).collect();
        write!(
            formatter,
            "leader {leader} in epoch {leader_epoch}/{partition_epoch}, in sync {in_sync:?}"
        )
    }
}

/// A model of the controller: it never fails, but it hears and is heard over the network only. It elects in-sync
/// replicas alone, and the last in-sync one stays so.
#[derive(Debug)]
pub(super) struct Controller {
    state: ClusterState,
    alive: [bool; BROKER_COUNT],
    /// When a silent broker counts as dead.
    suspected: [Option<Instant>; BROKER_COUNT],
    /// The newest proposal of each broker, by its own count: a connection keeps their order, so an older one that is
    /// still on its way is none any more.
    newest_proposal: [u64; BROKER_COUNT],
}

/// What became of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Taken,
    /// It was not taken, and never was before. Kafka's INELIGIBLE_REPLICA.
    Refused,
    /// It was made on a state that is not the newest: maybe because it was taken before, and the answer got lost. The
    /// leader must go on as if it were, until it knows the newest state. Kafka's INVALID_UPDATE_VERSION, FENCED_LEADER_EPOCH.
    Outdated,
}

impl Controller {
    pub(super) fn new() -> Self {
        Self {
            state: ClusterState {
                leader: broker_id(0),
                leader_epoch: LeaderEpoch::ZERO,
                partition_epoch: PartitionEpoch::ZERO,
                in_sync: all_brokers(),
                incarnations: [0; BROKER_COUNT],
            },
            alive: [false; BROKER_COUNT],
            suspected: [None; BROKER_COUNT],
            newest_proposal: [0; BROKER_COUNT],
        }
    }

    pub(super) fn state(&self) -> &ClusterState {
        &self.state
    }

    pub(super) fn suspect(&mut self, index: usize, from: Instant) {
        self.suspected[index] = Some(from);
    }

    pub(super) fn poll(&mut self, now: Instant) {
        for index in 0..BROKER_COUNT {
            if self.suspected[index].is_some_and(|at| at <= now) {
                self.is_dead(index);
            }
        }
    }

    pub(super) fn is_dead(&mut self, index: usize) {
        self.suspected[index] = None;
        self.alive[index] = false;
        self.drop_from_in_sync(index);
    }

    /// A broker that starts anew has lost what it had not made durable: it leaves the in-sync set, if it is not the
    /// last one in it, and never goes on leading in its old epoch.
    pub(super) fn register(&mut self, index: usize, incarnation: u64) {
        if incarnation <= self.state.incarnations[index] {
            return;
        }
        self.state.incarnations[index] = incarnation;
        self.alive[index] = true;
        self.suspected[index] = None;
        self.drop_from_in_sync(index);
        if self.state.in_sync == [broker_id(index)] {
            self.elect(broker_id(index));
        }
    }

    fn drop_from_in_sync(&mut self, index: usize) {
        let id = broker_id(index);
        if self.state.in_sync.len() > 1 && self.state.in_sync.contains(&id) {
            self.state.in_sync.retain(|other| *other != id);
            self.bump_partition_epoch();
        }
        if self.state.leader == id {
            self.elect_any();
        }
    }

    fn elect_any(&mut self) {
        let alive = |id: &&BrokerId| self.alive[index_of(**id)];
        if let Some(id) = self.state.in_sync.iter().find(alive).copied() {
            self.elect(id);
        }
    }

    fn elect(&mut self, id: BrokerId) {
        self.state.leader = id;
        if let Some(next) = self.state.leader_epoch.next() {
            self.state.leader_epoch = next;
        }
        self.bump_partition_epoch();
    }

    /// Moves the leadership for no reason, to any in-sync replica that is alive.
    pub(super) fn move_leadership(&mut self, choice: usize) {
        let alive = |id: &BrokerId| self.alive[index_of(*id)];
        let able: Vec<BrokerId> = self.state.in_sync.iter().copied().filter(alive).collect();
        if let Some(id) = able.get(choice % able.len().max(1)) {
            self.elect(*id);
        }
    }

    /// AlterPartition.
    pub(super) fn alter_in_sync(
        &mut self,
        from: usize,
        number: u64,
        proposal: &Proposal,
        incarnations: &[u64; BROKER_COUNT],
    ) -> Verdict {
        let is_newest = number > self.newest_proposal[from];
        let is_of_this_state = self.state.leader == broker_id(from)
            && self.state.leader_epoch == proposal.leader_epoch
            && self.state.partition_epoch == proposal.partition_epoch;
        if !is_newest || !is_of_this_state {
            return Verdict::Outdated;
        }
        self.newest_proposal[from] = number;
        let may_be_in = |id: &BrokerId| {
            let index = index_of(*id);
            let is_that_life = incarnations[index] == self.state.incarnations[index];
            self.state.in_sync.contains(id) || (self.alive[index] && is_that_life)
        };
        let has_leader = proposal.in_sync.contains(&self.state.leader);
        if !has_leader || !proposal.in_sync.iter().all(may_be_in) {
            return Verdict::Refused;
        }
        self.state.in_sync.clone_from(&proposal.in_sync);
        self.bump_partition_epoch();
        Verdict::Taken
    }

    fn bump_partition_epoch(&mut self) {
        if let Some(next) = self.state.partition_epoch.next() {
            self.state.partition_epoch = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_of_a_proposal_that_was_taken_is_not_refused() {
        let mut controller = Controller::new();
        controller.alive = [true; BROKER_COUNT];
        let state = controller.state().clone();
        let proposal = Proposal {
            in_sync: vec![broker_id(0), broker_id(1)],
            leader_epoch: state.leader_epoch,
            partition_epoch: state.partition_epoch,
        };
        assert_eq!(controller.alter_in_sync(0, 1, &proposal, &[0; BROKER_COUNT]), Verdict::Taken);
        // A leader that heard that it was refused would count those alone that were in sync before.
        assert_eq!(
            controller.alter_in_sync(0, 2, &proposal, &[0; BROKER_COUNT]),
            Verdict::Outdated
        );
        assert_eq!(
            controller.alter_in_sync(0, 1, &proposal, &[0; BROKER_COUNT]),
            Verdict::Outdated
        );
    }

    #[test]
    fn a_proposal_that_was_refused_is_not_taken_later() {
        let mut controller = Controller::new();
        controller.state.in_sync = vec![broker_id(0)];
        let state = controller.state().clone();
        let proposal = Proposal {
            in_sync: vec![broker_id(0), broker_id(1)],
            leader_epoch: state.leader_epoch,
            partition_epoch: state.partition_epoch,
        };
        assert_eq!(controller.alter_in_sync(0, 2, &proposal, &[0; BROKER_COUNT]), Verdict::Refused);
        controller.alive = [true; BROKER_COUNT];
        assert_eq!(
            controller.alter_in_sync(0, 1, &proposal, &[0; BROKER_COUNT]),
            Verdict::Outdated,
            "it comes late"
        );
        assert_eq!(controller.alter_in_sync(0, 3, &proposal, &[0; BROKER_COUNT]), Verdict::Taken);
    }

    #[test]
    fn a_broker_that_has_begun_another_life_since_is_refused() {
        let mut controller = Controller::new();
        controller.register(1, 1);
        controller.alive = [true; BROKER_COUNT];
        let state = controller.state().clone();
        let proposal = Proposal {
            in_sync: vec![broker_id(0), broker_id(1), broker_id(2)],
            leader_epoch: state.leader_epoch,
            partition_epoch: state.partition_epoch,
        };
        assert_eq!(controller.alter_in_sync(0, 1, &proposal, &[0; BROKER_COUNT]), Verdict::Refused);
        assert_eq!(controller.alter_in_sync(0, 2, &proposal, &[0, 1, 0]), Verdict::Taken);
    }
}
