//! Known answers of the assignors, and what every answer must be.

use proptest::prelude::*;

use super::*;

mod properties;

/// What each member is to hold.
type Held<'a> = &'a [(&'a str, &'a [(&'a str, &'a [i32])])];

fn member(id: &str, topics: &[&str]) -> Subscriber {
    Subscriber {
        member_id: id.to_owned(),
        topics: topics.iter().map(ToString::to_string).collect(),
        ..Subscriber::default()
    }
}

fn places(places: &[(&str, &[i32])]) -> BTreeSet<Place> {
    let place = |(topic, indexes): &(&str, &[i32])| {
        let topic = (*topic).to_owned();
        indexes.iter().map(move |index| (topic.clone(), *index)).collect::<Vec<_>>()
    };
    places.iter().flat_map(place).collect()
}

fn owning(id: &str, owned: &[(&str, &[i32])], generation: i32) -> Subscriber {
    let (owned, generation) = (places(owned), Some(generation));
    let topics = ["t", "u"].map(str::to_owned).into();
    Subscriber { member_id: id.to_owned(), topics, owned, generation, instance_id: None }
}

fn counts(counts: &[(&str, i32)]) -> BTreeMap<String, i32> {
    counts.iter().map(|(topic, count)| ((*topic).to_owned(), *count)).collect()
}

fn check(assignor: Assignor, members: &[Subscriber], of: &[(&str, i32)], expected: Held<'_>) {
    let found = assignor.assign(members, &counts(of));
    let expected: Assignment =
        expected.iter().map(|(id, held)| ((*id).to_owned(), places(held))).collect();
    assert_eq!(found, expected);
}

#[test]
fn range_gives_the_first_members_one_more() {
    let members = [member("b", &["t"]), member("a", &["t"])];
    let expected: Held<'_> = &[("a", &[("t", &[0, 1, 2])]), ("b", &[("t", &[3, 4])])];
    check(Assignor::Range, &members, &[("t", 5)], expected);
}

#[test]
fn range_leaves_members_beyond_the_partitions_idle() {
    let members = ["a", "b", "c"].map(|id| member(id, &["t"]));
    let expected: Held<'_> = &[("a", &[("t", &[0])]), ("b", &[("t", &[1])]), ("c", &[])];
    check(Assignor::Range, &members, &[("t", 2)], expected);
}

#[test]
fn range_shares_each_topic_among_those_who_want_it() {
    let members = [member("a", &["t", "u"]), member("b", &["u"])];
    let expected: Held<'_> = &[("a", &[("t", &[0, 1]), ("u", &[0])]), ("b", &[("u", &[1])])];
    check(Assignor::Range, &members, &[("t", 2), ("u", 2)], expected);
}

#[test]
fn static_members_come_first_in_the_order_of_their_instances() {
    let mut fixed = member("z", &["t"]);
    fixed.instance_id = Some("i".to_owned());
    let members = [member("a", &["t"]), fixed];
    let expected: Held<'_> = &[("a", &[("t", &[2])]), ("z", &[("t", &[0, 1])])];
    check(Assignor::Range, &members, &[("t", 3)], expected);
    let expected: Held<'_> = &[("a", &[("t", &[1])]), ("z", &[("t", &[0, 2])])];
    check(Assignor::RoundRobin, &members, &[("t", 3)], expected);
}

/// The examples in the documentation of Kafka's RoundRobinAssignor.
#[test]
fn round_robin_goes_on_with_the_next_member_from_topic_to_topic() {
    let members = ["c0", "c1"].map(|id| member(id, &["t0", "t1"]));
    let expected: Held<'_> =
        &[("c0", &[("t0", &[0, 2]), ("t1", &[1])]), ("c1", &[("t0", &[1]), ("t1", &[0, 2])])];
    check(Assignor::RoundRobin, &members, &[("t0", 3), ("t1", 3)], expected);
    let members =
        [member("c0", &["t0"]), member("c1", &["t0", "t1"]), member("c2", &["t0", "t1", "t2"])];
    let expected: Held<'_> = &[
        ("c0", &[("t0", &[0])]),
        ("c1", &[("t1", &[0])]),
        ("c2", &[("t1", &[1]), ("t2", &[0, 1, 2])]),
    ];
    check(Assignor::RoundRobin, &members, &[("t0", 1), ("t1", 2), ("t2", 3)], expected);
}

