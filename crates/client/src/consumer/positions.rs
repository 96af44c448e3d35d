//! Which partitions are read, and how far. What was asked for before the application changed its mind is known by its tag.

use std::collections::HashMap;

use model::{Offset, TopicPartition};

#[derive(Debug, Default)]
pub(super) struct Positions {
    last_tag: u64,
    held: HashMap<TopicPartition, Position>,
}

#[derive(Clone, Copy, Debug)]
struct Position {
    /// What is asked for next.
    fetch: Offset,
    /// What the application gets next.
    hand: Offset,
    /// Changes when the application moves the position or stops reading.
    tag: u64,
    paused: bool,
    /// Reading ended with an error, which the application is told.
    failed: bool,
}

/// What is to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) offset: Offset,
    pub(super) tag: u64,
}

impl Positions {
    fn position(&mut self, start: Offset) -> Position {
        self.last_tag += 1;
        let tag = self.last_tag;
        Position { fetch: start, hand: start, tag, paused: false, failed: false }
    }

    /// Reads these and no others.
    pub(super) fn replace(&mut self, starts: HashMap<TopicPartition, Offset>) {
        self.held.clear();
        self.add(starts);
    }

    /// Reads these too, or from elsewhere.
    pub(super) fn add(&mut self, starts: HashMap<TopicPartition, Offset>) {
        for (partition, start) in starts {
            let position = self.position(start);
            self.held.insert(partition, position);
        }
    }

    pub(super) fn remove<'a>(&mut self, partitions: impl IntoIterator<Item = &'a TopicPartition>) {
        for partition in partitions {
            self.held.remove(partition);
        }
    }

    /// Goes on at another place. Whether the partition is read at all.
    pub(super) fn seek(&mut self, partition: &TopicPartition, to: Offset) -> bool {
        let position = self.position(to);
        let Some(held) = self.held.get_mut(partition) else { return false };
        *held = Position { paused: held.paused, ..position };
        true
    }

    /// Stops or goes on at the place where the application is. Whether the partition is read at all.
    pub(super) fn set_paused(&mut self, partition: &TopicPartition, paused: bool) -> bool {
        let Some(held) = self.held.get(partition).copied() else { return false };
        if held.paused != paused {
            let position = Position { paused, ..self.position(held.hand) };
            self.held.insert(partition.clone(), position);
        }
        true
    }

    pub(super) fn paused(&self) -> impl Iterator<Item = &TopicPartition> {
        self.held.iter().filter(|(_, held)| held.paused).map(|(partition, _)| partition)
    }

    pub(super) fn partitions(&self) -> impl Iterator<Item = &TopicPartition> {
        self.held.keys()
    }

    /// What the application gets next of each partition.
    pub(super) fn next_of_each(&self) -> HashMap<TopicPartition, Offset> {
        self.held.iter().map(|(partition, held)| (partition.clone(), held.hand)).collect()
    }

    /// What is to be asked for of each partition that is read now.
    pub(super) fn asks(&self) -> impl Iterator<Item = (&TopicPartition, Ask)> {
        let is_read = |(_, held): &(&TopicPartition, &Position)| !held.paused && !held.failed;
        let ask = |held: &Position| Ask { offset: held.fetch, tag: held.tag };
        self.held.iter().filter(is_read).map(move |(partition, held)| (partition, ask(held)))
    }

    fn of_tag(&mut self, partition: &TopicPartition, tag: u64) -> Option<&mut Position> {
        self.held.get_mut(partition).filter(|held| held.tag == tag)
    }

    /// An answer came: the next question begins behind it. False if nobody wants it any more.
    pub(super) fn fetched(&mut self, partition: &TopicPartition, tag: u64, next: Offset) -> bool {
        let Some(held) = self.of_tag(partition, tag) else { return false };
        held.fetch = next;
        true
    }

    /// The offset that was asked for is not there: goes on elsewhere.
    pub(super) fn reset(&mut self, partition: &TopicPartition, tag: u64, to: Offset) {
        if let Some(held) = self.of_tag(partition, tag) {
            // What was fetched before is handed out first.
            if held.hand == held.fetch {
                held.hand = to;
            }
            held.fetch = to;
        }
    }

    /// Nothing more is asked for. False if nobody wants to know.
    pub(super) fn fail(&mut self, partition: &TopicPartition, tag: u64) -> bool {
        let Some(held) = self.of_tag(partition, tag) else { return false };
        held.failed = true;
        true
    }

    /// The application is given what ends before `next`. False if it changed its mind since that was asked for.
    pub(super) fn hand(&mut self, partition: &TopicPartition, tag: u64, next: Offset) -> bool {
        let Some(held) = self.of_tag(partition, tag) else { return false };
        held.hand = next;
        true
    }

    /// Whether the application still wants to know of what was asked for under this tag.
    pub(super) fn is_current(&self, partition: &TopicPartition, tag: u64) -> bool {
        self.held.get(partition).is_some_and(|held| held.tag == tag)
    }
}

