//! Members, what they want and what they have, while partitions move between them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Place, Subscriber};

#[derive(Debug)]
pub(super) struct Shares {
    /// By topic, who wants it.
    takers: BTreeMap<String, Vec<usize>>,
    /// By member and topic, what it has: first what it had before, so that the last is the one to take away.
    held: Vec<BTreeMap<String, Vec<i32>>>,
    loads: Vec<usize>,
    /// The members by their load.
    order: BTreeSet<(usize, usize)>,
}

impl Shares {
    pub(super) fn new(members: &[&Subscriber], partition_counts: &BTreeMap<String, i32>) -> Self {
        let takers = |topic: &String| {
            let wants = |(_, member): &(usize, &&Subscriber)| member.topics.contains(topic);
            members.iter().enumerate().filter(wants).map(|(index, _)| index).collect()
        };
        Self {
            takers: partition_counts.keys().map(|topic| (topic.clone(), takers(topic))).collect(),
            held: vec![BTreeMap::new(); members.len()],
            loads: vec![0; members.len()],
            order: (0..members.len()).map(|index| (0, index)).collect(),
        }
    }

    /// How many members want a topic.
    pub(super) fn takers(&self, topic: &str) -> usize {
        self.takers.get(topic).map_or(0, Vec::len)
    }

    fn load(&self, member: usize) -> usize {
        self.loads.get(member).copied().unwrap_or(0)
    }

    /// Of those who want the topic, who reads least.
    pub(super) fn least_of(&self, topic: &str) -> Option<usize> {
        let takers = self.takers.get(topic)?;
        takers.iter().copied().min_by_key(|member| (self.load(*member), *member))
    }

    fn set_load(&mut self, member: usize, change: isize) {
        let Some(load) = self.loads.get_mut(member) else { return };
        self.order.remove(&(*load, member));
        *load = load.saturating_add_signed(change);
        self.order.insert((*load, member));
    }

    /// What was given last is taken away first.
    pub(super) fn give(&mut self, member: usize, (topic, index): Place) {
        let Some(held) = self.held.get_mut(member) else { return };
        held.entry(topic).or_default().push(index);
        self.set_load(member, 1);
    }

    fn take(&mut self, member: usize, topic: &str) -> Option<i32> {
        let index = self.held.get_mut(member)?.get_mut(topic)?.pop()?;
        self.set_load(member, -1);
        Some(index)
    }

    /// Moves partitions until none can go to a member that reads two fewer. Each move makes the sum of the squares of the
    /// loads smaller, so it ends.
    pub(super) fn balance(&mut self) {
        while let Some((from, topic, to)) = self.next_move() {
            let Some(index) = self.take(from, &topic) else { return };
            self.give(to, (topic, index));
        }
    }

    /// From who reads most to who reads least.
    fn next_move(&self) -> Option<(usize, String, usize)> {
        let least = self.order.first()?.0;
        for (load, from) in self.order.iter().rev() {
            if *load < least + 2 {
                return None;
            }
            let topics = self.held.get(*from)?.iter().filter(|(_, held)| !held.is_empty());
            let moves = topics.filter_map(|(topic, _)| Some((topic, self.least_of(topic)?)));
            let best = moves.min_by_key(|(_, to)| self.load(*to));
            if let Some((topic, to)) = best
                && self.load(to) + 2 <= *load
            {
                return Some((*from, topic.clone(), to));
            }
        }
        None
    }

    /// What each member has, in the order of the members.
    pub(super) fn into_places(self) -> impl Iterator<Item = BTreeSet<Place>> {
        self.held.into_iter().map(|topics| {
            let places = |(topic, indexes): (String, Vec<i32>)| {
                indexes.into_iter().map(move |index| (topic.clone(), index))
            };
            topics.into_iter().flat_map(places).collect()
        })
    }
}
