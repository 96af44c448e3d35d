//! Topic by topic, the members in order get ranges of partitions, the first ones one more where it does not divide.

use std::collections::BTreeMap;

use super::{Assignment, Subscriber, nothing, sorted};

pub(super) fn assign(
    subscribers: &[Subscriber],
    partition_counts: &BTreeMap<String, i32>,
) -> Assignment {
    let mut assignment = nothing(subscribers);
    let sorted = sorted(subscribers);
    for (topic, count) in partition_counts {
        let members: Vec<_> = sorted.iter().filter(|it| it.topics.contains(topic)).collect();
        let Ok(member_count) = i32::try_from(members.len()) else { continue };
        if member_count == 0 {
            continue;
        }
        let (each, extra) = (count / member_count, count % member_count);
        let mut first = 0;
        for (member, place) in members.iter().zip(0..) {
            let own = each + i32::from(place < extra);
            let partitions = (first..first + own).map(|index| (topic.clone(), index));
            assignment.entry(member.member_id.clone()).or_default().extend(partitions);
            first += own;
        }
    }
    assignment
}
