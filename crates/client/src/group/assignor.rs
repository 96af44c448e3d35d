//! Who of a group reads what: the range assignor, as every client of Kafka computes it.

use std::collections::{BTreeMap, BTreeSet};

/// A member as the assignor sees it: static members are known by their instance id, so that a restart changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subscriber {
    pub(super) instance_id: Option<String>,
    pub(super) member_id: String,
    pub(super) topics: BTreeSet<String>,
}

/// Topic by topic, the members in order get ranges of partitions, the first ones one more where it does not divide.
/// Gives topic and partitions by member id; every member is there.
pub(super) fn range(
    subscribers: &[Subscriber],
    partition_counts: &BTreeMap<String, i32>,
) -> BTreeMap<String, BTreeMap<String, Vec<i32>>> {
    let mut assignment: BTreeMap<String, BTreeMap<String, Vec<i32>>> =
        subscribers.iter().map(|it| (it.member_id.clone(), BTreeMap::new())).collect();
    for (topic, count) in partition_counts {
        let mut members: Vec<&Subscriber> =
            subscribers.iter().filter(|it| it.topics.contains(topic)).collect();
        members.sort_by(|a, b| order(a).cmp(&order(b)));
        let Ok(member_count) = i32::try_from(members.len()) else { continue };
        if member_count == 0 {
            continue;
        }
        let (each, extra) = (count / member_count, count % member_count);
        let mut first = 0;
        for (member, place) in members.iter().zip(0..) {
            let own = each + i32::from(place < extra);
            if own > 0 {
                let topics = assignment.entry(member.member_id.clone()).or_default();
                topics.insert(topic.clone(), (first..first + own).collect());
            }
            first += own;
        }
    }
    assignment
}

/// Static members first, by their instance; then the others by their id.
fn order(member: &Subscriber) -> (bool, &str) {
    match &member.instance_id {
        Some(instance) => (false, instance),
        None => (true, &member.member_id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: &str, topics: &[&str]) -> Subscriber {
        Subscriber {
            instance_id: None,
            member_id: id.to_owned(),
            topics: topics.iter().map(ToString::to_string).collect(),
        }
    }

    fn check(members: &[Subscriber], counts: &[(&str, i32)], expected: &[(&str, &str, &[i32])]) {
        let counts = counts.iter().map(|(topic, count)| ((*topic).to_owned(), *count)).collect();
        let assignment = range(members, &counts);
        let mut found = Vec::new();
        for (member, topics) in &assignment {
            for (topic, partitions) in topics {
                found.push((member.as_str(), topic.as_str(), partitions.as_slice()));
            }
        }
        assert_eq!(found, expected);
        assert_eq!(assignment.len(), members.len());
    }

    #[test]
    fn the_first_members_get_one_more() {
        let members = [member("b", &["t"]), member("a", &["t"])];
        check(&members, &[("t", 5)], &[("a", "t", &[0, 1, 2]), ("b", "t", &[3, 4])]);
    }

    #[test]
    fn members_beyond_the_partitions_are_idle() {
        let members = ["a", "b", "c"].map(|id| member(id, &["t"]));
        check(&members, &[("t", 2)], &[("a", "t", &[0]), ("b", "t", &[1])]);
    }

    #[test]
    fn each_topic_is_shared_by_those_who_want_it() {
        let members = [member("a", &["t", "u"]), member("b", &["u"])];
        check(
            &members,
            &[("t", 2), ("u", 2)],
            &[("a", "t", &[0, 1]), ("a", "u", &[0]), ("b", "u", &[1])],
        );
    }

    #[test]
    fn static_members_come_first_in_the_order_of_their_instances() {
        let mut fixed = member("z", &["t"]);
        fixed.instance_id = Some("i".to_owned());
        let members = [member("a", &["t"]), fixed];
        check(&members, &[("t", 3)], &[("a", "t", &[2]), ("z", "t", &[0, 1])]);
    }
}
