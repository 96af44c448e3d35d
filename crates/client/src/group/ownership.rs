//! What a member reads through the rebalances of its group, and what is to be done about each, in order.
//!
//! Invariants: a partition that is given up is told of, and its offset committed, before the group is joined again; one that
//! was lost is told of and never committed; one that is given is told of once reading it can begin. An eager member has
//! nothing when it joins; a cooperative one keeps what it is given again (KIP-429).

use std::collections::BTreeSet;

use model::TopicPartition;

pub(super) type Partitions = BTreeSet<TopicPartition>;

#[derive(Debug)]
pub(super) struct Ownership {
    cooperative: bool,
    owned: Partitions,
}

/// One thing to do before reading goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Tell that these will be given up when the application comes back.
    TellRevoked(Partitions),
    /// Commit, then stop reading these.
    GiveUp(Partitions),
    /// Stop reading these; somebody else may be reading them already.
    Lose(Partitions),
    /// Tell that these were lost.
    TellLost(Partitions),
    /// Begin to read these and tell of it, even if there are none.
    Begin(Partitions),
    /// Tell the coordinator of a group of KIP-848 that these are read by now.
    Acknowledge(Partitions),
    /// Join the group again.
    Join,
}

impl Ownership {
    pub(super) fn new(cooperative: bool) -> Self {
        Self { cooperative, owned: Partitions::new() }
    }

    pub(super) fn owned(&self) -> &Partitions {
        &self.owned
    }

    /// The group shares anew.
    pub(super) fn rejoin(&mut self) -> Vec<Step> {
        if self.cooperative || self.owned.is_empty() {
            return vec![Step::Join];
        }
        let all = std::mem::take(&mut self.owned);
        vec![Step::TellRevoked(all.clone()), Step::GiveUp(all), Step::Join]
    }

    /// The group gave this member up.
    pub(super) fn lost(&mut self) -> Vec<Step> {
        if self.owned.is_empty() {
            return vec![Step::Join];
        }
        let all = std::mem::take(&mut self.owned);
        vec![Step::Lose(all.clone()), Step::TellLost(all), Step::Join]
    }

    /// The group has settled and gave this.
    pub(super) fn given(&mut self, given: Partitions) -> Vec<Step> {
        let revoked: Partitions = self.owned.difference(&given).cloned().collect();
        let added: Partitions = given.difference(&self.owned).cloned().collect();
        self.owned = given;
        let begin = Step::Begin(added);
        if revoked.is_empty() {
            return vec![begin];
        }
        // Others wait for what this member gives up, and get it when the group shares anew.
        vec![Step::TellRevoked(revoked.clone()), Step::GiveUp(revoked), begin, Step::Join]
    }
}

impl Ownership {
    /// The coordinator of a group of KIP-848 told what to read. It hears of what was given up before anything begins, so that others
    /// need not wait for that.
    pub(super) fn told(&mut self, given: Partitions) -> Vec<Step> {
        let revoked: Partitions = self.owned.difference(&given).cloned().collect();
        let added: Partitions = given.difference(&self.owned).cloned().collect();
        let kept: Partitions = self.owned.intersection(&given).cloned().collect();
        self.owned.clone_from(&given);
        let mut steps = Vec::new();
        let nothing_changed = added.is_empty() && !kept.is_empty();
        if !revoked.is_empty() {
            steps.push(Step::TellRevoked(revoked.clone()));
            steps.push(Step::GiveUp(revoked));
            steps.push(Step::Acknowledge(kept));
        } else if nothing_changed {
            return vec![Step::Acknowledge(given)];
        }
        if !added.is_empty() || steps.is_empty() {
            steps.push(Step::Begin(added));
            steps.push(Step::Acknowledge(given));
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use model::{PartitionIndex, TopicName};

    use super::*;

    fn partitions(indexes: &[i32]) -> Partitions {
        let partition = |index: &i32| TopicPartition {
            topic: TopicName::new("t").unwrap(),
            partition: PartitionIndex::from_wire(*index).unwrap(),
        };
        indexes.iter().map(partition).collect()
    }

    fn member(cooperative: bool, given: &[i32]) -> Ownership {
        let mut ownership = Ownership::new(cooperative);
        assert_eq!(ownership.rejoin(), [Step::Join]);
        assert_eq!(ownership.given(partitions(given)), [Step::Begin(partitions(given))]);
        ownership
    }

    #[test]
    fn an_eager_member_gives_all_up_before_it_joins_again() {
        let mut ownership = member(false, &[0, 1]);
        let all = partitions(&[0, 1]);
        assert_eq!(
            ownership.rejoin(),
            [Step::TellRevoked(all.clone()), Step::GiveUp(all), Step::Join]
        );
        assert!(ownership.owned().is_empty());
        assert_eq!(ownership.given(partitions(&[1])), [Step::Begin(partitions(&[1]))]);
    }

    #[test]
    fn a_cooperative_member_gives_up_only_what_it_is_not_given_again_and_joins_once_more() {
        let mut ownership = member(true, &[0, 1]);
        assert_eq!(ownership.rejoin(), [Step::Join]);
        assert_eq!(ownership.owned(), &partitions(&[0, 1]));
        assert_eq!(
            ownership.given(partitions(&[1])),
            [
                Step::TellRevoked(partitions(&[0])),
                Step::GiveUp(partitions(&[0])),
                Step::Begin(partitions(&[])),
                Step::Join,
            ]
        );
        assert_eq!(ownership.given(partitions(&[1, 2])), [Step::Begin(partitions(&[2]))]);
        assert_eq!(ownership.owned(), &partitions(&[1, 2]));
    }

    #[test]
    fn what_the_coordinator_takes_away_is_acknowledged_before_anything_begins() {
        let mut ownership = Ownership::new(true);
        let begin = |added: &[i32], all: &[i32]| {
            vec![Step::Begin(partitions(added)), Step::Acknowledge(partitions(all))]
        };
        assert_eq!(ownership.told(partitions(&[])), begin(&[], &[]), "told that it has nothing");
        assert_eq!(ownership.told(partitions(&[0, 1])), begin(&[0, 1], &[0, 1]));
        let give_up = [
            Step::TellRevoked(partitions(&[0])),
            Step::GiveUp(partitions(&[0])),
            Step::Acknowledge(partitions(&[1])),
        ];
        assert_eq!(ownership.told(partitions(&[1])), give_up);
        let all = Step::Acknowledge(partitions(&[1]));
        assert_eq!(ownership.told(partitions(&[1])), [all]);
        let mut both = vec![
            Step::TellRevoked(partitions(&[1])),
            Step::GiveUp(partitions(&[1])),
            Step::Acknowledge(partitions(&[])),
        ];
        both.extend(begin(&[2], &[2]));
        assert_eq!(ownership.told(partitions(&[2])), both);
    }

    #[test]
    fn what_is_lost_is_told_and_not_given_up() {
        for cooperative in [false, true] {
            let mut ownership = member(cooperative, &[0]);
            let all = partitions(&[0]);
            assert_eq!(
                ownership.lost(),
                [Step::Lose(all.clone()), Step::TellLost(all), Step::Join]
            );
            assert_eq!(ownership.lost(), [Step::Join], "told once");
        }
    }
}
