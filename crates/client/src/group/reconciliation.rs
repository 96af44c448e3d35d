//! A member of a group of KIP-848: what it has, what the coordinator told it to have, and what it says of itself next.
//!
//! Invariants: nothing is begun before what was taken away is given up; what the coordinator hears that the member has, the member
//! reads; a member without an epoch has nothing. A heartbeat says everything after one that may not have arrived, else only what
//! changed (KIP-848).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use model::{PartitionIndex, TopicName, TopicPartition, Uuid};

use super::ownership::Partitions;

/// Epochs that are none, as a heartbeat says them.
const JOINING: i32 = 0;
const LEAVING: i32 = -1;
/// A static member will be back.
const PAUSING: i32 = -2;

/// Partitions by the ids of their topics.
pub(super) type Indexes = BTreeMap<Uuid, BTreeSet<i32>>;

#[derive(Debug)]
pub(super) struct Reconciliation {
    epoch: i32,
    /// What the member reads, as far as it has said so to this machine.
    owned: Indexes,
    /// What the coordinator knows that the member reads; `None` when it is to hear everything.
    told: Option<Indexes>,
    /// What the member is to read.
    target: Option<Indexes>,
    /// What of the target was handed on.
    handed: Option<Indexes>,
    names: BTreeMap<Uuid, TopicName>,
    interval: Duration,
}

/// What a heartbeat says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Saying {
    pub(super) epoch: i32,
    /// Subscription and settings too.
    pub(super) is_full: bool,
    /// What the member reads, if the coordinator is to hear it.
    pub(super) owned: Option<Indexes>,
}

/// What the coordinator answered.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) epoch: i32,
    pub(super) interval: Duration,
    /// `None` for what it was before.
    pub(super) target: Option<Indexes>,
}

impl Reconciliation {
    pub(super) fn new() -> Self {
        Self {
            epoch: JOINING,
            owned: Indexes::new(),
            told: None,
            target: None,
            handed: None,
            names: BTreeMap::new(),
            // At once; the coordinator says it then.
            interval: Duration::ZERO,
        }
    }

    /// The epoch of the member; 0 before it joined.
    pub(super) const fn epoch(&self) -> i32 {
        self.epoch
    }

    /// Between two heartbeats.
    pub(super) const fn interval(&self) -> Duration {
        self.interval
    }

    pub(super) fn heartbeat(&self) -> Saying {
        let is_full = self.told.is_none();
        let changed = self.told.as_ref() != Some(&self.owned);
        Saying { epoch: self.epoch, is_full, owned: changed.then(|| self.owned.clone()) }
    }

    /// The heartbeat of a member that leaves. `None` for one that is not there.
    pub(super) fn farewell(&self, is_static: bool) -> Option<Saying> {
        let epoch = if is_static { PAUSING } else { LEAVING };
        (self.epoch > 0).then_some(Saying { epoch, is_full: false, owned: None })
    }

    /// A heartbeat was answered, that had said `said`.
    pub(super) fn answered(&mut self, said: Saying, told: Told) {
        self.epoch = told.epoch;
        self.interval = told.interval;
        if let Some(owned) = said.owned {
            self.told = Some(owned);
        }
        if told.target.is_some() {
            self.target = told.target;
        }
    }

    /// Whether a heartbeat arrived is not known.
    pub(super) fn unanswered(&mut self) {
        self.told = None;
    }

    /// The group gave the member up: it joins again, with nothing.
    pub(super) fn forget(&mut self) {
        *self = Self { names: std::mem::take(&mut self.names), ..Self::new() };
    }

    /// Topics of the target whose names are not known.
    pub(super) fn nameless(&self) -> Vec<Uuid> {
        let target = self.target.iter().flatten();
        target.map(|(id, _)| *id).filter(|id| !self.names.contains_key(id)).collect()
    }

    pub(super) fn learn(&mut self, id: Uuid, name: TopicName) {
        self.names.insert(id, name);
    }

    /// What the member is to read from now on, if that is another thing than the last time. Topics without a name come later.
    pub(super) fn take_news(&mut self) -> Option<Partitions> {
        let target = self.target.as_ref()?;
        let named: Indexes = target
            .iter()
            .filter(|(id, _)| self.names.contains_key(id))
            .map(|(id, indexes)| (*id, indexes.clone()))
            .collect();
        if self.handed.as_ref() == Some(&named) {
            return None;
        }
        let partitions = named.iter().flat_map(|(id, indexes)| {
            let topic = self.names.get(id);
            indexes.iter().filter_map(move |index| {
                let partition = PartitionIndex::from_wire(*index)?;
                Some(TopicPartition { topic: topic?.clone(), partition })
            })
        });
        let partitions = partitions.collect();
        self.handed = Some(named);
        Some(partitions)
    }

