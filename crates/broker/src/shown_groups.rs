//! Which groups the page of metrics shows one by one: each has series of its own, and there may be tens of thousands.

use std::cmp::Reverse;

use telemetry::{Exposition, names};

/// One that may be shown.
pub(crate) struct Candidate<T> {
    /// How far behind it is.
    pub(crate) behind: i64,
    pub(crate) partition_count: usize,
    pub(crate) name: String,
    pub(crate) group: T,
}

impl<T> Candidate<T> {
    /// One without partitions has a series of its own too.
    fn weight(&self) -> usize {
        self.partition_count.max(1)
    }
}

/// What is not shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct LeftOut {
    groups: usize,
    partitions: usize,
}

/// Whether all of them are shown, so that nobody needs to know how far behind they are.
pub(crate) fn fit(partition_counts: impl Iterator<Item = usize>, count_max: usize) -> bool {
    partition_counts.map(|count| count.max(1)).sum::<usize>() <= count_max
}

/// Whole groups, the furthest behind first, until they have `count_max` partitions; the last may have more. Equal ones go by
/// name, so that the same ones are shown each time.
pub(crate) fn choose<T>(mut all: Vec<Candidate<T>>, count_max: usize) -> (Vec<T>, LeftOut) {
    all.sort_by(|one, other| {
        let place = |it: &Candidate<T>| Reverse(it.behind);
        place(one).cmp(&place(other)).then_with(|| one.name.cmp(&other.name))
    });
    let (mut count, mut shown, mut left_out) = (0, Vec::new(), LeftOut::default());
    for candidate in all {
        if count >= count_max {
            left_out.groups += 1;
            left_out.partitions += candidate.partition_count;
            continue;
        }
        count += candidate.weight();
        shown.push(candidate.group);
    }
    (shown, left_out)
}

impl LeftOut {
    pub(crate) fn show(&self, kind: &str, page: &mut Exposition) {
        let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let labels = [("kind", kind)];
        page.gauge(&names::GROUPS_LEFT_OUT, &labels, whole(self.groups));
        page.gauge(&names::GROUP_PARTITIONS_LEFT_OUT, &labels, whole(self.partitions));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(
        name: &'static str,
        behind: i64,
        partition_count: usize,
    ) -> Candidate<&'static str> {
        Candidate { behind, partition_count, name: name.to_owned(), group: name }
    }

    #[test]
    fn the_furthest_behind_are_shown_whole_and_the_rest_is_counted() {
        let all = || {
            vec![
                candidate("idle", 0, 0),
                candidate("b", 7, 2),
                candidate("a", 7, 2),
                candidate("slow", 1_000, 3),
                candidate("caught-up", 0, 9),
            ]
        };
        let shown = |count_max| choose(all(), count_max);
        assert_eq!(shown(0), (vec![], LeftOut { groups: 5, partitions: 16 }));
        assert_eq!(shown(1), (vec!["slow"], LeftOut { groups: 4, partitions: 13 }));
        assert_eq!(shown(5), (vec!["slow", "a"], LeftOut { groups: 3, partitions: 11 }));
        assert_eq!(shown(6), (vec!["slow", "a", "b"], LeftOut { groups: 2, partitions: 9 }));
        assert_eq!(shown(17).1, LeftOut::default());
    }

    #[test]
    fn whether_all_fit_counts_groups_without_partitions_too() {
        assert!(fit([3, 0, 1].into_iter(), 5));
        assert!(!fit([3, 0, 1].into_iter(), 4));
        assert!(fit([].into_iter(), 0));
    }
}
