use std::fmt;
use std::sync::Arc;

/// Entries per chunk before it is split. A change copies one chunk and the list of chunks, so that one change of a
/// map of a million entries touches about 130 KB at worst, and only when an older image still shares it.
const CHUNK_ENTRY_COUNT_MAX: usize = 128;

type Chunk<K, V> = Arc<Vec<(K, V)>>;

/// An ordered map whose clones share what they have in common. Cloning costs one reference count; a change copies
/// only the chunk it falls in, and nothing at all while no clone exists.
///
/// Invariants: no chunk is empty or longer than [`CHUNK_ENTRY_COUNT_MAX`]; keys ascend within and across chunks;
/// `len` is the sum of the chunks' lengths.
pub struct SharedMap<K, V> {
    chunks: Arc<Vec<Chunk<K, V>>>,
    len: usize,
}

impl<K, V> Clone for SharedMap<K, V> {
    fn clone(&self) -> Self {
        Self { chunks: Arc::clone(&self.chunks), len: self.len }
    }
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self { chunks: Arc::default(), len: 0 }
    }
}

impl<K: Ord, V> SharedMap<K, V> {
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let chunk = self.chunks.get(self.chunk_of(key))?;
        let place = chunk.binary_search_by(|(other, _)| other.borrow().cmp(key)).ok()?;
        chunk.get(place).map(|(_, value)| value)
    }

    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.get(key).is_some()
    }

    /// All entries in the order of their keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.chunks.iter().flat_map(|chunk| chunk.iter().map(|(key, value)| (key, value)))
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// Entries from `start` on, in the order of their keys.
    pub fn range_from<Q>(&self, start: &Q) -> impl Iterator<Item = (&K, &V)>
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let chunks = self.chunks.get(self.chunk_of(start)..).unwrap_or_default();
        let place = chunks
            .first()
            .map_or(0, |chunk| chunk.partition_point(|(key, _)| key.borrow() < start));
        chunks.iter().flat_map(|chunk| chunk.iter().map(|(key, value)| (key, value))).skip(place)
    }

    /// Index of the only chunk that can hold `key`.
    fn chunk_of<Q>(&self, key: &Q) -> usize
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        self.chunks
            .partition_point(|chunk| chunk.first().is_some_and(|(first, _)| first.borrow() <= key))
            .saturating_sub(1)
    }
}

impl<K: Ord + Clone, V: Clone> SharedMap<K, V> {
    /// Puts the entry in and gives back the value that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let index = self.chunk_of(&key);
        let chunks = Arc::make_mut(&mut self.chunks);
        let Some(chunk) = chunks.get_mut(index) else {
            chunks.push(Arc::new(vec![(key, value)]));
            self.len += 1;
            return None;
        };
        let entries = Arc::make_mut(chunk);
        match entries.binary_search_by(|(other, _)| other.cmp(&key)) {
            Ok(place) => entries.get_mut(place).map(|(_, old)| std::mem::replace(old, value)),
            Err(place) => {
                entries.insert(place, (key, value));
                if entries.len() > CHUNK_ENTRY_COUNT_MAX {
                    // Keys mostly arrive ascending: a split off the end leaves full chunks behind.
                    let at_end = place + 1 == entries.len();
                    let middle = if at_end { place } else { entries.len() / 2 };
                    let upper = entries.split_off(middle);
                    chunks.insert(index + 1, Arc::new(upper));
                }
                self.len += 1;
                None
            }
        }
    }

    /// Takes the entry out.
    pub fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let index = self.chunk_of(key);
        let place = {
            let chunk = self.chunks.get(index)?;
            chunk.binary_search_by(|(other, _)| other.borrow().cmp(key)).ok()?
        };
        let chunks = Arc::make_mut(&mut self.chunks);
        let entries = Arc::make_mut(chunks.get_mut(index)?);
        let (_, value) = entries.remove(place);
        if entries.is_empty() {
            chunks.remove(index);
        }
        self.len -= 1;
        Some(value)
    }

    /// The value under `key` to be changed in place; copied first if an older map shares it.
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Ord + ?Sized,
    {
        let index = self.chunk_of(key);
        let place = {
            let chunk = self.chunks.get(index)?;
            chunk.binary_search_by(|(other, _)| other.borrow().cmp(key)).ok()?
        };
        let chunks = Arc::make_mut(&mut self.chunks);
        let entries = Arc::make_mut(chunks.get_mut(index)?);
        entries.get_mut(place).map(|(_, value)| value)
    }
}

impl<K: Ord, V: PartialEq> PartialEq for SharedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len
            && (Arc::ptr_eq(&self.chunks, &other.chunks) || self.iter().eq(other.iter()))
    }
}

impl<K: Ord + fmt::Debug, V: fmt::Debug> fmt::Debug for SharedMap<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Ord + Clone, V: Clone> FromIterator<(K, V)> for SharedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::default();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::SeededRandom;

    use super::*;

    fn check(map: &SharedMap<u64, u64>, model: &BTreeMap<u64, u64>) {
        assert_eq!(map.len(), model.len());
        assert!(map.iter().eq(model.iter()));
        assert!(map.chunks.iter().all(|c| !c.is_empty() && c.len() <= CHUNK_ENTRY_COUNT_MAX));
    }

    #[test]
    fn it_agrees_with_a_btree_map_and_old_clones_do_not_change() {
        let mut random = SeededRandom::new(11);
        let mut map = SharedMap::default();
        let mut model = BTreeMap::new();
        let mut old = Vec::new();
        for step in 0..6_000_u64 {
            let key = random.below(900);
            match random.below(5) {
                0 | 1 => assert_eq!(map.remove(&key), model.remove(&key)),
                2 => assert_eq!(
                    map.get_mut(&key).map(|v| std::mem::replace(v, step)),
                    model.get_mut(&key).map(|v| std::mem::replace(v, step))
                ),
                _ => assert_eq!(map.insert(key, step), model.insert(key, step)),
            }
            assert_eq!(map.get(&key), model.get(&key));
            let start = random.below(900);
            assert!(map.range_from(&start).take(3).eq(model.range(start..).take(3)));
            if step % 500 == 0 {
                old.push((map.clone(), model.clone()));
            }
        }
        check(&map, &model);
        assert!(old.len() > 10);
        for (map, model) in &old {
            check(map, model);
        }
    }

    #[test]
    fn ascending_keys_leave_full_chunks() {
        let map: SharedMap<u64, u64> = (0..1_280).map(|key| (key, key)).collect();
        assert_eq!(map.chunks.len(), 10);
    }
}
