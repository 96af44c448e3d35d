use model::Offset;

use super::key_digest::{Digest, DigestSecret};
use crate::limits::{CLEANER_OVERFLOW_SLOTS, CLEANER_SLOTS_MIN};

/// The last offset of each key in the dirty part of a log.
///
/// One array of 20 bytes per place, which grows in place with the keys. Digests are spread evenly, so each has its place by
/// its value alone, or stands a little behind it: entries lie in the order of their digests, without a gap between one and
/// its place. So a search ends at the first larger digest, which keeps it short even in a full table.
#[derive(Debug)]
pub(crate) struct KeyMap {
    slots: Vec<Slot>,
    /// Places that digests are spread over; the rest is room behind the last.
    capacity: usize,
    capacity_max: usize,
    count: usize,
    /// Keys that it takes before it grows.
    count_max: usize,
    load: f64,
    /// Offsets are counted from here.
    base: Offset,
    secret: DigestSecret,
}

/// A digest, and one more than the offset's distance from the base; 0 when the place is free.
type Slot = [u32; 5];

const FREE: Slot = [0; 5];
const SLOT_SIZE: usize = size_of::<Slot>();

/// It takes no more keys.
#[derive(Debug)]
pub(crate) struct Full;

impl KeyMap {
    /// For as many keys as go into `size_max` bytes, of which `load` may be used.
    pub(crate) fn new(base: Offset, size_max: u64, load: f64, secret: DigestSecret) -> Self {
        let affordable = usize::try_from(size_max).unwrap_or(usize::MAX) / SLOT_SIZE;
        let capacity_max = affordable.saturating_sub(CLEANER_OVERFLOW_SLOTS).max(CLEANER_SLOTS_MIN);
        let load = load.clamp(0.05, 0.95);
        let capacity = CLEANER_SLOTS_MIN;
        Self {
            slots: vec![FREE; capacity + CLEANER_OVERFLOW_SLOTS],
            capacity,
            capacity_max,
            count: 0,
            count_max: scaled(capacity, load),
            load,
            base,
            secret,
        }
    }

    pub(crate) fn digest(&self, key: &[u8]) -> Digest {
        self.secret.digest(key)
    }

    /// Whether so many more keys are sure to be taken, the last of them at `last_offset`. Grows if need be.
    pub(crate) fn has_room_for(&mut self, count: usize, last_offset: Offset) -> bool {
        let wanted = self.count.saturating_add(count);
        while wanted > self.count_max && self.capacity < self.capacity_max {
            self.grow_to(self.capacity.saturating_mul(2).min(self.capacity_max));
        }
        wanted <= self.count_max
            && u32::try_from(last_offset.records_since(self.base)).is_ok_and(|to| to < u32::MAX)
    }

    /// In a map that has no key yet: makes room for one batch of so many, which begins at `base`, whatever the bound.
    pub(crate) fn grow_for(&mut self, count: usize, base: Offset) {
        if self.count > 0 {
            return;
        }
        self.base = self.base.max(base);
        let needed = scaled(count, 1.0 / self.load).saturating_add(1);
        if needed > self.capacity {
            self.grow_to(needed);
        }
        self.count_max = self.count_max.max(count);
    }