/// The second example in the documentation of Kafka's StickyAssignor.
#[test]
fn sticky_is_balanced_where_round_robin_is_not() {
    let members =
        [member("c0", &["t0"]), member("c1", &["t0", "t1"]), member("c2", &["t0", "t1", "t2"])];
    let expected: Held<'_> =
        &[("c0", &[("t0", &[0])]), ("c1", &[("t1", &[0, 1])]), ("c2", &[("t2", &[0, 1, 2])])];
    check(Assignor::Sticky, &members, &[("t0", 1), ("t1", 2), ("t2", 3)], expected);
}

#[test]
fn sticky_gives_a_new_member_its_share_and_moves_nothing_else() {
    let members = [
        owning("a", &[("t", &[0, 1, 2])], 1),
        owning("b", &[("t", &[3]), ("u", &[0, 1])], 1),
        owning("c", &[], -1),
    ];
    let found = Assignor::Sticky.assign(&members, &counts(&[("t", 4), ("u", 2)]));
    for (id, had) in [("a", &members[0].owned), ("b", &members[1].owned)] {
        assert_eq!(found[id].len(), 2, "{found:?}");
        assert!(found[id].is_subset(had), "{found:?}");
    }
    assert_eq!(found["c"].len(), 2);
}

#[test]
fn sticky_believes_the_latest_of_two_who_claim_a_partition_and_neither_of_equals() {
    let members = [owning("a", &[("t", &[0, 1])], 3), owning("b", &[("t", &[0, 1])], 4)];
    let expected: Held<'_> = &[("a", &[("u", &[0, 1])]), ("b", &[("t", &[0, 1])])];
    check(Assignor::Sticky, &members, &[("t", 2), ("u", 2)], expected);
    let members = [owning("a", &[("t", &[1])], 4), owning("b", &[("t", &[1])], 4)];
    let expected: Held<'_> = &[("a", &[("t", &[0])]), ("b", &[("t", &[1])])];
    check(Assignor::Sticky, &members, &[("t", 2)], expected);
}

#[test]
fn sticky_forgets_partitions_that_are_gone_and_topics_that_are_not_wanted() {
    let mut changed = owning("a", &[("t", &[0, 7]), ("u", &[0]), ("gone", &[0])], 1);
    changed.topics = ["t".to_owned()].into();
    let expected: Held<'_> = &[("a", &[("t", &[0])])];
    check(Assignor::Sticky, &[changed], &[("t", 1), ("u", 1)], expected);
}

#[test]
fn cooperative_sticky_gives_what_somebody_has_only_after_that_gave_it_up() {
    let first = [owning("a", &[("t", &[0, 1])], 1), owning("b", &[], -1)];
    let expected: Held<'_> = &[("a", &[("t", &[0])]), ("b", &[])];
    check(Assignor::CooperativeSticky, &first, &[("t", 2)], expected);
    let second = [owning("a", &[("t", &[0])], 2), owning("b", &[], 2)];
    let expected: Held<'_> = &[("a", &[("t", &[0])]), ("b", &[("t", &[1])])];
    check(Assignor::CooperativeSticky, &second, &[("t", 2)], expected);
}

#[test]
fn assignors_are_known_by_their_names_and_by_kafkas_classes() {
    for assignor in Assignor::ALL {
        assert_eq!(assignor.name().parse(), Ok(assignor));
        assert_eq!(assignor.java_class().parse(), Ok(assignor));
    }
    let unknown = "uniform".parse::<Assignor>().unwrap_err().to_string();
    assert!(unknown.contains("'uniform' is no assignor"), "{unknown}");
}
