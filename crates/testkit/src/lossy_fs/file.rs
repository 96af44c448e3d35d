//! A file: what programs see, what a power cut leaves for sure, and the changes between the two.

use model::SeededRandom;

use super::content::{Content, PAGE_SIZE, pages_of};
use super::cut::{Cut, Fate};

/// What a device writes whole or not at all, in bytes.
const SECTOR_SIZE: usize = 512;

#[derive(Debug)]
enum Change {
    Write { position: u64, bytes: Vec<u8> },
    SetSize(u64),
}

#[derive(Debug, Default)]
pub(super) struct LossyFile {
    seen: Content,
    durable: Content,
    /// In the order in which they were made. Any of them may reach the device before a sync, or none.
    unsynced: Vec<Change>,
    /// Bytes from the start for which `fallocate` has taken room.
    reserved: u64,
}

impl LossyFile {
    pub(super) const fn size(&self) -> u64 {
        self.seen.size()
    }

    pub(super) fn page_count(&self) -> u64 {
        self.seen.page_count()
    }

    pub(super) fn read(&self, position: u64, size: usize) -> Vec<u8> {
        self.seen.read(position, size)
    }

    /// Pages that a write of this range would take from the room that is left.
    pub(super) fn wanted_pages(&self, position: u64, size: usize) -> u64 {
        if position.saturating_add(size as u64) <= self.reserved {
            return 0;
        }
        self.seen.missing_count(position, size)
    }

    pub(super) fn reserve(&mut self, end: u64) {
        self.reserved = self.reserved.max(end);
    }

    pub(super) fn write(&mut self, position: u64, bytes: Vec<u8>) {
        self.seen.write(position, &bytes);
        self.unsynced.push(Change::Write { position, bytes });
    }

    /// A write with `O_DSYNC`: its pages are durable, and of what was written before only these.
    pub(super) fn write_durable(&mut self, position: u64, bytes: &[u8]) {
        self.seen.write(position, bytes);
        // The new size is a change of the inode, and with it goes every change of size before it.
        if self.unsynced.iter().any(|change| matches!(change, Change::SetSize(_))) {
            return self.sync();
        }
        let Some(pages) = pages_of(position, bytes.len()) else { return };
        self.durable.take_pages(&self.seen, position, bytes.len());
        let end = position + bytes.len() as u64;
        if end > self.durable.size() {
            self.durable.set_size(end);
        }
        let page = PAGE_SIZE as u64;
        let (start, end) = (pages.start() * page, (pages.end() + 1) * page);
        let unsynced = std::mem::take(&mut self.unsynced);
        self.unsynced =
            unsynced.into_iter().flat_map(|change| outside(change, start, end)).collect();
    }

    pub(super) fn set_size(&mut self, size: u64) {
        if size != self.seen.size() {
            self.seen.set_size(size);
            self.unsynced.push(Change::SetSize(size));
        }
    }

    pub(super) fn sync(&mut self) {
        let changes = std::mem::take(&mut self.unsynced);
        for change in &changes {
            if let Change::SetSize(size) = change {
                self.durable.set_size(*size);
            }
        }
        for change in &changes {
            if let Change::Write { position, bytes } = change {
                self.durable.take_pages(&self.seen, *position, bytes.len());
            }
        }
        self.durable.set_size(self.seen.size());
    }

    /// A sync that failed: the kernel takes the pages for clean all the same, so no later sync writes them.
    pub(super) fn forget_unsynced(&mut self) {
        self.unsynced.clear();
    }

    /// What is left once the power is back.
    pub(super) fn power_cut(&mut self, cut: &mut Cut) {
        let mut survived = self.durable.clone();
        for change in std::mem::take(&mut self.unsynced) {
            match (cut.fate(), change) {
                (Fate::Kept | Fate::Torn, Change::SetSize(size)) => survived.set_size(size),
                (Fate::Kept, Change::Write { position, bytes }) => survived.write(position, &bytes),
                (Fate::Torn, Change::Write { position, bytes }) => {
                    write_some_sectors(&mut survived, position, &bytes, &mut cut.random);
                }
                (Fate::Lost, Change::Write { position, bytes }) => {
                    // The size of a file may reach the device without what was written there.
                    let end = position + bytes.len() as u64;
                    if end > survived.size() && cut.random.one_in(4) {
                        survived.set_size(end);
                    }
                }
                (Fate::Lost, Change::SetSize(_)) => {}
            }
        }
        self.durable = survived.clone();
        self.seen = survived;
        self.reserved = 0;
    }
}

