use std::time::Duration;

use super::*;

fn copied(attempt: AttemptId, at: i64, id: u64) -> Copied {
    Copied { attempt, source: (0, at), id }
}

/// One transaction of two records that is committed, and one that is not.
fn checker() -> Checker {
    let mut checker = Checker::default();
    checker.acknowledged(10);
    checker.acknowledged(11);
    checker.begun(1, BTreeSet::from([10, 11]));
    checker.commit_asked(1);
    checker.begun(2, BTreeSet::from([10, 11]));
    checker
}

fn invariant(result: Result<(), Broken>) -> &'static str {
    result.unwrap_err().invariant
}

#[test]
fn what_is_as_it_should_be_is_let_pass() {
    let mut checker = checker();
    assert_eq!(invariant(checker.finish()), "final_reads_see_everything");
    for _ in 0..2 {
        checker.read((0, 4), copied(1, 0, 10)).unwrap();
        checker.read((0, 5), copied(1, 1, 11)).unwrap();
    }
    checker.committed(1);
    checker.group_is_at(0, 1).unwrap();
    checker.group_is_at(0, 1).unwrap();
    checker.group_is_at(0, 2).unwrap();
    checker.finish().unwrap();
}

#[test]
fn each_rule_has_something_that_breaks_it() {
    let mut checker = checker();
    assert_eq!(invariant(checker.read((0, 4), copied(2, 0, 10))), "no_aborted_read");
    let unknown = "only_what_was_written_is_read";
    assert_eq!(invariant(checker.read((0, 4), copied(1, 0, 12))), unknown);
    assert_eq!(invariant(checker.read((0, 4), copied(7, 0, 10))), unknown);
    checker.read((0, 4), copied(1, 0, 10)).unwrap();
    let two_values = "no_offset_has_two_values";
    assert_eq!(invariant(checker.read((0, 4), copied(1, 1, 11))), two_values);
    assert_eq!(invariant(checker.read((1, 9), copied(1, 0, 10))), "copied_exactly_once");
    checker.group_is_at(0, 2).unwrap();
    assert_eq!(invariant(checker.group_is_at(0, 1)), "group_offsets_never_go_back");
}

#[test]
fn a_part_of_a_transaction_and_a_wrong_order_are_found_at_the_end() {
    let mut half = Checker::default();
    half.begun(1, BTreeSet::from([10, 11]));
    half.commit_asked(1);
    half.finish().unwrap();
    half.committed(1);
    assert_eq!(invariant(half.finish()), "transactions_are_whole");
    half.read((0, 4), copied(1, 0, 10)).unwrap();
    assert_eq!(invariant(half.finish()), "transactions_are_whole");
    let mut turned = checker();
    turned.read((0, 4), copied(1, 1, 11)).unwrap();
    turned.read((0, 5), copied(1, 0, 10)).unwrap();
    assert_eq!(invariant(turned.finish()), "order_is_kept");
}

#[test]
fn what_was_read_and_is_gone_at_the_end_is_noticed() {
    let mut checker = checker();
    checker.read((0, 4), copied(1, 0, 10)).unwrap();
    checker.read((0, 5), copied(1, 1, 11)).unwrap();
    checker.finish().unwrap();
    checker.begin_last_read();
    checker.read((0, 5), copied(1, 1, 11)).unwrap();
    assert_eq!(invariant(checker.finish()), "final_reads_see_everything");
    checker.read((0, 4), copied(1, 0, 10)).unwrap();
    checker.finish().unwrap();
    assert_eq!(Copied::decode(&copied(1, 0, 10).encode()), Ok(copied(1, 0, 10)));
    let short = Copied::decode(&[0; 27]).unwrap_err();
    assert_eq!(short.invariant, "only_what_was_written_is_read");
}

const LOCK: Duration = Duration::from_secs(1);

fn shared_checker() -> Checker {
    let rules = ShareRules { lock: LOCK, delivery_count_limit: 3 };
    let mut checker = Checker::with_share_group(rules);
    checker.begun(1, BTreeSet::from([10, 11]));
    checker.commit_asked(1);
    checker.begun(2, BTreeSet::from([12]));
    for (at, id) in [(0, 10), (1, 11)] {
        checker.acknowledged(id);
        checker.read((0, 4 + at), copied(1, at, id)).unwrap();
    }
    checker
}

fn at(ms: u64) -> Instant {
    Instant::from_millis(ms)
}

