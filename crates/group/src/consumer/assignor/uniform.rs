use std::collections::BTreeSet;

use model::{PartitionId, PartitionIndex, TopicId};

use super::{Assigned, Subject};
use crate::consumer::Assignment;

/// Members come out with as many partitions as each other, or one more, where all read the same; where they do not, as
/// close to that as their subscriptions let them. A partition stays with its member unless it must go.
pub(super) fn assign(subject: &Subject) -> Assigned {
    let mut topics = subject.members.iter().map(|member| &member.topics);
    let is_same = match topics.next() {
        None => return Vec::new(),
        Some(first) => topics.all(|topics| topics == first),
    };
    if is_same { assign_to_equals(subject) } else { assign_to_different(subject) }
}

/// What each member keeps of its partitions, at most `quota` of them as they come, and what is left for others.
fn keep(
    subject: &Subject,
    mut quota: impl FnMut(usize) -> usize,
) -> (Vec<Vec<PartitionId>>, BTreeSet<PartitionId>) {
    let mut free: BTreeSet<PartitionId> =
        subject.topics().flat_map(|topic| subject.partitions(topic)).collect();
    let mut kept = Vec::with_capacity(subject.members.len());
    for member in &subject.members {
        let wanted = |partition: &PartitionId| member.topics.contains(&partition.topic);
        let held = member.before.partitions().filter(wanted).filter(|it| free.contains(it));
        let held: Vec<PartitionId> = held.collect();
        let own: Vec<PartitionId> = held.iter().copied().take(quota(held.len())).collect();
        for partition in &own {
            free.remove(partition);
        }
        kept.push(own);
    }
    (kept, free)
}

fn assign_to_equals(subject: &Subject) -> Assigned {
    let member_count = subject.members.len();
    let total: usize = subject.topics().map(|topic| subject.partitions(topic).count()).sum();
    let (share, mut more) = (total / member_count, total % member_count);
    // Those that have more than the share keep one more, as long as somebody must.
    let (mut kept, free) = keep(subject, |held| {
        if held > share && more > 0 {
            more -= 1;
            return share + 1;
        }
        share
    });
    let mut free = free.into_iter();
    for own in &mut kept {
        let missing = share.saturating_sub(own.len());
        own.extend(free.by_ref().take(missing));
    }
    for own in kept.iter_mut().filter(|own| own.len() == share) {
        if more == 0 {
            break;
        }
        more -= 1;
        own.extend(free.next());
    }
    kept.into_iter().map(Assignment::from_iter).collect()
}

fn assign_to_different(subject: &Subject) -> Assigned {
    let (kept, free) = keep(subject, |held| held);
    let mut loads: Vec<BTreeSet<PartitionId>> = kept.into_iter().map(BTreeSet::from_iter).collect();
    let readers = |topic: TopicId| -> Vec<usize> {
        let reads = |index: &usize| subject.members[*index].topics.contains(&topic);
        (0..subject.members.len()).filter(reads).collect()
    };
    // Topics with few readers first: they leave the least choice.
    let mut topics: Vec<(TopicId, Vec<usize>)> =
        subject.topics().map(|topic| (topic, readers(topic))).collect();
    topics.sort_by_key(|(topic, readers)| (readers.len(), *topic));
    for (topic, readers) in &topics {
        for partition in subject.partitions(*topic).filter(|it| free.contains(it)) {
            if let Some(&least) = readers.iter().min_by_key(|&&index| loads[index].len()) {
                loads[least].insert(partition);
            }
        }
    }
    balance(subject, &topics, &mut loads);
    loads.into_iter().map(Assignment::from_iter).collect()
}

/// Moves partitions from the reader of a topic that holds most to the one that holds least, while that makes them more alike.
/// It ends: every move makes the sum of the squares of the loads smaller.
fn balance(
    subject: &Subject,
    topics: &[(TopicId, Vec<usize>)],
    loads: &mut [BTreeSet<PartitionId>],
) {
    let mut moved = true;
    while moved {
        moved = false;
        for (topic, readers) in topics {
            loop {
                let whole = subject.partition_counts.get(topic).copied().unwrap_or(0);
                let end = i32::try_from(whole).ok().and_then(PartitionIndex::from_wire);
                let end = end.unwrap_or(PartitionIndex::ZERO);
                let end = PartitionId { topic: *topic, partition: end };
                let of_topic = |load: &BTreeSet<PartitionId>| {
                    load.range(..end).next_back().copied().filter(|it| it.topic == *topic)
                };
                let holders = readers.iter().filter(|&&index| of_topic(&loads[index]).is_some());
                let most = holders.max_by_key(|&&index| loads[index].len()).copied();
                let least = readers.iter().min_by_key(|&&index| loads[index].len()).copied();
                let (Some(most), Some(least)) = (most, least) else { break };
                if loads[most].len() <= loads[least].len() + 1 {
                    break;
                }
                let Some(partition) = of_topic(&loads[most]) else { break };
                loads[most].remove(&partition);
                loads[least].insert(partition);
                moved = true;
            }
        }
    }
}