/// What is left of a change when the bytes from `start` to `end` are taken out of it.
fn outside(change: Change, start: u64, end: u64) -> Vec<Change> {
    let Change::Write { position, bytes } = change else { return vec![change] };
    let within = |at: u64| {
        usize::try_from(at.saturating_sub(position)).unwrap_or(usize::MAX).min(bytes.len())
    };
    let (before, after) = (within(start), within(end));
    let mut left = Vec::new();
    if before > 0 {
        left.push(Change::Write { position, bytes: bytes[..before].to_vec() });
    }
    if after < bytes.len() {
        let position = position + after as u64;
        left.push(Change::Write { position, bytes: bytes[after..].to_vec() });
    }
    left
}

fn write_some_sectors(
    content: &mut Content,
    position: u64,
    bytes: &[u8],
    random: &mut SeededRandom,
) {
    let sector = SECTOR_SIZE as u64;
    let mut taken = 0;
    while taken < bytes.len() {
        let at = position + taken as u64;
        let left = usize::try_from(sector - at % sector).unwrap_or(SECTOR_SIZE);
        let end = bytes.len().min(taken + left);
        if random.one_in(2) {
            content.write(at, &bytes[taken..end]);
        }
        taken = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(file: &LossyFile) -> Vec<u8> {
        file.read(0, 1 << 20)
    }

    #[test]
    fn a_durable_write_outlives_older_ones_that_reach_the_device_late() {
        for seed in 0..100 {
            let mut file = LossyFile::default();
            file.write(0, vec![1; 3 * PAGE_SIZE]);
            file.write_durable(PAGE_SIZE as u64, &[2; PAGE_SIZE]);
            file.power_cut(&mut Cut::new(seed));
            assert_eq!(file.read(PAGE_SIZE as u64, PAGE_SIZE), [2; PAGE_SIZE], "seed {seed}");
        }
    }

    #[test]
    fn a_later_write_may_survive_without_an_earlier_one() {
        let outcome = |seed| {
            let mut file = LossyFile::default();
            file.write(0, vec![9; 2 * PAGE_SIZE]);
            file.sync();
            file.write(0, vec![1; PAGE_SIZE]);
            file.write(PAGE_SIZE as u64, vec![2; PAGE_SIZE]);
            file.power_cut(&mut Cut::new(seed));
            (file.read(0, 1)[0], file.read(PAGE_SIZE as u64, 1)[0])
        };
        let seen: std::collections::BTreeSet<(u8, u8)> = (0..200).map(outcome).collect();
        assert_eq!(seen, [(9, 9), (1, 9), (9, 2), (1, 2)].into());
    }

    #[test]
    fn a_write_is_torn_between_sectors_only() {
        let mut torn = 0;
        for seed in 0..200 {
            let mut file = LossyFile::default();
            file.write(0, vec![9; 4096]);
            file.sync();
            file.write(100, vec![1; 3000]);
            file.power_cut(&mut Cut::new(seed));
            let bytes = text(&file);
            let sectors: Vec<bool> =
                bytes[512..3072].chunks(512).map(|sector| sector.contains(&1)).collect();
            for (sector, written) in bytes[512..3072].chunks(512).zip(&sectors) {
                assert!(sector.iter().all(|byte| (*byte == 1) == *written), "seed {seed}");
            }
            torn += u32::from(sectors.contains(&true) && sectors.contains(&false));
        }
        assert!(torn > 0);
    }

    #[test]
    fn a_sync_covers_what_was_cut_off_and_written_again() {
        let mut file = LossyFile::default();
        file.write(0, vec![1; 10_000]);
        file.sync();
        file.set_size(100);
        file.write(6_000, vec![2; 10]);
        file.sync();
        let seen = text(&file);
        file.power_cut(&mut Cut::new(1));
        assert_eq!(text(&file), seen);
        assert_eq!((seen.len(), seen[99], seen[100], seen[6_000]), (6_010, 1, 0, 2));
    }

    #[test]
    fn what_a_failed_sync_left_is_not_written_by_the_next_one() {
        let mut file = LossyFile::default();
        file.write(0, vec![1; 10]);
        file.forget_unsynced();
        file.sync();
        file.power_cut(&mut Cut::new(1));
        assert_eq!(text(&file), vec![0; 10]);
    }
}
