use super::*;

const TOPICS: [&str; 4] = ["p", "q", "r", "s"];

#[derive(Clone, Debug)]
struct Group {
    members: Vec<Subscriber>,
    counts: BTreeMap<String, i32>,
}

impl Group {
    fn wanted(&self) -> BTreeSet<Place> {
        let is_wanted = |topic: &String| self.members.iter().any(|it| it.topics.contains(topic));
        let counts = self.counts.iter().filter(|(topic, _)| is_wanted(topic));
        counts.flat_map(|(topic, count)| (0..*count).map(|it| (topic.clone(), it))).collect()
    }

    /// The members are told, and say in the next rebalance what they have.
    fn settle(&mut self, assignment: &Assignment, generation: i32) {
        for member in &mut self.members {
            member.owned.clone_from(&assignment[&member.member_id]);
            member.generation = Some(generation);
        }
    }

    fn add(&mut self, id: &str, topics: &BTreeSet<String>) {
        let (member_id, topics) = (id.to_owned(), topics.clone());
        self.members.push(Subscriber { member_id, topics, ..Subscriber::default() });
    }
}

fn topics() -> impl Strategy<Value = BTreeSet<String>> {
    let topics = proptest::sample::subsequence(TOPICS.to_vec(), 1..=TOPICS.len());
    topics.prop_map(|topics| topics.into_iter().map(str::to_owned).collect())
}

fn any_counts() -> impl Strategy<Value = BTreeMap<String, i32>> {
    proptest::collection::vec(0_i32..12, TOPICS.len())
        .prop_map(|counts| TOPICS.iter().map(ToString::to_string).zip(counts).collect())
}

/// Members that want the same, or each their own.
fn any_group() -> impl Strategy<Value = Group> {
    let wants = prop_oneof![
        (topics(), 1_usize..9).prop_map(|(topics, count)| vec![topics; count]),
        proptest::collection::vec(topics(), 1..9),
    ];
    (wants, any_counts()).prop_map(|(wants, counts)| {
        let mut group = Group { members: Vec::new(), counts };
        for (topics, index) in wants.iter().zip(0..) {
            group.add(&format!("m{index}"), topics);
        }
        group
    })
}

fn uniform_group() -> impl Strategy<Value = Group> {
    (2_usize..9, any_counts()).prop_map(|(count, counts)| {
        let mut group = Group { members: Vec::new(), counts };
        for index in 0..count {
            group.add(&format!("m{index}"), &TOPICS.map(str::to_owned).into());
        }
        group
    })
}

fn each_is_read_once_by_one_who_wants_it(group: &Group, assignment: &Assignment) {
    assert_eq!(assignment.len(), group.members.len());
    let mut seen = BTreeSet::new();
    for member in &group.members {
        for place in &assignment[&member.member_id] {
            assert!(member.topics.contains(&place.0), "{place:?} {assignment:?}");
            assert!(seen.insert(place.clone()), "{place:?} twice: {assignment:?}");
        }
    }
    assert_eq!(seen, group.wanted());
}

/// No partition can go to a member that reads two fewer.
fn is_balanced(group: &Group, assignment: &Assignment) {
    for (from, places) in assignment {
        for to in &group.members {
            let fewer = assignment[&to.member_id].len() + 2 <= places.len();
            let can_take = places.iter().any(|place| to.topics.contains(&place.0));
            assert!(!(fewer && can_take), "{from} → {}: {assignment:?}", to.member_id);
        }
    }
}

