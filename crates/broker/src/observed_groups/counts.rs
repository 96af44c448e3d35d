use std::collections::BTreeMap;

use group::GroupState;
use telemetry::{Exposition, Metric, names};

use super::whole;

/// Each type with its metric and its states, as Kafka spells them. `Dead` groups are gone at once here, as they are there.
const TYPES: [(&str, &Metric, &[&str]); 4] = [
    (
        "classic",
        &names::CLASSIC_GROUP_COUNT,
        &["PreparingRebalance", "CompletingRebalance", "Stable", "Dead", "Empty"],
    ),
    (
        "consumer",
        &names::CONSUMER_GROUP_COUNT,
        &["Empty", "Assigning", "Reconciling", "Stable", "Dead"],
    ),
    ("share", &names::SHARE_GROUP_COUNT, &["Empty", "Stable", "Dead"]),
    (
        "streams",
        &names::STREAMS_GROUP_COUNT,
        &["Empty", "NotReady", "Assigning", "Reconciling", "Stable", "Dead"],
    ),
];

/// How many groups there are of each type and state.
#[derive(Debug, Default)]
pub(super) struct GroupCounts(BTreeMap<(&'static str, &'static str), usize>);

impl GroupCounts {
    pub(super) fn count(&mut self, group: GroupState) {
        *self.0.entry((group.type_name(), group.name())).or_default() += 1;
    }

    fn of(&self, kind: &str, state: &str) -> usize {
        self.0.get(&(kind, state)).copied().unwrap_or(0)
    }

    /// States without groups too: a graph of one must not end where its last group goes.
    pub(super) fn show(&self, page: &mut Exposition) {
        for (kind, metric, states) in TYPES {
            let total = states.iter().map(|state| self.of(kind, state)).sum();
            page.gauge(&names::GROUP_COUNT, &[("protocol", kind)], whole(total));
            for state in states {
                page.gauge(metric, &[("state", state)], whole(self.of(kind, state)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use group::{ConsumerState, ShareState, State, StreamsState};

    #[test]
    fn every_state_that_a_group_can_be_in_is_counted() {
        let all = [
            GroupState::Classic(State::Empty),
            GroupState::Classic(State::PreparingRebalance),
            GroupState::Classic(State::CompletingRebalance),
            GroupState::Classic(State::Stable),
            GroupState::Consumer(ConsumerState::Empty),
            GroupState::Consumer(ConsumerState::Assigning),
            GroupState::Consumer(ConsumerState::Reconciling),
            GroupState::Consumer(ConsumerState::Stable),
            GroupState::Share(ShareState::Empty),
            GroupState::Share(ShareState::Stable),
            GroupState::Streams(StreamsState::Empty),
            GroupState::Streams(StreamsState::NotReady),
            GroupState::Streams(StreamsState::Assigning),
            GroupState::Streams(StreamsState::Reconciling),
            GroupState::Streams(StreamsState::Stable),
        ];
        let mut counts = GroupCounts::default();
        all.iter().for_each(|state| counts.count(*state));
        for (kind, _, states) in TYPES {
            let of_kind = all.iter().filter(|state| state.type_name() == kind).count();
            let counted: usize = states.iter().map(|state| counts.of(kind, state)).sum();
            assert_eq!(counted, of_kind, "{kind}");
            assert_eq!(counts.of(kind, "Dead"), 0);
        }
    }
}
