//! The bytes of a file in memory. What was never written reads as zeros and takes none.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

pub(super) const PAGE_SIZE: usize = 4096;

type Page = [u8; PAGE_SIZE];

/// A clone shares the pages until one of the two changes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    size: u64,
    pages: BTreeMap<u64, Arc<Page>>,
}

impl Content {
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn page_count(&self) -> u64 {
        self.pages.len() as u64
    }

    /// Pages of the range that take no memory yet.
    pub(super) fn missing_count(&self, position: u64, size: usize) -> u64 {
        let Some(range) = pages_of(position, size) else { return 0 };
        range.filter(|number| !self.pages.contains_key(number)).count() as u64
    }

    pub(super) fn read(&self, position: u64, size: usize) -> Vec<u8> {
        let left = usize::try_from(self.size.saturating_sub(position)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; size.min(left)];
        for piece in pieces(position, bytes.len()) {
            if let Some(page) = self.pages.get(&piece.page) {
                bytes[piece.taken..piece.taken + piece.size]
                    .copy_from_slice(&page[piece.start..piece.start + piece.size]);
            }
        }
        bytes
    }

    pub(super) fn write(&mut self, position: u64, bytes: &[u8]) {
        for piece in pieces(position, bytes.len()) {
            let page = self.pages.entry(piece.page).or_insert_with(|| Arc::new([0; PAGE_SIZE]));
            Arc::make_mut(page)[piece.start..piece.start + piece.size]
                .copy_from_slice(&bytes[piece.taken..piece.taken + piece.size]);
        }
        self.size = self.size.max(position + bytes.len() as u64);
    }

    pub(super) fn set_size(&mut self, size: u64) {
        if size < self.size {
            let page = PAGE_SIZE as u64;
            self.pages.split_off(&size.div_ceil(page));
            // What grows back over the cut reads as zeros.
            let rest = usize::try_from(size % page).unwrap_or(0);
            if let Some(last) = self.pages.get_mut(&(size / page)).filter(|_| rest > 0) {
                Arc::make_mut(last)[rest..].fill(0);
            }
        }
        self.size = size;
    }

    /// Takes the pages of the range over from `other`, as they are there.
    pub(super) fn take_pages(&mut self, other: &Self, position: u64, size: usize) {
        for number in pages_of(position, size).into_iter().flatten() {
            match other.pages.get(&number) {
                Some(page) => self.pages.insert(number, Arc::clone(page)),
                None => self.pages.remove(&number),
            };
        }
    }
}

/// The pages that a range touches; `None` for an empty one.
pub(super) fn pages_of(position: u64, size: usize) -> Option<RangeInclusive<u64>> {
    let last = position.checked_add(size as u64)?.checked_sub(1)?;
    let page = PAGE_SIZE as u64;
    (size > 0).then(|| position / page..=last / page)
}

/// The part of a range that lies in one page.
struct Piece {
    page: u64,
    /// Within the page.
    start: usize,
    size: usize,
    /// Bytes of the range before it.
    taken: usize,
}

fn pieces(position: u64, size: usize) -> impl Iterator<Item = Piece> {
    let mut taken = 0;
    std::iter::from_fn(move || {
        if taken == size {
            return None;
        }
        let at = position + taken as u64;
        let start = usize::try_from(at % PAGE_SIZE as u64).unwrap_or(0);
        let piece = Piece {
            page: at / PAGE_SIZE as u64,
            start,
            size: (PAGE_SIZE - start).min(size - taken),
            taken,
        };
        taken += piece.size;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_grows_back_as_zeros() {
        let mut content = Content::default();
        content.write(4000, &[7; 200]);
        assert_eq!(content.read(3999, 3), [0, 7, 7]);
        content.set_size(4010);
        content.set_size(9000);
        assert_eq!(content.read(4008, 4), [7, 7, 0, 0]);
        assert_eq!(content.read(8999, 10), [0]);
        assert_eq!(content.page_count(), 1);
    }

    #[test]
    fn a_clone_keeps_what_it_was() {
        let mut content = Content::default();
        content.write(0, &[1; 10]);
        let old = content.clone();
        content.write(5, &[2; 10]);
        assert_eq!(old.read(0, 20), [1; 10]);
        assert_eq!(content.read(4, 3), [1, 2, 2]);
    }
}
