use std::collections::{BTreeMap, BTreeSet};

use super::super::test_topology::task;
use super::super::{ConfiguredSubtopology, ConfiguredTopic, TaskId, Tasks};
use super::{Member, Subject, assign};

fn part(task_count: u32, stateful: bool) -> ConfiguredSubtopology {
    let changelog = ConfiguredTopic {
        partition_count: task_count,
        replication_factor: None,
        configs: BTreeMap::new(),
    };
    ConfiguredSubtopology {
        task_count,
        source_topics: BTreeSet::new(),
        repartition_sinks: BTreeSet::new(),
        repartition_sources: BTreeMap::new(),
        changelogs: stateful.then(|| ("log".into(), changelog)).into_iter().collect(),
    }
}

fn member(process: &str) -> Member {
    Member { process: process.into(), before: Tasks::default(), offsets: BTreeMap::new() }
}

fn check(members: Vec<Member>, parts: &[(&str, u32, bool)], standby_count: u32) -> Vec<Tasks> {
    let subtopologies: BTreeMap<_, _> =
        parts.iter().map(|(id, count, stateful)| ((*id).into(), part(*count, *stateful))).collect();
    let processes: Vec<_> = members.iter().map(|member| member.process.clone()).collect();
    let given = assign(&Subject { members, subtopologies: &subtopologies, standby_count });
    let mut active = BTreeSet::new();
    let mut in_process = BTreeSet::new();
    for (tasks, process) in given.iter().zip(&processes) {
        assert_eq!(tasks.warmup, BTreeSet::new());
        for task in &tasks.active {
            assert!(active.insert(task.clone()), "{task:?} is given twice");
        }
        for task in tasks.all() {
            assert!(in_process.insert((process, task)), "{task:?} is twice in {process}");
        }
    }
    let total: u32 = parts.iter().map(|(_, count, _)| count).sum();
    assert_eq!(active.len(), total as usize, "every task is given");
    given
}

fn active_counts(given: &[Tasks]) -> Vec<usize> {
    given.iter().map(|tasks| tasks.active.len()).collect()
}

#[test]
fn tasks_are_spread_over_processes_by_their_threads() {
    let members = || vec![member("p"), member("p"), member("q")];
    let given = check(members(), &[("0", 3, false)], 0);
    assert_eq!(active_counts(&given), [1, 1, 1]);
    let given = check(members(), &[("0", 6, true), ("1", 6, true)], 0);
    assert_eq!(active_counts(&given), [4, 4, 4]);
    assert_eq!(check(Vec::new(), &[], 1), []);
}

#[test]
fn active_tasks_stay_as_long_as_nobody_has_more_than_a_share() {
    let all: BTreeSet<TaskId> = (0..5).map(|index| task("0", index)).collect();
    let mut first = member("p");
    first.before.active = all.clone();
    let given = check(vec![first, member("q")], &[("0", 5, true)], 0);
    assert_eq!(active_counts(&given), [3, 2]);
    let kept: BTreeSet<TaskId> = (0..3).map(|index| task("0", index)).collect();
    assert_eq!(given[0].active, kept);
    assert_eq!(given[1].active, all.difference(&kept).cloned().collect());
}

#[test]
fn a_lost_task_goes_to_the_best_copy() {
    let copy = |process: &str, offset: i64| {
        let mut member = member(process);
        member.before.standby.insert(task("0", 0));
        member.offsets.insert(task("0", 0), offset);
        member
    };
    let given = check(vec![copy("p", 5), copy("q", 9), member("r")], &[("0", 1, true)], 0);
    assert_eq!(active_counts(&given), [0, 1, 0]);
    let mut on_disk = member("s");
    on_disk.offsets.insert(task("0", 0), 1);
    let given = check(vec![member("p"), on_disk], &[("0", 1, true)], 0);
    assert_eq!(active_counts(&given), [0, 1], "state on the disk counts too");
}

#[test]
fn copies_lie_in_other_processes_and_only_of_tasks_with_state() {
    let members = || vec![member("p"), member("q"), member("r")];
    let given = check(members(), &[("0", 3, true), ("1", 3, false)], 2);
    let copies: Vec<usize> = given.iter().map(|tasks| tasks.standby.len()).collect();
    assert_eq!(copies, [2, 2, 2]);
    assert!(given.iter().flat_map(|tasks| &tasks.standby).all(|task| &*task.subtopology == "0"));
    let alone = check(vec![member("p"), member("p")], &[("0", 2, true)], 1);
    assert!(alone.iter().all(|tasks| tasks.standby.is_empty()), "one process has no other");
}

#[test]
fn standby_tasks_stay_where_they_are() {
    let mut members = vec![member("p"), member("q"), member("r")];
    members[0].before.active = [task("0", 0)].into();
    members[1].before.active = [task("0", 1)].into();
    members[2].before.standby = [task("0", 0), task("0", 1)].into();
    let given = check(members, &[("0", 2, true)], 1);
    assert_eq!(active_counts(&given), [1, 1, 0]);
    assert_eq!(given[2].standby, [task("0", 0), task("0", 1)].into());
}