/// To a member, asked for at the time and there at once.
fn to(member: MemberNumber, ms: u64, checker: &Checker) -> Delivery {
    Delivery { member, life: checker.life(), asked_at: at(ms), at: at(ms), count: 1 }
}

#[test]
fn a_share_group_that_does_as_it_should_is_let_pass() {
    let mut checker = shared_checker();
    let first = copied(1, 0, 10);
    checker.delivered((0, 4), first, to(1, 0, &checker)).unwrap();
    // The lock is over, the member gave it back, it left, the broker died.
    checker.delivered((0, 4), first, to(2, 1_000, &checker)).unwrap();
    checker.released((0, 4), 2);
    checker.delivered((0, 4), first, to(1, 1_100, &checker)).unwrap();
    checker.member_left(1);
    checker.delivered((0, 4), first, to(2, 1_200, &checker)).unwrap();
    let late = to(2, 1_250, &checker);
    checker.broker_dies();
    checker.delivered((0, 4), first, to(1, 1_300, &checker)).unwrap();
    // Of the dead broker, and asked for before the acceptance.
    checker.delivered((0, 4), first, late).unwrap();
    checker.accept_asked((0, 4));
    checker.accepted((0, 4), 1, at(1_400)).unwrap();
    checker.delivered((0, 4), first, late).unwrap();
    // Member 2 holds nothing: it was told that the record is decided.
    checker.accepted((0, 4), 2, at(1_500)).unwrap();
    assert_eq!(checker.unshared_count(), 1);
    checker
        .delivered((0, 5), copied(1, 1, 11), Delivery { count: 3, ..to(1, 2_000, &checker) })
        .unwrap();
    checker.finish().unwrap();
}

#[test]
fn each_rule_of_share_groups_has_something_that_breaks_it() {
    let (first, second) = (copied(1, 0, 10), copied(1, 1, 11));
    let mut checker = shared_checker();
    assert_eq!(invariant(checker.finish()), "each_shared_record_is_given");
    checker.delivered((0, 4), first, to(1, 0, &checker)).unwrap();
    assert_eq!(invariant(checker.finish()), "each_shared_record_is_accepted");
    let twice = checker.delivered((0, 4), first, to(2, 999, &checker));
    assert_eq!(invariant(twice), "shared_with_one_at_a_time");
    checker.accept_asked((0, 4));
    checker.accepted((0, 4), 1, at(500)).unwrap();
    let again = checker.delivered((0, 4), first, to(1, 501, &checker));
    assert_eq!(invariant(again), "the_accepted_is_not_given_again");
    // Asked for before the acceptance, so that it may come; to accept it once more is wrong all the same.
    checker.delivered((0, 4), first, to(2, 500, &checker)).unwrap();
    assert_eq!(invariant(checker.accepted((0, 4), 2, at(600))), "accepted_once");
    checker.delivered((0, 5), second, to(1, 700, &checker)).unwrap();
    let aborted = checker.delivered((0, 6), copied(2, 2, 12), to(1, 700, &checker));
    assert_eq!(invariant(aborted), "no_aborted_read");
}

fn told(owner: Owner, epoch: i32, at: u64) -> Told {
    let instant = |millis| Instant::ZERO.plus(Duration::from_millis(millis));
    let (at, until) = (instant(at), instant(at + 1_000));
    Told { owner, epoch, partitions: BTreeSet::from([3]), at, until }
}

#[test]
fn a_partition_has_one_owner_at_an_epoch_and_at_a_time() {
    let mut checker = Checker::default();
    checker.told(&told(1, 5, 0)).unwrap();
    checker.told(&told(1, 6, 500)).unwrap();
    assert_eq!(invariant(checker.told(&told(2, 6, 9_000))), "one_owner_at_an_epoch");
    assert_eq!(invariant(checker.told(&told(2, 7, 1_499))), "one_owner_at_a_time");
    // It was silent for so long that it may be dead.
    checker.told(&told(2, 7, 1_500)).unwrap();
    // It says that it still holds the partition, and another time that it does not.
    checker.holds_only(2, &BTreeSet::from([3]));
    assert_eq!(invariant(checker.told(&told(1, 8, 1_600))), "one_owner_at_a_time");
    checker.holds_only(2, &BTreeSet::new());
    checker.told(&told(1, 9, 1_600)).unwrap();
    assert_eq!(checker.handed_over_count(), 3);
}
