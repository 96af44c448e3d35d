use std::collections::{BTreeMap, BTreeSet};

use model::Uuid;
use wire::messages::ShareFetchRequest;
use wire::messages::share_fetch_request::{FetchPartition, FetchTopic, ForgottenTopic};

use super::acknowledgements::Acknowledgements;

/// A partition, by its topic's id.
pub(super) type Place = (Uuid, i32);

/// The epoch that opens a session, and the one that ends it.
const OPEN: i32 = 0;
const END: i32 = -1;

/// Partitions that a broker was told once, so that each fetch names only what changes; and what it is told with the next one of
/// records that it handed out.
#[derive(Debug, Default)]
pub(super) struct ShareSession {
    epoch: i32,
    partitions: BTreeSet<Place>,
    acknowledged: BTreeMap<Place, Acknowledgements>,
}

/// What one fetch says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ask {
    epoch: i32,
    /// Partitions that are new to the session, or of which something is acknowledged.
    pub(super) named: BTreeMap<Place, Acknowledgements>,
    forgotten: BTreeSet<Place>,
}

impl ShareSession {
    pub(super) fn is_open(&self) -> bool {
        self.epoch != OPEN
    }

    /// Says so with the next fetch. False when the records were given back meanwhile, with the session that they came in.
    pub(super) fn acknowledge(&mut self, place: Place, acknowledgements: Acknowledgements) -> bool {
        if self.is_open() {
            self.acknowledged.entry(place).or_default().merge(acknowledgements);
        }
        self.is_open()
    }

    /// The next fetch, of these partitions; of none ends the session.
    pub(super) fn ask(&mut self, wanted: &BTreeSet<Place>) -> Ask {
        let mut named = std::mem::take(&mut self.acknowledged);
        if wanted.is_empty() {
            return Ask { epoch: END, named, forgotten: BTreeSet::new() };
        }
        for place in wanted.difference(&self.partitions) {
            named.entry(*place).or_default();
        }
        let forgotten = self.partitions.difference(wanted).copied().collect();
        self.partitions.clone_from(wanted);
        Ask { epoch: self.epoch, named, forgotten }
    }

    /// The broker has taken the fetch.
    pub(super) fn answered(&mut self) {
        self.epoch = self.epoch.checked_add(1).unwrap_or(1);
    }

    /// The broker knows nothing of the session any more. Gives what it was not told.
    pub(super) fn lose(&mut self) -> BTreeMap<Place, Acknowledgements> {
        std::mem::take(self).acknowledged
    }
}

impl Ask {
    pub(super) fn is_end(&self) -> bool {
        self.epoch == END
    }

    /// Fills in what is said of partitions.
    pub(super) fn fill(&self, request: &mut ShareFetchRequest) {
        let mut topics: BTreeMap<Uuid, Vec<FetchPartition>> = BTreeMap::new();
        for ((topic, partition_index), acknowledgements) in &self.named {
            topics.entry(*topic).or_default().push(FetchPartition {
                partition_index: *partition_index,
                acknowledgement_batches: acknowledgements.to_wire(),
            });
        }
        let mut forgotten: BTreeMap<Uuid, Vec<i32>> = BTreeMap::new();
        for (topic, index) in &self.forgotten {
            forgotten.entry(*topic).or_default().push(*index);
        }
        request.share_session_epoch = self.epoch;
        let topic = |(topic_id, partitions)| FetchTopic { topic_id, partitions };
        request.topics = topics.into_iter().map(topic).collect();
        let topic = |(topic_id, partitions)| ForgottenTopic { topic_id, partitions };
        request.forgotten_topics_data = forgotten.into_iter().map(topic).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::super::acknowledgements::Kind;
    use super::*;

    const T: Uuid = Uuid::ONE;

    fn wanted(indexes: &[i32]) -> BTreeSet<Place> {
        indexes.iter().map(|index| (T, *index)).collect()
    }

    fn said() -> Acknowledgements {
        Acknowledgements::of(&[(0, 3, Kind::Accept)])
    }

    fn named(ask: &Ask) -> Vec<(i32, bool)> {
        ask.named.iter().map(|((_, index), said)| (*index, !said.is_empty())).collect()
    }

    #[test]
    fn a_fetch_names_what_changes_and_what_is_acknowledged() {
        let mut session = ShareSession::default();
        let ask = session.ask(&wanted(&[0, 1]));
        assert_eq!((ask.epoch, named(&ask)), (0, vec![(0, false), (1, false)]));
        session.answered();
        let ask = session.ask(&wanted(&[0, 1]));
        assert_eq!((ask.epoch, named(&ask)), (1, vec![]));
        session.answered();
        assert!(session.acknowledge((T, 1), said()));
        let ask = session.ask(&wanted(&[0, 2]));
        assert_eq!((ask.epoch, named(&ask)), (2, vec![(1, true), (2, false)]));
        assert_eq!(ask.forgotten, wanted(&[1]));
        session.answered();
        assert!(session.acknowledge((T, 0), said()));
        let ask = session.ask(&wanted(&[]));
        assert!(ask.is_end());
        assert_eq!((ask.epoch, named(&ask)), (-1, vec![(0, true)]));
    }

    #[test]
    fn a_session_that_was_lost_is_opened_anew_without_what_was_acknowledged_in_it() {
        let mut session = ShareSession::default();
        session.ask(&wanted(&[0]));
        session.answered();
        assert!(session.acknowledge((T, 0), said()));
        assert_eq!(session.lose(), BTreeMap::from([((T, 0), said())]));
        assert!(!session.acknowledge((T, 0), said()), "the records were given back");
        let ask = session.ask(&wanted(&[0]));
        assert_eq!((ask.epoch, named(&ask)), (0, vec![(0, false)]));
    }

    #[test]
    fn the_epoch_behind_the_last_is_one() {
        let mut session = ShareSession { epoch: i32::MAX, ..ShareSession::default() };
        session.answered();
        assert_eq!(session.epoch, 1);
    }
}