    /// Without memory for a second table: all entries go to the end, and from there, in their order, to their new places,
    /// none of which lies behind what was not moved yet.
    fn grow_to(&mut self, capacity: usize) {
        let before = self.slots.len();
        self.slots.resize(capacity + CLEANER_OVERFLOW_SLOTS, FREE);
        let mut end = self.slots.len();
        for at in (0..before).rev() {
            if self.slots[at][4] != 0 {
                end -= 1;
                self.slots.swap(at, end);
            }
        }
        self.capacity = capacity;
        self.count_max = scaled(capacity, self.load);
        let mut next = 0;
        for at in end..self.slots.len() {
            let [a, b, ..] = self.slots[at];
            next = self.home(a, b).max(next);
            self.slots.swap(at, next);
            next += 1;
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    /// Places that it may grow to.
    pub(crate) const fn capacity_max(&self) -> usize {
        self.capacity_max
    }

    /// Bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        self.slots.len() * SLOT_SIZE
    }

    /// The place of digests that begin so.
    #[inline]
    fn home(&self, a: u32, b: u32) -> usize {
        let spread = u64::from(a) << 32 | u64::from(b);
        let home = (u128::from(spread) * self.capacity as u128) >> 64;
        // Less than the capacity.
        usize::try_from(home).unwrap_or(0)
    }

    /// Where an entry of the digest stands, or would stand.
    #[inline]
    fn find(&self, digest: &Digest) -> Result<usize, usize> {
        let mut at = self.home(digest[0], digest[1]);
        loop {
            match self.slots.get(at) {
                Some([a, b, c, d, offset]) if *offset != 0 => {
                    let there = [*a, *b, *c, *d];
                    if there >= *digest {
                        return if there == *digest { Ok(at) } else { Err(at) };
                    }
                    at += 1;
                }
                _ => return Err(at),
            }
        }
    }

    /// Notes that the key is at `offset`, which is not before where it was noted to be.
    #[inline]
    pub(crate) fn put(&mut self, digest: &Digest, offset: Offset) -> Result<(), Full> {
        let distance = u32::try_from(offset.records_since(self.base)).map_err(|_| Full)?;
        let stored = distance.checked_add(1).ok_or(Full)?;
        let [a, b, c, d] = *digest;
        let slot = [a, b, c, d, stored];
        match self.find(digest) {
            Ok(at) => {
                if let Some(known) = self.slots.get_mut(at) {
                    *known = slot;
                }
            }
            Err(at) => {
                let behind = self.slots.get(at..).unwrap_or_default();
                let run = behind.iter().position(|slot| slot[4] == 0).ok_or(Full)?;
                // Those behind it give way.
                self.slots.copy_within(at..at + run, at + 1);
                if let Some(free) = self.slots.get_mut(at) {
                    *free = slot;
                }
                self.count += 1;
            }
        }
        Ok(())
    }

    /// The last offset of the key.
    #[inline]
    pub(crate) fn get(&self, digest: &Digest) -> Option<Offset> {
        let slot = self.slots.get(self.find(digest).ok()?)?;
        self.base.plus(slot[4] - 1)
    }
}

fn scaled(count: usize, factor: f64) -> usize {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a count of places need not be exact, and conversions of floats saturate"
    )]
    let scaled = (count as f64 * factor) as usize;
    scaled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::SeededRandom;

    use super::*;

    fn offset(raw: u64) -> Offset {
        Offset::from_wire(i64::try_from(raw).unwrap()).unwrap()
    }

    #[test]
    fn it_says_what_a_tree_says_even_when_it_is_full() {
        let mut random = SeededRandom::new(7);
        for load in [0.5, 0.9, 0.95] {
            let secret = DigestSecret::new(random.next_u64(), random.next_u64());
            let mut map = KeyMap::new(offset(1000), 4 << 20, load, secret);
            let mut tree = BTreeMap::new();
            let mut at = 1000;
            while map.has_room_for(1, offset(at)) {
                let key = random.below(1 << 40).to_be_bytes();
                let digest = map.digest(&key);
                map.put(&digest, offset(at)).unwrap();
                tree.insert(key, offset(at));
                at += 1 + random.below(3);
            }
            assert!(map.len() > 90_000 && map.len() == tree.len(), "{}", map.len());
            for (key, last) in &tree {
                assert_eq!(map.get(&map.digest(key)), Some(*last));
            }
            for _ in 0..10_000 {
                let key = random.below(1 << 40).to_be_bytes();
                assert_eq!(map.get(&map.digest(&key)), tree.get(&key).copied());
            }
        }
    }

    #[test]
    fn keys_that_come_again_take_no_room() {
        let mut map = KeyMap::new(Offset::ZERO, 1, 0.9, DigestSecret::new(1, 2));
        for at in 0..1_000_000_u64 {
            let digest = map.digest(&(at % 1000).to_be_bytes());
            map.put(&digest, offset(at)).unwrap();
        }
        assert_eq!(map.len(), 1000);
        assert_eq!(map.get(&map.digest(&7_u64.to_be_bytes())), Some(offset(999_007)));
    }

    #[test]
    fn one_batch_always_finds_room() {
        let mut map = KeyMap::new(Offset::ZERO, 1, 0.9, DigestSecret::new(1, 2));
        let count = CLEANER_SLOTS_MIN * 3;
        assert!(!map.has_room_for(count, Offset::ZERO));
        map.grow_for(count, Offset::ZERO);
        assert!(map.has_room_for(count, Offset::ZERO));
        for at in 0..count as u64 {
            let digest = map.digest(&at.to_be_bytes());
            map.put(&digest, offset(at)).unwrap();
        }
        assert_eq!(map.len(), count);
        assert!(!map.has_room_for(1, Offset::ZERO));
    }

    #[test]
    fn an_offset_too_far_away_is_refused() {
        let mut map = KeyMap::new(Offset::ZERO, 1, 0.9, DigestSecret::new(1, 2));
        let digest = map.digest(b"key");
        let far = offset(u64::from(u32::MAX));
        assert!(!map.has_room_for(1, far));
        assert!(map.put(&digest, far).is_err());
        assert!(map.put(&digest, offset(u64::from(u32::MAX) - 1)).is_ok());
    }
}
