use std::path::{Path, PathBuf};
use std::sync::Arc;

use io::{Disk, File, Open};
use model::{LeaderEpoch, Offset};

use crate::error::{Doing, Result};
use crate::limits::MARK_SLOT_SIZE;

/// What is known to be on disk of the metadata log, so that a start can tell a write that a crash cut short from
/// damage to what was synced before.
///
/// Everything below `synced` is durable. Batches from there up to `writing` are one write, which may be torn in any
/// order; each batch behind `writing` is a write of its own, begun when all before it was durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Synced {
    /// Of the newest batch written. A later one in the log was written by a program that keeps no mark.
    pub(crate) epoch: LeaderEpoch,
    pub(crate) synced: Offset,
    pub(crate) writing: Offset,
}

/// `quorum-synced`: the newest mark. Apache Kafka passes it by.
///
/// Two slots are written in turn, each with its CRC, so that the other one holds an older mark while one is
/// overwritten. Each mark was true when it was written and stays true of a log that only grows: that an older one comes
/// back with a power cut does no harm.
#[derive(Debug)]
pub(crate) struct MarkFile {
    path: PathBuf,
    file: Arc<dyn File>,
    /// Counts the marks.
    sequence: u64,
    newest: Synced,
}

const FILE_NAME: &str = "quorum-synced";
const VERSION: u32 = 0;
const SLOT_COUNT: u64 = 2;
/// CRC-32C of what follows, version, sequence, epoch, synced, writing: big-endian, without gaps.
const ENCODED_SIZE: usize = 4 + 4 + 8 + 4 + 8 + 8;
const _: () = assert!(ENCODED_SIZE <= MARK_SLOT_SIZE, "a mark fits into its slot");

/// The mark of before; `None` if there is none, or none that can be read.
pub(crate) fn read(disk: &dyn Disk, dir: &Path) -> Result<Option<Synced>> {
    let path = path_of(dir);
    if disk.file_size(&path).doing("look for", &path)?.is_none() {
        return Ok(None);
    }
    let bytes = disk.read(&path).doing("read", &path)?;
    let newest = bytes.chunks(MARK_SLOT_SIZE).filter_map(decode).max_by_key(|(number, _)| *number);
    if newest.is_none() {
        tracing::warn!(path = %path.display(), "pass by a damaged mark of what is synced");
    }
    Ok(newest.map(|(_, mark)| mark))
}

pub(crate) fn path_of(dir: &Path) -> PathBuf {
    dir.join(FILE_NAME)
}

impl MarkFile {
    /// Replaces the file by one with this mark, durably.
    pub(crate) fn create(disk: &dyn Disk, dir: &Path, mark: Synced) -> Result<Self> {
        let path = path_of(dir);
        let mut slots = encode(0, mark);
        slots.resize(MARK_SLOT_SIZE * 2, 0);
        disk.replace(&path, &slots).doing("write", &path)?;
        let file = disk.open(&path, Open::WRITE).doing("open", &path)?;
        Ok(Self { path, file, sequence: 0, newest: mark })
    }

    pub(crate) const fn newest(&self) -> Synced {
        self.newest
    }

    /// Notes a mark that survives the process, and a power cut once the system has written it.
    pub(crate) fn note(&mut self, mark: Synced) -> Result<()> {
        self.sequence += 1;
        let position = self.sequence % SLOT_COUNT * MARK_SLOT_SIZE as u64;
        self.newest = mark;
        self.file.write_at(&encode(self.sequence, mark), position).doing("write", &self.path)
    }

    /// Makes what was noted durable.
    pub(crate) fn sync(&self) -> Result<()> {
        self.file.sync_data().doing("sync", &self.path)
    }
}

fn encode(sequence: u64, mark: Synced) -> Vec<u8> {
    let mut body = Vec::with_capacity(ENCODED_SIZE);
    body.extend_from_slice(&VERSION.to_be_bytes());
    body.extend_from_slice(&sequence.to_be_bytes());
    body.extend_from_slice(&mark.epoch.to_wire().to_be_bytes());
    body.extend_from_slice(&mark.synced.to_wire().to_be_bytes());
    body.extend_from_slice(&mark.writing.to_wire().to_be_bytes());
    let mut bytes = record::crc32c(&body).to_be_bytes().to_vec();
    bytes.append(&mut body);
    bytes
}

fn decode(slot: &[u8]) -> Option<(u64, Synced)> {
    let (crc, rest) = slot.get(..ENCODED_SIZE)?.split_first_chunk()?;
    if u32::from_be_bytes(*crc) != record::crc32c(rest) {
        return None;
    }
    let (version, rest) = rest.split_first_chunk()?;
    if u32::from_be_bytes(*version) != VERSION {
        return None;
    }
    let (sequence, rest) = rest.split_first_chunk()?;
    let (epoch, rest) = rest.split_first_chunk()?;
    let (synced, rest) = rest.split_first_chunk()?;
    let mark = Synced {
        epoch: LeaderEpoch::from_wire(i32::from_be_bytes(*epoch))?,
        synced: Offset::from_wire(i64::from_be_bytes(*synced))?,
        writing: Offset::from_wire(i64::from_be_bytes(*rest.first_chunk()?))?,
    };
    Some((u64::from_be_bytes(*sequence), mark))
}

#[cfg(test)]
mod tests {
    use io::SimDisk;

    use super::*;

    fn mark(synced: i64) -> Synced {
        let synced = Offset::from_wire(synced).unwrap();
        Synced { epoch: LeaderEpoch::from_wire(3).unwrap(), synced, writing: synced }
    }

    fn disk() -> SimDisk {
        let disk = SimDisk::new(5);
        disk.create_dir_all(Path::new("/d")).unwrap();
        disk.sync_dir(Path::new("/")).unwrap();
        disk
    }

    #[test]
    fn the_newest_mark_is_read_and_its_loss_gives_the_one_before() {
        let (disk, dir) = (disk(), Path::new("/d"));
        assert_eq!(read(&disk, dir).unwrap(), None);
        let mut file = MarkFile::create(&disk, dir, mark(1)).unwrap();
        assert_eq!(read(&disk, dir).unwrap(), Some(mark(1)));
        for synced in 2..5 {
            file.note(mark(synced)).unwrap();
            assert_eq!(read(&disk, dir).unwrap(), Some(mark(synced)));
        }
        // The fourth mark, number 3, lies in the second slot.
        assert!(disk.flip_bit(&path_of(dir), MARK_SLOT_SIZE as u64 + 30, 1));
        assert_eq!(read(&disk, dir).unwrap(), Some(mark(3)));
        assert!(disk.flip_bit(&path_of(dir), 30, 1));
        assert_eq!(read(&disk, dir).unwrap(), None);
    }

    #[test]
    fn a_synced_mark_survives_a_power_cut_during_later_ones() {
        for seed in 0..50 {
            let (disk, dir) = (SimDisk::new(seed), Path::new("/"));
            let mut file = MarkFile::create(&disk, dir, mark(1)).unwrap();
            file.note(mark(2)).unwrap();
            file.sync().unwrap();
            file.note(mark(3)).unwrap();
            file.note(mark(4)).unwrap();
            disk.power_on();
            let left = read(&disk, dir).unwrap().unwrap();
            assert!(left.synced >= mark(2).synced, "seed {seed}: {left:?}");
        }
    }
}
