use super::{Assigned, Subject};
use crate::consumer::Assignment;

/// Of each topic every reader gets a range, the first ones one partition more if it does not come out even. Readers stand
/// in the order of their instance ids, or else their own; so where all read the same topics, partitions of one number go
/// together.
pub(super) fn assign(subject: &Subject) -> Assigned {
    let mut order: Vec<usize> = (0..subject.members.len()).collect();
    order.sort_by_key(|&index| {
        let member = &subject.members[index];
        let name = member.instance.as_ref().map_or(member.id.as_str(), |it| it.as_str());
        (name, index)
    });
    let mut assigned = vec![Assignment::new(); subject.members.len()];
    for topic in subject.partition_counts.keys() {
        let reads = |index: &usize| subject.members[*index].topics.contains(topic);
        let readers: Vec<usize> = order.iter().copied().filter(reads).collect();
        if readers.is_empty() {
            continue;
        }
        let count = subject.partitions(*topic).count();
        let (share, more) = (count / readers.len(), count % readers.len());
        let mut partitions = subject.partitions(*topic);
        for (place, reader) in readers.into_iter().enumerate() {
            let size = share + usize::from(place < more);
            for partition in partitions.by_ref().take(size) {
                assigned[reader].insert(partition);
            }
        }
    }
    assigned
}
