use model::SeededRandom;

use super::*;

#[expect(clippy::cast_possible_truncation, reason = "a small number")]
const COUNT_MAX: u32 = CHECKED_RANGES_MAX as u32;

fn below(random: &mut SeededRandom, bound: u32) -> u32 {
    u32::try_from(random.below(u64::from(bound))).unwrap()
}

#[test]
fn gaps_are_exactly_what_was_not_noted() {
    for seed in 0..200 {
        let mut random = SeededRandom::new(seed);
        let checked = CheckedBytes::default();
        let mut model = [false; 40];
        for _ in 0..12 {
            let start = below(&mut random, 40);
            let range = start..start + below(&mut random, 41 - start);
            model[range.start as usize..range.end as usize].fill(true);
            checked.note(Offset::ZERO, range);
            let from = below(&mut random, 40);
            let gap = checked.first_gap(Offset::ZERO, from..40);
            let first = (from..40).find(|at| !model[*at as usize]);
            let expected =
                first.map(|first| first..(first..40).find(|at| model[*at as usize]).unwrap_or(40));
            assert_eq!(gap, expected, "seed {seed}");
        }
    }
}

#[test]
fn what_is_forgotten_for_want_of_room_is_a_gap_again() {
    let checked = CheckedBytes::default();
    for index in 0..=COUNT_MAX {
        checked.note(Offset::ZERO, index * 10..index * 10 + 5);
    }
    let last = COUNT_MAX * 10;
    assert_eq!(checked.first_gap(Offset::ZERO, last..last + 5), Some(last..last + 5));
    assert_eq!(checked.first_gap(Offset::ZERO, 0..5), None);
}
