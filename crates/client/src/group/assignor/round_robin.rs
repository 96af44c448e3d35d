//! The partitions of all topics in order, each to the next member that wants its topic.

use std::collections::BTreeMap;

use super::{Assignment, Subscriber, nothing, sorted};

pub(super) fn assign(
    subscribers: &[Subscriber],
    partition_counts: &BTreeMap<String, i32>,
) -> Assignment {
    let mut assignment = nothing(subscribers);
    let sorted = sorted(subscribers);
    let mut turn = 0;
    for (topic, count) in partition_counts {
        for index in 0..*count {
            let members = sorted.iter().enumerate().cycle().skip(turn).take(sorted.len());
            let next = members.into_iter().find(|(_, it)| it.topics.contains(topic));
            let Some((place, member)) = next else { break };
            turn = (place + 1) % sorted.len();
            assignment.entry(member.member_id.clone()).or_default().insert((topic.clone(), index));
        }
    }
    assignment
}
