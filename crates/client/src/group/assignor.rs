//! Who of a group reads what. The member that leads a classic group computes it, as any client of Kafka would.

mod range;
mod round_robin;
mod shares;
mod sticky;
pub(super) mod user_data;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// How a classic group shares partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assignor {
    /// Topic by topic, each member a range of its partitions.
    Range,
    /// The partitions of all topics in turn.
    RoundRobin,
    /// Balanced, and with as few moves as that allows. Every rebalance takes all partitions from everybody first.
    Sticky,
    /// As [`Self::Sticky`], but only what moves is taken, in two rebalances: first it is given up, then it is given
    /// (KIP-429).
    CooperativeSticky,
}

impl Assignor {
    pub const ALL: [Self; 4] =
        [Self::Range, Self::RoundRobin, Self::Sticky, Self::CooperativeSticky];

    /// The name by which the members of a group agree on it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::RoundRobin => "roundrobin",
            Self::Sticky => "sticky",
            Self::CooperativeSticky => "cooperative-sticky",
        }
    }

    /// Kafka's class of this assignor, by which its settings know it.
    pub const fn java_class(self) -> &'static str {
        match self {
            Self::Range => "org.apache.kafka.clients.consumer.RangeAssignor",
            Self::RoundRobin => "org.apache.kafka.clients.consumer.RoundRobinAssignor",
            Self::Sticky => "org.apache.kafka.clients.consumer.StickyAssignor",
            Self::CooperativeSticky => {
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"
            }
        }
    }

    /// Whether members keep what they have while the group shares anew.
    pub const fn is_cooperative(self) -> bool {
        matches!(self, Self::CooperativeSticky)
    }

    /// Says who reads what. Every subscriber is in the answer.
    pub(super) fn assign(
        self,
        subscribers: &[Subscriber],
        partition_counts: &BTreeMap<String, i32>,
    ) -> Assignment {
        match self {
            Self::Range => range::assign(subscribers, partition_counts),
            Self::RoundRobin => round_robin::assign(subscribers, partition_counts),
            Self::Sticky => sticky::assign(subscribers, partition_counts),
            Self::CooperativeSticky => {
                let mut assignment = sticky::assign(subscribers, partition_counts);
                sticky::withhold_what_others_have(subscribers, &mut assignment);
                assignment
            }
        }
    }
}

/// A text that names no assignor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no assignor: known are range, roundrobin, sticky and cooperative-sticky")]
pub struct UnknownAssignor(String);

impl FromStr for Assignor {
    type Err = UnknownAssignor;

    /// Takes the name in a group, or Kafka's class.
    fn from_str(text: &str) -> Result<Self, UnknownAssignor> {
        let is_it = |it: &Self| text == it.name() || text == it.java_class();
        Self::ALL.into_iter().find(is_it).ok_or_else(|| UnknownAssignor(text.to_owned()))
    }
}

/// A topic and the index of one of its partitions.
pub(super) type Place = (String, i32);

/// What each member reads, by its id.
pub(super) type Assignment = BTreeMap<String, BTreeSet<Place>>;

/// A member as the assignor sees it: static members are known by their instance id, so that a restart changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Subscriber {
    pub(super) instance_id: Option<String>,
    pub(super) member_id: String,
    pub(super) topics: BTreeSet<String>,
    /// What it reads, or read before it gave all up for this rebalance.
    pub(super) owned: BTreeSet<Place>,
    /// The generation in which it was given that; `None` for a member that does not say.
    pub(super) generation: Option<i32>,
}

impl Subscriber {
    /// Static members first, by their instance; then the others by their id.
    fn order(&self) -> (bool, &str) {
        match &self.instance_id {
            Some(instance) => (false, instance),
            None => (true, &self.member_id),
        }
    }
}

/// The subscribers in the order in which every client takes them.
fn sorted(subscribers: &[Subscriber]) -> Vec<&Subscriber> {
    let mut sorted: Vec<&Subscriber> = subscribers.iter().collect();
    sorted.sort_by(|a, b| a.order().cmp(&b.order()));
    sorted
}

fn nothing(subscribers: &[Subscriber]) -> Assignment {
    subscribers.iter().map(|it| (it.member_id.clone(), BTreeSet::new())).collect()
}
