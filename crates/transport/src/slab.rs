/// Place of a value in a [`Slab`]. A key outlives its value harmlessly: it then finds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlabKey {
    index: u32,
    generation: u32,
}

/// Generations leave the highest bit of a key's number free for its users.
const GENERATION_MASK: u32 = u32::MAX >> 1;

impl SlabKey {
    /// Both halves in one number, whose highest bit is 0, for systems that carry only a number.
    pub const fn to_bits(self) -> u64 {
        (self.generation as u64) << 32 | self.index as u64
    }

    #[allow(clippy::cast_possible_truncation, reason = "the halves are taken apart on purpose")]
    pub const fn from_bits(bits: u64) -> Self {
        Self { index: bits as u32, generation: (bits >> 32) as u32 }
    }
}

#[derive(Debug)]
enum Place<T> {
    Free { next: Option<u32> },
    Taken(T),
}

#[derive(Debug)]
struct Entry<T> {
    generation: u32,
    place: Place<T>,
}

/// Values with stable keys. A freed place is used again with another generation, so the memory is that of the
/// largest number of values ever held, and a stale key never finds a stranger's value.
#[derive(Debug)]
pub struct Slab<T> {
    entries: Vec<Entry<T>>,
    free: Option<u32>,
    count: usize,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), free: None, count: 0 }
    }
}

impl<T> Slab<T> {
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Keeps `value`. The slab never holds more than 2³² values: its users are bounded far below.
    pub fn insert(&mut self, value: T) -> SlabKey {
        self.count += 1;
        if let Some(index) = self.free
            && let Some(entry) = self.entries.get_mut(index as usize)
        {
            if let Place::Free { next } = entry.place {
                self.free = next;
            }
            entry.place = Place::Taken(value);
            return SlabKey { index, generation: entry.generation };
        }
        let index = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        assert!(index < u32::MAX, "a slab is bounded by its users");
        self.entries.push(Entry { generation: 0, place: Place::Taken(value) });
        SlabKey { index, generation: 0 }
    }

    pub fn get(&self, key: SlabKey) -> Option<&T> {
        match self.entries.get(key.index as usize) {
            Some(Entry { generation, place: Place::Taken(value) })
                if *generation == key.generation =>
            {
                Some(value)
            }
            _ => None,
        }
    }

    pub fn get_mut(&mut self, key: SlabKey) -> Option<&mut T> {
        match self.entries.get_mut(key.index as usize) {
            Some(Entry { generation, place: Place::Taken(value) })
                if *generation == key.generation =>
            {
                Some(value)
            }
            _ => None,
        }
    }

    pub fn remove(&mut self, key: SlabKey) -> Option<T> {
        let entry = self.entries.get_mut(key.index as usize)?;
        if entry.generation != key.generation || matches!(entry.place, Place::Free { .. }) {
            return None;
        }
        let place = std::mem::replace(&mut entry.place, Place::Free { next: self.free });
        entry.generation = entry.generation.wrapping_add(1) & GENERATION_MASK;
        self.free = Some(key.index);
        self.count -= 1;
        match place {
            Place::Taken(value) => Some(value),
            Place::Free { .. } => None,
        }
    }

    /// All keys in use, in no meaningful order.
    pub fn keys(&self) -> impl Iterator<Item = SlabKey> + '_ {
        self.entries.iter().enumerate().filter_map(|(index, entry)| match entry.place {
            Place::Taken(_) => {
                Some(SlabKey { index: u32::try_from(index).ok()?, generation: entry.generation })
            }
            Place::Free { .. } => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_key_does_not_find_the_next_owner_of_its_place() {
        let mut slab = Slab::default();
        let first = slab.insert('a');
        assert_eq!(slab.remove(first), Some('a'));
        let second = slab.insert('b');
        assert_eq!(slab.get(first), None);
        assert_eq!(slab.remove(first), None);
        assert_eq!(slab.get(second), Some(&'b'));
        assert_eq!(slab.len(), 1);
    }

    #[test]
    fn freed_places_are_used_again() {
        let mut slab = Slab::default();
        let keys: Vec<_> = (0..10).map(|n| slab.insert(n)).collect();
        for key in &keys {
            slab.remove(*key);
        }
        for n in 0..10 {
            slab.insert(n);
        }
        assert_eq!(slab.entries.len(), 10);
        assert_eq!(slab.keys().count(), 10);
    }

    #[test]
    fn a_key_survives_its_trip_through_a_number() {
        let mut slab = Slab::default();
        let first = slab.insert(());
        slab.remove(first);
        let key = slab.insert(());
        assert_eq!(SlabKey::from_bits(key.to_bits()), key);
    }
}
