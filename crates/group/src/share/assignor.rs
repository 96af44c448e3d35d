use std::collections::{BTreeMap, BTreeSet};

use model::{PartitionId, TopicId};

use super::ShareGroup;
use crate::{Assignment, MemberId};

/// What one set of members may share among them.
struct Pool {
    members: Vec<MemberId>,
    partitions: Vec<PartitionId>,
}

/// The assignor `simple`: each partition goes to somebody who reads its topic, and nobody who reads anything goes without
/// as long as there is a partition. With more partitions than members each partition has one member, with fewer each
/// member has one partition; the numbers differ by one at most. What a member has it keeps, as far as that allows.
///
/// Members with the same topics share all of them evenly; otherwise each topic is shared by itself.
pub(super) fn assign(
    group: &ShareGroup,
    topics_of: &BTreeMap<MemberId, BTreeSet<TopicId>>,
    assignable: &Assignment,
) -> BTreeMap<MemberId, Assignment> {
    let mut assigned: BTreeMap<MemberId, Assignment> =
        group.members.keys().map(|id| (id.clone(), Assignment::new())).collect();
    for pool in pools(topics_of, assignable) {
        for (member, partition) in share(&pool, group) {
            if let Some(assignment) = assigned.get_mut(&member) {
                assignment.insert(partition);
            }
        }
    }
    assigned
}

fn pools(topics_of: &BTreeMap<MemberId, BTreeSet<TopicId>>, assignable: &Assignment) -> Vec<Pool> {
    let mut kinds = topics_of.values();
    let first = kinds.next();
    if first.is_some_and(|first| kinds.all(|topics| topics == first)) {
        let partitions = assignable.partitions().collect();
        return vec![Pool { members: topics_of.keys().cloned().collect(), partitions }];
    }
    let of_topic = |(topic, _): (TopicId, &BTreeSet<_>)| {
        let reads = |(id, topics): (&MemberId, &BTreeSet<TopicId>)| {
            topics.contains(&topic).then(|| id.clone())
        };
        Pool {
            members: topics_of.iter().filter_map(reads).collect(),
            partitions: assignable.partitions().filter(|it| it.topic == topic).collect(),
        }
    };
    assignable.topics().map(of_topic).collect()
}

fn share(pool: &Pool, group: &ShareGroup) -> Vec<(MemberId, PartitionId)> {
    let Pool { members, partitions } = pool;
    if members.is_empty() || partitions.is_empty() {
        return Vec::new();
    }
    let has = |member: &MemberId, partition: PartitionId| {
        group.targets.get(member).is_some_and(|target| target.contains(partition))
    };
    if partitions.len() >= members.len() {
        let pairs = spread(partitions, members, |partition, member| has(member, *partition));
        pairs.into_iter().map(|(partition, member)| (member, partition)).collect()
    } else {
        spread(members, partitions, |member, partition| has(member, *partition))
    }
}

/// Gives each thing one place, so that the places have equally many, give or take one. A thing stays where it was.
fn spread<T: Clone, P: Clone>(
    things: &[T],
    places: &[P],
    was_at: impl Fn(&T, &P) -> bool,
) -> Vec<(T, P)> {
    let (least, larger) = (things.len() / places.len(), things.len() % places.len());
    let mut counts = vec![0; places.len()];
    let mut larger_left = larger;
    let mut placed = Vec::with_capacity(things.len());
    let mut loose = Vec::new();
    let mut take = |place: usize, counts: &mut Vec<usize>| {
        let Some(count) = counts.get_mut(place) else { return false };
        let fits = *count < least || (*count == least && larger_left > 0);
        if fits {
            larger_left -= usize::from(*count == least);
            *count += 1;
        }
        fits
    };
    for thing in things {
        let before = places.iter().enumerate().filter(|(_, place)| was_at(thing, place));
        match before.map(|(index, _)| index).find(|index| take(*index, &mut counts)) {
            Some(index) => placed.push((thing.clone(), index)),
            None => loose.push(thing),
        }
    }
    // From here on places fill up in order: to the smaller number first, so that nobody goes without.
    let mut next = 0;
    for thing in loose {
        while counts.get(next).is_some_and(|count| *count >= least) {
            next += 1;
        }
        let index = if next < places.len() {
            next
        } else {
            counts.iter().position(|count| *count == least).unwrap_or(0)
        };
        if let Some(count) = counts.get_mut(index) {
            *count += 1;
        }
        placed.push((thing.clone(), index));
    }
    let at = |(thing, index): (T, usize)| Some((thing, places.get(index)?.clone()));
    placed.into_iter().filter_map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(things: usize, places: usize, was_at: impl Fn(&usize, &usize) -> bool) -> Vec<usize> {
        let things: Vec<usize> = (0..things).collect();
        let places: Vec<usize> = (0..places).collect();
        let placed = spread(&things, &places, was_at);
        assert_eq!(
            placed.iter().map(|(thing, _)| thing).collect::<BTreeSet<_>>().len(),
            things.len()
        );
        places.iter().map(|place| placed.iter().filter(|(_, at)| at == place).count()).collect()
    }

    #[test]
    fn places_get_equally_many_give_or_take_one() {
        assert_eq!(counts(7, 3, |_, _| false), [3, 2, 2]);
        assert_eq!(counts(2, 2, |_, _| false), [1, 1]);
        // All were at the last place: it keeps as many as it may.
        let mut kept = counts(7, 3, |_, place| *place == 2);
        assert_eq!(kept.pop(), Some(3));
        assert_eq!(kept, [2, 2]);
    }

    #[test]
    fn a_thing_stays_where_it_was() {
        let things: Vec<usize> = (0..6).collect();
        let before = |thing: &usize, place: &usize| thing % 3 == *place;
        for (thing, place) in spread(&things, &[0, 1, 2], before) {
            assert_eq!(thing % 3, place);
        }
    }
}