proptest! {
    #[test]
    fn every_assignor_gives_each_partition_to_one_who_wants_it(group in any_group()) {
        for assignor in Assignor::ALL {
            each_is_read_once_by_one_who_wants_it(&group, &assignor.assign(&group.members, &group.counts));
        }
    }

    #[test]
    fn the_order_of_the_members_does_not_count(group in any_group()) {
        let mut turned = group.members.clone();
        turned.reverse();
        for assignor in Assignor::ALL {
            prop_assert_eq!(
                assignor.assign(&group.members, &group.counts),
                assignor.assign(&turned, &group.counts)
            );
        }
    }

    #[test]
    fn sticky_is_balanced_from_any_state(group in any_group(), owners in proptest::collection::vec(0_usize..9, 48)) {
        let mut group = group;
        let count = group.members.len();
        for (place, owner) in group.wanted().into_iter().zip(owners) {
            let owner = &mut group.members[owner % count];
            owner.owned.insert(place);
            owner.generation = Some(1);
        }
        let assignment = Assignor::Sticky.assign(&group.members, &group.counts);
        each_is_read_once_by_one_who_wants_it(&group, &assignment);
        is_balanced(&group, &assignment);
    }

    #[test]
    fn sticky_moves_nothing_when_nothing_changed(group in any_group()) {
        let mut group = group;
        let before = Assignor::Sticky.assign(&group.members, &group.counts);
        group.settle(&before, 1);
        prop_assert_eq!(Assignor::Sticky.assign(&group.members, &group.counts), before);
    }

    #[test]
    fn sticky_keeps_all_that_the_others_had_when_one_leaves(group in uniform_group()) {
        let mut group = group;
        let before = Assignor::Sticky.assign(&group.members, &group.counts);
        group.settle(&before, 1);
        group.members.remove(0);
        let after = Assignor::Sticky.assign(&group.members, &group.counts);
        is_balanced(&group, &after);
        for (id, places) in &after {
            prop_assert!(places.is_superset(&before[id]), "{:?} → {:?}", before, after);
        }
    }

    #[test]
    fn sticky_moves_only_to_a_member_that_comes(group in uniform_group()) {
        let mut group = group;
        let before = Assignor::Sticky.assign(&group.members, &group.counts);
        group.settle(&before, 1);
        group.add("new", &TOPICS.map(str::to_owned).into());
        let after = Assignor::Sticky.assign(&group.members, &group.counts);
        is_balanced(&group, &after);
        for (id, places) in &before {
            prop_assert!(after[id].is_subset(places), "{:?} → {:?}", before, after);
        }
    }

    #[test]
    fn sticky_moves_as_few_as_balance_allows(group in uniform_group(), owners in proptest::collection::vec(0_usize..9, 48)) {
        let mut group = group;
        let count = group.members.len();
        for (place, owner) in group.wanted().into_iter().zip(owners) {
            group.members[owner % count].owned.insert(place);
        }
        let assignment = Assignor::Sticky.assign(&group.members, &group.counts);
        let moved: usize = group.members.iter().map(|it| it.owned.difference(&assignment[&it.member_id]).count()).sum();
        // Who has most may keep one more than the others, as far as that goes.
        let total = group.wanted().len();
        let mut had: Vec<usize> = group.members.iter().map(|it| it.owned.len()).collect();
        had.sort_unstable_by(|a, b| b.cmp(a));
        let share = |place: usize| total / count + usize::from(place < total % count);
        let least: usize = had.iter().zip(0..).map(|(had, place)| had.saturating_sub(share(place))).sum();
        prop_assert_eq!(moved, least, "{:?}", assignment);
    }

    #[test]
    fn cooperative_sticky_never_gives_what_somebody_has_and_settles_in_few_rebalances(
        group in any_group(),
        leaves in any::<bool>(),
        comes in topics(),
    ) {
        let mut group = group;
        let before = Assignor::Sticky.assign(&group.members, &group.counts);
        group.settle(&before, 1);
        if leaves && group.members.len() > 1 {
            group.members.remove(0);
        }
        group.add("new", &comes);
        let first = Assignor::CooperativeSticky.assign(&group.members, &group.counts);
        for (id, places) in &first {
            for other in group.members.iter().filter(|it| it.member_id != *id) {
                prop_assert!(places.is_disjoint(&other.owned), "{:?}", first);
            }
        }
        let target = Assignor::Sticky.assign(&group.members, &group.counts);
        group.settle(&first, 2);
        let mut second = Assignor::CooperativeSticky.assign(&group.members, &group.counts);
        // Two are enough where all read the same; else what is balanced may look otherwise once something has moved.
        let is_uniform = group.members.iter().all(|it| it.topics == group.members[0].topics);
        for generation in 3..=if is_uniform { 2 } else { 4 } {
            group.settle(&second, generation);
            second = Assignor::CooperativeSticky.assign(&group.members, &group.counts);
        }
        each_is_read_once_by_one_who_wants_it(&group, &second);
        is_balanced(&group, &second);
        prop_assert_eq!(second.values().map(BTreeSet::len).sum::<usize>(), target.values().map(BTreeSet::len).sum::<usize>());
        // Who kept something in the first goes on with it in the second.
        for (id, places) in first.iter().filter(|_| is_uniform) {
            prop_assert!(second[id].is_superset(places), "{:?} → {:?}", first, second);
        }
    }
}