    /// The member reads these, of what was handed on.
    pub(super) fn owns(&mut self, partitions: &Partitions) {
        let names = &self.names;
        let has = |id: &Uuid, index: i32| {
            let topic = names.get(id).cloned();
            let partition = PartitionIndex::from_wire(index);
            topic.zip(partition).is_some_and(|(topic, partition)| {
                partitions.contains(&TopicPartition { topic, partition })
            })
        };
        let owned = self.handed.iter().flatten().map(|(id, indexes)| {
            let owned: BTreeSet<i32> = indexes.iter().copied().filter(|it| has(id, *it)).collect();
            (*id, owned)
        });
        self.owned = owned.filter(|(_, indexes)| !indexes.is_empty()).collect();
    }

    /// Whether the coordinator waits to hear what the member reads.
    pub(super) fn must_speak(&self) -> bool {
        self.epoch > 0 && self.told.as_ref() != Some(&self.owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Uuid = Uuid::from_bytes([1; 16]);
    const INTERVAL: Duration = Duration::from_secs(5);

    fn indexes(indexes: &[i32]) -> Indexes {
        Indexes::from([(T, indexes.iter().copied().collect())])
    }

    fn partitions(indexes: &[i32]) -> Partitions {
        let partition = |index: &i32| TopicPartition {
            topic: TopicName::new("t").unwrap(),
            partition: PartitionIndex::from_wire(*index).unwrap(),
        };
        indexes.iter().map(partition).collect()
    }

    fn beat(member: &mut Reconciliation, epoch: i32, target: Option<Indexes>) -> Saying {
        let saying = member.heartbeat();
        member.answered(saying.clone(), Told { epoch, interval: INTERVAL, target });
        saying
    }

    /// Joined, and told to read this, which it does.
    fn reading(given: &[i32]) -> Reconciliation {
        let mut member = Reconciliation::new();
        member.learn(T, TopicName::new("t").unwrap());
        let joining = Saying { epoch: 0, is_full: true, owned: Some(Indexes::new()) };
        assert_eq!(beat(&mut member, 1, Some(indexes(given))), joining);
        assert_eq!(member.take_news(), Some(partitions(given)));
        member.owns(&partitions(given));
        assert!(member.must_speak());
        let owned = Some(indexes(given));
        assert_eq!(beat(&mut member, 1, None), Saying { epoch: 1, is_full: false, owned });
        assert!(!member.must_speak());
        member
    }

    #[test]
    fn what_did_not_change_is_not_said_again() {
        let mut member = reading(&[0, 1]);
        let nothing = Saying { epoch: 1, is_full: false, owned: None };
        assert_eq!(beat(&mut member, 1, None), nothing);
        assert_eq!(beat(&mut member, 1, Some(indexes(&[0, 1]))), nothing);
        assert_eq!(member.take_news(), None, "nothing new");
        assert_eq!(member.interval(), INTERVAL);
    }

    #[test]
    fn what_is_taken_away_is_said_to_be_gone_before_anything_is_added() {
        let mut member = reading(&[0, 1]);
        beat(&mut member, 1, Some(indexes(&[1])));
        assert_eq!(member.take_news(), Some(partitions(&[1])));
        // While the application gives it up, the coordinator hears nothing of it.
        assert_eq!(member.heartbeat().owned, None);
        member.owns(&partitions(&[1]));
        let saying = beat(&mut member, 2, Some(indexes(&[1, 2])));
        assert_eq!(saying.owned, Some(indexes(&[1])));
        assert_eq!(member.take_news(), Some(partitions(&[1, 2])));
        member.owns(&partitions(&[1, 2]));
        let saying = beat(&mut member, 2, None);
        assert_eq!(saying, Saying { epoch: 2, is_full: false, owned: Some(indexes(&[1, 2])) });
    }

    #[test]
    fn after_a_heartbeat_that_may_be_lost_everything_is_said() {
        let mut member = reading(&[0]);
        member.unanswered();
        let everything = Saying { epoch: 1, is_full: true, owned: Some(indexes(&[0])) };
        assert_eq!(member.heartbeat(), everything);
    }

    #[test]
    fn a_member_that_was_given_up_joins_with_nothing() {
        let mut member = reading(&[0]);
        member.forget();
        let joining = Saying { epoch: 0, is_full: true, owned: Some(Indexes::new()) };
        assert_eq!(beat(&mut member, 7, Some(indexes(&[0]))), joining);
        assert_eq!(member.take_news(), Some(partitions(&[0])));
    }

    #[test]
    fn a_topic_comes_once_its_name_is_known() {
        let mut member = Reconciliation::new();
        beat(&mut member, 1, Some(indexes(&[0])));
        assert_eq!(member.nameless(), [T]);
        assert_eq!(member.take_news(), Some(partitions(&[])));
        member.learn(T, TopicName::new("t").unwrap());
        assert!(member.nameless().is_empty());
        assert_eq!(member.take_news(), Some(partitions(&[0])));
    }

    #[test]
    fn a_static_member_pauses_and_another_leaves_and_one_that_never_joined_says_nothing() {
        let member = reading(&[0]);
        assert_eq!(member.farewell(false).unwrap().epoch, -1);
        assert_eq!(member.farewell(true).unwrap().epoch, -2);
        assert_eq!(Reconciliation::new().farewell(false), None);
    }
}