#[cfg(test)]
mod tests {
    use model::{PartitionIndex, TopicName};

    use super::*;

    fn partition(index: i32) -> TopicPartition {
        let partition = PartitionIndex::from_wire(index).unwrap();
        TopicPartition { topic: TopicName::new("t").unwrap(), partition }
    }

    fn offset(raw: i64) -> Offset {
        Offset::from_wire(raw).unwrap()
    }

    fn positions(starts: &[(i32, i64)]) -> Positions {
        let mut positions = Positions::default();
        let start = |(index, at): &(i32, i64)| (partition(*index), offset(*at));
        positions.replace(starts.iter().map(start).collect());
        positions
    }

    fn ask(positions: &Positions, index: i32) -> Option<Ask> {
        let partition = partition(index);
        positions.asks().find(|(it, _)| **it == partition).map(|(_, ask)| ask)
    }

    #[test]
    fn what_was_asked_before_a_seek_is_not_handed_out() {
        let mut positions = positions(&[(0, 5)]);
        let first = ask(&positions, 0).unwrap();
        assert!(positions.fetched(&partition(0), first.tag, offset(9)));
        assert_eq!(ask(&positions, 0).unwrap().offset, offset(9));
        assert!(positions.seek(&partition(0), offset(2)));
        assert!(!positions.hand(&partition(0), first.tag, offset(9)));
        assert!(!positions.fetched(&partition(0), first.tag, offset(9)));
        assert_eq!(ask(&positions, 0).unwrap().offset, offset(2));
        assert!(!positions.seek(&partition(1), offset(2)));
    }

    #[test]
    fn a_partition_that_is_given_up_and_given_again_begins_where_it_is_told() {
        let mut positions = positions(&[(0, 5), (1, 0)]);
        let (lost, kept) = (ask(&positions, 0).unwrap(), ask(&positions, 1).unwrap());
        positions.remove(&[partition(0)]);
        positions.add(HashMap::from([(partition(0), offset(7))]));
        assert!(!positions.hand(&partition(0), lost.tag, offset(6)));
        assert!(positions.hand(&partition(1), kept.tag, offset(3)), "the other one goes on");
        let next = positions.next_of_each();
        assert_eq!(next, HashMap::from([(partition(0), offset(7)), (partition(1), offset(3))]));
    }

    #[test]
    fn a_paused_partition_goes_on_where_the_application_was() {
        let mut positions = positions(&[(0, 0)]);
        let first = ask(&positions, 0).unwrap();
        positions.fetched(&partition(0), first.tag, offset(10));
        positions.hand(&partition(0), first.tag, offset(4));
        assert!(positions.set_paused(&partition(0), true));
        assert_eq!(ask(&positions, 0), None);
        assert_eq!(positions.paused().count(), 1);
        assert!(!positions.is_current(&partition(0), first.tag), "what is prefetched is dropped");
        assert!(positions.set_paused(&partition(0), false));
        assert_eq!(ask(&positions, 0).unwrap().offset, offset(4));
    }

    #[test]
    fn a_partition_that_failed_is_not_asked_for_until_it_is_told_where_to_go_on() {
        let mut positions = positions(&[(0, 0)]);
        let first = ask(&positions, 0).unwrap();
        assert!(positions.fail(&partition(0), first.tag));
        assert!(positions.is_current(&partition(0), first.tag), "the error is told");
        assert_eq!(ask(&positions, 0), None);
        positions.seek(&partition(0), offset(1));
        assert_eq!(ask(&positions, 0).unwrap().offset, offset(1));
    }
}
