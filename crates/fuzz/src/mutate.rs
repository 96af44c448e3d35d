//! Damage to bytes, as faults and enemies do it.

use std::ops::Range;

use model::SeededRandom;

use crate::limits::{DAMAGE_COUNT_MAX, DAMAGE_SIZE_MAX, INPUT_SIZE_MAX};

/// Damages `bytes` one to four times. `other` is another valid input, for pieces that belong elsewhere.
pub(crate) fn damage(bytes: &mut Vec<u8>, other: &[u8], random: &mut SeededRandom) {
    for _ in 0..=random.below(DAMAGE_COUNT_MAX) {
        damage_once(bytes, other, random);
    }
    bytes.truncate(INPUT_SIZE_MAX);
}

fn damage_once(bytes: &mut Vec<u8>, other: &[u8], random: &mut SeededRandom) {
    match random.below(14) {
        0 | 1 => {
            let place = place(bytes.len(), random);
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << random.below(8);
            }
        }
        2 => {
            let place = place(bytes.len(), random);
            if let Some(byte) = bytes.get_mut(place) {
                *byte = random.next_u64().to_be_bytes()[0];
            }
        }
        3..=5 => extreme_number(bytes, random),
        6 => {
            let range = range(bytes.len(), random);
            bytes[range].fill(0);
        }
        7 => {
            let range = range(bytes.len(), random);
            random.fill(&mut bytes[range]);
        }
        8 => bytes.truncate(place(bytes.len(), random)),
        9 => drop(bytes.drain(range(bytes.len(), random))),
        10 => {
            let piece = bytes[range(bytes.len(), random)].to_vec();
            insert(bytes, &piece, random);
        }
        11 => {
            let piece = bytes[range(bytes.len(), random)].to_vec();
            overwrite(bytes, &piece, random);
        }
        12 => {
            let mut piece = vec![0; size(random.below(8) + 1)];
            random.fill(&mut piece);
            insert(bytes, &piece, random);
        }
        _ => {
            let piece = other[range(other.len(), random)].to_vec();
            if random.one_in(2) {
                insert(bytes, &piece, random);
            } else {
                overwrite(bytes, &piece, random);
            }
        }
    }
}

/// A number of one to eight bytes becomes one at which code thinks of too little.
fn extreme_number(bytes: &mut [u8], random: &mut SeededRandom) {
    let width = 1 << random.below(4);
    let start = place(bytes.len(), random);
    let all = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let Some(field) = bytes.get_mut(start..start + width) else { return };
    let old = field.iter().fold(0_i64, |number, byte| number << 8 | i64::from(*byte));
    let bits = u32::try_from(width * 8).unwrap_or(64);
    let max = i64::MAX >> (64 - bits);
    let near = i64::try_from(random.below(17)).unwrap_or(0) - 8;
    let number = match random.below(10) {
        0 => 0,
        1 => -1,
        2 => max,
        3 => !max,
        4 => max.wrapping_add(i64::from(width < 8)).wrapping_sub(near),
        5 => all.wrapping_add(near),
        6 => i64::from(i32::MAX).wrapping_add(near),
        7 => old.wrapping_neg(),
        _ => old.wrapping_add(near),
    };
    let new = number.to_be_bytes();
    let new = &new[8 - width..];
    if random.one_in(8) {
        field.iter_mut().zip(new.iter().rev()).for_each(|(byte, new)| *byte = *new);
    } else {
        field.copy_from_slice(new);
    }
}

fn insert(bytes: &mut Vec<u8>, piece: &[u8], random: &mut SeededRandom) {
    let place = size(random.below(bytes.len() as u64 + 1));
    drop(bytes.splice(place..place, piece.iter().copied()));
}

fn overwrite(bytes: &mut [u8], piece: &[u8], random: &mut SeededRandom) {
    let start = place(bytes.len(), random);
    let end = bytes.len().min(start + piece.len());
    bytes[start..end].copy_from_slice(&piece[..end - start]);
}

/// Where damage begins; 0 of nothing.
fn place(len: usize, random: &mut SeededRandom) -> usize {
    // Heads say more than what follows.
    let within = if random.one_in(4) { len.min(64) } else { len };
    size(random.below(within as u64))
}

fn range(len: usize, random: &mut SeededRandom) -> Range<usize> {
    let start = place(len, random);
    let longest = if random.one_in(2) { 16 } else { DAMAGE_SIZE_MAX };
    start..len.min(start + size(random.below(longest) + 1))
}

pub(crate) fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
